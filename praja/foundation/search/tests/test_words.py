"""Stems: one word in all its forms, whatever is typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praja.foundation.search.words import MOST_WORDS, question_of, stem_of, stems_of, words_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pelayanan", "melayani"),
        ("permasalahan", "masalah"),
        ("pendaftaran", "mendaftar"),
        ("Café", "cafe"),
        ("DATA", "data"),
    ],
)
def test_forms_of_a_word_have_one_stem(one, other):
    assert stems_of([one]) == stems_of([other])


def test_other_scripts_become_letters_that_both_engines_keep():
    (stem,) = stems_of(["ꦲꦤꦕ"])
    assert stem.isascii()
    assert stem.isalnum()


def test_words_that_stand_everywhere_are_left_out_beside_others_only():
    assert list(question_of("layanan untuk warga").words.values()) == ["layanan", "warga"]
    assert list(question_of("yang untuk").words.values()) == ["yang", "untuk"]


def test_a_long_question_is_cut_and_says_so():
    question = question_of(" ".join(f"kata{number}" for number in range(40)))
    assert len(question.words) == MOST_WORDS
    assert question.is_cut


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_stems_are_plain_and_those_of_a_text_are_those_of_its_words(text):
    stems = stems_of([text])
    assert all(stem.isascii() and stem.isalnum() and len(stem) <= 400 for stem in stems)
    assert set(question_of(text).words) <= set(stems)
    assert {stem_of(word) for word in question_of(text).words.values()} == set(question_of(text).words)


def test_words_are_found_where_they_stand():
    assert [(begin, end) for begin, end, _stem in words_in("Antre, lalu-pulang.")] == [(0, 5), (7, 11), (12, 18)]
