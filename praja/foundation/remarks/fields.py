"""Remarks at the fields they speak of: on the page of a row, and on the short pages of its form."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from praja.foundation.audit.history import label_of
from praja.foundation.drafts.entry import EntryForm
from praja.foundation.remarks.models import Remark

Sections = Mapping[str, tuple[Promise | str, type[EntryForm]]]


@dataclass(frozen=True)
class Note:
    """A remark as pages show it: with the name of its field and the page of the form where that is mended."""

    remark: Remark
    label: str
    section: str

    @property
    def is_open(self) -> bool:
        """Whether it waits to be settled."""
        return self.remark.resolved_at is None


@dataclass(frozen=True)
class Asked:
    """An open remark on a form: what was typed about it stays, whatever else is wrong on the page."""

    remark: Remark
    answer: str
    is_ticked: bool

    @property
    def key(self) -> str:
        """The beginning of the names of its inputs."""
        return f"remark-{self.remark.pk}"


def sections_of(sections: Sections) -> dict[str, str]:
    """The page of each field, and of each kind of rows below: {"title": "what", "causes": "causes"}."""
    found: dict[str, str] = {}
    for key, (_title, form) in sections.items():
        found |= dict.fromkeys([*form.base_fields, *(rows.prefix for rows in form.children)], key)
    return found


def notes_of(row: Any, sections: Sections, *, only_open: bool = False) -> list[Note]:
    """The remarks on a row, oldest first; one that belongs to no field of the form belongs to the whole row."""
    places = sections_of(sections)
    remarks = Remark.objects.about(row).select_related("created_by__person", "resolved_by__person")
    return [
        Note(remark, label_of(row, remark.field) if remark.field else "", places.get(remark.field, ""))
        for remark in (remarks.open() if only_open else remarks)
    ]


def by_field(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """The remarks of each field; those on the whole row under ""."""
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.remark.field if note.section else "", []).append(note)
    return found


def count_open(notes: Iterable[Note]) -> Counter[str]:
    """How many wait on each page of the form; those on the whole row under ""."""
    return Counter(note.section for note in notes if note.is_open)


def form_with_remarks(form_class: type[EntryForm], notes: list[Note]) -> Callable[..., EntryForm]:
    """The form with the open remarks at its fields: `field.remarks`, `rows.remarks`, and `form.remarks` on the row."""
    at = by_field(notes)

    def make(data: Any = None, *, instance: Any, user: Any) -> EntryForm:
        form = form_class(data, instance=instance, user=user)
        for name, field in form.fields.items():
            field.remarks = [_asked(note, data) for note in at.get(name, [])]
        for rows in form.child_rows:
            rows.remarks = [_asked(note, data) for note in at.get(rows.prefix, [])]
        form.remarks = [_asked(note, data) for note in at.get("", [])]
        return form

    return make


def _asked(note: Note, data: Any) -> Asked:
    key = f"remark-{note.remark.pk}"
    typed = data.get(f"{key}-answer") if data else None
    return Asked(note.remark, note.remark.answer if typed is None else typed, bool(data and data.get(f"{key}-settled")))


def counts_of_rows(model: Any, keys: list[int]) -> dict[int, int]:
    """How many remarks are open on each of these rows."""
    remarks = Remark.objects.open().filter(subject=model._meta.label_lower, subject_id__in=keys, withdrawn_at=None)
    return Counter(remarks.values_list("subject_id", flat=True))
