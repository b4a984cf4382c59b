"""What is done with weights: give them directly, compare criteria in pairs, mend or accept a contradiction, say which count."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.choosing.weights import CONSISTENT
from praja.foundation.ui.formats import decimal
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins.models import Round
from praja.stages.quick_wins.values import ACCEPTED, accepted_because, comparison, pairs_of, scored_criteria

OPEN_TO_WEIGHTS = (Round.State.NOMINATING, Round.State.SCORING, Round.State.CHOOSING)


def late(round_: Round) -> list[str]:
    """Why weights cannot be changed now, in words; nothing while they can."""
    if round_.state in OPEN_TO_WEIGHTS:
        return []
    return [_("The round was put to the head of region; its weights stand as they are.")]


def _open(round_: Round, *, after: Mapping[str, Any]) -> None:
    """Refuse a late change, and keep the attempt in the history."""
    fresh = Round.objects.select_for_update().get(pk=round_.pk)
    if reasons := late(fresh):
        raise _Late(reasons, after)


class _Late(Refused):
    """A change after the weights were put to the head of region, with what was typed."""

    def __init__(self, reasons: list[str], after: Mapping[str, Any]) -> None:
        super().__init__(reasons)
        self.after = after


def _recorded(change: Any, round_: Round, by: Any) -> None:
    """Carry a change out in one transaction; what comes late is recorded outside of it and refused."""
    try:
        with transaction.atomic():
            change()
    except _Late as refusal:
        record("refuse weights", round_, by=by, after=refusal.after)
        raise


def weigh(round_: Round, weights: Mapping[str, Decimal], *, by: Any, version: int) -> None:
    """Give the criteria weights, by key. Raises Refused when all are zero or it is too late, TooLate."""

    def change() -> None:
        rows = {row.key: row for row in scored_criteria(round_)}
        before = {row.name: row.weight for row in rows.values()}
        after = {rows[key].name: f"{weight:f}" for key, weight in weights.items() if key in rows}
        _open(round_, after=after)
        if not any(weights.values()):
            raise Refused(
                [_("All weights are zero, so no criterion would count. Give at least one of them a weight above zero.")]
            )
        update_if_unchanged(round_, {}, by=by, version=version)
        for key, weight in weights.items():
            if key in rows and rows[key].weight != f"{weight:f}":
                update_if_unchanged(rows[key], {"weight": f"{weight:f}"}, by=by, version=rows[key].version)
        if before != after:
            record("weigh", round_, by=by, before=before, after=after)

    _recorded(change, round_, by)


def compare(round_: Round, judgements: Mapping[str, str], *, by: Any, version: int) -> None:
    """Keep comparisons of pairs, some or all; an acceptance ends when one changes. Raises Refused, TooLate.

    `judgements`: {"key:key": "3" or "1/5"}, the first counting so many times as much as the second.
    """

    def change() -> None:
        names = {row.key: row.name for row in scored_criteria(round_)}
        before = pairs_of(round_)
        after = dict(judgements)
        _open(round_, after=_told(after, names))
        if before == after and accepted_because(round_):
            after[ACCEPTED] = accepted_because(round_)
        update_if_unchanged(round_, {"judgements": after}, by=by, version=version)
        if before != judgements:
            record("compare pairs", round_, by=by, before=_told(before, names), after=_told(dict(judgements), names))

    _recorded(change, round_, by)


def _told(judgements: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for pair, ratio in judgements.items():
        first, _colon, second = pair.partition(":")
        found[f"{names.get(first, first)} : {names.get(second, second)}"] = ratio
    return found


def mend(round_: Round, *, by: Any, version: int) -> None:
    """Change the one judgement that fits least to what the others say. Raises Refused, TooLate."""
    found = comparison(round_, scored_criteria(round_))
    if found is None or found.least_fitting is None:
        raise Refused([_("Compare every pair first.")])
    pair = f"{found.least_fitting.first}:{found.least_fitting.second}"
    compare(round_, {**pairs_of(round_), pair: str(Fraction(found.fitting))}, by=by, version=version)


def accept(round_: Round, *, reason: str, by: Any, version: int) -> None:
    """Let comparisons count although their ratio is above the limit. Raises Refused without a reason or need, TooLate."""

    def change() -> None:
        _open(round_, after={ACCEPTED: reason})
        found = comparison(round_, scored_criteria(round_))
        if found is None:
            raise Refused([_("Compare every pair first.")])
        if found.is_consistent:
            raise Refused([_("These comparisons agree well enough; nothing has to be accepted.")])
        if not reason.strip():
            raise Refused([_("Say why these comparisons are to count as they are.")])
        judgements = {**round_.judgements, ACCEPTED: reason.strip()}
        update_if_unchanged(round_, {"judgements": judgements}, by=by, version=version)
        record("accept ratio", round_, by=by, after={"ratio": decimal(found.ratio, 2)}, remark=reason.strip())

    _recorded(change, round_, by)


def count_by(round_: Round, weighing: str, *, by: Any, version: int) -> None:
    """Say which weights count. Pairs only once all are compared and agree, or were accepted. Raises Refused, TooLate."""

    def change() -> None:
        _open(round_, after={"weighing": weighing})
        if weighing == Round.Weighing.PAIRS:
            found = comparison(round_, scored_criteria(round_))
            if found is None:
                raise Refused([_("Compare every pair first.")])
            if not found.is_consistent and not accepted_because(round_):
                raise Refused([
                    _("The comparisons contradict one another too much (ratio %(ratio)s, at most %(most)s). Mend them, or accept them with a reason.")
                    % {"ratio": decimal(found.ratio, 2), "most": decimal(CONSISTENT, 1)}
                ])  # fmt: skip
        before = round_.weighing
        update_if_unchanged(round_, {"weighing": weighing}, by=by, version=version)
        record("choose weighing", round_, by=by, before={"weighing": before}, after={"weighing": weighing})

    _recorded(change, round_, by)
