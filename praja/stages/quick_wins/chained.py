"""What the tamper-evident log says of decisions and of scores that were handed in; words of people are in hashes only."""

from typing import Any

from django.db.models import Q

from praja.foundation.audit.chain import canonical
from praja.foundation.audit.declared import Chained
from praja.stages.quick_wins.models import DecisionSheet, ScoreSheet
from praja.stages.quick_wins.sheet import digest


def facts_of_decision(sheet: DecisionSheet) -> dict[str, Any]:
    """The hash of what was put forward, and that of the decision upon it."""
    return {
        "number": sheet.number,
        "state": sheet.state,
        "sha256": sheet.sha256,
        "decision_sha256": sheet.decision_sha256,
    }


def _altered_decision(sheet: DecisionSheet) -> str:
    whole = digest(sheet.content) == sheet.sha256 and digest(sheet.content, sheet.decision) == sheet.decision_sha256
    return "" if whole else f"the text of quick_wins.decisionsheet {sheet.pk} has been altered"


def facts_of_scores(sheet: ScoreSheet) -> dict[str, Any]:
    """Whether the sheet is finished, and the hash over its scores; of one that is open again only that.

    Who took part or stepped back is personal and stays out; for which nominees somebody stepped back does not.
    """
    if sheet.finished_at is None:
        return {"round": sheet.round_id, "finished": False}
    scores = [
        [one.nomination_id, one.criterion_id, one.value, one.reason]
        for one in sorted(sheet.scores.all(), key=lambda one: one.pk)
        if one.withdrawn_at is None
    ]
    recusals = [one["nomination"] for one in sheet.recusals]
    text = canonical({"scores": scores, "recusals": recusals})
    return {"round": sheet.round_id, "finished": True, "scores": len(scores), "sha256": digest(text)}


CHAINED = [
    Chained(
        "decision",
        DecisionSheet,
        facts_of_decision,
        _altered_decision,
        once=True,
        entered=Q(state="decided"),
        at_once=5,
    ),
    Chained(
        "score", ScoreSheet, facts_of_scores, entered=Q(finished_at__isnull=False), related=("scores",), at_once=50
    ),
]
