"""What a region does to the outline of a book: retitle, leave out, move, add, take out, and go back to the guide's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import uuid4

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.models import Chapter
from praja.stages.masterplan.outlines.books import LANGUAGE, Book
from praja.stages.masterplan.outlines.outline import OWN, Outline, Part, outline_of

CHAPTER, APPENDIX = "chapter", "appendix"  # places of a new part; else the key of the chapter in which it stands
MOST_PARTS = 200

Parts = list[list[Any]]  # each a chapter and the list of its sections, while they are moved about


@dataclass(frozen=True)
class Typed:
    """What a person typed for one part: its title and whether the book has it."""

    title: str
    is_shown: bool


@dataclass(frozen=True)
class Step:
    """One more thing to do with the outline. `key` is empty for a text of the region's own that is added."""

    verb: Literal["save", "up", "down", "take_out", "add"]
    key: str = ""
    title: str = ""
    place: str = CHAPTER


def retitled(outline: Outline, typed: Mapping[str, Typed]) -> Outline:
    """The outline with what was typed; parts that nobody typed about stay, and an empty title keeps the old one."""

    def part(one: Part) -> Part:
        mine = typed.get(one.key)
        sections = tuple(map(part, one.sections))
        if mine is None:
            return replace(one, sections=sections)
        return replace(one, title=mine.title or one.title, is_shown=mine.is_shown, sections=sections)

    return replace(outline, parts=tuple(map(part, outline.parts)))


def moved(outline: Outline, key: str, by: int) -> Outline:
    """The outline with one part a place further up (-1) or down (1).

    A chapter changes places with its neighbour of the same kind; a section at the edge of its chapter goes over to the next one.
    """
    parts: Parts = [[part, list(part.sections)] for part in outline.parts]
    for place, (part, sections) in enumerate(parts):
        other = place + by
        if part.key == key:
            if 0 <= other < len(parts) and parts[other][0].is_appendix == part.is_appendix:
                parts[place], parts[other] = parts[other], parts[place]
            break
        inside = next((number for number, one in enumerate(sections) if one.key == key), None)
        if inside is None:
            continue
        section = sections.pop(inside)
        if 0 <= inside + by <= len(sections):
            sections.insert(inside + by, section)
        elif 0 <= other < len(parts):
            parts[other][1].insert(0 if by > 0 else len(parts[other][1]), section)
        else:
            sections.insert(inside, section)
        break
    return _rebuilt(outline, parts)


def without(outline: Outline, key: str) -> Outline:
    """The outline without one part and what stands below it."""
    kept: Parts = [
        [part, [one for one in part.sections if one.key != key]] for part in outline.parts if part.key != key
    ]
    return _rebuilt(outline, kept)


def with_new(outline: Outline, part: Part, place: str) -> Outline:
    """The outline with one part more, at the end of its place; a place that is gone makes it a chapter."""
    parts: Parts = [[one, list(one.sections)] for one in outline.parts]
    for one, sections in parts:
        if one.key == place:
            sections.append(part)
            return _rebuilt(outline, parts)
    end = sum(not one.is_appendix for one, _sections in parts) if place != APPENDIX else len(parts)
    parts.insert(end, [replace(part, is_appendix=place == APPENDIX), list(part.sections)])
    return _rebuilt(outline, parts)


def _rebuilt(outline: Outline, parts: Parts) -> Outline:
    return replace(outline, parts=tuple(replace(part, sections=tuple(s)) for part, s in parts))


def stepped(outline: Outline, step: Step) -> Outline:
    """The outline after one step."""
    if step.verb in ("up", "down"):
        return moved(outline, step.key, -1 if step.verb == "up" else 1)
    if step.verb == "take_out":
        rest = without(outline, step.key)
        return rest if rest.parts else outline  # a book without any part would be the guide's again
    if step.verb == "add" and step.key not in outline.by_key and len(outline.by_key) < MOST_PARTS:
        return with_new(outline, Part(step.key or f"{OWN}{uuid4().hex[:8]}", step.title), step.place)
    return outline


@transaction.atomic
def change_outline(plan: Plan, book: Book, *, by: Any, mark: str, typed: Mapping[str, Typed], step: Step) -> Outline:
    """Write what was typed and one step; raise TooLate when the outline is not the one that the page showed (`mark`)."""
    Plan.objects.select_for_update().get(pk=plan.pk)  # two people who change it at once are told of each other
    before = outline_of(plan, book)
    if before.mark != mark:
        raise TooLate
    after = stepped(retitled(before, typed), step)
    if after.mark == before.mark:
        return before
    _write(plan, book, after, by=by)
    told = _told(before, after, moved=step.key if step.verb in ("up", "down") else "")
    record("change outline", plan, by=by, before=told[0], after=told[1], remark=name_of(book))
    return after


@transaction.atomic
def reset_outline(plan: Plan, book: Book, *, by: Any) -> None:
    """Go back to the guide's outline; texts of the region's own parts are kept, and can be taken in again."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    if Chapter.objects.filter(plan=plan, book=book.key, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=by
    ):
        record("reset outline", plan, by=by, remark=name_of(book))


def name_of(book: Book) -> str:
    """The book's name in the language of the books, by which its lines of history are found."""
    with translation.override(LANGUAGE):
        return book.name


def taken_out(plan: Plan, book: Book, outline: Outline) -> list[Chapter]:
    """The region's own parts that do not stand in the book any more, each once, the latest first."""
    rows = Chapter.objects.filter(plan=plan, book=book.key, key__startswith=OWN).exclude(withdrawn_at=None)
    found: dict[str, Chapter] = {}
    for row in rows.order_by("-withdrawn_at", "-pk"):
        if row.key not in outline.by_key:
            found.setdefault(row.key, row)
    return list(found.values())


def _write(plan: Plan, book: Book, outline: Outline, *, by: Any) -> None:
    """Make the rows say what the outline says."""
    stored = {row.key: row for row in Chapter.objects.filter(plan=plan, book=book.key, withdrawn_at=None)}
    gone = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
    for row in list(stored.values()):
        if row.key not in outline.by_key:
            update_if_unchanged(stored.pop(row.key), gone, by=by, version=row.version)

    def write(parts: Iterable[Part], parent: Chapter | None) -> None:
        for order, part in enumerate(parts):
            values = {
                "title": part.title,
                "order": order,
                "is_shown": part.is_shown,
                "is_appendix": part.is_appendix,
                "parent": parent,
            }
            row = stored.get(part.key)
            if row is None:
                row = Chapter.objects.create(
                    plan=plan, book=book.key, key=part.key, created_by=by, updated_by=by, **values
                )
            elif any(getattr(row, name) != value for name, value in values.items() if name != "parent") or (
                row.parent_id != (parent.pk if parent else None)
            ):
                update_if_unchanged(row, values, by=by, version=row.version)
            write(part.sections, row)

    write(outline.parts, None)


def _told(before: Outline, after: Outline, *, moved: str) -> tuple[dict[str, str], dict[str, str]]:
    """What each part said before and says now, by its title, for the history."""
    told: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for key, part in {**after.by_key, **before.by_key}.items():
        name = part.title if part.title not in told[0] else f"{part.title} ({key})"
        for outline, said in zip((before, after), told, strict=True):
            said[name] = _said(outline.by_key.get(key), outline.numbers.get(key, "") if key == moved else "")
    return told


def _said(part: Part | None, number: str) -> str:
    if part is None:
        return ""
    title = f"{number} {part.title}".strip()
    return title if part.is_shown else _("%(title)s (left out)") % {"title": title}
