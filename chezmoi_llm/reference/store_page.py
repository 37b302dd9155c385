"""What stands on the page about the model store, and in which order."""

from __future__ import annotations

from chezmoi_llm.reference.markdown import Page, Table

LOCAL = "#"
CLOUD = "urn:chezmoi-llm:schema:1:store_cloud#"

_REPLACED = ("enabled", "deprecated", "replaced_by", "until")
_NOTES = ("icon", "use_cases", "notes", "features", "performance", "parameters", "deprecation_reason")

STORE = Page(
    schema="store_local",
    title="Model store",
    text="""
A model store is a folder with a folder `local`, a folder `cloud`, or both. In them lies one file for each
model, in JSON, YAML or TOML; its name is the [ID](../models-by-id.md) of the model:

```text
.llm/models/
├── local/
│   ├── qwen3-4b.json
│   └── our-tuned-model.yaml
└── cloud/
    └── gpt-5.toml
```

`chezmoi-llm store check` holds such a folder to what stands here. A key that is not known is a warning,
since a store may be newer than the program; keys that begin with `x-` are left alone.

An entry is read like your own list: it says which model is started, and with which arguments. Trust a store
as you trust your dotfiles. What decides about your machine cannot stand in one: `command`, `env`,
`runner_args`, `port`, `roles`, `preload`.

These tables are made from the schemas that the program itself reads, `chezmoi-llm schema store_local` and
`chezmoi-llm schema store_cloud`.
""",
    tables=(
        Table(
            at=LOCAL,
            title="Local entry",
            text="""
```json
{
  "id": "qwen3-4b",
  "name": "Qwen3 4B",
  "model_uri": "huggingface://Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf",
  "quantization": "Q4_K_M",
  "ram_required_gb": 3,
  "context_window": 32768,
  "ctx_size": 8192,
  "ttl": 0
}
```
""",
            fields=("id", "name", "description", "model", "kind", "capabilities", "aliases", "shortname"),
        ),
        Table(
            at=LOCAL,
            title="Facts of a local entry",
            level=3,
            fields=(
                *("size", "parameters_b", "active_parameters_b", "quantization", "file_size_gb"),
                *("ram_required_gb", "context_window", "dimensions", "family", "license", "release_date"),
                *("metadata", "source", "also"),
            ),
        ),
        Table(
            at=LOCAL,
            title="How a local entry is started",
            level=3,
            text="`group` counts only where your `llm_stack.groups` has a group of that name.",
            fields=(
                *("runner", "ctx_size", "ngl", "flash_attn", "threads", "batch_size", "ubatch_size"),
                *("parallel", "cache_type_k", "cache_type_v", "cache_reuse", "pooling", "force_cpu"),
                *("vulkan_driver", "args", "temp", "top_p", "top_k", "min_p", "strip_params", "set_params"),
                *("variants", "use_model_name", "ttl", "group"),
                "check_endpoint",
            ),
        ),
        Table(at=LOCAL, title="When a local entry is replaced", level=3, fields=_REPLACED),
        Table(at=LOCAL, title="Notes in a local entry", level=3, fields=("hf_repo", "hf_file", *_NOTES)),
        Table(
            at=CLOUD,
            title="Cloud entry",
            text="""
```json
{
  "id": "gpt-5",
  "name": "GPT-5",
  "provider": "openai",
  "litellm_model_name": "openai/gpt-5-2025-08-07",
  "context_window": 400000,
  "max_output": 128000,
  "requires_api_key": "OPENAI_API_KEY",
  "capabilities": ["chat", "reasoning", "multimodal"]
}
```
""",
            fields=(
                *("id", "name", "description", "model", "provider", "api_key_env", "capabilities"),
                "aliases",
            ),
        ),
        Table(
            at=CLOUD,
            title="Facts of a cloud entry",
            level=3,
            fields=(
                *("context_window", "max_output", "dimensions", "pricing", "family", "license"),
                *("release_date", "metadata", "source", "also"),
            ),
        ),
        Table(at=f"{CLOUD}/properties/pricing", title="Pricing", level=3),
        Table(at=CLOUD, title="When a cloud entry is replaced", level=3, fields=_REPLACED),
        Table(at=CLOUD, title="Notes in a cloud entry", level=3, fields=_NOTES),
    ),
)
