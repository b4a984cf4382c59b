"""A file or a link that proves something, pointed at by rows of any stage."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow


class EvidenceQuerySet(ReachQuerySet):
    """Questions to the evidence."""

    def about(self, row: models.Model) -> "EvidenceQuerySet":
        """The evidence of one row."""
        return self.filter(subject=row._meta.label_lower, subject_id=row.pk, withdrawn_at=None).order_by("pk")


class Evidence(EditableRow):
    """A file or a link with what it is, who issued it, its number and date."""

    class Kind(models.TextChoices):
        """What sort of proof."""

        REGULATION = "regulation", _("Regulation or decree")
        BUDGET = "budget", _("Budget document")
        AGREEMENT = "agreement", _("Agreement")
        REPORT = "report", _("Report")
        PHOTO = "photo", _("Photo or film")
        OTHER = "other", _("Other")

    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    organisation_path = PathField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    title = models.CharField(max_length=200)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    link = models.URLField(max_length=500, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=100, blank=True)
    dated_on = models.DateField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id", "id"], name="evidence_by_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(link=""), name="evidence_is_a_file_or_a_link")
        ]

    def __str__(self) -> str:
        return self.title
