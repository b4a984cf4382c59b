"""The page of a round as its desk: its steps, what the next one still lacks, and its nominees in figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.models import Dimension
from praja.foundation.ui.formats import decimal
from praja.stages.innovations.figures import printed
from praja.stages.quick_wins import actions
from praja.stages.quick_wins.models import Criterion, Nomination, Round
from praja.stages.quick_wins.nominee_forms import STATED
from praja.stages.quick_wins.reach import CAN_BE_MENDED, nominees_seen
from praja.stages.quick_wins.renewal import Renewal, with_figures
from praja.stages.quick_wins.values import Values, values_of

State = Round.State
WITHOUT = "tanpa"  # in an address: not said, or none
COLUMNS = (
    "pk", "money", "innovation_id", "innovation__dimension_id", "innovation__is_it", *STATED,
)  # fmt: skip


@dataclass(frozen=True)
class Lack:
    """What the next step lacks: in words, where to mend it, and whether the step cannot be taken without it."""

    label: str
    url: str = ""
    bars: bool = False


@dataclass(frozen=True)
class Desk:
    """A round as one person sees it."""

    round: Round
    user: Any
    rows: Sequence[Mapping[str, Any]]
    dimensions: Sequence[Dimension]
    outside: frozenset[int] = field(default_factory=frozenset)  # nominees whose innovation left the plan

    @property
    def sees_all(self) -> bool:
        """Whether the figures are those of the whole round, and not of one agency."""
        return bool(self.user.may(Can.QUICK_WIN_VIEW, self.round.plan))

    @property
    def list_url(self) -> str:
        """The address of the nominees."""
        return reverse("round-nominees", args=[self.round.pk])

    def filtered(self, **chosen: str) -> str:
        """The address of some of the nominees."""
        return f"{self.list_url}?{urlencode(chosen)}"

    @cached_property
    def incomplete(self) -> int:
        """How many nominees do not state everything yet."""
        return sum(1 for row in self.rows if not all(row[name] for name in STATED))

    @cached_property
    def values(self) -> Values:
        """Weights and scores as they stand; asked only of whoever sees the whole round."""
        return values_of(self.round)

    # --- figures --------------------------------------------------------------------------------------------------

    @property
    def key_figures(self) -> list[dict[str, Any]]:
        """The nominees in a few numbers, each a door to its rows."""
        total, it = len(self.rows), Counter(row["innovation__is_it"] for row in self.rows)
        figures = [
            {"label": _("Nominees"), "value": decimal(total), "url": self.list_url},
            {"label": _("IT"), "value": decimal(it[True]), "url": self.filtered(jenis="it")},
            {"label": _("Non-IT"), "value": decimal(it[False]), "url": self.filtered(jenis="non-it")},
            {"label": _("Not complete yet"), "value": decimal(self.incomplete), "url": self.filtered(isian="belum")},
        ]
        return figures if total else []

    @property
    def by_dimension(self) -> list[tuple[Dimension | None, int, str]]:
        """(dimension, how many nominees, address of them); None for those without a dimension."""
        found = Counter(row["innovation__dimension_id"] for row in self.rows)
        lines: list[tuple[Dimension | None, int, str]] = [
            (one, found[one.pk], self.filtered(dimensi=one.key)) for one in self.dimensions
        ]
        return [*lines, (None, found[None], self.filtered(dimensi=WITHOUT))] if found[None] else lines

    @property
    def by_money(self) -> list[tuple[str, int, str]]:
        """(where the money is, how many nominees, address of them)."""
        found = Counter(row["money"] for row in self.rows)
        lines = [(str(one.label), found[one.value], self.filtered(uang=one.value)) for one in Nomination.Money]
        return [*lines, (_("Not said yet"), found[""], self.filtered(uang=WITHOUT))] if found[""] else lines

    # --- steps ----------------------------------------------------------------------------------------------------

    @property
    def lacks(self) -> list[Lack]:
        """What the next step lacks, what bars it first."""
        found: Iterable[Lack] = ()
        match self.round.state:
            case State.NOMINATING:
                found = self._lacks_nominees()
            case State.SCORING:
                found = self._lacks_scores()
            case State.CHOOSING:
                found = self._lacks_a_set()
        return sorted(found, key=lambda lack: not lack.bars)

    @property
    def own_lacks(self) -> list[Lack]:
        """What an agency still owes for its nominees while they can be changed."""
        return list(self._lacks_in_any_state()) if self.round.state in CAN_BE_MENDED else []

    def _lacks_nominees(self) -> Iterable[Lack]:
        if not self.rows:
            yield Lack(_("Nobody is nominated yet."), reverse("round-nominate", args=[self.round.pk]), bars=True)
            return
        yield from self._lacks_in_any_state()
        found = {row["innovation__dimension_id"] for row in self.rows}
        for one in self.dimensions:
            if one.pk not in found:
                label = _("No nominee of the dimension %(dimension)s yet.") % {"dimension": one}
                yield Lack(label, f"{reverse('round-nominate', args=[self.round.pk])}?dimensi={one.key}")

    def _lacks_scores(self) -> Iterable[Lack]:
        yield from self._lacks_in_any_state()
        values = self.values
        if not values.weights:
            label = (
                _("Not all criteria are compared in pairs yet, so none has a weight.")
                if self.round.weighing == Round.Weighing.PAIRS
                else _("No criterion has a weight.")
            )
            yield Lack(label, reverse("weights", args=[self.round.pk]), bars=True)
        elif not values.sums:
            yield Lack(_("No nominee has all its scores yet."), reverse("scoring", args=[self.round.pk]), bars=True)
        elif values.incomplete:
            number = len(values.incomplete)
            label = ngettext(
                "%(number)d nominee lacks a score and has no place in the set.",
                "%(number)d nominees lack a score and have no place in the set.",
                number,
            )
            yield Lack(label % {"number": number}, reverse("scoring", args=[self.round.pk]))
        if number := self.round.score_sheets.filter(withdrawn_at=None, finished_at=None).count():
            label = ngettext(
                "%(number)d score sheet is not finished yet.", "%(number)d score sheets are not finished yet.", number
            )
            yield Lack(label % {"number": number}, reverse("scoring", args=[self.round.pk]))

    def _lacks_a_set(self) -> Iterable[Lack]:
        yield from self._lacks_in_any_state()
        if not self.round.found_sets.exists():
            yield Lack(_("The best set was not looked for yet."), reverse("set-detail", args=[self.round.pk]))

    def _lacks_in_any_state(self) -> Iterable[Lack]:
        if number := len(self.outside):
            label = ngettext(
                "The innovation of %(number)d nominee is not in the plan any more. Withdraw that nominee.",
                "The innovations of %(number)d nominees are not in the plan any more. Withdraw those nominees.",
                number,
            )
            yield Lack(label % {"number": number}, self.filtered(isian="keluar"), bars=True)
        if number := self.incomplete:
            label = ngettext(
                "%(number)d nominee does not state everything yet.",
                "%(number)d nominees do not state everything yet.",
                number,
            )
            yield Lack(label % {"number": number}, self.filtered(isian="belum"))

    @property
    def bars(self) -> list[str]:
        """Why the round cannot take its next step."""
        return [lack.label for lack in self.lacks if lack.bars]

    @property
    def moves(self) -> list["Move"]:
        """The buttons that this person has now: forward first."""
        if not self.user.may(Can.QUICK_WIN_RUN, self.round):
            return []
        return [move for move in MOVES if move.source == self.round.state]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The five steps of a round with how far each is, for whoever reads."""
        order = list(State)
        at = order.index(State(self.round.state))
        scores = reverse("scoring", args=[self.round.pk]) if self.sees_all else ""
        sheets = reverse("decision-sheet-list", args=[self.round.plan.slug]) if self.sees_all else ""
        found = [
            (
                pgettext("round of quick wins", "Nominate"),
                self.list_url,
                _("Innovations of the plan are named, with what is done within the year."),
            ),
            (pgettext("round of quick wins", "Score"), scores, self._how_scored()),
            (
                pgettext("round of quick wins", "Choose"),
                reverse("set-rules", args=[self.round.pk]) if self.sees_all else "",
                _("The best set under the rules of the region, and what each swap costs."),
            ),
            (
                pgettext("round of quick wins", "Submit"),
                sheets,
                _("Working groups, team, mentor, council and Sekda read the decision sheet."),
            ),
            (
                pgettext("round of quick wins", "Decide"),
                sheets if self.round.state in (State.SUBMITTED, State.DECIDED) else "",
                _("The head of region accepts, swaps or sends back."),
            ),
        ]
        return [
            {
                "title": title, "url": url, "hint": hint, "is_done": number < at or self.round.state == State.DECIDED,
                "state": "submitted" if number == at else "draft",
                "state_label": _("Now") if number == at and self.round.state != State.DECIDED else "",
            }
            for number, (title, url, hint) in enumerate(found)
        ]  # fmt: skip

    def _how_scored(self) -> str:
        return f"{Round.Scoring(self.round.scoring).label}. {Round.Weighing(self.round.weighing).label}."


@dataclass(frozen=True)
class Move:
    """A button that moves a round; what follows on the choice goes over the decision sheet."""

    source: str
    target: str
    is_forward: bool

    @property
    def title(self) -> str:
        """What the button says."""
        return {
            (State.NOMINATING, State.SCORING): _("Begin scoring"),
            (State.SCORING, State.CHOOSING): _("Go on to the choice"),
            (State.SCORING, State.NOMINATING): _("Back to naming nominees"),
            (State.CHOOSING, State.SCORING): _("Back to scoring"),
        }[State(self.source), State(self.target)]


MOVES = [
    Move(State.NOMINATING, State.SCORING, is_forward=True),
    Move(State.SCORING, State.CHOOSING, is_forward=True),
    Move(State.SCORING, State.NOMINATING, is_forward=False),
    Move(State.CHOOSING, State.SCORING, is_forward=False),
]


def desk_of(round_: Round, user: Any) -> Desk:
    """The desk of a round for one person; a few queries, however many nominees."""
    nominees = nominees_seen(round_, user).in_service()
    rows = list(nominees.order_by("pk").values(*dict.fromkeys(COLUMNS)))
    dimensions = list(round_.plan.dimension_set.dimensions.all())
    inside = set(
        printed(round_.plan).filter(nominations__in=nominees.order_by()).order_by().values_list("pk", flat=True)
    )
    outside = frozenset(row["pk"] for row in rows if row["innovation_id"] not in inside)
    return Desk(round_, user, rows, dimensions, outside)


def take_step(round_: Round, state: str, *, by: Any, version: int) -> None:
    """Move the round; raises Refused with what bars the way, TooLate, PermissionError for a move that is no button."""
    desk = desk_of(round_, by)
    move = next((one for one in desk.moves if one.target == state), None)
    if move is None:
        raise PermissionError(state)
    if move.is_forward and (reasons := desk.bars):
        raise actions.Refused(reasons)
    actions.move(round_, move.target, by=by, version=version)


def criteria_of(round_: Round, renewal: Renewal) -> list[Criterion]:
    """The criteria in use, in their order; a figure that follows from the rows as it stands now."""
    return with_figures(round_.criteria.filter(withdrawn_at=None), renewal)
