"""Reminding those who were asked for an opinion and have not answered: by the day, and by hand."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from praja.foundation.audit.actions import record
from praja.foundation.audit.models import Event
from praja.foundation.notices.actions import tell
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan.models import Opinion, ReviewRound
from praja.stages.masterplan.reviewing.rounds import address_of

VERB = "remind reviewers"
SOON, TODAY, LATE, BY_HAND = "soon", "today", "late", "by hand"
DAYS_BEFORE = 3
WORDS = {
    SOON: gettext_noop("Your opinion on “%(title)s” is awaited until %(day)s."),
    TODAY: gettext_noop("Today is the last day for your opinion on “%(title)s”."),
    LATE: gettext_noop("Your opinion on “%(title)s” was awaited until %(day)s. It can be given until the round is closed."),
    BY_HAND: gettext_noop("A reminder: your opinion on “%(title)s” is awaited until %(day)s."),
}  # fmt: skip
MISSING = gettext_noop("The last day of the review “%(title)s” has passed: %(missing)s of %(asked)s have not answered.")


def waiting_for(review: ReviewRound) -> list[Any]:
    """The accounts that have not answered yet and can still sign in."""
    open_ones = review.opinions.filter(answered_at=None, user__is_active=True).select_related("user__person")
    return [opinion.user for opinion in open_ones]


@transaction.atomic
def remind(review: ReviewRound, *, by: Any) -> int:
    """Remind those who have not answered, at most once a day; answers how many. Raises Refused with a sentence."""
    missing = waiting_for(review)
    if review.closed_at is not None or not missing:
        raise Refused([_("Nobody has to be reminded: the round is closed, or all have answered.")])
    lately = Event.objects.about(review).filter(verb=VERB, at__gt=timezone.now() - timedelta(days=1))
    if lately.filter(changes__when__1=BY_HAND).exists():
        raise Refused([_("They were reminded less than a day ago. Give them a little time, or call them.")])
    _tell(review, missing, BY_HAND, by=by)
    return len(missing)


def remind_by_the_day() -> int:
    """Remind in all open rounds whose day is near, has come or has passed, each of the three once; answers how many were told."""
    reviews = ReviewRound.objects.filter(closed_at=None, withdrawn_at=None).select_related(
        "plan__government__region", "created_by"
    )
    told = 0
    for review in reviews:
        when = _occasion(review)
        if not when or Event.objects.about(review).filter(verb=VERB, changes__when__1=when).exists():
            continue
        missing = waiting_for(review)
        if not missing:
            continue
        _tell(review, missing, when, by=None)
        told += len(missing)
        if when == LATE and review.created_by is not None:
            asked = Opinion.objects.filter(round=review).count()
            values = {"title": review.title, "missing": len(missing), "asked": asked}
            tell([review.created_by], MISSING, values=values, address=address_of(review))
    return told


def _occasion(review: ReviewRound) -> str:
    """Which reminder is due today in the region; none on the day on which they were asked."""
    today = review.plan.today
    left = (review.closes_on - today).days
    if left < 0:
        return LATE
    if timezone.localtime(review.created_at, review.plan.time_zone).date() >= today:
        return ""
    return TODAY if left == 0 else SOON if left <= DAYS_BEFORE else ""


def _tell(review: ReviewRound, users: list[Any], when: str, *, by: Any) -> None:
    values = {"title": review.title, "day": long_date(review.closes_on)}
    tell(users, WORDS[when], values=values, address=address_of(review))
    record(VERB, review, by=by, after={"when": when, "told": len(users)})
