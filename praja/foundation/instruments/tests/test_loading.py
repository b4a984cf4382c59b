"""Instruments come in from their files, again and again, and stay as they were once somebody has answered."""

import pytest

from praja.foundation.instruments.filled import filled
from praja.foundation.instruments.loading import FOLDER, WrongInstrument, load_instruments
from praja.foundation.instruments.models import Answer, Instrument

TEXT = """
key = "uji-1"
names = {id = "Uji", en = "Test"}
source = "uji"
origin = "proposed"
[[level]]
key = "0"
value = "0"
names = {id = "Nol", en = "Zero"}
[[level]]
key = "1"
value = "1.5"
names = {id = "Satu", en = "One"}
[[node]]
key = "a"
names = {id = "A", en = "A"}
[[node]]
key = "b"
parent = "a"
names = {id = "B", en = "B"}
"""


@pytest.fixture
def file(db, tmp_path):
    path = tmp_path / "uji.toml"
    path.write_text(TEXT)
    return path


def answer(country, node, level="1"):
    return Answer.objects.create(
        node=node,
        subject="plans.plan",
        subject_id=country.plan.pk,
        organisation=country.government,
        state="given",
        level=level,
    )


def test_loading_twice_changes_nothing(file):
    assert load_instruments(file.parent) == load_instruments(file.parent) == 1
    instrument = Instrument.objects.get(key="uji-1")
    assert list(instrument.nodes.values_list("key", "parent__key", "order")) == [("a", None, 1), ("b", "a", 2)]


def test_a_changed_file_replaces_what_nobody_has_answered(file):
    load_instruments(file.parent)
    file.write_text(TEXT.replace('key = "b"', 'key = "c"'))
    load_instruments(file.parent)
    assert list(Instrument.objects.get(key="uji-1").nodes.values_list("key", flat=True)) == ["a", "c"]


def test_a_changed_file_is_refused_once_somebody_has_answered(file, country):
    load_instruments(file.parent)
    instrument = Instrument.objects.get(key="uji-1")
    answer(country, instrument.nodes.get(key="b"))
    file.write_text(TEXT.replace("Satu", "Eins"))
    with pytest.raises(WrongInstrument, match="a key of its own"):
        load_instruments(file.parent)
    assert Instrument.objects.get(key="uji-1").sha256 == instrument.sha256


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('origin = "proposed"', 'origin = "heard"'),
        ('value = "1.5"', 'value = "much"'),
        ('value = "1.5"', "value = 1.5"),
        ('value = "1.5"', 'value = "-1"'),
        ('parent = "a"', 'parent = "z"'),
        ('key = "b"', 'key = "a"'),
        ('id = "B"', 'id = ""'),
        ('parent = "a"', 'parent = "a"\nweight = "-1"'),
        ('key = "uji-1"', "key ="),
    ],
)
def test_a_file_that_is_no_instrument_is_named(file, was, becomes):
    file.write_text(TEXT.replace(was, becomes, 1))
    with pytest.raises(WrongInstrument, match=r"uji\.toml"):
        load_instruments(file.parent)
    assert not Instrument.objects.filter(key="uji-1").exists()


def test_what_was_answered_is_scored_with_zero_as_a_level(file, country):
    load_instruments(file.parent)
    instrument = Instrument.objects.get(key="uji-1")
    answer(country, instrument.nodes.get(key="b"), level="0")
    found = filled(instrument, country.plan)
    assert found.score.shown == 0
    assert found.scores["b"].value == 0
    assert [node.key for node in found.elements] == ["b"]


def test_every_instrument_of_the_release_has_elements_with_hints(db):
    assert load_instruments() == len(list(FOLDER.glob("*.toml"))) > 0
    for instrument in Instrument.objects.all():
        leaves = instrument.nodes.filter(children=None)
        assert all(node.hints.get("id") and node.hints.get("en") and node.unit for node in leaves)
