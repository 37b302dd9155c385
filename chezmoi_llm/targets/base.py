"""What a target system is: a program that reads files of ours, and which files those are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chezmoi_llm.choices import Choices
from chezmoi_llm.records import EMPTY, record
from chezmoi_llm.resolve import House
from chezmoi_llm.spec import Spec


@record
class File:
    """A shipped file: its path below the home folder, and whether it exists in a stack."""

    path: str
    is_there: Callable[[House], bool]


@record
class Sources:
    """A folder of files that no template can make, since there is one for each model.

    ``folder`` is its path below the home; ``texts`` returns the files in it by name. They are
    written into the source folder as they are, where chezmoi deploys them without reading them.
    """

    folder: str
    texts: Callable[[House], Mapping[str, str]]


SECRETS = "secrets"
"""Instead of a variable: a Podman secret that fills it."""


@record
class Variable:
    """A variable that a program gets from us.

    ``value`` is what the data say, empty where the variable is left out or comes in another way.
    ``instead`` says what a person sets in its place: a setting, empty for nothing; None where they
    may set the variable itself. ``when`` says in which stacks that holds.
    """

    value: Callable[[House], str] = lambda _: ""
    instead: str | None = None
    when: Callable[[Spec, Choices], bool] = lambda *_: True


@record
class Target:
    """A target system.

    ``emit`` returns what the system is told, in its own words: the value of ``.llm.<key>``.
    ``files`` are its files by the names that guard them in ``.llm.files``, ``sources`` those that
    come without a template. ``variables`` are those of its process that follow from the list.
    """

    key: str
    emit: Callable[[House], Mapping[str, Any]]
    files: Mapping[str, File] = EMPTY
    sources: Sources | None = None
    variables: Mapping[str, Variable] = EMPTY


QUADLETS = ".config/containers/systemd/llm"
"""Folder of all Podman units of the stack."""


def on(key: str) -> Callable[[House], bool]:
    """Return the question whether a program is part of the stack."""
    return lambda house: house.is_on(key)
