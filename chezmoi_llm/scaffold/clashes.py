"""What a person has already that a shipped file would get in the way of, and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chezmoi_llm.engine import names
from chezmoi_llm.scaffold.changes import Skip
from chezmoi_llm.scaffold.groups import needed_by
from chezmoi_llm.scaffold.tree import SCHEMA, Tree, is_ours, is_unit, owner, place, target_of

_AGAIN: Final = "then run chezmoi-llm init again"

_LINES: Final[Mapping[str, str]] = {
    ".config/llama-swap/config.yaml": "models: {{ .llm.llama_swap.config.models | toJson }}",
    ".config/litellm/config.yaml": "model_list: {{ .llm.litellm.config.model_list | toJson }}",
    ".config/caddy/Caddyfile": "import conf.d/*.caddy",
}
"""The line that does in a person's own file what ours would do."""

_SERVICE_NAMES: Final[Mapping[str, str]] = {
    "container": "{}.service",
    "kube": "{}.service",
    "service": "{}.service",
    "network": "{}-network.service",
    "volume": "{}-volume.service",
    "build": "{}-build.service",
    "image": "{}-image.service",
    "pod": "{}-pod.service",
}
"""What quadlet calls the service that it makes of a unit; man podman-systemd.unit."""

_KEY: Final = r"^[ \t]*{}[ \t]*=[ \t]*(\S+)"
_REFERENCE: Final = re.compile(rb"[=} ]([\w.-]+\.(?:network|volume|build))\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit: its file as a person names it, the service it becomes, and what it calls things.

    ``container`` and ``network`` are empty where it makes none, or where only rendering can tell.
    """

    path: str
    name: str
    service: str
    container: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that our units take, where a person has written others than the usual ones."""

    network: str = "llm"
    containers: Mapping[str, str]


def unit(path: str, text: bytes) -> Unit:
    """Return what a unit's file name and text say."""
    name = path.rpartition("/")[2].removesuffix(names.TEMPLATE_SUFFIX)
    stem, _, ending = name.rpartition(".")
    usual = f"systemd-{stem}"
    return Unit(
        path=path,
        name=name,
        service=_SERVICE_NAMES[ending].format(stem),
        container=_value("ContainerName", text, usual) if ending == "container" else "",
        network=_value("NetworkName", text, usual) if ending == "network" else "",
    )


def _value(key: str, text: bytes, usual: str) -> str:
    found = re.search(_KEY.format(key), text.decode(errors="replace"), re.MULTILINE)
    value = found[1] if found else usual
    return "" if "{{" in value else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Clashes:
    """Compares shipped files with a tree; ``theirs`` are the units that are not ours."""

    tree: Tree
    shipped: Mapping[str, bytes]
    names: Names
    theirs: tuple[Unit, ...]

    @classmethod
    def of(cls, tree: Tree, shipped: Mapping[str, bytes], taken: Names) -> Clashes:
        """Return the comparison for a tree."""
        return cls(tree=tree, shipped=shipped, names=taken, theirs=tuple(_foreign_units(tree)))

    def with_shipped(self, path: str) -> Skip | None:
        """Return why a shipped file must be left out, or None where nothing is in its way."""
        for clash in (self._with_source, self._with_folder, self._with_unit, self._with_home):
            if found := clash(path):
                reason, instead = found
                return Skip(path=place(path, self.tree), reason=reason, instead=instead)
        return None

    def left_without(self, wanted: Iterable[str], skipped: Mapping[str, Skip]) -> dict[str, Skip]:
        """Return the units that name another unit of ours which is left out and has no namesake."""
        namesakes = {unit.name for unit in self.theirs}
        missing = {_name(path) for path in skipped if is_unit(path)} - namesakes
        found = {}
        for path in wanted:
            needs = {name.decode() for name in _REFERENCE.findall(self.shipped[path])} & missing
            if is_unit(path) and needs and path not in skipped:
                reason = f"it needs {min(needs)}, which is left out"
                found[path] = Skip(path=place(path, self.tree), reason=reason, instead="mend that first")
        return found

    def _with_source(self, path: str) -> tuple[str, str] | None:
        there, target = owner(path, self.tree), target_of(path)
        if not there or path == SCHEMA or is_ours(self.tree.texts.get(there, b"")):
            return None
        reason = f"{there} makes ~/{target} already" if target else f"{there} is another file of yours"
        line = _LINES.get(target)
        if line:
            return reason, f"write into yours: {line}"
        return reason, f"keep yours; to use ours, move yours away, {_AGAIN}"

    def _with_folder(self, path: str) -> tuple[str, str] | None:
        """Find a file, such as a symbolic link, in the place of a folder that we need."""
        parts = target_of(path).split("/")
        for end in range(1, len(parts)):
            folder = "/".join(parts[:end])
            if there := self.tree.sources.get(folder):
                return f"{there} makes ~/{folder}, which is no folder then", f"make it a folder, {_AGAIN}"
        return None

    def _with_unit(self, path: str) -> tuple[str, str] | None:
        if not is_unit(path):
            return None
        ours = unit(path, b"")
        service = needed_by(path)[0]
        container = self.names.containers.get(service) or ours.name.removesuffix(".container")
        for unit_ in self.theirs:
            if unit_.service == ours.service:
                return f"{unit_.path} becomes {ours.service} already", _with_namesake(unit_)
            if ours.container and unit_.container == container:
                key = f"{{services: {{{service}: {{container_name: NAME}}}}}}"
                return f"{unit_.path} has the container name {container} already", _other_name(key)
            if ours.network and unit_.network == self.names.network:
                reason = f"{unit_.path} makes the network {unit_.network} already"
                return reason, _other_name("{network: {name: NAME}}")
        return None

    def _with_home(self, path: str) -> tuple[str, str] | None:
        """Find a file in the home that chezmoi does not manage: it would be overwritten unasked."""
        target = target_of(path)
        text = self.tree.home.get(target)
        if text is None or is_ours(text) or owner(path, self.tree):
            return None
        return f"~/{target} is there, and not from chezmoi", f"move it away, {_AGAIN}"


def _foreign_units(tree: Tree) -> Iterable[Unit]:
    for path, text in tree.texts.items():
        if is_unit(path) and not is_ours(text):
            yield unit(path, text)
    for path, text in tree.home.items():
        if is_unit(path) and not is_ours(text) and path not in tree.sources:
            yield unit(f"~/{path}", text)


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(names.TEMPLATE_SUFFIX)


def _with_namesake(theirs: Unit) -> str:
    if theirs.network:
        key = f"{{network: {{name: {theirs.network}}}}}"
        return f"let the models join yours, in your config template: llm_stack: {key}"
    return f"keep yours; to use ours, rename or delete yours, {_AGAIN}"


def _other_name(key: str) -> str:
    return f"give ours another name, in your config template: llm_stack: {key}, {_AGAIN}"
