"""The words for numbers, money, shares and dates, in Indonesian and English; pure and cached, for they run once a row."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

NOTHING = "–"  # what a page shows where a value is not there yet
_SCALES = ((10**12, ("triliun", "trillion")), (10**9, ("miliar", "billion")), (10**6, ("juta", "million")))
_SMALLEST_SCALE = 10**6
_MONTHS = (
    (
        [
            "Januari",
            "Februari",
            "Maret",
            "April",
            "Mei",
            "Juni",
            "Juli",
            "Agustus",
            "September",
            "Oktober",
            "November",
            "Desember",
        ],
        ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
    ),
    (
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ),
)
_TIME_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

Number = int | float | Decimal


def rupiah(amount: int) -> str:
    """The whole amount: "Rp1.250.000.000" (English "Rp1,250,000,000")."""
    return _rupiah(int(amount), _language())


def rupiah_short(amount: int) -> str:
    """At most two decimals of the largest fitting scale, half up: "Rp1,25 miliar" (English "Rp1.25 billion")."""
    return _rupiah_short(int(amount), _language())


def decimal(value: Number, places: int | None = None) -> str:
    """A number with the decimal sign of the language and `places` decimals; without `places` as many as it has."""
    return _decimal(str(value), places, _language())


def percent(numerator: Number, denominator: Number, places: int = 0) -> str:
    """The share as "83%"; never "100%" or "0%" before it is so, and a dash where there is nothing to divide by."""
    if not denominator:
        return NOTHING
    share = Decimal(str(numerator)) * 100 / Decimal(str(denominator))
    step = Decimal(1).scaleb(-places)
    rounded = share.quantize(step, ROUND_HALF_UP)
    if rounded == 0 and share > 0:
        return f"<{decimal(step, places)}%"
    if rounded == 100 and share < 100:
        rounded -= step
    return f"{decimal(rounded, places)}%"


def long_date(day: datetime.date) -> str:
    """A date in full: "21 November 2026"."""
    return _date(day.year, day.month, day.day, _language(), is_short=False)


def short_date(day: datetime.date) -> str:
    """A date for tables: "21 Nov 2026"."""
    return _date(day.year, day.month, day.day, _language(), is_short=True)


def date_time(moment: datetime.datetime, time_zone: str = "Asia/Jakarta") -> str:
    """A moment in a region's zone: "21 November 2026, 10.42 WIB" (English "10:42"); naive moments stay as they are."""
    local = moment.astimezone(_zone(time_zone)) if moment.tzinfo else moment
    sign = ":" if _language() else "."
    zone = _TIME_ZONES.get(time_zone, "")
    return f"{long_date(local)}, {local:%H}{sign}{local:%M} {zone}".rstrip()


def _language() -> int:
    """0 for Indonesian, 1 for English: the place in the tuples above."""
    return 1 if (get_language() or "id").startswith("en") else 0


_zone = lru_cache(maxsize=8)(ZoneInfo)


@lru_cache(maxsize=8192)
def _rupiah(amount: int, language: int) -> str:
    text = f"{abs(amount):,}"
    return f"{'−' if amount < 0 else ''}Rp{text if language else text.replace(',', '.')}"


@lru_cache(maxsize=8192)
def _rupiah_short(amount: int, language: int) -> str:
    size = abs(amount)
    for scale, words in _SCALES:
        hundredths = (size * 100 + scale // 2) // scale
        # What the next smaller scale would round to 1.000 belongs here: "Rp1 miliar", not "Rp1.000 juta".
        if size >= scale or (scale > _SMALLEST_SCALE and size >= scale - scale // 200_000):
            whole, rest = divmod(hundredths, 100)
            text = _decimal(f"{whole}.{rest:02}", None, language)
            return f"{'−' if amount < 0 else ''}Rp{text} {words[language]}"
    return _rupiah(amount, language)


@lru_cache(maxsize=8192)
def _decimal(value: str, places: int | None, language: int) -> str:
    number = Decimal(value)
    if not number.is_finite():
        return NOTHING
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(number):,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not language:
        text = text.translate(_EXCHANGED)
    return f"−{text}" if number < 0 else text


_EXCHANGED = str.maketrans(",.", ".,")


@lru_cache(maxsize=4096)
def _date(year: int, month: int, day: int, language: int, *, is_short: bool) -> str:
    return f"{day} {_MONTHS[language][is_short][month - 1]} {year}"
