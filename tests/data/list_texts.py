"""Makes config templates with lists of models in every style that people use, at random from a seed."""

from __future__ import annotations

from collections.abc import Callable

from data.template_texts import Maker

NAMES = ("qwen3:8b", "gemma3-1b", "smol", "bge-m3", "GPT-oss", "1e3", "no", "0x1f")
FIELDS = (
    "ttl: 300",
    "ttl: {{ 5 | add 4 }}",
    "ctx_size: 8192 # tokens",
    "description: 'it''s #1'",
    'description: "x: {{ "{{" }}"',
    "description: >-\n  folded\n  text",
    "x-text: |+\n  kept\n\n",
    "x-none:",
    "aliases: []",
    "args:\n  - --no-warmup",
    "env: {A: b, C: d}",
    "metadata:\n  licence: mit",
    "enabled: true",
    "enabled: false",
)
"""Fields of a model; lines below the first are indented as much as it is."""


class ListMaker(Maker):
    """Writes templates whose ``data`` holds models; all keys besides begin with ``x-``."""

    def __init__(self, seed: int) -> None:
        """Start from a seed: the same seed gives the same template."""
        super().__init__(seed)
        self.names = self.random.sample(NAMES, k=self.random.randint(0, 5))
        self.step = self.chance((2, 2, 4))
        self.newline = self.chance(("\n", "\n", "\r\n"))

    def key(self) -> str:
        self.keys += 1
        return f"x-{self.keys}"

    def members(self) -> tuple[Callable[[int, int], list[str]], ...]:
        """Return the ways to write a member but the printed lines, which go wrong behind a trim."""
        ways = super().members()
        return (*ways[:9], *ways[10:])

    def template(self) -> str:
        """Return the template; with its own line ends, and perhaps none at the end."""
        pad = " " * self.step
        parts = [self.models(), self.stack(), self.cloud()]
        parts = [part for part in parts if part]
        self.random.shuffle(parts)
        lines = ["data:"]
        for part in parts:
            lines += self.mapping(self.step, 2, 1) if self.maybe() else []
            lines += [f"{pad}{line}" if line.strip() else line for line in part]
            lines += self.chance(([], [], [""], [f"{pad}# next"], [f"{pad}  # deeper"]))
        text = "\n".join(lines) + self.chance(("\n", "\n", ""))
        return text.replace("\n", self.newline)

    def maybe(self) -> bool:
        return self.chance((True, False))

    def models(self) -> list[str]:
        """Return the lines of ``local_models``, from column zero."""
        if not self.names:
            return self.chance((["local_models: []"], ["local_models:"], ["local_models: [ ] # none"], []))
        ways = (self.block_list, self.block_list, self.block_list, self.flow_list, self.mapping_form)
        return self.chance(ways)()

    def block_list(self) -> list[str]:
        pad = " " * self.chance((0, self.step))
        marker = self.chance(("- ", "- ", "-   "))
        gap = self.chance(([], [""]))
        lines = [self.chance(("local_models:", "local_models: # all of them"))]
        quotes = self.chance(("", '"', "'"))
        for name in self.names:
            item = self.item(name, pad, marker, quotes)
            lines += gap if len(lines) > 1 else []
            lines += self.chance(([], [], [f"{pad}# {name}"]))
            lines += self.in_block(item, pad) if self.random.random() < 1 / 6 else item
        return lines

    def in_block(self, item: list[str], pad: str) -> list[str]:
        return [f"{pad}{{{{- if {self.condition()} }}}}", *item, f"{pad}{{{{- end }}}}"]

    def item(self, name: str, pad: str, marker: str, quotes: str) -> list[str]:
        written = f"{quotes}{name}{quotes}" if quotes else self.safe(name)
        uri = f"{quotes}ollama://{name}{quotes}"
        if self.random.random() < 1 / 5:
            inside = f"name: {self.in_braces(written)}, model: {uri}{self.chance(('', ', ttl: 5'))}"
            return [f"{pad}{marker}{{{inside}}}"]
        inner = pad + " " * len(marker)
        fields = [line for field in self.fields() for line in field.split("\n")]
        lines = [f"{pad}{marker}name: {written}{self.chance(('', ' # c'))}", f"{inner}model: {uri}"]
        lines += [f"{inner}{line}" for line in (*fields, *self.chance(((), (), ("# its own",))))]
        return lines

    def fields(self) -> list[str]:
        found = self.random.sample(FIELDS, k=self.chance((0, 0, 1, 2)))
        return list({field.partition(":")[0]: field for field in found}.values())

    def in_braces(self, name: str) -> str:
        return f'"{name}"' if ":" in name and name[0] not in "\"'" else name

    def safe(self, name: str) -> str:
        return f'"{name}"' if name in {"1e3", "no", "0x1f"} else name

    def flow_list(self) -> list[str]:
        items = [f'{{"name": "{name}", "model": "ollama://{name}"}}' for name in self.names]
        if self.maybe():
            return [f"local_models: [{', '.join(items)}]"]
        last = self.chance(("", ","))
        comment = self.chance(("", " # c"))
        lines = [f"  {item},{comment}" for item in items[:-1]] + [f"  {items[-1]}{last}{comment}"]
        return ["local_models: [", *lines, "]"]

    def mapping_form(self) -> list[str]:
        lines = ["local_models:"]
        for name in self.names:
            lines += self.chance(
                (
                    [f'  "{name}": "ollama://{name}"'],
                    [f'  "{name}": {{model: "ollama://{name}"}} # c'],
                    [f'  "{name}":', f'    model: "ollama://{name}"', "    ttl: 5"],
                )
            )
        return lines

    def stack(self) -> list[str]:
        """Return the lines of ``llm_stack``, which names some of the models."""
        some = self.names[: self.random.randint(0, 2)]
        if not some:
            return self.chance((["llm_stack:"], ["llm_stack: {}"], ["llm_stack: {accelerator: cpu}"], []))
        members = ", ".join(f'"{name}"' for name in some)
        chat = f'chat_model: "{some[0]}"'
        ways = (
            [f"llm_stack: {{{chat}}}"],
            ["llm_stack:", f"  {chat} # c", "", "  groups:", f"    big: {{members: [{members}]}}"],
            [
                "llm_stack:",
                "  groups:",
                "    big:",
                "      members:",
                *(f'        - "{one}"' for one in some),
            ],
            ["llm_stack:", f"  services: {{llama_swap: {{preload: [{members}]}}}}", "  accelerator: cpu"],
        )
        return self.chance(ways)

    def cloud(self) -> list[str]:
        fallback = f', fallback: ["{self.names[0]}"]' if self.names and self.maybe() else ""
        return self.chance(
            ([], ["cloud_models:", f"  - {{name: gpt, model: openai/gpt{fallback}}}"], ["cloud_models: []"])
        )
