"""How typed values are understood, and the sentences for those that are not."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.sheets import values
from praja.foundation.sheets.values import Choices, ShownNumber, ValueProblem

DIMENSIONS = Choices(
    [("governance", "Smart Governance"), ("economy", "Smart Economy"), ("living", "Smart Living")],
    {"Smart Government": "governance", "Economic": "economy", "Transportation": "living", "of no key": "nobody"},
)
PARSERS = [
    values.parse_money,
    values.parse_decimal,
    values.parse_int,
    values.parse_year,
    values.parse_date,
    values.parse_boolean,
    values.parse_text,
    values.parse_region_code,
    values.parse_nip,
    lambda value: values.parse_choice(value, DIMENSIONS),
]
ANYTHING = st.one_of(
    st.text(),
    st.text("0123456789.,-Rp jtmiliar%()", max_size=30),
    st.floats(),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(),
    st.decimals(),
)


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [
        ("Rp 1,5 M", 1_500_000_000),
        ("1.500.000", 1_500_000),
        ("1,5 miliar", 1_500_000_000),
        ("1,250 miliar", 1_250_000_000),
        ("Rp1.250.000.000,00", 1_250_000_000),
        ("1500000", 1_500_000),
        ("1.5 jt", 1_500_000),
        ("Rp 750 ribu", 750_000),
        ("750rb", 750_000),
        ("2 T", 2_000_000_000_000),
        ("1 miliar 250 juta", 1_250_000_000),
        ("Rp. 1.500.000,-", 1_500_000),
        ("Rp1.500.000.-", 1_500_000),
        ("1 500 000", 1_500_000),
        ("Rp\u00a01.500.000", 1_500_000),
        ("1,500,000", 1_500_000),
        ("1,250,000.00", 1_250_000),
        ("1.500", 1_500),
        ("IDR 10 juta", 10_000_000),
        ("0", 0),
        (1_500_000.0, 1_500_000),
        (1_500_000, 1_500_000),
        (10**15, 10**15),
    ],
)
def test_money_is_understood_as_people_write_it(typed, rupiah):
    assert values.parse_money(typed) == rupiah


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-5", "below zero"),
        ("(1.000)", "below zero"),
        ("rp -5", "below zero"),
        (-5.0, "below zero"),
        ("1,500", "two ways"),
        ("1,5", "round"),
        (0.5, "round"),
        ("1.001 triliun", "zeros"),
        (1e16, "zeros"),
        (float("nan"), "not a number"),
        ("$5", "not an amount"),
        ("5 - 7 juta", "not an amount"),
        ("1.000.00", "not an amount"),
        ("250 juta 1 miliar", "not an amount"),
        ("belum ada", "not an amount"),
        ("Rp", "not an amount"),
        (True, "not an amount"),
    ],
)
def test_money_that_is_unclear_gets_a_sentence(typed, words):
    with translation.override("en"), pytest.raises(ValueProblem, match=words):
        values.parse_money(typed)


def test_a_bare_amount_counts_in_the_unit_of_its_column():
    assert values.parse_money("1.500", unit=10**6) == 1_500_000_000
    assert values.parse_money(2.5, unit=10**6) == 2_500_000
    assert values.parse_money("1,5 miliar", unit=10**6) == 1_500_000_000


@given(st.integers(0, 10**15))
def test_money_comes_back_from_every_way_of_writing_it(rupiah):
    indonesian = f"{rupiah:,}".replace(",", ".")
    for written in (
        str(rupiah),
        indonesian,
        f"Rp{indonesian}",
        f"Rp {indonesian},00",
        f"{indonesian},-",
        float(rupiah),
    ):
        assert values.parse_money(written) == rupiah


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.500", "1500"),
        ("0.125", "0.125"),
        ("1.125,5", "1125.5"),
        ("1,125.5", "1125.5"),
        ("12,5 %", "12.5"),
        ("-3,2", "-3.2"),
        ("−3,2", "-3.2"),
        ("+3", "3"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (Decimal("7.50"), "7.5"),
    ],
)
def test_decimals_are_exact_with_comma_or_point(typed, number):
    assert str(values.parse_decimal(typed)) == number


@pytest.mark.parametrize("typed", ["1e5", "12 orang", "٣", "1,2,3", "1..5", True, float("inf"), 1e300, "1,23456"])
def test_what_is_no_decimal_is_refused(typed):
    with pytest.raises(ValueProblem):
        values.parse_decimal(typed)


@given(st.decimals(-(10**9), 10**9, places=4))
def test_decimals_come_back_from_their_text(number):
    assert values.parse_decimal(values.decimal_text(number)) == number


@pytest.mark.parametrize(("typed", "number"), [("1.500", 1500), (15.0, 15), ("12,0", 12), ("0", 0)])
def test_whole_numbers(typed, number):
    assert values.parse_int(typed) == number


@pytest.mark.parametrize("typed", [15.5, "1,5", "-1", "banyak", True])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(ValueProblem):
        values.parse_int(typed)


@pytest.mark.parametrize(
    "typed", ["2026", 2026, 2026.0, "TA 2026", "Tahun 2026", "2.026", ShownNumber(2026, "2026.00")]
)
def test_years(typed):
    assert values.parse_year(typed) == 2026


@pytest.mark.parametrize("typed", ["26", "1989", "2101", "2024/2025", 2026.5, True, "20266"])
def test_what_is_no_year_is_refused(typed):
    with pytest.raises(ValueProblem):
        values.parse_year(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "21 November 2026",
        "Sabtu, 21 November 2026",
        "hari Sabtu tanggal 21 Nopember 2026",
        "Saturday 21 November 2026",
        "21/11/2026",
        "21-11-2026",
        "21.11.2026",
        "21-Nov-2026",
        "2026-11-21",
        "2026-11-21 00:00:00",
        dt.date(2026, 11, 21),
        dt.datetime(2026, 11, 21, 8, 30),  # noqa: DTZ001 - workbooks know no zones
        46347,
        46347.0,
    ],
)
def test_dates(typed):
    assert values.parse_date(typed) == dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    "typed", ["11/21/2026", "31/2/2026", "21/11/26", "2026", 2026, "kemarin", "21 Foo 2026", 1e300]
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValueProblem):
        values.parse_date(typed)


def test_a_weekday_that_contradicts_its_date_is_named():
    with (
        translation.override("en"),
        pytest.raises(ValueProblem, match="12 October 2023 is a Thursday, not a Wednesday"),
    ):
        values.parse_date("Rabu 12 Oktober 2023")


@pytest.mark.parametrize(
    ("typed", "truth"),
    [("Ya", True), ("YES", True), ("x", True), ("✓", True), ("✔️", True), (1.0, True), ("tidak", False)],
)
def test_yes_and_no(typed, truth):
    assert values.parse_boolean(typed) is truth


@pytest.mark.parametrize("typed", ["smart LIVING", "Living", "smart-living.", " Transportation ", "living"])
def test_choices_forgive_case_punctuation_and_smart(typed):
    assert values.parse_choice(typed, DIMENSIONS) == "living"


def test_an_unknown_choice_proposes_the_nearest():
    with translation.override("en"), pytest.raises(ValueProblem, match="Did you mean “Smart Governance”"):
        values.parse_choice("Smart Gouvernance", DIMENSIONS)


def test_a_word_for_two_keys_stands_for_none():
    choices = Choices([("a", "Pertama"), ("b", "Kedua")], {"sama": "a", "Sama!": "b"})
    with pytest.raises(ValueProblem):
        values.parse_choice("sama", choices)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("11.10", "11.10"), (ShownNumber(11.1, "11.10"), "11.10"), (32.73, "32.73"), (11.0, "11"), ("11.10.01.2001",) * 2],
)
def test_region_codes_stay_text(typed, code):
    assert values.parse_region_code(typed) == code


@pytest.mark.parametrize("typed", [11.1, "11.1", "1110", 1110, "11-10", "Aceh", True])
def test_a_code_that_lost_its_zero_is_refused_with_an_example(typed):
    with pytest.raises(ValueProblem, match="11\\.10"):
        values.parse_region_code(typed)


def test_a_nip_keeps_its_eighteen_digits():
    assert values.parse_nip("19650101 199003 1 001") == "196501011990031001"
    for typed in (196501011990031001.0, "1965", True):
        with pytest.raises(ValueProblem):
            values.parse_nip(typed)


def test_texts_are_cleaned_and_emoji_stay():
    assert values.cleaned("a\x00b\u202ec\ud800 \u00a0d\r\ne 👩‍⚕️ ") == ("abc  d\ne 👩‍⚕️", 3)
    assert values.cleaned("e\u0301") == ("é", 0)


def test_a_text_that_is_too_long_says_by_how_much():
    with translation.override("en"), pytest.raises(ValueProblem, match="11 characters; at most 10"):
        values.parse_text("a" * 11, maximum=10)


@pytest.mark.parametrize("blank", ["", "  ", "-", " – ", "\u00a0", "\u200b", None])
def test_a_blank_is_missing_and_no_problem(blank):
    assert [parse(blank) for parse in PARSERS] == [None] * len(PARSERS)


@given(ANYTHING)
def test_any_value_is_understood_or_gets_a_sentence(value):
    for parse in PARSERS:
        with contextlib.suppress(ValueProblem):
            parse(value)
