"""The handing over of one role: from whom to whom, and the sheet that was accepted."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from praja.foundation.accounts.models import Membership, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import PathField, ReachQuerySet, within
from praja.foundation.audit.rows import EditableRow
from praja.foundation.plans.models import Plan


class HandoverQuerySet(ReachQuerySet):
    """Questions to the handovers."""

    def open(self) -> Self:
        """Neither accepted nor called off."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def seen_by(self, user: Any) -> Self:
        """Those of whoever leaves, of whoever takes on, and of who looks after the people there."""
        mine = Q(membership__user=user) | Q(successor=user)
        return self.filter(mine | within(user.paths_for(Can.PEOPLE_INVITE)))


class Handover(EditableRow):
    """A role on its way from one account to another; `sheet` is the paper (as JSON) that the successor accepted.

    `kept_drafts`: keys of drafts that stand beside typed text of the successor on the same page.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="handovers")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="handovers")
    successor = models.ForeignKey(User, models.PROTECT, related_name="handovers_to")
    organisation_path = PathField(db_index=True)
    note = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True)
    sheet = models.TextField(blank=True)
    kept_drafts = models.JSONField(default=list)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="a_role_is_handed_over_to_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.successor_id}"

    @property
    def leaver(self) -> User:
        """Who hands over."""
        return self.membership.user

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the successor."""
        return self.accepted_at is None and self.withdrawn_at is None

    @property
    def day(self) -> Any:
        """The day of the paper: that of acceptance, before it today."""
        return timezone.localdate(self.accepted_at) if self.accepted_at else timezone.localdate()
