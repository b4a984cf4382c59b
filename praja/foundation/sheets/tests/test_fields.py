"""A form and a sheet judge the same text alike, in the same words."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.sheets import fields, values
from praja.foundation.sheets.columns import Column, Sheet
from praja.foundation.sheets.reading import Row

PAIRS = {
    "money": (fields.MoneyField, values.parse_money),
    "decimal": (fields.DecimalTextField, lambda value: fields.parse_decimal_text(value) or None),
    "year": (fields.YearField, values.parse_year),
    "date": (fields.WrittenDateField, values.parse_date),
    "nip": (fields.NipField, values.parse_nip),
}
TYPED = st.one_of(
    st.text(max_size=30),
    st.text("0123456789.,-Rp jtmiliar%", max_size=20),
    st.sampled_from(["Rp 1,5 M", "1.500", "12,5", "21 November 2026", "ya", "Smart Living", "11.10", "-", " ", "2026"]),
)


@given(TYPED, st.sampled_from(sorted(PAIRS)), st.booleans())
def test_form_and_sheet_give_the_same_verdict_and_message(text, name, required):
    make, parse = PAIRS[name]
    form = type("OneField", (forms.Form,), {name: make(required=required)})({name: text})
    sheet = Sheet([Column(name, "Judul", parse=parse, required=required)])
    (judged,) = sheet.judge([Row(2, (text,))], ["Judul"], {"Judul": name})
    assert form.is_valid() == (not judged.problems)
    assert form.errors.get(name, []) == list(judged.problems.values())
    if form.is_valid():
        value = form.cleaned_data[name]
        assert (None if value == "" else value) == judged.values.get(name)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (fields.MoneyField(), 1_500_000, "1.500.000"),
        (fields.MoneyField(), "1,5 jt", "1,5 jt"),
    ],
)
def test_a_value_is_shown_so_that_it_reads_back(field, value, shown):
    assert field.prepare_value(value) == shown
    assert field.clean(shown) == field.clean(value)


def test_an_unchanged_value_counts_as_unchanged():
    assert not fields.MoneyField().has_changed(1_500_000, "1.500.000")
    assert fields.MoneyField().has_changed(1_500_000, "1.500.001")


class Figure(forms.Form):
    """A form with one stored decimal."""

    figure = fields.DecimalTextField(required=False)


@pytest.mark.parametrize(
    ("stored", "shown"), [("12.5", "12,5"), ("1125", "1125"), ("1.125", "1,125"), ("-0.5", "-0,5")]
)
def test_a_stored_decimal_is_shown_with_a_comma_and_reads_back(stored, shown):
    assert Figure(initial={"figure": stored})["figure"].value() == shown
    form = Figure({"figure": shown}, initial={"figure": stored})
    assert form.is_valid()
    assert form.cleaned_data["figure"] == stored
    assert not form.has_changed()


def test_a_typed_decimal_comes_back_as_it_was_typed():
    assert Figure({"figure": "1.500"})["figure"].value() == "1.500"
    assert Figure({"figure": "kira-kira 3"})["figure"].value() == "kira-kira 3"
