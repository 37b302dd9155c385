"""The entry of the desktop's menu is valid, and opens the page in the browser that is there."""

from __future__ import annotations

import configparser
import shlex

import pytest
from realprograms import programs, shipped, standins
from realprograms.chezmoi import Home

pytestmark = pytest.mark.real("chezmoi")

ENTRY = ".local/share/applications/llama-swap.desktop"
HERE = "http://127.0.0.1:9292/ui/"


def house(*, tailscale: bool = False, **desktop: object) -> dict:
    own = {"tailscale": {"hostname": "box", "tailnet": "tail1234"}} if tailscale else {}
    return {**own, "llm_stack": {"services": {"desktop": desktop}}}


def made(home: Home, data: dict, *browsers: str) -> dict[str, str]:
    """Return the entry on a machine with those browsers on PATH."""
    for browser in browsers:
        standins.record(home.bin, home.path / "calls", browser)
    shipped.deploy(home, data)
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read_string(home.read(ENTRY))
    return dict(entry["Desktop Entry"])


@pytest.mark.real("desktop-file-validate")
@pytest.mark.parametrize("tailscale", [True, False], ids=["https", "here"])
@pytest.mark.parametrize(
    "browsers", [(), ("firefox",), ("chromium",)], ids=["none", "other", "with app mode"]
)
def test_the_entry_is_valid(tmp_path, tailscale, browsers):
    home = Home.make(tmp_path)
    made(home, house(tailscale=tailscale), *browsers)
    done = programs.run([programs.located("desktop-file-validate"), home.path / ENTRY], env=home.env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


BROWSERS = [
    pytest.param((), "", ["xdg-open", HERE], id="none"),
    pytest.param(("firefox",), "", ["xdg-open", HERE], id="none with an app mode"),
    pytest.param(("chromium",), "", ["chromium", f"--app={HERE}"], id="one with an app mode"),
    pytest.param(
        ("chromium", "google-chrome-stable"),
        "",
        ["google-chrome-stable", f"--app={HERE}"],
        id="the first of two",
    ),
    pytest.param((), "firefox", ["firefox", HERE], id="a chosen one without"),
    pytest.param(("chromium",), "/opt/vivaldi", ["/opt/vivaldi", f"--app={HERE}"], id="a chosen one with"),
]


@pytest.mark.parametrize(("browsers", "chosen", "argv"), BROWSERS)
def test_the_page_opens_in_the_browser_that_is_there(tmp_path, browsers, chosen, argv):
    entry = made(Home.make(tmp_path), house(browser=chosen), *browsers)
    assert shlex.split(entry["Exec"]) == argv


def test_the_page_is_that_of_the_outside(tmp_path):
    entry = made(Home.make(tmp_path), house(tailscale=True))
    assert shlex.split(entry["Exec"]) == ["xdg-open", "https://box.tail1234.ts.net:9443/ui/"]


@pytest.mark.parametrize("service", ["desktop", "llama_swap"])
def test_the_entry_goes_with_the_page(tmp_path, service):
    home = Home.make(tmp_path)
    made(home, house())
    shipped.deploy(home, {"llm_stack": {"services": {service: {"enabled": False}}}})
    assert not (home.path / ENTRY).exists()
