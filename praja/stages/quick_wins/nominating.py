"""What is done around nominees: a round begins with what continues, many are nominated, pages and dialogues are kept."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.models import Plan
from praja.foundation.remarks.actions import settle_typed
from praja.foundation.workflow import withdrawal
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.figures import printed
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins import actions, nominee_notices
from praja.stages.quick_wins.models import Dialogue, Nomination, QuickWin, Round
from praja.stages.quick_wins.reach import CAN_BE_MENDED, held, proposer_of

MOST_AT_ONCE = 200
Continuation = QuickWin.Continuation
GOES_ON = (Continuation.CONTINUE, Continuation.STRENGTHEN, Continuation.EXPAND)


# --- the round --------------------------------------------------------------------------------------------------------


def open_round(plan: Plan) -> Round | None:
    """The round of a plan that is not decided yet."""
    return plan.quick_win_rounds.in_service().exclude(state=Round.State.DECIDED).first()


@transaction.atomic
def begin(plan: Plan, *, by: Any, **said: Any) -> Round:
    """Begin a round and nominate what continues of the one before; raises Refused while another one goes on."""
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)  # whoever comes second waits here
    if going := open_round(plan):
        raise Refused(
            [_("“%(round)s” still goes on. It has to be decided before the next round begins.") % {"round": going}]
        )
    made = actions.start_round(plan, by=by, **said)
    carry_over(made, by=by)
    return made


def going_on(round_: Round | None) -> Any:
    """The quick wins of a round that were said to continue, strengthen or expand."""
    return QuickWin.objects.in_service().filter(round=round_, continuation__in=GOES_ON)


def carry_over(round_: Round, *, by: Any) -> list[Nomination]:
    """Nominate what continues of the round before, with who does it by which means; what left the plan stays behind."""
    if round_.previous is None:
        return []
    quick_wins = going_on(round_.previous).select_related("innovation", "nomination")
    return [nominee for one in quick_wins if (nominee := carry(round_, one, by=by)) is not None]


def carry(round_: Round, quick_win: QuickWin, *, by: Any) -> Nomination | None:
    """Nominate a quick win that continues; None when it was nominated or withdrawn here before, or cannot be any more."""
    if round_.nominations.filter(innovation=quick_win.innovation_id).exists():
        return None
    try:
        nominee = actions.nominate(
            round_, quick_win.innovation, proposer=proposer_of(by, round_.plan), by=by, continues=quick_win
        )
    except Refused:
        return None
    kept = {"responsible": quick_win.nomination.responsible, "means": quick_win.nomination.means}
    Nomination.objects.filter(pk=nominee.pk).update(**kept)
    return nominee


def save_round(form: EntryForm, *, by: Any, version: int) -> None:
    """Save title and dates, or the criteria, of a round; raises TooLate when somebody else saved first."""
    also = {"year": form.cleaned_data["starts_on"].year} if "starts_on" in form.cleaned_data else {}
    save_entry(form, by=by, version=version, also=also)


def refuse_criteria(round_: Round, *, by: Any) -> None:
    """Keep in the history that somebody tried to change the criteria after the sheet was on its way."""
    record("refuse weights", round_, by=by)


@transaction.atomic
def withdraw_round(round_: Round, *, by: Any, version: int, reason: str) -> None:
    """Take back a round that was begun by mistake; raises Refused when it has nominees or has moved on, TooLate."""
    if round_.state != Round.State.NOMINATING or round_.nominations.in_service().exists():
        raise Refused([_("A round can be withdrawn only while nobody is nominated in it.")])
    withdrawal.withdraw(round_, by=by, version=version, reason=reason)


# --- nominees ---------------------------------------------------------------------------------------------------------


def nominate_many(
    round_: Round, innovations: Iterable[Innovation], *, by: Any
) -> tuple[list[Nomination], list[tuple[Innovation, str]]]:
    """Nominate each of these by itself: those that went, and those that did not with the reason."""
    proposer, went, stayed = proposer_of(by, round_.plan), [], []
    for innovation in innovations:
        try:
            went.append(actions.nominate(round_, innovation, proposer=proposer, by=by))
        except Refused as refused:
            stayed.append((innovation, str(refused.reasons[0])))
    nominee_notices.nominated(went, by=by)
    return went, stayed


@transaction.atomic
def withdraw(nominee: Nomination, *, reason: str, by: Any, version: int) -> None:
    """Take a nominee out and tell its agency; raises Refused without a reason or when it is too late, TooLate."""
    # A row that is withdrawn already has no version that anybody could have seen as a nominee.
    actions.withdraw(nominee, reason=reason, by=by, version=0 if nominee.withdrawn_at else version)
    nominee.reason = reason.strip()
    nominee_notices.withdrawn(nominee, by=by)


def save(form: EntryForm, *, by: Any, version: int) -> None:
    """Save one page of a nominee or of a dialogue; raises TooLate when somebody else saved, or submitted, first."""
    row = form.instance
    round_ = row.nomination.round if isinstance(row, Dialogue) else row.round
    with transaction.atomic():
        if held(round_) not in CAN_BE_MENDED:
            raise TooLate
        save_entry(form, by=by, version=version)
        settle_typed(form.instance, form.data, by=by)


@transaction.atomic
def bring_back(nominee: Nomination, *, by: Any, version: int) -> None:
    """Undo a withdrawal; raises Refused when nominating is over or the innovation left the plan, TooLate."""
    if held(nominee.round) not in actions.OPEN_TO_NOMINEES:
        raise Refused([_("Nominees are not taken any more; the set is being chosen.")])
    if not printed(nominee.round.plan).filter(pk=nominee.innovation_id).exists():
        raise Refused([_("Its innovation is not in the plan any more.")])
    try:
        with transaction.atomic():
            withdrawal.bring_back(nominee, by=by, version=version)
    except IntegrityError:
        raise Refused([_("This innovation was nominated again meanwhile.")]) from None
    Nomination.objects.filter(pk=nominee.pk).update(reason="")


# --- dialogues with residents -----------------------------------------------------------------------------------------


@transaction.atomic
def add_dialogue(nominee: Nomination, *, by: Any, file: StoredFile | None = None, **said: Any) -> Dialogue:
    """Keep a dialogue with its minutes, if they are there."""
    if held(nominee.round) not in CAN_BE_MENDED:
        raise Refused([_("The sheet is on its way to the head of region; this nominee is not changed now.")])
    made = Dialogue.objects.create(nomination=nominee, created_by=by, updated_by=by, **said)
    record("add dialogue", nominee, by=by, after={"dialogue": str(made)})
    if file is not None:
        attach(made, by=by, kind=Evidence.Kind.REPORT, title=_("Minutes"), file=file)
    return made


@transaction.atomic
def withdraw_dialogue(dialogue: Dialogue, *, by: Any, version: int) -> None:
    """Take a dialogue away; raises TooLate when it was changed meanwhile."""
    withdrawal.withdraw(dialogue, by=by, version=version, reason="")
    record("withdraw dialogue", dialogue.nomination, by=by, before={"dialogue": str(dialogue)})


@transaction.atomic
def attach(
    dialogue: Dialogue, *, by: Any, kind: str, title: str, file: StoredFile | None = None, link: str = ""
) -> Evidence:
    """Add a file or a link to a dialogue."""
    evidence = Evidence.objects.create(
        subject=dialogue._meta.label_lower, subject_id=dialogue.pk, organisation_path=dialogue.organisation_path,
        kind=kind, title=title, file=file, link=link, created_by=by, updated_by=by,
    )  # fmt: skip
    record("attach", dialogue, by=by, after={"evidence": title})
    return evidence


@transaction.atomic
def detach(dialogue: Dialogue, *, evidence: Evidence, by: Any) -> None:
    """Take evidence away; the file stays in the record."""
    values = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
    update_if_unchanged(evidence, values, by=by, version=evidence.version)
    record("detach", dialogue, by=by, before={"evidence": evidence.title})
