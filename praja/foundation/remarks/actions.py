"""Leaving, answering and settling remarks, and the steps of a row that come with one."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.history import label_of
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.steps import Workflow

LONGEST_ANSWER = 1_000


@transaction.atomic
def take_step(workflow: Workflow, row: Any, step: str, *, by: Any, remark: str = "", tells: bool = True) -> None:
    """Take a step; its remark is kept on the row, and acceptance settles the open ones.

    Who has left remarks on fields need not write another one to return the row: the fields are named instead.
    """
    said = remark.strip()
    if not said and step in workflow.steps and workflow.steps[step].needs_remark:
        said = _named_fields(row)
    workflow.take(row, step, by=by, remark=said, tells=tells)
    leave_remark(row, by=by, text=remark, settles=step == "accept")


def _named_fields(row: Any) -> str:
    """The fields of a row with open remarks, as a remark for its history; empty without any."""
    names = Remark.objects.about(row).open().exclude(field="").values_list("field", flat=True)
    labels = dict.fromkeys(label_of(row, name) for name in names)
    return _("See the remarks on: %(fields)s.") % {"fields": ", ".join(labels)} if labels else ""


def leave_remark(row: Any, *, by: Any, text: str, settles: bool = False, field: str = "") -> None:
    """Add a remark to a row or to one field of it; when the row is accepted, the open remarks on it are settled."""
    if settles:
        Remark.objects.about(row).open().update(resolved_at=timezone.now(), resolved_by=by)
    if text.strip():
        Remark.objects.create(
            subject=row._meta.label_lower,
            subject_id=row.pk,
            field=field,
            text=text.strip(),
            organisation_path=row.organisation_path,
            created_by=by,
            **({"resolved_at": timezone.now(), "resolved_by": by} if settles else {}),
        )


def answer_remark(remark: Remark, *, by: Any, answer: str, settles: bool) -> None:
    """Answer a remark, and settle it or open it again; raises TooLate when somebody was faster."""
    settled = (
        {"resolved_at": timezone.now(), "resolved_by": by} if settles else {"resolved_at": None, "resolved_by": None}
    )
    answer = answer.replace("\0", "").strip()[:LONGEST_ANSWER]
    update_if_unchanged(remark, {**settled, "answer": answer}, by=by, version=remark.version)


def take_away(remark: Remark, *, by: Any) -> None:
    """Who left a remark thinks better of it; raises TooLate when somebody was faster."""
    values = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
    update_if_unchanged(remark, values, by=by, version=remark.version)


def settle_typed(row: Any, data: Mapping[str, Any], *, by: Any) -> None:
    """Answer and settle the remarks that were ticked on the form of a page, with `remark-<key>-settled` and `-answer`."""
    if not any(name.startswith("remark-") for name in data):
        return
    for remark in Remark.objects.about(row).open():
        answer = str(data.get(f"remark-{remark.pk}-answer") or "")
        settles = bool(data.get(f"remark-{remark.pk}-settled"))
        if settles or answer.strip() != remark.answer:
            answer_remark(remark, by=by, answer=answer or remark.answer, settles=settles)
