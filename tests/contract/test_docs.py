"""The docs say what the program does: examples run, messages are the real ones, links lead somewhere."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from realprograms import programs
from realprograms.machine import Machine, machine

from chezmoi_llm import report, schema
from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.expand import judge
from chezmoi_llm.records import EMPTY
from chezmoi_llm.resolve import images, resolve
from chezmoi_llm.review import own_templates
from chezmoi_llm.review.findings import review
from chezmoi_llm.store import reading
from chezmoi_llm.world import preview
from chezmoi_llm.world.model_store import look_up

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


DOTFILES = ROOT / "tests/data/dotfiles"


def reviewed(
    text: str, file: str = ".chezmoi.yaml.tmpl", before: Mapping[str, Any] = EMPTY
) -> tuple[Diagnostic, ...]:
    """Return what is said of a template that lies in dotfiles with a model store."""
    with contextlib.chdir(DOTFILES):
        return review(text.encode(), file, before, look_up=partial(look_up, source_dir=""))


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose_of(page: Path) -> str:
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


# --- codes ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One code: an example that is wrong, what is said of it, and one that is right."""

    code: str
    file: str
    wrong: str
    said: str
    right: str


ENTRY = re.compile(r"# (?P<file>\.llm/models/(?P<folder>local|cloud)/(?P<name>\S+)\.yaml)\n")
"""How an example begins that is an entry of a model store."""

OWN_TEMPLATE = "dot_config/models.tmpl"
"""A template of the person's that is no config template."""


def sections() -> Iterator[Section]:
    text = (DOCS / "reference/codes.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        (kind, wrong), (_, said), (_, right) = BLOCK.findall(section)
        named = ENTRY.match(wrong)
        plain = f".chezmoi.{kind}.tmpl" if kind in {"yaml", "json", "toml"} else OWN_TEMPLATE
        file = named["file"] if named else plain
        yield Section(code=section.split()[0], file=file, wrong=wrong, said=said, right=right)


SECTIONS = tuple(sections())


def emitted_codes() -> set[str]:
    """Return every code that stands alone in a text of the source."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "chezmoi_llm").rglob("*.py"))
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"LLM\d{3}", text)}


APPLIED = {
    "LLM332": {
        "embedding_model": "nomic-embed-text",
        "local_models": [
            {"name": "nomic-embed-text", "model": "ollama://nomic-embed-text", "dimensions": 768}
        ],
    }
}
"""The document of before, for the code that is about it."""


def found_in(text: str, section: Section) -> tuple[Diagnostic, ...]:
    """Return what is said of an example, without the notes of other codes."""
    entry = ENTRY.match(text)
    if section.file == OWN_TEMPLATE:
        found = own_templates.findings(text, section.file, {})
    elif entry:
        found = reading.read(text.encode(), entry["folder"], entry["name"], section.file).faults
    else:
        found = reviewed(text, section.file, APPLIED.get(section.code, {}))
    return tuple(one for one in found if one.severity < Severity.NOTE or one.code == section.code)


def test_every_code_has_one_section_and_every_section_a_code() -> None:
    documented = [section.code for section in SECTIONS]
    assert documented == sorted(emitted_codes())


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.code)
def test_the_wrong_example_gives_the_code_alone_with_the_message_shown(section: Section) -> None:
    found = found_in(section.wrong, section)
    assert {one.code for one in found} == {section.code}
    assert report.full(found, {section.file: section.wrong}) == section.said


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.code)
def test_the_right_example_gives_nothing(section: Section) -> None:
    assert found_in(section.right, section) == ()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.code)
def test_a_section_says_so_where_its_code_is_no_error(section: Section) -> None:
    text = (DOCS / "reference/codes.md").read_text(encoding="utf-8")
    prose = text.partition(f"\n## {section.code} ")[2].partition("```")[0]
    said = next((word for word in ("A warning", "A note") if word in prose), "An error")
    assert {str(one.severity) for one in found_in(section.wrong, section)} == {said.split()[1]}


# --- examples in all pages ------------------------------------------------------------------------

OURS = re.compile(r"^\s*(local_models|cloud_models|llm_stack):", re.MULTILINE)
CONFIGS = [
    pytest.param(text, id=f"{name_of(page)}-{number}")
    for page in (ROOT / "README.md", *PAGES)
    if page.name != "codes.md"
    for number, (kind, text) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
    if kind == "yaml" and OURS.search(text)
]


@pytest.mark.parametrize("text", CONFIGS)
def test_a_config_in_the_docs_is_right(text: str) -> None:
    found = reviewed(text)
    assert [one for one in found if one.severity < Severity.NOTE] == []


def test_the_schema_alone_finds_the_docs_right_too() -> None:
    judge = Draft202012Validator(schema.load())
    plain = [case.values[0] for case in CONFIGS if "{{" not in str(case.values[0])]
    import yaml  # noqa: PLC0415  only this test reads YAML as others do

    wrong = [error.message for text in plain for error in judge.iter_errors(yaml.safe_load(str(text)))]
    assert plain
    assert wrong == []


# --- links ----------------------------------------------------------------------------------------

LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)")


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for path, anchor in LINK.findall(prose_of(page)):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_every_page_is_in_the_index() -> None:
    linked = {path for path, _ in LINK.findall(prose_of(DOCS / "README.md"))}
    assert {str(page.relative_to(DOCS)) for page in PAGES} - {"README.md"} == linked


def test_the_images_in_the_docs_are_the_real_ones() -> None:
    text = (DOCS / "reference/images.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\S+)` \| (\S+) \| (.*) \|$", text, re.MULTILINE)
    assert rows == [
        (
            name,
            images.RAMALAMA[name],
            f"`{images.EMBEDDED[name].image}`" if name in images.EMBEDDED else "none",
            ", ".join(f"`{device.removeprefix('-')}`" for device in images.DEVICES[name]) or "none",
        )
        for name in images.RAMALAMA
    ]
    others = (images.LLAMA_SWAP_BUILT, images.LITELLM, images.OPEN_WEBUI)
    assert all(f"| `{image}`" in text for image in others)


# --- how to add a target system -------------------------------------------------------------------

HOW_TO = (DOCS / "how-to/add-a-target-system.md").read_text(encoding="utf-8")


def test_what_a_target_system_touches_is_there() -> None:
    places = re.findall(r"`([\w./]+)`", "".join(re.findall(r"^\| (.*?) \|", HOW_TO, re.MULTILINE)))
    missing = [place for place in places if not (ROOT / place.replace("NAME", "desktop")).exists()]
    assert len(places) > len(missing) == 0


@pytest.mark.real("gotpl")
def test_the_example_of_a_target_system_works(tmp_path: Path, home: Path) -> None:
    (_, module), (_, template) = BLOCK.findall(HOW_TO)
    names: dict[str, Any] = {}
    exec(module, names)  # noqa: S102  the page is ours
    given = {"local_models": [{"name": "qwen3-8b", "model": "ollama://qwen3:8b"}]}
    judged = judge({"data": given})
    house = resolve(judged.spec, judged.choices)
    files = dict.fromkeys(names["AICHAT"].files, True)
    document = {"error": "", "files": files, "aichat": names["AICHAT"].emit(house)}
    (file,) = names["AICHAT"].files.values()
    source = tmp_path / f"dot_{file.path[1:]}.tmpl"
    source.parent.mkdir(parents=True)
    source.write_text(template, encoding="utf-8")
    made = preview.preview(str(tmp_path), {"llm": document}, str(home))
    assert made.files[file.path].content.decode() == (
        "# chezmoi-llm: aichat/config.yaml 1\n"
        "clients:\n"
        "  - type: openai-compatible\n"
        "    name: home\n"
        '    api_base: "http://127.0.0.1:9292/v1"\n'
        "    models:\n"
        '      - name: "qwen3-8b"\n'
    )


# --- stories --------------------------------------------------------------------------------------
# A page with ``console`` blocks is a story: blocks that begin with a path below ~ are written there,
# ``diff`` blocks are edits of the config template, and commands are run one after the other. What is
# shown has to be printed; ``...`` stands for any number of lines, or for a part of one. A command of
# which nothing is shown has to succeed.

STORIES = [page for page in PAGES if "```console\n" in page.read_text(encoding="utf-8")]
TEMPLATE = ".chezmoi.yaml.tmpl"
PLACE = re.compile(r"\A(?:#|//|<!--) ~/(\S+)")


def commands(console: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block with what is shown of its output."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def pattern_of(shown: str) -> str:
    """Return the pattern of an output as it is shown, in which ``...`` stands for more."""
    return "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + r"\n"
        for line in shown.rstrip("\n").split("\n")
    )


def edited(text: str, diff: str) -> str:
    """Return a text after an edit that is shown as a diff without line numbers."""
    lines = [(line[:1], line[1:]) for line in diff.splitlines(keepends=True)]
    old, new = ("".join(line for sign, line in lines if sign != other) for other in "+-")
    assert text.count(old) == 1, old
    return text.replace(old, new)


def play(page: Path, machine: Machine) -> Iterator[str]:
    """Play a story; yield each command whose output is not what is shown, with that output."""
    home = machine.home
    for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if place := PLACE.match(text):
            file = home.path / place[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        if kind == "diff":
            home.write({TEMPLATE: edited((home.source / TEMPLATE).read_text(encoding="utf-8"), text)})
        for command, shown in commands(text) if kind == "console" else ():
            done = programs.run(["sh", "-c", f"exec 2>&1; {command}"], env=home.env, cwd=home.path)
            printed = done.stdout.replace(str(home.path), "/home/me")
            if not shown and done.returncode:
                yield f"$ {command}\n{printed}exit {done.returncode}"
            elif shown and not re.fullmatch(pattern_of(shown), f"{printed.rstrip()}\n"):
                yield f"$ {command}\n{printed}"


def test_the_readme_shows_what_becomes_of_its_list(tmp_path: Path) -> None:
    blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    written, shown = (text for kind, text in blocks if kind == "yaml")
    (tmp_path / "list.yaml").write_text(written, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "chezmoi_llm",
        "render",
        "--data",
        tmp_path / "list.yaml",
        "llama_swap",
    ]
    made = programs.run(command, env=os.environ).stdout
    place, _, lines = shown.partition("\n")
    assert place == "# ~/.config/llama-swap/config.yaml"
    assert re.search(pattern_of(lines), made), made


@pytest.mark.real("chezmoi", "chezmoi-llm", "ramalama")
@pytest.mark.parametrize("page", STORIES, ids=name_of)
def test_a_story_goes_as_it_is_told(page: Path, tmp_path: Path) -> None:
    with machine(tmp_path) as made:
        otherwise = "\n\n".join(play(page, made))
    assert not otherwise, otherwise
