"""What is done with scores: choose the way, name scorers, begin a sheet, score, finish, open again; late ones are refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from praja.foundation.accounts.models import Membership, Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import under
from praja.foundation.audit.actions import record
from praja.foundation.audit.chain import append
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.notices.actions import tell
from praja.foundation.plans.models import Dimension
from praja.foundation.workflow import withdrawal
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins.chained import facts_of_scores
from praja.stages.quick_wins.models import Criterion, Nomination, Round, Score, ScoreSheet
from praja.stages.quick_wins.values import scored_criteria

State = Round.State
OPEN_TO_SCORERS = (State.NOMINATING, State.SCORING)
Cell = tuple[int, int]  # keys of a nomination and of a criterion


@dataclass(frozen=True)
class OfDimension:
    """The rows of a round in one dimension, as permissions ask about them."""

    organisation_path: str
    dimension: Dimension | None

    @property
    def dimension_id(self) -> int | None:
        """The key of the dimension."""
        return self.dimension.pk if self.dimension else None


@dataclass(frozen=True)
class Typed:
    """What a page of a sheet says: scores with reasons by cell, who stepped back by nominee, and the sheet's own columns."""

    scores: Mapping[Cell, tuple[int | None, str]]
    recusals: Mapping[int, tuple[str, str]] = field(default_factory=dict)  # nomination -> (who, why)
    columns: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """One dimension of a sheet: the nominees and criteria of its table."""

    sheet: ScoreSheet
    dimension: Dimension

    @cached_property
    def criteria(self) -> list[Criterion]:
        """The columns."""
        return scored_criteria(self.sheet.round)

    @cached_property
    def nominees(self) -> list[Nomination]:
        """The rows; a withdrawn nominee is none of them."""
        return list(nominees_in(self.sheet.round, self.dimension))

    @cached_property
    def gone(self) -> list[Nomination]:
        """The nominees of this dimension that were withdrawn; what they were given is kept."""
        rows = self.sheet.round.nominations.filter(innovation__dimension=self.dimension)
        return list(rows.exclude(withdrawn_at=None).select_related("innovation").order_by("pk"))

    def scores(self) -> dict[Cell, Score]:
        """What is stored now."""
        keys = [row.pk for row in self.nominees]
        rows = self.sheet.scores.filter(withdrawn_at=None, nomination__in=keys)
        return {(row.nomination_id, row.criterion_id): row for row in rows}


def nominees_in(round_: Round, dimension: Dimension | None = None) -> Any:
    """The nominees of a round, or of one dimension, in their order; who stands in no dimension is on no sheet."""
    rows = round_.nominations.in_service().filter(innovation__dimension__isnull=False)
    rows = rows.select_related("innovation__organisation", "innovation__dimension")
    return (rows.filter(innovation__dimension=dimension) if dimension else rows).order_by("pk")


# --- who may see and write --------------------------------------------------------------------------------------------


def may_score(user: Any, sheet: ScoreSheet) -> bool:
    """The scorer whose sheet it is; of a working group's sheet whoever scores for that dimension."""
    if sheet.scorer_id is not None:
        return bool(sheet.scorer_id == user.pk)
    return bool(user.may(Can.QUICK_WIN_SCORE, OfDimension(sheet.round.organisation_path, sheet.dimension)))


def is_revealed(round_: Round) -> bool:
    """Whether blind scores may be seen: every scorer has finished."""
    blind = round_.score_sheets.filter(withdrawn_at=None, scorer__isnull=False)
    return not blind.filter(finished_at=None).exists()


def may_see(user: Any, sheet: ScoreSheet) -> bool:
    """The own sheet always; a blind one of somebody else only when all have finished; a working group's as the round."""
    if sheet.scorer_id is not None and sheet.scorer_id == user.pk:
        return True
    if sheet.scorer_id is not None and not is_revealed(sheet.round):
        return False
    return bool(user.may(Can.QUICK_WIN_VIEW, sheet.round))


def may_reopen(user: Any, sheet: ScoreSheet) -> bool:
    """Who scores it, while others are still blind; of blind sheets that were seen only whoever runs the round."""
    if sheet.scorer_id is not None and is_revealed(sheet.round):
        return bool(user.may(Can.QUICK_WIN_RUN, sheet.round))
    return may_score(user, sheet) or bool(user.may(Can.QUICK_WIN_RUN, sheet.round))


# --- the way, and who scores ------------------------------------------------------------------------------------------


@transaction.atomic
def choose_way(round_: Round, scoring: str, *, by: Any, version: int) -> None:
    """Score by consensus or blind; raises Refused once a score was given, TooLate."""
    if round_.state not in OPEN_TO_SCORERS:
        raise Refused(late_round(round_))
    if Score.objects.filter(sheet__round=round_, sheet__withdrawn_at=None, value__isnull=False).exists():
        raise Refused([_("Scores were given already; the way of scoring stays as it is in this round.")])
    before = round_.scoring
    update_if_unchanged(round_, {"scoring": scoring}, by=by, version=version)
    record("choose scoring", round_, by=by, before={"scoring": before}, after={"scoring": scoring})


def begin(round_: Round, dimension: Dimension, *, by: Any) -> ScoreSheet:
    """The sheet of a working group, made when it is first asked for. Raises Refused."""
    if reasons := late_round(round_):
        raise Refused(reasons)
    if round_.scoring != Round.Scoring.CONSENSUS:
        raise Refused([_("This round is scored blind; working groups have no sheet in it.")])
    if not nominees_in(round_, dimension).exists():
        raise Refused([_("No nominee stands in this dimension yet.")])
    values = {"created_by": by, "updated_by": by}
    with transaction.atomic():
        sheet, is_new = ScoreSheet.objects.get_or_create(
            round=round_, dimension=dimension, scorer=None, withdrawn_at=None, defaults=values
        )
        if is_new:
            record("start", sheet, by=by)
    return sheet


def people_of(round_: Round) -> list[Membership]:
    """Who holds a role in the region today, one role a person: the position by which a scorer is named."""
    rows = Membership.objects.current().filter(under(round_.organisation_path, "organisation__path"))
    rows = rows.filter(user__is_active=True).select_related("user__person", "organisation", "for_position")
    found: dict[int, Membership] = {}
    for row in rows.order_by("user__person__name", "pk"):
        found.setdefault(row.user_id, row)
    return list(found.values())


@transaction.atomic
def name_scorer(round_: Round, membership: Membership, *, by: Any, dimension: Dimension | None = None) -> ScoreSheet:
    """Ask somebody to score blind, all nominees or those of one dimension, in the position they hold. Raises Refused."""
    Round.objects.select_for_update().get(pk=round_.pk)
    if round_.state not in OPEN_TO_SCORERS:
        raise Refused(late_round(round_))
    if round_.scoring != Round.Scoring.BLIND:
        raise Refused([_("This round is scored by consensus. Choose blind scoring first.")])
    sheets = round_.score_sheets.filter(withdrawn_at=None, scorer__isnull=False)
    if sheets.exists() and is_revealed(round_):
        raise Refused([_("All have finished and their scores are seen; a new scorer would not be blind any more.")])
    try:
        with transaction.atomic():
            made = ScoreSheet.objects.create(
                round=round_, scorer=membership.user, dimension=dimension, created_by=by, updated_by=by,
                position_title=membership.in_words(membership.user),
            )  # fmt: skip
    except IntegrityError:
        raise Refused([_("This person is a scorer of the round already.")]) from None
    record("name scorer", made, by=by, after={"scorer": made.position_title})
    text = gettext_noop(
        "You are asked to score the nominees of “%(round)s”. Nobody sees your scores until all have finished."
    )
    address = reverse("scoring", args=[round_.pk])
    tell([membership.user], text, values={"round": round_.title}, address=address)
    return made


@transaction.atomic
def take_out(sheet: ScoreSheet, *, reason: str, by: Any, version: int) -> None:
    """Do without a scorer who has not finished; what was given stays in the history. Raises Refused, TooLate."""
    fresh = _locked(sheet)
    if fresh.round.state not in OPEN_TO_SCORERS:
        raise Refused(late_round(fresh.round))
    if fresh.finished_at:
        raise Refused([_("This scorer has finished; finished scores are not taken out any more.")])
    if not reason.strip():
        raise Refused([_("Say why the round does without this scorer.")])
    withdrawal.withdraw(sheet, by=by, version=version, reason=reason.strip())


# --- scoring ----------------------------------------------------------------------------------------------------------


def late_round(round_: Round) -> list[str]:
    """Why nobody scores in this round now, in words; nothing while it is open."""
    match round_.state:
        case State.SCORING:
            return []
        case State.NOMINATING:
            return [_("Scoring has not begun yet; nominees are still being named.")]
        case State.CHOOSING:
            return [_("Scoring is over; the set is being chosen. The secretariat can take the round back to scoring.")]
        case _:
            return [_("The round was put to the head of region; its scores stand as they are.")]


def late(sheet: ScoreSheet) -> list[str]:
    """Why nothing can be written on a sheet now, in words; nothing while it is open."""
    if sheet.withdrawn_at:
        return [_("This sheet was taken out of the round.")]
    if reasons := late_round(sheet.round):
        return reasons
    if (sheet.scorer_id is not None) != (sheet.round.scoring == Round.Scoring.BLIND):
        return [_("The round is scored in another way now; this sheet rests.")]
    if sheet.finished_at:
        return [_("This sheet was finished. Open it again with a reason to change its scores.")]
    return []


def _must_be_open(sheet: ScoreSheet) -> None:
    if reasons := late(sheet):
        raise Refused(reasons)


def _locked(sheet: ScoreSheet) -> ScoreSheet:
    """The sheet with its round as both stand now; neither moves before this transaction ends."""
    Round.objects.select_for_update().get(pk=sheet.round_id)
    return ScoreSheet.objects.select_for_update(of=("self",)).select_related("round").get(pk=sheet.pk)


def _told(board: Board, cells: Mapping[Cell, tuple[int | None, str]]) -> list[str]:
    """Scores in words for the history, one a line."""
    titles = {row.pk: str(row.innovation) for row in board.nominees}
    names = {row.pk: row.name for row in board.criteria}
    return [
        f"{titles[nomination]} · {names[criterion]}: {'–' if value is None else value}" + (f" ({why})" if why else "")
        for (nomination, criterion), (value, why) in cells.items()
        if nomination in titles and criterion in names
    ]


def changed(
    board: Board, typed: Typed
) -> tuple[dict[Cell, tuple[int | None, str]], dict[Cell, tuple[int | None, str]]]:
    """The cells that say something else than what is stored: as they were, and as they were typed."""
    stored = {cell: (row.value, row.reason) for cell, row in board.scores().items()}
    empty: tuple[int | None, str] = (None, "")
    after = {cell: value for cell, value in typed.scores.items() if value != stored.get(cell, empty)}
    return {cell: stored.get(cell, empty) for cell in after}, after


def score(board: Board, typed: Typed, *, by: Any, version: int) -> list[str]:
    """Write a page of a sheet; the names of present agencies whose nominees got a recusal by it.

    Raises Refused on a sheet that is closed, and then the attempt stands in the history; TooLate when somebody was faster.
    """
    try:
        with transaction.atomic():
            _must_be_open(_locked(board.sheet))
            return _write(board, typed, by=by, version=version)
    except Refused:
        refuse(board, typed, by=by)
        raise


def _write(board: Board, typed: Typed, *, by: Any, version: int) -> list[str]:
    sheet = board.sheet
    recusals, proposed = _recusals(board, typed)
    columns = {**typed.columns, "recusals": recusals}
    said = {name: getattr(sheet, name) for name in columns}
    before, after = changed(board, typed)
    update_if_unchanged(sheet, columns, by=by, version=version)
    stored, now = board.scores(), timezone.now()
    fresh, mended = [], []
    for (nomination, criterion), (value, why) in after.items():
        row = stored.get((nomination, criterion))
        if row is None:
            row = Score(sheet=sheet, nomination_id=nomination, criterion_id=criterion, created_by=by, updated_by=by)
            fresh.append(row)
        else:
            row.version, row.updated_at, row.updated_by = row.version + 1, now, by
            mended.append(row)
        row.value, row.reason = value, why
    Score.objects.bulk_create(fresh)
    Score.objects.bulk_update(mended, ["value", "reason", "version", "updated_at", "updated_by"])
    old = {**said, "recusals": _recused_words(board, said["recusals"]), "scores": _told(board, before)}
    new = {**columns, "recusals": _recused_words(board, recusals), "scores": _told(board, after)}
    if old != new:
        record("score", sheet, by=by, before=old, after=new)
    return proposed


def refuse(board: Board, typed: Typed | None, *, by: Any) -> None:
    """Keep in the history that somebody tried to score on a closed sheet, and what."""
    before, after = changed(board, typed) if typed else ({}, {})
    record(
        "refuse score",
        board.sheet,
        by=by,
        before={"scores": _told(board, before)},
        after={"scores": _told(board, after)},
    )


# --- recusals ---------------------------------------------------------------------------------------------------------


def _recusals(board: Board, typed: Typed) -> tuple[list[dict[str, str]], list[str]]:
    """All recusals of the sheet after this page, and the agencies for which it proposes some.

    Proposed is a recusal for each nominee of an agency that the list of participants names and did not name before; so
    one that is then cleared stays cleared.
    """
    own = {str(row.pk) for row in board.nominees}
    kept = [one for one in board.sheet.recusals if one["nomination"] not in own]
    noted = {key: said for key, said in typed.recusals.items() if any(said)}
    found: list[str] = []
    if "members" in typed.columns:
        was, now = present(board, board.sheet.members), present(board, typed.columns["members"])
        for row in board.nominees:
            agency = row.innovation.organisation
            if agency is not None and agency.pk in now and agency.pk not in was and row.pk not in noted:
                noted[row.pk] = (now[agency.pk], _("Its agency proposes the nominee"))
                found.append(agency.abbreviation or agency.name)
    made = [
        {"nomination": str(row.pk), "who": noted[row.pk][0], "reason": noted[row.pk][1]}
        for row in board.nominees
        if row.pk in noted
    ]
    return [*kept, *made], list(dict.fromkeys(found))


def present(board: Board, members: str) -> dict[int, str]:
    """{key of an agency that owns a nominee of the table: the line of the participants that names it}."""
    found: dict[int, str] = {}
    owners: dict[int, Organisation] = {
        row.innovation.organisation.pk: row.innovation.organisation
        for row in board.nominees
        if row.innovation.organisation is not None
    }
    for line in members.splitlines():
        for key, agency in owners.items():
            names = [re.escape(name) for name in (agency.name, agency.abbreviation) if name]
            if key not in found and names and re.search(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", line, re.IGNORECASE):
                found[key] = line.strip()[:300]
    return found


def _recused_words(board: Board, recusals: list[dict[str, str]]) -> list[str]:
    titles = {str(row.pk): str(row.innovation) for row in board.nominees}
    return [
        f"{titles[one['nomination']]}: {one['who']} ({one['reason']})"
        for one in recusals
        if one["nomination"] in titles
    ]


# --- finishing and opening again --------------------------------------------------------------------------------------


def lacking(sheet: ScoreSheet) -> list[str]:
    """What has to be there before a sheet can be finished, in words."""
    found = []
    if sheet.scorer_id is None:
        asked = (
            ("held_on", _("the date of the meeting")),
            ("members", _("who took part")),
            ("minutes", _("the minutes")),
        )
        found = [_("Still lacks: %(what)s.") % {"what": what} for name, what in asked if not getattr(sheet, name)]
    nominees = list(nominees_in(sheet.round, sheet.dimension))
    if not nominees:
        return [*found, _("There is no nominee to score.")]
    criteria = scored_criteria(sheet.round)
    given = set(
        sheet.scores.filter(withdrawn_at=None, value__isnull=False).values_list("nomination_id", "criterion_id")
    )
    # A blind scorer who stepped back from a nominee gives it nothing; a working group scores without its owner.
    away = {one["nomination"] for one in sheet.recusals} if sheet.scorer_id is not None else set()
    for row in nominees:
        names = [one.name for one in criteria if (row.pk, one.pk) not in given]
        if names and str(row.pk) not in away:
            what = _("every score") if len(names) == len(criteria) else ", ".join(names)
            found.append(_("“%(nominee)s” still lacks: %(what)s.") % {"nominee": row.innovation, "what": what})
    return found


def finish(sheet: ScoreSheet, *, by: Any, version: int) -> None:
    """Close a sheet that is complete. Raises Refused with what lacks, TooLate."""
    with transaction.atomic():
        fresh = _locked(sheet)
        if reasons := late(fresh) or lacking(fresh):
            raise Refused(reasons)
        update_if_unchanged(sheet, {"finished_at": timezone.now(), "finished_by": by}, by=by, version=version)
        record("finish scoring", sheet, by=by)
        append("score", sheet, facts_of_scores(sheet))


def reopen(sheet: ScoreSheet, *, reason: str, by: Any, version: int) -> None:
    """Open a finished sheet again; blind scores are unseen again until it is finished. Raises Refused, TooLate."""
    with transaction.atomic():
        fresh = _locked(sheet)
        if reasons := late_round(fresh.round):
            raise Refused(reasons)
        if not reason.strip():
            raise Refused([_("Say why the sheet is opened again.")])
        if fresh.withdrawn_at or not fresh.finished_at:
            raise TooLate
        update_if_unchanged(sheet, {"finished_at": None, "finished_by": None}, by=by, version=version)
        record("reopen scoring", sheet, by=by, remark=reason.strip())
        append("score", sheet, facts_of_scores(sheet))
