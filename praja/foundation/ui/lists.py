"""Long lists, a page at a time by key: the next page starts where this one ended, however many rows there are."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import QueryDict

PAGE_SIZE = 50
LONGEST_SEARCH = 100  # characters


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next page starts ("" when these were the last)."""

    rows: list[Any]
    after: str


def search_text(query: QueryDict) -> str:
    """What somebody looks for in a list: `q` of the address, trimmed, without the zero that PostgreSQL refuses."""
    return query.get("q", "").strip().replace("\0", "")[:LONGEST_SEARCH]


def encode_cursor(values: list[Any]) -> str:
    """Texts and whole numbers, the last one a number, as a word for an address."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any] | None:
    """The values of a cursor; None when it is not one of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        return None
    fits = isinstance(values, list) and len(values) == length and all(_is_storable(value) for value in values)
    return values if fits and isinstance(values[-1], int) and abs(values[-1]) < 2**62 else None


def _is_storable(value: Any) -> bool:
    """Whether a database can compare with it: a text without NUL and halves of characters, or a whole number."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    return isinstance(value, int) and not isinstance(value, bool)


def page_of(rows: models.QuerySet[Any], *, order: str, after: str = "", size: int = PAGE_SIZE) -> Page:
    """One page of `rows`, ordered by the not-null text or integer column `order` ("-" reverses) and then by key."""
    name, reverse = order.lstrip("-"), order.startswith("-")
    columns = [name] if name == "pk" else [name, "pk"]
    if after and (values := decode_cursor(after, len(columns))):
        compare = "lt" if reverse else "gt"
        beyond = Q(**{f"pk__{compare}": values[-1]})
        if len(columns) > 1:
            # The bound on the sort column alone lets the index start at the right place.
            beyond = Q(**{f"{name}__{compare}e": values[0]}) & (Q(**{f"{name}__{compare}": values[0]}) | beyond)
        rows = rows.filter(beyond)
    found = list(rows.order_by(*(f"-{column}" if reverse else column for column in columns))[: size + 1])
    last = found[size - 1] if len(found) > size else None
    cursor = (
        encode_cursor([last[column] if isinstance(last, dict) else getattr(last, column) for column in columns])
        if last
        else ""
    )
    return Page(found[:size], cursor)
