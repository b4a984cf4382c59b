"""Asking for the best set of a round and for how firm it is, at once or as a job, and the answers that were stored."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.choosing import process
from praja.foundation.choosing.process import NotSolved
from praja.foundation.jobs.actions import later
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import choice
from praja.stages.quick_wins.choice import Asked
from praja.stages.quick_wins.models import FoundSet, Round
from praja.stages.quick_wins.reach import CAN_BE_MENDED

SMALL = 150  # nominees up to which a person waits for the answer on the page
SECONDS_AT_ONCE = 3.0
SECONDS_AS_JOB = 30.0
WEIGHT_SETS = 10_000
SET, STABILITY = "best", "stability"  # the keys of what is stored
JOBS = {SET: "quick_wins.find_set", STABILITY: "quick_wins.find_stability"}


def fingerprint_of(asked: Asked, wanted: str) -> str:
    """What an answer depends on: of the best set the question, of stability scores and rules without weights."""
    if wanted == SET:
        return asked.fingerprint
    told = [asked.question.as_json()["rules"], scores_of(asked)]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def scores_of(asked: Asked) -> dict[str, list[str]]:
    """The scores of each nominee that has a value, by those criteria under which all of them are scored."""
    nominees, scores = list(asked.question.values), asked.values.scores
    keys = [one.key for one in asked.values.criteria if all(one.key in scores[nominee] for nominee in nominees)]
    return {nominee: [str(scores[nominee][key]) for key in keys] for nominee in nominees}


def last_answer(round_: Round, wanted: str) -> FoundSet | None:
    """The newest stored answer of this kind, whether the round has changed since or not."""
    rows = FoundSet.objects.filter(round=round_, withdrawn_at=None)
    return rows.filter(content__has_key=wanted).order_by("-pk").first()


def under_way(round_: Round, wanted: str) -> FoundSet | None:
    """The answer that a job is looking for now, or that its job failed to find last."""
    rows = FoundSet.objects.filter(round=round_, withdrawn_at=None, content__asked=wanted).select_related("job")
    row = rows.order_by("-pk").first()
    return row if row and wanted not in row.content and row.job is not None else None


def ask_for(asked: Asked, wanted: str, *, by: Any) -> FoundSet:
    """Search now where that is quick, else by a job; the row that holds the answer or will. Raises Refused."""
    round_ = asked.round
    if round_.state not in CAN_BE_MENDED:
        raise Refused([_("The sheet is on its way to the head of region; the set is not searched any more.")])
    if not asked.question.values:
        raise Refused([_("No nominee has all its scores and a weight yet. Score the nominees first.")])
    if wanted == SET and len(asked.question.values) <= SMALL:
        try:
            content = choice.find(asked, SECONDS_AT_ONCE)
        except NotSolved:
            content = {}
        if _is_whole(content):
            return _store(asked, wanted, {"asked": wanted, **content}, by=by)
    mark = fingerprint_of(asked, wanted)
    waiting = under_way(round_, wanted)
    if waiting and waiting.job and not waiting.job.is_finished and waiting.fingerprint == mark:
        return waiting
    with transaction.atomic():
        row = _store(asked, wanted, {"asked": wanted}, by=by)
        row.job = later(JOBS[wanted], row.pk, by=by, organisation_path=round_.organisation_path)
        FoundSet.objects.filter(pk=row.pk).update(job=row.job)
    return row


def _is_whole(content: Mapping[str, Any]) -> bool:
    """Whether nothing is left to find: a proven set with all that is said about it, or a proven contradiction."""
    best = content.get("best", "late")
    if best == "late" or "late" in (content.get("worth"), content.get("next"), content.get("contradiction")):
        return False
    return best is None or best["bound"] <= best["value"]


@transaction.atomic
def _store(asked: Asked, wanted: str, content: dict[str, Any], *, by: Any) -> FoundSet:
    mark = fingerprint_of(asked, wanted)
    row = FoundSet.objects.create(round=asked.round, fingerprint=mark, content=content, created_by=by, updated_by=by)
    record("search", asked.round, by=by, after={"search": wanted, "fingerprint": mark[:12]})
    return row


def answer_of(asked: Asked, wanted: str) -> dict[str, Any]:
    """What a job stores. Raises NotSolved."""
    if wanted == SET:
        return choice.find(asked, SECONDS_AS_JOB)
    scores = {key: [float(score) for score in own] for key, own in scores_of(asked).items()}
    ask = {"is": "stability", "scores": scores, "number": WEIGHT_SETS}
    (found,) = process.ask(asked.question, [ask], SECONDS_AS_JOB)
    if found == "late":
        raise NotSolved("No weight set was settled in the time given.")
    tried, counts = found
    return {STABILITY: {"tried": tried, "wanted": WEIGHT_SETS, "counts": counts}}
