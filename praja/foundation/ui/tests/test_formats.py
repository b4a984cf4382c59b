"""Numbers, money, shares and dates in both languages."""

import datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.ui import formats


@pytest.mark.parametrize(
    ("amount", "indonesian", "english"),
    [
        (0, "Rp0", "Rp0"),
        (850_000, "Rp850.000", "Rp850,000"),
        (999_999, "Rp999.999", "Rp999,999"),
        (1_500_000, "Rp1,5 juta", "Rp1.5 million"),
        (1_250_000_000, "Rp1,25 miliar", "Rp1.25 billion"),
        (999_999_999, "Rp1 miliar", "Rp1 billion"),
        (999_990_000, "Rp999,99 juta", "Rp999.99 million"),
        (995_000_000, "Rp995 juta", "Rp995 million"),
        (2_000_000_000_000, "Rp2 triliun", "Rp2 trillion"),
        (-12_345_678_900, "−Rp12,35 miliar", "−Rp12.35 billion"),
    ],
)
def test_short_money_uses_the_largest_fitting_scale(amount: int, indonesian: str, english: str) -> None:
    with override("id"):
        assert formats.rupiah_short(amount) == indonesian
    with override("en"):
        assert formats.rupiah_short(amount) == english


@given(st.integers(-(10**16), 10**16))
def test_whole_money_loses_no_rupiah(amount: int) -> None:
    with override("id"):
        text = formats.rupiah(amount)
    assert int(text.replace("Rp", "").replace(".", "").replace("−", "-")) == amount


def test_numbers_take_the_decimal_sign_of_the_language() -> None:
    with override("id"):
        assert formats.decimal(Decimal("2.94")) == "2,94"
        assert formats.decimal(1234.5, 2) == "1.234,50"
        assert formats.decimal(Decimal("12.500")) == "12,5"
        assert formats.decimal(Decimal("1E+3")) == "1.000"
    with override("en"):
        assert formats.decimal(Decimal("1234.56")) == "1,234.56"


def test_a_share_is_whole_only_when_it_is() -> None:
    with override("id"):
        assert formats.percent(26, 32) == "81%"
        assert formats.percent(199, 200) == "99%"
        assert formats.percent(1, 1000) == "<1%"
        assert formats.percent(0, 32) == "0%"
        assert formats.percent(32, 32) == "100%"
        assert formats.percent(1, 3, 1) == "33,3%"
        assert formats.percent(0, 0) == formats.NOTHING


def test_dates_are_written_in_words() -> None:
    day = datetime.date(2026, 8, 17)
    with override("id"):
        assert formats.long_date(day) == "17 Agustus 2026"
        assert formats.short_date(day) == "17 Agu 2026"
    with override("en"):
        assert formats.long_date(day) == "17 August 2026"


def test_moments_are_told_in_the_zone_of_the_region() -> None:
    moment = datetime.datetime(2026, 11, 21, 3, 42, tzinfo=datetime.UTC)
    with override("id"):
        assert formats.date_time(moment) == "21 November 2026, 10.42 WIB"
        assert formats.date_time(moment, "Asia/Jayapura") == "21 November 2026, 12.42 WIT"
    with override("en"):
        assert formats.date_time(moment, "Asia/Makassar") == "21 November 2026, 11:42 WITA"
