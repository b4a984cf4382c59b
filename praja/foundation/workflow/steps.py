"""A workflow is a table of steps; this engine takes them, and nothing else changes a state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate

Text = Promise | str


class Refused(Exception):
    """The step cannot be taken; `reasons` are sentences for the person."""

    def __init__(self, reasons: Sequence[Text]) -> None:
        super().__init__("; ".join(str(reason) for reason in reasons))
        self.reasons = list(reasons)


def nothing_missing(row: models.Model) -> list[Text]:
    """For steps that need nothing."""
    del row
    return []


def nothing_bars(row: models.Model, *, by: Any) -> list[Text]:
    """For steps that may be taken on any day."""
    del row, by
    return []


def nothing_follows(rows: Sequence[models.Model], *, by: Any) -> None:
    """For steps that nobody has to be told about."""
    del rows, by


def always(row: models.Model) -> bool:
    """For steps that depend on the state alone."""
    del row
    return True


@dataclass(frozen=True)
class Step:
    """One line of the table: from these states to that one, who may, what must be there, what follows the commit.

    `when`: a further question to the row, such as whose turn it is; `bars`: what stands against it for this person,
    such as a deadline; `then` gets all rows that were moved at once; `has_button`: whether pages offer it by itself.
    """

    key: str
    title: Text
    source: tuple[str, ...]
    target: str
    permission: Can
    missing: Callable[[Any], list[Text]] = nothing_missing
    bars: Callable[..., list[Text]] = nothing_bars
    when: Callable[[Any], bool] = always
    then: Callable[..., None] = nothing_follows
    needs_remark: bool = False
    is_main: bool = False
    has_button: bool = True

    def leads_on(self, row: Any) -> bool:
        """Whether the row stands where this step begins."""
        return row.state in self.source and self.when(row)

    def lacks(self, row: Any, by: Any) -> list[Text]:
        """What has to be there, and what stands against it for this person."""
        return [*self.missing(row), *self.bars(row, by=by)]


@dataclass(frozen=True)
class Choice:
    """A step that this person may take on this row, and what still lacks."""

    step: Step
    missing: list[Text]


class Workflow:
    """The steps of one kind of row."""

    def __init__(self, *steps: Step) -> None:
        self.steps = {step.key: step for step in steps}

    def choices(self, row: Any, user: Any) -> list[Choice]:
        """The steps that lead on from the row's state and that `user` may take; none of a withdrawn row.

        Somebody who may return a row in two offices sees that button once.
        """
        if row.withdrawn_at:
            return []
        open_steps: dict[tuple[str, bool], Step] = {}
        for step in self.steps.values():
            if step.has_button and step.leads_on(row) and user.may(step.permission, row):
                open_steps.setdefault((step.target, step.needs_remark), step)
        return [Choice(step, step.lacks(row, user)) for step in open_steps.values()]

    def take(self, row: Any, key: str, *, by: Any, remark: str = "", tells: bool = True) -> None:
        """Move the row by compare-and-set and write history; without `tells` the caller tells people by itself.

        Raises Refused with sentences (something is missing, or the remark), TooLate when somebody was faster, and
        PermissionError when `by` may not.
        """
        step = self.steps.get(key)
        if step is None or not by.may(step.permission, row):
            raise PermissionError(key)
        if row.withdrawn_at or not step.leads_on(row):
            raise TooLate
        if reasons := step.lacks(row, by):
            raise Refused(reasons)
        if step.needs_remark and not remark.strip():
            raise Refused([_("Write in the remark what has to be mended, so that the agency knows what to do.")])
        with transaction.atomic():
            before = row.state
            now = timezone.now()
            changed = (
                type(row)
                ._default_manager.filter(pk=row.pk, state__in=step.source, version=row.version, withdrawn_at=None)
                .update(state=step.target, state_at=now, updated_at=now, updated_by=by, version=row.version + 1)
            )
            if not changed:
                raise TooLate
            row.state, row.state_at, row.version = step.target, now, row.version + 1
            record(step.key, row, by=by, before={"state": before}, after={"state": step.target}, remark=remark.strip())
            if tells:
                transaction.on_commit(lambda: step.then([row], by=by))
