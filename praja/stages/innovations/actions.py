"""What people do with innovations."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.evidence.actions import carry_along
from praja.foundation.plans.models import Plan, path_of
from praja.foundation.remarks import actions as remarks
from praja.foundation.remarks.actions import leave_remark
from praja.foundation.workflow.steps import Refused
from praja.stages.analysis.models import EarlierItem
from praja.stages.innovations.models import Innovation, NotYet, Unplaced
from praja.stages.innovations.steps import NO_PROPOSAL, WORKFLOW


@transaction.atomic
def start(plan: Plan, *, by: Any, title: str, organisation: Organisation | None = None) -> Innovation:
    """A new draft."""
    innovation = Innovation.objects.create(
        plan=plan, organisation=organisation, title=title, created_by=by, updated_by=by
    )
    record("start", innovation, by=by, after={"title": title})
    return innovation


def save(form: EntryForm, *, by: Any, version: int) -> None:
    """Save one page; raises TooLate when somebody else saved first."""
    also = {}
    before = form.instance.organisation_path
    if "organisation" in form.cleaned_data:
        also["organisation_path"] = path_of(form.cleaned_data["organisation"], form.instance.plan)
    with transaction.atomic():
        save_entry(form, by=by, version=version, also=also)
        remarks.settle_typed(form.instance, form.data, by=by)
        if form.instance.organisation_path != before:
            carry_along(form.instance)


@transaction.atomic
def continue_earlier(item: EarlierItem, *, by: Any) -> Innovation:
    """The draft that takes up a programme of the earlier masterplan: a new one, or the one that does so already."""
    # Whoever comes second waits here, and finds what the first one began.
    item = (
        EarlierItem.objects.select_for_update(of=("self",))
        .select_related("earlier__plan", "organisation")
        .get(pk=item.pk)
    )
    if item.withdrawn_at is not None or item.decision not in (
        EarlierItem.Decision.CONTINUE,
        EarlierItem.Decision.CHANGE,
    ):
        raise Refused([_("Decide first that this programme continues or changes.")])
    if found := item.innovations.in_service().first():
        return found
    plan = item.earlier.plan
    is_of_this_set = item.dimension is not None and item.dimension.set_id == plan.dimension_set_id
    innovation = Innovation.objects.create(
        plan=plan,
        organisation=item.organisation,
        title=item.title,
        summary=item.description[:20_000],
        dimension=item.dimension if is_of_this_set else None,
        source_year=item.earlier.year_from,
        earlier_item=item,
        created_by=by,
        updated_by=by,
    )
    record("continue_earlier", innovation, by=by, after={"title": item.title})
    return innovation


def take_step(innovation: Innovation, step: str, *, by: Any, remark: str = "", tells: bool = True) -> None:
    """Take a step of the workflow; a remark is kept on the row, and acceptance settles the open ones."""
    remarks.take_step(WORKFLOW, innovation, step, by=by, remark=remark, tells=tells)


@transaction.atomic
def assign(innovation: Innovation, *, organisation: Organisation, by: Any, version: int) -> None:
    """Give an innovation from the tray to an agency; raises TooLate when it was changed meanwhile."""
    before = innovation.organisation
    values = {"organisation": organisation, "organisation_path": organisation.organisation_path}
    update_if_unchanged(innovation, values, by=by, version=version)
    carry_along(innovation)
    record("assign", innovation, by=by, before={"organisation": before}, after={"organisation": organisation})


@transaction.atomic
def place(unplaced: Unplaced, *, field: str, by: Any) -> None:
    """Move the text of a column that had no field into a text field of the innovation, behind what stands there."""
    innovation = unplaced.innovation
    old = getattr(innovation, field)
    limit = getattr(Innovation._meta.get_field(field), "max_length", None) or 100_000
    new = f"{old}\n{unplaced.text}".strip()[:limit]
    update_if_unchanged(innovation, {field: new}, by=by, version=innovation.version)
    Unplaced.objects.filter(pk=unplaced.pk).update(placed_at=timezone.now(), placed_as=field)
    record("place", innovation, by=by, before={field: old}, after={field: new})


@transaction.atomic
def say_no_proposal(*, by: Any, plan: Plan, **values: Any) -> NotYet:
    """An agency has nothing to propose; the coordinator is asked to accept that."""
    not_yet = NotYet.objects.create(plan=plan, created_by=by, updated_by=by, **values)
    record("start", not_yet, by=by, after={"reason": not_yet.reason})
    NO_PROPOSAL.take(not_yet, "submit", by=by)
    return not_yet


@transaction.atomic
def take_no_proposal_step(not_yet: NotYet, step: str, *, by: Any, remark: str = "") -> None:
    """Accept or return the word that there is nothing to propose."""
    NO_PROPOSAL.take(not_yet, step, by=by, remark=remark)
    leave_remark(not_yet, by=by, text=remark, settles=step == "accept")
