"""Rounds with nominees and scores for the tests of scoring, weights and ranking."""

import datetime

from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins.actions import start_round
from praja.stages.quick_wins.models import Criterion, Nomination, Round, Score, ScoreSheet

SHORT = ("benefit", "speed")  # the criteria of a short round


def round_of(country, *, state="scoring", scoring="consensus", keys=SHORT):
    """A round of 2027 with these criteria alone."""
    made = start_round(
        country.plan,
        title="Quick win 2027",
        starts_on=datetime.date(2027, 1, 1),
        ends_on=datetime.date(2027, 12, 31),
        by=country.coordinator,
    )
    made.criteria.exclude(key__in=keys).delete()
    Round.objects.filter(pk=made.pk).update(state=state, scoring=scoring)
    made.refresh_from_db()
    return made


def nominee(country, round_, title, *, agency=None, dimension="living"):
    """A nominee of an agency (the health agency unless another is named)."""
    innovation = Innovation.objects.create(
        plan=country.plan,
        organisation=agency or country.health,
        dimension=country.dimension(dimension) if dimension else None,
        title=title,
        state="accepted" if dimension else "draft",
    )
    return Nomination.objects.create(round=round_, innovation=innovation, proposer="agency")


def sheet_of(country, round_, *, dimension="living", scorer=None, **values):
    """The sheet of a working group, or of a blind scorer."""
    place = None if scorer else country.dimension(dimension)
    return ScoreSheet.objects.create(round=round_, dimension=place, scorer=scorer, **values)


def give(sheet, nomination, *values):
    """Scores of one nominee under the criteria of the round, in their order; None leaves one out."""
    criteria = Criterion.objects.filter(round=sheet.round, kind="scored", withdrawn_at=None)
    for criterion, value in zip(criteria, values, strict=True):
        if value is not None:
            Score.objects.create(sheet=sheet, nomination=nomination, criterion=criterion, value=value)


def posted(sheet, nomination, *values, **more):
    """What the page of a sheet sends for one nominee."""
    criteria = Criterion.objects.filter(round=sheet.round, kind="scored", withdrawn_at=None)
    cells = {
        f"score-{nomination.pk}-{one.pk}": "" if value is None else str(value)
        for one, value in zip(criteria, values, strict=True)
    }
    return {"version": sheet.version, **cells, **more}
