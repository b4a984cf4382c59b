"""Rounds with scored nominees and rules, for tests of the choice."""

import datetime

from praja.foundation.plans.models import BudgetLine
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins.actions import start_round
from praja.stages.quick_wins.models import Nomination, Round, Score, ScoreSheet, SelectionRule


def a_round(country, state=Round.State.CHOOSING):
    """A round of the plan, in the state where sets are chosen."""
    made = start_round(
        country.plan,
        title="Quick win 2027",
        starts_on=datetime.date(2027, 1, 1),
        ends_on=datetime.date(2027, 12, 31),
        by=country.coordinator,
    )
    Round.objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db()
    for order, one in enumerate(made.criteria.filter(kind="scored")):
        type(one).objects.filter(pk=one.pk).update(weight="1" if order < 2 else "0")  # two criteria count
    SelectionRule.objects.filter(round=made).delete()
    return made


def nominee(round_, title, *, scores, dimension="living", agency=None, rupiah=0, country=None, **values):
    """A nominee with scores under the two criteria that count, and its money in 2027 from the regional budget."""
    by = country.coordinator
    own = country.dimension(dimension)
    innovation = Innovation.objects.create(
        plan=round_.plan, organisation=agency or country.health, dimension=own, title=title, state="accepted",
        is_it=values.pop("is_it", False), created_by=by, updated_by=by,
    )  # fmt: skip
    if rupiah:
        BudgetLine.objects.create(
            innovation=innovation, year=2027, source="apbd_region", kind="operation", amount_rupiah=rupiah,
            created_by=by, updated_by=by,
        )  # fmt: skip
    made = Nomination.objects.create(
        round=round_, innovation=innovation, proposer="coordinator", created_by=by, updated_by=by, **values
    )
    if scores is not None:
        sheet, _new = ScoreSheet.objects.get_or_create(
            round=round_, dimension=own, scorer=None, defaults={"created_by": by, "updated_by": by}
        )
        for criterion, value in zip(round_.criteria.filter(kind="scored"), scores, strict=False):
            Score.objects.create(
                sheet=sheet, nomination=made, criterion=criterion, value=value, created_by=by, updated_by=by
            )
    return made


def rule(round_, kind, *, by, **values):
    """A rule of the round."""
    return SelectionRule.objects.create(round=round_, kind=kind, created_by=by, updated_by=by, **values)


def small_round(country):
    """Three nominees of which two fit into the money: (round, the dear best one, the two others, the rules)."""
    round_ = a_round(country)
    dear = nominee(round_, "Puskesmas daring", scores=(4, 4), rupiah=900, country=country)
    first = nominee(round_, "Antrean daring", scores=(3, 3), rupiah=500, country=country)
    second = nominee(
        round_,
        "Halte pintar",
        scores=(3, 2),
        rupiah=400,
        country=country,
        dimension="society",
        agency=country.transport,
    )
    money = rule(round_, "budget", by=country.coordinator, year=2027, rupiah=1000)
    return round_, dear, first, second, money
