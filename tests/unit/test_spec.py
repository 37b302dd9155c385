"""From data to records: spellings, defaults, what was written, and what only rendering can tell."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest

from chezmoi_llm import schema, spec
from chezmoi_llm.diagnostics import Finding
from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.spec import SERVICES, CloudModel, LocalModel, Services, Spec, Stack


def built(**data: Any) -> Spec:
    assert list(schema.findings({"data": data})) == []
    return spec.build({"data": data})


def local(**fields: Any) -> LocalModel:
    (model,) = built(local_models=[{"name": "a", "model": "ollama://a", **fields}]).local_models
    return model


def test_the_programs_are_those_of_the_record() -> None:
    assert get_type_hints(Services) == SERVICES


def cloud(**fields: Any) -> CloudModel:
    (model,) = built(cloud_models=[{"name": "a", "model": "openai/a", **fields}]).cloud_models
    return model


def stack(**fields: Any) -> Stack:
    return built(llm_stack=fields).stack


def test_a_model_of_two_lines_has_every_default() -> None:
    assert local() == LocalModel(
        at=("data", "local_models", 0),
        written={"name": "name", "model": "model"},
        name="a",
        id="",
        display_name="",
        description="",
        model="ollama://a",
        kind="chat",
        roles=(),
        enabled=True,
        ctx_size=8192,
        context_window=0,
        ngl="auto",
        flash_attn="auto",
        threads=0,
        batch_size=0,
        ubatch_size=0,
        parallel=0,
        cache_type_k="",
        cache_type_v="",
        pooling="",
        temp="",
        top_p="",
        top_k="",
        min_p="",
        cache_reuse=0,
        vulkan_driver="",
        force_cpu=False,
        ttl=900,
        port=0,
        aliases=(),
        group="",
        preload=False,
        unlisted=False,
        check_endpoint="",
        proxy="",
        use_model_name="",
        concurrency_limit=0,
        strip_params=(),
        set_params={},
        variants={},
        shortname="",
        runner="ramalama",
        command=(),
        stop_command=(),
        args=(),
        runner_args=(),
        env=(),
        quantization="",
        ram_required_gb=0,
        dimensions=0,
        capabilities=(),
        metadata={},
        deprecated=False,
        replaced_by="",
        until="",
        fallback=(),
    )


def test_a_cloud_model_of_two_lines_has_every_default() -> None:
    assert cloud() == CloudModel(
        at=("data", "cloud_models", 0),
        written={"name": "name", "model": "model"},
        name="a",
        id="",
        display_name="",
        description="",
        model="openai/a",
        provider="",
        enabled=True,
        context_window=0,
        max_output=0,
        api_base="",
        params={},
        api_key_env="",
        aliases=(),
        fallback=(),
        capabilities=(),
        pricing={"input_per_1m": 0, "output_per_1m": 0},
        metadata={},
        deprecated=False,
        replaced_by="",
        until="",
    )


WAYS = {
    "list": [{"name": "a", "model": "ollama://a"}, {"name": "b", "model": "ollama://b", "ttl": 60}],
    "mapping": {"a": "ollama://a", "b": {"model": "ollama://b", "ttl": 60}},
}


@pytest.mark.parametrize("way", WAYS)
def test_local_models_are_a_list_or_a_mapping(way: str) -> None:
    models = built(local_models=WAYS[way]).local_models
    assert [(model.name, model.model, model.ttl) for model in models] == [
        ("a", "ollama://a", 900),
        ("b", "ollama://b", 60),
    ]


def test_a_model_knows_where_it_stands() -> None:
    first, second = built(local_models=WAYS["mapping"]).local_models
    assert first.at == ("data", "local_models", "a")
    assert second.path("ttl") == ("data", "local_models", "b", "ttl")


def test_models_may_hold_both_lists() -> None:
    both = built(models={"local": WAYS["list"], "cloud": [{"name": "c", "model": "openai/c"}]})
    assert [model.at for model in (*both.local_models, *both.cloud_models)] == [
        ("data", "models", "local", 0),
        ("data", "models", "local", 1),
        ("data", "models", "cloud", 0),
    ]


@pytest.mark.parametrize("models", [{"mine": 1, "local": WAYS["list"]}, {}, [], "text", None])
def test_models_with_anything_else_in_it_is_not_ours(models: Any) -> None:
    assert spec.build({"data": {"models": models}}).local_models == ()


def test_a_text_in_a_list_is_the_id_of_a_store_entry() -> None:
    both = built(local_models=["qwen3-8b"], cloud_models=["gpt-5"])
    assert [model.id for model in (*both.local_models, *both.cloud_models)] == ["qwen3-8b", "gpt-5"]
    assert both.local_models[0].name == ""


@pytest.mark.parametrize(
    ("other", "field", "value"),
    [
        ("model_uri", "model", "ollama://b"),
        ("n_gpu_layers", "ngl", 5),
        ("embedding_dimension", "dimensions", 768),
        ("context_length", "context_window", 4096),
    ],
)
def test_another_spelling_means_the_same_field_and_keeps_its_place(
    other: str, field: str, value: Any
) -> None:
    (model,) = built(local_models=[{"name": "a", other: value}]).local_models
    assert getattr(model, field) == (str(value) if field == "ngl" else value)
    assert model.is_given(field)
    assert model.path(field) == ("data", "local_models", 0, other)


def test_other_spellings_of_cloud_models_and_services() -> None:
    assert cloud(requires_api_key="MY_KEY").api_key_env == "MY_KEY"
    services = stack(services={"openwebui": {"persistent_config": True}}).services
    assert services.open_webui.persistent_config
    assert services.open_webui.at == ("data", "llm_stack", "services", "openwebui")
    assert built(published_ports={"openwebui": 3001}).published_ports["open_webui"] == 3001


CONVERTED = [
    ("ngl", 999, "999"),
    ("ngl", 0, "0"),
    ("ngl", "all", "all"),
    ("flash_attn", True, "on"),
    ("flash_attn", False, "off"),
    ("flash_attn", "auto", "auto"),
    ("temp", 0.7, "0.7"),
    ("temp", 0, "0"),
    ("temp", "", ""),
    ("top_p", 1, "1"),
    ("top_k", 40, "40"),
    ("min_p", 0.05, "0.05"),
    ("args", ["--a", "b c"], ("--a", "b c")),
    ("env", {"A": "x=y", "B": 2}, (("A", "x=y"), ("B", "2"))),
    ("env", ["A=x=y", "B="], (("A", "x=y"), ("B", ""))),
    ("ram_required_gb", 5.5, 5.5),
    ("metadata", {"a": True, "b": 1.5}, {"a": True, "b": 1.5}),
]


@pytest.mark.parametrize(
    ("field", "value", "record"), CONVERTED, ids=[f"{c[0]}-{c[1]!r}" for c in CONVERTED]
)
def test_a_value_has_one_type_in_its_record(field: str, value: Any, record: Any) -> None:
    assert getattr(local(**{field: value}), field) == record


def test_defaults_fill_what_a_model_does_not_write() -> None:
    data = built(
        local_models=[
            {"name": "a", "model": "ollama://a"},
            {"name": "b", "model": "ollama://b", "n_gpu_layers": 0, "ttl": 900},
        ],
        llm_stack={"defaults": {"ngl": "all", "ttl": 60, "kind": "embedding"}},
    )
    first, second = data.local_models
    assert (first.ngl, first.ttl, first.kind) == ("all", 60, "embedding")
    assert (second.ngl, second.ttl, second.kind) == ("0", 900, "embedding")
    assert (first.inherited, second.inherited) == ({"ngl", "ttl", "kind"}, {"kind"})
    assert first.is_given("ttl")
    assert not first.is_given("ctx_size")


def test_a_value_that_equals_its_default_is_given_all_the_same() -> None:
    assert local(ttl=900).is_given("ttl")
    assert not local().is_given("ttl")


def test_an_empty_input_has_a_whole_stack() -> None:
    empty = built()
    assert (empty.local_models, empty.cloud_models, empty.is_open) == ((), (), False)
    assert empty.published_ports == {"llama_swap": 9292, "litellm": 4000, "open_webui": 3000}
    assert (empty.hostname, empty.tailnet) == ("", "")
    services = empty.stack.services
    assert (services.llama_swap.placement, services.llama_swap.container_name) == (
        "container",
        "llama-swap",
    )
    assert (services.litellm.container_name, services.open_webui.container_name) == (
        "litellm",
        "open-webui",
    )
    assert services.llama_swap.health_check_timeout == 0
    assert services.caddy.ports == {"open_webui": 443, "litellm": 8443, "llama_swap": 9443}
    assert services.caddy.names == {"open_webui": "ai", "litellm": "litellm", "llama_swap": "llama-swap"}
    assert (empty.stack.network.name, empty.stack.slice, empty.stack.wanted_by) == (
        "llm",
        "llm.slice",
        "default.target",
    )
    assert (empty.stack.accelerator, empty.stack.images, empty.stack.on_error) == (
        "vulkan",
        "moving",
        "fail",
    )
    assert empty.stack.store == (".llm/models",)


def test_groups_keep_their_order_and_their_names() -> None:
    first, second = stack(groups={"z": {"members": ["a"]}, "b": {"swap": False}}).groups
    assert (first.name, first.members, first.swap, first.exclusive, first.persistent) == (
        "z",
        ("a",),
        True,
        True,
        False,
    )
    assert (second.name, second.swap, dict(second.written)) == ("b", False, {"swap": "swap"})


def test_extra_keys_of_a_unit_are_lines() -> None:
    extra = {"Container": {"Ulimit": ["a", "b"], "RunInit": True, "x": 5}, "x-note": {"a": "b"}, "Unit": {}}
    unit = stack(services={"litellm": {"extra": extra}}).services.litellm
    assert unit.extra == (
        ("Container", (("Ulimit", ("a", "b")), ("RunInit", ("true",)), ("x", ("5",)))),
        ("Unit", ()),
    )


def test_variables_know_their_row() -> None:
    assert dict(local(env=["A=1", "B=2"]).rows) == {"A": 0, "B": 1}
    assert dict(local(env={"A": "1"}).rows) == {}


# --- what only rendering can tell ------------------------------------------------------------------


def unsure(**data: Any) -> Spec:
    return spec.build({"data": data})


def test_an_unknown_value_has_its_default_and_is_remembered() -> None:
    (model,) = unsure(local_models=[{"name": "a", "ttl": UNKNOWN, "aliases": ["x", UNKNOWN]}]).local_models
    assert (model.ttl, model.aliases) == (900, ("x", ""))
    assert model.unknown == {"ttl", "aliases"}
    assert model.is_given("ttl")


OPEN = {
    "unknown list": {"local_models": UNKNOWN},
    "unknown item": {"local_models": [UNKNOWN]},
    "unknown name": {"local_models": [{"name": UNKNOWN}]},
    "unknown keys": {"cloud_models": [{"name": "a", UNKNOWN: UNKNOWN}]},
    "unknown names": {"local_models": {UNKNOWN: UNKNOWN}},
    "unknown stack": {"llm_stack": UNKNOWN},
}


def test_what_counts_as_empty_is_as_if_it_were_not_written() -> None:
    data = {
        "data": {"local_models": [{"name": "a", "model": "ollama://a", "aliases": None}], "llm_stack": None}
    }
    written = spec.build(spec.without(data, schema.findings(data)))
    (model,) = written.local_models
    assert (model.aliases, set(model.written), model.unknown) == ((), {"name", "model"}, frozenset())
    assert not written.stack.written
    assert not written.is_open


@pytest.mark.parametrize("data", OPEN.values(), ids=OPEN)
def test_a_list_that_rendering_may_add_to_is_open(data: dict[str, Any]) -> None:
    assert unsure(**data).is_open


def test_a_list_whose_names_are_known_is_closed() -> None:
    assert not unsure(local_models=[{"name": "a", "model": UNKNOWN}], cloud_models=[]).is_open


def test_what_a_finding_is_about_counts_as_unknown() -> None:
    data = {"data": {"local_models": [{"name": "a", "ttl": "x"}, {"name": "b"}], "other": 1}}
    path = ("data", "local_models", 0, "ttl")
    cleaned = spec.without(data, [Finding(code="LLM102", path=path, message="")])
    assert cleaned == {"data": {"local_models": [{"name": "a", "ttl": UNKNOWN}, {"name": "b"}], "other": 1}}
    assert data["data"]["local_models"] == [{"name": "a", "ttl": "x"}, {"name": "b"}]


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ((), UNKNOWN),
        (("data",), {"data": UNKNOWN}),
        (("data", 0), {"data": [UNKNOWN, 2]}),
        (("data", 9), {"data": [1, 2]}),
        (("data", "a"), {"data": [1, 2]}),
        (("other",), {"data": [1, 2]}),
    ],
    ids=str,
)
def test_only_what_is_there_becomes_unknown(path: Any, cleaned: Any) -> None:
    assert spec.without({"data": [1, 2]}, [Finding(code="", path=path, message="")]) == cleaned


@pytest.mark.parametrize("text", ["A small model\n", "A\nsmall model", "\nA small\n\n  model\n\n"])
def test_the_lines_of_a_text_become_one(text: str) -> None:
    model = local(description=text, display_name=text)
    assert (model.description, model.display_name) == ("A small model", "A small model")


def test_a_list_that_rendering_may_add_leaves_references_open() -> None:
    written = spec.build({"data": {UNKNOWN: UNKNOWN, "llm_stack": {"task_model": "tiny"}}})
    assert written.is_open
    assert written.local_models == ()


def test_fields_that_rendering_may_add_are_unknown() -> None:
    written = spec.build({"data": {"local_models": [{"name": "a", UNKNOWN: UNKNOWN}]}})
    (model,) = written.local_models
    assert {"model", "ttl", "enabled"} <= model.unknown
    assert "name" not in model.unknown


def test_services_that_rendering_may_add_are_unknown() -> None:
    stack = spec.build({"data": {"llm_stack": {UNKNOWN: UNKNOWN}}}).stack
    assert "placement" in stack.services.llama_swap.unknown
    assert "subnet" in stack.network.unknown


def test_a_published_port_that_only_rendering_can_tell_is_no_port() -> None:
    ports = spec.build({"data": {"published_ports": {"llama_swap": UNKNOWN}}}).published_ports
    assert ports == {"llama_swap": 0, "litellm": 4000, "open_webui": 3000}


def test_what_is_wrong_is_taken_out_of_a_copy() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    data = {"data": {"a": [1, 2], "b": {"c": 3}, "theirs": deep}}
    wrong = [Finding(code="X", path=path, message="") for path in (("data", "a", 1), ("data", "b", "d"))]
    left = spec.without(data, wrong)
    assert left["data"] == {"a": [1, UNKNOWN], "b": {"c": 3}, "theirs": deep}
    assert data["data"]["a"] == [1, 2]
    assert spec.without(data, [Finding(code="X", path=(), message="")]) is UNKNOWN
