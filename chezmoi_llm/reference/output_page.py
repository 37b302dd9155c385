"""What stands on the page about the expanded document, and in which order."""

from __future__ import annotations

from chezmoi_llm.reference.markdown import Page, Table

LOCAL = "#/$defs/local_model"
LITELLM = "#/$defs/litellm_config/properties"
HOOKS = "#/$defs/llama_swap_config/properties/hooks"
BESIDE = "It has these beside what all have."

OUTPUT = Page(
    schema="expanded",
    title="What templates read",
    text="""
Templates read the expanded document as `.llm`; `chezmoi-llm expand --pretty` shows yours. Every field is on
every model and every service, so no template has to ask whether it is there: what has no value is `""`,
`[]`, `{}`, `0` or `false`. Disabled models are absent. The same input gives the same bytes on any machine.

This page is made from the schema of the document (`chezmoi-llm schema expanded`). Within one
`schema_version` fields are only added.
""",
    tables=(
        Table(
            at="#",
            title="Models and roles",
            fields=(
                *("local_models", "model", "cloud_models", "chat_model", "task_model", "embedding_model"),
                *("rerank_model", "transcription_model", "roles", "groups"),
            ),
        ),
        Table(
            at="#",
            title="The stack",
            fields=(
                *("schema_version", "error", "enabled", "accelerator", "services", "urls", "ports"),
                *("files", "secrets", "network", "tailscale_name", "slice", "wanted_by", "store"),
                "fingerprints",
            ),
        ),
        Table(
            at="#",
            title="What each target system is told",
            text="In the system's own words; the shipped templates write it down.",
            fields=(
                *("llama_swap", "ramalama", "model_units", "litellm", "open_webui", "caddy", "desktop"),
            ),
        ),
        Table(
            at=LOCAL,
            title="Local model",
            fields=(
                *("name", "display_name", "description", "model", "kind", "roles", "enabled", "aliases"),
                *("unlisted", "shortname", "slug", "container_name", "fallback", "id"),
            ),
        ),
        Table(
            at=LOCAL,
            title="Commands and urls of a local model",
            level=3,
            fields=(
                *("cmd_argv", "cmd", "cmd_stop_argv", "cmd_stop", "proxy", "url", "port"),
                "check_endpoint",
            ),
        ),
        Table(
            at=LOCAL,
            title="Settings of a local model",
            level=3,
            fields=(
                *("runner", "ctx_size", "ngl", "flash_attn", "threads", "batch_size", "ubatch_size"),
                *("parallel", "cache_type_k", "cache_type_v", "cache_reuse", "pooling", "temp", "top_p"),
                *("top_k", "min_p", "force_cpu", "vulkan_driver", "env", "args", "runner_args", "command"),
                *(
                    "stop_command",
                    "ttl",
                    "group",
                    "resident",
                    "preload",
                    "strip_params",
                    "set_params",
                    "variants",
                ),
                *("use_model_name", "concurrency_limit"),
            ),
        ),
        Table(
            at=LOCAL,
            title="Facts about a local model",
            level=3,
            fields=(
                *("context_window", "dimensions", "quantization", "ram_required_gb", "capabilities"),
                *("metadata", "deprecated", "replaced_by", "until"),
            ),
        ),
        Table(at="#/$defs/cloud_model", title="Cloud model"),
        Table(at="#/$defs/pricing", title="Pricing", level=3),
        Table(at="#/$defs/roles", title="Roles"),
        Table(at="#/$defs/group", title="Group"),
        Table(at="#/$defs/services", title="Services"),
        Table(at="#/$defs/program", title="Program", level=3),
        Table(at="#/$defs/llama_swap_program", title="Program llama-swap", level=3, text=BESIDE),
        Table(at="#/$defs/ramalama_program", title="Program RamaLama", level=3, text=BESIDE),
        Table(at="#/$defs/urls", title="Urls"),
        Table(at="#/$defs/ports", title="Ports"),
        Table(at="#/$defs/files", title="Files"),
        Table(at="#/$defs/secret", title="Secret"),
        Table(at="#/$defs/network", title="Network"),
        Table(at="#/$defs/fingerprints", title="Fingerprints"),
        Table(at="#/$defs/llama_swap", title="llama_swap"),
        Table(at="#/$defs/llama_swap_config", title="Configuration of llama-swap", level=3),
        Table(at=HOOKS, title="Hooks of llama-swap", level=4),
        Table(at=f"{HOOKS}/properties/on_startup", title="Start of llama-swap", level=4),
        Table(at="#/$defs/llama_swap_model", title="Model of llama-swap", level=4),
        Table(at="#/$defs/llama_swap_filters", title="Filters of llama-swap", level=4),
        Table(at="#/$defs/llama_swap_capabilities", title="Capabilities of llama-swap", level=4),
        Table(at="#/$defs/llama_swap_group", title="Group of llama-swap", level=4),
        Table(at="#/$defs/ramalama", title="ramalama"),
        Table(at="#/$defs/ramalama/properties/config", title="Values of ramalama.conf", level=3),
        Table(at="#/$defs/ramalama/properties/shortnames/items", title="Short name", level=3),
        Table(at="#/$defs/ramalama/properties/downloads/items", title="Download", level=3),
        Table(at="#/$defs/model_units", title="model_units"),
        Table(at="#/$defs/litellm", title="litellm"),
        Table(at="#/$defs/litellm_config", title="Configuration of LiteLLM", level=3),
        Table(at="#/$defs/litellm_model", title="Model of LiteLLM", level=4),
        Table(at="#/$defs/litellm_model/properties/litellm_params", title="litellm_params", level=4),
        Table(at="#/$defs/litellm_model/properties/model_info", title="model_info", level=4),
        Table(at=f"{LITELLM}/litellm_settings", title="litellm_settings", level=4),
        Table(at=f"{LITELLM}/router_settings", title="router_settings", level=4),
        Table(at="#/$defs/litellm_budget", title="Budget of a provider", level=4),
        Table(at=f"{LITELLM}/general_settings", title="general_settings", level=4),
        Table(at="#/$defs/open_webui", title="open_webui"),
        Table(at="#/$defs/caddy", title="caddy"),
        Table(at="#/$defs/caddy/properties/sites/items", title="Site", level=3),
        Table(at="#/$defs/desktop", title="desktop"),
        Table(
            at="#/$defs/unit",
            title="Unit",
            text="What the data adds to the unit of a service, ready to be written into it.",
        ),
        Table(at="#/$defs/llama_swap_unit", title="Unit of llama-swap", level=3, text=BESIDE),
        Table(at="#/$defs/open_webui_unit", title="Unit of Open WebUI", level=3, text=BESIDE),
        Table(at="#/$defs/extra", title="Extra lines of a unit", level=3),
    ),
)
