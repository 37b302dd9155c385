"""Writes tiny model files with random weights that a real llama.cpp loads (GGUF version 3).

They answer nonsense, but in the right shape: a chat model of the llama architecture, and an embedding
model of the bert architecture. Format: docs/gguf.md of ggml.
"""

from __future__ import annotations

import math
import random
import string
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Scalar: TypeAlias = int | float | bool | str
Value: TypeAlias = tuple[str, Scalar | Sequence[Scalar]]
"""The name of a type below and a value; a sequence is written as an array of that type."""

_TYPES = {"u32": (4, "<I"), "i32": (5, "<i"), "f32": (6, "<f"), "bool": (7, "<?"), "str": (8, "")}
_ARRAY, _VERSION, _ALIGNMENT, _TENSOR_F32 = 9, 3, 32, 0

_WORDS = (
    *("hello", "hi", "the", "a", "is", "of", "to", "and", "in", "you", "this", "that", "it"),
    *("model", "text"),
)
_CHAT_TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>\n{{ m['content'] }}</s>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
_UNKNOWN, _NORMAL, _CONTROL, _BYTE = 2, 1, 3, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A tensor: its name, its extents (the fastest first) and its numbers."""

    name: str
    extents: tuple[int, ...]
    data: array[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of a model: blocks, width, attention heads, width of the feed-forward layer."""

    blocks: int = 2
    width: int = 64
    heads: int = 4
    heads_kv: int = 2
    forward: int = 128


def chat_model(path: Path, *, context: int = 2048, shape: Shape = Shape(), seed: int = 0) -> Path:
    """Write a chat model (half a megabyte) with a chat template; any text can be tokenized."""
    tokens, types = _byte_fallback_vocabulary()
    metadata = {
        **_sizes("llama", path.stem, context, shape),
        "llama.attention.head_count_kv": ("u32", shape.heads_kv),
        "llama.attention.layer_norm_rms_epsilon": ("f32", 1e-5),
        "llama.rope.dimension_count": ("u32", shape.width // shape.heads),
        "llama.vocab_size": ("u32", len(tokens)),
        "tokenizer.ggml.model": ("str", "llama"),
        "tokenizer.ggml.pre": ("str", "default"),
        "tokenizer.ggml.tokens": ("str", tokens),
        "tokenizer.ggml.scores": ("f32", [-float(max(0, rank - 258)) for rank in range(len(tokens))]),
        "tokenizer.ggml.token_type": ("i32", types),
        "tokenizer.ggml.unknown_token_id": ("u32", 0),
        "tokenizer.ggml.bos_token_id": ("u32", 1),
        "tokenizer.ggml.eos_token_id": ("u32", 2),
        "tokenizer.ggml.add_bos_token": ("bool", True),
        "tokenizer.chat_template": ("str", _CHAT_TEMPLATE),
    }
    tensors = _llama_tensors(shape, len(tokens), _numbers(seed))
    path.write_bytes(b"".join(_file(metadata, list(tensors))))
    return path


def embedding_model(path: Path, *, context: int = 512, shape: Shape = Shape(), seed: int = 1) -> Path:
    """Write an embedding model (half a megabyte) that takes the mean; ``shape.width`` is its dimension."""
    tokens, types = _wordpiece_vocabulary()
    metadata = {
        **_sizes("bert", path.stem, context, shape),
        "bert.attention.layer_norm_epsilon": ("f32", 1e-12),
        "bert.attention.causal": ("bool", False),
        "bert.pooling_type": ("u32", 1),
        "tokenizer.ggml.model": ("str", "bert"),
        "tokenizer.ggml.pre": ("str", "default"),
        "tokenizer.ggml.token_type_count": ("u32", 2),
        "tokenizer.ggml.tokens": ("str", tokens),
        "tokenizer.ggml.token_type": ("i32", types),
        "tokenizer.ggml.padding_token_id": ("u32", 0),
        "tokenizer.ggml.unknown_token_id": ("u32", 1),
        "tokenizer.ggml.bos_token_id": ("u32", 2),
        "tokenizer.ggml.cls_token_id": ("u32", 2),
        "tokenizer.ggml.seperator_token_id": ("u32", 3),  # spelled so in the format
        "tokenizer.ggml.eos_token_id": ("u32", 3),
        "tokenizer.ggml.mask_token_id": ("u32", 4),
    }
    tensors = _bert_tensors(shape, len(tokens), context, _numbers(seed))
    path.write_bytes(b"".join(_file(metadata, list(tensors))))
    return path


def _numbers(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - weights, not secrets


def _sizes(architecture: str, name: str, context: int, shape: Shape) -> dict[str, Value]:
    return {
        "general.architecture": ("str", architecture),
        "general.name": ("str", name),
        "general.file_type": ("u32", _TENSOR_F32),
        f"{architecture}.context_length": ("u32", context),
        f"{architecture}.embedding_length": ("u32", shape.width),
        f"{architecture}.block_count": ("u32", shape.blocks),
        f"{architecture}.feed_forward_length": ("u32", shape.forward),
        f"{architecture}.attention.head_count": ("u32", shape.heads),
    }


def _byte_fallback_vocabulary() -> tuple[list[str], list[int]]:
    """Return tokens and their types: a token for each byte, characters, and some words."""
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    # a word is merged from its beginnings, so that each of them must be a token too
    beginnings = {f"\u2581{word[:end]}" for word in _WORDS for end in range(1, len(word) + 1)}
    characters = ["\u2581", *string.ascii_letters, *string.digits, *string.punctuation]
    plain = [*characters, *sorted(beginnings, key=lambda piece: (len(piece), piece))]
    return special + plain, [_UNKNOWN, _CONTROL, _CONTROL] + [_BYTE] * 256 + [_NORMAL] * len(plain)


def _wordpiece_vocabulary() -> tuple[list[str], list[int]]:
    """Return tokens and their types: characters, at the beginning of a word and inside, and some words."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    characters = string.ascii_lowercase + string.digits + string.punctuation
    words = [word for word in _WORDS if len(word) > 1]
    plain = [
        *(f"\u2581{character}" for character in characters),
        *characters,
        *(f"\u2581{w}" for w in words),
    ]
    return special + plain, [_CONTROL] * len(special) + [_NORMAL] * len(plain)


def _llama_tensors(shape: Shape, vocabulary: int, numbers: random.Random) -> Iterator[Tensor]:
    width, forward = shape.width, shape.forward
    width_kv = width // shape.heads * shape.heads_kv
    matrices = {
        "attn_q": (width, width),
        "attn_k": (width, width_kv),
        "attn_v": (width, width_kv),
        "attn_output": (width, width),
        "ffn_gate": (width, forward),
        "ffn_up": (width, forward),
        "ffn_down": (forward, width),
    }
    yield _noise("token_embd.weight", (width, vocabulary), numbers)
    yield _noise("output.weight", (width, vocabulary), numbers)
    yield _constant("output_norm.weight", width, 1)
    for block in range(shape.blocks):
        yield _constant(f"blk.{block}.attn_norm.weight", width, 1)
        yield _constant(f"blk.{block}.ffn_norm.weight", width, 1)
        for name, extents in matrices.items():
            yield _noise(f"blk.{block}.{name}.weight", extents, numbers)


def _bert_tensors(shape: Shape, vocabulary: int, context: int, numbers: random.Random) -> Iterator[Tensor]:
    width, forward = shape.width, shape.forward
    matrices = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (width, width))
    matrices |= {"ffn_up": (width, forward), "ffn_down": (forward, width)}
    yield _noise("token_embd.weight", (width, vocabulary), numbers, spread=1)
    yield _noise("position_embd.weight", (width, context), numbers)
    yield _noise("token_types.weight", (width, 2), numbers)
    yield from _norm("token_embd_norm", width)
    for block in range(shape.blocks):
        for name, (inner, outer) in matrices.items():
            yield _noise(f"blk.{block}.{name}.weight", (inner, outer), numbers)
            yield _constant(f"blk.{block}.{name}.bias", outer, 0)
        yield from _norm(f"blk.{block}.attn_output_norm", width)
        yield from _norm(f"blk.{block}.layer_output_norm", width)


def _noise(name: str, extents: tuple[int, ...], numbers: random.Random, spread: float = 0.1) -> Tensor:
    data = array("f", (numbers.uniform(-spread, spread) for _ in range(math.prod(extents))))
    return Tensor(name=name, extents=extents, data=data)


def _constant(name: str, width: int, value: float) -> Tensor:
    return Tensor(name=name, extents=(width,), data=array("f", [value]) * width)


def _norm(name: str, width: int) -> Iterator[Tensor]:
    yield _constant(f"{name}.weight", width, 1)
    yield _constant(f"{name}.bias", width, 0)


def _file(metadata: Mapping[str, Value], tensors: Sequence[Tensor]) -> Iterator[bytes]:
    """Yield the file in pieces: header, metadata, one description and one padded block per tensor."""
    header = b"GGUF" + struct.pack("<IQQ", _VERSION, len(tensors), len(metadata))
    entries = b"".join(_text(key) + _value(*value) for key, value in metadata.items())
    yield _padded(header + entries + b"".join(_descriptions(tensors)))
    for tensor in tensors:
        yield _padded(tensor.data.tobytes())


def _descriptions(tensors: Iterable[Tensor]) -> Iterator[bytes]:
    offset = 0
    for tensor in tensors:
        count = len(tensor.extents)
        yield _text(tensor.name) + struct.pack(f"<I{count}Q", count, *tensor.extents)
        yield struct.pack("<IQ", _TENSOR_F32, offset)
        offset += len(_padded(tensor.data.tobytes()))


def _value(kind: str, value: Scalar | Sequence[Scalar]) -> bytes:
    code, _ = _TYPES[kind]
    if isinstance(value, list):
        return struct.pack("<IIQ", _ARRAY, code, len(value)) + b"".join(_scalar(kind, one) for one in value)
    return struct.pack("<I", code) + _scalar(kind, value)


def _scalar(kind: str, value: object) -> bytes:
    return _text(str(value)) if kind == "str" else struct.pack(_TYPES[kind][1], value)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)
