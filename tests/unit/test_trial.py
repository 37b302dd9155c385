"""What is asked of each kind of model, and what is made of each answer."""

from __future__ import annotations

import io
import json
import wave

import pytest
from click.testing import CliRunner

from chezmoi_llm import spec
from chezmoi_llm.choices import choose
from chezmoi_llm.resolve import House, resolve
from chezmoi_llm.views import trial
from chezmoi_llm.views.trial import Heard, Trial, Verdict
from chezmoi_llm.world.cli import group


def house(**data: object) -> House:
    written = spec.build({"data": data})
    return resolve(written, choose(written))


def asked(kind: str, **more: object) -> Trial:
    return Trial(**{"name": "m", "kind": kind, "url": "http://127.0.0.1:9292/v1", "look_at": "x"} | more)


def event(**delta: str) -> bytes:
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': delta}]})}\n".encode()


def well(said: str) -> Verdict:
    return Verdict(is_well=True, said=said)


def failed(said: str) -> Verdict:
    return Verdict(is_well=False, said=said)


CHAT = (
    (0.1, event(role="assistant")),
    (0.5, event(content="one")),
    (0.6, event(content=" two")),
    (0.7, b"\n"),
)
END = ((0.8, b"data: [DONE]\n"),)

ANSWERS = {
    "chat": (asked("chat"), CHAT + END, well("0.50 s to the first byte, 10.0 tokens/s")),
    "one token": (asked("chat"), ((0.5, event(content="1")), *END), well("0.50 s to the first byte")),
    "thoughts": (asked("chat"), ((0.5, event(reasoning_content="hm")),), well("0.50 s to the first byte")),
    "silence": (
        asked("chat"),
        CHAT[:1] + END,
        failed(
            "no text came: "
            + event(role="assistant").decode().removeprefix("data: ").strip()
            + " data: [DONE]"
        ),
    ),
    "error in the stream": (
        asked("chat"),
        ((0.1, b'data: {"error": {"message": "out of memory", "code": 500}}\n'),),
        failed("no text came: out of memory"),
    ),
    "vector": (
        asked("embedding", dimensions=3),
        ((0.25, b'{"data": [{"embedding": [1, 2, 3]}]}'),),
        well("0.25 s to the first byte, a vector of 3"),
    ),
    "vector of a length that nobody named": (
        asked("embedding"),
        ((0.25, b'{"data": [{"embedding": [1]}]}'),),
        well("0.25 s to the first byte, a vector of 1"),
    ),
    "vector of another length": (
        asked("embedding", dimensions=768),
        ((0.25, b'{"data": [{"embedding": [1, 2, 3]}]}'),),
        failed("0.25 s to the first byte, a vector of 3, but the list says dimensions: 768"),
    ),
    "scores": (
        asked("rerank"),
        ((0.25, b'{"results": [{"relevance_score": 1}, {"relevance_score": 0}]}'),),
        well("0.25 s to the first byte, 2 documents scored"),
    ),
    "one score": (
        asked("rerank"),
        ((0.25, b'{"results": [{"relevance_score": 1}]}'),),
        failed("scored 1 of 2 documents"),
    ),
    "transcript": (
        asked("transcription"),
        ((0.25, b'{"text": ""}'),),
        well("0.25 s to the first byte, a second of silence heard"),
    ),
    "picture": (
        asked("image"),
        ((2.5, b'{"data": [{"b64_json": "iVBO"}]}'),),
        well("2.50 s to the first byte"),
    ),
    "no picture": (
        asked("image"),
        ((2.5, b'{"data": []}'),),
        failed('the answer is not that of a model of kind image: {"data": []}'),
    ),
    "sound": (
        asked("speech"),
        ((0.25, b"RIFF"),),
        well("0.25 s to the first byte, 4 bytes of sound"),
    ),
    "another answer": (
        asked("embedding"),
        ((0.1, b"<html>\n"), (0.2, b"</html>")),
        failed("the answer is not that of a model of kind embedding: <html> </html>"),
    ),
    "a list in a list, and so on": (
        asked("chat"),
        ((0.1, b"data: " + b"[" * 100_000),),
        failed("the answer is not that of a model of kind chat: data: " + "[" * 194 + "…"),
    ),
    "nothing": (asked("rerank"), (), failed("the answer is not that of a model of kind rerank: ")),
}


@pytest.mark.parametrize(("one", "lines", "verdict"), ANSWERS.values(), ids=ANSWERS)
def test_answers(one, lines, verdict):
    assert trial.judge(one, Heard(status=200, lines=lines)) == verdict


REASONS = {
    "a field of an error": (b'{"error": {"message": "no such model"}}', "no such model"),
    "an error that is a text": (
        b'{"error": "unauthorized: sk-1234567890abcdef1234"}',
        "unauthorized: " + "*" * 23,
    ),
    "detail": (b'{"detail": "Not Found"}', "Not Found"),
    "plain": (b"upstream command\nexited prematurely", "upstream command exited prematurely"),
    "long": (b"x" * 300, "x" * 200 + "…"),
    "no words": (b"{}", "{}"),
    "a list in a list, and so on": (b"[" * 100_000, "[" * 200 + "…"),
    "escapes of a terminal": (b'{"error": "\\u001b[2J\\u202e\xc2\x9b31m"}', "\ufffd[2J\ufffd\ufffd31m"),
    "half of a surrogate pair": (b'{"error": "\\ud800 \\udcc2\\udc9b31m"}', "? ??31m"),
    "a list": (b"[1]", "[1]"),
}


@pytest.mark.parametrize(("body", "reason"), REASONS.values(), ids=REASONS)
def test_a_failure_is_told_in_the_words_of_the_server(body, reason):
    heard = Heard(status=500, lines=((0.1, body),))
    assert trial.judge(asked("chat"), heard) == failed(f"HTTP 500: {reason}")


def test_the_sound_is_one_second_of_silence():
    request = trial.request(asked("transcription"))
    form = request.body.split(b"\r\n")
    assert form[3] == b"m"
    with wave.open(io.BytesIO(request.body[request.body.index(b"RIFF") :])) as sound:
        assert sound.getnframes() == sound.getframerate() == 16_000
        assert sound.readframes(16_000) == bytes(32_000)


MODELS = {
    "local_models": [
        {"name": "big", "model": "ollama://qwen3:8b", "aliases": ["default"]},
        {"name": "other", "model": "ollama://smollm:135m"},
        {"name": "embed", "model": "hf://a/b", "kind": "embedding", "dimensions": 768},
    ],
    "cloud_models": [{"name": "far", "model": "openai/gpt-5"}],
}

CHOICES = {
    "those that a role is chosen for": ((), "llama-swap", False, ["big", "embed"]),
    "all local ones": ((), "llama-swap", True, ["big", "other", "embed"]),
    "one by its alias": (("default",), "llama-swap", False, ["big"]),
    "a cloud model by its name": (("far", "other"), "litellm", False, ["other", "far"]),
    "no cloud model unasked": ((), "litellm", True, ["big", "other", "embed"]),
}


@pytest.mark.parametrize(("names", "via", "is_all", "expected"), CHOICES.values(), ids=CHOICES)
def test_who_is_asked(names, via, is_all, expected):
    found = trial.trials(house(**MODELS), names, via=via, is_all=is_all)
    assert [one.name for one in found] == expected


def test_a_cloud_model_is_asked_for_what_it_is_for():
    far = {"name": "far", "model": "openai/text-embedding-3-small", "capabilities": ["embedding"]}
    (one,) = trial.trials(house(cloud_models=[far]), ["far"], via="litellm", is_all=False)
    assert (one.kind, trial.request(one).path) == ("embedding", "/embeddings")


def test_each_is_asked_where_it_answers():
    units = house(**MODELS, llm_stack={"services": {"ramalama": {"units": True}}})
    (embed,) = trial.trials(units, ["embed"], via="llama-swap", is_all=False)
    (far,) = trial.trials(units, ["far"], via="litellm", is_all=False)
    assert embed == Trial(
        name="embed",
        kind="embedding",
        url=embed.url,
        look_at="journalctl --user -u ramalama-embed.service -n 50",
        dimensions=768,
    )
    assert (far.url, far.look_at) == (
        "http://127.0.0.1:4000/v1",
        "journalctl --user -u litellm.service -n 50",
    )


CLOUD_ALONE = {"data": {"cloud_models": [{"name": "far", "model": "openai/far"}]}}


@pytest.mark.parametrize("words", [[], ["--all"]], ids=["roles", "all"])
def test_where_there_is_no_local_model_that_is_said(tmp_path, words):
    data = tmp_path / "data.json"
    data.write_text(json.dumps(CLOUD_ALONE))
    done = CliRunner().invoke(group, ["try", "--data", str(data), *words])
    said = "Error: there is no local model; one of the cloud is asked by its name"
    assert (done.exit_code, done.output.splitlines()[-1]) == (2, said)


def test_many_models_of_one_name_are_not_asked(tmp_path):
    data = tmp_path / "data.json"
    data.write_text('{"data": {"cloud_models": [{"name": "far/*", "model": "openai/*"}]}}')
    done = CliRunner().invoke(group, ["try", "--data", str(data), "--via", "litellm", "far/*"])
    said = "Error: 'far/*' is many models, and none that could be asked"
    assert (done.exit_code, done.output.splitlines()[-1]) == (2, said)


def test_nobody_is_asked_where_all_of_it_is_off(tmp_path):
    data = tmp_path / "data.json"
    data.write_text('{"data": {"local_models": ["qwen3-4b"], "llm_stack": {"enabled": false}}}')
    done = CliRunner().invoke(group, ["try", "--data", str(data)])
    said = "Error: llm_stack is switched off (enabled: false): nothing of this runs\n"
    assert (done.exit_code, done.output) == (1, said)
