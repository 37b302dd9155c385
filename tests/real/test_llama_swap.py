"""The rendered config.yaml as llama-swap understands it: models, commands, texts and groups."""

from __future__ import annotations

import json
import re
import shlex
import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from realprograms import llama_swap, podnet, programs, servers, shipped, standins
from realprograms.chezmoi import Home

from chezmoi_llm import formats
from chezmoi_llm.checks.flags import SERVICE_COMMANDS

CONFIG = ".config/llama-swap/config.yaml"
KEY = "sk-test-of-the-key"
PLACEMENTS = ("container", "host", "embedded")

NAMES = ("1e3", "qwen3:8b", "hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M")
DESCRIPTION = 'Fast & "good" 100% $5 - 日本語 🙂'
ARGS = ("--temp", "0.7", "--override-kv", "a=str:b c")
NASTY = (
    "a;b",
    "$(id)",
    "a'b",
    'a"b',
    "a\\b",
    "",
    " ",
    "${x}",
    "#x",
    "`id`",
    "$HOME",
    "a  b",
    "é🙂",
    "\\",
    "&&",
)


def stack(placement: str, *models: dict, **llama_swap_settings: object) -> dict:
    """Return a person's data for a placement, with ports that nobody else uses."""
    port = servers.free_ports(len(models) + 1)
    own = {"placement": placement, "start_port": port, "models_dir": "/srv/models", **llama_swap_settings}
    return {"local_models": list(models), "llm_stack": {"services": {"llama_swap": own}}}


def model(name: str, **more: object) -> dict:
    return {"name": name, "model": f"hf://org/{re.sub('[^a-z0-9]', '-', name.lower())}:Q4_K_M", **more}


def launched(home: Home, document: dict, folder) -> dict[str, llama_swap.Launch]:
    """Have llama-swap start every model of the deployed config.

    The folder of an image's model servers does not exist here, so that they are looked up on PATH.
    """
    config = folder / "config.yaml"
    config.write_text(home.read(CONFIG).replace("/usr/local/bin/", ""), encoding="utf-8")
    names = [entry["name"] for entry in document["local_models"]]
    return llama_swap.launches(config, *names, folder=folder, key=KEY, LLAMA_SWAP_API_KEY=KEY)


def meant(argv: list[str], ports: list[str]) -> tuple[str, ...]:
    """Return what the document says is run, with the port that llama-swap allotted."""
    (port,) = {word for word in ports if word.isdecimal() and int(word) >= 20_000}
    return tuple(word.replace("${PORT}", port).removeprefix("/usr/local/bin/") for word in argv)


@pytest.mark.real("chezmoi", "llama-swap")
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_each_model_is_started_as_the_document_says(tmp_path, placement):
    home = Home.make(tmp_path)
    hostile = [model(name, args=[*ARGS, *NASTY], description=DESCRIPTION) for name in NAMES]
    document = shipped.deploy(home, stack(placement, *hostile))
    runs = launched(home, document, tmp_path)
    assert list(runs) == list(NAMES)
    for entry in document["local_models"]:
        run = runs[entry["name"]]
        assert run.start == meant(entry["cmd_argv"], list(run.start))
        assert run.stop == tuple(entry["cmd_stop_argv"])
        words = run.start
        if entry["runner"] == "ramalama":
            (told,) = (word for word in words if word.startswith("--runtime-args="))
            words = shlex.split(told.removeprefix("--runtime-args="))
        assert tuple(words[-len(ARGS + NASTY) :]) == ARGS + NASTY


@pytest.mark.real("chezmoi", "llama-swap")
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_clients_see_exactly_the_models_and_their_texts(tmp_path, placement):
    home = Home.make(tmp_path)
    described = [
        model(
            "1e3",
            description=DESCRIPTION,
            display_name="1e3: a # number",
            metadata={"a: b": "x # y", "n": 1.5},
        ),
        model("qwen3:8b", aliases=["gpt-4o", "8e1"], description="yes: no # x"),
        model("hf.co/unsloth/Qwen3-4B-GGUF:Q4_K_M", description="- [a, {b: c}] !x &y *z % @ `"),
        model("hidden", unlisted=True),
        model("null", enabled=False),
    ]
    document = shipped.deploy(home, stack(placement, *described))
    env = programs.environment(tmp_path, path=programs.toolbox(tmp_path / "path"), LLAMA_SWAP_API_KEY=KEY)
    with llama_swap.serving(home.path / CONFIG, env=env, log=tmp_path / "log", key=KEY) as swap:
        listed = {entry["id"]: entry for entry in swap.models()}
    assert set(listed) == set(NAMES)
    for entry in document["local_models"]:
        if not entry["unlisted"]:
            assert listed[entry["name"]].get("description", "") == entry["description"]
    assert listed["1e3"]["name"] == "1e3: a # number"
    assert listed["1e3"]["meta"]["llamaswap"]["a: b"] == "x # y"
    assert listed["1e3"]["meta"]["llamaswap"]["n"] == 1.5


@pytest.mark.real("chezmoi", "llama-swap")
def test_an_alias_leads_to_its_model_and_an_unlisted_model_is_served(tmp_path):
    home = Home.make(tmp_path)
    models = [model("qwen3:8b", aliases=["gpt-4o", "8e1"]), model("hidden", unlisted=True)]
    shipped.deploy(home, stack("host", *models))
    names = ("gpt-4o", "8e1", "hidden")
    runs = llama_swap.launches(home.path / CONFIG, *names, folder=tmp_path, key=KEY, LLAMA_SWAP_API_KEY=KEY)
    assert [run.start[-1] for run in runs.values()] == [
        "hf://org/qwen3-8b:Q4_K_M",
        "hf://org/qwen3-8b:Q4_K_M",
        "hf://org/hidden:Q4_K_M",
    ]


@pytest.mark.real("chezmoi", "llama-swap")
def test_without_its_key_llama_swap_answers_nobody(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, stack("host", model("a")))
    env = programs.environment(tmp_path, path=programs.toolbox(tmp_path / "path"))
    with pytest.raises(servers.Refused, match="LLAMA_SWAP_API_KEY"):
        llama_swap.serving(home.path / CONFIG, env=env, log=tmp_path / "log").__enter__()
    env["LLAMA_SWAP_API_KEY"] = KEY
    with llama_swap.serving(home.path / CONFIG, env=env, log=tmp_path / "log", key="sk-wrong") as swap:
        assert swap.request("/v1/models").status == 401


@pytest.mark.real("chezmoi", "llama-swap")
def test_a_list_without_models_is_a_config_without_models(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, stack("container", api_key=False))
    env = programs.environment(tmp_path, path=programs.toolbox(tmp_path / "path"))
    with llama_swap.serving(home.path / CONFIG, env=env, log=tmp_path / "log") as swap:
        assert swap.models() == []


@pytest.mark.real("chezmoi", "llama-swap")
def test_a_command_of_the_person_gets_its_port_macros_and_variables(tmp_path):
    home = Home.make(tmp_path)
    written = model(
        "mine",
        runner="command",
        command=["llama-server", "--port", "${PORT}", "--say", "it's ${greeting}, ${MODEL_ID}", *NASTY],
        env={"A": 'x "y" $HOME %h \\ é', "B": ""},
    )
    document = shipped.deploy(home, stack("host", written, macros={"greeting": 'a "b" c', "n": 1}))
    run = launched(home, document, tmp_path)["mine"]
    assert run.start[3:5] == ("--say", 'it\'s a "b" c, mine')
    assert run.start[5:] == NASTY
    assert run.env == {"A": 'x "y" $HOME %h \\ é', "B": ""}


ECHO = """\
import http.server, sys

class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
"""
"""A server that answers with the request as it came in."""


@pytest.mark.real("chezmoi", "llama-swap")
def test_a_request_is_changed_on_its_way_as_the_list_says(tmp_path):
    home = Home.make(tmp_path)
    (tmp_path / "echo.py").write_text(ECHO, encoding="utf-8")
    echo = {
        "name": "echo",
        "runner": "command",
        "command": [sys.executable, str(tmp_path / "echo.py"), "${PORT}"],
        "proxy": "http://localhost:${PORT}",
        "strip_params": ["temperature", "top_p"],
        "set_params": {"stop": ["a <b>", "${greeting}"], "seed": 7, "min_p": 0.05},
        "variants": {"echo:think": {"chat_template_kwargs": {"enable_thinking": True}, "seed": 8}},
        "use_model_name": "org/echo@1",
        "concurrency_limit": 2,
    }
    shown = {"include_aliases_in_list": True, "log_to_stdout": "both", "log_time_format": "rfc3339"}
    more = {"send_loading_state": True, "metrics_max_in_memory": 5, "capture_buffer": 0}
    shipped.deploy(home, stack("host", echo, macros={"greeting": "hello"}, **shown, **more))
    env = programs.environment(tmp_path, path=programs.toolbox(tmp_path / "path"), LLAMA_SWAP_API_KEY=KEY)
    with llama_swap.serving(home.path / CONFIG, env=env, log=tmp_path / "log", key=KEY) as swap:
        plain, think = (swap.chat(name, temperature=1, top_p=1).json for name in ("echo", "echo:think"))
        assert {entry["id"] for entry in swap.models()} == {"echo", "echo:think"}
    same = {"model": "org/echo@1", "stop": ["a <b>", "hello"], "min_p": 0.05, "max_tokens": 4}
    assert {key: plain[key] for key in plain if key != "messages"} == {**same, "seed": 7}
    kwargs = {"chat_template_kwargs": {"enable_thinking": True}}
    assert {key: think[key] for key in think if key != "messages"} == {**same, "seed": 8, **kwargs}


@pytest.mark.real("chezmoi", "llama-swap")
def test_resident_models_stay_beside_the_one_that_is_asked_for(tmp_path):
    home = Home.make(tmp_path)
    models = [model("one"), model("two"), model("embed", kind="embedding"), model("titles")]
    data = stack("host", *models)
    data["llm_stack"]["task_model"] = "titles"
    shipped.deploy(home, data)
    path = programs.toolbox(tmp_path / "path")
    standins.record(path, tmp_path / "calls", "ramalama", "podman")
    env = programs.environment(tmp_path, path=path, LLAMA_SWAP_API_KEY=KEY)
    with llama_swap.serving(home.path / CONFIG, env=env, log=tmp_path / "log", key=KEY) as swap:
        for name in ("embed", "one", "titles", "two"):
            assert swap.request(f"/upstream/{name}/health").status == 200
        assert set(swap.running()) == {"embed", "titles", "two"}


@pytest.mark.real("chezmoi", "llama-swap")
def test_preloaded_models_are_there_without_being_asked_for(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, stack("host", model("one"), model("1e3"), preload=["1e3"]))
    path = programs.toolbox(tmp_path / "path")
    standins.record(path, tmp_path / "calls", "ramalama", "podman")
    env = programs.environment(tmp_path, path=path, LLAMA_SWAP_API_KEY=KEY)
    with llama_swap.serving(home.path / CONFIG, env=env, log=tmp_path / "log", key=KEY) as swap:
        servers.until(lambda: "ready" in swap.running().values(), seconds=10, what="a model is loaded")
        assert swap.running() == {"1e3": "ready"}


@pytest.mark.real("chezmoi")
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_the_file_says_what_the_document_says(tmp_path, placement):
    home = Home.make(tmp_path)
    models = [
        model(
            "1e3", args=list(NASTY), description=DESCRIPTION, metadata={"<b>": "&", "f": 0.25, "t": True}
        ),
        model("embed", kind="embedding", aliases=["0x10"]),
        model("big", group="2024-01-01", ttl=0, check_endpoint="/ok", preload=True, display_name="~"),
        model("other", group="2024-01-01", env={"A": "1"}),
        model("v", variants={"1e4": {"no": "on", "x": 0.5}}, set_params={"stop": ["<b>", "~"]}),
    ]
    written = stack(placement, *models, macros={"no": True, "1_000": "null", "x": 0.5}, log_level="warn")
    document = shipped.deploy(home, written)
    assert yaml.load(home.read(CONFIG), Loader=yaml.CSafeLoader) == document["llama_swap"]["config"]


WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
    max_size=12,
)
HARD = st.text(st.sampled_from("ab \"'\\$`{}#;&|<>()*?~!%=,-:[]"), max_size=8)
"""Mostly characters that some shell, YAML or llama-swap itself reads in a way of its own."""
ARGUMENTS = st.one_of(HARD, WORDS).filter(lambda word: formats.PORT not in word)
"""Anything but the placeholder, which is meant to be replaced."""


@pytest.mark.real("llama-swap")
@settings(max_examples=6)
@given(words=st.lists(ARGUMENTS, min_size=200, max_size=400))
def test_any_arguments_arrive_as_they_are(tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("words")
    # a marker keeps words that got lost or split from making up for each other
    argv = ["llama-server", "--port", "${PORT}", *(part for word in words for part in (word, "|"))]
    config = folder / "config.yaml"
    start = servers.free_ports(1)
    model = {"cmd": formats.llama_swap_line(argv), "proxy": "http://127.0.0.1:${PORT}"}
    config.write_text(json.dumps({"startPort": start, "models": {"m": model}}, ensure_ascii=False), "utf-8")
    run = llama_swap.launches(config, "m", folder=folder)["m"]
    assert list(run.start[3::2]) == words


@pytest.mark.real("chezmoi", "llama-swap", "curl")
@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("api_key", [True, False], ids=["key", "no-key"])
def test_the_lines_of_the_readme_work(tmp_path, placement, api_key):
    home = Home.make(tmp_path, "curl")
    models = [model("qwen3:8b"), model("embed", kind="embedding"), model("rank", kind="rerank")]
    named = {"api_key": api_key, "secrets": {"LLAMA_SWAP_API_KEY": "my_own_key"}}
    document = shipped.deploy(home, stack(placement, *models, **named))
    (home.path / ".config/llm").mkdir()
    (home.path / ".config/llm/llama-swap.env").write_text(f"LLAMA_SWAP_API_KEY={KEY}\n", encoding="utf-8")
    answers = {"secret inspect": (0, f"{KEY}\n")}
    log = tmp_path / "calls"
    standins.record(home.bin, log, "ramalama", "podman", "llama-server", answers=answers)
    config = tmp_path / "config.yaml"
    config.write_text(home.read(CONFIG).replace("/usr/local/bin/", ""), encoding="utf-8")
    lines = re.findall(r"## Ask\n\n```sh\n(.*?)```", home.read(".config/llama-swap/README.md"), re.DOTALL)[
        0
    ]
    with podnet.serving(podnet.loopback) as proxy:
        env = {**home.env, "LLAMA_SWAP_API_KEY": KEY, "HTTP_PROXY": proxy}
        with llama_swap.serving(config, env=env, log=tmp_path / "log") as swap:
            script = lines.replace(document["urls"]["llama_swap"], swap.url).replace(
                "\nllm ", "\necho @; llm "
            )
            done = programs.run(["sh", "-eu", "-c", script], env=home.env)
    assert (done.returncode, done.stderr) == (0, "")
    asked = [
        call.args[-1] for call in standins.calls(log, "podman") if call.args[:2] == ("secret", "inspect")
    ]
    assert asked == (["my_own_key"] if api_key and placement != "host" else [])
    _, listed, *answered, running, unloaded = done.stdout.split("@\n")
    assert {entry["id"] for entry in json.loads(listed)["data"]} == {"qwen3:8b", "embed", "rank"}
    assert [*answered, unloaded] == ["{}", "{}", "{}", "OK"]
    assert {entry["model"] for entry in json.loads(running)["running"]} >= {"embed", "rank"}


@pytest.mark.real("chezmoi")
def test_the_readme_has_a_row_for_each_model_whatever_it_is_called(tmp_path):
    home = Home.make(tmp_path)
    models = [model(name, description=f"{DESCRIPTION} | and more") for name in NAMES]
    shipped.deploy(home, stack("container", *models, model("embed", kind="embedding")))
    rows = re.findall(r"^\| `(.*)$", home.read(".config/llama-swap/README.md"), re.MULTILINE)
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[:-1]] for row in rows]
    assert [row[0].strip("`") for row in cells] == [*NAMES, "embed"]
    assert [row[1] for row in cells] == ["chat", "chat", "chat", "embedding"]
    assert [row[3] for row in cells] == ["900 s", "900 s", "900 s", "stays"]
    assert [row[4] for row in cells] == [f"{DESCRIPTION} \\| and more"] * 3 + [""]


@pytest.mark.real("llama-swap")
def test_each_flag_of_llama_swap_is_taken_unfit_or_free(tmp_path):
    env = {"PATH": "/nowhere", "HOME": str(tmp_path)}
    said = programs.run([programs.located("llama-swap"), "-h"], env=env).stderr
    free = {"--config-dir", "--version"}
    known = {f"-{flag}" for flag in re.findall(r"^  (-[a-z-]+)", said, re.MULTILINE)}
    line = SERVICE_COMMANDS["llama_swap"]
    assert known == {*line.managed, *line.unfit} | free
