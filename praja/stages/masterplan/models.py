"""The files made of a book, each with the fingerprint of the content it was made from."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.models import Plan


class BookFile(models.Model):
    """A book as a file. `fingerprint` is the hash of its content without the date: equal ones read the same."""

    class Kind(models.TextChoices):
        """What it can be made as; the keys of the renderers."""

        PDF = "pdf", "PDF"
        WORD = "word", _("Word")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="book_files")
    organisation_path = PathField(db_index=True)
    book = models.CharField(max_length=30)  # a key of books.toml
    kind = models.CharField(max_length=6, choices=Kind.choices)
    fingerprint = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.book} {self.kind} {self.plan_id}"
