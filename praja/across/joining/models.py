"""What was decided about rows that say the same, and rows on their way to another agency with the word of both."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import PathField, ReachQuerySet, within
from praja.foundation.audit.rows import EditableRow
from praja.foundation.plans.models import Plan

KINDS = [("problem", _("Problem")), ("innovation", _("Innovation"))]
VIEW = {"problem": Can.PROBLEM_VIEW, "innovation": Can.INNOVATION_VIEW}


class KeptApart(EditableRow):
    """Two rows that look alike and stay two, with the reason and what they said then."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    organisation_path = PathField()
    kind = models.CharField(max_length=10, choices=KINDS)
    first_id = models.BigIntegerField()  # the smaller key
    second_id = models.BigIntegerField()
    reason = models.TextField()
    # What was compared: a pair comes back only when one of the two says something else by now.
    first_version = models.PositiveIntegerField()
    second_version = models.PositiveIntegerField()
    first_text = models.TextField()
    second_text = models.TextField()

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "first_id", "second_id"],
                condition=Q(withdrawn_at=None),
                name="pair_kept_apart_once",
            ),
            models.CheckConstraint(condition=Q(first_id__lt=models.F("second_id")), name="pair_kept_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_id}, {self.second_id}"


class TransferQuerySet(ReachQuerySet):
    """Questions to what changes hands."""

    def reached_by(self, user: Any) -> "TransferQuerySet":
        """What this person may read: in their region, or as one of the two agencies."""
        found = Q(pk__in=[])
        for kind, permission in VIEW.items():
            paths = user.paths_for(permission)
            reach = within(paths) | within(paths, "giving__path") | within(paths, "receiving__path")
            found |= Q(kind=kind) & reach
        return self.filter(found)

    def open(self) -> "TransferQuerySet":
        """Not decided yet."""
        return self.filter(state=Transfer.State.OPEN)

    def awaiting(self, organisation: Organisation) -> "TransferQuerySet":
        """Open ones on which this agency has not said anything yet."""
        involved = Q(giving=organisation) | Q(receiving=organisation)
        return self.open().filter(involved).exclude(consents__organisation=organisation).distinct()


class Transfer(EditableRow):
    """A row that is to change hands, or to be joined into another one; carried out when every agency concerned agreed."""

    class What(models.TextChoices):
        """What is asked for."""

        MOVE = "move", _("Give to another agency")
        JOIN = "join", _("Join two rows")

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Waits for consent")
        DONE = "done", _("Carried out")
        DECLINED = "declined", pgettext_lazy("transfer", "Declined")
        TAKEN_BACK = "taken_back", _("Taken back")
        LAPSED = "lapsed", _("Lapsed: the row has moved on")
        UNDONE = "undone", _("Undone")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="transfers")
    organisation_path = PathField(db_index=True)  # of the region
    what = models.CharField(max_length=5, choices=What.choices)
    kind = models.CharField(max_length=10, choices=KINDS)
    row_id = models.BigIntegerField()  # the row that moves, or that goes into the other
    into_id = models.BigIntegerField(null=True)  # the row that stays, when two are joined
    title = models.CharField(max_length=300)  # as it was proposed, for lists
    giving = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    receiving = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    taken_over = models.JSONField(default=list)  # names of what the row that stays takes from the other
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    undo = models.JSONField(default=dict)  # what has to be put back when a joining is undone

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["plan", "state", "-id"], name="transfer_by_state"),
            models.Index(fields=["kind", "row_id"], name="transfer_by_row"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "row_id"], condition=Q(state="open"), name="row_changes_hands_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(what="join", into_id__isnull=False)
                | Q(what="move", into_id__isnull=True, giving__isnull=False, receiving__isnull=False),
                name="transfer_says_from_where_to_where",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.title}"

    @property
    def is_join(self) -> bool:
        """Whether two rows become one."""
        return self.what == self.What.JOIN

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.state == self.State.OPEN

    @property
    def agencies(self) -> list[Organisation]:
        """The agencies whose word is needed, each once."""
        return list(dict.fromkeys(one for one in (self.giving, self.receiving) if one))


class Consent(EditableRow):
    """The word of one agency about one transfer, in the page or recorded from paper or a meeting."""

    class Manner(models.TextChoices):
        """How it was given."""

        SIGNED_IN = "signed_in", _("In Praja")
        PAPER = "paper", _("On paper")
        MEETING = "meeting", _("In a meeting")

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    manner = models.CharField(max_length=10, choices=Manner.choices, default=Manner.SIGNED_IN)
    by_head = models.BooleanField(default=False)  # the head of the agency said so, in person or on signed paper
    note = models.TextField(blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["transfer", "organisation"], name="one_word_of_each_agency"),
            models.CheckConstraint(
                condition=Q(manner="signed_in", agrees=True) | ~Q(note=""), name="consent_on_paper_says_which"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.agrees}"
