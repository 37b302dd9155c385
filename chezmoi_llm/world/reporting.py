"""Reports of what is wrong: on standard error beside a command's own output, or as that output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from chezmoi_llm.diagnostics import Diagnostic, Exit, Severity
from chezmoi_llm.world.streams import is_coloured

if TYPE_CHECKING:
    from chezmoi_llm.report.texts import Texts


def decoded(texts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the texts of files as a report shows them, whatever bytes they hold."""
    return {file: data.decode(errors="replace") for file, data in texts.items()}


def to_stderr(found: Sequence[Diagnostic], texts: Texts) -> None:
    """Write diagnostics for people, with the lines that they are about."""
    from chezmoi_llm import report  # noqa: PLC0415  the hook comes here only where something is wrong

    sys.stderr.write(report.full(found, texts, colour=is_coloured(sys.stderr)))


def to_stdout(found: Sequence[Diagnostic], texts: Texts, form: str, summary: Callable[[], str]) -> None:
    """Write diagnostics in a format of ``report.FORMATS``; ``summary`` is the last line for people."""
    from chezmoi_llm import report  # noqa: PLC0415  see above

    text = report.FORMATS[form](found, texts, colour=is_coloured(sys.stdout))
    last = f"{summary()}\n" if form == "full" else ""
    sys.stdout.write(f"{text}\n{last}" if text and last else text + last)
    sys.stdout.flush()  # whatever is said on standard error next comes after it


def exit_code(found: Sequence[Diagnostic], *, strict: bool) -> Exit:
    """Return the exit code of a check; warnings fail only in a ``strict`` one."""
    worst = Severity.WARNING if strict else Severity.ERROR
    return Exit.PROBLEMS if any(one.severity <= worst for one in found) else Exit.FINE
