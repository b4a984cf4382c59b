"""What a typed value means: money, numbers, dates, choices and codes as people write them, judged alike in forms and sheets."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import partial
from typing import Any, Self

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

MONEY_LIMIT = 10**15  # rupiah; a third of the state budget, above it somebody typed a zero too many
TEXT_LIMIT = 100_000  # characters of one cell or field
YEARS = (1990, 2100)
DATES = (dt.date(1945, 8, 17), dt.date(2100, 12, 31))
# A lone dash is how tables say "nothing here".
BLANKS = frozenset({"", "-", "–", "—"})
REQUIRED = gettext_lazy("Please fill this in; it is required.")

Value = str | int | float | bool | Decimal | dt.date | dt.datetime | dt.time | None


class ValueProblem(ValueError):
    """A value that cannot be taken as it stands; its text is a sentence for the person who typed it."""


class ShownNumber(float):
    """A number of a workbook with fixed decimals: `shown` is what its author saw, "11.10" where the number is 11.1."""

    shown: str

    def __new__(cls, number: float, shown: str) -> Self:
        """A number and its text as shown."""
        self = super().__new__(cls, number)
        self.shown = shown
        return self


# --- text -------------------------------------------------------------------------------------------------------------

# Characters that no field keeps: controls, direction overrides, invisible marks, halves of pairs, non-characters.
# The zero-width joiner stays: emoji of families and professions need it.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_PUNCTUATION = re.compile(r"[\W_]+")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")


def cleaned(text: str) -> tuple[str, int]:
    """The text without unwanted characters, in NFC, with plain spaces and line ends, trimmed; and how many were removed."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip(), 0
    text, removed = _UNWANTED.subn("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text)).strip(), removed


def text_of(value: Value) -> str:  # noqa: PLR0911 - one line for each type
    """The value as a person would type it: a whole number without ".0", a date as yyyy-mm-dd, nothing for a blank."""
    if isinstance(value, str):
        return cleaned(value)[0]
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, ShownNumber):
        return value.shown
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def is_blank(value: Value) -> bool:
    """Whether nothing was typed: empty, only spaces, or a lone dash."""
    if not isinstance(value, str):
        return value is None
    return (value.strip() if value.isprintable() else cleaned(value)[0]) in BLANKS


def normalised(text: str) -> str:
    """The text for comparing: lower case, without accents, punctuation as one space."""
    text = text.casefold()
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(_PUNCTUATION.sub(" ", text).split())


def _quoted(value: Value) -> str:
    """The value as it stands in a sentence, shortened to 60 characters."""
    text = text_of(value).replace("\n", " ")
    return text if len(text) <= 60 else text[:57] + "…"


def parse_text(value: Value, maximum: int = TEXT_LIMIT) -> str | None:
    """The text of at most `maximum` characters."""
    text = text_of(value)
    if text in BLANKS:
        return None
    if len(text) > maximum:
        raise ValueProblem(
            ngettext(
                "This text has %(length)d characters; at most %(maximum)d fits here. Please shorten it.",
                "This text has %(length)d characters; at most %(maximum)d fit here. Please shorten it.",
                maximum,
            )
            % {"length": len(text), "maximum": maximum}
        )
    return text


def limited(maximum: int) -> Callable[[Any], str | None]:
    """A parser of texts of at most `maximum` characters."""
    return partial(parse_text, maximum=maximum)


# --- numbers ----------------------------------------------------------------------------------------------------------

_MINUS = "-−–"
_GROUPED = {mark: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in ".,' "}
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class _Ambiguous(ValueError):
    """A number that reads as two different ones."""


def _plain_number(text: str, *, comma_is_decimal: bool = True) -> str | None:
    """Digits with a decimal point for a number in Indonesian or unambiguous foreign writing, None when it is neither.

    One point before exactly three digits separates thousands ("1.500" is 1500); one comma is the decimal sign.
    Where a comma before three digits could as well be foreign thousands, `comma_is_decimal=False` raises _Ambiguous.
    """
    if text.isdecimal() and text.isascii():
        return text
    for mark in "' ":
        head = re.split("[.,]", text)[0] if mark in text else ""
        if mark in head and _GROUPED[mark].fullmatch(head):
            text = text.replace(mark, "")
    whole, fraction = text, ""
    if "." in text and "," in text:
        last = max(text.rfind("."), text.rfind(","))
        thousands = "," if text[last] == "." else "."
        whole, fraction = text[:last], text[last + 1 :]
        if not _GROUPED[thousands].fullmatch(whole):
            return None
        whole = whole.replace(thousands, "")
    elif text.count(",") == 1:
        if not comma_is_decimal and _GROUPED[","].fullmatch(text) and text[0] != "0":
            raise _Ambiguous
        whole, fraction = text.split(",")
    elif "," in text or "." in text:
        mark = "," if "," in text else "."
        if _GROUPED[mark].fullmatch(text) and text[0] != "0":
            whole = text.replace(mark, "")
        elif mark == "." and text.count(".") == 1:
            whole, fraction = text.split(".")
        else:
            return None
    plain = f"{whole}.{fraction}" if fraction else whole
    return plain if _PLAIN.fullmatch(plain) else None


def _exact(number: float | Decimal) -> Decimal:
    """The shortest decimal that stands for the number; refuses infinities and not-a-number."""
    if isinstance(number, float):
        if not math.isfinite(number):
            raise ValueProblem(_("This is not a number."))
        return Decimal(repr(float(number)))
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueProblem(_("This is not a number."))
    return Decimal(number)


def parse_decimal(
    value: Value, places: int = 4, minimum: Decimal | int | None = None, maximum: Decimal | int = 10**12
) -> Decimal | None:
    """The number as Decimal with at most `places` decimals, "12,5" and "12.5" alike; a trailing "%" is dropped."""
    if is_blank(value):
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = _exact(value)
        if abs(number) <= maximum:
            number = round(number, places)  # sums in a workbook carry dust behind the fifteenth digit
    else:
        text = text_of(value)
        sign, digits = ("-", text[1:].lstrip()) if text[:1] in _MINUS else ("", text.removeprefix("+"))
        plain = _plain_number(digits.removesuffix("%").rstrip()) if len(digits) <= 60 else None
        if plain is None:
            raise ValueProblem(
                _("“%(text)s” is not a number. Write digits only, for example 75 or 12,5.") % {"text": _quoted(value)}
            )
        number = Decimal(sign + plain)
        if len(plain.partition(".")[2].rstrip("0")) > places:
            raise ValueProblem(
                ngettext("Please round to %(places)d decimal.", "Please round to %(places)d decimals.", places)
                % {"places": places}
            )
    if minimum is not None and number < minimum:
        raise ValueProblem(_("This number is below %(minimum)s. Please check it.") % {"minimum": minimum})
    if abs(number) > maximum:
        raise ValueProblem(_("This number is above %(maximum)s. Please check it.") % {"maximum": maximum})
    return _without_trailing_zeros(number)


def _without_trailing_zeros(number: Decimal) -> Decimal:
    """The number without trailing zeros behind the decimal sign and without exponent; zero without sign."""
    try:
        return Decimal(f"{number.normalize() + 0:f}")
    except InvalidOperation as problem:  # pragma: no cover - bounded by the callers
        raise ValueProblem(_("This is not a number.")) from problem


def decimal_text(number: Decimal) -> str:
    """The number as a person types it: decimal comma, no trailing zeros, no points between thousands."""
    return f"{_without_trailing_zeros(number):f}".replace(".", ",")


def parse_int(value: Value, minimum: int = 0, maximum: int = 10**12) -> int | None:
    """The whole number between `minimum` and `maximum`; "1.500" is 1500."""
    if is_blank(value):
        return None
    try:
        number = parse_decimal(value, places=9, minimum=None, maximum=10**15)
    except ValueProblem:
        number = None
    if number is None or number != number.to_integral_value():
        raise ValueProblem(
            _("“%(text)s” is not a whole number. Write digits only, for example 1500.") % {"text": _quoted(value)}
        )
    if not minimum <= number <= maximum:
        raise ValueProblem(
            _("Write a number from %(minimum)d to %(maximum)d.") % {"minimum": minimum, "maximum": maximum}
        )
    return int(number)


def parse_year(value: Value) -> int | None:
    """The year from 1990 to 2100; "TA 2026" and "Tahun 2026" are understood."""
    if is_blank(value):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else text_of(value)
    year = re.fullmatch(r"(?:tahun anggaran|tahun|th|ta|t\.a)?\.?\s*([0-9]{4}|[0-9]\.[0-9]{3})", text.lower())
    number = int(year[1].replace(".", "")) if year and not isinstance(value, bool) else 0
    if not YEARS[0] <= number <= YEARS[1]:
        raise ValueProblem(
            _("“%(text)s” is not a year from %(first)d to %(last)d. Write four digits, for example 2026.")
            % {"text": _quoted(value), "first": YEARS[0], "last": YEARS[1]}
        )
    return number


# --- money ------------------------------------------------------------------------------------------------------------

MONEY_UNITS = {
    "rb": 10**3, "ribu": 10**3,
    "jt": 10**6, "juta": 10**6,
    "m": 10**9, "mlr": 10**9, "miliar": 10**9, "milyar": 10**9, "milliar": 10**9,
    "t": 10**12, "tr": 10**12, "triliun": 10**12, "trilyun": 10**12, "trilliun": 10**12,
}  # fmt: skip
_MONEY_PART = re.compile(r"([0-9][0-9.,' ]*)([a-z]+)?\.?\s*")
_CURRENCY = re.compile(r"^(?:rp|idr)\.?\s*|\s*(?:rupiah|idr)$")


def parse_money(value: Value, unit: int = 1) -> int | None:
    """Whole rupiah from 0 to 10**15: "Rp 1,5 M", "1.500.000", "1 miliar 250 juta", "1,500,000", 1500000.0.

    `unit` is what a bare number counts, 1_000_000 under a heading "Pagu (juta rupiah)".
    """
    if is_blank(value):
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        amount = _exact(value) * unit
    else:
        amount = _money_of_text(value, unit)
    if amount < 0:
        raise ValueProblem(
            _("An amount of money cannot be below zero. Please check “%(text)s”.") % {"text": _quoted(value)}
        )
    if amount > MONEY_LIMIT:
        raise ValueProblem(
            _("“%(text)s” is more than Rp1.000 triliun. Please check the zeros and the unit.")
            % {"text": _quoted(value)}
        )
    if amount != amount.to_integral_value():
        raise ValueProblem(_("Please round “%(text)s” to whole rupiah.") % {"text": _quoted(value)})
    return int(amount)


def _money_of_text(value: Value, unit: int) -> Decimal:
    text = " ".join(text_of(value).casefold().split())
    negative = text[:1] in _MINUS or (text.startswith("(") and text.endswith(")"))
    text = _CURRENCY.sub("", text.strip(_MINUS + "()+ ")).strip()
    negative = negative or text[:1] in _MINUS
    text = re.sub(r"[.,]$", "", text.strip(_MINUS + " ")).strip()  # "Rp1.500.000,-"
    amount, rest, smallest = Decimal(0), text, None
    try:
        while rest and len(text) <= 60 and (part := _MONEY_PART.match(rest)):
            plain = _plain_number(part[1].strip(), comma_is_decimal=bool(part[2]))
            size = MONEY_UNITS.get(part[2], 0) if part[2] else (unit if part[0] == text else 1)
            # "1 miliar 250 juta": each part counts smaller things than the one before.
            if plain is None or not size or (smallest is not None and size >= smallest):
                break
            amount, rest, smallest = amount + Decimal(plain) * size, rest[part.end() :], size
    except _Ambiguous as problem:
        raise ValueProblem(
            _(
                "“%(text)s” can be read in two ways. Write thousands with a point (1.500.000) and decimals with a comma (1,5 juta)."
            )
            % {"text": _quoted(value)}
        ) from problem
    if rest or not text:
        raise ValueProblem(
            _("“%(text)s” is not an amount of money. Write it as 1.500.000, Rp1.500.000 or 1,5 juta.")
            % {"text": _quoted(value)}
        )
    return -amount if negative else amount


# --- dates ------------------------------------------------------------------------------------------------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february pebruari feb peb", "maret march mar", "april apr", "mei may",
            "juni june jun", "juli july jul", "agustus august agu agt agst ags aug", "september sep sept",
            "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin monday", "selasa tuesday", "rabu wednesday", "kamis thursday", "jumat jum'at jum’at friday",
            "sabtu saturday", "minggu ahad sunday",
        )
    )
    for name in names.split()
}  # fmt: skip
_ISO_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t ][0-9:.]+z?)?")
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2}|[a-z]+)\.?\s*[-/, ]?\s*([0-9]{4})(?: 0{1,2}[:.]00(?:[:.]00)?)?"
)
_WEEKDAY_FIRST = re.compile(r"(?:hari )?([a-z'’]+)(?:\s*,\s*|\s+)(?:tanggal )?(?=[0-9])")
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)


def parse_date(value: Value) -> dt.date | None:
    """The date: "21 November 2026", "Sabtu, 21 November 2026", "21/11/2026", "2026-11-21" or a workbook's day number."""
    if is_blank(value):
        return None
    if isinstance(value, dt.datetime):
        return _within_dates(value.date(), value)
    if isinstance(value, dt.date):
        return _within_dates(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        days = value if math.isfinite(value) and abs(value) < 10**6 else 0
        return _within_dates(_EXCEL_DAY_ZERO + dt.timedelta(days=int(days)), value)
    text = " ".join(text_of(value).casefold().split())
    weekday = None
    if (named := _WEEKDAY_FIRST.match(text)) and named[1] in _WEEKDAYS:
        weekday, text = _WEEKDAYS[named[1]], text[named.end() :]
    if iso := _ISO_DATE.fullmatch(text):
        year, month, day = int(iso[1]), int(iso[2]), int(iso[3])
    elif day_first := _DAY_FIRST.fullmatch(text):
        year, day = int(day_first[3]), int(day_first[1])
        month = int(day_first[2]) if day_first[2].isdecimal() else _MONTHS.get(day_first[2], 0)
    else:
        raise _no_date(value)
    try:
        date = _within_dates(dt.date(year, month, day), value)
    except ValueProblem:
        raise
    except ValueError as problem:
        raise _no_date(value) from problem
    if weekday is not None and date.weekday() != weekday:
        raise ValueProblem(
            _("%(date)s is a %(right)s, not a %(typed)s. Please check the date.")
            % {"date": _date_in_words(date, "d MMMM y"), "right": _date_in_words(date, "EEEE"),
               "typed": _date_in_words(date + dt.timedelta(days=weekday - date.weekday()), "EEEE")}
        )  # fmt: skip
    return date


def _within_dates(date: dt.date, value: Value) -> dt.date:
    if not DATES[0] <= date <= DATES[1]:
        raise _no_date(value)
    return date


def _no_date(value: Value) -> ValueProblem:
    return ValueProblem(
        _("“%(text)s” is not a date that can be read. Write it as 21 November 2026 or 21/11/2026.")
        % {"text": _quoted(value)}
    )


def _date_in_words(date: dt.date, pattern: str) -> str:
    return format_date(date, pattern, locale="en" if (get_language() or "id").startswith("en") else "id")


# --- choices ----------------------------------------------------------------------------------------------------------

_TRUE = frozenset(["ya", "y", "yes", "true", "benar", "betul", "x", "v", "√", "✓", "✔", "☑", "✅", "1"])
_FALSE = frozenset(["tidak", "tdk", "t", "no", "n", "false", "salah", "bukan", "✗", "✘", "☐", "❌", "0"])


def parse_boolean(value: Value) -> bool | None:
    """Yes or no: ya, yes, x, v, ✓, 1 against tidak, no, 0."""
    if is_blank(value):
        return None
    if isinstance(value, bool):
        return value
    text = text_of(value).casefold().rstrip(".!").removesuffix("\ufe0f")
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise ValueProblem(_("“%(text)s” is neither yes nor no. Write “ya” or “tidak”.") % {"text": _quoted(value)})


class Choices:
    """A closed list of keys with the words that stand for each, made once and asked many times.

    `pairs`: (key, label) as in a model's choices; `synonyms`: {other word: key}. Case, accents, punctuation and a
    leading "Smart" do not matter. A word that stands for two keys stands for none.
    """

    def __init__(self, pairs: Iterable[tuple[str, Promise | str]], synonyms: Mapping[str, str] | None = None) -> None:
        self.pairs = tuple(pairs)
        keys = {key for key, _label in self.pairs}
        self._keys: dict[str, str | None] = {}
        for word, key in [*((k, k) for k, _l in self.pairs), *((str(label), k) for k, label in self.pairs)]:
            self._add(word, key)
        for word, key in (synonyms or {}).items():
            if key in keys:
                self._add(word, key)

    def _add(self, word: str, key: str) -> None:
        for form in {normalised(word), normalised(word).removeprefix("smart ")}:
            self._keys[form] = key if self._keys.get(form, key) == key else None

    def find(self, text: str) -> str | None:
        """The key that the text stands for, or None."""
        form = normalised(text)
        return self._keys.get(form) or self._keys.get(form.removeprefix("smart "))

    def nearest(self, text: str) -> str | None:
        """The label most like the text, or None when none is like it."""
        near = get_close_matches(normalised(text)[:100], [form for form, key in self._keys.items() if key], 1, 0.72)
        return self.label(self._keys[near[0]] or "") if near else None

    def label(self, key: str) -> str:
        """The label of a key."""
        return str(dict(self.pairs).get(key, key))


def parse_choice(value: Value, choices: Choices) -> str | None:
    """The key of the choice that the text stands for."""
    if is_blank(value):
        return None
    text = text_of(value)
    if key := choices.find(text):
        return key
    if near := choices.nearest(text):
        raise ValueProblem(
            _("“%(text)s” is not in the list. Did you mean “%(near)s”?") % {"text": _quoted(value), "near": near}
        )
    labels = [str(label) for _key, label in choices.pairs]
    shown = ", ".join(labels[:8]) + (", …" if len(labels) > 8 else "")
    raise ValueProblem(
        _("“%(text)s” is not in the list. Choose one of: %(labels)s.") % {"text": _quoted(value), "labels": shown}
    )


# --- codes ------------------------------------------------------------------------------------------------------------

_REGION_CODE = re.compile(r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?")


def parse_region_code(value: Value) -> str | None:
    """The region code as text with its points and zeros, "11.10"; a number that lost its zero is refused."""
    if is_blank(value):
        return None
    text = text_of(value)
    if isinstance(value, float) and not _REGION_CODE.fullmatch(text):
        raise ValueProblem(
            _("“%(text)s” was stored as a number and may have lost a zero. Write the code as text, for example 11.10.")
            % {"text": _quoted(value)}
        )
    if not isinstance(value, str | int | float) or isinstance(value, bool) or not _REGION_CODE.fullmatch(text):
        raise ValueProblem(
            _("“%(text)s” is not a region code. Write it as text with its points, for example 11.10.")
            % {"text": _quoted(value)}
        )
    return text


def parse_nip(value: Value) -> str | None:
    """The 18 digits of a civil servant's number as text; spaces and points between them are dropped."""
    if is_blank(value):
        return None
    if isinstance(value, float):
        raise ValueProblem(
            _("This NIP was stored as a number and lost its last digits. Format the column as text and type it again.")
        )
    digits = re.sub(r"[\s.\-']", "", text_of(value))
    if isinstance(value, bool) or not re.fullmatch("[0-9]{18}", digits):
        raise ValueProblem(_("A NIP has 18 digits. Please check “%(text)s”.") % {"text": _quoted(value)})
    return digits
