"""What is left for a person to write into a config template, or config file, that they have already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.scaffold import report, slot, tailnet
from chezmoi_llm.scaffold.block import WARNING, block, missing, switched_off
from chezmoi_llm.scaffold.config import SERVICES, SLOT, STACK, Config, declares_hook
from chezmoi_llm.scaffold.paste import Paste, pastes
from chezmoi_llm.scaffold.plan import Wish
from chezmoi_llm.scaffold.removal import lines_to_delete
from chezmoi_llm.scaffold.starter import Mode
from chezmoi_llm.scaffold.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """A person's config, the source folder around it, and what they ask of ``init``."""

    config: Config
    tree: Tree
    wish: Wish

    @property
    def has_hook(self) -> bool:
        """Whether our hook runs, or is not wanted."""
        return self.wish.mode is not Mode.HOOK or declares_hook(self.config, self.tree)

    @property
    def is_set_up(self) -> bool:
        """Whether what nothing works without is there, our hook and a list: the rest has been decided."""
        lists = (("data", key) for key in ("local_models", "cloud_models", "models"))
        has_list = any(self.config.at(path) is not None for path in lists)
        return self.has_hook and (has_list or self.config.at(("data",)) is UNKNOWN)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to write."""
        return self.is_set_up and not self.to_add() and not any(self.to_change())

    @property
    def is_accelerator_new(self) -> bool:
        """Whether the line of the accelerator is to be written now."""
        is_wanted = "accelerator" in self._wanted()["data"].get("llm_stack", {})
        return is_wanted and not self.config.at((*STACK, "accelerator"))

    def to_add(self) -> tuple[Paste, ...]:
        """Return the lines that the config lacks."""
        return pastes(tuple(missing(self._wanted(), self.config)), self.config)

    def _wanted(self) -> dict[str, Any]:
        """Return what the config has to say, be it there or not."""
        wish = self.wish
        whole = block(accelerator=wish.accelerator.word, mode=wish.mode, off=wish.off)
        if not self.config.is_template:
            del whole["warnings"]  # chezmoi warns of a template that has changed
        if self.has_hook:  # which may be called from a script, or by lines that are nobody's to read
            whole.pop("hooks", None)
        if self.is_set_up:
            whole["data"] = self._later(whole["data"]["llm_stack"])
        return whole

    def _later(self, stack: dict[str, Any]) -> dict[str, Any]:
        """Return what ``data`` has to say beside a list: all of the stack where nothing is said of it.

        Else what switches services off that have no files, unless the config may do so itself.
        """
        is_open = any(self.config.at(path) is UNKNOWN for path in (SERVICES[:1], STACK, SERVICES))
        if is_open or self.config.at((*STACK, "enabled")) is False:
            return {}
        if self.config.at(STACK) is None:
            return {"llm_stack": stack}
        return {"llm_stack": {"services": switched_off(self.wish.off)}} if self.wish.off else {}

    def to_change(self) -> Iterator[str]:
        """Yield the values that are in the way, each with its line and what to write."""
        if self.config.at(WARNING) is True and not self.is_set_up:
            yield self._change(WARNING, "false, or chezmoi asks for init after each edit")
        for path in ((*SERVICES, key, "enabled") for key in self.wish.named):
            if self.config.at(path) is False:
                yield self._change(path, "true")

    def _change(self, path: Path, value: str) -> str:
        return f"{'.'.join(map(str, path))} (line {self.config.keys[path].line}): {value}"

    def lines(self) -> Iterator[str]:
        """Yield all of it for a person."""
        file = self.config.file
        if self.is_done:
            yield f"{file} has all that is needed"
        else:
            if not self.config.is_readable:
                yield f"{file} could not be read: see for yourself whether it has one of these keys"
            yield from report.to_paste(self.config, self.to_add())
        yield from self.besides()

    def besides(self) -> Iterator[str]:
        """Yield what else is to be done: change values, run both hooks or none, name the machine."""
        yield from report.to_change(tuple(self.to_change()))
        is_ours = declares_hook(self.config, self.tree)
        if self.wish.mode is Mode.HOOK and self.config.at(SLOT) is not None and not is_ours:
            yield from slot.advice(self.config, self.tree)
        elif self.wish.mode is not Mode.HOOK and is_ours:
            yield f"mode {self.wish.mode} does without the hook that it declares; delete it:"
            places = lines_to_delete(self.config)
            yield from (f"  {place}" for place in places if place.startswith(str(SLOT[0])))
        if "caddy" in self.wish.named:
            yield from tailnet.advice(self.config)
