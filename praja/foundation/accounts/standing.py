"""An office as papers name it with its person, and who held it on a day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from praja.foundation.accounts.models import Organisation, Position


@dataclass(frozen=True)
class Standing:
    """A person in an office, as papers name both."""

    title: str
    person: str
    acting: str = Position.Acting.DEFINITIVE
    decree: str = ""

    @property
    def title_in_full(self) -> str:
        """The title with its acting status: "Plt. Bupati Contoh"."""
        return (
            self.title
            if self.acting == Position.Acting.DEFINITIVE
            else f"{Position.Acting(self.acting).label} {self.title}"
        )


def is_held(position: Position, day: datetime.date) -> bool:
    """Whether the office is held on this day."""
    return (position.starts_on is None or position.starts_on <= day) and (
        position.ends_on is None or position.ends_on >= day
    )


def held_on(
    positions: QuerySet[Position] | Iterable[Position], day: datetime.date, zone: ZoneInfo | datetime.tzinfo
) -> list[Position]:
    """Those of the offices that had a person on this day; `zone` is the region's.

    An acting time that is over is withdrawn; for a day before that it counts.
    """
    return [
        one
        for one in positions
        if one.person_id is not None
        and is_held(one, day)
        and (one.withdrawn_at is None or timezone.localdate(one.withdrawn_at, zone) > day)
    ]


def is_one_with_others(position: Position) -> bool:
    """Whether another row of the same title may be the same office: not at the ministry, where regions enter witnesses."""
    return position.is_head or position.organisation.kind != Organisation.Kind.MINISTRY


def same_office(position: Position) -> Q:
    """The rows of one office whoever holds it: all that head the organisation, else those of the same title there.

    Of the ministry each row stands for itself: every region enters there who witnesses its signings.
    """
    if not is_one_with_others(position):
        return Q(pk=position.pk)
    same = Q(pk=position.pk) | Q(is_head=False, title__iexact=position.title)
    return Q(organisation=position.organisation_id) & (Q(is_head=True) if position.is_head else same)
