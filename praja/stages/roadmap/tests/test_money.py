"""Money counted once, wherever it stands: at an innovation, at its actions, or at an action without an innovation."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.audit.rows import TooLate
from praja.foundation.plans.models import BudgetLine
from praja.foundation.workflow.models import State
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations import actions as innovation_actions
from praja.stages.innovations import figures as innovation_figures
from praja.stages.innovations.forms import MoneyForm
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import lines as typed_lines
from praja.stages.roadmap import actions, figures
from praja.stages.roadmap.action_forms import ActionMoneyForm
from praja.stages.roadmap.models import Action
from praja.stages.roadmap.share_forms import ShareForm
from praja.stages.roadmap.tests.making import accepted, line, started


def at(innovation):
    """{code of the action or "": rupiah} of an innovation's money."""
    found = {}
    for one in innovation.budget_lines.filter(withdrawn_at=None).select_related("action"):
        code = one.action.code if one.action else ""
        found[code] = found.get(code, 0) + one.amount_rupiah
    return found


def share(country, innovation, **typed):
    innovation.refresh_from_db()
    lines = list(innovation.budget_lines.filter(withdrawn_at=None))
    own = list(innovation.actions.filter(withdrawn_at=None).order_by("code"))
    data = {f"action-{one.pk}": str(one.action_id) for one in lines} | typed
    form = ShareForm(data, lines=lines, actions=own)
    assert form.is_valid(), form.errors
    actions.share_money(innovation, form.moves(), by=country.operator, version=innovation.version)


def test_the_first_action_takes_the_money_over_and_the_last_one_gives_it_back(country):
    innovation = accepted(country, amounts=[7_000, 3_000])
    first = started(country, innovation)
    second = started(country, innovation, title="Melatih petugas")
    assert at(innovation) == {"LIV-1.1": 10_000}
    with pytest.raises(Refused):
        actions.withdraw(first, by=country.operator, version=first.version)
    actions.withdraw(second, by=country.operator, version=second.version)
    actions.withdraw(first, by=country.operator, version=first.version)
    assert at(innovation) == {"": 10_000}
    actions.bring_back(first, by=country.operator, version=first.version)
    assert at(innovation) == {"LIV-1.1": 10_000}


def test_a_part_of_a_line_goes_to_another_action(country):
    innovation = accepted(country, amounts=[10_000])
    first, second = started(country, innovation), started(country, innovation, title="Melatih")
    money = BudgetLine.objects.get()
    share(country, innovation, **{f"amount-{money.pk}": "2.500", f"to-{money.pk}": str(second.pk)})
    assert at(innovation) == {"LIV-1.1": 7_500, "LIV-1.2": 2_500}
    share(country, innovation, **{f"action-{money.pk}": str(second.pk)})
    assert at(innovation) == {"LIV-1.2": 10_000}
    assert Action.objects.get(pk=first.pk).version > first.version


@pytest.mark.parametrize(
    ("part", "to"), [("0", 1), ("10.000", 1), ("-5", 1), ("seribu", 1), ("5", 0), ("5", None), (None, 1)]
)
def test_a_part_that_is_no_part_is_refused_with_a_sentence(country, part, to):
    innovation = accepted(country, amounts=[10_000])
    own = [started(country, innovation), started(country, innovation, title="Melatih")]
    money = BudgetLine.objects.get()
    data = {f"action-{money.pk}": str(own[0].pk), f"amount-{money.pk}": part or ""}
    form = ShareForm({**data, f"to-{money.pk}": str(own[to].pk) if to is not None else ""}, lines=[money], actions=own)
    assert not form.is_valid()


def test_sharing_what_somebody_changed_meanwhile_writes_nothing(country):
    innovation = accepted(country, amounts=[10_000])
    first, second = started(country, innovation), started(country, innovation, title="Melatih")
    innovation.refresh_from_db()
    money = BudgetLine.objects.get()
    BudgetLine.objects.update(amount_rupiah=9_000, version=9)
    with pytest.raises(TooLate):
        actions.share_money(
            innovation, [(money, first, 4_000, second)], by=country.operator, version=innovation.version
        )
    assert at(innovation) == {"LIV-1.1": 9_000}


def test_an_action_keeps_naming_its_innovation_on_new_lines(country):
    innovation = accepted(country)
    action = started(country, innovation)
    data = typed_lines(
        "money", {"year": "2028", "source": "apbn", "kind": "operation", "stage": "rka", "amount_rupiah": "5000"}
    )
    form = ActionMoneyForm(data, instance=action, user=country.operator)
    assert form.is_valid()
    actions.save(form, by=country.operator, version=action.version)
    assert BudgetLine.objects.get().innovation == innovation
    assert figures.money(country.plan).total == 5_000


def test_the_money_page_of_the_innovation_only_shows_what_stands_at_actions(country):
    innovation = accepted(country, amounts=[10_000])
    before = MoneyForm(typed_lines("money"), instance=innovation, user=country.coordinator)
    assert before.is_valid()
    started(country, innovation)
    data = typed_lines(
        "money", {"year": "2028", "source": "apbn", "kind": "operation", "stage": "rka", "amount_rupiah": "5"}
    )
    assert not MoneyForm(data, instance=innovation, user=country.coordinator).is_valid()
    assert MoneyForm(instance=innovation, user=country.coordinator).child_rows == []
    with pytest.raises(TooLate):  # the page was opened before the first action began
        innovation_actions.save(before, by=country.coordinator, version=innovation.version)
    assert at(innovation) == {"LIV-1.1": 10_000}


def test_the_book_counts_innovations_of_the_plan_and_actions_without_one(country):
    innovation = accepted(country, amounts=[1_000])
    started(country, innovation)
    alone = started(country, title="Forum kota cerdas")
    line(200, action=alone)
    line(9_000, innovation=accepted(country, "Draf", state="draft"))
    line(50, action=alone, stage="realised")
    line(70, action=alone, year=2099)
    assert figures.money(country.plan).total == 1_200
    assert figures.money(country.plan).by("organisation") == {(country.health.pk,): 1_200}
    Innovation.objects.filter(pk=innovation.pk).update(state=State.RETURNED)
    assert figures.money(country.plan).total == 200


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["begin", "alone", "pay", "withdraw", "back", "share"]), st.integers(0, 9), st.integers(0, 9)
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_whatever_is_begun_split_moved_and_withdrawn_each_rupiah_counts_once(country, steps):
    undo = transaction.savepoint()
    innovations = [accepted(country, f"Inovasi {number}", amounts=[1_000 + number, 10]) for number in range(2)]
    expected = sum(one.amount_rupiah for one in BudgetLine.objects.all())
    for which, title in ((0, "Aksi satu"), (0, "Aksi dua"), (1, "Aksi tiga")):
        started(country, innovations[which], title=title)
    lost = 0  # money of withdrawn actions that carry out no innovation
    for step, which, other in steps:
        innovation = innovations[which % 2]
        every = list(Action.objects.order_by("pk"))
        action = every[which % len(every)] if every else None
        if step == "begin":
            started(country, innovation, title=f"Aksi {len(every)}")
        elif step == "alone":
            line(500, action=started(country, title=f"Aksi {len(every)}"))
            expected += 500
        elif step == "pay" and action and action.withdrawn_at is None:
            line(7, action=action, innovation=action.innovation)
            expected += 7
        elif step == "withdraw" and action and action.withdrawn_at is None:
            try:
                actions.withdraw(action, by=country.operator, version=action.version)
            except Refused:
                continue
            lost += 0 if action.innovation_id else sum(one.amount_rupiah for one in action.budget_lines.all())
        elif step == "back" and action and action.withdrawn_at:
            actions.bring_back(action, by=country.operator, version=action.version)
            lost -= 0 if action.innovation_id else sum(one.amount_rupiah for one in action.budget_lines.all())
        elif step == "share":
            own = list(innovation.actions.filter(withdrawn_at=None).order_by("pk"))
            money = list(innovation.budget_lines.filter(withdrawn_at=None).exclude(action=None).order_by("pk"))
            if len(own) > 1 and money:
                one, to = money[other % len(money)], own[which % len(own)]
                there = own[(which + 1) % len(own)]
                part = min(other, one.amount_rupiah - 1)
                innovation.refresh_from_db()
                move = (one, there, part, to if part else None)
                actions.share_money(innovation, [move], by=country.operator, version=innovation.version)
        at_both = BudgetLine.objects.filter(innovation__actions__withdrawn_at=None, action=None).distinct()
        assert not at_both.filter(innovation__actions__isnull=False).exists()
        gone = BudgetLine.objects.filter(action__withdrawn_at__isnull=False).exclude(innovation=None)
        assert not gone.exists()
    assert figures.money(country.plan).total == expected - lost
    assert innovation_figures.money(country.plan).total + figures.own_money(country.plan).total == expected - lost
    transaction.savepoint_rollback(undo)
