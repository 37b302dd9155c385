"""The person's file: shown, locked, written whole, with everything it had."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys
import time

import click
import pytest

from chezmoi_llm.world import files, one_file
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.one_file import Consent

OLD, NEW = b"a: 1\r\nb: 2", b"a: 1\r\nb: 3"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def file(folder):
    path = folder / ".chezmoi.yaml.tmpl"
    path.write_bytes(OLD)
    return path


def edit(path, propose=lambda _: NEW, **said):
    return one_file.edit(str(path), propose, Consent(**said))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_change_is_shown_and_made(file, capsys):
    assert edit(file)
    assert file.read_bytes() == NEW
    assert capsys.readouterr() == (
        (
            f"--- {file}\n+++ {file}\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n\\ No newline at end of file\n"
            "+b: 3\n\\ No newline at end of file\n"
        ),
        "",
    )


def test_a_dry_run_shows_the_change_alone(file, capsys):
    file.chmod(0o444)
    assert not edit(file, dry_run=True)
    assert file.read_bytes() == OLD
    out, err = capsys.readouterr()
    assert ("+b: 3" in out, err) == (True, "nothing was changed\n")


def test_nothing_to_change(file, capsys):
    before = file.stat()
    assert not edit(file, lambda old: old)
    assert file.stat() == before
    assert capsys.readouterr() == ("", "")


def test_what_the_proposal_raises_leaves_the_file(file):
    def refuse(_):
        raise click.ClickException("no")

    with pytest.raises(click.ClickException):
        edit(file, refuse)
    assert (file.read_bytes(), names(file.parent)) == (OLD, [file.name])


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o4711, 0o666, 0o200], ids=oct)
def test_mode_bits_stay(file, mode):
    file.chmod(mode)
    edit(file)
    assert file.stat().st_mode & 0o7777 == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(file):
    os.chown(file, 1234, 5678)
    edit(file)
    assert (file.stat().st_uid, file.stat().st_gid, file.read_bytes()) == (1234, 5678, NEW)


@pytest.mark.parametrize("where", ["source/real.yaml", "elsewhere.yaml"])
def test_a_link_is_followed_and_stays(file, tmp_path, where):
    real = tmp_path / where
    file.rename(real)
    file.symlink_to(real)
    edit(file)
    assert (file.is_symlink(), real.read_bytes()) == (True, NEW)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_link_to_somebody_elses_file_is_refused(file, tmp_path):
    real = tmp_path / "elsewhere.yaml"
    file.rename(real)
    file.symlink_to(real)
    os.chown(real, 1234, 1234)
    with pytest.raises(CouldNotRunError, match="is a link to a file of somebody else, "):
        edit(file)
    assert real.read_bytes() == OLD


def test_hard_links_stay_linked(file):
    other = file.with_name("other")
    other.hardlink_to(file)
    edit(file)
    assert (other.read_bytes(), other.stat().st_ino) == (NEW, file.stat().st_ino)
    assert names(file.parent) == sorted([file.name, "other"])


def test_a_hard_linked_file_becomes_shorter(file):
    file.with_name("other").hardlink_to(file)
    edit(file, lambda _: b"x")
    assert file.read_bytes() == b"x"


def test_what_a_run_that_was_cut_off_has_saved_is_not_lost(file):
    file.with_name("other").hardlink_to(file)
    saved = file.with_name(f".{file.name}.before")
    saved.write_bytes(b"whole")
    with pytest.raises(CouldNotRunError, match="is the file before a run that was cut off"):
        edit(file)
    assert (file.read_bytes(), saved.read_bytes()) == (OLD, b"whole")
    saved.write_bytes(OLD)
    assert edit(file)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda path: path.chmod(0o444), "is read-only; nothing was changed", id="read-only"),
        pytest.param(lambda path: (path.unlink(), path.mkdir()), "is no regular file", id="a folder"),
        pytest.param(lambda path: (path.unlink(), os.mkfifo(path)), "is no regular file", id="a fifo"),
        pytest.param(lambda path: path.unlink(), "No such file or directory", id="missing"),
        pytest.param(
            lambda path: (path.unlink(), path.symlink_to(path)), "Too many levels of symbolic", id="a loop"
        ),
    ],
)
def test_what_cannot_be_edited_is_named(file, make, said):
    make(file)
    with pytest.raises(CouldNotRunError, match=said) as caught:
        edit(file)
    assert str(caught.value).startswith(str(file))


def test_a_change_by_another_program_in_between_is_kept(file):
    def propose(_):
        file.write_bytes(b"an editor was quicker")
        return NEW

    with pytest.raises(CouldNotRunError, match="has changed in the meantime; nothing was changed"):
        edit(file, propose)
    assert file.read_bytes() == b"an editor was quicker"


@pytest.mark.parametrize("is_linked", [False, True], ids=["replaced", "written in place"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(file, is_linked):
    expected = [file.name]
    if is_linked:
        file.with_name("other").hardlink_to(file)
        expected.append("other")
    program = (
        "import resource, sys; from chezmoi_llm.world import one_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: one_file.edit(sys.argv[1], lambda old: b'x' * 100000, one_file.Consent(yes=True))\n"
        "except one_file.CouldNotRunError as error: print(error, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=True)
    assert done.stderr == f"{file}: File too large; nothing was changed\n"
    assert (file.read_bytes(), names(file.parent)) == (OLD, sorted(expected))


def test_a_folder_that_takes_no_file_leaves_the_old_one(file, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.os, "open", refuse)
    with pytest.raises(CouldNotRunError, match="Permission denied; nothing was changed"):
        edit(file)
    assert file.read_bytes() == OLD


HOLD = (
    "import sys, time; from chezmoi_llm.world import one_file\n"
    "def wait(old): print(flush=True); time.sleep(float(sys.argv[2])); return old + b'!'\n"
    "one_file.edit(sys.argv[1], wait, one_file.Consent(yes=True))\n"
)


def holding(path, seconds):
    held = subprocess.Popen([sys.executable, "-c", HOLD, path, str(seconds)], stdout=subprocess.PIPE)
    held.stdout.readline()
    return held


@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["link", "hard link"])
def test_a_run_waits_for_another_on_the_same_file(file, link):
    other = file.with_name("other")
    link(file, other)
    with holding(other, 0.4) as first:
        edit(file, lambda old: old + b"?")
        first.wait()
    assert file.read_bytes() == OLD + b"!?"


def test_a_run_that_waits_too_long_is_busy(file, monkeypatch):
    monkeypatch.setattr(one_file, "PATIENCE_SECONDS", 0.1)
    with holding(file, 60) as first:
        with pytest.raises(one_file.BusyError, match="is being edited by another chezmoi-llm") as caught:
            edit(file)
        first.kill()
    assert caught.value.exit_code == 4
    assert file.read_bytes() == OLD
    assert edit(file), "a killed run leaves no lock"


@pytest.mark.parametrize("is_linked", [False, True], ids=["replaced", "written in place"])
def test_a_killed_run_leaves_the_old_file_or_the_new_one(file, is_linked):
    whole = [letter * 300_000 for letter in (b"a", b"b")]
    file.write_bytes(whole[0])
    if is_linked:
        file.with_name("other").hardlink_to(file)
    program = (
        "import sys; from chezmoi_llm.world import one_file\n"
        "one_file.show = lambda *_: None\n"
        "swap = lambda old: b'a' * 300_000 if old[:1] == b'b' else b'b' * 300_000\n"
        "print(flush=True)\n"
        "while True: one_file.edit(sys.argv[1], swap, one_file.Consent(yes=True))\n"
    )
    for round_ in range(6):
        with subprocess.Popen([sys.executable, "-c", program, file], stdout=subprocess.PIPE) as writer:
            writer.stdout.readline()
            time.sleep(0.001 + 0.0051 * round_)
            writer.send_signal(signal.SIGKILL)
        saved = file.with_name(f".{file.name}.before")
        assert file.read_bytes() in whole or saved.read_bytes() in whole


def _written_to(screen):
    """Yield what stands on a terminal; one read may return less, and the last one fails."""
    with contextlib.suppress(OSError):
        while piece := os.read(screen, 4096):
            yield piece


@pytest.mark.parametrize(
    ("answer", "code", "after"),
    [pytest.param(b"y\n", 0, NEW, id="yes"), pytest.param(b"n\n", 130, OLD, id="no")],
)
def test_a_person_is_asked(file, answer, code, after):
    program = (
        "import click, sys; from chezmoi_llm.world import one_file\n"
        "try: one_file.edit(sys.argv[1], lambda old: old[:-1] + b'3', one_file.Consent())\n"
        "except click.Abort: sys.exit(130)\n"
    )
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", program, file], stdin=terminal, stdout=subprocess.PIPE, stderr=terminal
    ) as asked:
        os.write(screen, answer)
        assert asked.wait() == code
    os.close(terminal)
    seen = b"".join(_written_to(screen)).decode()
    os.close(screen)
    assert f"Change {file}? [Y/n]:" in seen
    assert ("nothing was changed" in seen) == (code == 130)
    assert file.read_bytes() == after
