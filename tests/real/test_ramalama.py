"""RamaLama's own reading of what is written for it: two files, and every command of llama-swap's."""

from __future__ import annotations

import itertools
import json
import random
import sys
from pathlib import Path

import pytest
from realprograms import programs, ramalama, shipped
from realprograms.chezmoi import Home

from chezmoi_llm.checks.argv import RAMALAMA, read
from chezmoi_llm.targets.ramalama import listed_as

CONF = ".config/ramalama/ramalama.conf"

ARGS = (
    "--override-kv",
    "a=str:b c",
    "a;b",
    "$(id)",
    "a'b",
    'a"b',
    "a\\b",
    "",
    " ",
    "${x}",
    "#x",
    "é🙂",
    "%h",
    "-1",
)
ENV = {"A": "x \"y\" 'z' $HOME %h \\ é🙂 #", "B": "", "C": "a=b,c;d"}

URIS = {
    "ollama": "ollama://qwen3:8b",
    "hf-tag": "hf://org/repo:Q4_K_M",
    "hf-file": "huggingface://org/repo/file.gguf",
    "hf-bare": "hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M",
    "ms": "ms://org/repo/file.gguf",
    "oci": "oci://quay.io/org/model:1",
    "rlcr": "rlcr://gemma3:270m",
    "path": "/srv/models/tiny.gguf",
}


def stack(placement: str, *models: dict, **services: dict) -> dict:
    swap = {"placement": placement, "models_dir": "/srv/models"}
    return {"local_models": list(models), "llm_stack": {"services": {"llama_swap": swap, **services}}}


def dry_run(entry: dict, folder: Path) -> list[str]:
    """Return the ``podman run`` of a model's command, once llama-swap has put a port in."""
    program, *args = [word.replace("${PORT}", "5801") for word in entry["cmd_argv"]]
    assert program == "ramalama"
    return ramalama.dry_run(args, folder=folder)


def split(argv: list[str]) -> tuple[list[str], str, list[str]]:
    """Split a ``podman run`` into its options, its image and the command in it."""
    at = argv.index("llama-server")
    return argv[: at - 1], argv[at - 1], argv[at:]


def values(words: list[str], option: str) -> list[str]:
    """Return the values of an option, given after it or with ``=``."""
    after = [value for name, value in itertools.pairwise(words) if name == option]
    return after + [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]


@pytest.mark.real("chezmoi", "ramalama")
def test_ramalama_reads_every_line_of_its_conf(tmp_path):
    home = Home.make(tmp_path / "person")
    data = stack("container", {"name": "a", "model": "hf://a/b"}, ramalama={"store": "/srv/100%/$blobs"})
    data["llm_stack"]["accelerator"] = "rocm"
    shipped.deploy(home, data)
    read = ramalama.config(home.path / CONF, folder=tmp_path)
    assert read.pop("settings") == {"config_files": [str(home.path / CONF)]}
    assert read == {
        "engine": "podman",
        "image": "quay.io/ramalama/rocm:latest",
        "store": "/srv/100%/$blobs",
    }


@pytest.mark.real("chezmoi", "ramalama")
def test_ramalama_reads_every_short_name(tmp_path):
    home = Home.make(tmp_path / "person")
    models = [{"name": name, "model": uri} for name, uri in URIS.items()]
    models += [
        {"name": "1e3", "model": "hf://org/repo/a%20b%(x)s.gguf"},
        {"name": "Qwen3:8B", "model": "hf://org/Qwen3"},
        {"name": "named", "model": "hf://org/named", "shortname": "Short/Name"},
        {"name": "mine", "model": "hf://org/mine", "runner": "command", "command": ["x", "${PORT}"]},
    ]
    shipped.deploy(home, stack("container", *models))
    assert ramalama.shortnames(home.path, folder=tmp_path) == {
        **URIS,
        "path": "file:///srv/models/tiny.gguf",
        "1e3": "hf://org/repo/a%20b%(x)s.gguf",
        "qwen3:8b": "hf://org/Qwen3",
        "short/name": "hf://org/named",
    }


@pytest.mark.real("chezmoi", "ramalama")
@pytest.mark.parametrize("placement", ["container", "host"])
def test_podman_and_the_server_get_exactly_what_was_written(tmp_path, placement):
    home = Home.make(tmp_path / "person")
    model = {
        "name": "hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M",
        "model": URIS["hf-tag"],
        "args": list(ARGS),
        "env": ENV,
    }
    document = shipped.deploy(home, stack(placement, model))
    options, image, server = split(dry_run(document["local_models"][0], tmp_path))
    assert options[:3] == [options[0], "run", "--rm"]
    assert "--replace" in options
    assert "-d" not in options
    assert "--privileged" not in options
    assert values(options, "--name") == ["ramalama-hf-co-unsloth-qwen3-4b-gguf-q4-k-m"]
    assert values(options, "-p") == ["127.0.0.1:5801:5801"]
    assert values(options, "--network") == (["llm"] if placement == "container" else [])
    assert values(options, "--pull") == ["missing"]
    assert {
        name: value for name, _, value in (word.partition("=") for word in values(options, "--env"))
    } == {
        **ENV,
        "HOME": "/tmp",  # noqa: S108 - RamaLama's own
    }
    assert image == "quay.io/ramalama/ramalama:latest"
    assert values(server, "--port") == ["5801"]
    assert tuple(server[-len(ARGS) :]) == ARGS


EMPTY: list[str] = []

FIELDS = {
    "plain": ({}, {"--ctx-size": ["8192"], "-ngl": ["auto"], "--embedding": False, "--flash-attn": EMPTY}),
    "numbers": (
        {
            "ctx_size": 4096,
            "ngl": 33,
            "threads": 3,
            "batch_size": 512,
            "ubatch_size": 256,
            "parallel": 2,
            "cache_reuse": 64,
            "temp": 0.5,
            "top_p": 0.9,
            "top_k": 40,
            "min_p": 0.05,
        },
        {
            "--ctx-size": ["4096"],
            "-ngl": ["33"],
            "--threads": ["3"],
            "--batch-size": ["512"],
            "--ubatch-size": ["256"],
            "--parallel": ["2"],
            "--cache-reuse": ["64"],
            "--temp": ["0.5"],
            "--top-p": ["0.9"],
            "--top-k": ["40"],
            "--min-p": ["0.05"],
        },
    ),
    "words": (
        {"ngl": "all", "flash_attn": True, "cache_type_k": "q8_0", "cache_type_v": "q4_0"},
        {"-ngl": ["all"], "--flash-attn": ["on"], "--cache-type-k": ["q8_0"], "--cache-type-v": ["q4_0"]},
    ),
    "embedding": ({"kind": "embedding", "pooling": "mean"}, {"--embedding": True, "--pooling": ["mean"]}),
    "rerank": ({"kind": "rerank"}, {"--reranking": True}),
    "whole-context": ({"ctx_size": 0}, {"--ctx-size": EMPTY}),
}


@pytest.mark.real("ramalama")
@pytest.mark.parametrize(("written", "meant"), FIELDS.values(), ids=FIELDS)
def test_every_field_reaches_the_server(tmp_path, written, meant):
    document = shipped.document(stack("host", {"name": "a", "model": "hf://org/repo", **written}))
    *_, server = split(dry_run(document["local_models"][0], tmp_path))
    for flag, wanted in meant.items():
        if isinstance(wanted, bool):
            assert (flag in server) is wanted
        else:
            assert values(server, flag) == wanted, flag


@pytest.mark.real("ramalama")
def test_runner_args_and_the_driver_reach_podman(tmp_path):
    model = {
        "name": "a",
        "model": "hf://org/repo",
        "vulkan_driver": "RADV",
        "runner_args": ["--webui", "off", "--selinux", "true"],
    }
    document = shipped.document(stack("host", model))
    options, _, server = split(dry_run(document["local_models"][0], tmp_path))
    assert "AMD_VULKAN_ICD=RADV" in values(options, "--env")
    assert "--security-opt=label=disable" not in options
    assert "--no-webui" in server


@pytest.mark.real("ramalama")
def test_files_that_arguments_name_are_in_the_container_of_the_model(tmp_path):
    args = ["--mmproj", "/srv/a b/mm.gguf", "--chat-template-file=/srv/x.jinja", "--lora", "relative.gguf"]
    own = ["--engine-args=--volume=/srv/y.jinja:/srv/y.jinja:ro"]
    more = {"args": [*args, "--grammar-file", "/srv/y.jinja"], "runner_args": own}
    document = shipped.document(stack("host", {"name": "a", "model": "hf://org/repo", **more}))
    options, _, server = split(dry_run(document["local_models"][0], tmp_path))
    files = ("/srv/a b/mm.gguf", "/srv/x.jinja", "/srv/y.jinja")
    assert values(options, "--volume") == [f"{path}:{path}:ro" for path in files]
    assert values(server, "--mmproj") == ["/srv/a b/mm.gguf"]


@pytest.mark.real("ramalama")
@pytest.mark.parametrize("uri", URIS.values(), ids=URIS)
def test_each_uri_is_one_that_ramalama_can_serve(tmp_path, uri):
    document = shipped.document(stack("container", {"name": "a", "model": uri}))
    options, *_ = split(dry_run(document["local_models"][0], tmp_path))
    assert values(options, "--name") == ["ramalama-a"]


_LISTED = """
import json, sys
from ramalama.transports.base import trim_model_name
from ramalama.transports.transport_factory import TransportFactory

class Args:
    store, engine, runtime, MODEL = "/nowhere", "podman", "llama.cpp", None
    container = dryrun = quiet = True

def listed(uri):
    found = TransportFactory(uri, Args()).create()
    if found.model_type == "oci":
        return "oci://" + str(found.model)
    organization, name, tag = found.model_organization, found.model_name, found.model_tag
    return trim_model_name(f"{found.model_type}://{organization}/{name}:{tag}")

print(json.dumps([listed(uri) for uri in sys.argv[1:]]))
"""


@pytest.mark.real("ramalama")
def test_the_names_in_the_list_are_those_of_ramalama(tmp_path):
    uris = [uri for key, uri in URIS.items() if key != "path"]
    uris += [
        "ollama://smollm",
        "ollama://org/model:1b",
        "ollama://library/qwen3",
        "hf://org/repo:q4_k_m",
        "hf://org/repo",
        "hf://org/repo:latest",
        "hf://org/repo/sub/file.gguf",
        "modelscope://org/repo/file.gguf",
        "docker://docker.io/ai/smollm2:135M",
    ]
    path = programs.toolbox(tmp_path / "bin")
    env = programs.environment(tmp_path, path=path)
    done = programs.run([sys.executable, "-c", _LISTED, *uris], env=env, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [listed_as(uri) for uri in uris] == json.loads(done.stdout)


WORDS = (
    *("--seed", "5", "-1", "--keep-groups", "--device", "/dev/x", "--net", "--net=x", "--na", "-n", "-nx"),
    *("-d", "-dn", "x", "--logfile=a b", "--engine-args", "--a b", "--priv", "--model-draft", "hf://a"),
    *(
        "--spec-type",
        "--rag",
        "-c",
        "-c5",
        "-t=4",
        "--selinux",
        "true",
        "--max-tokens=3",
        "-ngl",
        "-v=/a b",
    ),
)


@pytest.mark.real("ramalama")
def test_runner_args_are_read_as_ramalama_reads_them(tmp_path):
    lines = random.Random(1)  # noqa: S311 - any lines will do, but always the same
    lists = [lines.choices(WORDS, k=lines.randint(1, 4)) for _ in range(3000)]
    told = ramalama.parsed(lists, folder=tmp_path)
    assert told.flags == {flag for flag in RAMALAMA.known if flag.startswith("--")}
    assert told.switches == RAMALAMA.switches
    for words, models in zip(lists, told.models, strict=True):
        ours = list(read(words, RAMALAMA))
        is_lost = any(given.lacks_value for given in ours)
        others = [given.word for given in ours if not given.flag]
        assert models in (None, others if is_lost else [*others, ramalama.URI]), words
    assert sum(models is not None for models in told.models) > 1000
