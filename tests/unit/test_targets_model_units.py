from __future__ import annotations

import pytest

from chezmoi_llm.expand import document, expand, judge, sources
from chezmoi_llm.resolve import House, resolve
from chezmoi_llm.targets import SOURCES

FOLDER = ".config/containers/systemd/llm/models"
A = {"name": "a", "model": "hf://org/a"}
FILE = {"name": "file", "model": "/srv/m/file.gguf"}


def data(*models: dict, placement: str = "container", **stack: object) -> dict:
    services = {"llama_swap": {"placement": placement}, "ramalama": {"units": True}}
    given = stack.pop("services", {})
    merged = {key: {**services.get(key, {}), **given.get(key, {})} for key in {*services, *given}}
    return {"data": {"local_models": list(models), "llm_stack": {"services": merged, **stack}}}


def house(*models: dict, **stack: object) -> House:
    judged = judge(data(*models, **stack))
    assert [one for one in judged.findings if not one.severity] == []
    return resolve(judged.spec, judged.choices)


def said(*models: dict, **stack: object) -> list[tuple[str, str, str]]:
    found = expand(data(*models, **stack)).findings
    return [(one.code, one.message, one.hint) for one in found if not one.severity]


def units(made: House) -> dict[str, str]:
    return dict(sources(made)[FOLDER])


def lines(text: str, key: str) -> list[str]:
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def unit(*models: dict, **stack: object) -> str:
    (text,) = units(house(*models, **stack)).values()
    return text


# --- which models, and where ----------------------------------------------------------------------


def test_each_model_of_ramalama_has_a_unit_and_llama_swap_has_the_others():
    mine = {"name": "mine", "command": ["x", "${PORT}"]}
    made = house(A, mine, {"name": "Qwen3:8b", "model": "hf.co/o/q"})
    assert list(units(made)) == ["ramalama-a.container", "ramalama-qwen3-8b.container"]
    llm = document(made)
    assert list(llm["llama_swap"]["config"]["models"]) == ["mine"]
    services = ["ramalama-a.service", "ramalama-qwen3-8b.service"]
    assert llm["model_units"]["services"] == list(llm["model_units"]["checksums"]) == services
    assert llm["model_units"]["secrets"] == ["llama_swap_api_key"]
    assert [model["name"] for model in llm["local_models"]] == ["a", "mine", "Qwen3:8b"]


NONE = {"services": [], "checksums": {}, "secrets": []}


@pytest.mark.parametrize("ramalama", [{"units": False}, {"units": True, "enabled": False}])
def test_without_units_there_are_none(ramalama):
    made = house(A, services={"ramalama": ramalama})
    assert units(made) == {}
    llm = document(made)
    assert llm["model_units"] == NONE
    assert llm["services"]["ramalama"]["units"] is False
    assert list(llm["llama_swap"]["config"]["models"]) == ["a"]


def test_a_stack_that_is_off_has_no_units():
    made = house(A, enabled=False)
    assert units(made) == {}
    assert document(made)["model_units"] == NONE
    assert made.secrets == ()


@pytest.mark.parametrize("placement", ["container", "host", "embedded"])
def test_ramalama_is_the_runner_in_every_placement(placement):
    (one,) = house(A, placement=placement).local_models
    assert (one.model.runner, one.has_unit, one.resident, one.model.ttl) == ("ramalama", True, True, 0)


def test_another_runner_is_llama_swaps_still():
    made = house(A | {"runner": "llama-server"}, placement="embedded")
    assert (units(made), made.local_models[0].cmd_argv[0]) == ({}, "/usr/local/bin/llama-server")


NAMED = "http://ramalama-a:8080"
ADDRESSES = [
    pytest.param("container", 0, (NAMED, NAMED), id="network"),
    pytest.param("embedded", 7000, ("http://127.0.0.1:7000", NAMED), id="network and port"),
    pytest.param("host", 0, ("http://127.0.0.1:5800", "http://127.0.0.1:5800"), id="port of the host"),
]


@pytest.mark.parametrize(("placement", "port", "urls"), ADDRESSES)
def test_a_unit_is_reached_by_its_name_or_by_its_port(placement, port, urls):
    made = house(A | ({"port": port} if port else {}), placement=placement)
    text = units(made)["ramalama-a.container"]
    local, internal = urls
    published = f"{local.removeprefix('http://')}:8080"
    assert lines(text, "PublishPort") == ([published] if local.startswith("http://127.") else [])
    assert lines(text, "Network") == ([] if placement == "host" else ["llm.network"])
    llm = document(made)
    model = llm["model"]["a"]
    assert model["url"] == f"{local}/v1"
    assert (model["proxy"], model["cmd_stop"], model["cmd_stop_argv"]) == ("", "", [])
    (entry,) = llm["litellm"]["config"]["model_list"]
    params = entry["litellm_params"]
    assert (params["api_base"], params["api_key"]) == (f"{internal}/v1", "os.environ/LLAMA_SWAP_API_KEY")
    assert llm["files"]["llm_network"] is (placement != "host")


def test_ports_are_allotted_where_nobody_else_is():
    stack = {
        "placement": "host",
        "services": {"llama_swap": {"start_port": 5000}, "litellm": {"published_port": 5003}},
    }
    models = [{"name": name, "model": f"hf://o/{name}"} for name in "abcd"]
    models[1]["port"] = 5002
    swapped = {"name": "s", "model": "/m/s.gguf", "runner": "llama-server"}
    made = house(swapped, *models, **stack)
    ports = {one.model.name: one.model.port for one in made.local_models}
    assert ports == {"s": 0, "a": 5001, "b": 5002, "c": 5004, "d": 5005}
    assert made.local_models[1].choices["port"].why == "the first free one from start_port on"


def test_ports_go_on_from_the_first_where_there_are_no_higher_ones():
    models = [{"name": f"m{n}", "model": "hf://o/a"} for n in range(600)]
    ports = [
        one.model.port
        for one in house(
            *models, placement="host", services={"llama_swap": {"start_port": 65000}}
        ).local_models
    ]
    assert (ports[0], ports[535], ports[536], len(set(ports))) == (65000, 65535, 1024, 600)


def test_units_do_without_all_the_others():
    off = {key: {"enabled": False} for key in ("llama_swap", "litellm", "open_webui")}
    made = house(A, services=off)
    assert document(made)["files"]["llm_network"] is True
    assert [(secret.name, secret.used_by) for secret in made.secrets] == [
        ("llama_swap_api_key", ("ramalama",))
    ]
    assert not [one for one in expand(data(A, services=off)).findings if one.code == "LLM325"]


def test_litellm_asks_units_where_llama_swap_is_off():
    mine = {"name": "mine", "command": ["x", "${PORT}"]}
    llm = document(house(A, mine, services={"llama_swap": {"enabled": False}}))
    assert [entry["model_name"] for entry in llm["litellm"]["config"]["model_list"]] == ["a"]


def test_open_webui_without_litellm_asks_each_unit_with_the_key():
    embedding = {"name": "e", "model": "hf://o/e", "kind": "embedding"}
    mine = {"name": "mine", "command": ["x", "${PORT}"]}
    services = {"litellm": {"enabled": False}, "open_webui": {"connections": ["https://example.org/v1"]}}
    told = document(house(A, embedding, mine, services=services))["open_webui"]
    assert told["env"]["OPENAI_API_BASE_URLS"] == (
        "http://llama-swap:8080/v1;http://ramalama-a:8080/v1;http://ramalama-e:8080/v1;https://example.org/v1"
    )
    assert told["env"]["RAG_OPENAI_API_BASE_URL"] == "http://ramalama-e:8080/v1"
    assert "llama_swap_api_key,type=env,target=OPENAI_API_KEYS" in told["unit"]["secrets"]
    assert told["unit"]["exec"] == (
        'bash -c "key=$$OPENAI_API_KEYS; export OPENAI_API_KEYS=\\"$$key;$$key;$$key\\"; '
        'exec bash start.sh \\"$$@\\"" start.sh'
    )


@pytest.mark.parametrize(
    "services",
    [
        {},
        {"litellm": {"enabled": False}, "llama_swap": {"api_key": False}},
        {"litellm": {"enabled": False}, "open_webui": {"secrets": {"OPENAI_API_KEYS": "mine"}}},
    ],
    ids=["with litellm", "without a key", "with keys of the person's own"],
)
def test_open_webui_is_started_by_its_image_where_that_will_do(services):
    made = house(A, {"name": "b", "model": "hf://o/b"}, services=services)
    assert document(made)["open_webui"]["unit"]["exec"] == ""


def test_a_single_unit_needs_no_list_of_keys():
    told = document(house(A, services={"litellm": {"enabled": False}}))["open_webui"]
    assert told["env"]["OPENAI_API_BASE_URLS"] == "http://ramalama-a:8080/v1"
    assert told["unit"]["exec"] == ""


def test_the_key_is_shared_with_the_units():
    (secret,) = (s for s in house(A).secrets if s.name == "llama_swap_api_key")
    assert secret.used_by == ("litellm", "llama_swap", "ramalama")
    no_key = house(A, services={"llama_swap": {"api_key": False}})
    assert lines(units(no_key)["ramalama-a.container"], "Secret") == []
    assert document(no_key)["model_units"]["secrets"] == []


def test_ramalama_itself_downloads_nothing_and_keeps_the_short_names_that_it_can_serve():
    told = document(house(A, {"name": "web", "model": "https://example.org/a.gguf"}))["ramalama"]
    assert told["downloads"] == []
    assert [entry["name"] for entry in told["shortnames"]] == ['"a"']


# --- the text of a unit ---------------------------------------------------------------------------


def test_a_model_that_is_downloaded():
    text = unit(
        A | {"description": "Answers", "env": {"X": "a b"}, "args": ["--temp", "0.7"]},
        slice="ai.slice",
        wanted_by="x.target",
    )
    (label,) = lines(text, "Label")
    assert text.replace(f"Label={label}\n", "") == (
        "# chezmoi-llm: ramalama-a.container 1\n"
        "# One model, served all the time. Made from the list of models: change it there, not here.\n"
        "\n[Unit]\n"
        "Description=a (Answers)\n"
        "After=llama-swap.service\n"
        "\n[Container]\n"
        "Image=quay.io/ramalama/ramalama:latest\n"
        "ContainerName=ramalama-a\n"
        "AutoUpdate=registry\n"
        "Network=llm.network\n"
        "Exec=llama-server --host 0.0.0.0 --port 8080 --alias a --hf-repo org/a --ctx-size 8192 "
        "--n-gpu-layers auto --temp 0.7\n"
        "RunInit=true\n"
        "Volume=ramalama-models:/models\n"
        "Environment=LLAMA_CACHE=/models\n"
        "Environment=HOME=/tmp\n"
        'Environment="X=a b"\n'
        "Secret=llama_swap_api_key,type=env,target=LLAMA_API_KEY\n"
        "AddDevice=-/dev/dri\n"
        "AddDevice=-/dev/kfd\n"
        "GroupAdd=keep-groups\n"
        "NoNewPrivileges=true\n"
        "DropCapability=all\n"
        "HealthCmd=curl -fsS http://127.0.0.1:8080/health\n"
        "HealthInterval=30s\n"
        "HealthStartPeriod=3600s\n"
        "\n[Service]\n"
        "Slice=ai.slice\n"
        "TimeoutStartSec=3600\n"
        "Restart=on-failure\n"
        "RestartSec=5\n"
        "\n[Install]\n"
        "WantedBy=x.target\n"
    )


def checksums(*models: dict, **stack: object) -> dict[str, str]:
    """Return the checksum that each container carries; the document says the same."""
    made = house(*models, **stack)
    carried = {name: lines(text, "Label")[0] for name, text in units(made).items()}
    told = document(made)["model_units"]["checksums"]
    named = {name.replace(".container", ".service"): label for name, label in carried.items()}
    assert named == {service: f"chezmoi-llm.unit={checksum}" for service, checksum in told.items()}
    return told


B = {"name": "b", "model": "hf://org/b"}


def test_a_checksum_changes_with_its_unit_alone():
    before = checksums(A, B)
    assert len(set(before.values())) == 2
    assert checksums(A | {"ram_required_gb": 4}, B) == before
    after = checksums(A | {"ctx_size": 1}, B)
    assert {service for service in before if before[service] != after[service]} == {"ramalama-a.service"}


def test_without_llama_swap_there_is_nothing_to_wait_for():
    assert "llama-swap" not in unit(A, services={"llama_swap": {"enabled": False}})


@pytest.mark.parametrize("uri", ["/srv/100%/$m/a.gguf", "file:///srv/100%/$m/a.gguf"])
def test_a_model_file_is_mounted_with_its_folder(uri):
    text = unit({"name": "a", "model": uri})
    assert lines(text, "Volume") == ["/srv/100%%/$$m:/srv/100%%/$$m:ro"]
    assert lines(text, "Environment") == ["HOME=/tmp"]
    assert lines(text, "HealthStartPeriod") == ["600s"]
    assert '--model "/srv/100%%/$$m/a.gguf"' in text


def test_files_that_arguments_name_are_mounted_beside_it():
    args = ["--mmproj", "/srv/m/mm.gguf", "--lora=/opt/50%/l.gguf"]
    here = unit({"name": "a", "model": "/srv/m/a.gguf", "args": args})
    assert lines(here, "Volume") == ["/srv/m:/srv/m:ro", "/opt/50%%/l.gguf:/opt/50%%/l.gguf:ro"]
    far = unit({"name": "a", "model": "hf://o/a", "args": args[:2]})
    assert lines(far, "Volume") == ["ramalama-models:/models", "/srv/m/mm.gguf:/srv/m/mm.gguf:ro"]


DEVICES = [
    ("vulkan", {}, "ramalama", ["-/dev/dri", "-/dev/kfd"]),
    ("cuda", {}, "cuda", ["nvidia.com/gpu=all"]),
    ("cpu", {}, "ramalama", []),
    ("rocm", {"force_cpu": True}, "rocm", []),
]


@pytest.mark.parametrize(("accelerator", "field", "image", "devices"), DEVICES)
def test_the_devices_are_those_of_the_accelerator(accelerator, field, image, devices):
    text = unit(A | field, accelerator=accelerator)
    assert lines(text, "Image") == [f"quay.io/ramalama/{image}:latest"]
    assert lines(text, "AddDevice") == devices
    assert lines(text, "GroupAdd") == (["keep-groups"] if devices else [])
    assert ("--device none" in text) is not bool(devices)


def test_an_image_with_a_digest_is_not_updated():
    image = f"registry.example.org/x@sha256:{'0' * 64}"
    text = unit(A, services={"ramalama": {"image": image}})
    assert (lines(text, "Image"), lines(text, "AutoUpdate")) == ([image], [])


HEALTH = [
    ("vulkan", "", ["curl -fsS http://127.0.0.1:8080/health"]),
    ("vulkan", "/a$b%c;'", ["curl -fsS 'http://127.0.0.1:8080/a$$b%%c;'\"'\"''"]),
    ("vulkan", "none", []),
    (
        "musa",
        "",
        ["python3 -c 'import urllib.request as u; u.urlopen('\"'\"'http://127.0.0.1:8080/health'\"'\"')'"],
    ),
]


@pytest.mark.parametrize(("accelerator", "endpoint", "command"), HEALTH)
def test_podman_asks_the_server_with_a_program_of_the_image(accelerator, endpoint, command):
    text = unit(A | {"check_endpoint": endpoint}, accelerator=accelerator)
    assert lines(text, "HealthCmd") == command


@pytest.mark.parametrize("description", ["ends in \\", "50% $x", "{{ output `x` }}", "[Service]"])
def test_a_description_stays_on_its_line(description):
    text = unit(A | {"description": description})
    assert lines(text, "Description") == [f"a ({description.replace('%', '%%')})"]


def test_arguments_that_a_unit_cannot_hold_stand_in_variables():
    text = unit(A | {"args": ["", ";", "--x", "", "${PORT}"]})
    assert '--n-gpu-layers auto ${LLM_NOTHING} ${LLM_SEMICOLON} --x ${LLM_NOTHING} "$${PORT}"\n' in text
    assert lines(text, "Environment")[2:] == ["LLM_NOTHING=", '"LLM_SEMICOLON=;"']


def test_the_command_of_the_document_is_the_one_of_the_unit():
    (one,) = house(A | {"args": ["--x", "a b", "${PORT}"]}).local_models
    assert one.cmd_argv[-3:] == ("--x", "a b", "${PORT}")
    assert one.cmd.endswith("--x 'a b' '$''{PORT}'")


def test_every_folder_of_files_is_one_that_the_scripts_may_name():
    assert [one.folder for one in SOURCES] == [FOLDER]


# --- what is refused ------------------------------------------------------------------------------

PULLED = "run ramalama pull {0}, and write the path that ramalama inspect --json {0} shows"
SWAPPED = "use hf://, ms://, https:// or a path; or take out units: true, so that RamaLama serves it"


@pytest.mark.parametrize(
    ("uri", "hint"),
    [
        ("ollama://qwen3:8b", PULLED),
        ("oci://quay.io/x/y", SWAPPED),
        ("rlcr://gemma", SWAPPED),
        ("ms://owner/name", "name the file: ms://OWNER/NAME/FILE"),
        ("ms://owner/name/a.gguf:v1", "name the file: ms://OWNER/NAME/FILE"),
    ],
)
def test_what_llama_server_cannot_fetch_is_refused(uri, hint):
    message = f"a unit of its own cannot serve {uri!r}"
    assert said({"name": "a", "model": uri}) == [("LLM301", message, hint.format(uri))]


@pytest.mark.parametrize(
    "uri", ["hf://org/a", "https://example.org/a.gguf", "hf.co/o/a", "ms://o/n/a.gguf", "/srv/m/a.gguf"]
)
def test_what_llama_server_can_fetch_is_fine(uri):
    assert said({"name": "a", "model": uri}) == []


STAYS = "remove the line: the model is there as long as its unit runs"


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ({"ttl": 900}, STAYS),
        ({"group": "big"}, STAYS),
        ({"preload": True}, STAYS),
        ({"unlisted": True}, STAYS),
        ({"runner_args": ["--x"]}, "remove the line"),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
def test_a_field_that_a_unit_has_no_use_for_is_refused(field, hint):
    (name,) = field
    assert said(A | field) == [("LLM303", f"a unit of its own has no setting for {name!r}", hint)]


@pytest.mark.parametrize(
    "stack",
    [{"groups": {"g": {"members": ["a"]}}}, {"services": {"llama_swap": {"preload": ["a"]}}}],
    ids=["group", "preload"],
)
def test_a_list_of_llama_swap_with_such_a_model_is_refused(stack):
    message = "'a' has a unit of its own, so llama-swap does not start it"
    assert said(A, **stack) == [("LLM303", message, "take it out of the list")]


def test_defaults_are_for_the_models_that_can_have_them():
    (one,) = house(A, defaults={"ttl": 60, "preload": True, "unlisted": True}).local_models
    assert (one.model.ttl, one.model.preload, one.model.unlisted) == (0, False, False)


def test_another_kind_of_model_is_refused():
    model = A | {"kind": "transcription", "runner": "ramalama"}
    message = "a unit of its own cannot serve 'a', a model for transcription"
    assert said(model) == [("LLM302", message, "use runner: whisper-server or command")]


@pytest.mark.parametrize("flag", ["--alias", "-a", "--alias=x", "--host", "--port"])
def test_a_flag_that_the_unit_has_is_refused(flag):
    assert [code for code, _, _ in said(A | {"args": [flag]})] == ["LLM304"]


@pytest.mark.parametrize("path", ["/a.gguf", "/usr/a.gguf", "/srv/a:b/a.gguf"])
def test_a_folder_that_no_container_can_have_is_refused(path):
    message = f"the folder of {path!r} cannot be handed to a container"
    hint = "move the file into a folder of its own, without a colon in its path"
    assert said({"name": "a", "model": path}) == [("LLM306", message, hint)]


@pytest.mark.parametrize("folder", ["/", "/usr", "/app/"])
def test_a_models_dir_does_not_hide_the_programs_of_the_image(folder):
    found = said(placement="embedded", services={"llama_swap": {"models_dir": folder}})
    message = f"{folder!r} would hide what the container has there"
    assert found == [("LLM306", message, "move the files into a folder of their own")]
    assert said(placement="host", services={"llama_swap": {"models_dir": folder}}) == []


def test_a_model_file_needs_no_models_dir():
    assert said(FILE, placement="embedded") == []
    assert [code for code, _, _ in said(FILE, services={"ramalama": {"units": False}})] == ["LLM306"]


def test_a_placeholder_means_nothing_to_a_unit():
    assert said(A | {"description": "${x}", "env": {"X": "${y}"}}) == []
