"""What is done with an enactment: begin it, correct it, word its articles, note the stage that it has reached."""

import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.files.actions import store
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.actions import fingerprint_of
from praja.stages.masterplan.enactment import regulation
from praja.stages.masterplan.models import BookFile, Enactment, EnactmentStage

DRAFTS_SHOWN = 3
ORDER = list(EnactmentStage.Stage.values)


def enactment_of(plan: Plan) -> Enactment:
    """The enactment under way or the latest one; one of version 0 that is not stored while there is none."""
    found = Enactment.objects.filter(plan=plan, withdrawn_at=None).select_related("edition", "file").first()
    if found is not None:
        found.plan = plan
    return found or Enactment(plan=plan, version=0)


def save_enactment(form: EntryForm, *, by: Any, version: int) -> None:
    """Begin or correct an enactment with a checked form; raises TooLate when somebody was faster."""
    enactment: Any = form.instance
    if enactment.pk is not None:
        save_entry(form, by=by, version=version)
        return
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=enactment.plan_id)  # one enactment, also when two begin it at once
        if other := Enactment.objects.filter(plan=enactment.plan_id, withdrawn_at=None).first():
            enactment.pk = other.pk
            raise TooLate
        stored = Enactment(plan=enactment.plan, created_by=by, updated_by=by, **form.columns())
        stored.save()
        record("begin", stored, by=by, after=form.columns())
    form.instance = stored


def save_articles(form: EntryForm, *, by: Any, version: int) -> None:
    """Keep the articles as the region words them; none at all means the template again."""
    save_entry(form, by=by, version=version, also={"articles": form.child_rows[0].typed()})  # type: ignore[attr-defined]


def reach_stage(enactment: Enactment, values: dict[str, Any], *, by: Any, upload: File | None = None) -> EnactmentStage:
    """Note that the enactment has reached a stage, with its paper; the file is stored first, outside of the transaction."""
    file = store(upload, by=by, organisation_path=enactment.organisation_path) if upload else None
    with transaction.atomic():
        stage = EnactmentStage.objects.create(enactment=enactment, file=file, created_by=by, updated_by=by, **values)
        record("reach", enactment, by=by, after={"stage": stage.get_stage_display(), "since": str(stage.began_on)})
    return stage


def withdraw_stage(stage: EnactmentStage, *, by: Any, version: int) -> None:
    """Take back a stage that was noted by mistake; raises TooLate when somebody was faster."""
    with transaction.atomic():
        update_if_unchanged(stage, {"withdrawn_at": timezone.now(), "withdrawn_by": by}, by=by, version=version)
        record("take stage back", stage.enactment, by=by, before={"stage": stage.get_stage_display()})


def ask_for_draft(enactment: Enactment, *, by: Any) -> Job:
    """Ask for the draft regulation as a Word file; asking again while nothing has changed gives the same job.

    Raises Refused when the edition in its annex is not what was frozen.
    """
    mark = fingerprint_of(regulation.draft_document(enactment))[:24]
    return later(
        "masterplan.build_regulation", enactment.pk, by=by, key=f"regulation-{enactment.pk}-{mark}",
        organisation_path=enactment.organisation_path,
    )  # fmt: skip


def drafts_of(plan: Plan) -> list[BookFile]:
    """The draft regulations made lately, newest first."""
    made = plan.book_files.filter(book=regulation.FILE_KEY, file__withdrawn_at=None)
    return list(made.select_related("file", "made_by__person")[:DRAFTS_SHOWN])


class Way:
    """How far an enactment is: each stage with its dates, and how many days it has waited where it is now."""

    def __init__(self, enactment: Enactment, today: datetime.date) -> None:
        stages = EnactmentStage.objects.filter(enactment=enactment.pk, withdrawn_at=None).select_related("file")
        self.rows = sorted(stages, key=lambda row: (row.began_on, row.pk))
        self.now = self.rows[-1] if self.rows else None
        self.is_done = self.now is not None and self.now.stage == EnactmentStage.Stage.PROMULGATED
        self.days = (today - self.now.began_on).days if self.now and not self.is_done else None

    @property
    def steps(self) -> list[tuple[str, str, list[EnactmentStage]]]:
        """Each stage in order with its title, its state ("done", "current", "") and what was noted about it."""
        reached = ORDER.index(self.now.stage) if self.now else -1
        found = []
        for place, (value, label) in enumerate(EnactmentStage.Stage.choices):
            state = (
                "done"
                if place < reached or (self.is_done and place == reached)
                else "current"
                if place == reached
                else ""
            )
            found.append((str(label), state, [row for row in self.rows if row.stage == value]))
        return found

    def days_in(self, row: EnactmentStage) -> int | None:
        """How many days it stood at this stage; None while it stands there."""
        place = self.rows.index(row)
        return (self.rows[place + 1].began_on - row.began_on).days if place + 1 < len(self.rows) else None
