"""What a decision sheet holds: the round as it was put to the head of region, frozen as text, and whether it is still so."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from praja.foundation.audit.models import Event
from praja.foundation.choosing import ranking
from praja.foundation.choosing.sets import Best, Question
from praja.foundation.choosing.weights import weights_that_favour
from praja.foundation.evidence.models import Evidence
from praja.foundation.plans.models import BudgetLine
from praja.stages.quick_wins.choice import Asked
from praja.stages.quick_wins.models import DecisionSheet, Dialogue, FoundSet, Nomination, QuickWin, SheetStep
from praja.stages.quick_wins.question import Nominee
from praja.stages.quick_wins.renewal import renewal_of, with_figures
from praja.stages.quick_wins.values import WHOLE, Values, values_of

LANGUAGE = "id"  # of the paper, whatever the reader's pages are in
PLACES = Decimal("0.0001")
State = DecisionSheet.State
# What reading a text raises that somebody has changed.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def as_text(content: Mapping[str, Any]) -> str:
    """Plain data as the text that is kept and hashed: the same for equal data."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(*texts: str) -> str:
    """The sha256 of one text, or of several one after the other."""
    return sha256("\n".join(texts).encode(errors="replace")).hexdigest()


def state_of(sheet: DecisionSheet) -> str:
    """The hash of all that is decided about so far; the files of a sheet are made from exactly this."""
    return sheet.decision_sha256 or sheet.sha256


# --- freezing ---------------------------------------------------------------------------------------------------------


def found_for(asked: Asked) -> FoundSet | None:
    """The newest search whose question is still the round's; None when it was not searched since the round changed."""
    rows = FoundSet.objects.filter(round=asked.round, fingerprint=asked.fingerprint, withdrawn_at=None)
    return next((row for row in rows.order_by("-pk")[:5] if "best" in row.content), None)


def best_of(found: Mapping[str, Any]) -> Best | None:
    """The best set of a search; None when no set keeps the rules or none was found in time."""
    told = found.get("best")
    return Best.of_json(told) if isinstance(told, dict) else None


def chosen_set(asked: Asked, found: Mapping[str, Any], chosen: Collection[str], reason: str) -> dict[str, Any]:
    """A set that is put forward, with what it costs against the best one: value, rules broken."""
    best, keys = best_of(found), frozenset(chosen)
    question = asked.question
    value = question.value_of(keys)
    return {
        "chosen": sorted(keys),
        "value": value,
        "is_best": best is not None and best.chosen == keys,
        "loss": None if best is None else best.value - value,
        "broken": [rule.key for rule in question.broken(keys)],
        "tight": [rule.key for rule in question.rules if rule.is_tight(keys)],
        "reason": reason,
    }


def content_of(asked: Asked, found: Mapping[str, Any], put_forward: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """The whole sheet as text: about seven queries, however many nominees. Its words are those of the paper."""
    with translation.override(LANGUAGE):
        round_, plan, values = asked.round, asked.round.plan, asked.values
        region, renewal = plan.government.region, renewal_of(round_, put_forward["chosen"])
        content = {
            "about": dict(about),
            "plan": plan.title,
            "government": plan.government.name,
            "region": region.name if region else plan.government.name,
            "arms": plan.arms.sha256 if plan.arms else "",
            "round": {
                "title": round_.title,
                "year": round_.year,
                "starts_on": round_.starts_on.isoformat(),
                "ends_on": round_.ends_on.isoformat(),
                "scoring": str(round_.get_scoring_display()),
                "weighing": str(round_.get_weighing_display()),
            },
            "criteria": [
                {"key": one.key, "name": one.name, "weight": str(values.weights.get(one.key, Decimal(0)))}
                for one in values.criteria
            ],
            "checks": [
                {"name": one.name, "hint": one.hint, "result": one.result}
                for one in with_figures(round_.criteria.filter(withdrawn_at=None).exclude(kind="scored"), renewal)
            ],
            "renewal": renewal.as_json(),
            "scoring": _scoring(asked),
            "rules": [{"key": one.rule.key, "words": one.words} for one in asked.told],
            "question": asked.question.as_json(),
            "nominees": _nominees(asked),
            "set": dict(put_forward),
            "best": found.get("best") if isinstance(found.get("best"), dict) else None,
            "worth": found.get("worth") or {},
            "next": [one for one in found.get("next") or [] if isinstance(one, dict)],
            "plain": found.get("plain"),
            "earlier": _earlier(asked),
        }
        return as_text(content)


def _scoring(asked: Asked) -> list[dict[str, Any]]:
    sheets = asked.round.score_sheets.filter(withdrawn_at=None).select_related("dimension")
    sheets = sheets.filter(scorer__isnull=asked.round.scoring == "consensus")
    return [
        {
            "by": one.dimension.name if one.scorer_id is None and one.dimension else one.position_title,
            "held_on": one.held_on.isoformat() if one.held_on else "",
            "finished_on": one.finished_at.date().isoformat() if one.finished_at else "",
            "members": one.members,
            "minutes": one.minutes,
            "recusals": one.recusals,
        }
        for one in sheets
    ]


def _nominees(asked: Asked) -> list[dict[str, Any]]:
    values = asked.values
    places = ranking.places(values.sums)
    talks: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Dialogue.objects.filter(
        nomination__in=[one.nomination.pk for one in asked.nominees], withdrawn_at=None
    ).select_related("district")
    dialogues = list(rows)
    proofs: dict[int, list[dict[str, str]]] = defaultdict(list)
    evidence = Evidence.objects.filter(
        subject=Dialogue._meta.label_lower, subject_id__in=[one.pk for one in dialogues], withdrawn_at=None
    ).select_related("file")
    for one in evidence.order_by("pk"):
        proofs[one.subject_id].append(
            {"title": one.title, "sha256": one.file.sha256 if one.file else "", "link": one.link}
        )
    for talk in dialogues:
        talks[talk.nomination_id].append(
            {
                "held_on": talk.held_on.isoformat(),
                "where": ", ".join(filter(None, (talk.place, talk.district.name if talk.district else ""))),
                "people": talk.people,
                "outcome": talk.outcome,
                "minutes": proofs[talk.pk],
            }
        )
    return [_nominee(one, values, places, talks[one.nomination.pk]) for one in asked.nominees]


def _nominee(
    one: Nominee, values: Values, places: Mapping[str, int], talks: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    row, innovation = one.nomination, one.nomination.innovation
    closeness = values.closeness.get(one.key)
    return {
        "key": one.key,
        "innovation": str(innovation.uid),
        "title": innovation.title,
        "dimension": innovation.dimension.name if innovation.dimension else "",
        "color": innovation.dimension.color_key if innovation.dimension else "",
        "agency": innovation.organisation.name if innovation.organisation else "",
        "is_it": innovation.is_it,
        "proposer": str(row.get_proposer_display()),
        "done": row.done,
        "responsible": row.responsible,
        "means": row.means,
        "money_now": str(row.get_money_display()) if row.money else "",
        "starts_on": row.starts_on.isoformat() if row.starts_on else "",
        "finishes_on": row.finishes_on.isoformat() if row.finishes_on else "",
        "staff_days": row.staff_days,
        "money": [
            [year, str(BudgetLine.Source(source).label), amount] for (year, source), amount in sorted(one.money.items())
        ],
        "scores": {key: str(score.quantize(PLACES)) for key, score in values.scores.get(one.key, {}).items()},
        "place": places.get(one.key),
        "closeness": None if closeness is None else f"{closeness:.4f}",
        "dialogues": list(talks),
    }


def _earlier(asked: Asked) -> list[dict[str, Any]]:
    """What was said to sheets of this round that came back."""
    sheets = asked.round.sheets.exclude(state=State.ON_ITS_WAY).prefetch_related("steps").order_by("pk")
    return [
        {"number": one.number, "state": str(one.get_state_display()), "said": [said(step) for step in one.steps.all()]}
        for one in sheets
    ]


def said(step: SheetStep) -> dict[str, Any]:
    """A step of the way as plain data, with the words of the paper."""
    with translation.override(LANGUAGE):
        words = {"office_words": str(step.get_office_display()), "verdict_words": str(step.get_verdict_display())}
    return bare(step) | words


def bare(step: SheetStep) -> dict[str, Any]:
    """A step without words that a translation could change, as its hash in the history knows it."""
    return {
        "office": step.office,
        "dimensions": step.dimensions,
        "verdict": step.verdict,
        "remark": step.remark,
        "title": step.position_title,
        "person": step.person_name,
        "acting": step.acting,
        "decree": step.decree,
        "on_paper": step.is_on_paper,
        "at": step.created_at.isoformat(),
    }


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frozen:
    """A sheet as it was frozen, read from its text; raises one of UNREADABLE when the text is no sheet any more."""

    content: dict[str, Any]
    decision: dict[str, Any]

    @classmethod
    def of(cls, sheet: DecisionSheet) -> "Frozen":
        """The frozen sheet; its decision is {} until there is one (or one is entered from paper)."""
        return cls(json.loads(sheet.content), json.loads(sheet.decision) if sheet.decision else {})

    @cached_property
    def question(self) -> Question:
        """The question as it was: values and rules."""
        return Question.of_json(self.content["question"])

    @cached_property
    def nominees(self) -> dict[str, dict[str, Any]]:
        """Every nominee by key."""
        return {one["key"]: one for one in self.content["nominees"]}

    @cached_property
    def words(self) -> dict[str, str]:
        """{key of a rule: the rule in words}."""
        return {one["key"]: one["words"] for one in self.content["rules"]}

    @property
    def chosen(self) -> frozenset[str]:
        """The set that was put forward."""
        return frozenset(self.content["set"]["chosen"])

    @property
    def decided(self) -> frozenset[str]:
        """The set that was decided; the one put forward until then."""
        return frozenset(self.decision.get("chosen", self.chosen))

    def in_order(self, keys: Collection[str]) -> list[dict[str, Any]]:
        """Nominees by these keys, as they stand on the sheet."""
        return [one for key, one in self.nominees.items() if key in keys]

    def value(self, key: str) -> int | None:
        """What a nominee is worth, in parts of WHOLE; None without all scores."""
        found: int | None = self.question.values.get(key)
        return found

    def money(self, keys: Collection[str]) -> int:
        """The planned rupiah of these nominees, of all years and sources."""
        return sum(amount for key in keys for _year, _source, amount in self.nominees[key]["money"])

    def cost(self, chosen: Collection[str]) -> dict[str, Any]:
        """What another set costs against the one put forward: value, rules that it breaks, money by year and source."""
        question, value = self.question, self.question.value_of(chosen)
        before, after = self._money(self.chosen), self._money(chosen)
        best = self.content["best"]
        return {
            "value": value,
            "loss": question.value_of(self.chosen) - value,
            "loss_to_best": None if best is None else best["value"] - value,
            "broken": [rule.key for rule in question.broken(chosen)],
            "money_before": sum(before.values()),
            "money_after": sum(after.values()),
            "money": [
                [*key, before.get(key, 0), after.get(key, 0)]
                for key in sorted({*before, *after})
                if before.get(key, 0) != after.get(key, 0)
            ],
        }

    def _money(self, keys: Collection[str]) -> dict[tuple[int, str], int]:
        found: dict[tuple[int, str], int] = defaultdict(int)
        for key in keys:
            for year, source, amount in self.nominees[key]["money"]:
                found[year, source] += amount
        return dict(found)


def points(value: int | None) -> Decimal | None:
    """A value as people read it: the weighted sum, 0 to 4 for each nominee."""
    return None if value is None else (Decimal(value) / WHOLE).quantize(PLACES)


# --- proof ------------------------------------------------------------------------------------------------------------

STATES = {"decide set": State.DECIDED, "send_back": State.RETURNED, "take_back": State.VOID}  # by verb of the history


def verify(sheet: DecisionSheet) -> list[str]:
    """What is not as it was when the sheet was frozen and decided, in sentences; empty when all is sound.

    Texts are compared with their hashes, hashes with the history, steps, quick wins, scores and files with both.
    """
    events = list(Event.objects.about(sheet))  # the newest first
    named = _named_in(events)
    problems = []
    if digest(sheet.content) != sheet.sha256:
        problems.append(_("The stored content of this sheet is not the one that was frozen: its hash differs."))
    if sheet.sha256 != named.get("sha256"):
        problems.append(_("The hash of this sheet is not the one in the history of its freezing."))
    if (sheet.decision_sha256 or "decision_sha256" in named) and sheet.decision_sha256 != named.get("decision_sha256"):
        problems.append(_("The hash of the decision is not the one in the history of the decision."))
    if sheet.decision_sha256 and digest(sheet.content, sheet.decision) != sheet.decision_sha256:
        problems.append(_("The stored decision is not the one that was taken on this content: its hash differs."))
    if sheet.state == State.ON_ITS_WAY and sheet.scan_id is not None and digest(sheet.decision) != named.get("entered"):
        problems.append(_("What was entered from the signed paper is not what the history names."))
    steps = list(sheet.steps.order_by("pk"))
    if [digest(as_text(bare(step))) for step in steps] != _steps_in(events):
        problems.append(_("What the offices said to this sheet is not what the history names."))
    try:
        frozen = Frozen.of(sheet)
        problems += _problems_of_round(sheet, frozen)
        problems += _problems_of_columns(sheet, frozen, events)
    except UNREADABLE:
        problems.append(_("The stored text of this sheet can no longer be read."))
    return problems + _problems_of_files(sheet, named)


def _problems_of_columns(sheet: DecisionSheet, frozen: Frozen, events: Sequence[Event]) -> list[str]:
    """Number, code and state against content and history; who handed a scan in and who confirmed it likewise."""
    problems, about = [], frozen.content["about"]
    if (sheet.number, sheet.code) != (about["number"], about["code"]):
        problems.append(_("Number or code of this sheet are not those that were frozen."))
    state = next((STATES[event.verb] for event in events if event.verb in STATES), State.ON_ITS_WAY)
    if sheet.state != state:
        problems.append(_("The state of this sheet is not the one that the history names."))
    by = {event.verb: event.by_id for event in reversed(events)}
    if (sheet.scanned_by_id and sheet.scanned_by_id != by.get("scan")) or (
        sheet.confirmed_by_id and sheet.confirmed_by_id not in (by.get("decide set"), by.get("send_back"))
    ):
        problems.append(_("Who handed the scan in or confirmed it is not whom the history names."))
    return problems


def _problems_of_round(sheet: DecisionSheet, frozen: Frozen) -> list[str]:
    problems = []
    if sheet.state in (State.ON_ITS_WAY, State.DECIDED):
        now, then = values_of(sheet.round).whole, frozen.question.values
        if any(now.get(key) != value for key, value in then.items()):
            problems.append(_("The scores or weights of the round are no longer those on this sheet."))
    if sheet.state == State.DECIDED:
        rows = QuickWin.objects.filter(round=sheet.round_id)
        if {str(key) for key in rows.values_list("nomination_id", flat=True)} != frozen.decided:
            problems.append(_("The quick wins of this round are not those that were decided."))
    return problems


def _problems_of_files(sheet: DecisionSheet, named: Mapping[str, str]) -> list[str]:
    problems = []
    for column, word in (("pdf", "PDF"), ("word", "Word"), ("scan", _("scan"))):
        stored = getattr(sheet, column)
        if stored is None and column not in named:
            continue
        try:
            if stored is None:
                raise FileNotFoundError  # noqa: TRY301  lost is lost, in the storage or in the row
            with stored.open() as file:
                found = sha256(file.read()).hexdigest()
        except FileNotFoundError:
            problems.append(_("The %(file)s of this sheet is lost from the storage.") % {"file": word})
            continue
        if found != stored.sha256 or stored.sha256 != named.get(column):
            problems.append(
                _("The %(file)s of this sheet is not the one that the history names: its hash differs.")
                % {"file": word}
            )
    return problems


def _named_in(events: Sequence[Event]) -> dict[str, str]:
    """The hashes that the history names last: of content and decision, of what was entered, and of each file.

    A decision asks for files of its own, and a refused scan makes room for another one; what was named before is over.
    """
    found: dict[str, str] = {}
    over: set[str] = set()
    for event in events:
        for name in ("sha256", "decision_sha256", "entered", "pdf", "word", "scan"):
            if name not in found and name not in over and (told := _after(event, name)):
                found[name] = told
        over |= {"decide set": {"pdf", "word"}, "refuse": {"scan", "entered"}}.get(event.verb, set())
    return found


def _steps_in(events: Sequence[Event]) -> list[str]:
    return [one for event in reversed(events) for one in _after(event, "step") or ()]


def _after(event: Event, name: str) -> Any:
    """What a line of history says that something became; None where it says nothing of it."""
    told = event.changes.get(name) if isinstance(event.changes, dict) else None
    return told[1] if isinstance(told, list) and len(told) == 2 else None


def nominations_of(sheet: DecisionSheet, keys: Collection[str]) -> list[Nomination]:
    """The rows of nominees named on a sheet."""
    rows = Nomination.objects.filter(round=sheet.round_id, pk__in=[int(key) for key in keys])
    return list(rows.select_related("innovation__dimension", "innovation__organisation").order_by("pk"))


def weights_for(frozen: Frozen, out: str, into: str) -> dict[str, Decimal] | None:
    """The weights nearest to those of the sheet at which a swap costs no value; None when no weights do."""
    leaves, comes = frozen.nominees[out]["scores"], frozen.nominees[into]["scores"]
    weights = {
        one["key"]: Decimal(one["weight"])
        for one in frozen.content["criteria"]
        if one["key"] in leaves and one["key"] in comes
    }
    differences = {key: Decimal(comes[key]) - Decimal(leaves[key]) for key in weights}
    return weights_that_favour(differences, weights)
