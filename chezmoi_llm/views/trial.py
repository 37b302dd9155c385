"""One small request for each kind of model, and what the answer to it tells."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from chezmoi_llm.choices import CHOSEN_ROLES
from chezmoi_llm.records import record
from chezmoi_llm.resolve import House, ServedModel
from chezmoi_llm.showing.veil import veiled
from chezmoi_llm.showing.words import visible

LONGEST_REASON = 200
"""Characters of a server's own words that are repeated."""

LLAMA_SWAP, LITELLM = "llama-swap", "litellm"
"""Who can be asked: what starts the models, or what stands in front of it."""


@record
class Trial:
    """A model to ask: at which url (up to ``/v1``), and what to look at where that fails.

    ``dimensions`` is the length that a vector must have, 0 where the list does not say.
    """

    name: str
    kind: str
    url: str
    look_at: str
    dimensions: int = 0


@record
class Request:
    """The body of a POST, and the path below ``/v1`` that it goes to."""

    path: str
    content_type: str
    body: bytes


@record
class Heard:
    """What came back: the HTTP status, and each line of the body with the seconds until it was there."""

    status: int
    lines: tuple[tuple[float, bytes], ...]

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(line for _, line in self.lines)


@record
class Verdict:
    """Whether a model answers as its kind does, and one line about it.

    ``look_at`` is what tells more than the log of the server would, empty for nothing.
    """

    is_well: bool
    said: str
    look_at: str = ""


def trials(house: House, names: Collection[str], *, via: str, is_all: bool) -> tuple[Trial, ...]:
    """Return what to ask: the named models, all local ones, or those that a role is chosen for.

    Names are names or aliases; one that is unknown is left out. A cloud model, which costs money, is
    asked only by its name, and only through LiteLLM.
    """
    wanted = {*names} or (set() if is_all else {house.chosen[role] for role in CHOSEN_ROLES})
    local = (one for one in house.local_models if not wanted or wanted.intersection(one.model.names))
    cloud = (one for one in house.cloud_models if via == LITELLM and {*names}.intersection(one.names))
    asked = {one.model.name: _local(one, house, via) for one in local}
    for one in cloud:
        asked.setdefault(one.name, _through_litellm(one.name, house.cloud_kinds[one.name], house))
    return tuple(asked.values())


def _local(one: ServedModel, house: House, via: str) -> Trial:
    model = one.model
    if via == LITELLM:
        return _through_litellm(model.name, model.kind, house, model.dimensions)
    return Trial(
        name=model.name,
        kind=model.kind,
        url=one.url,
        look_at=_journal(one.container_name if one.has_unit else "llama-swap"),
        dimensions=model.dimensions,
    )


def _through_litellm(name: str, kind: str, house: House, dimensions: int = 0) -> Trial:
    url = f"{house.programs['litellm'].local_url}/v1"
    return Trial(name=name, kind=kind, url=url, look_at=_journal("litellm"), dimensions=dimensions)


def _journal(unit: str) -> str:
    return f"journalctl --user -u {unit}.service -n 50"


def request(trial: Trial) -> Request:
    """Return the smallest request that a model of that kind can answer."""
    return _KINDS[trial.kind].request(trial.name)


def judge(trial: Trial, heard: Heard) -> Verdict:
    """Say whether the answer is one, how fast it came, and what is wrong with it."""
    if heard.status != _OK:
        return Verdict(is_well=False, said=f"HTTP {heard.status}: {_reason(heard.body)}")
    try:
        return _KINDS[trial.kind].judge(trial, heard)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        shown = in_short(heard.body.decode(errors="replace"))
        said = f"the answer is not that of a model of kind {trial.kind}: {shown}"
        return Verdict(is_well=False, said=said)


_OK = 200


def _reason(body: bytes) -> str:
    """Return what a server says about a failure, in whichever field it says so."""
    text = body.decode(errors="replace")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return in_short(text)
    while isinstance(said, dict):
        said = next((said[key] for key in ("error", "message", "detail") if said.get(key)), str(said))
    return in_short(str(said))


def in_short(text: str) -> str:
    """Return a server's own words as one short line: without secrets, and tame for a terminal."""
    whole = text.encode(errors="replace").decode()  # JSON may escape half of a surrogate pair
    line = visible(" ".join(veiled(whole).split()), besides="")
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def _post(path: str, **fields: Any) -> Request:
    return Request(path=path, content_type="application/json", body=json.dumps(fields).encode())


def _chat(name: str) -> Request:
    return _post(
        "/chat/completions",
        model=name,
        messages=[{"role": "user", "content": "Count from one to ten in words."}],
        max_tokens=64,
        stream=True,
    )


def _judge_chat(_: Trial, heard: Heard) -> Verdict:
    pieces = tuple(_pieces(heard))
    if not pieces:
        return Verdict(is_well=False, said=f"no text came: {_reason(heard.body.removeprefix(_EVENT))}")
    first, last = pieces[0], pieces[-1]
    said = f"{first:.2f} s to the first byte"
    if last > first:
        said += f", {(len(pieces) - 1) / (last - first):.1f} tokens/s"
    return Verdict(is_well=True, said=said)


_EVENT = b"data: "
_END = b"[DONE]"


def _pieces(heard: Heard) -> Iterator[float]:
    """Yield when each piece of text came; a server sends one for each token.

    What a model thinks before it answers counts as text.
    """
    for seconds, line in heard.lines:
        if not line.startswith(_EVENT) or line.strip().endswith(_END):
            continue
        for choice in json.loads(line.removeprefix(_EVENT)).get("choices") or ():
            delta = choice["delta"]
            if delta.get("content") or delta.get("reasoning_content"):
                yield seconds


def _embedding(name: str) -> Request:
    return _post("/embeddings", model=name, input="Hello")


def _judge_embedding(trial: Trial, heard: Heard) -> Verdict:
    length = len(json.loads(heard.body)["data"][0]["embedding"])
    said = f"{_until_answered(heard)}, a vector of {length}"
    if trial.dimensions and length != trial.dimensions:
        return Verdict(is_well=False, said=f"{said}, but the list says dimensions: {trial.dimensions}")
    return Verdict(is_well=True, said=said)


_DOCUMENTS = ("An apple is a fruit.", "Granite is a stone.")


def _rerank(name: str) -> Request:
    return _post("/rerank", model=name, query="fruit", documents=_DOCUMENTS)


def _judge_rerank(_: Trial, heard: Heard) -> Verdict:
    scored = [one["relevance_score"] for one in json.loads(heard.body)["results"]]
    if len(scored) != len(_DOCUMENTS):
        return Verdict(is_well=False, said=f"scored {len(scored)} of {len(_DOCUMENTS)} documents")
    return Verdict(is_well=True, said=f"{_until_answered(heard)}, {len(scored)} documents scored")


def _transcription(name: str) -> Request:
    edge = "chezmoi-llm-trial"
    parts = (
        (b'name="model"', name.encode()),
        (b'name="file"; filename="silence.wav"\r\nContent-Type: audio/wav', _silence()),
    )
    body = b"".join(
        b"--%b\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (edge.encode(), head, content)
        for head, content in parts
    )
    return Request(
        path="/audio/transcriptions",
        content_type=f"multipart/form-data; boundary={edge}",
        body=body + b"--%b--\r\n" % edge.encode(),
    )


def _silence() -> bytes:
    """Return one second of silence as a WAV file: 16 kHz, one channel, 16 bits."""
    rate, width = 16_000, 2
    sound = bytes(rate * width)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * width, width, width * 8)
    content = b"WAVE" + form + struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI", b"RIFF", len(content)) + content


def _judge_transcription(_: Trial, heard: Heard) -> Verdict:
    text = json.loads(heard.body)["text"]
    return Verdict(
        is_well=isinstance(text, str), said=f"{_until_answered(heard)}, a second of silence heard"
    )


def _image(name: str) -> Request:
    return _post("/images/generations", model=name, prompt="a red apple", n=1, size="256x256")


def _judge_image(_: Trial, heard: Heard) -> Verdict:
    made = json.loads(heard.body)["data"][0]
    return Verdict(is_well=bool(made.get("b64_json") or made.get("url")), said=_until_answered(heard))


def _speech(name: str) -> Request:
    return _post("/audio/speech", model=name, input="Hello.", voice="alloy")


def _judge_speech(_: Trial, heard: Heard) -> Verdict:
    said = f"{_until_answered(heard)}, {len(heard.body)} bytes of sound"
    return Verdict(is_well=bool(heard.body), said=said)


def _until_answered(heard: Heard) -> str:
    return f"{heard.lines[0][0]:.2f} s to the first byte"


@record
class _Kind:
    request: Callable[[str], Request]
    judge: Callable[[Trial, Heard], Verdict]


_KINDS: Mapping[str, _Kind] = {
    "chat": _Kind(request=_chat, judge=_judge_chat),
    "embedding": _Kind(request=_embedding, judge=_judge_embedding),
    "rerank": _Kind(request=_rerank, judge=_judge_rerank),
    "transcription": _Kind(request=_transcription, judge=_judge_transcription),
    "image": _Kind(request=_image, judge=_judge_image),
    "speech": _Kind(request=_speech, judge=_judge_speech),
}
