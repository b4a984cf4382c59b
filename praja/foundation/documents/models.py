"""Editions: any document frozen as blocks with its hash, and the files that were made of exactly that."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow


class Edition(EditableRow):
    """A frozen document. `content` is the JSON text whose sha256 is kept; PDF and Word are made from it and kept too.

    Of slides `word` keeps the PowerPoint file.
    """

    class Status(models.TextChoices):
        """How binding it is."""

        DRAFT = "draft", _("Draft of the workshop")
        FINAL = "final", pgettext_lazy("edition", "Final")
        ENACTED = "enacted", pgettext_lazy("edition", "Enacted")
        AMENDED = "amended", pgettext_lazy("edition", "Amended")
        REVOKED = "revoked", pgettext_lazy("edition", "Revoked")

    subject = models.CharField(max_length=60)  # what it is an edition of, such as "plans.plan"
    subject_id = models.BigIntegerField()
    document = models.CharField(max_length=30)  # which of its documents, such as a key of books.toml
    organisation_path = PathField(db_index=True)
    number = models.PositiveSmallIntegerField(_("edition"))
    title = models.CharField(_("title"), max_length=300)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.DRAFT)
    dated_on = models.DateField(_("date"))
    reason = models.TextField(_("reason"), blank=True)
    content = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    made_with = models.JSONField(default=dict, editable=False)  # renderer -> version, when the files were made
    pdf = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    word = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["subject", "subject_id", "document", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=~Q(status__in=("amended", "revoked")) | ~Q(reason=""), name="amended_or_revoked_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
