"""What can go wrong in the engine; every message is a sentence for the person at the terminal."""

from __future__ import annotations

PACKAGE = "gotpl"
"""What the engine is made of: an optional package."""


class EngineError(Exception):
    """The source state cannot be rendered."""


class EngineMissingError(EngineError):
    """Templates cannot be rendered: the optional package is not installed."""

    def __init__(self) -> None:
        super().__init__(f"rendering templates needs the package {PACKAGE}")


class PatternProblemError(EngineError):
    """A pattern that cannot be read."""


class RenderError(EngineError):
    """A template could not be rendered; says which one, and where in it (from 1, 0 = unknown)."""

    def __init__(self, message: str, *, template: str, line: int = 0, col: int = 0) -> None:
        place = f"{template}:{line}:{col}" if line else template
        super().__init__(f"{place}: {message}")
        self.message = message
        self.template = template
        self.line = line
        self.col = col


class EmptyResult(Exception):  # noqa: N818  as in chezmoi, it ends a template and is no error
    """What ``abortEmpty`` raises: the template renders to nothing."""
