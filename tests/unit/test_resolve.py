"""What the stack is once nothing is left to decide: settings, commands, ports, urls and secrets."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm import schema, spec
from chezmoi_llm.choices import Choice, choose
from chezmoi_llm.resolve import House, ServedModel, images, resolve
from chezmoi_llm.resolve.slugs import slug
from chezmoi_llm.spec import SERVICES

URI = "ollama://qwen3:8b"
EMBED = "hf://owner/nomic-embed"


def house(*models: dict[str, Any], llama_swap: Any = None, services: Any = None, **data: Any) -> House:
    stack = {**data.pop("llm_stack", {}), "services": {**(services or {}), "llama_swap": llama_swap or {}}}
    data = {"local_models": [{"model": URI, **model} for model in models], "llm_stack": stack, **data}
    assert list(schema.findings({"data": data})) == []
    written = spec.build({"data": data})
    return resolve(written, choose(written))


def served(llama_swap: Any = None, **fields: Any) -> ServedModel:
    (model,) = house({"name": "a", **fields}, llama_swap=llama_swap).local_models
    return model


# --- settings -------------------------------------------------------------------------------------

LOWERED = Choice(value="4096", source="derived", why="the model can do no more than its context_window")

CONTEXTS = {
    "default": ({}, 8192, None),
    "smaller window": ({"context_window": 4096}, 4096, LOWERED),
    "other spelling": ({"context_length": 4096}, 4096, LOWERED),
    "larger window": ({"context_window": 131072}, 8192, None),
    "unknown window": ({"context_window": 0}, 8192, None),
    "written": ({"context_window": 4096, "ctx_size": 8192}, 8192, None),
    "the model's own": ({"context_window": 4096, "ctx_size": 0}, 0, None),
}


@pytest.mark.parametrize(("fields", "ctx_size", "reason"), CONTEXTS.values(), ids=CONTEXTS)
def test_the_context_is_lowered_to_what_the_model_can_do(
    fields: dict[str, Any], ctx_size: int, reason: Choice | None
) -> None:
    one = served(**fields)
    assert one.model.ctx_size == ctx_size
    assert one.cmd_argv[one.cmd_argv.index("--ctx-size") + 1] == str(ctx_size)
    assert one.choices.get("ctx_size") == reason


def test_a_context_from_the_defaults_counts_as_written() -> None:
    stack = {"defaults": {"ctx_size": 16384}}
    (one,) = house({"name": "a", "context_window": 4096}, llm_stack=stack).local_models
    assert one.model.ctx_size == 16384


TTLS = {
    "chat": ({}, 900),
    "written": ({"ttl": 60}, 60),
    "never": ({"ttl": 0}, 0),
    "resident": ({"model": EMBED}, 0),
    "resident, written": ({"model": EMBED, "ttl": 900}, 900),
}


@pytest.mark.parametrize(("fields", "ttl"), TTLS.values(), ids=TTLS)
def test_a_resident_model_is_never_unloaded_unless_it_says_so(fields: dict[str, Any], ttl: int) -> None:
    assert served(**fields).model.ttl == ttl


def test_the_reason_for_a_ttl_is_told() -> None:
    assert served(model=EMBED).choices["ttl"] == Choice(
        value="0", source="role", why="a resident model is never unloaded"
    )


def test_what_is_left_out_follows_from_the_name() -> None:
    model = served(name="Qwen3:8B").model
    assert (model.display_name, model.shortname) == ("Qwen3:8B", "qwen3:8b")
    written = served(name="Qwen3:8B", display_name="Qwen", shortname="Q").model
    assert (written.display_name, written.shortname) == ("Qwen", "Q")


def test_each_choice_has_its_reason() -> None:
    assert served(name="A", runner="llama-server", model="hf://o/a").choices == {
        "kind": Choice(value="chat", source="default"),
        "runner": Choice(value="llama-server", source="written"),
        "group": Choice(value="", source="default"),
        "display_name": Choice(value="A", source="derived", why="its name"),
        "shortname": Choice(
            value="a", source="derived", why="its name; RamaLama reads short names in lower case"
        ),
    }


def test_a_model_without_a_gpu_has_no_layers_there() -> None:
    one = served(force_cpu=True)
    assert one.model.ngl == "0"
    assert "--device" in one.cmd_argv
    assert served(force_cpu=False).model.ngl == "auto"


def test_a_stack_without_a_gpu_uses_no_device() -> None:
    (one,) = house({"name": "a"}, llm_stack={"accelerator": "cpu"}).local_models
    assert "--device" in one.cmd_argv


def test_capabilities_name_the_kind_and_what_the_roles_say() -> None:
    assert served(capabilities=["tools"], roles=["vision"]).model.capabilities == (
        "tools",
        "chat",
        "vision",
    )
    assert served(model=EMBED).model.capabilities == ("embedding",)


def test_preload_is_written_on_the_model_or_in_the_service() -> None:
    models = [{"name": "a"}, {"name": "b", "preload": True}, {"name": "c"}]
    resolved = house(*models, llama_swap={"preload": ["a"]}).local_models
    assert [one.model.preload for one in resolved] == [True, True, False]


def test_macros_are_put_in_so_that_the_argument_list_is_what_runs() -> None:
    macros = {"dir": "/srv", "fast": True, "n": 3}
    args = ["--path=${dir}/x", "${fast}", "${n}", "${MODEL_ID}", "${unknown}", "$HOME"]
    one = served(llama_swap={"macros": macros}, args=args)
    assert one.model.args == ("--path=/srv/x", "true", "3", "a", "${unknown}", "$HOME")


def test_the_placeholder_for_the_port_stays_in_a_command() -> None:
    one = served(
        runner="command", command=["serve", "${dir}", "${PORT}"], llama_swap={"macros": {"dir": "/srv"}}
    )
    assert one.cmd_argv == ("serve", "/srv", "${PORT}")
    assert one.cmd == "serve /srv ${PORT}"


# --- names ----------------------------------------------------------------------------------------

SLUGS = {
    "qwen3:8b": "qwen3-8b",
    "hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M": "hf-co-unsloth-qwen3-4b-gguf-q4-k-m",
    "1e3": "1e3",
    "A..B": "a-b",
    "a": "a",
    "x" * 128: "x" * 54,
    "y" * 53 + ":z": "y" * 53,
}


@pytest.mark.parametrize(("name", "expected"), SLUGS.items(), ids=list(SLUGS))
def test_a_slug_is_part_of_a_dns_label(name: str, expected: str) -> None:
    assert slug(name) == expected
    assert len(f"ramalama-{slug(name)}") <= 63


def test_a_container_is_named_after_the_slug() -> None:
    one = served(name="qwen3:8b")
    assert (one.slug, one.container_name) == ("qwen3-8b", "ramalama-qwen3-8b")
    assert one.cmd_stop == "podman stop -t 10 ramalama-qwen3-8b"


# --- where things are -----------------------------------------------------------------------------

PROXIES = {
    "container": ("container", {}, "http://ramalama-a:${PORT}"),
    "container, fixed port": ("container", {"port": 5900}, "http://ramalama-a:5900"),
    "container, own command": (
        "container",
        {"runner": "command", "command": ["x", "${PORT}"]},
        "http://127.0.0.1:${PORT}",
    ),
    "container, own command in a container of its own": (
        "container",
        {"runner": "command", "command": ["x", "${PORT}"], "proxy": "http://box:${PORT}"},
        "http://box:${PORT}",
    ),
    "host": ("host", {}, "http://127.0.0.1:${PORT}"),
    "host, fixed port": ("host", {"port": 5900}, "http://127.0.0.1:5900"),
    "embedded": ("embedded", {"model": "hf://o/a"}, "http://127.0.0.1:${PORT}"),
}


@pytest.mark.parametrize(("placement", "fields", "proxy"), PROXIES.values(), ids=PROXIES)
def test_llama_swap_finds_the_server_where_it_listens(placement: str, fields: Any, proxy: str) -> None:
    one = served(llama_swap={"placement": placement}, **fields)
    assert one.proxy == proxy
    port = proxy.rpartition(":")[2]
    assert port in one.cmd_argv


def test_the_global_ttl_is_that_of_models_that_write_none() -> None:
    models = [{"name": "a"}, {"name": "b", "ttl": 60}, {"name": "e", "kind": "embedding"}]
    resolved = house(*models, llama_swap={"global_ttl": 3600}).local_models
    assert [one.model.ttl for one in resolved] == [3600, 60, 0]
    assert resolved[0].choices["ttl"].why == "global_ttl counts for models that write none"


def test_nobody_claims_a_context_for_a_command() -> None:
    own = {"runner": "command", "command": ["serve", "${PORT}"]}
    assert served(**own).model.ctx_size == 0
    known = served(context_window=32768, **own)
    assert (known.model.ctx_size, known.choices["ctx_size"].why) == (
        32768,
        "command is not told one; what the model can do",
    )


def test_one_port_on_several_models_counts_as_not_written() -> None:
    models = [{"name": "a", "port": 8080}, {"name": "b", "port": 8080}, {"name": "c", "port": 8081}]
    resolved = house(*models).local_models
    assert [one.model.port for one in resolved] == [0, 0, 8081]
    assert [one.proxy.rpartition(":")[2] for one in resolved] == ["${PORT}", "${PORT}", "8081"]


def test_commands_that_have_one_port_written_into_them_are_found_there() -> None:
    fixed = {"runner": "command", "command": ["serve", "--port", "9000"], "port": 9000}
    resolved = house({"name": "a", **fixed}, {"name": "b", **fixed}).local_models
    assert [one.proxy for one in resolved] == ["http://127.0.0.1:9000"] * 2


def test_only_ramalama_in_a_container_joins_the_network() -> None:
    assert "--network" in served(llama_swap={"placement": "container"}).cmd_argv
    assert "--network" not in served(llama_swap={"placement": "host"}).cmd_argv


def test_variables_reach_the_server_by_the_command_or_by_llama_swap() -> None:
    env = {"A": "1"}
    assert served(env=env).process_env == ()
    assert "--env=A=1" in served(env=env).cmd_argv
    direct = served(llama_swap={"placement": "host"}, runner="llama-server", model="hf://o/a", env=env)
    assert direct.process_env == ("A=1",)


APPS = ("llama_swap", "litellm", "open_webui")
TAILNET = {"tailscale": {"hostname": "Box", "tailnet": "tail1234"}}


def urls(placement: str, **data: Any) -> dict[str, tuple[str, str, str]]:
    """Return for each app its url for a browser, for this machine and for the other containers."""
    programs = house(llama_swap={"placement": placement}, **data).programs
    return {key: (programs[key].url, programs[key].local_url, programs[key].internal_url) for key in APPS}


LOCAL = {
    "llama_swap": "http://127.0.0.1:9292",
    "litellm": "http://127.0.0.1:4000",
    "open_webui": "http://127.0.0.1:3000",
}
ON_THE_NETWORK = {
    "llama_swap": "http://llama-swap:8080",
    "litellm": "http://litellm:4000",
    "open_webui": "http://open-webui:8080",
}
ON_THE_TAILNET = {
    "llama_swap": "https://box.tail1234.ts.net:9443",
    "litellm": "https://box.tail1234.ts.net:8443",
    "open_webui": "https://box.tail1234.ts.net",
}
INTERNAL = {"container": ON_THE_NETWORK, "embedded": ON_THE_NETWORK, "host": LOCAL}


@pytest.mark.parametrize("placement", INTERNAL)
def test_urls_without_caddy(placement: str) -> None:
    assert urls(placement) == {key: (LOCAL[key], LOCAL[key], INTERNAL[placement][key]) for key in APPS}


@pytest.mark.parametrize("placement", INTERNAL)
def test_urls_on_the_tailnet(placement: str) -> None:
    assert urls(placement, **TAILNET) == {
        key: (ON_THE_TAILNET[key], LOCAL[key], INTERNAL[placement][key]) for key in APPS
    }


def outside(**data: Any) -> dict[str, str]:
    return {key: url for key, (url, _, _) in urls("container", **data).items()}


def test_a_tailnet_is_written_with_its_end_or_without() -> None:
    whole = {"tailscale": {"hostname": "box", "tailnet": "tail1234.ts.net"}}
    assert outside(**whole) == outside(**TAILNET) == ON_THE_TAILNET
    assert house(**whole).tailscale_name == "box.tail1234.ts.net"


@pytest.mark.parametrize("tailscale", [{}, {"hostname": "box"}, {"tailnet": "tail1234"}], ids=str)
def test_half_a_name_is_none(tailscale: dict[str, str]) -> None:
    assert outside(tailscale=tailscale) == LOCAL
    assert house(tailscale=tailscale).tailscale_name == ""


def test_urls_with_caddy_switched_off() -> None:
    assert outside(**TAILNET, services={"caddy": {"enabled": False}}) == LOCAL


def test_urls_with_names_for_each_app() -> None:
    caddy = {"mode": "subdomains", "domain": "Example.org", "names": {"litellm": "api"}}
    assert outside(services={"caddy": caddy}) == {
        "llama_swap": "https://llama-swap.example.org",
        "litellm": "https://api.example.org",
        "open_webui": "https://ai.example.org",
    }


def test_ports_are_those_of_the_service_else_those_of_the_list() -> None:
    changed = house(
        services={"litellm": {"published_port": 4001}}, published_ports={"litellm": 5, "open_webui": 3001}
    )
    assert {key: changed.programs[key].published_port for key in APPS} == {
        "llama_swap": 9292,
        "litellm": 4001,
        "open_webui": 3001,
    }
    assert changed.programs["open_webui"].port == 8080


BINDS = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]", "127.0.0.1": "127.0.0.1", "192.168.1.5": "192.168.1.5"}  # noqa: S104


@pytest.mark.parametrize("bind", BINDS)
def test_what_listens_everywhere_is_reached_on_the_loopback(bind: str) -> None:
    program = house(services={"open_webui": {"bind": bind}}).programs["open_webui"]
    assert (program.bind, program.local_url) == (bind, f"http://{BINDS[bind]}:3000")


def test_a_container_is_reached_by_the_name_that_it_was_given() -> None:
    named = house(services={"litellm": {"container_name": "gateway"}}).programs["litellm"]
    assert (named.container_name, named.internal_url) == ("gateway", "http://gateway:4000")


# --- programs -------------------------------------------------------------------------------------


def on(**data: Any) -> set[str]:
    return {key for key, program in house(**data).programs.items() if program.enabled}


def test_programs_are_on_by_meaning() -> None:
    usual = {*SERVICES} - {"caddy", "kubernetes"}
    assert on() == usual
    assert on(**TAILNET) == usual | {"caddy"}
    assert on(llama_swap={"placement": "embedded"}) == usual - {"ramalama"}
    assert on(services={"litellm": {"enabled": False}, "caddy": {"enabled": True}}) == usual - {
        "litellm"
    } | {"caddy"}
    assert on(llm_stack={"enabled": False}, **TAILNET) == set()


def test_images_follow_from_placement_and_accelerator() -> None:
    def image(placement: str, accelerator: str) -> str:
        stack = {"accelerator": accelerator}
        return house(llama_swap={"placement": placement}, llm_stack=stack).programs["llama_swap"].image

    assert image("container", "cuda") == images.LLAMA_SWAP_BUILT
    assert image("host", "cuda") == ""
    assert image("embedded", "cuda") == "ghcr.io/mostlygeek/llama-swap:unified-cuda"
    assert house(llama_swap={"image": "quay.io/me/it:1"}).programs["llama_swap"].image == "quay.io/me/it:1"


TIMEOUTS = {
    "nothing to start": ([], {}, 600),
    "a file": ([{"name": "a", "model": "/srv/a.gguf"}], {}, 600),
    "a file URI": ([{"name": "a", "model": "file:///srv/a.gguf"}], {}, 600),
    "a download": ([{"name": "a", "model": "/srv/a.gguf"}, {"name": "b"}], {}, 3600),
    "a disabled download": (
        [{"name": "a", "model": "/srv/a.gguf"}, {"name": "b", "enabled": False}],
        {},
        600,
    ),
    "written": ([{"name": "b"}], {"health_check_timeout": 120}, 120),
}


@pytest.mark.parametrize(("models", "llama_swap", "seconds"), TIMEOUTS.values(), ids=TIMEOUTS)
def test_a_download_has_longer_to_start(models: Any, llama_swap: Any, seconds: int) -> None:
    settings = house(*models, llama_swap=llama_swap).settings
    assert settings.services.llama_swap.health_check_timeout == seconds


# --- roles, groups, cloud models, secrets ---------------------------------------------------------


def test_roles_list_who_plays_them() -> None:
    cloud = [{"name": "gpt-5", "model": "openai/gpt-5"}]
    stack = {"chat_model": "gpt-5"}
    everyone = house({"name": "a"}, {"name": "e", "model": EMBED}, cloud_models=cloud, llm_stack=stack)
    assert everyone.roles == {
        "chat": ("a", "gpt-5"),
        "task": (),
        "embedding": ("e",),
        "rerank": (),
        "transcription": (),
        "vision": (),
    }
    assert everyone.chosen == {
        "chat": "gpt-5",
        "task": "",
        "embedding": "e",
        "rerank": "",
        "transcription": "",
    }


def test_a_group_without_members_is_none() -> None:
    assert house({"name": "a"}, llm_stack={"groups": {"empty": {}}}).groups == ()


KEYS = {
    "openai/gpt-5": ("openai", "OPENAI_API_KEY"),
    "together_ai/x": ("together_ai", "TOGETHERAI_API_KEY"),
    "perplexity/x": ("perplexity", "PERPLEXITYAI_API_KEY"),
    "fireworks_ai/x": ("fireworks_ai", "FIREWORKS_AI_API_KEY"),
    "scaleway/x": ("scaleway", "SCW_SECRET_KEY"),
    "ollama_chat/x": ("ollama_chat", ""),
}


@pytest.mark.parametrize(("model", "expected"), KEYS.items(), ids=list(KEYS))
def test_provider_and_key_follow_from_the_model(model: str, expected: tuple[str, str]) -> None:
    (one,) = house(cloud_models=[{"name": "c", "model": model}]).cloud_models
    assert ((one.provider, one.api_key_env), one.display_name) == (expected, "c")


@pytest.mark.parametrize(("model", "provider"), [("openai/x", "openai"), ("new/x", "mine")])
def test_the_provider_is_the_one_that_litellm_asks(model: str, provider: str) -> None:
    written = {"name": "c", "model": model, "provider": "mine", "api_key_env": "MY_KEY"}
    (one,) = house(cloud_models=[written]).cloud_models
    assert (one.provider, one.api_key_env) == (provider, "MY_KEY")


def secrets(**data: Any) -> set[tuple[str, str, tuple[str, ...], bool]]:
    return {(one.name, one.env, one.used_by, one.is_ours) for one in house(**data).secrets}


OURS = {
    ("litellm_master_key", "LITELLM_MASTER_KEY", ("litellm", "open_webui"), True),
    ("llama_swap_api_key", "LLAMA_SWAP_API_KEY", ("litellm", "llama_swap"), True),
    ("webui_secret_key", "WEBUI_SECRET_KEY", ("open_webui",), True),
}


def test_every_program_gets_the_secrets_that_it_reads() -> None:
    assert secrets() == OURS


def test_a_cloud_model_needs_the_key_of_its_provider() -> None:
    models = [{"name": name, "model": f"openai/{name}"} for name in ("a", "b")]
    assert secrets(cloud_models=models) == OURS | {
        ("openai_api_key", "OPENAI_API_KEY", ("litellm",), False)
    }
    assert secrets(cloud_models=[{**models[0], "enabled": False}]) == OURS


def test_without_litellm_open_webui_asks_llama_swap() -> None:
    assert secrets(services={"litellm": {"enabled": False}}) == {
        ("llama_swap_api_key", "LLAMA_SWAP_API_KEY", ("llama_swap", "open_webui"), True),
        ("webui_secret_key", "WEBUI_SECRET_KEY", ("open_webui",), True),
    }


def test_without_a_key_llama_swap_has_no_secret() -> None:
    assert {name for name, *_ in secrets(llama_swap={"api_key": False})} == {
        "litellm_master_key",
        "webui_secret_key",
    }


def test_secrets_of_the_person_are_handed_on() -> None:
    own = {"litellm": {"secrets": {"DATABASE_URL": "litellm_database"}}}
    assert secrets(services=own) - OURS == {("litellm_database", "DATABASE_URL", ("litellm",), False)}


def test_a_program_reads_its_own_secrets() -> None:
    assert [one.name for one in house().secrets_of("llama_swap")] == ["llama_swap_api_key"]
    assert house(llm_stack={"enabled": False}).secrets == ()
