"""Many rows at once: what would move, what cannot and why, and then moving exactly the versions that were shown."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from praja.foundation.audit.rows import TooLate
from praja.foundation.workflow.models import State
from praja.foundation.workflow.pages import LONGEST_REMARK
from praja.foundation.workflow.standing import short_words, whereabouts
from praja.foundation.workflow.steps import Refused, Step, Text, Workflow
from praja.foundation.workflow.way import Rights, Words

MOST = 500
LONGEST_QUERY = 1_000


@dataclass(frozen=True)
class Many:
    """What a stage says about its rows: how they move, and what they are called."""

    workflow: Workflow
    rights: Rights
    words: Words
    take: Callable[..., None]
    title: Promise | str


@dataclass(frozen=True)
class Action:
    """One thing to do with many rows: steps of several offices that say the same, such as the three ways to return."""

    steps: tuple[Step, ...]

    @property
    def key(self) -> str:
        """How a form names it: the key of its first step."""
        return self.steps[0].key

    @property
    def title(self) -> Text:
        """The words of its button."""
        return self.steps[0].title

    @property
    def needs_remark(self) -> bool:
        """Whether one remark for all rows has to be written."""
        return self.steps[0].needs_remark

    @property
    def is_main(self) -> bool:
        """Whether it moves rows forward."""
        return self.steps[0].is_main


class Probe(NamedTuple):
    """As much of a row as a step asks to know whether it is in use."""

    state: str
    plan: Any


@dataclass(frozen=True)
class Verdict:
    """One row, the step it would take, and what stands against it; no step, or reasons: it stays where it is."""

    row: Any
    step: Step | None
    reasons: list[Text]

    @property
    def moves(self) -> bool:
        """Whether it can move."""
        return self.step is not None and not self.reasons

    @property
    def stands(self) -> Text:
        """Where the row stands, in few words."""
        return short_words(self.row.state, self.row.plan)


def actions_for(many: Many, user: Any, plan: Any) -> list[Action]:
    """What this person may do with rows of this plan, the offices' steps forward first, then those of the agency.

    A step that the plan leaves out is not among them.
    """
    found: dict[tuple[str, bool], list[Step]] = {}
    for step in many.workflow.steps.values():
        in_use = any(step.leads_on(Probe(state, plan)) for state in State)
        if step.has_button and in_use and user.may_within(step.permission, plan):
            found.setdefault((step.target, step.needs_remark), []).append(step)
    actions = [Action(tuple(steps)) for steps in found.values()]
    return sorted(actions, key=lambda action: (not action.is_main, action.steps[0].target == State.SUBMITTED))


def judge(row: Any, action: Action, user: Any) -> Verdict:
    """Whether this person can do this with a row now."""
    if row.withdrawn_at:
        return Verdict(row, None, [_("withdrawn from the plan")])
    begun = [step for step in action.steps if step.leads_on(row)]
    step = next((step for step in begun if user.may(step.permission, row)), None)
    if step is None:
        words = _("not your turn: %(where)s") if begun else _("not possible as it stands: %(where)s")
        return Verdict(row, None, [words % {"where": whereabouts(row)}])
    return Verdict(row, step, step.lacks(row, user))


def move(
    rows: dict[int, Any], versions: dict[int, int], action: Action, many: Many, *, by: Any, remark: str
) -> tuple[list[Verdict], list[Verdict]]:
    """Take the step with each row that still has the version shown; each in its own short transaction.

    Answers what moved and what did not; people are told once, however many rows there are.
    """
    moved, left = [], []
    told: dict[str, list[Any]] = defaultdict(list)
    for pk, version in versions.items():
        if (row := rows.get(pk)) is None:
            continue
        verdict = judge(row, action, by)
        if _was_sent_twice(row, version, action, by):
            moved.append(verdict)
            continue
        if row.version != version:
            left.append(Verdict(row, None, [_("changed since you looked: %(where)s") % {"where": whereabouts(row)}]))
            continue
        if not verdict.moves or verdict.step is None:
            left.append(verdict)
            continue
        try:
            many.take(row, verdict.step.key, by=by, remark=remark, tells=False)
        except TooLate:
            left.append(Verdict(row, None, [_("somebody else was faster")]))
        except Refused as refused:
            left.append(Verdict(row, None, refused.reasons))
        else:
            moved.append(verdict)
            told[verdict.step.key].append(row)
    for key, gone in told.items():
        many.workflow.steps[key].then(gone, by=by)
    return moved, left


def _was_sent_twice(row: Any, version: int, action: Action, by: Any) -> bool:
    """Whether this person moved it a moment ago with the same form."""
    targets = {step.target for step in action.steps}
    return row.version == version + 1 and row.state in targets and row.updated_by_id == by.pk


def versions_of(values: Iterable[str]) -> dict[int, int]:
    """The rows that a form names as "17" or "17:3" (key and version); what is neither is passed over."""
    found: dict[int, int] = {}
    for value in values:
        pk, _colon, version = value.partition(":")
        if all(text.isascii() and text.isdecimal() and len(text) < 19 for text in (pk, version or "0")):
            found[int(pk)] = int(version or 0)
    return found


def many_page(
    request: HttpRequest, plan: Any, rows: Any, many: Many, *, filtered: Callable[[QueryDict], Any]
) -> HttpResponse:
    """Preview of what a step does with the rows that were ticked, then the result; `rows`: those one may see.

    `filtered` gives the rows of a filter, for whoever ticks all of them at once.
    """
    query = request.POST.get("query", "")[:LONGEST_QUERY]
    back = reverse(many.words.addresses, args=[plan.slug]) + (f"?{QueryDict(query).urlencode()}" if query else "")
    if request.method != "POST":
        return redirect(back)
    action = next((one for one in actions_for(many, request.user, plan) if one.key == request.POST.get("step")), None)
    if action is None:
        raise Http404
    versions = versions_of(request.POST.getlist("row"))
    if "all" in request.POST:
        states = {state for step in action.steps for state in step.source}
        found = filtered(QueryDict(query)).filter(state__in=states).order_by("pk")
        versions = dict.fromkeys(found.values_list("pk", flat=True)[: MOST + 1], 0)
    is_too_many = len(versions) > MOST
    versions = dict(list(versions.items())[:MOST])
    if not versions:
        messages.warning(request, _("Tick at least one row first."))
        return redirect(back)
    loaded = {row.pk: row for row in rows.filter(pk__in=versions).select_related("organisation", "dimension")}
    for row in loaded.values():
        row.plan = plan
    remark = request.POST.get("remark", "").replace("\0", "")[:LONGEST_REMARK]
    context = {"plan": plan, "many": many, "action": action, "back": back, "query": query, "remark": remark}
    is_confirmed = "confirm" in request.POST and all(versions.values())
    if is_confirmed and (remark.strip() or not action.needs_remark):
        moved, left = move(loaded, versions, action, many, by=request.user, remark=remark)
        return render(request, "workflow/many_done.html", {**context, "moved": moved, "left": left})
    verdicts = [judge(loaded[pk], action, request.user) for pk in versions if pk in loaded]
    lacks_remark = is_confirmed  # confirmed, and still here: the remark was empty
    context |= {
        "going": [verdict for verdict in verdicts if verdict.moves],
        "staying": [verdict for verdict in verdicts if not verdict.moves],
        "is_too_many": is_too_many,
        "most": MOST,
        "lacks_remark": lacks_remark,
    }
    return render(request, "workflow/many.html", context, status=422 if lacks_remark else 200)
