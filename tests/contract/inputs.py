"""What the contract tests are fed with: values made from a schema, spoiled values, whole inputs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource

from chezmoi_llm import resources
from chezmoi_llm.checks import secrets
from chezmoi_llm.runners import DEFAULT_RUNNERS, RUNNERS

Node: TypeAlias = Mapping[str, Any]

SPEC: Node = json.loads(resources.schema_text("spec"))
EXPANDED: Node = json.loads(resources.schema_text("expanded"))
STORE_LOCAL: Node = json.loads(resources.schema_text("store_local"))
STORE_CLOUD: Node = json.loads(resources.schema_text("store_cloud"))

REGISTRY: Registry[Any] = Registry().with_resources(
    (whole["$id"], Resource.from_contents(whole)) for whole in (SPEC, STORE_LOCAL, STORE_CLOUD)
)
"""Where a reference from one schema to another leads."""

# --- jsonschema, read strictly ---------------------------------------------------------------------


def ecma(pattern: str) -> str:
    """Return a pattern for Python's ``re`` in which ``$`` is the end, as JSON Schema means it."""
    return re.sub(r"(?<!\\)\$", r"\\Z", pattern)


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[Exception]:
    if isinstance(instance, str) and not re.search(ecma(pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _is_integer(_: Any, instance: Any) -> bool:
    return isinstance(instance, int) and not isinstance(instance, bool)


_STRICT = extend(
    Draft202012Validator,
    {"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


def validator(schema: Node) -> Draft202012Validator:
    """Return jsonschema's validator, for which 8192.0 is no integer and ``$`` is the end."""
    return _STRICT(schema, registry=REGISTRY)


# --- walking a schema ------------------------------------------------------------------------------

_ONE = ("items", "additionalProperties", "propertyNames", "if", "then", "unevaluatedProperties")
_MANY = ("properties", "patternProperties", "$defs")


def nodes(node: Any, path: str = "#") -> Iterator[tuple[str, Node]]:
    """Yield every schema inside a schema, with its place."""
    if not isinstance(node, dict):
        return
    yield path, node
    for keyword in _ONE:
        yield from nodes(node.get(keyword), f"{path}/{keyword}")
    for keyword in _MANY:
        for key, inner in node.get(keyword, {}).items():
            yield from nodes(inner, f"{path}/{keyword}/{key}")
    for index, inner in enumerate(node.get("anyOf", ())):
        yield from nodes(inner, f"{path}/anyOf/{index}")


def resolved(schema: Node, node: Node) -> Node:
    """Return a node with what its ``$ref`` says; what stands beside the reference wins."""
    if "$ref" not in node:
        return node
    urn, _, pointer = node["$ref"].partition("#")
    whole: Any = REGISTRY.contents(urn) if urn else schema
    target = whole
    for step in pointer.split("/")[1:]:
        target = target[step]
    return {**resolved(whole, target), **node}


# --- values made from the schema of the input ------------------------------------------------------

MOST_KEYS = 6
"""Keys that a generated mapping has at most; the definitions have up to fifty."""


_ITSELF: Node = {"$ref": "#/$defs/parameter"}
"""What holds itself: a value of a parameter may be a list or a mapping of such."""


def valid(node: Node) -> SearchStrategy[Any]:
    """Return values that a node of the input's schema accepts."""
    if node == _ITSELF:
        return definition("parameter")
    node = resolved(SPEC, node)
    if "then" in node:
        return valid(node["then"])
    if "anyOf" in node:
        return st.one_of([valid(branch) for branch in node["anyOf"]])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    return _BY_TYPE[node["type"]](node) if "type" in node else st.deferred(lambda: JUNK)


@cache
def definition(name: str) -> SearchStrategy[Any]:
    """Return values of one entry of the input schema's ``$defs``."""
    return st.deferred(lambda: valid(SPEC["$defs"][name]))


def _texts(node: Node) -> SearchStrategy[str]:
    return _matching(node.get("pattern", ""), node.get("minLength", 0), node.get("maxLength", 4096))


@cache
def _matching(pattern: str, shortest: int, longest: int) -> SearchStrategy[str]:
    if not pattern:
        return st.text(min_size=shortest, max_size=min(longest, 64))
    texts = st.from_regex(re.compile(ecma(pattern)))
    return texts.filter(lambda text: shortest <= len(text) <= longest)


def _numbers(node: Node) -> SearchStrategy[int | float]:
    low, high = node.get("minimum", -(2**53)), node.get("maximum", 2**53)
    floats = st.floats(low, high, allow_nan=False, allow_infinity=False)
    return floats if node["type"] == "number" else st.integers(low, high)


def _lists(node: Node) -> SearchStrategy[list[Any]]:
    most = min(node.get("maxItems", 3), 3)
    return st.lists(valid(node["items"]), max_size=most, unique=node.get("uniqueItems", False))


@st.composite
def _mappings(draw: DrawFn, node: Node) -> dict[str, Any]:
    known = {key: inner for key, inner in node.get("properties", {}).items() if _is_possible(inner)}
    chosen = (
        draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=MOST_KEYS)) if known else []
    )
    written = {key: draw(valid(known[key])) for key in _one_spelling(chosen, known)}
    if isinstance(node.get("additionalProperties"), dict):
        names = valid(node["propertyNames"]) if "propertyNames" in node else st.text(max_size=8)
        rest = st.dictionaries(names, valid(node["additionalProperties"]), max_size=3)
        written |= {key: value for key, value in draw(rest).items() if key not in known}
    return written


def _is_possible(node: Node) -> bool:
    return resolved(SPEC, node).get("not") != {}


def _one_spelling(keys: list[str], known: Mapping[str, Node]) -> Iterator[str]:
    seen: set[str] = set()
    for key in keys:
        field = known[key].get("x-same-as", key)
        if field not in seen:
            seen.add(field)
            yield key


_BY_TYPE: Mapping[str, Callable[[Node], SearchStrategy[Any]]] = {
    "object": _mappings,
    "array": _lists,
    "string": _texts,
    "integer": _numbers,
    "number": _numbers,
    "boolean": lambda _: st.booleans(),
}

# --- spoiled values --------------------------------------------------------------------------------

JUNK: SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((-1, 0, 1, 10**12, 8192.0, 0.5, 1e300)),
    st.sampled_from(("", " ", "x", "on", "auto", "a\n", "a\x00", "../..", "${PORT}", "é", "\u2028")),
    st.text(max_size=8),
    st.sampled_from(([], [[]], ["a", "a"], ["a", 1], {}, {"a": {}}, {"x-a": None}, {"x-a": {"b": [1]}})),
    st.text("a", min_size=4097, max_size=4097),
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value inside a value."""
    yield path
    pairs = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in pairs:
        yield from places(item, (*path, key))


def replaced(value: Any, path: tuple[str | int, ...], new: Callable[[Any], Any]) -> Any:
    """Return a value with the part at a path replaced."""
    if not path:
        return new(value)
    if isinstance(value, dict):
        return {k: replaced(v, path[1:], new) if k == path[0] else v for k, v in value.items()}
    return [replaced(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)]


@st.composite
def spoiled(draw: DrawFn, good: SearchStrategy[Any]) -> Any:
    """Return a good value with one part replaced, or with one more key or item."""
    value = draw(good)
    path = draw(st.sampled_from(list(places(value))))
    junk = draw(JUNK)
    key = draw(st.sampled_from(("nope", "x-note", "Name", "ctx_sise", "")))

    def change(part: Any) -> Any:
        if isinstance(part, dict) and draw(st.booleans()):
            return {**part, key: junk}
        if isinstance(part, list) and draw(st.booleans()):
            return [*part, junk]
        return junk

    return replaced(value, path, change)


# --- whole inputs without an error -----------------------------------------------------------------

_URIS: Mapping[str, str] = {
    "ramalama": "ollama://library/{name}:8b",
    "llama-server": "hf://owner/{name}",
    "whisper-server": "/srv/models/{name}.bin",
    "command": "",
}
_ALONE = frozenset({"name", "id", "model", "runner", "command", "stop_command", "kind", "roles"})
"""Fields that the test chooses by itself, so that they fit each other."""

_REFERS = frozenset(
    {"aliases", "variants", "port", "group", "shortname", "replaced_by", "fallback", "force_cpu", "env"}
)
"""Fields with rules across models, and ``env``, in which a list may name a variable twice."""


def _free_fields(kind: str, without: frozenset[str]) -> dict[str, SearchStrategy[Any]]:
    known = SPEC["$defs"][kind]["properties"]
    skipped = _ALONE | _REFERS | without
    return {
        key: valid(node)
        for key, node in known.items()
        if key not in skipped and "x-same-as" not in node and _is_possible(node)
    }


_FREE = {
    key: _free_fields("local_model", runner.cannot | {"args", "runner_args"})
    for key, runner in RUNNERS.items()
}


@st.composite
def local_models(draw: DrawFn, name: str, placement: str) -> dict[str, Any]:
    """Return a local model that its runner can start in a placement."""
    runners = sorted(key for key, runner in RUNNERS.items() if placement in runner.placements)
    runner = draw(st.sampled_from([DEFAULT_RUNNERS[placement], *runners]))
    model: dict[str, Any] = {"name": name, "runner": runner, "model": _URIS[runner].format(name=name)}
    model["kind"] = draw(st.sampled_from(sorted(RUNNERS[runner].kinds)))
    if runner == "command":
        del model["model"]
        model["command"] = ["my-server", "--port", "${PORT}", draw(st.sampled_from(("", "a b", "'", "$x")))]
    fields = draw(st.lists(st.sampled_from(sorted(_FREE[runner])), unique=True, max_size=MOST_KEYS))
    return model | {field: draw(_FREE[runner][field]) for field in fields}


_CLOUD = _free_fields("cloud_model", frozenset({"provider", "api_key_env"}))


@st.composite
def cloud_models(draw: DrawFn, name: str) -> dict[str, Any]:
    """Return a cloud model."""
    fields = draw(st.lists(st.sampled_from(sorted(_CLOUD)), unique=True, max_size=MOST_KEYS))
    return {"name": name, "model": f"openai/{name}"} | {field: draw(_CLOUD[field]) for field in fields}


_NETWORKS: tuple[dict[str, str], ...] = (
    {},
    {"name": "models"},
    {"subnet": "10.89.7.0/24", "gateway": "10.89.7.1"},
    {"subnet": "fd00::/64"},
)


@st.composite
def configs(draw: DrawFn) -> dict[str, Any]:
    """Return the data of a config file in which every rule is kept."""
    placement = draw(st.sampled_from(sorted(DEFAULT_RUNNERS)))
    local = draw(st.lists(st.integers(0, 99), unique=True, max_size=4))
    cloud = draw(st.lists(st.integers(0, 99), unique=True, max_size=2))
    models = [draw(local_models(f"local-{number}", placement)) for number in local]
    stack: dict[str, Any] = {
        "enabled": draw(st.booleans()),
        "accelerator": draw(st.sampled_from(("vulkan", "cpu", "rocm", "cuda", "intel", "musa"))),
        "groups": draw(st.just({}) | st.just({"big": {"swap": draw(st.booleans())}})),
        "network": draw(st.sampled_from(_NETWORKS)),
        "services": {
            "llama_swap": {
                "placement": placement,
                "models_dir": "/srv/models",
                "api_key": draw(st.booleans()),
            },
            "litellm": {"enabled": draw(st.booleans())},
            "open_webui": {"persistent_config": draw(st.booleans())},
            "ramalama": {"store": draw(st.sampled_from(("", "/srv/store")))},
            "caddy": {"mode": draw(st.sampled_from(("ports", "subdomains"))), "domain": "example.org"},
            "desktop": {"enabled": draw(st.booleans())},
        },
    }
    if models and models[0]["kind"] == "chat" and draw(st.booleans()):
        stack["task_model"] = models[0]["name"]
        models[0]["enabled"] = True
    if len(models) > 1 and stack["groups"]:
        models[1]["group"] = "big"
    data = {
        "local_models": models,
        "cloud_models": [draw(cloud_models(f"cloud-{number}")) for number in cloud],
        "llm_stack": stack,
        "tailscale": draw(st.sampled_from(({}, {"hostname": "box", "tailnet": "tail1234"}))),
    }
    # a parameter called pw, with anything in it, is taken for a secret, as it should be
    assume(not any(secrets.findings({"data": data})))
    return {"data": data}
