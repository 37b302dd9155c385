"""What every test gets: a home of its own, and real programs only where they are installed."""

from __future__ import annotations

import itertools
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import hypothesis
import pytest
from realprograms import gguf, programs

Require: TypeAlias = Callable[[str], str]

REQUIRED = frozenset(filter(None, os.environ.get("CHEZMOI_LLM_REQUIRE", "").split(",")))
"""Programs that may not be missing: a test that needs one of them fails instead of being skipped."""

FOREIGN = re.compile(
    r"(?i)(CHEZMOI|RAMALAMA|LLAMA|PODMAN|CONTAINER|DOCKER|GIT|XDG)_?.*|.*_PROXY|NO_COLOR|CLICOLOR.*"
)
"""Variables of the person who runs the tests that would change what the programs do."""

EXPLORE = hypothesis.settings(deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
"""New examples in each run: ``make fuzz``. A slow machine, or a real program that starts, is no fault."""

hypothesis.settings.register_profile("explore", EXPLORE)
hypothesis.settings.register_profile("same", EXPLORE, derandomize=True)
# A run of the tests judges the change, and never the dice: the examples are the same each time.
hypothesis.settings.load_profile("same")

CANARIES = (
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "LITELLM_MASTER_KEY",
    "LLAMA_SWAP_API_KEY",
    "WEBUI_SECRET_KEY",
)


def _require(name: str) -> str:
    found = programs.find(name)
    if found is not None:
        return found
    if name in REQUIRED:
        pytest.fail(f"{programs.missing(name)}, and CHEZMOI_LLM_REQUIRE names it", pytrace=False)
    pytest.skip(programs.missing(name))


@pytest.fixture(scope="session")
def require() -> Require:
    """Return a function from a program's name to its path; it skips the test where that is missing."""
    return _require


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Take one worker more than there are processors: some tests wait for a server."""
    return (os.cpu_count() or 1) + 1


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for the programs that the marker names: ``@pytest.mark.real("chezmoi", "quadlet")``."""
    for marker in item.iter_markers("real"):
        for name in marker.args:
            _require(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was not verified: one line for each missing program."""
    skipped = (report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()))
    counts = Counter(reason.removeprefix("Skipped: ") for reason in skipped)
    for sentence in map(programs.missing, programs.ALL):
        if count := counts[sentence]:
            tests = "test" if count == 1 else "tests"
            terminalreporter.write_line(f"{count} {tests} skipped: {sentence}", yellow=True)


def _isolate(patch: pytest.MonkeyPatch, home: Path) -> None:
    for name in [name for name in os.environ if FOREIGN.fullmatch(name)]:
        patch.delenv(name)
    for name, value in ({"HOME": str(home)} | programs.private_folders(home)).items():
        patch.setenv(name, value)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Path]]:
    """Return a function that makes an empty home; one of them is the home of wider fixtures."""
    folder = tmp_path_factory.mktemp("homes")
    numbers = itertools.count()

    def make() -> Path:
        home = folder / str(next(numbers))
        (home / ".run").mkdir(parents=True, mode=0o700)
        return home

    with pytest.MonkeyPatch.context() as patch:
        _isolate(patch, make())
        yield make


@pytest.fixture(autouse=True)
def home(homes: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test an empty home: HOME, XDG folders and git's configuration are the test's own."""
    path = homes()
    _isolate(monkeypatch, path)
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class TinyModels:
    """Model files that a real llama.cpp loads."""

    chat: Path
    embedding: Path
    dimensions: int = 64


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> TinyModels:
    """Write the model files once; they are only read."""
    folder = tmp_path_factory.mktemp("models")
    return TinyModels(
        chat=gguf.chat_model(folder / "tiny-chat.gguf"),
        embedding=gguf.embedding_model(folder / "tiny-embedding.gguf"),
    )


@pytest.fixture
def canaries(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Put a recognisable value into each variable that holds a secret; none may come out anywhere."""
    values = {name: f"canary-{name.lower()}-5f3759df" for name in CANARIES}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values
