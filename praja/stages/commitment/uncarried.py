"""What the edition says and no agency promises, because it names nobody who carries it: what it is, and where to name one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from praja.foundation.documents.editions import facts_of
from praja.stages.commitment.actions import lines_by_agency
from praja.stages.commitment.lists import Key, Line, key_of
from praja.stages.commitment.models import Commitment, Obligation
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins.models import QuickWin
from praja.stages.roadmap.models import Action

Kind = Obligation.Kind
MODELS: dict[str, Any] = {Kind.INNOVATION: Innovation, Kind.ACTION: Action, Kind.QUICK_WIN: QuickWin}


@dataclass(frozen=True)
class Uncarried:
    """A line that stands in no list: `gone` is the agency that the edition names and that is no more, `now` who carries the row today."""

    kind: str
    title: str
    gone: str
    now: str
    url: str  # where an agency is named; "" where the row is gone


def uncarried(commitment: Commitment, *, may_run: bool) -> list[Uncarried]:
    """The lines of the edition that are in no list of the commitment; five queries, two when there are none.

    Raises Refused when the edition is not what was frozen.
    """
    lists = commitment.lists.filter(withdrawn_at=None).values_list("organisation__uid", flat=True)
    carried = {str(uid) for uid in lists}
    left = [
        (uid, line)
        for uid, lines in lines_by_agency(commitment.edition).items()
        if uid not in carried
        for line in lines
    ]
    if not left:
        return []
    promised = _promised_since(commitment)
    left = [(uid, line) for uid, line in left if key_of(line) not in promised]
    names = {one["uid"]: one["name"] for one in facts_of(commitment.edition)["promises"]["agencies"]}
    rows = _rows(line for _uid, line in left)
    return [_shown(commitment, line, names[uid], rows.get(key_of(line)), may_run=may_run) for uid, line in left]


def _promised_since(commitment: Commitment) -> set[Key]:
    """What an agency promises all the same, by an addendum to a newer edition."""
    kept = Obligation.objects.filter(list__commitment=commitment, list__withdrawn_at=None).exclude(
        state=Obligation.State.DROPPED
    )
    return {(kind, str(uid)) for kind, uid in kept.values_list("kind", "source_uid")}


def _rows(lines: Iterable[Line]) -> dict[Key, Any]:
    """The rows that lines were taken from, as far as they are in service, with their agencies."""
    uids: dict[str, list[str]] = {}
    for line in lines:
        uids.setdefault(line["kind"], []).append(line["uid"])
    found: dict[Key, Any] = {}
    for kind in MODELS.keys() & uids.keys():
        rows = MODELS[kind].objects.filter(uid__in=uids[kind], withdrawn_at=None).select_related("organisation")
        found |= {(kind, str(one.uid)): one for one in rows.only("pk", "uid", "organisation__name")}
    return found


def _shown(commitment: Commitment, line: Line, gone: str, row: Any, *, may_run: bool) -> Uncarried:
    now = row.organisation.name if row is not None and row.organisation else ""
    return Uncarried(
        str(Kind(line["kind"]).label), line["title"], gone, now, _address(commitment, line, row, may_run=may_run)
    )


def _address(commitment: Commitment, line: Line, row: Any, *, may_run: bool) -> str:
    """Where the secretariat names an agency; others read the row."""
    slug = commitment.plan.slug
    if line["kind"] == Kind.PROGRAMME:  # an agency's part of it follows what it carries there
        return reverse("strategy-tree", args=[slug])
    if row is None:
        return ""
    has_nobody = may_run and row.organisation is None
    if line["kind"] == Kind.INNOVATION:
        return reverse("tray", args=[slug]) if has_nobody else reverse("innovation-detail", args=[row.pk])
    if line["kind"] == Kind.ACTION:
        return (
            reverse("action-edit", args=[row.pk, "identity"]) if has_nobody else reverse("action-detail", args=[row.pk])
        )
    return reverse("quick-win-detail", args=[row.pk])
