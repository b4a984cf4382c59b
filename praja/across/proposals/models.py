"""A proposal sheet with its frozen content, and the rows that stand on it in the version that was printed."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, both_or_neither
from praja.foundation.plans.models import Plan


class ProposalSheet(EditableRow):
    """One paper (Lembar Usulan OPD). `content` is the JSON text whose sha256 is kept; PDF and Word are made from it."""

    class State(models.TextChoices):
        """How far the paper is."""

        PRINTED = "printed", _("Waits for signature")
        SCANNED = "scanned", _("Waits for confirmation")
        CONFIRMED = "confirmed", pgettext_lazy("proposal sheet", "Confirmed")
        REFUSED = "refused", pgettext_lazy("proposal sheet", "Refused")
        VOID = "void", pgettext_lazy("proposal sheet", "Void")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="proposal_sheets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="proposal_sheets")
    organisation_path = PathField()
    number = models.CharField(_("number"), max_length=80)
    code = models.CharField(max_length=12, unique=True)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    arms = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    pdf_pages = models.PositiveIntegerField(default=0)
    total_rupiah = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PRINTED)
    scan = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    scan_pages = models.PositiveIntegerField(null=True)
    scanned_at = models.DateTimeField(null=True)
    scanned_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)  # confirmed, refused or made void
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField(_("reason"), blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["plan", "state", "-id", "organisation_path"], name="proposal_sheets_by_state")]
        constraints = [
            both_or_neither("scanned_at", "scanned_by", "proposal_sheet_scanned_by_and_at"),
            both_or_neither("decided_at", "decided_by", "proposal_sheet_decided_by_and_at"),
            models.CheckConstraint(
                condition=~Q(state__in=("scanned", "confirmed")) | Q(scan__isnull=False, scanned_at__isnull=False),
                name="confirmed_only_with_a_scan",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=models.F("scanned_by")),
                name="confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("refused", "void")) | ~Q(reason=""), name="refused_or_void_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(total_rupiah__gte=0), name="proposal_total_is_not_below_zero"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it still waits for something."""
        return self.state in (self.State.PRINTED, self.State.SCANNED)

    @property
    def takes_scan(self) -> bool:
        """Whether a scan may be handed in: before it is confirmed, and again after it was refused."""
        return self.state in (self.State.PRINTED, self.State.SCANNED, self.State.REFUSED)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency."""
        self.organisation_path = self.organisation.organisation_path
        super().save(*args, **kwargs)


class ProposalRow(models.Model):
    """A problem or an innovation on a sheet, in the version that was printed, and what became of it."""

    class Kind(models.TextChoices):
        """What it is."""

        PROBLEM = "problem", _("Problem")
        INNOVATION = "innovation", _("Innovation")

    class Outcome(models.TextChoices):
        """What the confirmed sheet did to it."""

        APPROVED = "approved", _("Approved")
        LEFT = "left", _("Not approved")

    sheet = models.ForeignKey(ProposalSheet, models.PROTECT, related_name="rows")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    row_id = models.BigIntegerField()
    row_version = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["kind", "row_id"], name="proposal_rows_of_a_row")]
        constraints = [models.UniqueConstraint(fields=["sheet", "kind", "row_id"], name="row_once_on_a_sheet")]

    def __str__(self) -> str:
        return self.title
