"""The dimension and sub-dimension that two cells mean."""

import pytest

from praja.foundation.plans.dimension_words import DimensionWords


@pytest.fixture
def words(country):
    return DimensionWords(country.plan.dimension_set)


@pytest.mark.parametrize("text", ["Smart Living", "living", "Transportation"])
def test_loose_names_are_understood(words, text):
    assert words.read(text, "")[0] == "living"


def test_a_sub_dimension_that_only_one_dimension_has_names_it_too(words):
    assert words.read("", "health")[:2] == ("living", "health")


def test_a_word_of_no_dimension_is_told(words):
    key, _sub, sentence, _about_sub = words.read("Smart Magic", "")
    assert not key
    assert "Smart Magic" in sentence
