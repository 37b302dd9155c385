"""What chezmoi makes of plain scalars."""

import math

import pytest
from data.yaml_texts import SCALARS

from chezmoi_llm.source import scalars


@pytest.mark.parametrize("text", SCALARS, ids=lambda text: ascii(text[:24]))
def test_plain_scalar(text):
    value = scalars.resolve(text)
    assert (type(value), value) == (type(SCALARS[text]), SCALARS[text])


@pytest.mark.parametrize(
    ("text", "value"), [(".inf", math.inf), ("-.INF", -math.inf), ("+.inf", "+.inf"), (".iNf", ".iNf")]
)
def test_infinity(text, value):
    assert scalars.resolve(text) == value


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number(text):
    value = scalars.resolve(text)
    assert isinstance(value, float)
    assert math.isnan(value)


KEYS = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (16, "16"),
    (1.0, "1"),
    (0.5, "0.5"),
    (1.5e20, "150000000000000000000"),
    (1.5e21, "1.5e+21"),
    (1e21, "1e+21"),
    (0.0001, "0.0001"),
    (0.00001, "1e-05"),
    (0.0, "0"),
    (math.inf, "+Inf"),
    (-math.inf, "-Inf"),
    ("a", "a"),
]


@pytest.mark.parametrize(("value", "key"), KEYS, ids=[str(value) for value, _ in KEYS])
def test_key(value, key):
    assert scalars.as_key(value) == key


def test_key_that_is_no_number():
    assert scalars.as_key(math.nan) == "NaN"
