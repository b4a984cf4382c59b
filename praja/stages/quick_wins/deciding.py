"""What is done with a decision sheet: submit a set, endorse it along its way, decide on a page or on paper, take it back."""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.chain import append
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.documents.codes import ROMAN, new_code
from praja.foundation.files import contents
from praja.foundation.files.actions import store
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.files.pages import PageNotShown, draw
from praja.foundation.jobs.actions import later
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import groups
from praja.stages.quick_wins import sheet_notices as notices
from praja.stages.quick_wins.chained import facts_of_decision
from praja.stages.quick_wins.choice import asked_of
from praja.stages.quick_wins.models import DecisionSheet, QuickWin, Round, SheetStep
from praja.stages.quick_wins.offices import ORDER, PERMISSIONS, Office, Standing, heads_on, standing_of
from praja.stages.quick_wins.reach import held
from praja.stages.quick_wins.sheet import (
    LANGUAGE,
    Frozen,
    as_text,
    bare,
    best_of,
    chosen_set,
    content_of,
    digest,
    found_for,
    nominations_of,
    said,
    state_of,
    verify,
)

SCANS = (contents.PDF, contents.JPEG, contents.PNG)
MOST_SWAPS = 6
State, Verdict = DecisionSheet.State, SheetStep.Verdict
Swaps = Sequence[tuple[str, str]]  # (key of who leaves, key of who comes)


# --- submitting -------------------------------------------------------------------------------------------------------


def proposed_number(plan: Plan) -> str:
    """The next number as offices write them: "002/TL-QW/XI/2026"; people may type their own."""
    day = plan.today
    count = DecisionSheet.objects.filter(round__plan=plan).count()
    return f"{count + 1:03}/TL-QW/{ROMAN[day.month - 1]}/{day.year}"


@dataclass(frozen=True)
class Submission:
    """What is typed when a set is put forward; without `chosen` it is the best set that the last search found."""

    number: str
    remark: str = ""
    chosen: frozenset[str] | None = None
    reason: str = ""  # why a set chosen by hand, where it costs value or breaks a rule


def submit(
    round_: Round, submission: Submission, *, by: Any, version: int, link: Callable[[str], str]
) -> DecisionSheet:
    """Freeze the round with the set that is put forward and send the sheet on its way.

    `link`: from a code to the address that the QR picture holds. Raises Refused with sentences, TooLate.
    """
    standing = standing_of(by, Can.QUICK_WIN_RUN, round_.plan)
    if going := round_.sheets.filter(state=State.ON_ITS_WAY).first():
        raise Refused([_("The sheet %(number)s is on its way already; one goes at a time.") % {"number": going.number}])
    if round_.state != Round.State.CHOOSING:
        raise Refused([_("A set can be put forward while it is being chosen, not before and not after.")])
    if not submission.number.strip():
        raise Refused([_("Give the sheet a number, as your office numbers its letters.")])
    try:
        with transaction.atomic():
            held(round_)  # first: what is read from here on is what is frozen
            sheet = _frozen(round_, submission, standing, link, by=by)
            before = round_.state
            update_if_unchanged(round_, {"state": Round.State.SUBMITTED}, by=by, version=version)
            record("move round", round_, by=by, before={"state": before}, after={"state": str(round_.state)})
            record(
                "submit", sheet, by=by, remark=submission.remark.strip(),
                after={"number": sheet.number, "sha256": sheet.sha256},
            )  # fmt: skip
            _make_files(sheet, by=by)
            transaction.on_commit(lambda: notices.submitted(sheet, by=by))
    except IntegrityError:
        raise Refused([_("Somebody put a set forward a moment ago; one sheet goes at a time.")]) from None
    return sheet


def _frozen(
    round_: Round, submission: Submission, standing: Standing, link: Callable[[str], str], *, by: Any
) -> DecisionSheet:
    asked = asked_of(round_)
    found = found_for(asked)
    if found is None:
        raise Refused([_("The round has changed since the best set was searched. Search again, then submit.")])
    put_forward = _set_of(asked, found.content, submission)
    code = new_code()
    about = {
        "number": submission.number.strip(),
        "code": code,
        "link": link(code),
        "day": round_.plan.today.isoformat(),
        "at": timezone.now().isoformat(),
        "title": standing.title,
        "person": standing.person,
        "acting": standing.acting,
        "decree": standing.decree,
        "remark": submission.remark.strip(),
    }
    content = content_of(asked, found.content, put_forward, about)
    return DecisionSheet.objects.create(
        round=round_, number=about["number"], code=code, content=content, sha256=digest(content),
        created_by=by, updated_by=by,
    )  # fmt: skip


def _set_of(asked: Any, found: Mapping[str, Any], submission: Submission) -> dict[str, Any]:
    best, reason = best_of(found), submission.reason.strip()
    if submission.chosen is None:
        if best is None:
            raise Refused([_("No set keeps all rules. Change the rules, or choose the set by hand with a reason.")])
        return chosen_set(asked, found, best.chosen, reason)
    if not submission.chosen:
        raise Refused([_("Tick the nominees that are put forward.")])
    if not submission.chosen <= set(asked.question.values):
        raise Refused([_("A nominee without all its scores cannot be put forward; score it first.")])
    chosen = chosen_set(asked, found, submission.chosen, reason)
    if (chosen["broken"] or chosen["loss"]) and not reason:
        raise Refused([_("This set breaks a rule or is worth less than the best one. Write why it is put forward.")])
    return chosen


def _make_files(sheet: DecisionSheet, *, by: Any) -> None:
    state = state_of(sheet)
    later(
        "quick_wins.make_sheet_files", sheet.pk, state, by=by, key=f"quick-win-sheet-{sheet.pk}-{state}",
        organisation_path=sheet.organisation_path,
    )  # fmt: skip


# --- on its way -------------------------------------------------------------------------------------------------------


def turn_of(sheet: DecisionSheet, steps: Sequence[SheetStep] | None = None) -> str:
    """The office whose word the sheet waits for; "" when it waits for none. Working groups speak one after the other."""
    if sheet.state != State.ON_ITS_WAY:
        return ""
    steps = list(sheet.steps.all()) if steps is None else steps
    turn = str(next(office for office in ORDER if office not in {step.office for step in steps}))
    return str(Office.WORKING_GROUP) if turn == Office.TEAM and groups.lacking(sheet, steps) else turn


def _as_group(sheet: DecisionSheet, standing: Standing, remark: str, *, by: Any) -> Standing:
    """As what somebody speaks for the working groups: a coordinator for the own dimensions, others for all with a reason."""
    left = groups.lacking(sheet, sheet.steps.all())
    own = groups.own(left, by, sheet.round.plan)
    names = ", ".join(one.name for one in left)
    if left and own is None and not remark.strip():
        raise Refused([
            _("The sheet waits for the working groups of: %(groups)s. If it goes on without them, write why.")
            % {"groups": names}
        ])  # fmt: skip
    if left and own == []:
        raise Refused([_("Your working group has spoken. The sheet waits for: %(groups)s.") % {"groups": names}])
    if not own:
        return standing
    with translation.override(LANGUAGE):
        title = f"{standing.title}: {', '.join(one.name for one in own)}"
    return replace(standing, title=title, dimensions=tuple(one.key for one in own))


def _waits_for(sheet: DecisionSheet, office: str, version: int) -> None:
    """Raises Refused when the sheet does not wait for the word of this office, TooLate for another version than was read."""
    if sheet.version != version:
        raise TooLate
    if sheet.state != State.ON_ITS_WAY:
        raise Refused([_("This sheet is not on its way any more: %(state)s.") % {"state": sheet.get_state_display()}])
    if sheet.scan_id is not None:
        raise Refused([_("A scan of the signed paper waits for confirmation. Confirm it or refuse it first.")])
    turn = turn_of(sheet)
    if office not in (turn, Office.MENTOR):
        raise Refused([_("It is the turn of: %(office)s.") % {"office": Office(turn).label}])


def speak(sheet: DecisionSheet, office: str, *, remark: str, by: Any, version: int) -> SheetStep:
    """Endorse the sheet for an office, or give the mentor's opinion. Raises Refused, TooLate, PermissionError."""
    standing = standing_of(by, PERMISSIONS[Office(office)], sheet.round.plan)
    _waits_for(sheet, office, version)
    is_opinion = office == Office.MENTOR
    if office == Office.HEAD:
        raise Refused([_("The head of region decides; that is done on the page of the decision.")])
    if is_opinion and not remark.strip():
        raise Refused([_("Write your opinion.")])
    if is_opinion and sheet.steps.filter(office=office, created_by=by).exists():
        raise Refused([_("You gave your opinion on this sheet already.")])
    verdict = Verdict.OPINION if is_opinion else Verdict.ENDORSED
    if office == Office.WORKING_GROUP:
        standing = _as_group(sheet, standing, remark, by=by)
    with transaction.atomic():
        update_if_unchanged(sheet, {}, by=by, version=version)
        step = _step(sheet, office, verdict, remark, standing, by=by)
        _record_steps("advise" if is_opinion else "endorse", sheet, [step], by=by, remark=remark)
        turn = turn_of(sheet)
        transaction.on_commit(lambda: notices.spoken(sheet, step, turn, by=by))
    return step


def send_back(sheet: DecisionSheet, office: str, *, remark: str, by: Any, version: int) -> None:
    """Send the sheet back to the secretariat with a reason; the set is chosen anew. Raises Refused, TooLate, PermissionError."""
    if office == Office.MENTOR:
        raise Refused([_("A mentor gives an opinion; the offices of the region send a sheet back.")])
    standing = standing_of(by, PERMISSIONS[Office(office)], sheet.round.plan)
    _waits_for(sheet, office, version)
    with transaction.atomic():
        _return(sheet, {}, office, standing, remark, by=by, version=version)


def _return(
    sheet: DecisionSheet, values: dict[str, Any], office: str, standing: Standing, remark: str, *, by: Any, version: int
) -> None:
    if not remark.strip():
        raise Refused([_("Write why it is sent back, so that the secretariat knows what to do.")])
    update_if_unchanged(sheet, {**values, "state": State.RETURNED}, by=by, version=version)
    step = _step(sheet, office, Verdict.RETURNED, remark, standing, by=by, is_on_paper=bool(values))
    _record_steps("send_back", sheet, [step], by=by, remark=remark)
    _back_to_choosing(sheet, by=by)
    transaction.on_commit(lambda: notices.sent_back(sheet, step, by=by))


def take_back(sheet: DecisionSheet, *, remark: str, by: Any, version: int) -> None:
    """The secretariat makes a sheet void that is on its way; the set is chosen anew. Raises Refused, TooLate, PermissionError."""
    standing_of(by, Can.QUICK_WIN_RUN, sheet.round.plan)
    if sheet.state != State.ON_ITS_WAY:
        raise Refused([_("Only a sheet on its way can be taken back.")])
    if not remark.strip():
        raise Refused([_("Write why the sheet is taken back.")])
    with transaction.atomic():
        update_if_unchanged(sheet, {"state": State.VOID}, by=by, version=version)
        record("take_back", sheet, by=by, remark=remark.strip(), after={"state": str(State.VOID)})
        _back_to_choosing(sheet, by=by)


def _back_to_choosing(sheet: DecisionSheet, *, by: Any) -> None:
    round_ = sheet.round
    before = round_.state
    update_if_unchanged(round_, {"state": Round.State.CHOOSING}, by=by, version=round_.version)
    record("move round", round_, by=by, before={"state": before}, after={"state": str(round_.state)})


def _step(
    sheet: DecisionSheet,
    office: str,
    verdict: str,
    remark: str,
    standing: Standing,
    *,
    by: Any,
    is_on_paper: bool = False,
) -> SheetStep:
    return SheetStep.objects.create(
        sheet=sheet, office=office, dimensions=list(standing.dimensions), verdict=verdict, remark=remark.strip(), position_title=standing.title[:200],
        person_name=standing.person[:200], acting=standing.acting, decree=standing.decree[:200],
        is_on_paper=is_on_paper, created_by=by, updated_by=by,
    )  # fmt: skip


def _record_steps(
    verb: str, sheet: DecisionSheet, steps: Sequence[SheetStep], *, by: Any, remark: str, **after: Any
) -> None:
    """One line of history with the hash of each step, by which a changed step is found."""
    hashes = [digest(as_text(bare(step))) for step in steps]
    record(verb, sheet, by=by, remark=remark.strip(), after={"step": hashes, **after})


# --- deciding ---------------------------------------------------------------------------------------------------------


def swapped(frozen: Frozen, swaps: Swaps) -> frozenset[str]:
    """The set after the swaps; raises Refused when one is none."""
    chosen = set(frozen.chosen)
    if len(swaps) > MOST_SWAPS:
        raise Refused([_("So many swaps are a new set. Send the sheet back and have another set put forward.")])
    for out, into in swaps:
        if out not in chosen or out not in frozen.chosen:
            raise Refused([_("Choose who leaves among the quick wins that were put forward, each once.")])
        if into in chosen or into in frozen.chosen or into not in frozen.nominees:
            raise Refused([_("Choose who comes among the other nominees, each once.")])
        if frozen.value(into) is None:
            raise Refused([_("“%(nominee)s” lacks scores, so nobody can say what the swap costs. Send the sheet back and have it scored.") % {"nominee": frozen.nominees[into]["title"]}])  # fmt: skip
        chosen = (chosen - {out}) | {into}
    return frozenset(chosen)


def decide(sheet: DecisionSheet, *, swaps: Swaps = (), reason: str = "", by: Any, version: int) -> None:
    """The head of region accepts the set, or accepts it with swaps; quick wins in force follow.

    Every rule is checked again; one that breaks needs a reason. Raises Refused, TooLate, PermissionError.
    """
    standing = standing_of(by, Can.QUICK_WIN_DECIDE, sheet.round.plan)
    _waits_for(sheet, Office.HEAD, version)
    _sound(sheet)
    frozen = Frozen.of(sheet)
    judged = _judged(frozen, swaps, reason)
    with transaction.atomic():
        _settle(sheet, frozen, judged, standing, {}, by=by, version=version)


def _sound(sheet: DecisionSheet) -> None:
    """Raises Refused when the sheet is not as it was frozen: nobody decides on that; TooLate when it has just moved on."""
    if problems := verify(sheet):
        if not DecisionSheet.objects.filter(pk=sheet.pk, version=sheet.version).exists():
            raise TooLate
        raise Refused([*problems, _("Please tell the administrator; nothing can be decided on this sheet.")])


@dataclass(frozen=True)
class Judged:
    """What was decided: the set, the swaps that led to it, what they cost, and why."""

    chosen: frozenset[str]
    swaps: Swaps
    cost: dict[str, Any] | None
    reason: str

    @property
    def verdict(self) -> str:
        """Accepted as submitted, or with a swap."""
        return Verdict.SWAPPED if self.swaps else Verdict.ACCEPTED


def _judged(frozen: Frozen, swaps: Swaps, reason: str) -> Judged:
    chosen = swapped(frozen, swaps)
    cost = frozen.cost(chosen) if swaps else None
    if cost and cost["broken"] and not reason.strip():
        rules = "; ".join(frozen.words.get(key, key) for key in cost["broken"])
        raise Refused([_("This swap breaks a rule, so it needs a reason: %(rules)s.") % {"rules": rules}])
    return Judged(chosen, list(swaps), cost, reason.strip())


def _settle(
    sheet: DecisionSheet, frozen: Frozen, judged: Judged, standing: Standing, paper: Mapping[str, Any], *, by: Any, version: int
) -> None:  # fmt: skip
    """Write the decision with its hash, the step of the head, the quick wins, and the end of the round."""
    update_if_unchanged(sheet, {}, by=by, version=version)  # the mark comes first: whoever comes second stops here
    steps = [] if not paper else _steps_on_paper(sheet, paper["signed"], by=by)
    steps.append(
        _step(sheet, Office.HEAD, judged.verdict, judged.reason, standing, by=by, is_on_paper=bool(paper))
    )  # fmt: skip
    way = [said(step) for step in sheet.steps.order_by("pk")]
    decision = as_text(
        {
            "verdict": judged.verdict,
            "sheet": sheet.sha256,
            "chosen": sorted(judged.chosen),
            "swaps": [{"out": out, "into": into} for out, into in judged.swaps],
            "cost": judged.cost,
            "reason": judged.reason,
            "day": paper.get("day") or sheet.round.plan.today.isoformat(),
            "at": timezone.now().isoformat(),
            "title": standing.title,
            "person": standing.person,
            "acting": standing.acting,
            "decree": standing.decree,
            "paper": dict(paper),
            "way": way,
        }
    )
    values = {
        "state": State.DECIDED, "decision": decision, "decision_sha256": digest(sheet.content, decision),
        "pdf": None, "word": None, **({"confirmed_at": timezone.now(), "confirmed_by": by} if paper else {}),
    }  # fmt: skip
    update_if_unchanged(sheet, values, by=by, version=sheet.version)
    _record_steps(
        "decide set", sheet, steps, by=by, remark=judged.reason, state=str(State.DECIDED),
        decision_sha256=sheet.decision_sha256,
    )  # fmt: skip
    round_ = sheet.round
    before = round_.state
    update_if_unchanged(round_, {"state": Round.State.DECIDED}, by=by, version=round_.version)
    record("move round", round_, by=by, before={"state": before}, after={"state": str(round_.state)})
    _put_in_force(sheet, judged.chosen, by=by)
    _make_files(sheet, by=by)
    append("decision", sheet, facts_of_decision(sheet))
    transaction.on_commit(lambda: notices.decided(sheet, frozen, judged.chosen, by=by))


def _put_in_force(sheet: DecisionSheet, chosen: Collection[str], *, by: Any) -> None:
    """A quick win, whose profile is a draft, for each nominee of the decided set."""
    for nomination in nominations_of(sheet, chosen):
        innovation = nomination.innovation
        made = QuickWin.objects.create(
            round=sheet.round, nomination=nomination, innovation=innovation, plan=sheet.round.plan,
            dimension=innovation.dimension, organisation=innovation.organisation, created_by=by, updated_by=by,
        )  # fmt: skip
        record("put in force", made, by=by, after={"innovation": innovation})


# --- on paper ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Disposition:
    """What somebody reads from the signed paper: its code, who signed for which office, and the word of the head."""

    code: str
    day: datetime.date
    head: int  # key of the Position that headed the region on that day
    verdict: str
    swaps: Swaps = ()
    reason: str = ""
    signed: Mapping[str, str] = field(default_factory=dict)  # office -> who signed


def offices_that_lack(sheet: DecisionSheet) -> list[str]:
    """The offices before the head that have not spoken yet; on paper they have to have signed."""
    steps = list(sheet.steps.all())
    spoken = {step.office for step in steps}
    if Office.TEAM not in spoken and groups.lacking(sheet, steps):
        spoken.discard(Office.WORKING_GROUP)
    return [office for office in ORDER if office not in spoken and office != Office.HEAD]


def enter_paper(sheet: DecisionSheet, upload: File, disposition: Disposition, *, by: Any, version: int) -> None:
    """Hand in the scan of the signed paper with what it says; it counts when a second person has confirmed it.

    Raises FileRefused for what no eye can read, Refused with sentences, TooLate, PermissionError.
    """
    standing_of(by, Can.QUICK_WIN_RUN, sheet.round.plan)
    if sheet.state != State.ON_ITS_WAY:
        raise Refused([_("This sheet takes no scan any more.")])
    _sound(sheet)
    _judge_paper(sheet, disposition)
    contents.check_size(upload.size or 0)
    if contents.kind_of(upload) not in SCANS:
        raise FileRefused(_("A scan is a PDF or a picture (JPG, PNG). Please send one of these."))
    stored = store(upload, by=by, organisation_path=sheet.organisation_path)
    try:
        pages = draw(stored, 1).count
    except PageNotShown as problem:
        raise FileRefused(
            _("This scan cannot be shown: the file is damaged or locked. Please scan it once more.")
        ) from problem
    entered = {
        "verdict": disposition.verdict,
        "swaps": [list(one) for one in disposition.swaps],
        "reason": disposition.reason.strip(),
        "day": disposition.day.isoformat(),
        "head": disposition.head,
        "signed": {office: disposition.signed[office].strip() for office in offices_that_lack(sheet)},
        "scan": stored.sha256,
        "scan_pages": pages,
        "entered_by": str(by),
    }
    values = {"scan": stored, "scanned_at": timezone.now(), "scanned_by": by, "decision": as_text({"entered": entered})}
    with transaction.atomic():
        update_if_unchanged(sheet, values, by=by, version=version)
        record("scan", sheet, by=by, after={"scan": stored.sha256, "entered": digest(sheet.decision)})
        transaction.on_commit(lambda: notices.scanned(sheet, by=by))


def _judge_paper(sheet: DecisionSheet, disposition: Disposition) -> Position:
    """The office that decided on paper; raises Refused when what was entered cannot be so."""
    plan = sheet.round.plan
    if disposition.code.strip().upper() != sheet.code:
        raise Refused([_("The code on this paper is another one: it belongs to another sheet.")])
    if not timezone.localdate(sheet.created_at, plan.time_zone) <= disposition.day <= plan.today:
        raise Refused([_("The day of the disposition lies between the day of the sheet and today.")])
    lacking = [office for office in offices_that_lack(sheet) if not disposition.signed.get(office, "").strip()]
    if lacking:
        names = ", ".join(str(Office(office).label) for office in lacking)
        raise Refused([_("Say who signed the paper for: %(offices)s.") % {"offices": names}])
    head = next((one for one in heads_on(plan, disposition.day) if one.pk == disposition.head), None)
    if head is None:
        raise Refused([_("This office was not held on the day of the disposition. Choose who headed the region then.")])
    if disposition.verdict == Verdict.RETURNED and not disposition.reason.strip():
        raise Refused([_("Write why it is sent back, so that the secretariat knows what to do.")])
    if disposition.verdict == Verdict.SWAPPED and not disposition.swaps:
        raise Refused([_("Choose who leaves and who comes.")])
    if disposition.verdict != Verdict.RETURNED:
        swaps = disposition.swaps if disposition.verdict == Verdict.SWAPPED else ()
        _judged(Frozen.of(sheet), swaps, disposition.reason)
    return head


def entered_of(sheet: DecisionSheet) -> dict[str, Any]:
    """What was entered from a paper that waits for its second person; {} where none does."""
    if sheet.scan_id is None or sheet.state != State.ON_ITS_WAY:
        return {}
    found: dict[str, Any] = Frozen.of(sheet).decision.get("entered", {})
    return found


def bars_confirming(sheet: DecisionSheet, user: Any) -> str:
    """Why this person cannot confirm the paper, as a sentence; empty when they can."""
    if not user.may(Can.PROPOSAL_CONFIRM, sheet):
        return _("The secretariat confirms signed sheets.")
    if sheet.state != State.ON_ITS_WAY or sheet.scan_id is None:
        return _("There is no scan that waits for confirmation.")
    if sheet.scanned_by_id == user.pk:
        return _("You handed this scan in yourself, so a second person has to confirm it.")
    return ""


def confirm_paper(sheet: DecisionSheet, *, by: Any, version: int) -> None:
    """A second person has compared scan, paper and what was entered: now it counts. Raises Refused, TooLate."""
    if sentence := bars_confirming(sheet, by):
        raise Refused([sentence])
    _sound(sheet)
    entered, frozen = entered_of(sheet), Frozen.of(sheet)
    disposition = Disposition(
        code=sheet.code,
        day=datetime.date.fromisoformat(entered["day"]),
        head=entered["head"],
        verdict=entered["verdict"],
        swaps=[(out, into) for out, into in entered["swaps"]],
        reason=entered["reason"],
        signed=entered["signed"],
    )
    head = _judge_paper(sheet, disposition)
    standing = Standing(head.title, str(head.person), head.acting, head.decree)
    paper = {**entered, "confirmed_by": str(by), "confirmed_at": timezone.now().isoformat()}
    with transaction.atomic():
        if disposition.verdict == Verdict.RETURNED:
            values = {"confirmed_at": timezone.now(), "confirmed_by": by}
            _return(sheet, values, Office.HEAD, standing, disposition.reason, by=by, version=version)
        else:
            swaps = disposition.swaps if disposition.verdict == Verdict.SWAPPED else ()
            _settle(sheet, frozen, _judged(frozen, swaps, disposition.reason), standing, paper, by=by, version=version)


def _steps_on_paper(sheet: DecisionSheet, signed: Mapping[str, str], *, by: Any) -> list[SheetStep]:
    return [
        _step(
            sheet, office, Verdict.ENDORSED, "", Standing(str(Office(office).label), signed[office]), by=by,
            is_on_paper=True,
        )
        for office in offices_that_lack(sheet)
    ]  # fmt: skip


def refuse_paper(sheet: DecisionSheet, *, reason: str, by: Any, version: int) -> None:
    """The scan is not the paper, not signed, or says something else than was entered. Raises Refused, TooLate."""
    if not by.may(Can.PROPOSAL_CONFIRM, sheet):
        raise PermissionError(Can.PROPOSAL_CONFIRM)
    if sheet.state != State.ON_ITS_WAY or sheet.scan_id is None:
        raise Refused([_("There is no scan that waits for confirmation.")])
    if not reason.strip():
        raise Refused([_("Write the reason, so that whoever entered it knows what to do.")])
    who = sheet.scanned_by
    with transaction.atomic():
        values = {"scan": None, "scanned_at": None, "scanned_by": None, "decision": ""}
        update_if_unchanged(sheet, values, by=by, version=version)
        record("refuse", sheet, by=by, remark=reason.strip())
        transaction.on_commit(lambda: notices.scan_refused(sheet, who, reason.strip(), by=by))


# --- files ------------------------------------------------------------------------------------------------------------


def attach(sheet: DecisionSheet, files: Mapping[str, StoredFile], state: str, *, by: Any) -> bool:
    """Give the sheet the files that were made of it as it was; False when it has moved on meanwhile or has them."""
    with transaction.atomic():
        for stored in files.values():
            stored.save()
        fresh = DecisionSheet.objects.select_for_update().get(pk=sheet.pk)
        if state_of(fresh) != state or fresh.pdf_id is not None:
            transaction.set_rollback(True)
            return False
        DecisionSheet.objects.filter(pk=sheet.pk).update(**files)
        record("make files", sheet, by=by, after={column: stored.sha256 for column, stored in files.items()})
    return True
