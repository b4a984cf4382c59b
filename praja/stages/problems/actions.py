"""What people do with problems."""

from typing import Any

from django.db import transaction

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import record
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.evidence.actions import carry_along
from praja.foundation.plans.models import Plan, path_of
from praja.foundation.remarks import actions as remarks
from praja.stages.problems.models import Problem
from praja.stages.problems.steps import WORKFLOW


@transaction.atomic
def start(plan: Plan, *, by: Any, title: str, organisation: Organisation | None = None) -> Problem:
    """A new draft."""
    problem = Problem.objects.create(plan=plan, organisation=organisation, title=title, created_by=by, updated_by=by)
    record("start", problem, by=by, after={"title": title})
    return problem


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


def take_step(problem: Problem, step: str, *, by: Any, remark: str = "", tells: bool = True) -> None:
    """Take a step of the workflow; a remark is kept on the row, and acceptance settles the open ones."""
    remarks.take_step(WORKFLOW, problem, step, by=by, remark=remark, tells=tells)
