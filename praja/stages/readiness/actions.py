"""What people do with the readiness: answer an element, prove it, and bring many answers in with a sheet."""

from typing import Any

from django.db import IntegrityError, transaction

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.instruments.models import Answer, Node
from praja.foundation.plans.models import Plan
from praja.foundation.remarks import actions as remarks


def answer_of(plan: Plan, node: Node) -> Answer:
    """The answer to a node about a plan; one of version 0 that is not stored while there is none."""
    found = Answer.objects.about(plan).filter(node=node).select_related("node__instrument").first()
    return found or Answer(
        node=node,
        subject=plan._meta.label_lower,
        subject_id=plan.pk,
        organisation=plan.government,
        organisation_path=plan.organisation_path,
        version=0,
    )


def save(form: EntryForm, *, by: Any, version: int) -> None:
    """Save the page of an element; raises TooLate when somebody else saved first."""
    answer: Any = form.instance
    if answer.pk is None:
        try:
            _begin(answer, form.columns(), by=by)
        except IntegrityError as problem:
            answer.pk = _stored(answer).pk
            raise TooLate from problem
        return
    with transaction.atomic():
        save_entry(form, by=by, version=version)
        remarks.settle_typed(answer, form.data, by=by)


def stored(answer: Answer, *, by: Any) -> Answer:
    """The answer as a row, so that evidence and remarks can belong to it; one that is begun here is still missing."""
    if answer.pk is None:
        try:
            _begin(answer, {}, by=by)
        except IntegrityError:
            return _stored(answer)
    return answer


@transaction.atomic
def _begin(answer: Answer, values: dict[str, Any], *, by: Any) -> None:
    row = Answer(
        node=answer.node,
        subject=answer.subject,
        subject_id=answer.subject_id,
        organisation=answer.organisation,
        created_by=by,
        updated_by=by,
        **values,
    )
    row.save()
    if values:
        record("set", row, by=by, after={name: value for name, value in values.items() if value not in ("", None)})
    answer.pk, answer.version = row.pk, row.version


def _stored(answer: Answer) -> Answer:
    return Answer.objects.get(node=answer.node, subject=answer.subject, subject_id=answer.subject_id)


@transaction.atomic
def put(plan: Plan, node: Node, values: dict[str, Any], *, by: Any, version: int) -> None:
    """Write some fields of an answer that stands at `version` (0: not stored yet); raises TooLate otherwise."""
    answer = answer_of(plan, node)
    if answer.pk is None:
        if version:
            raise TooLate
        try:
            with transaction.atomic():
                _begin(answer, values, by=by)
        except IntegrityError as problem:
            raise TooLate from problem
        return
    before = {name: getattr(answer, name) for name in values}
    update_if_unchanged(answer, values, by=by, version=version)
    record("edit", answer, by=by, before=before, after=values)
