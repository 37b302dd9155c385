"""What chezmoi makes of plain scalars; tests/real holds the same table to chezmoi itself."""

import math

import pytest

from chezmoi_llm.source import scalars

VALUES = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "nULL": "nULL",
    "true": True,
    "TRUE": True,
    "tRUE": "tRUE",
    "yes": "yes",
    "on": "on",
    "NO": "NO",
    "y": "y",
    "0": 0,
    "-0": 0,
    "+1": 1,
    "--1": "--1",
    "+-5": 5,
    "017": 15,
    "0o17": 15,
    "-017": -15,
    "018": "018",
    "08": "08",
    "0o8": "0o8",
    "0O17": "0O17",
    "0x10": 16,
    "-0x10": -16,
    "0xG": "0xG",
    "0x": "0x",
    "0X10": "0X10",
    "0b11": 3,
    "0b2": "0b2",
    "1_000_000": 1000000,
    "1_": 1,
    "1__0": 10,
    "0_7": 7,
    "_1": "_1",
    "1e6": "1e6",
    "1E3": "1E3",
    "1.0e+6": 1000000.0,
    "1.e3": 1000.0,
    "8192.0": 8192.0,
    ".5": 0.5,
    "-.5": -0.5,
    "1.": 1.0,
    "1_0.5_0": 10.5,
    ".": ".",
    "-": "-",
    "+": "+",
    "1.2.3": "1.2.3",
    "0x1.8": "0x1.8",
    "1.5e400": "1.5e400",
    "1:30": "1:30",
    "12:30:45": "12:30:45",
    "2024-01-01": "2024-01-01",
    "9007199254740993": 9007199254740993,
    "9223372036854775808": 9223372036854775808,
    "18446744073709551615": 18446744073709551615,
    "18446744073709551616": "18446744073709551616",
    "-9223372036854775808": -9223372036854775808,
    "-9223372036854775809": "-9223372036854775809",
    "9" * 5000: "9" * 5000,
    "\u0661": "\u0661",
    "\u00b2": "\u00b2",
    "<<": "<<",
    "qwen3:8b": "qwen3:8b",
}


@pytest.mark.parametrize("text", VALUES, ids=lambda text: ascii(text[:24]))
def test_plain_scalar(text):
    value = scalars.resolve(text)
    assert (type(value), value) == (type(VALUES[text]), VALUES[text])


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
