from __future__ import annotations

import pytest

from chezmoi_llm.showing.secrecy import is_named, is_plain, is_secret, tells_secret

NAMED = (
    *("DB_PASSWORD", "PGPASS", "PGPASSWORD", "passwd", "APIKEY", "OPENAI_API_KEY", "api-key", "apiKey"),
    *("hfToken", "HF_TOKEN", "CLIENT_SECRET", "CREDENTIAL", "WEBUI_AUTH", "OPENAI_API_KEYS", "SSH_KEY"),
    *("API_KEY_OPENAI", "AWS_SECRET_ACCESS_KEY", "PASS_1", "Authorization", "PROXY_AUTH", "--api-key"),
)
OTHERS = (
    *("MAX_TOKENS", "max-output-tokens", "eos_token", "tokens_per_second", "tokenizer", "monkey", "BYPASS"),
    *(
        "KEY_FILE",
        "REDIS_KEY_PREFIX",
        "TOKEN_URL",
        "AUTH_TYPE",
        "api_key_env",
        "AWS_ACCESS_KEY_ID",
        "secrets",
    ),
    *("WEBUI_AUTH_COOKIE_SAME_SITE", "author", "keyboard", "compass", "cache_type_k", "PASSWORD_FILE", ""),
)


@pytest.mark.parametrize("name", NAMED)
def test_a_name_of_a_secret(name):
    assert is_named(name)


@pytest.mark.parametrize("name", OTHERS)
def test_a_name_of_something_else(name):
    assert not is_named(name)


PLAIN = [
    ("API_KEY", "none"),
    ("WEBUI_AUTH", "False"),
    ("TOKENS", "128k"),
    ("TOKEN", "4096"),
    ("KEY", "/run/secrets/key"),
    ("KEY", "%h/key.pem"),
    ("KEY", "os.environ/KEY"),
    ("KEY", "${KEY}"),
    ("KEY", "{{ .key }}"),
    ("PASSWORD", ""),
    ("PASSWORD", "12"),
]


@pytest.mark.parametrize(("name", "value"), PLAIN)
def test_a_value_that_is_no_secret(name, value):
    assert is_plain(name, value)
    assert not is_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"), [("PASSWORD", "12345678"), ("TOKEN", "x4096"), ("KEY", "a/b"), ("AUTH", "me:pw")]
)
def test_a_value_that_is_a_secret(name, value):
    assert is_secret(name, value)


@pytest.mark.parametrize(
    "text",
    [
        "uses hf_abcdefghijklmnopqrstuvwx",
        "sk-abcdefghijklmnopqrst",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "https://user:word@host/x",
        "https://host/x?a=1&token=abc",
        "--api-key abc",
        "--api-key=abc",
        "DB_PASSWORD: abc",
        '{"api_key": "abc"}',
    ],
)
def test_a_text_that_tells_a_secret(text):
    assert tells_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "ollama://qwen3:8b",
        "oci://quay.io/a/b@sha256:0",
        "--max-tokens=5",
        "api_key_env: X",
        "--api-key ${X}",
    ],
)
def test_a_text_that_tells_none(text):
    assert not tells_secret(text)


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Needs an API key: see the docs", False),
        ("password: required by the host", False),
        ("the key=value store", False),
        ("set api_key=abc first", True),
        ("password: hunter2-x", True),
    ],
)
def test_prose_may_speak_of_secrets(text, tells):
    assert tells_secret(text, is_prose=True) is tells
