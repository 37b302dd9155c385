"""What is said of values that break the schema; the contract tests compare the verdicts."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm import schema
from chezmoi_llm.diagnostics import Finding, Severity
from chezmoi_llm.document import UNKNOWN

AT = ("data", "local_models", 0)
MODEL = {"name": "a", "model": "ollama://a"}


def found(value: Any) -> list[Finding]:
    return list(schema.findings(value))


def said(**fields: Any) -> list[tuple[str, tuple[Any, ...], str, str]]:
    """Return code, rest of the path, message and hint of each finding about a model."""
    data = {"data": {"local_models": [{**MODEL, **fields}]}}
    return [(one.code, one.path[len(AT) :], one.message, one.hint) for one in found(data)]


WRONG_TYPES = [
    ("ctx_size", "8192", "'ctx_size' is '8192', but must be a whole number", "write ctx_size: 8192"),
    ("ctx_size", 8192.0, "'ctx_size' is 8192.0, but must be a whole number", "write ctx_size: 8192"),
    ("ctx_size", "1e3", "'ctx_size' is '1e3', but must be a whole number", "write ctx_size: 1000"),
    (
        "ctx_size",
        "8k",
        "'ctx_size' is '8k', but must be a whole number",
        "write ctx_size: 8192",
    ),
    (
        "ctx_size",
        True,
        "'ctx_size' is true, but must be a whole number",
        "write it as in ctx_size: 8192",
    ),
    ("ttl", None, "'ttl' is null, but must be a whole number", "fill it in, or take the line out"),
    ("temp", "0.70", "'temp' is '0.70', but must be a number", "write temp: 0.7"),
    ("name", 123, "'name' is 123, but must be text", 'write name: "123", in quotes'),
    ("name", True, "'name' is true, but must be text", 'write name: "true", in quotes'),
    ("name", 1.5, "'name' is 1.5, but must be text", 'write name: "1.5", in quotes'),
    (
        "description",
        None,
        "'description' is null, but must be text",
        "fill it in, or take the line out",
    ),
    ("preload", "yes", "'preload' is 'yes', but must be true or false", "write preload: true"),
    ("preload", "off", "'preload' is 'off', but must be true or false", "write preload: false"),
    ("preload", "N", "'preload' is 'N', but must be true or false", "write preload: false"),
    ("temp", "warm", "'temp' is 'warm', but must be a number", "write it as in temp: 0.7"),
    ("roles", "chat", "'roles' is 'chat', but must be a list", "write roles: [chat]"),
    ("args", "--a b", "'args' is '--a b', but must be a list", 'write it as in args: ["--jinja"]'),
    ("preload", "maybe", "'preload' is 'maybe', but must be true or false", "write true or false"),
    ("aliases", "other", "'aliases' is 'other', but must be a list", "write aliases: [other]"),
    (
        "metadata",
        [],
        "'metadata' is a list, but must be a mapping",
        'write it as in metadata: {"licence": "Apache-2.0"}',
    ),
    ("ngl", [], "'ngl' is a list, but must be text or a whole number", "write it as in ngl: auto"),
    (
        "flash_attn",
        1,
        "'flash_attn' is 1, but must be text or true or false",
        'write flash_attn: "1", in quotes',
    ),
]


@pytest.mark.parametrize(
    ("field", "value", "message", "hint"),
    WRONG_TYPES,
    ids=[f"{case[0]}-{case[1]!r}" for case in WRONG_TYPES],
)
def test_a_wrong_type_is_told_with_the_right_spelling(
    field: str, value: Any, message: str, hint: str
) -> None:
    assert said(**{field: value}) == [("LLM102", (field,), message, hint)]


OUT_OF_RANGE = [
    (
        "kind",
        "embeding",
        "'kind' is 'embeding', but must be chat, embedding, rerank, transcription, image or speech",
        "did you mean 'embedding'?",
    ),
    ("ctx_size", -1, "'ctx_size' is -1, but must be from 0 to 134217728", "write it as in ctx_size: 8192"),
    ("port", 80, "'port' is 80, but must be from 1024 to 65535", "write it as in port: 5900"),
    ("temp", 1001, "'temp' is 1001, but must be from 0 to 1000", "write it as in temp: 0.7"),
    ("name", "", "'name' is empty", "write it as in name: qwen3-4b"),
    (
        "name",
        "../passwd",
        (
            "'name' is '../passwd', but must be a name of letters, digits and . _ : / @ + -, "
            "starting with a letter or digit, without '..', '//' or a final '/'"
        ),
        "write it as in name: qwen3-4b",
    ),
    (
        "name",
        "os.environ/LITELLM_MASTER_KEY",
        (
            "'name' is 'os.environ/LITELLM_MASTER_KEY', but must be a name of letters, digits "
            "and . _ : / @ + -, starting with a letter or digit, without '..', '//' or a final '/'"
        ),
        "choose another; for this one LiteLLM would show the value of the variable",
    ),
    (
        "until",
        "2027-1-31",
        "'until' is '2027-1-31', but must be a date as \"2027-01-31\", in quotes",
        'write it as in until: "2026-12-31"',
    ),
    (
        "check_endpoint",
        "health",
        "'check_endpoint' is 'health', but must be a path that starts with /, or none",
        "did you mean '/health'?",
    ),
]


@pytest.mark.parametrize(
    ("field", "value", "message", "hint"),
    OUT_OF_RANGE,
    ids=[f"{case[0]}-{case[1]!r}" for case in OUT_OF_RANGE],
)
def test_a_value_out_of_range_is_told_with_what_fits(
    field: str, value: Any, message: str, hint: str
) -> None:
    assert said(**{field: value}) == [("LLM103", (field,), message, hint)]


@pytest.mark.parametrize("text", ["a\nb", "a\r", "a\x00", "a\x1b[31m", "a\u2028b", "\ufeffa", "a\n"])
def test_control_characters_are_refused_and_shown_harmless(text: str) -> None:
    (finding,) = found({"data": {"local_models": [{**MODEL, "quantization": text}]}})
    assert finding.message == f"'quantization' is {text!r}, but must be one line without control characters"
    assert finding.message.isprintable()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")], ids=str)
def test_what_json_cannot_say_is_no_number(value: float) -> None:
    assert [message for _, _, message, _ in said(ram_required_gb=value, metadata={"x": value})] == [
        f"'ram_required_gb' is {value}, but must be a number",
        f"'x' is {value}, but must be text, a number or true or false",
    ]


def test_items_are_counted_from_one() -> None:
    assert said(aliases=["ok", 5]) == [
        ("LLM102", ("aliases", 1), "item 2 of 'aliases' is 5, but must be text", 'write "5", in quotes')
    ]


def test_what_stands_twice_is_told_where_it_stands_again() -> None:
    assert said(aliases=["x", "y", "x"]) == [
        ("LLM103", ("aliases", 2), "'x' stands twice in 'aliases'", "take one out")
    ]


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        (
            {"env": {"A-B": "1"}},
            ("env", "A-B"),
            "the key is 'A-B', but must be a variable name of letters, digits and _",
        ),
        ({"env": {"A": True}}, ("env", "A"), "'A' is true, but must be text or a whole number"),
        (
            {"metadata": {"a": []}},
            ("metadata", "a"),
            "'a' is a list, but must be text, a number or true or false",
        ),
        (
            {"env": ["NO_VALUE"]},
            ("env", 0),
            "item 1 of 'env' is 'NO_VALUE', but must be NAME=value on one line",
        ),
    ],
)
def test_keys_and_values_of_a_free_mapping_are_judged(
    fields: dict[str, Any], path: Any, message: str
) -> None:
    (finding,) = found({"data": {"local_models": [{**MODEL, **fields}]}})
    assert (finding.path[len(AT) :], finding.message) == (path, message)


def test_parameters_are_as_deep_as_a_request() -> None:
    deep = {"extra_body": {"chat_template_kwargs": {"on": False}}, "safety": [{"category": "x"}]}
    assert not found({"data": {"local_models": [{**MODEL, "set_params": deep}]}})
    (finding,) = found({"data": {"local_models": [{**MODEL, "set_params": {"a": [{"b": {"c": "\a"}}]}}]}})
    assert finding.path[len(AT) :] == ("set_params", "a", 0, "b", "c")
    assert finding.message == "'c' is '\\x07', but must be one line without control characters"


@pytest.mark.parametrize("key", ["custom_llm_provider", "use_litellm_proxy"])
def test_who_is_asked_is_said_by_the_model_alone(key: str) -> None:
    """With another provider, LiteLLM would send OpenAI's key to whatever server is written."""
    far = {"name": "far", "model": "ollama_chat/a", "api_base": "http://box:1", "params": {key: "openai"}}
    (finding,) = found({"data": {"cloud_models": [far]}})
    assert finding.hint == "take it out, and begin model with the provider that is asked"


def test_a_wrong_key_is_pointed_at_itself() -> None:
    (finding,) = found({"data": {"local_models": [{**MODEL, "env": {"A-B": "1"}}]}})
    assert finding.at_key


MENDED = {
    ("name", "My Model"): "did you mean 'My-Model'?",
    ("name", " a "): "did you mean 'a'?",
    ("model", "ollama:/qwen3:8b"): "did you mean 'ollama://qwen3:8b'?",
    ("model", "qwen3:8b"): "did you mean 'ollama://qwen3:8b'?",
    ("model", "ollama:qwen3:8b"): "did you mean 'ollama://qwen3:8b'?",
    ("model", "HF://org/name"): "did you mean 'hf://org/name'?",
    ("model", "http://host/a.gguf"): "did you mean 'https://host/a.gguf'?",
    ("model", "qwen3-8b"): (
        "write id: qwen3-8b for an entry of the model store, or a whole URI such as ollama://qwen3:8b"
    ),
    ("model", "org/name:Q4_K_M"): "did you mean 'hf://org/name:Q4_K_M'?",
    ("model", "owner/name"): "did you mean 'hf://owner/name'?",
    ("model", "hf.co/name"): "write it as in model: ollama://qwen3:8b",
    ("model", "git://host/name"): "write it as in model: ollama://qwen3:8b",
    (
        "model",
        "openai/gpt-5",
    ): "move it to cloud_models, or write hf://openai/gpt-5 for a model of this machine",
    ("model", "javascript:alert(1)"): "write it as in model: ollama://qwen3:8b",
    ("ctx_size", "32k"): "write ctx_size: 32768",
    ("ctx_size", "32m"): "write it as in ctx_size: 8192",
    ("ctx_size", "16,384"): "write ctx_size: 16384",
    ("ctx_size", "16,38"): "write it as in ctx_size: 8192",
    ("context", 4096): "did you mean 'ctx_size'?",
    ("model", "hf://ggml-org"): "write it with owner and name: hf://OWNER/NAME",
    ("kind", "Whisper"): "did you mean 'transcription'?",
    ("kind", "vision"): "did you mean 'chat'?",
    ("ttl", "15m"): "write ttl: 900",
    ("ttl", "1 H"): "write ttl: 3600",
    ("port", "8k"): "write it as in port: 5900",
    ("ctxSize", 4096): "did you mean 'ctx_size'?",
    ("ctx-size", 4096): "did you mean 'ctx_size'?",
    ("num_ctx", 4096): "did you mean 'ctx_size'?",
    ("temperature", 0.7): "did you mean 'temp'?",
    ("keep_alive", 300): "did you mean 'ttl'?",
    ("n_gpu_layers", -1): "write all, for every layer, or auto",
    ("threads", -1): "take the line out: the server counts the cores itself",
    ("ttl", -1): "write 0 for never, or take the line out",
    ("model", "${env.HOME}/m/a.gguf"): "write the whole path: {{ .chezmoi.homeDir }}/m/a.gguf",
    ("model", "$HOME/a.gguf"): "write the whole path: {{ .chezmoi.homeDir }}/a.gguf",
    ("model", "/m/${quant}.gguf"): "write it out: macros are for args and command",
    ("mmproj", "/m/a.gguf"): "write args: [--mmproj, VALUE]",
    ("chat_template_kwargs", "{}"): "write args: [--chat-template-kwargs, VALUE]",
    ("n_cpu_moe", 8): "write args: [--n-cpu-moe, VALUE]",
    ("tensor_split", "1,1"): "write args: [--tensor-split, VALUE]",
    ("no_mmap", True): "write args: [--no-mmap]",
    ("jinja", True): "write args: [--jinja]",
    ("draft_model", "/m/a.gguf"): "write args: [--model-draft, FILE]",
    (
        "proxy",
        "https://openrouter.ai/api/v1",
    ): "put it into cloud_models, with this address as api_base",
    ("proxy", "http://box:80/v1"): "write http://box:80, which llama-swap adds the paths to",
    ("concurrencyLimit", 4): "did you mean 'concurrency_limit'?",
    ("setParamsByID", ""): "did you mean 'variants'?",
}


@pytest.mark.parametrize(("field", "value"), MENDED, ids=[f"{field}-{value}" for field, value in MENDED])
def test_what_was_most_likely_meant_is_offered(field: str, value: Any) -> None:
    (finding,) = found({"data": {"local_models": [{**MODEL, field: value}]}})
    assert finding.hint == MENDED[field, value]


WORDS_OF_OTHERS = {
    ("accelerator", "nvidia"): "did you mean 'cuda'?",
    ("accelerator", "AMD"): "write vulkan, or rocm for AMD's own stack",
    ("accelerator", "gpu"): "write vulkan, which most graphics cards do, or take the line out",
    ("accelerator", "none"): "did you mean 'cpu'?",
    ("placement", "docker"): "did you mean 'container'?",
    ("placement", "systemd"): "did you mean 'host'?",
    ("log_level", "debug"): "write info, or log_to_stdout: both for the lines of the models",
    ("hooks", ""): "write preload: [NAME]",
    ("matrix", ""): "write llm_stack: groups:",
}


@pytest.mark.parametrize(
    ("field", "value"), WORDS_OF_OTHERS.keys(), ids=[f"{field}-{value}" for field, value in WORDS_OF_OTHERS]
)
def test_a_word_that_others_use_is_not_mended_to_one_that_only_looks_like_it(
    field: str, value: str
) -> None:
    stack = (
        {"accelerator": value} if field == "accelerator" else {"services": {"llama_swap": {field: value}}}
    )
    (finding,) = found({"data": {"local_models": [MODEL], "llm_stack": stack}})
    assert (finding.hint, finding.mend) == (WORDS_OF_OTHERS[field, value], "")


WRITTEN_ELSEWHERE = {
    "ports of services": ({"ports": {"llama_swap": 80}}, "write data: published_ports: {llama_swap: 9292}"),
    "an address of LiteLLM": (
        {"services": {"litellm": {"api_base": "http://x"}}},
        "write api_base on the model of cloud_models that is served there",
    ),
    "a group that is its members": (
        {"groups": {"big": ["a"]}},
        'write it as in big: {"members": ["qwen3-4b", "gemma3-1b"]}',
    ),
}


@pytest.mark.parametrize(("stack", "hint"), WRITTEN_ELSEWHERE.values(), ids=WRITTEN_ELSEWHERE)
def test_a_shape_that_is_not_ours_is_told_with_ours(stack: dict[str, Any], hint: str) -> None:
    (finding,) = found({"data": {"local_models": [MODEL], "llm_stack": stack}})
    assert (finding.hint, finding.mend) == (hint, "")


def test_the_variable_of_a_key_is_named() -> None:
    cloud = {"name": "c", "model": "openai/c", "api_key_env": "MY-KEY"}
    (finding,) = found({"data": {"cloud_models": [cloud]}})
    assert finding.hint == "write the name of a variable, such as OPENAI_API_KEY"


@pytest.mark.parametrize("key", ["aliases", "env", "metadata", "args"])
def test_a_list_or_mapping_without_lines_counts_as_empty(key: str) -> None:
    (finding,) = found({"data": {"local_models": [{**MODEL, key: None}]}})
    assert (finding.severity, finding.message, finding.hint) == (
        Severity.NOTE,
        f"nothing stands below {key!r}, and it counts as empty",
        "fill it in, or take the line out",
    )


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ({"aliases": ["${a}"]}, "write it as in qwen3-4b"),
        ({"metadata": {"a": []}}, "write one text"),
    ],
    ids=["an item", "a value of any name"],
)
def test_what_has_no_field_of_its_own_has_a_hint_too(fields: dict[str, Any], hint: str) -> None:
    (finding,) = found({"data": {"local_models": [{**MODEL, **fields}]}})
    assert finding.hint == hint


SLIPS = {
    "tll": "ttl",
    "tt": "ttl",
    "taks": "",
    "rolse": "roles",
    "portt": "port",
    "tags": "",
    "uri": "",
    "flags": "args",
}


@pytest.mark.parametrize(("key", "meant"), SLIPS.items(), ids=SLIPS)
def test_a_slip_of_a_finger_and_a_word_of_another_program_can_be_mended(key: str, meant: str) -> None:
    (finding,) = found({"data": {"local_models": [{**MODEL, key: "x"}]}})
    assert finding.mend == meant


def test_two_keys_for_one_field_are_not_both_mended() -> None:
    mends = [one.mend for one in found({"data": {"local_models": [{**MODEL, "num_ctx": 1, "ctxSize": 2}]}})]
    assert mends == ["ctx_size", ""]


def test_the_port_of_a_service_is_the_published_one() -> None:
    (finding,) = found({"data": {"llm_stack": {"services": {"litellm": {"port": 4001}}}}})
    assert (finding.hint, finding.mend) == ("did you mean 'published_port'?", "published_port")


def test_services_are_called_by_their_own_name() -> None:
    (finding,) = found({"data": {"llm_stack": {"services": {"open-webui": {"enabled": True}}}}})
    assert (finding.hint, finding.mend) == ("did you mean 'open_webui'?", "open_webui")


def test_one_word_in_place_of_the_list_is_put_into_one() -> None:
    (finding,) = found({"data": {"local_models": "qwen3-8b"}})
    assert (finding.hint, finding.mend) == ("write local_models: [qwen3-8b]", "[qwen3-8b]")


@pytest.mark.parametrize(("word", "meant"), [("no", "{enabled: false}"), (True, "{enabled: true}")])
def test_a_word_for_a_service_is_its_switch(word: Any, meant: str) -> None:
    (finding,) = found({"data": {"llm_stack": {"services": {"litellm": word}}}})
    assert finding.hint == f"write litellm: {meant}"


def test_an_unknown_key_has_a_near_miss() -> None:
    (finding,) = found({"data": {"local_models": [{**MODEL, "ctx_sise": 1}]}})
    assert finding == Finding(
        code="LLM101",
        path=(*AT, "ctx_sise"),
        at_key=True,
        message="unknown key 'ctx_sise' in item 1 of 'local_models'",
        hint="did you mean 'ctx_size'?",
        mend="ctx_size",
    )


def test_an_unknown_key_that_is_near_to_nothing_is_told_what_there_is() -> None:
    (finding,) = found({"data": {"llm_stack": {"network": {"qqq": 1}}}})
    assert (finding.message, finding.hint) == (
        "unknown key 'qqq' in 'network'",
        "known keys: gateway, name and subnet",
    )


def test_two_spellings_of_one_field_are_one_too_many() -> None:
    assert said(model_uri="ollama://b") == [
        ("LLM106", ("model_uri",), "'model_uri' and 'model' are two spellings of one field", "keep 'model'")
    ]


def test_notes_of_ones_own_are_left_alone() -> None:
    assert said(**{"x-note": {"any": [None]}}) == []
    assert found({"data": {"llm_stack": {"x-why": None, "network": {"x-": []}}}}) == []


@pytest.mark.parametrize("key", ["local_models", "cloud_models", "llm_stack"])
def test_an_owned_key_beside_data_is_told_to_move(key: str) -> None:
    assert found({key: []}) == [
        Finding(
            code="LLM105",
            path=(key,),
            at_key=True,
            message=f"{key!r} cannot stand here: chezmoi drops it here without a word",
            hint="move it under data:",
        )
    ]


def test_a_key_in_clear_text_is_never_shown() -> None:
    model = {"name": "a", "model": "openai/a", "api_key": "sk-1234567890abcdefghij"}
    (finding,) = found({"data": {"cloud_models": [model]}})
    assert finding.is_secret
    assert "sk-" not in finding.message + finding.hint


@pytest.mark.parametrize("model", ["huggingface/https://example.org/v1", "oobabooga/http://example.org"])
def test_the_name_of_a_model_is_no_address(model) -> None:
    """LiteLLM would send the key there, and a model store may not say where."""
    (finding,) = found({"data": {"cloud_models": [{"name": "a", "model": model}]}})
    assert finding.code == "LLM103"
    assert finding.hint == "write the address as api_base, and the model's own name behind the slash"


def test_a_wrong_secret_name_is_not_shown_either() -> None:
    model = {"name": "a", "model": "openai/a", "api_key_env": "sk-1234 5678"}
    (finding,) = found({"data": {"cloud_models": [model]}})
    assert finding.message == "'api_key_env' must be a variable name of letters, digits and _"
    assert finding.is_secret


@pytest.mark.parametrize(
    ("stack", "message"),
    [
        ({"store": ["x"] * 65}, "'store' has 65 items, the limit is 64"),
        (
            {"services": {"llama_swap": {"secrets": {f"A{n}": "a" for n in range(65)}}}},
            "'secrets' has 65 keys, the limit is 64",
        ),
        (
            {"services": {"litellm": {"args": ["a" * 32769]}}},
            "item 1 of 'args' has 32769 characters, the limit is 32768",
        ),
    ],
)
def test_limits_are_named(stack: dict[str, Any], message: str) -> None:
    (finding,) = found({"data": {"llm_stack": stack}})
    assert (finding.code, finding.message) == ("LLM003", message)


def test_depth_has_a_limit() -> None:
    deep: Any = []
    for _ in range(100):
        deep = [deep]
    node: dict[str, Any] = {"type": "array"}
    node["items"] = node
    (finding,) = schema.findings(deep, (), node)
    assert finding.message == "nested deeper than 64 levels"


@pytest.mark.parametrize(
    "data",
    [
        UNKNOWN,
        {"data": UNKNOWN},
        {"data": {"local_models": UNKNOWN, "llm_stack": {"enabled": UNKNOWN}}},
        {
            "data": {
                "local_models": [
                    UNKNOWN,
                    {"name": UNKNOWN, UNKNOWN: UNKNOWN, "aliases": [UNKNOWN, UNKNOWN]},
                ]
            }
        },
        {"data": {"local_models": {UNKNOWN: UNKNOWN, "a": UNKNOWN}}},
    ],
)
def test_nothing_is_said_of_what_only_rendering_can_tell(data: Any) -> None:
    assert found(data) == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"data": {}},
        {"data": {"local_models": []}, "git": {"autoCommit": True}, "edit": None},
        {"data": {"models": {"chat": 1}, "anything": [None, {"local_models": 5}]}},
        {"data": {"published_ports": {"mine": "x"}, "tailscale": {"tag": 5}, "urls": {"a": None}}},
    ],
)
def test_what_is_not_ours_is_not_judged(data: Any) -> None:
    assert found(data) == []


def test_models_is_ours_where_it_holds_nothing_else() -> None:
    (finding,) = found({"data": {"models": {"local": 5}}})
    assert (finding.path, finding.message) == (
        ("data", "models", "local"),
        "'local' is 5, but must be a list or a mapping",
    )


def test_properties_follow_references_and_leave_synonyms_out() -> None:
    local = schema.properties("local_model")
    assert local["ngl"]["default"] == "auto"
    assert {"model_uri", "n_gpu_layers", "hosts"} & set(local) == set()
    assert schema.synonyms("local_model") == {
        "model_uri": "model",
        "n_gpu_layers": "ngl",
        "embedding_dimension": "dimensions",
        "context_length": "context_window",
    }
    assert schema.synonyms("cloud_model") == {
        "litellm_model_name": "model",
        "requires_api_key": "api_key_env",
        "context_length": "context_window",
    }
    assert schema.defaults("caddy_ports") == {"open_webui": 443, "litellm": 8443, "llama_swap": 9443}


URIS = {
    "ollama://qwen3:8b": True,
    "hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M": True,
    "hf://owner/name/folder/file.gguf": True,
    "https://host/a.gguf?download=true": True,
    "file:///srv/a.gguf": True,
    "/srv/größe.gguf": True,
    "hf://name": False,
    "hf.co/owner/": False,
    "hf://owner//name": False,
    "ollama://": False,
    "ollama:// x": False,
    "--privileged": False,
    "javascript:alert(1)": False,
    "file://relative": False,
    "relative/path": False,
    "/srv/a b.gguf": False,
    "/srv/it's.gguf": False,
}


@pytest.mark.parametrize("uri", URIS)
def test_a_model_comes_from_a_uri_or_a_path(uri: str) -> None:
    codes = [finding.code for finding in found({"data": {"local_models": [{**MODEL, "model": uri}]}})]
    assert codes == ([] if URIS[uri] else ["LLM103"])


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ({"tll": 300}, "did you mean 'ttl'?"),
        ({"temperature": 1}, "did you mean 'temp'?"),
        ({"ttl": "5 minutes"}, "write ttl: 300, which is in seconds"),
        ({"roles": ["chatting"]}, "did you mean 'chat'?"),
    ],
    ids=str,
)
def test_short_words_and_long_ones_are_told_what_is_near(written, hint):
    data = {"data": {"local_models": [{"name": "a", "model": "ollama://a"} | written]}}
    assert [one.hint for one in schema.findings(data)] == [hint]
