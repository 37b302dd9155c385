"""What a person has already that a shipped file would get in the way of, and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.chezmoi.naming import REMOVE
from chezmoi_llm.scaffold import advice
from chezmoi_llm.scaffold.changes import Skip
from chezmoi_llm.scaffold.claims import Claims
from chezmoi_llm.scaffold.services import needed_by
from chezmoi_llm.scaffold.tree import SCHEMA, Tree, is_ours, is_unit, owner, place, target_of

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

_STARTED: Final = (".container.tmpl", ".service.tmpl")
_RELOAD: Final = "-reload-"

MODEL_CONTAINER: Final = "ramalama-"
"""How the names of the containers begin in which RamaLama runs models."""

_NEEDS_OTHERS: Final = "/llama-swap.container.tmpl"
_NEEDED_THERE: Final = ("/llama-swap.build.tmpl", "/llama-swap.volume.tmpl", "/Containerfile.tmpl")

_KEY: Final = r"^[ \t]*{}[ \t]*=[ \t]*(\S+)"
_INCLUDED: Final = re.compile(rb'includeTemplate "([^"]+)"')
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
    name = path.rpartition("/")[2].removesuffix(naming.TEMPLATE_SUFFIX)
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
    claims: Claims

    @classmethod
    def of(cls, tree: Tree, shipped: Mapping[str, bytes], taken: Names) -> Clashes:
        """Return the comparison for a tree."""
        return cls(
            tree=tree,
            shipped=shipped,
            names=taken,
            theirs=tuple(_foreign_units(tree)),
            claims=Claims.of(tree),
        )

    def with_shipped(self, path: str) -> Skip | None:
        """Return why a shipped file must be left out, or None where nothing is in its way."""
        for clash in (
            self._with_source,
            self._with_folder,
            self._with_claim,
            self._with_unit,
            self._with_home,
        ):
            if found := clash(path):
                reason, instead = found
                return Skip(path=place(path, self.tree), reason=reason, instead=instead)
        return None

    def with_unit(self, path: str) -> Skip | None:
        """Return what takes the name of a shipped unit, be that unit there already or not."""
        found = self._with_unit(path)
        return Skip(path=place(path, self.tree), reason=found[0], instead=found[1]) if found else None

    @property
    def model_containers(self) -> tuple[Unit, ...]:
        """The units of the person's whose container is named as those of models are."""
        return tuple(unit for unit in self.theirs if unit.container.startswith(MODEL_CONTAINER))

    def left_without(self, wanted: Iterable[str], skipped: Mapping[str, Skip]) -> dict[str, Skip]:
        """Return what is of no use without that which is left out.

        It is a unit that names another unit of ours, for which the person has no namesake, what only
        that one needs, the script of a service whose unit is not ours: it would start and stop theirs,
        and what would include a text of theirs.
        """
        return {
            **self._including(wanted, skipped),
            **self._scripts_without(wanted, skipped),
            **self._units_without(wanted, skipped),
        }

    def _including(self, wanted: Iterable[str], skipped: Mapping[str, Skip]) -> dict[str, Skip]:
        found = {}
        for path in wanted:
            names = map(bytes.decode, _INCLUDED.findall(self.shipped[path]))
            without = {f"{naming.TEMPLATES_FOLDER}/{name}" for name in names} & skipped.keys()
            if without and path not in skipped:
                reason = f"it includes {min(without)}, which is left out"
                found[path] = Skip(path=path, reason=reason, instead="mend that first")
        return found

    def _scripts_without(self, wanted: Iterable[str], skipped: Mapping[str, Skip]) -> dict[str, Skip]:
        services = {needed_by(path): path for path in skipped if path.endswith(_STARTED)}
        found = {}
        for path in wanted:
            if _RELOAD in path and path not in skipped and (without := services.get(needed_by(path))):
                service = unit(without, b"").service
                reason = f"it would start and stop {service}, whose unit is left out"
                instead = f"after a change: systemctl --user restart {service}"
                found[path] = Skip(path=path, reason=reason, instead=instead)
        return found

    def _units_without(self, wanted: Iterable[str], skipped: Mapping[str, Skip]) -> dict[str, Skip]:
        namesakes = {unit.name for unit in self.theirs}
        missing = {_name(path) for path in skipped if is_unit(path)} - namesakes
        found = {path: skip for path in wanted if (skip := self._of_no_use(path, skipped))}
        for path in wanted:
            needs = {name.decode() for name in _REFERENCE.findall(self.shipped[path])} & missing
            if is_unit(path) and needs and path not in skipped:
                reason = f"it needs {min(needs)}, which is left out"
                found[path] = Skip(path=place(path, self.tree), reason=reason, instead="mend that first")
        return found

    def _of_no_use(self, path: str, skipped: Mapping[str, Skip]) -> Skip | None:
        """Return why what only one container needs is left out with it."""
        without = next((one for one in skipped if one.endswith(_NEEDS_OTHERS)), "")
        if not without or path in skipped or not path.endswith(_NEEDED_THERE):
            return None
        reason = f"only {_name(without)} needs it, which is left out"
        return Skip(path=place(path, self.tree), reason=reason, instead="nothing")

    def _with_source(self, path: str) -> tuple[str, str] | None:
        there, target = owner(path, self.tree), target_of(path)
        text = self.tree.texts.get(there, b"")
        if not there or path == SCHEMA or is_ours(text):
            return None
        if not target:
            return f"{there} is another file of yours", advice.MOVE_AWAY
        return f"{there} makes ~/{target} already", advice.for_file(there, target, text)

    def _with_claim(self, path: str) -> tuple[str, str] | None:
        """Find a line of the person's own that brings our target from elsewhere, or removes it."""
        target = target_of(path)
        external, file = self.claims.brings(target)
        if external:
            return f"{file} brings ~/{external}", f"let it bring folders further down alone, {advice.AGAIN}"
        if removed := self.claims.removes(target):
            return f"{REMOVE} takes ~/{removed} away", f"delete that line, {advice.AGAIN}"
        return None

    def _with_folder(self, path: str) -> tuple[str, str] | None:
        """Find a file, such as a symbolic link, in the place of a folder that we need."""
        parts = target_of(path).split("/")
        for end in range(1, len(parts)):
            folder = "/".join(parts[:end])
            if there := self.tree.sources.get(folder):
                return f"{there} makes ~/{folder}, and is no folder", f"make it one, {advice.AGAIN}"
        return None

    def _with_unit(self, path: str) -> tuple[str, str] | None:
        if not is_unit(path):
            return None
        ours = unit(path, b"")
        service = needed_by(path)[0]
        container = self.names.containers.get(service) or ours.name.removesuffix(".container")
        for other in self.theirs:
            if other.service == ours.service:
                reason = f"{other.path} becomes {ours.service} already"
                if other.network:
                    return reason, advice.for_network(other.network, self.names.network)
                return reason, advice.for_unit(service, ours.name.rpartition(".")[2])
            if ours.container and other.container == container:
                key = f"{{services: {{{service}: {{container_name: NAME}}}}}}"
                return f"{other.path} has the container name {container} already", advice.for_name(key)
            if ours.network and other.network == self.names.network:
                reason = f"{other.path} makes the network {other.network} already"
                return reason, advice.for_name("{network: {name: NAME}}")
        return None

    def _with_home(self, path: str) -> tuple[str, str] | None:
        """Find a file in the home that chezmoi does not manage: it would be overwritten unasked."""
        target = target_of(path)
        text = self.tree.home.get(target)
        if text is None or is_ours(text) or owner(path, self.tree):
            return None
        return f"~/{target} is there, and not from chezmoi", f"move it away, {advice.AGAIN}"


def _foreign_units(tree: Tree) -> Iterable[Unit]:
    for path, text in tree.texts.items():
        if is_unit(path) and not is_ours(text):
            yield unit(path, text)
    for path, text in tree.home.items():
        if is_unit(path) and not is_ours(text) and path not in tree.sources:
            yield unit(f"~/{path}", text)


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(naming.TEMPLATE_SUFFIX)
