"""What becomes of the quick wins of a year: who says so, and the figures of the next round that follow from it (E.10)."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.accounts.permissions import Can
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import nominating
from praja.stages.quick_wins.models import Criterion, Nomination, QuickWin, Round

COMPUTED = "continuity"  # key of the criterion E.10, whose figure follows from the rows
FROZEN = (Round.State.SUBMITTED, Round.State.DECIDED)


# --- who says it, and when --------------------------------------------------------------------------------------------


def following(round_: Round) -> Round | None:
    """The round that came after this one."""
    found: Round | None = round_.following.filter(withdrawn_at=None).first()
    return found


def late(round_: Round, after: Round | None) -> str:
    """Why nothing is said about the quick wins of a round now, as a sentence; "" while it can be. `after`: the next round."""
    if round_.state != Round.State.DECIDED:
        return _("This round is not decided yet, so it has no quick wins that could continue.")
    if after is not None and after.state in FROZEN:
        return _("These figures went to the head of region with “%(round)s”; they stand as they were.") % {
            "round": after.title
        }
    return ""


def speaks_for(quick_win: QuickWin, user: Any) -> bool:
    """Whether this person says what becomes of it: the secretariat, or the agency that carries it."""
    if user.may(Can.QUICK_WIN_RUN, quick_win):
        return True
    # Whoever may nominate all over the plan is a working group, and owns nothing.
    return user.may(Can.QUICK_WIN_NOMINATE, quick_win) and not user.may(Can.QUICK_WIN_NOMINATE, quick_win.plan)


def save(form: EntryForm, *, by: Any, version: int) -> None:
    """Keep what becomes of a quick win; what goes on is nominated in the next round while that takes nominees.

    Raises Refused when the figures are frozen, TooLate when somebody else saved first.
    """
    quick_win: QuickWin = form.instance
    with transaction.atomic():
        # The next round does not go to the head of region before this transaction ends.
        rounds = Round.objects.select_for_update(of=("self",)).filter(plan=quick_win.plan_id, withdrawn_at=None)
        own = {one.pk: one for one in rounds}[quick_win.round_id]
        after = following(own)
        if sentence := late(own, after):
            raise Refused([sentence])
        save_entry(form, by=by, version=version)
        if after is not None and quick_win.continuation in nominating.GOES_ON:
            nominating.carry(after, quick_win, by=by)


# --- figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What was said about the quick wins of one round."""

    round: Round
    rows: list[tuple[bool | None, str]]  # (whether it still runs, what becomes of it)

    @property
    def total(self) -> int:
        """How many quick wins the round had."""
        return len(self.rows)

    @cached_property
    def running(self) -> int:
        """How many still run."""
        return sum(1 for runs, _becomes in self.rows if runs)

    @cached_property
    def unsaid(self) -> int:
        """Of how many nobody has said whether they still run."""
        return sum(1 for runs, _becomes in self.rows if runs is None)

    @cached_property
    def becomes(self) -> Counter[str]:
        """{a value of QuickWin.Continuation, or "" for those of which nothing was said: how many}."""
        return Counter(becomes for _runs, becomes in self.rows)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """(what becomes of them, how many) in words, in the order of the choices."""
        found = [(str(one.label), self.becomes[one.value]) for one in QuickWin.Continuation]
        return [*found, (_("Not said yet"), self.becomes[""])] if self.becomes[""] else found


def said_of(round_: Round) -> Said:
    """What was said about the quick wins of a round; one query."""
    rows = QuickWin.objects.in_service().filter(round=round_).order_by("pk")
    return Said(round_, list(rows.values_list("is_running", "continuation")))


@dataclass(frozen=True)
class Renewal:
    """The figures of a round that the ministry asks for: how many of last year's still run, and how many are new."""

    last: Said | None
    total: int  # quick wins of this round: decided, put forward, else its nominees
    new: int  # those whose innovation never was a quick win of the plan before
    of: str  # "decided", "put_forward" or "nominees"

    @property
    def still(self) -> str:
        """The first figure in words."""
        if self.last is None or not self.last.total:
            return _("There were no quick wins before this round.")
        said = _("Of %(total)d quick wins of %(year)d, %(running)d still run.") % {
            "total": self.last.total, "year": self.last.round.year, "running": self.last.running,
        }  # fmt: skip
        if not self.last.unsaid:
            return said
        more = ngettext(
            "Of %(number)d nobody has said so yet.", "Of %(number)d nobody has said so yet.", self.last.unsaid
        )
        return f"{said} {more % {'number': self.last.unsaid}}"

    @property
    def fresh(self) -> str:
        """The second figure in words."""
        numbers = {"total": self.total, "new": self.new}
        match self.of:
            case "decided":
                return _("Of %(total)d quick wins of this round, %(new)d are new.") % numbers
            case "put_forward":
                return _("Of %(total)d quick wins that are put forward, %(new)d are new.") % numbers
        return _("Of %(total)d nominees of this round, %(new)d are new.") % numbers

    @property
    def words(self) -> str:
        """Both figures."""
        return f"{self.still} {self.fresh}"

    def as_json(self) -> dict[str, Any]:
        """The figures as plain data, for what is frozen."""
        last = self.last
        return {
            "last": last.round.title if last else "",
            "year": last.round.year if last else None,
            "last_total": last.total if last else 0,
            "running": last.running if last else 0,
            "unsaid": last.unsaid if last else 0,
            "becomes": {one.value: last.becomes[one.value] if last else 0 for one in QuickWin.Continuation},
            "total": self.total,
            "new": self.new,
            "of": self.of,
            "words": self.words,
        }


def renewal_of(round_: Round, chosen: Collection[str] | None = None) -> Renewal:
    """The figures of a round as it stands: three queries. `chosen`: keys of the nominees that are put forward, if any are."""
    last = said_of(round_.previous) if round_.previous is not None else None
    if chosen is not None:
        of, rows = "put_forward", Nomination.objects.filter(round=round_, pk__in=[int(key) for key in chosen])
    elif round_.state == Round.State.DECIDED:
        of, rows = "decided", Nomination.objects.filter(round=round_, quick_win__withdrawn_at=None)
        rows = rows.filter(quick_win__isnull=False)
    else:
        of, rows = "nominees", Nomination.objects.in_service().filter(round=round_)
    innovations = list(rows.order_by().values_list("innovation_id", flat=True))
    before = QuickWin.objects.in_service().filter(plan=round_.plan_id, round__year__lt=round_.year)
    known: set[int] = set()
    if round_.previous is not None:
        known.update(before.filter(innovation__in=innovations).order_by().values_list("innovation_id", flat=True))
    return Renewal(last, len(innovations), sum(1 for one in innovations if one not in known), of)


def is_computed(criterion: Criterion) -> bool:
    """Whether the figure of a criterion follows from the rows instead of being typed."""
    return criterion.kind == Criterion.Kind.FIGURE and criterion.key == COMPUTED


def with_figures(criteria: Iterable[Criterion], renewal: Renewal) -> list[Criterion]:
    """The criteria with what follows from the rows as their result; nothing is stored."""
    found = list(criteria)
    for one in found:
        if is_computed(one):
            one.result = renewal.words
    return found
