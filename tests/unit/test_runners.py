"""The command of each runner, argument by argument."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from chezmoi_llm import spec
from chezmoi_llm.formats import PORT
from chezmoi_llm.records import replace
from chezmoi_llm.runners import RUNNERS, Launch, environment, files_in, path_of, scheme_of
from chezmoi_llm.spec import LocalModel


def model(**fields: Any) -> LocalModel:
    written = {"name": "a", "model": "hf://owner/a", **fields}
    (record,) = spec.build({"data": {"local_models": [written]}}).local_models
    return record


def launch(**fields: Any) -> Launch:
    return Launch(
        model=model(**fields),
        container_name="ramalama-a",
        port=PORT,
        network="",
        image="quay.io/ramalama/ramalama:latest",
        server_folder="",
        cpu_only=False,
    )


def added(runner: str, **fields: Any) -> tuple[list[str], list[str]]:
    """Return what a field adds to the plain command, and what it takes away."""
    plain, changed = (list(RUNNERS[runner].argv(launch(**some))) for some in ({}, fields))
    return [word for word in changed if word not in plain], [word for word in plain if word not in changed]


RAMALAMA = (
    "ramalama", "serve", "--host", "127.0.0.1", "--port", "${PORT}", "--name", "ramalama-a",
    "--engine-args=--replace", "--pull=missing", "--image=quay.io/ramalama/ramalama:latest",
    "--ctx-size", "8192", "--ngl", "auto", "hf://owner/a",
)  # fmt: skip


def test_ramalama_serves_in_the_foreground_and_is_stopped_by_one_command() -> None:
    runner = RUNNERS["ramalama"]
    assert runner.argv(launch()) == RAMALAMA
    assert runner.stop_argv(launch()) == ("podman", "stop", "-t", "10", "ramalama-a")


def test_ramalama_joins_the_network_of_the_stack() -> None:
    argv = RUNNERS["ramalama"].argv(replace(launch(), network="llm"))
    assert argv == ("ramalama", "serve", "--network", "llm", *RAMALAMA[2:])


RAMALAMA_FIELDS = [
    ("ctx_size", 4096, ["4096"], ["8192"]),
    ("ctx_size", 0, ["0"], ["8192"]),
    ("ngl", 99, ["99"], ["auto"]),
    ("threads", 4, ["--threads", "4"], []),
    ("temp", 0, ["--temp", "0"], []),
    ("temp", 0.7, ["--temp", "0.7"], []),
    ("cache_reuse", 256, ["--cache-reuse", "256"], []),
    ("vulkan_driver", "RADV", ["--env=AMD_VULKAN_ICD=RADV"], []),
    ("env", {"A": "x y", "B": ""}, ["--env=A=x y", "--env=B="], []),
    ("kind", "embedding", ["--runtime-args=--embedding"], []),
    ("kind", "rerank", ["--runtime-args=--reranking"], []),
    ("pooling", "mean", ["--runtime-args=--pooling mean"], []),
    ("flash_attn", True, ["--runtime-args=--flash-attn on"], []),
    ("flash_attn", False, ["--runtime-args=--flash-attn off"], []),
    ("flash_attn", "auto", [], []),
    ("batch_size", 512, ["--runtime-args=--batch-size 512"], []),
    ("ubatch_size", 256, ["--runtime-args=--ubatch-size 256"], []),
    ("parallel", 2, ["--runtime-args=--parallel 2"], []),
    ("cache_type_k", "q8_0", ["--runtime-args=--cache-type-k q8_0"], []),
    ("cache_type_v", "q4_0", ["--runtime-args=--cache-type-v q4_0"], []),
    ("top_p", 0.9, ["--runtime-args=--top-p 0.9"], []),
    ("top_k", 40, ["--runtime-args=--top-k 40"], []),
    ("min_p", 0.05, ["--runtime-args=--min-p 0.05"], []),
    ("args", ["--jinja"], ["--runtime-args=--jinja"], []),
    ("args", ["--override-kv", "a=str:b c"], ["--runtime-args=--override-kv 'a=str:b c'"], []),
    ("runner_args", ["--webui", "off"], ["--webui", "off"], []),
    ("model", "/srv/a.gguf", ["file:///srv/a.gguf"], ["hf://owner/a"]),
    ("model", "file:///srv/a.gguf", ["file:///srv/a.gguf"], ["hf://owner/a"]),
    ("model", "ollama://qwen3:8b", ["ollama://qwen3:8b"], ["hf://owner/a"]),
]


def ids(cases: list[Any]) -> list[str]:
    return [f"{case[0]}-{case[1]!r}" for case in cases]


@pytest.mark.parametrize(("field", "value", "more", "less"), RAMALAMA_FIELDS, ids=ids(RAMALAMA_FIELDS))
def test_a_field_reaches_ramalama(field: str, value: Any, more: list[str], less: list[str]) -> None:
    assert added("ramalama", **{field: value}) == (more, less)


def test_ramalama_hands_all_options_of_the_server_over_in_one_argument() -> None:
    args = ["--override-kv", "a=str:b c", "", "it's"]
    argv = RUNNERS["ramalama"].argv(launch(kind="embedding", pooling="cls", args=args))
    (runtime_args,) = [word for word in argv if word.startswith("--runtime-args=")]
    assert shlex.split(runtime_args.removeprefix("--runtime-args=")) == [
        *("--embedding", "--pooling", "cls"),
        *args,
    ]


def test_the_model_is_the_last_argument_of_ramalama() -> None:
    argv = RUNNERS["ramalama"].argv(
        launch(runner_args=["--quiet"], args=["--x"], env={"A": "1"}, threads=1)
    )
    assert argv[-2:] == ("--quiet", "hf://owner/a")


@pytest.mark.parametrize("runner", ["ramalama", "llama-server"])
def test_without_a_gpu_no_device_is_used(runner: str) -> None:
    argv = RUNNERS[runner].argv(replace(launch(), cpu_only=True))
    at = argv.index("--device")
    assert argv[at : at + 2] == ("--device", "none")


LLAMA_SERVER = (
    "llama-server", "--host", "127.0.0.1", "--port", "${PORT}", "--hf-repo", "owner/a",
    "--ctx-size", "8192", "--n-gpu-layers", "auto",
)  # fmt: skip


def test_llama_server_is_started_plainly_and_stopped_by_a_signal() -> None:
    runner = RUNNERS["llama-server"]
    assert runner.argv(launch()) == LLAMA_SERVER
    assert runner.stop_argv(launch()) == ()


def test_a_server_in_an_image_has_its_folder() -> None:
    inside = replace(launch(), server_folder="/app/")
    assert RUNNERS["llama-server"].argv(inside)[0] == "/app/llama-server"
    assert RUNNERS["whisper-server"].argv(inside)[0] == "/app/whisper-server"


LLAMA_SERVER_FIELDS = [
    ("ctx_size", 4096, ["4096"], ["8192"]),
    ("ngl", "all", ["all"], ["auto"]),
    ("threads", 4, ["--threads", "4"], []),
    ("temp", 0, ["--temp", "0"], []),
    ("cache_reuse", 256, ["--cache-reuse", "256"], []),
    ("kind", "embedding", ["--embedding"], []),
    ("kind", "rerank", ["--reranking"], []),
    ("pooling", "rank", ["--pooling", "rank"], []),
    ("flash_attn", "on", ["--flash-attn", "on"], []),
    ("batch_size", 512, ["--batch-size", "512"], []),
    ("ubatch_size", 256, ["--ubatch-size", "256"], []),
    ("parallel", 2, ["--parallel", "2"], []),
    ("cache_type_k", "q8_0", ["--cache-type-k", "q8_0"], []),
    ("cache_type_v", "q4_0", ["--cache-type-v", "q4_0"], []),
    ("top_p", 0.9, ["--top-p", "0.9"], []),
    ("top_k", 40, ["--top-k", "40"], []),
    ("min_p", 0.05, ["--min-p", "0.05"], []),
    ("args", ["--override-kv", "a=str:b c"], ["--override-kv", "a=str:b c"], []),
    ("model", "/srv/a b.gguf", ["--model", "/srv/a b.gguf"], ["--hf-repo", "owner/a"]),
    ("model", "file:///srv/a.gguf", ["--model", "/srv/a.gguf"], ["--hf-repo", "owner/a"]),
    ("model", "https://host/a.gguf", ["--model-url", "https://host/a.gguf"], ["--hf-repo", "owner/a"]),
    (
        "model",
        "modelscope://owner/name/q4/a.gguf",
        ["--model-url", "https://modelscope.cn/owner/name/resolve/master/q4/a.gguf"],
        ["--hf-repo", "owner/a"],
    ),
    ("model", "hf.co/owner/b:Q4_K_M", ["owner/b:Q4_K_M"], ["owner/a"]),
    ("model", "huggingface://owner/b", ["owner/b"], ["owner/a"]),
    ("model", "hf://owner/b/sub/x.gguf", ["owner/b", "--hf-file", "sub/x.gguf"], ["owner/a"]),
]


@pytest.mark.parametrize(
    ("field", "value", "more", "less"), LLAMA_SERVER_FIELDS, ids=ids(LLAMA_SERVER_FIELDS)
)
def test_a_field_reaches_llama_server(field: str, value: Any, more: list[str], less: list[str]) -> None:
    assert added("llama-server", **{field: value}) == (more, less)


def test_whisper_server_serves_where_clients_look_for_it() -> None:
    runner = RUNNERS["whisper-server"]
    whisper = launch(model="file:///srv/whisper.bin", threads=4, args=["-l", "auto"])
    assert runner.argv(replace(whisper, cpu_only=True)) == (
        *("whisper-server", "--host", "127.0.0.1", "--port", "${PORT}", "--model", "/srv/whisper.bin"),
        *("--request-path", "/v1/audio/transcriptions", "--inference-path", ""),
        *("--threads", "4", "--no-gpu", "-l", "auto"),
    )
    assert runner.stop_argv(whisper) == ()
    assert runner.check_endpoint == "/v1/audio/transcriptions/"


def test_a_command_is_run_as_it_is_written() -> None:
    runner = RUNNERS["command"]
    own = launch(command=["my server", "--port=${PORT}", "", "$HOME"], stop_command=["stop", "it"])
    assert runner.argv(own) == ("my server", "--port=${PORT}", "", "$HOME")
    assert runner.argv(replace(own, port="5900")) == ("my server", "--port=5900", "", "$HOME")
    assert runner.stop_argv(own) == ("stop", "it")


@pytest.mark.parametrize("runner", ["ramalama", "llama-server", "whisper-server"])
def test_a_fixed_port_stands_in_the_command(runner: str) -> None:
    argv = RUNNERS[runner].argv(replace(launch(), port="5900"))
    assert argv[argv.index("--port") + 1] == "5900"


def test_variables_come_in_the_order_they_were_written_the_driver_first() -> None:
    assert environment(model(env=["B=2", "A=1=1"], vulkan_driver="AMDVLK")) == (
        "AMD_VULKAN_ICD=AMDVLK",
        "B=2",
        "A=1=1",
    )
    assert environment(model()) == ()


URIS = {
    "ollama://qwen3:8b": "ollama",
    "hf://owner/a": "hf",
    "huggingface://owner/a": "hf",
    "hf.co/owner/a:Q4": "hf",
    "oci://quay.io/a/b": "oci",
    "docker://a/b": "oci",
    "modelscope://a/b": "ms",
    "ms://a/b": "ms",
    "rlcr://gemma": "rlcr",
    "https://host/a.gguf": "https",
    "file:///srv/a.gguf": "path",
    "/srv/a.gguf": "path",
    "": "",
}


@pytest.mark.parametrize(("uri", "scheme"), URIS.items(), ids=URIS)
def test_a_scheme_has_one_spelling(uri: str, scheme: str) -> None:
    assert scheme_of(uri) == scheme


@pytest.mark.parametrize("uri", ["file:///srv/a b.gguf", "/srv/a b.gguf"])
def test_a_path_is_a_path_either_way(uri: str) -> None:
    assert path_of(uri) == "/srv/a b.gguf"


def test_runners_serve_what_they_can() -> None:
    table = {
        key: (
            sorted(runner.schemes - {""}),
            sorted(runner.placements),
            sorted(runner.kinds),
            runner.in_container,
        )
        for key, runner in RUNNERS.items()
    }
    every = ["container", "embedded", "host"]
    server_kinds = ["chat", "embedding", "rerank"]
    assert table == {
        "ramalama": (
            ["hf", "ms", "oci", "ollama", "path", "rlcr"],
            ["container", "host"],
            server_kinds,
            True,
        ),
        "llama-server": (["hf", "https", "ms", "path"], ["embedded", "host"], server_kinds, False),
        "whisper-server": (["path"], ["embedded", "host"], ["transcription"], False),
        "command": (
            ["hf", "https", "ms", "oci", "ollama", "path", "rlcr"],
            every,
            sorted([*server_kinds, "transcription", "image", "speech"]),
            False,
        ),
    }


FILES = {
    "a flag and its value": (["--mmproj", "/m/a.gguf"], ("/m/a.gguf",)),
    "one word": (["--lora=/m/a=b.gguf"], ("/m/a=b.gguf",)),
    "twice": (["-md", "/m/a.gguf", "--lora", "/m/a.gguf"], ("/m/a.gguf",)),
    "another flag": (["--slot-save-path", "/m/slots", "--jinja"], ()),
    "what is no path": (["--mmproj", "a.gguf", "--chat-template-file"], ()),
    "no name for a volume": (["--lora", "/m/a.gguf:0.5"], ()),
}


OURS = "--engine-args=--volume=/m/a.gguf:/m/a.gguf:ro"
VOLUMES = {
    "at its place": ("--volume=/x:/m/a.gguf:ro", []),
    "as a mount": ("--mount=type=bind,src=/x,dst=/m/a.gguf", []),
    "at a longer place": ("--volume=/x:/m/a.gguf.old:ro", [OURS]),
    "of its folder": ("--volume=/m:/m:ro", [OURS]),
    "at another place": ("--volume=/m/a.gguf:/elsewhere", [OURS]),
}


@pytest.mark.parametrize(("own", "added"), VOLUMES.values(), ids=VOLUMES)
def test_no_place_in_the_container_has_two_volumes(own: str, added: list[str]) -> None:
    argv = RUNNERS["ramalama"].argv(
        launch(args=["--mmproj", "/m/a.gguf"], runner_args=[f"--engine-args={own}"])
    )
    assert [word for word in argv if word == OURS] == added


@pytest.mark.parametrize(("arguments", "files"), FILES.values(), ids=FILES)
def test_files_that_arguments_name(arguments: list[str], files: tuple[str, ...]) -> None:
    assert files_in(arguments) == files
