"""Each command changes the bytes that it is meant to, and no other one: the edits in tests/data/edits."""

import pytest
from data.marked_texts import edits

from chezmoi_llm.world import cli

EDITS = list(edits())
EACH = pytest.mark.parametrize("edit", EDITS, ids=[edit.title for edit in EDITS])


@pytest.fixture
def run(tmp_path):
    file = tmp_path / ".chezmoi.yaml.tmpl"

    def run(edit, text, *options):
        file.write_bytes(text)
        code = cli.group.main([*edit.words, "--file", str(file), *options], standalone_mode=False)
        return code, file.read_bytes()

    return run


@EACH
def test_bytes(edit, run):
    assert run(edit, edit.before) == (0, edit.after)


AGAIN = [
    edit for edit in EDITS if edit.words[0] not in {"add", "remove"} and "name=" not in str(edit.words)
]


@pytest.mark.parametrize("edit", AGAIN, ids=[edit.title for edit in AGAIN])
def test_what_is_so_already_stays(edit, run, capsys):
    assert run(edit, edit.after) == (0, edit.after)
    assert capsys.readouterr() == ("", "it is so already; nothing was changed\n")


@EACH
def test_a_dry_run_changes_nothing(edit, run, capsys):
    assert run(edit, edit.before, "--dry-run") == (0, edit.before)
    assert capsys.readouterr().err.endswith("nothing was changed\n")
