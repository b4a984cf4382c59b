"""Which books a plan has, in which order, and their chapters: read from praja/data/books/books.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from praja.foundation.plans.models import Plan, in_language

MASTERPLAN = "masterplan"


@dataclass(frozen=True)
class Chapter:
    """A chapter or an appendix; `sections` are the names of the parts that nobody has drawn up yet."""

    key: str
    names: dict[str, str]
    sections: tuple[dict[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The name in the language of the moment."""
        return in_language(self.names)

    @property
    def section_names(self) -> list[str]:
        """The parts still to be drawn up, in the language of the moment."""
        return [in_language(names) for names in self.sections]


@dataclass(frozen=True)
class Book:
    """A book with its number in its scheme; one without chapters cannot be made yet."""

    key: str
    number: int
    names: dict[str, str]
    chapters: tuple[Chapter, ...] = ()
    appendices: tuple[Chapter, ...] = ()

    @property
    def name(self) -> str:
        """The name in the language of the moment."""
        return in_language(self.names)


def books_of(plan: Plan) -> list[Book]:
    """The books that the plan's version of the guide asks for, in order."""
    content = _content()
    for scheme in content["scheme"]:
        if plan.guide_version in scheme["guides"]:
            return [_book(key, number, content["book"][key]) for number, key in enumerate(scheme["books"], start=1)]
    raise LookupError(f"No list of books for the guide {plan.guide_version!r}.")


def book_of(plan: Plan, key: str = MASTERPLAN) -> Book:
    """One of the plan's books; raises LookupError when its guide has no such book."""
    for book in books_of(plan):
        if book.key == key:
            return book
    raise LookupError(f"The guide {plan.guide_version!r} has no book {key!r}.")


def _book(key: str, number: int, row: dict[str, Any]) -> Book:
    return Book(
        key,
        number,
        row["names"],
        tuple(_chapter(chapter) for chapter in row.get("chapter", [])),
        tuple(_chapter(chapter) for chapter in row.get("appendix", [])),
    )


def _chapter(row: dict[str, Any]) -> Chapter:
    return Chapter(row["key"], row["names"], tuple(row.get("sections", [])))


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((settings.PACKAGE / "data" / "books" / "books.toml").read_text(encoding="utf-8"))
