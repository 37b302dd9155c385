"""What is remembered between two runs, in chezmoi's cache: nothing in it is needed, all of it saves time.

``stamp`` is read by ``.chezmoi-llm-hook.sh``: paths to look at, an empty line, and what it saw
before the last run without errors. ``memory.json`` is read here. Checksums only: the config file
may hold secrets.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping

from chezmoi_llm.chezmoi.truth import Pair
from chezmoi_llm.records import record
from chezmoi_llm.world import files


@record
class Memory:
    """The pair of texts last found to agree, and checksums of the warnings that were shown."""

    pair: Pair | None = None
    shown: frozenset[str] = frozenset()


@record
class Shelf:
    """The place of one source folder in chezmoi's cache; without a cache nothing is remembered."""

    cache_dir: str
    source_dir: str

    @property
    def _folder(self) -> str:
        """The folder, named as in the script: the whole path of the source folder below ours."""
        return f"{self.cache_dir}/chezmoi-llm{self.source_dir}"

    def recall(self) -> Memory:
        """Return what was remembered; whatever is unreadable was not."""
        if not self.cache_dir:
            return Memory()
        try:
            kept = json.loads(files.read(f"{self._folder}/memory.json") or b"{}")
            pair = Pair(**kept["pair"]) if kept.get("pair") else None
            return Memory(pair=pair, shown=frozenset(kept.get("shown", ())))
        except (OSError, ValueError, TypeError, AttributeError):
            return Memory()

    def remember(self, memory: Memory) -> None:
        """Keep what is to be known in the next run."""
        pair = memory.pair and {"template": memory.pair.template, "config": memory.pair.config}
        text = json.dumps({"pair": pair, "shown": sorted(memory.shown)})
        self._write("memory.json", text.encode())

    def stamp(self, seen: str, watched: Iterable[str]) -> None:
        """Let the script pass as long as it sees this, and nothing new at the watched paths."""
        paths = tuple(watched)
        if seen and not any("\n" in path for path in paths):
            listed = "".join(f"{path}\n" for path in paths)
            self._write("stamp", os.fsencode(f"{listed}\n{seen}\n"))

    def stamped(self) -> tuple[float, str] | None:
        """Return when the last full run without an error was, and what the script had seen before it.

        The time is in seconds since the epoch; None where there was no such run.
        """
        path = f"{self._folder}/stamp"
        try:
            text = os.fsdecode(files.read(path) or b"")
            return (os.stat(path).st_mtime, f"\n{text}".partition("\n\n")[2]) if text else None
        except OSError:
            return None

    def unstamp(self) -> None:
        """Make the next run a full one."""
        with contextlib.suppress(OSError):
            files.remove(f"{self._folder}/stamp")

    def clear(self) -> None:
        """Forget all of it, and take away the folders that are empty then."""
        folder, top = self._folder, os.path.join(self.cache_dir, "chezmoi-llm")
        with contextlib.suppress(OSError):  # the first folder that holds something else, too
            for name in ("stamp", "memory.json"):
                files.remove(f"{folder}/{name}")
            while folder.startswith(top):
                os.rmdir(folder)
                folder = os.path.dirname(folder)

    def _write(self, name: str, data: bytes) -> None:
        if not self.cache_dir:
            return
        with contextlib.suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            files.replace(f"{self._folder}/{name}", data, inside=self._folder, mode=0o600, lasting=False)


def with_checksum(seen: str, path: str, data: bytes) -> str:
    """Return what the script would see now that ``path``, which it looks at last, holds ``data``."""
    missing = (f" {path}: ", f" '{path}': ")
    others = (
        line
        for line in seen.split("\n")
        if not line.endswith(f" {path}") and not any(words in line for words in missing)
    )
    return "\n".join([*others, f"{cksum(data)} {len(data)} {path}"])


def with_folder(seen: str, folder: str, data: Mapping[str, bytes]) -> str:
    """Return what the script would see now that ``folder``, which it looks at last, holds these files.

    ``data`` is by name; an empty folder is not looked at.
    """
    inside = (f" {folder}/", f" '{folder}/", f" {folder}: ", f" '{folder}': ")
    others = (line for line in seen.split("\n") if not any(words in line for words in inside))
    sums = (f"{cksum(data[name])} {len(data[name])} {folder}/{name}" for name in sorted(data))
    return "\n".join([*others, *sums])


_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def cksum(data: bytes) -> int:
    """Return the checksum of POSIX ``cksum``: zlib's, with the bits of every byte the other way round.

    POSIX puts the length behind the data, lowest byte first, and starts from zero.
    """
    size = len(data)
    length = size.to_bytes((size.bit_length() + 7) // 8, "little")
    mirrored = zlib.crc32((data + length).translate(_MIRRORED), 0xFFFFFFFF)
    return int(f"{mirrored:032b}"[::-1], 2)
