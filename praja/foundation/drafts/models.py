"""What somebody typed into a form and has not saved: kept by itself, after a conflict, or when the session had died."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """The values of one form as typed (field name to list of texts)."""

    class Kind(models.TextChoices):
        """Why it was kept."""

        TYPED = "typed", _("Saved by itself while typing")
        CONFLICT = "conflict", _("Kept because somebody else saved first")
        STRANDED = "stranded", _("Kept because the session had ended")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TYPED)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="drafts")
    token = models.CharField(max_length=64, blank=True)  # whoever sent a stranded form; in their cookie
    address = models.CharField(max_length=300)  # the page of the form, which names row and section
    base_version = models.PositiveIntegerField(null=True)
    values = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "address"], condition=Q(kind="typed"), name="one_typed_draft_for_each_page"
            )
        ]
        indexes = [models.Index(fields=["user", "address", "-id"], name="draft_by_page")]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"
