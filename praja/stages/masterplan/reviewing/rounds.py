"""What is done with review rounds: ask named people for their opinion on a book, answer, remind, close."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from praja.foundation.accounts.models import Membership, Position
from praja.foundation.accounts.reach import under
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.notices.actions import tell
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date
from praja.stages.masterplan.models import Opinion, ReviewRound

ASKED = gettext_noop("Your opinion is asked on “%(title)s” until %(day)s.")
ANSWERED = gettext_noop("%(who)s has answered in the review “%(title)s”.")
LONGEST_OFFICE = 200


def rounds_of(plan: Plan) -> Any:
    """The review rounds of a plan, newest first, each with how many were asked and have answered."""
    given = Count("opinions", filter=Q(opinions__answered_at__isnull=False))
    return plan.review_rounds.filter(withdrawn_at=None).annotate(asked=Count("opinions"), given=given)


def address_of(review: ReviewRound) -> str:
    """The page of a round, where notices lead."""
    return reverse("review", args=[review.plan.slug, review.pk])


def offices_of(users: Collection[Any], plan: Plan) -> dict[int, str]:
    """The office that each account holds in the region today, with its acting status, by the account's key; two queries.

    "Plt. Kepala Dinas Kesehatan"; who acts for an office is named by that first. Who holds none is named by their role.
    """
    people = {user.person_id: user.pk for user in users if user.person_id}
    today = plan.today
    positions = Position.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today),
        under(plan.government.organisation_path, "organisation__path"), person__in=people, withdrawn_at=None,
    )  # fmt: skip
    held: dict[int, list[Position]] = defaultdict(list)
    for position in positions.select_related("organisation").order_by("-is_head", "pk"):
        held[people[position.person_id]].append(position)
    found = {pk: _named(some) for pk, some in held.items()}
    others = [user for user in users if user.pk not in found]
    roles = Membership.objects.current().filter(
        under(plan.government.organisation_path, "organisation__path"), user__in=others
    )
    for membership in roles.select_related("organisation", "for_position", "user").order_by("-pk"):
        found[membership.user_id] = membership.in_words(membership.user)  # the oldest role stands last, and stays
    return found


def _named(positions: list[Position]) -> str:
    """The offices of one person: those that they act for first, each with its organisation where the title lacks it."""
    positions = sorted(positions, key=lambda one: one.acting == Position.Acting.DEFINITIVE)
    names = [
        one.title_in_full if one.organisation.name in one.title else f"{one.title_in_full}, {one.organisation.name}"
        for one in positions
    ]
    return "; ".join(names)[:LONGEST_OFFICE]


@transaction.atomic
def ask(plan: Plan, values: dict[str, Any], users: Sequence[Any], *, by: Any) -> ReviewRound:
    """Begin a round and tell everybody who is asked; it keeps which office each of them holds now."""
    review = ReviewRound.objects.create(plan=plan, created_by=by, updated_by=by, **values)
    review.refresh_from_db(fields=["closes_on"])  # as a day, also where it was typed as text
    offices = offices_of(users, plan)
    Opinion.objects.bulk_create(
        Opinion(round=review, user=user, position_title=offices.get(user.pk, ""), created_by=by, updated_by=by)
        for user in users
    )
    record("ask for opinions", review, by=by, after={"title": review.title, "asked": len(users)})
    told = {"title": review.title, "day": long_date(review.closes_on)}
    tell(users, ASKED, values=told, address=address_of(review))
    return review


@transaction.atomic
def answer(opinion: Opinion, *, verdict: str, text: str, version: int, by: Any) -> None:
    """Give or change an opinion while the round is open; raises TooLate when it was closed or changed meanwhile."""
    review = opinion.round
    still_open = ReviewRound.objects.select_for_update().filter(pk=review.pk, closed_at=None, withdrawn_at=None)
    if not still_open.exists():
        raise TooLate
    first = opinion.answered_at is None
    values = {"verdict": verdict, "text": text, "answered_at": opinion.answered_at or timezone.now()}
    update_if_unchanged(opinion, values, by=by, version=version)
    record("answer", review, by=by, after={"verdict": opinion.get_verdict_display()}, remark=text[:1000])
    asker = review.created_by
    if first and asker is not None and asker.pk != by.pk:
        tell([asker], ANSWERED, values={"who": str(by), "title": review.title}, address=address_of(review))


@transaction.atomic
def close(review: ReviewRound, *, by: Any, version: int) -> None:
    """No more answers after this; raises TooLate when somebody was faster."""
    if review.closed_at is not None:
        raise TooLate
    update_if_unchanged(review, {"closed_at": timezone.now(), "closed_by": by}, by=by, version=version)
    record("close", review, by=by)
