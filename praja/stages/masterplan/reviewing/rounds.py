"""What is done with review rounds: ask named people for their opinion on a book, answer, close."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.notices.actions import tell
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date
from praja.stages.masterplan.models import Opinion, ReviewRound

ASKED = gettext_noop("Your opinion is asked on “%(title)s” until %(day)s.")
ANSWERED = gettext_noop("%(who)s has answered in the review “%(title)s”.")


def rounds_of(plan: Plan) -> Any:
    """The review rounds of a plan, newest first, each with how many were asked and have answered."""
    given = Count("opinions", filter=Q(opinions__answered_at__isnull=False))
    return plan.review_rounds.filter(withdrawn_at=None).annotate(asked=Count("opinions"), given=given)


def title_of(user: Any) -> str:
    """The office or role that a person holds now, as the round keeps it."""
    return str(user.acting_as)[:200]


@transaction.atomic
def ask(plan: Plan, values: dict[str, Any], users: Sequence[Any], *, by: Any, address: str) -> ReviewRound:
    """Begin a round and tell everybody who is asked. `address`: of a round, with 0 for its key."""
    review = ReviewRound.objects.create(plan=plan, created_by=by, updated_by=by, **values)
    review = ReviewRound.objects.get(pk=review.pk)
    Opinion.objects.bulk_create(
        Opinion(round=review, user=user, position_title=title_of(user), created_by=by, updated_by=by) for user in users
    )
    record("ask", review, by=by, after={"title": review.title, "people": [str(user) for user in users]})
    told = {"title": review.title, "day": long_date(review.closes_on)}
    tell(users, ASKED, values=told, address=address.replace("/0/", f"/{review.pk}/"))
    return review


@transaction.atomic
def answer(opinion: Opinion, *, verdict: str, text: str, version: int, by: Any, address: str) -> None:
    """Give or change an opinion while the round is open; raises TooLate when it was closed or changed meanwhile."""
    if opinion.round.closed_at is not None:
        raise TooLate
    first = opinion.answered_at is None
    values = {"verdict": verdict, "text": text, "answered_at": opinion.answered_at or timezone.now()}
    update_if_unchanged(opinion, values, by=by, version=version)
    record("answer", opinion.round, by=by, after={"verdict": opinion.get_verdict_display()}, remark=text[:1000])
    asker = opinion.round.created_by
    if first and asker is not None and asker.pk != by.pk:
        tell([asker], ANSWERED, values={"who": str(by), "title": opinion.round.title}, address=address)


@transaction.atomic
def close(review: ReviewRound, *, by: Any, version: int) -> None:
    """No more answers after this; raises TooLate when somebody was faster."""
    if review.closed_at is not None:
        raise TooLate
    update_if_unchanged(review, {"closed_at": timezone.now(), "closed_by": by}, by=by, version=version)
    record("close", review, by=by)
