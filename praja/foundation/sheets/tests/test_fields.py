"""A form and a sheet judge the same text alike, in the same words."""

from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.sheets import fields, values
from praja.foundation.sheets.columns import Column, Sheet
from praja.foundation.sheets.reading import Row
from praja.foundation.sheets.values import Choices

CHOICES = Choices([("living", "Smart Living"), ("economy", "Smart Economy")])
PAIRS = {
    "money": (fields.MoneyField, values.parse_money, None),
    "decimal": (fields.IndonesianDecimalField, values.parse_decimal, None),
    "whole": (fields.WholeNumberField, values.parse_int, None),
    "year": (fields.YearField, values.parse_year, None),
    "date": (fields.WrittenDateField, values.parse_date, None),
    "truth": (fields.YesNoField, values.parse_boolean, None),
    "text": (fields.PlainTextField, values.parse_text, None),
    "code": (fields.RegionCodeField, values.parse_region_code, None),
    "nip": (fields.NipField, values.parse_nip, None),
    "choice": (lambda **options: fields.WordChoiceField(choices=CHOICES, **options), values.parse_text, CHOICES),
}
TYPED = st.one_of(
    st.text(max_size=30),
    st.text("0123456789.,-Rp jtmiliar%", max_size=20),
    st.sampled_from(["Rp 1,5 M", "1.500", "12,5", "21 November 2026", "ya", "Smart Living", "11.10", "-", " ", "2026"]),
)


@given(TYPED, st.sampled_from(sorted(PAIRS)), st.booleans())
def test_form_and_sheet_give_the_same_verdict_and_message(text, name, required):
    make, parse, choices = PAIRS[name]
    form = type("OneField", (forms.Form,), {name: make(required=required)})({name: text})
    sheet = Sheet([Column(name, "Judul", parse=parse, choices=choices, required=required)])
    (judged,) = sheet.judge([Row(2, (text,))], ["Judul"], {"Judul": name})
    assert form.is_valid() == (not judged.problems)
    assert form.errors.get(name, []) == list(judged.problems.values())
    if form.is_valid():
        assert form.cleaned_data[name] == judged.values.get(name)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (fields.MoneyField(), 1_500_000, "1.500.000"),
        (fields.MoneyField(), "1,5 jt", "1,5 jt"),
        (fields.IndonesianDecimalField(), Decimal("12.50"), "12,5"),
        (fields.IndonesianDecimalField(), Decimal(1125), "1125"),
        (fields.IndonesianDecimalField(), Decimal("1.125"), "1,125"),
    ],
)
def test_a_value_is_shown_so_that_it_reads_back(field, value, shown):
    assert field.prepare_value(value) == shown
    assert field.clean(shown) == field.clean(value)


def test_an_unchanged_value_counts_as_unchanged():
    assert not fields.MoneyField().has_changed(1_500_000, "1.500.000")
    assert fields.MoneyField().has_changed(1_500_000, "1.500.001")
