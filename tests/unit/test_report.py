"""Reports for programs: what each consumer asks of its format."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chezmoi_llm import report
from chezmoi_llm.diagnostics import NOWHERE, Diagnostic, Pos, Severity
from chezmoi_llm.review import codes
from chezmoi_llm.review.findings import review

FILE = ".chezmoi.yaml.tmpl"
TEXT = """\
data:
  local_models:
    - name: größe
      model: ollama://a
      env: {HF_TOKEN: hunter2-hunter2}
  published_ports:
    open_webui: 80
"""


def printed(form: str, file: str = FILE, text: str = TEXT) -> str:
    return report.FORMATS[form](review(text.encode(), file), {file: text})


def one(**changes: Any) -> Diagnostic:
    fields: dict[str, Any] = {
        "file": FILE,
        "at": Pos(line=3, col=5, width=2),
        "code": "LLM103",
        "severity": Severity.ERROR,
        "message": "it is so",
        "hint": "mend it",
    }
    return Diagnostic(**fields | changes)


@pytest.mark.parametrize("form", report.FORMATS)
def test_no_format_repeats_a_secret(form):
    said = printed(form)
    assert "LLM401" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("form", report.FORMATS)
def test_no_format_fails_on_a_name_that_is_not_unicode(form):
    assert report.FORMATS[form]([one(file="caf\udce9.yaml.tmpl")], {})


def test_json():
    (row,) = json.loads(report.FORMATS["json"]([one()], {}))
    assert row == {
        "file": FILE,
        "line": 3,
        "column": 5,
        "end_column": 7,
        "code": "LLM103",
        "severity": "error",
        "message": "it is so",
        "hint": "mend it",
        "url": (
            "https://github.com/chezmoi-llm/chezmoi-llm/blob/main/docs/reference/codes.md#llm103-wrong-value"
        ),
    }


def test_a_json_document_is_unicode():
    said = report.FORMATS["json"]([one(file="caf\udce9")], {})
    assert json.loads(said.encode())[0]["file"] == "caf�"


GITHUB = {
    "error": (
        {},
        "::error file=.chezmoi.yaml.tmpl,line=3,col=5,endColumn=7,title=LLM103::it is so (mend it)",
    ),
    "warning": (
        {"severity": Severity.WARNING, "hint": ""},
        "::warning file=.chezmoi.yaml.tmpl,line=3,col=5,endColumn=7,title=LLM103::it is so",
    ),
    "note": (
        {"severity": Severity.NOTE, "hint": ""},
        "::notice file=.chezmoi.yaml.tmpl,line=3,col=5,endColumn=7,title=LLM103::it is so",
    ),
    "whole file": (
        {"at": NOWHERE, "hint": ""},
        "::error file=.chezmoi.yaml.tmpl,title=LLM103::it is so",
    ),
    "what its parser reads": (
        {"file": "a,b:c%.yaml", "message": "50%, a: b\r\n::error::c", "hint": ""},
        "::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,endColumn=7,title=LLM103::50%25, a: b%0D%0A::error::c",
    ),
    "words that would colour the log": (
        {"message": "\x1b[3m", "hint": "\x9b1m\u202e"},
        "::error file=.chezmoi.yaml.tmpl,line=3,col=5,endColumn=7,title=LLM103::\ufffd[3m (\ufffd1m\ufffd)",
    ),
    "a name that would colour the log": (
        {"file": "\x1b[31m\n.yaml", "hint": ""},
        "::error file=\ufffd[31m%0A.yaml,line=3,col=5,endColumn=7,title=LLM103::it is so",
    ),
}


@pytest.mark.parametrize(("changes", "said"), GITHUB.values(), ids=GITHUB)
def test_github(changes, said):
    assert report.FORMATS["github"]([one(**changes)], {}) == f"{said}\n"


@pytest.mark.parametrize("form", ["full", "concise"])
def test_what_would_move_the_cursor_of_a_terminal_is_not_shown(form):
    said = report.FORMATS[form]([one(message="a\x1b[2J\tb\nc", hint="\x07\u202e")], {})
    assert said.startswith(f"{FILE}:3:5: LLM103 a\ufffd[2J\tb\nc\n")
    assert said.endswith({"full": "  = hint: \ufffd\ufffd\n", "concise": "c\n"}[form])


# --- SARIF ----------------------------------------------------------------------------------------
# The parts of the standard that are used here, as strictly as it words them: sarif-schema-2.1.0.json
# allows no other keys in any of these objects.


def only(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


WORDS = {"type": "string", "minLength": 1}
MESSAGE = only(["text"], text=WORDS, markdown=WORDS)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
URI = {"type": "string", "pattern": r"^([A-Za-z0-9._~!$&'()*+;=@/-]|%[0-9A-F]{2}|^file:)+$"}
PLACE = {"type": "integer", "minimum": 1}
SARIF = only(
    ["version", "runs"],
    **{"$schema": {"type": "string", "pattern": "^https://"}},
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "items": only(
            ["tool", "results"],
            tool=only(
                ["driver"],
                driver=only(
                    ["name"],
                    name=WORDS,
                    version=WORDS,
                    informationUri={"type": "string", "pattern": "^https://"},
                    rules={
                        "type": "array",
                        "uniqueItems": True,
                        "items": only(
                            ["id"],
                            id=WORDS,
                            shortDescription=MESSAGE,
                            fullDescription=MESSAGE,
                            help=MESSAGE,
                            helpUri={"type": "string", "pattern": r"^https://[!-~]+$"},
                            defaultConfiguration=only([], level=LEVEL),
                        ),
                    },
                ),
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            results={
                "type": "array",
                "items": only(
                    ["message"],
                    ruleId=WORDS,
                    ruleIndex={"type": "integer", "minimum": 0},
                    level=LEVEL,
                    message=MESSAGE,
                    locations={
                        "type": "array",
                        "minItems": 1,
                        "items": only(
                            [],
                            physicalLocation=only(
                                ["artifactLocation"],
                                artifactLocation=only(["uri"], uri=URI, uriBaseId={"const": "%SRCROOT%"}),
                                region=only(
                                    ["startLine"],
                                    startLine=PLACE,
                                    startColumn=PLACE,
                                    endLine=PLACE,
                                    endColumn=PLACE,
                                ),
                            ),
                        ),
                    },
                ),
            },
        ),
    },
)
JUDGE = Draft202012Validator(SARIF)


def sarif(*diagnostics: Diagnostic) -> Any:
    """Return the run of a SARIF log that holds to the standard."""
    log = json.loads(report.FORMATS["sarif"](diagnostics, {}))
    JUDGE.validate(log)
    (run,) = log["runs"]
    return run


@pytest.mark.parametrize(
    "text", [TEXT, "data:\n", "\ufeffdata:\n", "data: [\n"], ids=["errors", "none", "bom", "yaml"]
)
def test_a_log_holds_to_the_standard(text):
    found = review(text.encode(), FILE)
    run = sarif(*found)
    rules = run["tool"]["driver"]["rules"]
    assert [result["ruleId"] for result in run["results"]] == [one.code for one in found]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [one.code for one in found]
    assert [rule["id"] for rule in rules] == sorted({one.code for one in found})


def test_a_result_has_its_level_its_words_and_its_place():
    (result,) = sarif(one(severity=Severity.WARNING))["results"]
    assert result == {
        "ruleId": "LLM103",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "it is so (mend it)"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": FILE, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 7},
                }
            }
        ],
    }


def test_a_rule_has_its_section():
    (rule,) = sarif(one(code="LLM308"))["tool"]["driver"]["rules"]
    assert rule["shortDescription"] == {"text": "port that a rootless container cannot open"}
    assert rule["fullDescription"]["text"].startswith("A warning. Linux lets only root open ports")
    assert rule["help"]["markdown"].count("```") == 6
    assert rule["helpUri"].endswith("codes.md#llm308-port-that-a-rootless-container-cannot-open")
    assert rule["defaultConfiguration"] == {"level": "warning"}


def test_columns_count_characters_as_the_log_says():
    run = sarif(*review("data:\n  local_models: [{name: 🙂🙂, modle: b}]\n".encode(), FILE))
    columns = [
        (place["startColumn"], place["endColumn"])
        for result in run["results"]
        for place in [result["locations"][0]["physicalLocation"]["region"]]
        if result["ruleId"] == "LLM101"
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert columns == [(29, 34)]


FILES = {
    "a folder/é #1.yaml": {"uri": "a%20folder/%C3%A9%20%231.yaml", "uriBaseId": "%SRCROOT%"},
    "a:b%.yaml": {"uri": "a%3Ab%25.yaml", "uriBaseId": "%SRCROOT%"},
    "caf\udce9": {"uri": "caf%E9", "uriBaseId": "%SRCROOT%"},
    "/home/me/x y.yaml": {"uri": "file:///home/me/x%20y.yaml"},
}


@pytest.mark.parametrize(("file", "location"), FILES.items(), ids=map(ascii, FILES))
def test_files_are_uris(file, location):
    (result,) = sarif(one(file=file))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == location


def test_a_whole_file_has_no_region():
    (result,) = sarif(one(at=NOWHERE))["results"]
    assert list(result["locations"][0]["physicalLocation"]) == ["artifactLocation"]


def test_messages_hold_nothing_that_a_viewer_takes_for_a_link_or_a_placeholder():
    lines = (line for section in codes.sections().values() for line in section.body.split("\n"))
    assert not [line for line in lines if re.search(r"tmpl:\d.*(\]\(|\{\d)", line)]
