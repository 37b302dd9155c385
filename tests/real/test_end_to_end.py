"""From the one file to the running model: a list, chezmoi, llama-swap, RamaLama, llama.cpp's server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from realprograms import llama_swap, servers
from realprograms.machine import Machine, machine

pytestmark = pytest.mark.real("chezmoi", "llama-swap", "ramalama", "xllamacpp", "chezmoi-llm")

SECRET = "sk-of-the-person"  # noqa: S105 - for a llama-swap on this machine's loopback
EXAMPLE = Path(__file__).parents[2] / "examples/dotfiles"
RESIDENT = {"titles", "embed"}


def stack(models: str, **settings: object) -> str:
    """Return what a person writes: the settings of llama-swap, and a list of models in YAML."""
    own = {"start_port": servers.free_ports(8), **settings}
    return f"""\
data:
  llm_stack:
    accelerator: cpu
    services:
      llama_swap: {json.dumps(own)}
  local_models:
{models}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A machine on which the list was applied, and its running llama-swap."""

    machine: Machine
    swap: llama_swap.LlamaSwap

    def containers(self) -> set[str]:
        return {name.removeprefix("ramalama-") for name in self.machine.podman.containers()}

    def until_loaded(self, *names: str) -> None:
        what = f"{', '.join(names) or 'nothing'} is loaded"
        servers.until(lambda: set(self.swap.running()) == set(names), seconds=8, what=what)


@contextmanager
def applied(folder: Path, text: str, *, key: str = "") -> Iterator[Served]:
    """Apply a config template on a new machine and run llama-swap there.

    Without a key of the person's own, llama-swap gets the one that the secrets script has made.
    """
    with machine(folder) as made:
        if key:
            made.keep_secret("llama_swap_api_key", key)
        made.write(text)
        made.take_up()
        with made.llama_swap(key or made.written_key()) as swap:
            yield Served(machine=made, swap=swap)


# --- what runs ------------------------------------------------------------------------------------

FIVE = """\
    - name: small
      model: {chat}
      ctx_size: 512
      temp: 0.5
    - name: hf.co/org/Large-GGUF:Q4_K_M
      model: file://{chat}
      ctx_size: 1024
      flash_attn: false
      args: ["--override-kv", "a=str:b c"]
    - name: brief
      model: {chat}
      ttl: 1
    - name: titles
      model: {chat}
      roles: [task]
    - name: embed
      model: {embedding}
      pooling: mean
"""
LARGE = "hf.co/org/Large-GGUF:Q4_K_M"


@pytest.fixture(scope="module", params=["host", "container"])
def served(request, tmp_path_factory, tiny_models):
    """Five models in each of the two placements that start them through RamaLama.

    What one test has loaded may still be there in the next: a start takes a second.
    """
    models = FIVE.format(chat=tiny_models.chat, embedding=tiny_models.embedding)
    text = stack(models, placement=request.param, models_dir=str(tiny_models.chat.parent))
    # a container's key is a Podman secret, which nobody can read back
    key = SECRET if request.param == "container" else ""
    with applied(tmp_path_factory.mktemp(request.param), text, key=key) as made:
        yield made


def test_clients_see_exactly_the_models(served):
    assert {model["id"] for model in served.swap.models()} == {"small", LARGE, "brief", *RESIDENT}


def test_without_the_key_nobody_is_answered(served):
    stranger = replace(served.swap, key="")
    assert served.swap.unload().status == 200
    assert stranger.request("/v1/models").status == 401
    assert stranger.chat("small").status == 401
    assert served.containers() == set()


@pytest.mark.parametrize(("name", "context"), [("small", 512), (LARGE, 1024)], ids=["small", "large"])
def test_a_chat_is_answered_by_the_model_that_was_meant(served, name, context):
    answer = served.swap.chat(name)
    assert answer.status == 200, answer.body
    # a model of random numbers may end its answer at any token
    assert 1 <= answer.json["usage"]["completion_tokens"] <= 4
    asked = served.swap.request(f"/upstream/{name}/props").json
    assert asked["default_generation_settings"]["n_ctx"] == context


def test_an_embedding_has_the_dimension_of_its_model(served, tiny_models):
    answer = served.swap.embed("embed", "hello model", "a text")
    assert answer.status == 200, answer.body
    assert [len(vector["embedding"]) for vector in answer.json["data"]] == [tiny_models.dimensions] * 2


def test_task_and_embedding_stay_loaded_while_chat_models_swap(served):
    assert served.swap.chat("small").status == 200
    assert served.swap.embed("embed", "hi").status == 200
    assert served.swap.chat("titles").status == 200
    assert set(served.swap.running()) == {"small", *RESIDENT}
    assert served.swap.chat("brief").status == 200
    assert set(served.swap.running()) == served.containers() == {"brief", *RESIDENT}


def test_an_idle_chat_model_is_unloaded_and_a_resident_one_stays(served):
    assert served.swap.embed("embed", "hi").status == 200
    assert served.swap.chat("brief").status == 200
    resident = set(served.swap.running()) - {"brief"}
    served.until_loaded(*resident)
    assert "embed" in resident
    assert served.containers() == resident


def test_after_a_cut_of_power_the_model_starts_again(served):
    assert served.swap.chat("small").status == 200
    before = set(served.swap.running())
    served.machine.podman.cut_power("ramalama-small")
    served.until_loaded(*before - {"small"})
    assert served.containers() == before
    assert served.swap.chat("small").status == 200


# --- the life of a list ---------------------------------------------------------------------------

TWO = """\
    - name: first
      model: {chat}
    - name: spare-2b
      model: {chat}
"""
THIRD = """\
    - name: third
      model: {chat}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone with two models who edits the list; llama-swap runs while a block asks it something."""

    machine: Machine
    chat: Path
    text: str

    def edit(self, old: str, new: str) -> None:
        """Replace one place of the list as it was at first."""
        assert self.text.count(old) == 1
        self.machine.write(self.text.replace(old, new))

    def add(self, models: str) -> None:
        self.machine.write(self.text + models.format(chat=self.chat))

    def naming(self, name: str) -> set[str]:
        """Return which of the files that chezmoi has written hold a name."""
        files = self.machine.files()
        return {file.name for file in files if name in file.read_text(encoding="utf-8")}

    @contextmanager
    def asking(self) -> Iterator[llama_swap.LlamaSwap]:
        with self.machine.llama_swap(self.machine.written_key()) as swap:
            yield swap


@pytest.fixture(scope="module")
def household(tmp_path_factory, tiny_models):
    text = stack(TWO.format(chat=tiny_models.chat), placement="host")
    with machine(tmp_path_factory.mktemp("household")) as made:
        made.write(text)
        made.take_up()
        assert made.restarts() == 1
        yield Person(machine=made, chat=tiny_models.chat, text=text)


@pytest.fixture
def person(household):
    """Two models, and nothing left to apply."""
    household.machine.write(household.text)
    assert household.machine.home.apply().returncode == 0
    return household


def test_an_added_model_is_in_the_diff_and_answers_after_a_plain_apply(person):
    before, restarts = person.machine.config.read_bytes(), person.machine.restarts()
    person.add(THIRD)
    shown = person.machine.home.diff()
    assert shown.returncode == 0, shown.stderr
    assert '\n+  "third":\n' in shown.stdout
    assert person.machine.config.read_bytes() == before
    assert person.machine.home.apply().returncode == 0
    assert person.machine.restarts() == restarts + 1
    with person.asking() as swap:
        assert sorted(model["id"] for model in swap.models()) == ["first", "spare-2b", "third"]
        assert swap.chat("third").status == 200


@pytest.mark.parametrize("gone", ["disabled", "removed"])
def test_a_model_that_is_taken_away_is_gone_everywhere(person, gone):
    restarts = person.machine.restarts()
    assert person.naming("spare-2b") >= {"config.yaml", "README.md", "shortnames.conf"}
    entry = person.text[person.text.index("    - name: spare-2b") :]
    person.edit(entry, f"{entry}      enabled: false\n" if gone == "disabled" else "")
    assert person.machine.home.apply().returncode == 0
    assert person.machine.restarts() == restarts + 1
    assert person.naming("spare-2b") == set()
    with person.asking() as swap:
        assert [model["id"] for model in swap.models()] == ["first"]


def test_a_typo_stops_the_apply_and_nothing_of_what_runs(person):
    before, restarts = person.machine.config.read_bytes(), person.machine.restarts()
    person.edit("- name: spare-2b\n", "- name: spare-2b\n      ctx_sise: 512\n")
    file = person.machine.home.source / ".chezmoi.yaml.tmpl"
    line = file.read_text(encoding="utf-8").splitlines().index("      ctx_sise: 512") + 1
    for command, code in (("apply", 1), ("diff", 0), ("status", 0)):
        done = person.machine.home.run(command)
        assert done.returncode == code, done.stderr
        assert f"{file}:{line}:7: LLM101 unknown key 'ctx_sise'" in done.stderr
        assert "hint: did you mean 'ctx_size'?" in done.stderr
    assert person.machine.config.read_bytes() == before
    assert person.machine.restarts() == restarts
    person.edit("- name: spare-2b\n", "- name: spare-2b\n      ctx_size: 512\n")
    done = person.machine.home.apply()
    assert (done.returncode, person.machine.restarts()) == (0, restarts + 1), done.stderr
    with person.asking() as swap:
        assert swap.chat("spare-2b").status == 200
        asked = swap.request("/upstream/spare-2b/props").json
        assert asked["default_generation_settings"]["n_ctx"] == 512


# --- without RamaLama -----------------------------------------------------------------------------

DIRECT = """\
    - name: chat
      model: {chat}
      runner: llama-server
      ctx_size: 512
    - name: embed
      model: {embedding}
      runner: llama-server
      pooling: mean
"""


@pytest.mark.parametrize(
    "settings",
    [{"placement": "host"}, {"placement": "embedded", "image": "localhost/own/llama-swap:1"}],
    ids=["host", "embedded"],
)
def test_llama_server_is_started_without_a_container(tmp_path, tiny_models, settings):
    models = DIRECT.format(chat=tiny_models.chat, embedding=tiny_models.embedding)
    text = stack(models, models_dir=str(tiny_models.chat.parent), **settings)
    key = SECRET if settings["placement"] == "embedded" else ""
    with applied(tmp_path, text, key=key) as made:
        answer = made.swap.chat("chat")
        assert answer.status == 200, answer.body
        asked = made.swap.request("/upstream/chat/props").json
        assert asked["default_generation_settings"]["n_ctx"] == 512
        (vector,) = made.swap.embed("embed", "hi").json["data"]
        assert len(vector["embedding"]) == tiny_models.dimensions
        assert made.containers() == set()


# --- what is shipped ------------------------------------------------------------------------------


def test_the_starter_of_a_new_folder_is_served(tmp_path):
    with machine(tmp_path) as made:
        made.take_up()
        assert made.restarts() == 1
        with made.llama_swap(SECRET) as swap:
            assert {model["id"] for model in swap.models()} == {"qwen3-4b", "nomic-embed-text"}


def test_the_models_of_the_example_are_served_and_no_others(tmp_path):
    with machine(tmp_path) as made:
        shutil.copytree(EXAMPLE, made.home.source, dirs_exist_ok=True)
        made.take_up("--promptDefaults")
        assert made.restarts() == 1
        written = made.home.values()["local_models"]
        with made.llama_swap(SECRET) as swap:
            listed = [model["id"] for model in swap.models()]
        assert sorted(listed) == sorted(one["name"] for one in written if one.get("enabled", True))
        assert made.home.read(".gitconfig") == "[user]\n\temail = me@example.org\n"
