"""What people do with strategies, programmes, actions and their money.

Money hangs on an innovation until that has actions: the first action takes it over, the last one gives it back. Whoever
begins, withdraws or shares holds the plan, so that two people at once cannot make two first actions or close a circle.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.evidence.actions import carry_along
from praja.foundation.plans.budget import budget_words
from praja.foundation.plans.models import BudgetLine, Plan, SubDimension, path_of
from praja.foundation.remarks import actions as remarks
from praja.foundation.workflow import withdrawal
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap import circles
from praja.stages.roadmap.action_forms import ActionIdentityForm
from praja.stages.roadmap.figures import is_in_plan
from praja.stages.roadmap.models import Action, Programme, Strategy
from praja.stages.roadmap.numbering import action_words, codes_taken, place_of, proposed_code
from praja.stages.roadmap.strategy_forms import in_no_programme
from praja.stages.roadmap.time_forms import TimeForm

NOT_IN_PLAN = gettext_lazy(
    "An action carries out an innovation that the secretariat has accepted. This one is not in the plan (yet)."
)
Move = tuple[BudgetLine, Action, int, Action | None]  # line, where it stands, rupiah that go elsewhere, where to


def hold(plan: Plan) -> None:
    """Let whoever changes what the whole plan must agree about wait for one another; call it inside a transaction."""
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)


# --- strategies and programmes ----------------------------------------------------------------------------------------


@transaction.atomic
def start_strategy(plan: Plan, *, by: Any, sub_dimension: SubDimension, text: str, target: str = "") -> Strategy:
    """A strategy behind the others of its sub-dimension."""
    hold(plan)
    order = plan.strategies.filter(sub_dimension=sub_dimension).count() + 1
    strategy = Strategy.objects.create(
        plan=plan, sub_dimension=sub_dimension, text=text, target=target, order=order, created_by=by, updated_by=by
    )
    record("start", strategy, by=by, after={"text": text, "target": target})
    return strategy


@transaction.atomic
def start_programme(strategy: Strategy, *, by: Any, title: str) -> Programme:
    """A programme behind the others of its strategy; raises Refused when that was withdrawn meanwhile."""
    hold(strategy.plan)
    strategy.refresh_from_db(fields=["withdrawn_at"])
    if strategy.withdrawn_at is not None:
        raise Refused([_("This strategy was withdrawn meanwhile. Choose another one.")])
    order = strategy.programmes.count() + 1
    programme = Programme.objects.create(
        plan=strategy.plan, strategy=strategy, title=title, order=order, created_by=by, updated_by=by
    )
    record("start", programme, by=by, after={"title": title})
    return programme


def save_strategy(form: EntryForm, *, by: Any, version: int) -> None:
    """Save the page of a strategy; raises TooLate when somebody else saved first."""
    save_entry(form, by=by, version=version)


@transaction.atomic
def save_programme(form: EntryForm, *, by: Any, version: int) -> None:
    """Save the page of a programme; raises TooLate when somebody saved first, or placed an innovation elsewhere."""
    programme = form.instance
    hold(programme.plan)
    chosen = {one.pk for one in form.cleaned_data["innovations"]}
    if chosen - set(in_no_programme(programme.plan, but=programme.pk).values_list("pk", flat=True)):
        raise TooLate
    save_entry(form, by=by, version=version)


@transaction.atomic
def hang(programme: Programme, *, innovations: Iterable[int], by: Any) -> int:
    """Put innovations that stand in no programme below this one; how many were put."""
    hold(programme.plan)
    free = list(in_no_programme(programme.plan).filter(pk__in=list(innovations)))
    if free:
        programme.innovations.add(*free)
        update_if_unchanged(programme, {}, by=by, version=programme.version)
        record("hang", programme, by=by, after={"innovations": sorted(one.title for one in free)})
    return len(free)


@transaction.atomic
def move(row: Strategy | Programme, *, up: bool, by: Any) -> bool:
    """Move a strategy or programme one place up or down among those beside it; False at the end of the list."""
    hold(row.plan)
    beside: Any = (
        row.plan.strategies.filter(sub_dimension=row.sub_dimension_id)
        if isinstance(row, Strategy)
        else Programme.objects.filter(strategy=row.strategy_id)
    )
    rows = list(beside.filter(withdrawn_at=None).order_by("order", "pk"))
    place = next(number for number, one in enumerate(rows) if one.pk == row.pk)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(rows):
        return False
    rows[place], rows[other] = rows[other], rows[place]
    for number, one in enumerate(rows, start=1):
        if one.order != number:
            type(row).objects.filter(pk=one.pk).update(order=number)
    record("reorder", row, by=by, before={"order": place + 1}, after={"order": other + 1})
    return True


@transaction.atomic
def withdraw_strategy(strategy: Strategy, *, by: Any, version: int) -> None:
    """Take a strategy out of the plan; raises Refused while programmes stand below it, TooLate when it was changed."""
    hold(strategy.plan)
    if strategy.programmes.filter(withdrawn_at=None).exists():
        raise Refused([_("Programmes stand below this strategy. Withdraw them first.")])
    withdrawal.withdraw(strategy, by=by, version=version, reason="")


@transaction.atomic
def withdraw_programme(programme: Programme, *, by: Any, version: int) -> None:
    """Take a programme out of the plan; raises Refused while actions stand below it, TooLate when it was changed.

    Its innovations stand in no programme then.
    """
    hold(programme.plan)
    if programme.actions.filter(withdrawn_at=None).exists():
        raise Refused([_("Actions stand below this programme. Move them to another programme first.")])
    withdrawal.withdraw(programme, by=by, version=version, reason="")


# --- actions ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def start(
    plan: Plan,
    *,
    by: Any,
    title: str,
    family: str = "",
    organisation: Organisation | None = None,
    innovation: Innovation | None = None,
    programme: Programme | None = None,
) -> Action:
    """A new action with a code; the first one of an innovation takes its money over. Raises Refused."""
    hold(plan)
    sub_dimension = programme.strategy.sub_dimension if programme else None
    years: dict[str, int | None] = {}
    if innovation is not None:
        innovation = held_innovation(innovation.pk)
        if not is_in_plan(innovation):
            raise Refused([NOT_IN_PLAN])
        sub_dimension = innovation.sub_dimension or sub_dimension
        programme = programme or innovation.programmes.filter(withdrawn_at=None).first()
        years = _years_within(plan, innovation)
    code = proposed_code(plan, sub_dimension)
    action = Action.objects.create(
        plan=plan,
        organisation=organisation,
        innovation=innovation,
        programme=programme,
        sub_dimension=sub_dimension,
        code=code,
        order=place_of(code, sub_dimension),
        title=title,
        family=family,
        **years,
        created_by=by,
        updated_by=by,
    )
    record("start", action, by=by, after={"title": title, "code": action.code, "innovation": innovation})
    if innovation is not None:
        take_money_over(action, innovation, by=by)
    return action


def held_innovation(pk: int) -> Innovation:
    """An innovation whose money nobody else moves meanwhile; call it inside a transaction that holds the plan."""
    rows = Innovation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("plan", "sub_dimension__dimension", "organisation").get(pk=pk)


def _years_within(plan: Plan, innovation: Innovation) -> dict[str, int | None]:
    """The years of the innovation as far as the plan reaches."""
    first, last = innovation.start_year, innovation.end_year
    if plan.years:
        first = max(first, plan.years[0]) if first else None
        last = min(last, plan.years[-1]) if last else None
        if (first and first > plan.years[-1]) or (last and last < plan.years[0]):
            return {}
    return {"start_year": first, "end_year": last} if not first or not last or first <= last else {}


def take_money_over(action: Action, innovation: Innovation, *, by: Any) -> None:
    """Move the money of an innovation to its action, if that is its only one; call it holding the plan."""
    if innovation.actions.filter(withdrawn_at=None).exclude(pk=action.pk).exists():
        return
    lines = innovation.budget_lines.filter(withdrawn_at=None, action=None)
    moved = [budget_words(line) for line in lines]
    _put(lines, action, by=by)
    update_if_unchanged(innovation, {}, by=by, version=innovation.version)
    if moved:
        record("move money", innovation, by=by, after={"money": moved, "action": action_words(action)})


def _put(lines: Any, action: Action | None, *, by: Any) -> None:
    lines.update(action=action, version=F("version") + 1, updated_at=timezone.now(), updated_by=by)


def save(form: EntryForm, *, by: Any, version: int) -> None:
    """Save one page; raises TooLate when somebody saved first, took the code, or closed a circle meanwhile."""
    action = form.instance
    also: dict[str, Any] = {}
    before = action.organisation_path
    if "organisation" in form.cleaned_data:
        also["organisation_path"] = path_of(form.cleaned_data["organisation"], action.plan)
        also["order"] = place_of(form.cleaned_data["code"], form.cleaned_data.get("sub_dimension"))
    with transaction.atomic():
        if isinstance(form, (ActionIdentityForm, TimeForm)):
            hold(action.plan)
            if _is_overtaken(form):
                raise TooLate
        save_entry(form, by=by, version=version, also=also)
        remarks.settle_typed(action, form.data, by=by)
        if action.organisation_path != before:
            carry_along(action)


def _is_overtaken(form: EntryForm) -> bool:
    """Whether what was right when it was checked is not any more."""
    action = form.instance
    if isinstance(form, TimeForm):
        return bool(circles.circle({**circles.needs_of(action.plan), action.pk: form.typed_needs}, action.pk))
    return form.cleaned_data["code"].casefold() in codes_taken(action.plan, but=action.pk)


def why_needed(action: Action) -> list[str]:
    """Why an action cannot be withdrawn, as sentences; [] when nothing needs it."""
    others = Action.objects.filter(dependencies__needs=action, dependencies__withdrawn_at=None, withdrawn_at=None)
    reasons = [
        _("“%(action)s” needs this action first. Change that on its page.") % {"action": action_words(other)}
        for other in others.order_by("order", "pk").distinct()
    ]
    if action.innovation_id and action.budget_lines.filter(withdrawn_at=None).exists():
        beside = Action.objects.filter(innovation=action.innovation_id, withdrawn_at=None).exclude(pk=action.pk)
        if beside.exists():
            reasons.append(_("Money stands at this action. Share it among the other actions of the innovation first."))
    return reasons


@transaction.atomic
def withdraw(action: Action, *, by: Any, version: int, reason: str = "") -> None:
    """Take an action out of the plan; the last one of an innovation gives its money back. Raises Refused, TooLate."""
    hold(action.plan)
    if reasons := why_needed(action):
        raise Refused(reasons)
    withdrawal.withdraw(action, by=by, version=version, reason=reason)
    if action.innovation_id:
        innovation = held_innovation(action.innovation_id)
        lines = action.budget_lines.filter(withdrawn_at=None)
        given = [budget_words(line) for line in lines]
        _put(lines, None, by=by)
        update_if_unchanged(innovation, {}, by=by, version=innovation.version)
        if given:
            record("give money back", innovation, by=by, after={"money": given, "action": action_words(action)})


@transaction.atomic
def bring_back(action: Action, *, by: Any, version: int) -> None:
    """Undo a withdrawal. Raises Refused when its innovation left the plan, TooLate when somebody changed the action.

    A code that another action has by now is replaced; what it needed and has gone meanwhile is not needed any more.
    """
    hold(action.plan)
    innovation = held_innovation(action.innovation_id) if action.innovation_id else None
    if innovation is not None and not is_in_plan(innovation):
        raise Refused([NOT_IN_PLAN])
    code = action.code
    if code and code.casefold() in codes_taken(action.plan, but=action.pk):
        code = proposed_code(action.plan, action.sub_dimension)
    values = {"withdrawn_at": None, "withdrawn_by": None, "code": code}
    before = action.code
    update_if_unchanged(action, values, by=by, version=version)
    record("bring_back", action, by=by, before={"code": before}, after={"code": code})
    now = timezone.now()
    action.dependencies.filter(withdrawn_at=None, needs__withdrawn_at__isnull=False).update(
        withdrawn_at=now, withdrawn_by=by, version=F("version") + 1
    )
    if innovation is not None:
        take_money_over(action, innovation, by=by)


@transaction.atomic
def share_money(innovation: Innovation, moves: Sequence[Move], *, by: Any, version: int) -> None:
    """Move lines of an innovation to other actions of it and split parts off; the sum stays the same.

    Raises TooLate when the innovation, a line or an action has changed since the page was made.
    """
    hold(innovation.plan)
    update_if_unchanged(innovation, {}, by=by, version=version)
    own = innovation.budget_lines.filter(withdrawn_at=None)
    stored = {line.pk: line for line in own.select_for_update(of=("self",)).select_related("action")}
    in_service = set(innovation.actions.filter(withdrawn_at=None).values_list("pk", flat=True))
    total, said = sum(line.amount_rupiah for line in stored.values()), _shares(stored.values())
    touched: set[int] = set()
    for seen, action, part, to in moves:
        line = stored.get(seen.pk)
        targets = {action.pk} | ({to.pk} if to else set())
        if line is None or line.version != seen.version or targets - in_service:
            raise TooLate
        if not 0 <= part < max(line.amount_rupiah, 1) or bool(part) != (to is not None):
            raise ValueError(part)
        if part == 0 and line.action_id == action.pk:
            continue
        touched |= targets | ({line.action_id} if line.action_id else set())
        if to is not None:
            names = ("year", "source", "kind", "stage", "note")
            copied = {name: getattr(line, name) for name in names}
            BudgetLine.objects.create(
                innovation=innovation, action=to, amount_rupiah=part, created_by=by, updated_by=by, **copied
            )
        values = {"action": action, "amount_rupiah": line.amount_rupiah - part}
        update_if_unchanged(line, values, by=by, version=line.version)
    if own.aggregate(sum=Sum("amount_rupiah", default=0))["sum"] != total:
        raise ValueError(total)  # never: each part is taken from where it stood
    # An open money page of an action learns that its lines have changed.
    innovation.actions.filter(pk__in=touched).update(version=F("version") + 1)
    fresh = _shares(own.select_related("action"))
    if fresh != said:
        record("share money", innovation, by=by, before={"money": said}, after={"money": fresh})


def _shares(lines: Iterable[BudgetLine]) -> list[str]:
    return sorted(f"{action_words(line.action) if line.action else '–'}: {budget_words(line)}" for line in lines)


@transaction.atomic
def save_capacity(form: EntryForm, *, by: Any, version: int) -> None:
    """Save what an agency can carry; raises TooLate when somebody else saved first."""
    save_entry(form, by=by, version=version)
