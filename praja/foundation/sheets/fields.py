"""Form fields that judge what is typed exactly as the columns of a sheet do: the same functions, the same sentences."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from praja.foundation.sheets import values
from praja.foundation.sheets.values import Choices, Value, ValueProblem
from praja.foundation.ui.formats import long_date


class ParsedField(forms.Field):
    """A field whose value is what `parse` (of values.py) makes of the text; None for a blank."""

    widget: type[forms.Widget] = forms.TextInput
    default_error_messages = {"required": values.REQUIRED}
    inputmode = ""

    def __init__(self, *, parse: Callable[[Value], Any], **options: Any) -> None:
        super().__init__(**options)
        self.parse = parse

    def to_python(self, value: Value) -> Any:
        """The typed value; raises ValidationError with the sentence of ValueProblem."""
        try:
            return self.parse(value)
        except ValueProblem as problem:
            raise ValidationError(str(problem), code="invalid") from problem

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The keyboard that a phone should show."""
        attributes = super().widget_attrs(widget)
        return {**attributes, "inputmode": self.inputmode} if self.inputmode else attributes


class MoneyField(ParsedField):
    """Whole rupiah: "Rp 1,5 M", "1.500.000"; shown with points."""

    inputmode = "decimal"

    def __init__(self, **options: Any) -> None:
        super().__init__(parse=values.parse_money, **options)

    def prepare_value(self, value: Any) -> Any:
        """1500000 as "1.500.000"; what was typed stays as typed."""
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


class IndonesianDecimalField(ParsedField):
    """A decimal number, "12,5" or "12.5"; shown with a comma. `places`, `minimum`, `maximum` as in parse_decimal."""

    inputmode = "decimal"

    def __init__(
        self,
        *,
        places: int = 4,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int = 10**12,
        **options: Any,
    ) -> None:
        parse = partial(values.parse_decimal, places=places, minimum=minimum, maximum=maximum)
        super().__init__(parse=parse, **options)

    def prepare_value(self, value: Any) -> Any:
        """Decimal("12.50") as "12,5"."""
        return values.decimal_text(value) if isinstance(value, Decimal) else value


class WholeNumberField(ParsedField):
    """A whole number from `minimum` to `maximum`; "1.500" is 1500."""

    inputmode = "numeric"

    def __init__(self, *, minimum: int = 0, maximum: int = 10**12, **options: Any) -> None:
        super().__init__(parse=partial(values.parse_int, minimum=minimum, maximum=maximum), **options)


class YearField(ParsedField):
    """A year of four digits."""

    inputmode = "numeric"

    def __init__(self, **options: Any) -> None:
        super().__init__(parse=values.parse_year, **options)


class WrittenDateField(ParsedField):
    """A date as people write it: "21 November 2026", "21/11/2026", or from a date picker "2026-11-21"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parse=values.parse_date, **options)

    def prepare_value(self, value: Any) -> Any:
        """The stored date as "21 November 2026"; what was typed stays as typed."""
        return long_date(value) if isinstance(value, date) else value


class YesNoField(ParsedField):
    """Yes or no in words; None when nothing was said."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parse=values.parse_boolean, **options)


class WordChoiceField(ParsedField):
    """One key of a closed list, typed or chosen; its synonyms are understood."""

    widget = forms.Select

    def __init__(self, *, choices: Choices, **options: Any) -> None:
        super().__init__(parse=partial(values.parse_choice, choices=choices), **options)
        self.widget.choices = [("", ""), *choices.pairs]


class PlainTextField(ParsedField):
    """Text of at most `maximum` characters."""

    def __init__(self, *, maximum: int = values.TEXT_LIMIT, **options: Any) -> None:
        super().__init__(parse=partial(values.parse_text, maximum=maximum), **options)


class RegionCodeField(ParsedField):
    """A region code as text, "11.10"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parse=values.parse_region_code, **options)


class NipField(ParsedField):
    """A civil servant's number of 18 digits."""

    inputmode = "numeric"

    def __init__(self, **options: Any) -> None:
        super().__init__(parse=values.parse_nip, **options)
