"""Form fields that judge what is typed exactly as the columns of a sheet do: the same functions, the same sentences."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from praja.foundation.sheets import values
from praja.foundation.sheets.values import Value, ValueProblem
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


class DecimalTextField(ParsedField):
    """A decimal number, "37,5" or "37.5", kept exactly as canonical text "37.5", "" for a blank; shown with a comma."""

    inputmode = "decimal"

    def __init__(self, **options: Any) -> None:
        super().__init__(parse=parse_decimal_text, **options)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, marked as such: "1.500" is fifteen hundred when typed, one and a half when stored."""
        return initial if self.disabled else _Typed(data or "")

    def prepare_value(self, value: Any) -> Any:
        """The stored "12.5" as "12,5"; what was typed stays as typed."""
        return value if isinstance(value, _Typed) or value is None else str(value).replace(".", ",")


class _Typed(str):
    """A text as a person typed it."""

    __slots__ = ()


def parse_decimal_text(value: Value) -> str:
    """The number as canonical text with a decimal point, at most six decimals; "" for a blank."""
    number = values.parse_decimal(value, places=6)
    return "" if number is None else f"{number:f}"


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


class NipField(ParsedField):
    """A civil servant's number of 18 digits."""

    inputmode = "numeric"

    def __init__(self, **options: Any) -> None:
        super().__init__(parse=values.parse_nip, **options)
