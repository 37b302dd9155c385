from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge


def said(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return code, message and hint of each finding."""
    findings = judge({"data": data}).findings
    return [(one.code, one.message, one.hint) for one in findings if one.code != "LLM405"]


def network(**fields: str) -> dict[str, Any]:
    return {"llm_stack": {"network": fields}}


def service(**fields: Any) -> dict[str, Any]:
    return {"llm_stack": {"services": {"litellm": fields}}}


EVERYWHERE = "0.0.0.0"  # noqa: S104 - only text here


INSIDE = "choose an address inside of the subnet, or take the line out"
NETWORKS = [
    (
        {"gateway": "10.89.7.1"},
        ("LLM327", "Podman refuses a network with a gateway and no subnet", "write subnet: too"),
    ),
    (
        {"subnet": "10.89.7.0/24", "gateway": "10.9.0.1"},
        (
            "LLM327",
            "Podman refuses a network with the gateway 10.9.0.1 outside of its subnet 10.89.7.0/24",
            INSIDE,
        ),
    ),
    (
        {"subnet": "10.89.7.0/24", "gateway": "fd00::1"},
        (
            "LLM327",
            "Podman refuses a network with the gateway fd00::1 outside of its subnet 10.89.7.0/24",
            INSIDE,
        ),
    ),
    (
        {"subnet": "999.1.1.0/24"},
        (
            "LLM103",
            "'subnet' is '999.1.1.0/24', but must be a subnet such as 10.89.7.0/24",
            'write it as in subnet: "10.89.7.0/24"',
        ),
    ),
    (
        {"subnet": "10.0.0.0/33"},
        (
            "LLM103",
            "'subnet' is '10.0.0.0/33', but must be a subnet such as 10.89.7.0/24",
            'write it as in subnet: "10.89.7.0/24"',
        ),
    ),
    (
        {"subnet": "10.0.0.0/8", "gateway": "10.0.0"},
        (
            "LLM103",
            "'gateway' is '10.0.0', but must be an IP address",
            'write it as in gateway: "10.89.7.1"',
        ),
    ),
]


@pytest.mark.parametrize(("fields", "expected"), NETWORKS)
def test_a_network_that_podman_refuses(fields, expected):
    assert said(network(**fields)) == [expected]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"subnet": "10.89.7.0/24"},
        {"subnet": "10.89.7.5/24", "gateway": "10.89.7.1"},
        {"subnet": "fd00::/64", "gateway": "fd00::1"},
        {"name": "models"},
    ],
)
def test_a_network_that_podman_takes(fields):
    assert said(network(**fields)) == []


@pytest.mark.parametrize("name", ["host", "bridge", "podman", "none"])
def test_a_network_is_not_called_by_a_word_of_podman(name):
    wanted = "a name for a network of its own, not one of Podman's words such as host or bridge"
    assert said(network(name=name)) == [
        ("LLM103", f"'name' is '{name}', but must be {wanted}", "write it as in name: llm")
    ]


@pytest.mark.parametrize("bind", ["999.1.1.1", "1.2.3", "[::g]", "127.0.0.01", "[:::]", "::1"])
def test_a_bind_that_is_no_address(bind):
    hint = 'write it as in bind: "127.0.0.1"'
    assert said(service(bind=bind)) == [("LLM103", f"'bind' is '{bind}', but must be an IP address", hint)]


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.1.2.3", "[::1]", "[0:0:0:0:0:0:0:1]"])
def test_a_bind_that_nobody_else_reaches(bind):
    assert said(service(bind=bind)) == []


@pytest.mark.parametrize("bind", [EVERYWHERE, "192.168.1.5", "[::]", "[fd00::1]"])
def test_a_bind_that_others_reach(bind):
    message = f"litellm listens on {bind}, which others on the network can reach"
    assert said(service(bind=bind)) == [("LLM403", message, "use 127.0.0.1, and Caddy for other machines")]
    assert said(service(bind=bind, enabled=False)) == []


def test_a_target_that_no_user_has():
    data = {
        "llm_stack": {
            "wanted_by": "multi-user.target",
            **service(requires=["network-online.target"])["llm_stack"],
        }
    }
    assert said(data) == [
        (
            "LLM328",
            "your systemd has no multi-user.target, so nothing would start the units",
            "write default.target",
        ),
        ("LLM328", "your systemd has no network-online.target, so litellm would not start", "take it out"),
    ]


def test_targets_of_a_user():
    data = {
        "llm_stack": {"wanted_by": "scroll-session.target", **service(requires=["a.service"])["llm_stack"]}
    }
    assert said(data) == []


SLICES = "the name of a systemd slice such as llm.slice, in which single dashes part slices"


@pytest.mark.parametrize("name", ["a--b.slice", "-a.slice", "a-.slice", ".slice", "a@b.slice"])
def test_a_slice_that_systemd_refuses(name):
    assert said({"llm_stack": {"slice": name}}) == [
        ("LLM103", f"'slice' is '{name}', but must be {SLICES}", "write it as in slice: llm.slice")
    ]


@pytest.mark.parametrize("name", ["llm.slice", "-.slice", "a-b.slice", "a.b.slice", "a_b:c.slice"])
def test_a_slice_that_systemd_takes(name):
    assert said({"llm_stack": {"slice": name}}) == []


IMAGES = "a full image name such as ghcr.io/open-webui/open-webui:main, not ending in .image or .build"


@pytest.mark.parametrize(
    "image", ["ghcr.io/a/b.image", "ghcr.io/a/b:1.build", "library/a:1", "a/b", "x.image"]
)
def test_an_image_that_podman_reads_as_something_else(image):
    hint = "write it as in image: ghcr.io/me/image:1.2"
    assert said(service(image=image)) == [("LLM103", f"'image' is '{image}', but must be {IMAGES}", hint)]


@pytest.mark.parametrize(
    "image",
    ["ghcr.io/a/b.image:1", "localhost/a:1", "registry:5000/a/b", "quay.io/a@sha256:" + "0" * 64],
)
def test_an_image_that_podman_pulls(image):
    assert said(service(image=image)) == []


def test_a_container_name_that_a_model_has():
    data = service(container_name="ramalama-big-8b")
    data["local_models"] = [{"name": "big:8b", "model": "ollama://a"}]
    message = "litellm and model 'big:8b' have one container name, 'ramalama-big-8b'"
    assert said(data) == [("LLM316", message, "give one of them another name")]
