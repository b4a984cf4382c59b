"""Rows of quick wins that the tests need: a round, nominees, a dialogue."""

import datetime

from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins import actions
from praja.stages.quick_wins.models import Dialogue, Nomination, Round
from praja.stages.roadmap.tests.making import accepted


def round_of(country, year=2027, **values):
    """A round of the plan for one year, in the state that `values` say."""
    made = actions.start_round(
        country.plan,
        title=f"Quick win {year}",
        starts_on=datetime.date(year, 1, 1),
        ends_on=datetime.date(year, 12, 31),
        by=country.coordinator,
    )
    Round.objects.filter(pk=made.pk).update(**values) if values else None
    made.refresh_from_db()
    return made


def nominee(country, round_, innovation=None, **values):
    """A nominee of the health agency, with an accepted innovation of its own unless one is given."""
    title = values.pop("title", f"Calon {Innovation.objects.count() + 1}")
    innovation = innovation or accepted(country, title)
    made = actions.nominate(round_, innovation, proposer=Nomination.Proposer.AGENCY, by=country.operator)
    Nomination.objects.filter(pk=made.pk).update(**values) if values else None
    made.refresh_from_db()
    return made


def accepted_at(agency, country, title, **values):
    """An accepted innovation of another agency."""
    innovation = accepted(country, title, **values)
    innovation.organisation = agency
    innovation.save()
    return innovation


def complete(round_):
    """What a nominee states when nothing lacks."""
    return {
        "done": "Antrean daring di lima puskesmas.",
        "responsible": "Kepala Bidang Pelayanan Kesehatan",
        "means": "Dua perancang, server yang ada.",
        "money": "dpa",
        "starts_on": round_.starts_on,
        "finishes_on": round_.ends_on,
    }


def dialogue(country, nomination, **values):
    """A dialogue with residents about a nominee."""
    values = {"held_on": country.plan.today, "people": 40, "created_by": country.operator, **values}
    return Dialogue.objects.create(nomination=nomination, **values)
