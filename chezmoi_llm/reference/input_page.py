"""What stands on the page about the input, and in which order."""

from __future__ import annotations

from chezmoi_llm.reference.markdown import Page, Table

LOCAL = "#/$defs/local_model"
CLOUD = "#/$defs/cloud_model"
STACK = "#/$defs/llm_stack"

EVERY_SERVICE = (
    *("enabled", "image", "bind", "published_port", "timeout_start_sec", "volumes", "requires", "args"),
    *("env", "secrets", "extra"),
)

KINDS = {
    "served_name": "name",
    "cloud_name": "cloud name",
    "optional_name": "name",
    "key_name": "group name",
    "store_id": "store ID",
    "listed_id": "store ID",
    "model_uri": "model URI",
    "provider_model": "provider's name",
    "line": "line",
    "argument": "argument",
    "env_name": "variable",
    "secret_name": "secret",
    "host_label": "host label",
    "domain": "domain",
    "port": "port",
    "scalar": "scalar",
    "parameter_name": "parameter",
    "parameters": "parameters",
    "unit_value": "unit value",
}

INPUT = Page(
    schema="spec",
    title="What you write",
    has_defaults=True,
    kinds=KINDS,
    text="""
The list stands under `data:` of your config template, `.chezmoi.yaml.tmpl` (or `.toml.tmpl`, `.json.tmpl`).
Nothing has to be written but the name of a model and where it comes from.

Types are strict: `"8192"`, `8192.0` and `8k` are no whole numbers, and the message says what to write
instead. An unknown key is an error with the nearest known one. Keys that begin with `x-` are left alone
everywhere, for notes of your own. Values may come from template actions as long as the result is right.

This page is made from the schema that the program itself reads (`chezmoi-llm schema spec`).
""",
    tables=(
        Table(
            at="#/$defs/data",
            title="Under data",
            text="""
`local_models`, `cloud_models` and `llm_stack` belong to chezmoi-llm; so does `models`, if it holds nothing
but `local` and `cloud`. `published_ports`, `tailscale` and `urls` are shared with the rest of your
dotfiles: keys of other services in them are left alone.
""",
        ),
        Table(at="#/$defs/models/then", title="Both lists in one", level=3),
        Table(
            at=LOCAL,
            title="Local model",
            text="""
A model of `local_models` is a mapping. The list may also be one mapping, with the names as keys:

```yaml
data:
  local_models:
    qwen3-8b: ollama://qwen3:8b
    nomic-embed:
      model: hf://nomic-ai/nomic-embed-text-v1.5-GGUF
      ctx_size: 2048
```
""",
            fields=(
                *("name", "model", "display_name", "description", "kind", "roles", "enabled", "aliases"),
                *("unlisted", "shortname", "id"),
            ),
        ),
        Table(
            at=LOCAL,
            title="How a local model is started",
            level=3,
            text="A setting that the model's `runner` cannot express is an error, never dropped.",
            fields=(
                *("runner", "ctx_size", "ngl", "flash_attn", "threads", "batch_size", "ubatch_size"),
                *("parallel", "cache_type_k", "cache_type_v", "cache_reuse", "pooling", "force_cpu"),
                *("vulkan_driver", "env", "args", "runner_args", "command", "stop_command", "proxy"),
            ),
        ),
        Table(
            at=LOCAL,
            title="How a local model answers",
            level=3,
            text="""
What a client sends with its request wins over the first four. The others change the request on its way: a
name under `variants` asks the same running model with parameters of its own.

```yaml
data:
  local_models:
    - name: qwen3-8b
      model: ollama://qwen3:8b
      strip_params: [temperature]
      variants:
        qwen3-8b:quick:
          chat_template_kwargs: {enable_thinking: false}
```
""",
            fields=(
                *("temp", "top_p", "top_k", "min_p", "strip_params", "set_params", "variants"),
                *("use_model_name", "concurrency_limit"),
            ),
        ),
        Table(
            at=LOCAL,
            title="When a local model is loaded",
            level=3,
            fields=("ttl", "group", "preload", "port", "check_endpoint", "fallback"),
        ),
        Table(
            at=LOCAL,
            title="Facts about a local model",
            level=3,
            text="They change no command; target systems and your own templates may show them.",
            fields=(
                *("context_window", "dimensions", "quantization", "ram_required_gb", "capabilities"),
                *("metadata", "deprecated", "replaced_by", "until"),
            ),
        ),
        Table(
            at=CLOUD,
            title="Cloud model",
            text="""
A model of a provider, reached through LiteLLM. Its key is a Podman secret, named as the variable in lower
case; it is never written here.

```yaml
data:
  cloud_models:
    - name: gpt-5
      model: openai/gpt-5-2025-08-07
```
""",
        ),
        Table(at="#/$defs/pricing", title="Pricing", level=3),
        Table(
            at=STACK,
            title="llm_stack",
            fields=("enabled", "accelerator", "memory_gb", "images", "defaults", "services", "on_error"),
        ),
        Table(
            at=STACK,
            title="Models with a role",
            level=3,
            text="The same can be said by `roles` on the model; both have to agree.",
            fields=("chat_model", "task_model", "embedding_model", "rerank_model", "transcription_model"),
        ),
        Table(
            at=STACK,
            title="Where things are",
            level=3,
            fields=("network", "slice", "wanted_by", "store", "groups"),
        ),
        Table(at="#/$defs/network", title="Network", level=3),
        Table(at="#/$defs/group", title="Group", level=3),
        Table(at="#/$defs/services", title="Services"),
        Table(
            at="#/$defs/service",
            title="Every service in a unit",
            level=3,
            text="`llama_swap`, `litellm` and `open_webui` have these, and what stands below.",
            fields=EVERY_SERVICE,
        ),
        Table(at="#/$defs/service/properties/extra", title="Extra keys of a unit", level=4),
        Table(
            at="#/$defs/llama_swap",
            title="llama_swap",
            level=3,
            fields=(
                *("container_name", "placement", "api_key", "health_check_timeout", "unload_timeout"),
                *("global_ttl", "start_port", "log_level", "log_to_stdout", "log_time_format", "preload"),
                *("models_dir", "macros", "include_aliases_in_list", "send_loading_state"),
                *("metrics_max_in_memory", "capture_buffer"),
            ),
        ),
        Table(
            at="#/$defs/litellm",
            title="litellm",
            level=3,
            fields=("container_name", "num_retries", "router_settings", "litellm_settings", "providers"),
        ),
        Table(at="#/$defs/litellm_router", title="Router of LiteLLM", level=4),
        Table(at="#/$defs/litellm_provider", title="Limits of a provider", level=4),
        Table(
            at="#/$defs/open_webui",
            title="open_webui",
            level=3,
            fields=("container_name", "connections", "ollama_url", "pinned_models", "persistent_config"),
        ),
        Table(at="#/$defs/ramalama", title="ramalama", level=3),
        Table(at="#/$defs/caddy", title="caddy", level=3),
        Table(at="#/$defs/caddy_ports", title="Ports of Caddy", level=4),
        Table(at="#/$defs/caddy_names", title="Names of Caddy", level=4),
        Table(at="#/$defs/desktop", title="desktop", level=3),
        Table(at="#/$defs/kubernetes", title="kubernetes", level=3),
        Table(at="#/$defs/published_ports", title="published_ports"),
        Table(at="#/$defs/tailscale", title="tailscale"),
    ),
)
