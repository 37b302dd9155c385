"""The flags of llama-server that we write, or know other names of, are in the program itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from realprograms import programs

from chezmoi_llm.checks.flags import LLAMA_SERVER


@pytest.mark.real("xllamacpp")
def test_llama_server_knows_every_flag_of_ours():
    library = next(Path(programs.located("xllamacpp")).parent.glob("xllamacpp*.so")).read_bytes()
    words = {*LLAMA_SERVER.managed, *LLAMA_SERVER.unfit, *LLAMA_SERVER.spellings}
    words |= set(LLAMA_SERVER.spellings.values())
    # texts end with a NUL in a library; a short one may share the end of a longer one
    assert {word for word in words if f"{word}\0".encode() not in library} == set()
