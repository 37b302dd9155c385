"""A person's dotfiles with the hook in them, and the helper as a program whose starts are counted."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chezmoi_llm import resources
from realprograms import programs
from realprograms.chezmoi import Done, Home

SCRIPT = Path(resources.root("dot_templates")) / ".chezmoi-llm-hook.sh"

HOOK = r"""
warnings: {configFileTemplateHasChanged: false}
hooks:
  read-source-state:
    pre:
      command: sh
      args: ["-c", "f=$CHEZMOI_SOURCE_DIR/.chezmoi-llm-hook.sh; [ ! -f \"$f\" ] || exec sh \"$f\""]
"""

FIRST_LINES = """\
{{- if not (hasKey . "llm") }}{{ $_ := set . "llm" (output "chezmoi-llm" "expand" | fromJson) }}{{ end -}}
{{- with .llm.error }}{{ fail . }}{{ end -}}
"""
"""What every shipped template begins with."""

MODELS = FIRST_LINES + "{{ range .llm.local_models }}{{ .name }} {{ .model }} {{ .ctx_size }}\n{{ end -}}\n"

TEMPLATE = """\
data:
  local_models:
    - name: small
      model: ollama://small
    - name: big
      model: ollama://big
      ctx_size: 16777216
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dotfiles:
    """The home, and what the helper is told each time that it is started."""

    home: Home
    calls: Path

    @classmethod
    def make(cls, folder: Path, template: str = HOOK + TEMPLATE, **options: Any) -> Dotfiles:
        """Make a home with a config template, the hook's script and a file that lists the models."""
        home = Home.make(folder, **options)
        home.write({".chezmoi.yaml.tmpl": template, "dot_models.tmpl": MODELS, "dot_other": "other\n"})
        shutil.copy(SCRIPT, home.source)
        dotfiles = cls(home=home, calls=folder / "calls")
        dotfiles.install()
        return dotfiles

    def install(self, folder: Path | None = None, name: str = "chezmoi-llm", before: str = "") -> Path:
        """Put the helper into a folder, by default that of PATH; ``before`` is run first each time."""
        helper = (folder or self.home.bin) / name
        helper.parent.mkdir(parents=True, exist_ok=True)
        real = programs.located("chezmoi-llm")
        helper.write_text(f'#!/bin/sh\necho "$*" >>"{self.calls}"\n{before}\nexec "{real}" "$@"\n')
        helper.chmod(0o755)
        return helper

    @property
    def template(self) -> Path:
        """The one file that the person edits."""
        return self.home.source / ".chezmoi.yaml.tmpl"

    @property
    def rendered(self) -> Path:
        """The config file that chezmoi makes of it."""
        return self.home.config / "chezmoi.yaml"

    @property
    def document(self) -> Path:
        """The data file that the hook keeps."""
        return self.home.source / ".chezmoidata/llm.json"

    def edit(self, old: str, new: str) -> None:
        """Replace a text in the template, which must be there once."""
        text = self.template.read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text)
        self.template.write_text(text.replace(old, new), encoding="utf-8")

    def models(self) -> list[str]:
        """Return the names of the models in the file that was deployed."""
        return [line.split()[0] for line in self.home.read(".models").splitlines()]

    def llm(self) -> dict[str, Any]:
        """Return what templates see as ``.llm``."""
        document: dict[str, Any] = json.loads(self.document.read_bytes())["llm"]
        return document

    def git(self, *words: str) -> None:
        """Run git in the source folder."""
        programs.run(["git", *words], env=self.home.env, cwd=self.home.source).check_returncode()

    def commit(self) -> None:
        """Make the source folder a repository, with everything but the document in it."""
        self.home.write({".gitignore": "/.chezmoidata/llm.json\n"})
        self.git("init", "--quiet")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "all")
        self.git("branch", "--move", "--force", "main")

    def starts(self) -> int:
        """Return how often the helper was started since the last call, and forget it."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return len(lines)


def quiet(done: Done, stdout: str = "") -> None:
    """Assert that a command ended well, with nothing to say beyond its answer."""
    assert (done.returncode, done.stdout, done.stderr) == (0, stdout, "")
