"""One line of what ``doctor`` says: how a thing is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """How a thing is; only an error makes the command fail."""

    OK = "ok"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a check has found; ``todo`` is a command, a page or one step, empty where all is well."""

    result: Result
    check: str
    message: str
    todo: str = ""


def ok(check: str, message: str) -> Row:
    """Return the row of a thing that is as it should be."""
    return Row(result=Result.OK, check=check, message=message)


def info(check: str, message: str, todo: str) -> Row:
    """Return the row of a thing that may be meant so."""
    return Row(result=Result.INFO, check=check, message=message, todo=todo)


def warning(check: str, message: str, todo: str) -> Row:
    """Return the row of a thing that works, but not as it should, or not for long."""
    return Row(result=Result.WARNING, check=check, message=message, todo=todo)


def error(check: str, message: str, todo: str) -> Row:
    """Return the row of a thing that keeps the stack from working."""
    return Row(result=Result.ERROR, check=check, message=message, todo=todo)
