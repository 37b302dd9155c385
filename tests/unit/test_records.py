from __future__ import annotations

import pytest

from chezmoi_llm.records import fields, record, replace


@record
class Base:
    """A record to inherit from."""

    name: str
    size: int = 3

    @property
    def double(self):
        return 2 * self.size


@record
class Model(Base):
    """A record with a field more."""

    aliases: tuple = ()


def test_a_record_is_made_by_keywords_and_defaults():
    model = Model(name="a", aliases=("b",))
    assert (model.name, model.size, model.aliases, model.double) == ("a", 3, ("b",), 6)


def test_fields_are_those_of_the_parent_and_its_own():
    assert fields(Model) == fields(Model(name="a")) == ("name", "size", "aliases")


def test_records_are_equal_by_value_and_kind():
    assert Model(name="a") == Model(name="a", size=3)
    assert Model(name="a") != Model(name="b")
    assert Model(name="a") != Base(name="a")
    assert len({Model(name="a"), Model(name="a"), Model(name="b")}) == 2


def test_a_record_shows_its_values():
    assert repr(Model(name="a")) == "Model(name='a', size=3, aliases=())"


def test_replace_changes_a_copy():
    model = Model(name="a")
    assert replace(model, size=4) == Model(name="a", size=4)
    assert model.size == 3


@pytest.mark.parametrize("name", ["size", "unknown"])
def test_nothing_can_be_set(name):
    with pytest.raises(AttributeError, match=f"Model.{name} cannot change"):
        setattr(Model(name="a"), name, 1)


def test_nothing_can_be_deleted():
    with pytest.raises(AttributeError, match=r"Model\.name cannot change"):
        del Model(name="a").name


def test_there_is_no_dictionary():
    assert not hasattr(Model(name="a"), "__dict__")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({}, r"Base lacks \['name'\], and has no fields \[\]", id="missing"),
        pytest.param(
            {"name": "a", "nme": 1}, r"Base lacks \[\], and has no fields \['nme'\]", id="unknown"
        ),
    ],
)
def test_a_field_too_few_or_too_many_is_refused(values, message):
    with pytest.raises(TypeError, match=message):
        Base(**values)


def test_values_go_by_keyword_alone():
    with pytest.raises(TypeError):
        Base("a")
