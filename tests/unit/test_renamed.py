from __future__ import annotations

import pytest

from chezmoi_llm.world.renamed import notices

NAMED = "dot_config/litellm/config.yaml.tmpl"
NETWORK = "dot_config/containers/llm.network.tmpl"
SCRIPT = ".chezmoiscripts/run_onchange_after_51-reload-litellm.sh.tmpl"
TEXT = f'#!/bin/sh\n{{{{- $files := list "{NAMED}" "{NETWORK}" }}}}\n'
SAID = f"{NAMED} has another name now, so that a change restarts nothing; run: chezmoi-llm init --upgrade"


@pytest.fixture
def folder(tmp_path):
    """Return a source folder with a script that looks for two files."""
    write(tmp_path, SCRIPT, TEXT)
    return tmp_path


def write(folder, path, text=""):
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


@pytest.mark.parametrize(
    ("there", "is_told"),
    [
        pytest.param(NAMED, False, id="as named"),
        pytest.param("private_dot_config/litellm/config.yaml.tmpl", True, id="folder above"),
        pytest.param("dot_config/exact_litellm/private_config.yaml.tmpl", True, id="folder and file"),
        pytest.param("dot_config/litellm/config.yaml", False, id="no template"),
        pytest.param("dot_config/litellm/modify_config.yaml.tmpl", False, id="of the person"),
        pytest.param("dot_config/litellm/my-config.yaml.tmpl", False, id="longer name"),
        pytest.param("dot_config/my-litellm/config.yaml.tmpl", False, id="longer folder"),
        pytest.param("dot_config", False, id="a file in the place of a folder"),
    ],
)
def test_a_file_with_another_name_is_told(folder, there, is_told):
    write(folder, there)
    assert notices(str(folder)) == ((SAID,) if is_told else ())


def test_many_files_are_one_sentence(folder):
    for path in (NAMED, NETWORK):
        write(folder, f"private_{path}")
    (said,) = notices(str(folder))
    assert said.startswith(f"{NETWORK} and 1 more have other names now, so that a change restarts nothing;")


def test_without_scripts_nothing_is_told(tmp_path):
    assert notices(str(tmp_path)) == ()
