"""Which books and slides a plan has and how the guide outlines each: read from praja/data/books/books.toml."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from praja.foundation.plans.models import Dimension, Plan, in_language

MASTERPLAN = "masterplan"
LANGUAGE = "id"  # the language of the books, whatever the reader's pages are in


@dataclass(frozen=True)
class Item:
    """A chapter or section of the guide; with `each` one for each dimension of the plan."""

    key: str
    names: dict[str, str]
    sections: tuple["Item", ...] = ()
    each: str = ""


@dataclass(frozen=True)
class Book:
    """A book of a plan: its number among the guide's books (0 for further documents), its name and the guide's outline.

    `form` is "book" or "slides"; `horizon` is the key of the horizon ("short", "long") that it speaks about, or empty. In a
    book that `flows` chapters begin below each other, not on pages of their own.
    """

    key: str
    number: int
    names: dict[str, str]
    form: str = "book"
    horizon: str = ""
    chapters: tuple[Item, ...] = ()
    appendices: tuple[Item, ...] = ()
    flows: bool = False

    @property
    def name(self) -> str:
        """The name in the language of the moment."""
        return in_language(self.names)

    @property
    def is_slides(self) -> bool:
        """Whether its pages are slides."""
        return self.form == "slides"


def books_of(plan: Plan) -> list[Book]:
    """The books that the plan's version of the guide asks for, in order."""
    content = _content()
    for scheme in content["scheme"]:
        if plan.guide_version in scheme["guides"]:
            return [_book(plan, key, number) for number, key in enumerate(scheme["books"], start=1)]
    raise LookupError(f"No list of books for the guide {plan.guide_version!r}.")


def all_books_of(plan: Plan) -> list[Book]:
    """The guide's books, then the implementation documents and the slides."""
    return [*books_of(plan), *(_book(plan, key, 0) for key in _content()["further"])]


def book_of(plan: Plan, key: str = MASTERPLAN) -> Book:
    """One of the plan's books; raises LookupError when its guide has no such book."""
    for book in all_books_of(plan):
        if book.key == key:
            return book
    raise LookupError(f"The guide {plan.guide_version!r} has no book {key!r}.")


def horizon_of(plan: Plan, which: str) -> int:
    """A horizon of the plan in years: "short", "middle" or "long"."""
    horizons: list[int] = sorted(plan.horizons) or [1, 5, 10]
    return horizons[{"short": 0, "middle": len(horizons) // 2, "long": -1}[which]]


def legal_basis() -> list[str]:
    """The national regulations that every book names."""
    return list(_content()["legal_basis"])


def spread(item: Item, dimensions: Sequence[Dimension]) -> list[Item]:
    """The item itself, or one for each dimension, named after it."""
    if item.each != "dimension":
        return [item]
    return [Item(f"{item.key}-{one.key}", one.names) for one in dimensions]


@cache
def section_keys(book: str) -> frozenset[str]:
    """The keys that the guide has as sections, not as chapters, of this book."""
    row = _content()["book"][book]
    chapters = row.get("chapter") or _content()["book"].get(row.get("like"), {}).get("chapter", [])
    return frozenset(section["key"] for chapter in chapters for section in chapter.get("sections", []))


def _book(plan: Plan, key: str, number: int) -> Book:
    row = _content()["book"][key]
    like = {**_content()["book"][row["like"]], **row} if "like" in row else row
    return Book(
        key,
        number,
        _with_years(plan, row["names"]),
        like.get("form", "book"),
        like.get("horizon", ""),
        tuple(_item(plan, chapter) for chapter in like.get("chapter", [])),
        tuple(_item(plan, chapter) for chapter in like.get("appendix", [])),
        flows=like.get("flows", False),
    )


def _item(plan: Plan, row: dict[str, Any]) -> Item:
    """A chapter with `names`, or a section whose names stand beside its key."""
    names = row.get("names") or {name: text for name, text in row.items() if name not in ("key", "each")}
    sections = tuple(_item(plan, section) for section in row.get("sections", []))
    return Item(row["key"], _with_years(plan, names), sections, row.get("each", ""))


def _with_years(plan: Plan, names: dict[str, str]) -> dict[str, str]:
    years = {which: horizon_of(plan, which) for which in ("short", "middle", "long")}
    return {language: name.format(**years) for language, name in names.items()}


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((settings.PACKAGE / "data" / "books" / "books.toml").read_text(encoding="utf-8"))
