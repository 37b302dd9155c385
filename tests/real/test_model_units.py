"""Models with units of their own: what the generator reads, what chezmoi deploys, what is restarted."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realprograms import programs, quadlet, ramalama, scripts, standins
from realprograms.chezmoi import Done, Home
from realprograms.dotfiles import HOOK, Dotfiles
from realprograms.kept import renewed
from realprograms.servers import free_port

from chezmoi_llm import expand, resources, targets

UNITS = ".config/containers/systemd"
MODELS = f"{UNITS}/llm/models"
SOURCE = "dot_config/containers/systemd/llm/exact_models"
VARIABLES = {"LLM_NOTHING": "", "LLM_SEMICOLON": ";"}
STARTER = ".chezmoi.yaml.tmpl"

HOSTILE = 'Fast & "good" 100% $5 - 日本語 🙂'
CODE = '{{ output "touch" "PWN" }}'


def stack(*models: dict, units: bool = True, **services: dict) -> dict[str, Any]:
    """Return what stands under ``data:``, with nothing but the models and llama-swap."""
    off = {"litellm": {"enabled": False}, "open_webui": {"enabled": False}, "desktop": {"enabled": False}}
    return {
        "local_models": list(models),
        "llm_stack": {"services": {**off, "ramalama": {"units": units}, **services}},
    }


def model(name: str, **fields: object) -> dict[str, Any]:
    return {"name": name, "model": f"hf://org/{name.rpartition('/')[2].partition(':')[0]}", **fields}


def template(data: dict[str, Any]) -> str:
    """Return a config template that says this; chezmoi finds no action in it."""
    text = json.dumps({"data": data})
    return "".join(r"\u007b" if in_text and sign == "{" else sign for sign, in_text in signs(text))


def with_hook(data: dict[str, Any]) -> str:
    """Return a config template in YAML that declares the hook as well."""
    return HOOK + template(data)[1:-1].replace('"data":', "data:", 1)


def signs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each character of a JSON text with whether it stands inside a string."""
    inside = escaped = False
    for sign in text:
        if sign == '"' and not escaped:
            inside = not inside
        escaped = sign == "\\" and not escaped
        yield sign, inside


def documents(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the document, and the text of each unit."""
    made = expand.expand({"data": data})
    assert made.document is not None, made.findings
    (texts,) = made.sources.values()
    return made.document, dict(texts)


def values(argv: list[str], *options: str) -> list[str]:
    """Return the values of options of ``podman run``, given after them or with ``=``."""
    after = [value for name, value in itertools.pairwise(argv) if name in options]
    joined = tuple(f"{option}=" for option in options)
    return after + [word.partition("=")[2] for word in argv if word.startswith(joined)]


# --- what the generator reads ---------------------------------------------------------------------


def generated(folder: Path, data: dict[str, Any]) -> tuple[dict[str, Any], quadlet.Generated]:
    """Run the generator on the units of a list; it must find nothing to complain about."""
    document, texts = documents(data)
    folder.mkdir(parents=True)
    (folder / "llm.network").write_text("[Network]\nNetworkName=llm\n", encoding="utf-8")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    done = quadlet.generate(folder)
    assert (done.returncode, done.stderr) == (0, "")
    return document, done


def command(done: quadlet.Generated, service: str) -> tuple[list[str], list[str]]:
    """Return what Podman is told, and what runs in the container."""
    argv = done.exec_start(service, VARIABLES)
    image = next(n for n, word in enumerate(argv) if word.startswith("quay.io/ramalama/"))
    return argv[:image], argv[image + 1 :]


ARGS = ["--temp", "0.7", "--override-kv", "a=str:b c"]
ODD = ["", ";", "$HOME", "${HOME}", "100%", "%h", 'a"b', "a'b", "a\\", "a;b", "#x", "$(id)", "é🙂", ""]
MANY = stack(
    model("1e3"),
    model("qwen3:8b", args=ARGS, description=HOSTILE, aliases=["big"]),
    model("hf.co/o/Qwen3-4B-GGUF:Q4_K_M", args=ODD, description=CODE, env={"A": HOSTILE, "B": "$HOME %h"}),
    model("odd", display_name="a\\", description="back\\", check_endpoint="/a'b\"c$d%e;&|#"),
    model("file", model="/srv/100%/$m;x/a.gguf", kind="embedding", port=7001),
    model("late", description="[Service] ExecStartPre=/bin/false"),
)


@pytest.mark.real("quadlet")
@pytest.mark.parametrize("placement", ["container", "host", "embedded"])
def test_every_command_is_the_one_of_the_document(tmp_path, placement):
    data = stack(*MANY["local_models"], llama_swap={"placement": placement})
    document, done = generated(tmp_path / "units", data)
    for one in document["local_models"]:
        service = f"{one['container_name']}.service"
        told, runs = command(done, service)
        assert runs == one["cmd_argv"], one["name"]
        assert values(told, "--name") == [one["container_name"]]
        assert values(told, "--network") == ([] if placement == "host" else ["llm"])
        port = [f"127.0.0.1:{one['port']}:8080"] if placement == "host" or one["port"] else []
        assert values(told, "--publish") == port
        assert values(told, "--cap-drop") == ["all"]
        assert values(told, "--security-opt") == ["no-new-privileges"]
        assert values(told, "--group-add") == ["keep-groups"]
        assert values(told, "--secret") == ["llama_swap_api_key,type=env,target=LLAMA_API_KEY"]
        assert "--privileged" not in told
        unit = done.unit(service)
        assert set(unit) == {"Unit", "X-Container", "Service", "Install"}
        assert "ExecStartPre" not in unit["Service"]
        assert unit["Service"]["Slice"] == ["llm.slice"]
        assert unit["Install"] == {"WantedBy": ["default.target"]}
    assert set(done.texts) - {"llm-network.service"} == set(document["model_units"]["services"])


@pytest.mark.real("quadlet")
def test_every_value_arrives_as_it_was_written(tmp_path):
    _, done = generated(tmp_path / "units", MANY)
    odd, _ = command(done, "ramalama-hf-co-o-qwen3-4b-gguf-q4-k-m.service")
    assert sorted(values(odd, "--env")) == [
        f"A={HOSTILE}",
        "B=$HOME %h",
        "HOME=/tmp",
        "LLAMA_CACHE=/models",
    ]
    assert values(odd, "-v", "--volume") == ["ramalama-models:/models"]
    file, _ = command(done, "ramalama-file.service")
    assert values(file, "-v", "--volume") == ["/srv/100%/$m;x:/srv/100%/$m;x:ro"]
    assert values(file, "--env") == ["HOME=/tmp"]
    told, _ = command(done, "ramalama-odd.service")
    (health,) = values(told, "--health-cmd")
    assert health == "curl -fsS 'http://127.0.0.1:8080/a'\"'\"'b\"c$d%e;&|#'"
    said = {
        "qwen3-8b": f"qwen3:8b ({HOSTILE})",
        "odd": "a\\ (back\\)",
        "late": "late ([Service] ExecStartPre=/bin/false)",
        "1e3": "1e3 (language model)",
    }
    for slug, text in said.items():
        (description,) = done.unit(f"ramalama-{slug}.service")["Unit"]["Description"]
        assert quadlet.expand(description) == text


@pytest.mark.real("quadlet", "systemd-analyze")
@pytest.mark.parametrize("placement", ["container", "host"])
def test_systemd_has_nothing_to_complain_about(tmp_path, placement):
    data = stack(*MANY["local_models"], llama_swap={"placement": placement})
    _, done = generated(tmp_path / "units", data)
    verdict = quadlet.verify(done.texts, tmp_path / "verify")
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


LINE = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
    max_size=12,
)
HARD = st.text(st.sampled_from("ab \"'\\$`{}#;&|%=,-:[]nx0"), max_size=8)


@pytest.mark.real("quadlet")
@settings(max_examples=25)
@given(words=st.lists(st.one_of(HARD, LINE), max_size=100), about=st.one_of(HARD, LINE))
def test_any_argument_and_description_arrive(tmp_path_factory, words, about):
    args = [word for word in words if not word.startswith("-")]
    folder = tmp_path_factory.mktemp("any") / "units"
    _, done = generated(folder, stack(model("a", args=args, description=about)))
    _, runs = command(done, "ramalama-a.service")
    assert runs[runs.index("auto") + 1 :] == args
    (description,) = done.unit("ramalama-a.service")["Unit"]["Description"]
    assert quadlet.expand(description) == f"a ({about or 'language model'})"


SINCE_5_1 = {
    *("Image", "ContainerName", "Label", "AutoUpdate", "Network", "PublishPort", "Exec", "RunInit"),
    *("Volume", "Environment", "Secret", "AddDevice", "GroupAdd", "NoNewPrivileges", "DropCapability"),
    *("HealthCmd", "HealthInterval", "HealthStartPeriod"),
}
"""Keys of [Container] in Podman 5.1's podman-systemd.unit(5)."""


def test_no_key_is_newer_than_the_podman_that_is_asked_for():
    for text in documents(MANY)[1].values():
        assert set(quadlet.parse(text)["Container"]) <= SINCE_5_1


@pytest.mark.real("ramalama")
@pytest.mark.parametrize("kind", ["chat", "embedding"])
def test_what_ramalama_itself_would_write_is_there(tmp_path, tiny_models, kind):
    file = str(getattr(tiny_models, kind))
    asked = {"name": "a", "model": file, "kind": kind, "port": 5800}
    ours = quadlet.parse(documents(stack(asked))[1]["ramalama-a.container"])
    serve = ["--name", "ramalama-a", "--port", "5800", "--host", "127.0.0.1"]
    theirs = quadlet.parse(ramalama.quadlet(file, *serve, folder=tmp_path))
    told, says = theirs["Container"], ours["Container"]
    for key in ("ContainerName", "RunInit", "DropCapability", "NoNewPrivileges"):
        assert says[key] == told.pop(key)
    assert set(told.pop("Environment")) <= set(says["Environment"])
    assert set(says["AddDevice"]) <= set(told.pop("AddDevice"))
    assert told.pop("PublishPort") == ["127.0.0.1:5800:5800"]
    assert says["PublishPort"] == ["127.0.0.1:5800:8080"]
    (image,), (command,) = told.pop("Image"), told.pop("Exec")
    assert image.rpartition(":")[0] == says["Image"][0].rpartition(":")[0]
    assert command.split()[0] == says["Exec"][0].split()[0] == "llama-server"
    assert all(mount.endswith(",ro,Z") for mount in told.pop("Mount"))
    assert [volume.endswith(":ro") for volume in says["Volume"]] == [True]
    assert told == {"SecurityLabelDisable": ["true"]}  # ours stays confined
    assert "default.target" in theirs["Install"]["WantedBy"][0].split()
    assert ours["Install"]["WantedBy"] == ["default.target"]


@contextmanager
def server(argv: list[str]) -> Iterator[str]:
    """Run llama.cpp's server with these arguments on a free port, and yield its address."""
    port = str(free_port())
    words = [port if word == "8080" else word for word in argv]
    with subprocess.Popen([sys.executable, standins.SCRIPTS / words[0], *words[1:]]) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def answered(url: str) -> dict[str, Any]:
    """Ask until somebody answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310  our own server
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError:
            assert time.monotonic() < deadline, url
            time.sleep(0.1)


@pytest.mark.real("xllamacpp")
@pytest.mark.parametrize(("name", "kind"), [("hf.co/o/Qwen3:Q4", "chat"), ("1e3", "embedding")])
def test_a_real_server_goes_by_the_name_of_its_model(tiny_models, name, kind):
    file = str(getattr(tiny_models, kind))
    document, _ = documents(stack({"name": name, "model": file, "kind": kind, "args": ARGS}))
    with server(document["local_models"][0]["cmd_argv"]) as url:
        assert answered(f"{url}/health") == {"status": "ok"}
        assert [entry["id"] for entry in answered(f"{url}/v1/models")["data"]] == [name]


# --- what chezmoi deploys -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Dotfiles with the hook, whose list is written as a whole each time."""

    dotfiles: Dotfiles

    @classmethod
    def make(cls, folder: Path, data: dict[str, Any]) -> Person:
        return cls(dotfiles=Dotfiles.make(folder, with_hook(data)))

    @property
    def home(self) -> Home:
        return self.dotfiles.home

    def write(self, data: dict[str, Any]) -> None:
        self.dotfiles.template.write_text(with_hook(data), encoding="utf-8")

    def apply(self) -> None:
        fine(self.home.apply())

    def units(self) -> list[str]:
        folder = self.home.path / MODELS
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def fine(done: Done, stdout: str = "") -> None:
    assert (done.returncode, done.stdout, done.stderr) == (0, stdout, "")


A, B = model("a"), model("b")
A_FILE, B_FILE = "ramalama-a.container", "ramalama-b.container"
chezmoi = pytest.mark.real("chezmoi", "chezmoi-llm")


@pytest.fixture(scope="module")
def applied_person(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Person]:
    def make(folder: Path) -> Person:
        made = Person.make(folder, stack(A, B))
        fine(made.home.init("--apply"))
        made.apply()
        made.dotfiles.starts()
        return made

    return renewed(make, partial(tmp_path_factory.mktemp, "applied"))


@pytest.fixture
def person(applied_person: Callable[[], Person]) -> Person:
    return applied_person()


@chezmoi
def test_a_unit_comes_and_goes_with_its_model(person):
    assert person.units() == [A_FILE, B_FILE]
    for models, units in (
        ([A], [A_FILE]),
        ([A, B], [A_FILE, B_FILE]),
        ([A | {"enabled": False}, B], [B_FILE]),
        ([], []),
        ([A], [A_FILE]),
    ):
        person.write(stack(*models))
        done = person.home.apply()
        assert done.returncode == 0
        assert person.units() == units


@chezmoi
def test_units_go_and_come_back_when_they_are_switched(person):
    for units, there in ((False, []), (True, [A_FILE, B_FILE]), (False, [])):
        person.write(stack(A, B, units=units))
        person.apply()
        assert person.units() == there
        assert sorted(path.name for path in (person.home.source / SOURCE).iterdir()) == there
    fine(person.home.status())


@chezmoi
def test_a_stack_that_is_switched_off_takes_its_units_along(person):
    data = stack(A, B)
    data["llm_stack"]["enabled"] = False
    person.write(data)
    person.apply()
    assert person.units() == []


@chezmoi
def test_an_edit_is_seen_before_it_is_applied(person):
    person.write(stack(A | {"ctx_size": 4096}))
    diff = person.home.diff().stdout
    assert "+Exec=llama-server --host 0.0.0.0 --port 8080 --alias a --hf-repo org/a --ctx-size 4096" in diff
    assert "deleted file mode 100644\nindex" in diff
    assert person.units() == [A_FILE, B_FILE]


@chezmoi
def test_without_units_no_folder_is_made(tmp_path):
    person = Person.make(tmp_path, stack(A, units=False))
    fine(person.home.init("--apply"))
    assert not (person.home.source / "dot_config").exists()
    assert not (person.home.path / ".config/containers").exists()


@chezmoi
def test_when_nothing_has_changed_the_helper_is_not_started(person):
    person.apply()
    assert person.dotfiles.starts() == 0
    person.write(stack(A))
    person.apply()
    assert person.dotfiles.starts() == 1
    person.apply()
    assert person.dotfiles.starts() == 0
    person.write(stack(A, units=False))
    person.apply()
    person.apply()
    assert person.dotfiles.starts() == 1


@chezmoi
@pytest.mark.parametrize("what", ["deleted", "edited", "emptied"])
def test_a_source_file_that_is_not_as_it_should_be_is_written_anew(person, what):
    file = person.home.source / SOURCE / A_FILE
    before = file.read_bytes()
    if what == "deleted":
        file.unlink()
    elif what == "edited":
        file.write_bytes(before + b"# mine\n")
    else:
        shutil.rmtree(file.parent)
    person.apply()
    assert (file.read_bytes(), person.dotfiles.starts()) == (before, 1)
    assert person.units() == [A_FILE, B_FILE]
    person.apply()
    assert person.dotfiles.starts() == 0


@chezmoi
def test_nothing_in_a_unit_is_code_to_chezmoi(tmp_path):
    names = ["1e3", "qwen3:8b", "hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M"]
    person = Person.make(tmp_path, stack(*(model(name, description=CODE, args=[CODE]) for name in names)))
    put_templates(person.home)
    assert person.home.init("--apply").returncode == 0
    slugs = ["1e3", "hf-co-unsloth-qwen3-4b-gguf-q4-k-m", "qwen3-8b"]
    assert person.units() == [f"ramalama-{slug}.container" for slug in slugs]
    for slug in slugs:
        assert f"({CODE})\n" in person.home.read(f"{MODELS}/ramalama-{slug}.container")
    assert not list(tmp_path.rglob("PWN"))
    llama_swap = person.home.read(".config/llama-swap/config.yaml")
    assert "models: {}\n" in llama_swap


@chezmoi
@pytest.mark.parametrize(
    ("folders", "source"),
    [
        ("private_dot_config", "private_dot_config/containers/systemd/llm/exact_models"),
        ("dot_config/private_containers", "dot_config/private_containers/systemd/llm/exact_models"),
        (
            "dot_config/containers/exact_systemd",
            "dot_config/containers/exact_systemd/llm/exact_models",
        ),
    ],
    ids=["private", "further down", "exact"],
)
def test_the_folders_of_the_person_are_used(tmp_path, folders, source):
    person = Person.make(tmp_path, stack(A))
    person.home.write({f"{folders}/mine": "mine\n"})
    fine(person.home.init("--apply"))
    assert person.units() == [A_FILE]
    assert (person.home.source / source / A_FILE).exists()
    person.write(stack())
    assert person.home.apply().returncode == 0
    assert person.units() == []
    assert (person.home.source / folders / "mine").exists()


@chezmoi
def test_a_file_in_the_way_stops_what_writes_and_nothing_else(person):
    place = person.home.source / SOURCE / "ramalama-c.container"
    place.write_text("mine\n", encoding="utf-8")
    before = person.dotfiles.document.read_bytes()
    person.write(stack(A, model("c")))
    said = f"chezmoi-llm: {place} is not of chezmoi-llm; move it away; the models stay as they were; "
    done = person.home.status()
    assert (done.returncode, done.stderr.startswith(said)) == (0, True)
    assert person.home.apply().returncode == 1
    assert (place.read_text(encoding="utf-8"), person.dotfiles.document.read_bytes()) == ("mine\n", before)


@chezmoi
def test_a_typo_leaves_the_units_as_they_were(person):
    person.write(stack(A | {"ctx_sise": 1}))
    assert person.home.apply().returncode == 1
    assert person.home.status().returncode == 0
    assert person.units() == [A_FILE, B_FILE]


# --- the other two modes --------------------------------------------------------------------------


def helper(home: Home, *args: str) -> Done:
    return programs.run([programs.located("chezmoi-llm"), *args], env=home.env, cwd=home.source)


def committed(tmp_path: Path, data: dict[str, Any]) -> Home:
    home = Home.make(tmp_path)
    home.write({".chezmoi.json.tmpl": template(data)})
    assert programs.run(["git", "-C", home.source, "init", "-q"], env=home.env).returncode == 0
    return home


@pytest.mark.real("chezmoi", "chezmoi-llm", "git")
def test_committed_units_are_deployed_without_the_helper(tmp_path):
    home = committed(tmp_path, stack(A, B))
    done = helper(home, "expand", "--write")
    said = f"chezmoi-llm: wrote .chezmoidata/llm.json {SOURCE}; commit it: git add --force "
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"{said}.chezmoidata/llm.json {SOURCE}\n"
    fine(helper(home, "expand", "--write"))
    assert helper(home, "check", "--frozen").returncode == 0
    assert home.init("--apply").returncode == 0
    assert sorted(path.name for path in (home.path / MODELS).iterdir()) == [A_FILE, B_FILE]
    home.write({".chezmoi.json.tmpl": template(stack(A, B, units=False))})
    assert helper(home, "check", "--frozen").returncode == 1
    assert helper(home, "expand", "--write").returncode == 0
    assert [path.name for path in (home.source / SOURCE).iterdir()] == [".keep"]
    assert home.apply().returncode == 0
    assert list((home.path / MODELS).iterdir()) == []


@pytest.mark.real("chezmoi-llm", "chezmoi", "git")
@pytest.mark.parametrize("what", ["missing", "other", "left over"])
def test_a_unit_that_is_not_committed_as_it_should_be_is_told(tmp_path, what):
    home = committed(tmp_path, stack(A))
    helper(home, "expand", "--write")
    file = home.source / SOURCE / A_FILE
    if what == "missing":
        file.unlink()
    elif what == "other":
        file.write_text(file.read_text("utf-8") + "# mine\n", "utf-8")
    else:
        left = file.read_text("utf-8").replace("ramalama-a", "ramalama-b")
        (file.parent / B_FILE).write_text(left, "utf-8")
    done = helper(home, "check", "--frozen")
    assert (done.returncode, done.stderr) == (
        1,
        f"chezmoi-llm: {SOURCE} is out of date; run chezmoi-llm expand --write, and commit it\n",
    )


@chezmoi
def test_a_template_that_asks_for_the_document_itself_cannot_have_units(tmp_path):
    home = Home.make(tmp_path, "chezmoi-llm")
    home.write({"dot_x.tmpl": '{{ output "chezmoi-llm" "expand" }}\n'})
    home.write({".chezmoi.json.tmpl": template(stack(A))})
    done = home.init("--apply")
    assert done.returncode == 1
    assert (
        "chezmoi-llm: services.ramalama.units needs a file for each model, which no template can make; "
        "let the hook make them (chezmoi-llm init --mode hook), "
        "or commit them (chezmoi-llm init --mode commit)\n"
    ) in done.stderr
    home.write({".chezmoi.json.tmpl": template(stack(A, units=False))})
    fine(home.init("--apply"))
    assert json.loads(home.read(".x"))["model_units"]["services"] == []


@chezmoi
@pytest.mark.parametrize("how", ["by hand", "as a plugin", "in a template beside the hook"])
def test_elsewhere_the_document_is_there_with_its_units(person, how):
    if how == "by hand":
        done = helper(person.home, "expand")
    elif how == "as a plugin":
        done = person.home.run("llm", "expand")
    else:
        done = person.home.execute('{{ output "chezmoi-llm" "expand" }}')
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["model_units"]["services"] == list(SERVICES)


@pytest.mark.real("chezmoi", "chezmoi-llm", "git")
def test_a_switch_to_mode_output_takes_the_units_out_of_source_and_home(person):
    home = person.home
    person.dotfiles.template.write_text(template(stack(A, B, units=False)), encoding="utf-8")
    said = helper(home, "init", "--mode", "output", "--yes", "--with", "none")
    assert said.returncode == 0, said.stderr
    assert not (home.source / SOURCE).exists()
    assert home.init("--apply").returncode == 0
    assert person.units() == []
    assert home.status().stdout == ""


# --- init -----------------------------------------------------------------------------------------


@pytest.mark.real("chezmoi", "chezmoi-llm", "git")
@pytest.mark.parametrize("folder", ["dot_config", "private_dot_config"])
def test_git_sees_nothing_of_the_units_and_init_takes_them_away_again(tmp_path, folder):
    home = Home.make(tmp_path, "chezmoi-llm")
    home.write({f"{folder}/mine": "mine\n", STARTER: with_hook(stack(A))})
    assert helper(home, "init", "--yes", "--source", str(home.source)).returncode == 0
    source = f"{folder}/containers/systemd/llm/exact_models"
    assert f"/{source}/" in (home.source / ".gitignore").read_text("utf-8").splitlines()
    assert home.init("--apply").returncode == 0
    assert (home.path / MODELS / A_FILE).exists()
    git = ["git", "-C", home.source]
    assert programs.run([*git, "init", "-q"], env=home.env).returncode == 0
    unseen = programs.run([*git, "status", "--porcelain", "--untracked-files=all"], env=home.env).stdout
    assert "exact_models" not in unseen
    script = next(home.source.glob(".chezmoiscripts/*reload-models*")).read_text("utf-8")
    assert f'{{{{- $files := list "{folder}/containers/systemd/llm/llm.network.tmpl" }}}}' in script
    said = helper(home, "init", "--remove", "--yes", "--source", str(home.source))
    assert said.returncode == 0
    assert "ramalama-a.service" in said.stdout
    assert not (home.source / source).exists()
    assert not (home.source / ".gitignore").exists()
    assert home.apply("--force").returncode == 0
    assert not (home.path / MODELS / A_FILE).exists()


# --- the scripts ----------------------------------------------------------------------------------

STOP = ".chezmoiscripts/run_onchange_before_45-llm-stop.sh.tmpl"
RELOAD = ".chezmoiscripts/run_onchange_after_54-reload-models.sh.tmpl"
SHARED = ".chezmoitemplates/llm-reload.sh"
KEY = "llama_swap_api_key"


def put_templates(home: Home) -> None:
    shutil.copytree(
        resources.root("dot_templates"),
        home.source,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns(STARTER),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A person with the scripts for units alone, on a machine that writes down what it is asked."""

    person: Person
    log: Path

    def systemd(self, *running: str, **answers: tuple[int, str]) -> None:
        """Let these services run, from the files that are deployed now."""
        home = self.person.home
        files = {service: scripts.file_of(service, home) for service in running}
        standins.record_systemd(home.bin, self.log, running=files, **answers)

    def podman(self, *running: str, secrets: bool = True) -> None:
        """Let the containers of these services run, each as its unit is deployed now."""
        home = self.person.home
        answers = {"secret exists": (0 if secrets else 1, "")}
        for service in running:
            unit = quadlet.parse(Path(scripts.file_of(service, home)).read_text("utf-8"))
            (label,) = unit["Container"]["Label"]
            answers[f"ps label={label}"] = (0, "0123456789ab\n")
        standins.record(home.bin, self.log, "podman", answers=answers)

    def runs(self) -> None:
        """Let everything run that is deployed now, and forget what was asked so far."""
        self.systemd(*SERVICES)
        self.podman(*SERVICES)
        self.asked()

    def apply(self) -> str:
        done = self.person.home.apply()
        assert (done.returncode, done.stdout) == (0, "")
        return done.stderr

    def asked(self) -> list[str]:
        """Return what systemctl was told to do since the last time."""
        orders = standins.orders(self.log)
        self.log.write_text("", encoding="utf-8")
        return orders


READ = "--user daemon-reload"


def restarts(*services: str) -> list[str]:
    return [READ, *(f"--user restart --no-block {service}" for service in services)]


def stops(*services: str) -> list[str]:
    return [f"--user {order} {service}" for service in services for order in ("stop", "reset-failed")]


def with_scripts(folder: Path) -> Machine:
    person = Person.make(folder, stack(A, B))
    shipped = Path(resources.root("dot_templates"))
    person.home.write({name: (shipped / name).read_text("utf-8") for name in (STOP, RELOAD, SHARED)})
    made = Machine(person=person, log=folder / "orders")
    made.systemd()
    made.podman()
    return made


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return with_scripts(tmp_path)


@pytest.fixture(scope="module")
def running_machine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Machine]:
    def make(folder: Path) -> Machine:
        made = with_scripts(folder)
        assert made.person.home.init("--apply").returncode == 0
        made.runs()
        return made

    return renewed(make, partial(tmp_path_factory.mktemp, "running"))


@pytest.fixture
def running(running_machine: Callable[[], Machine]) -> Machine:
    return running_machine()


SERVICES = ("ramalama-a.service", "ramalama-b.service")


@chezmoi
def test_the_models_are_started(machine):
    fine(machine.person.home.init("--apply"))
    assert machine.asked() == restarts(*SERVICES)
    assert (machine.apply(), machine.asked()) == ("", [])


@chezmoi
def test_a_unit_that_has_changed_is_started_again_and_no_other(running):
    running.person.write(stack(A | {"ctx_size": 4096}, B))
    assert (running.apply(), running.asked()) == ("", restarts("ramalama-a.service"))
    running.runs()
    running.person.write(stack(A | {"ctx_size": 4096, "ram_required_gb": 4}, B))
    assert (running.apply(), running.asked()) == ("", [])


@chezmoi
def test_a_model_that_goes_is_stopped_and_the_others_go_on(running):
    running.person.write(stack(A))
    assert running.apply() == ""
    assert running.asked() == [*stops("ramalama-b.service"), READ]


@chezmoi
def test_a_model_that_comes_is_started_and_the_others_go_on(running):
    running.person.write(stack(A, B, model("c")))
    assert running.apply() == ""
    assert running.asked() == restarts("ramalama-c.service")


@chezmoi
def test_all_are_stopped_when_units_are_switched_off(running):
    running.person.write(stack(A, B, units=False))
    assert running.apply() == ""
    assert running.asked() == [*stops(*SERVICES), READ]
    running.systemd()
    running.podman()
    running.person.write(stack(A, B))
    assert (running.apply(), running.asked()) == ("", restarts(*SERVICES))


@chezmoi
def test_a_unit_of_the_persons_own_is_left_alone(running):
    mine = running.person.home.path / UNITS / "ramalama-mine.container"
    mine.write_text("[Container]\nImage=x\n", "utf-8")
    files = {"ramalama-mine.service": str(mine)}
    standins.record_systemd(running.person.home.bin, running.log, running=files)
    running.person.write(stack(A))
    assert running.apply() == ""
    assert running.asked() == [READ]


@chezmoi
def test_without_the_key_the_models_are_held_back(machine):
    machine.podman(secrets=False)
    said = machine.person.home.init("--apply").stderr.splitlines()
    assert said == [
        f"reload-models: held back for want of a key: {KEY}; make it (see chezmoi-llm secrets), then run:",
        "reload-models:   systemctl --user restart ramalama-a.service ramalama-b.service",
    ]
    assert machine.asked() == [READ]


NO_SYSTEMD = [
    "reload-models: no systemd of yours to talk to; when there is one:",
    "reload-models:   systemctl --user daemon-reload",
    "reload-models:   systemctl --user restart ramalama-a.service ramalama-b.service",
]


@chezmoi
@pytest.mark.parametrize("missing", ["podman", "systemctl"])
def test_what_is_missing_is_told_and_tried_again_when_it_is_there(machine, missing):
    (machine.person.home.bin / missing).unlink()
    said = {
        "podman": ["reload-models: no podman; it is started when there is one"],
        "systemctl": NO_SYSTEMD,
    }
    done = machine.person.home.init("--apply")
    assert (done.returncode, done.stderr.splitlines()) == (0, said[missing])
    assert machine.asked() == []
    machine.systemd()
    machine.podman()
    assert (machine.apply(), machine.asked()) == ("", restarts(*SERVICES))


@chezmoi
def test_a_systemd_that_is_not_ours_stops_nothing(machine):
    machine.systemd(**dict.fromkeys(("daemon-reload", "list-units"), (1, "")))
    done = machine.person.home.init("--apply")
    assert (done.returncode, done.stderr.splitlines()) == (0, NO_SYSTEMD)


@chezmoi
def test_a_failed_restart_is_told_and_does_not_stop_chezmoi(machine):
    machine.systemd(restart=(1, ""))
    done = machine.person.home.init("--apply")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        f"reload-models: could not start it; why: systemctl --user status {service}" for service in SERVICES
    ]


@pytest.mark.real("chezmoi", "chezmoi-llm", "shellcheck")
@pytest.mark.parametrize("units", [True, False], ids=["on", "off"])
@pytest.mark.parametrize("key", [True, False], ids=["with a key", "without"])
def test_shellcheck_finds_nothing(running, tmp_path, units, key):
    data = stack(A, B, units=units, llama_swap={"api_key": key})
    running.person.write(data)
    running.apply()
    names = (Path(script).name.removesuffix(".tmpl") for script in (STOP, RELOAD))
    texts = scripts.rendered(running.person.home, *names)
    assert all(text.startswith("#!/bin/sh\n") for text in texts.values())
    assert scripts.shellcheck(texts, tmp_path / "scripts") == ""


def test_the_script_looks_where_the_units_are_deployed():
    text = (Path(resources.root("dot_templates")) / STOP).read_text("utf-8")
    (sources,) = targets.SOURCES
    assert sources.folder == MODELS
    assert f"\n{MODELS.removeprefix('.config/')}/{{{{" in text
