"""The files that people hand in: one row a file handed in, whose content is stored once under its hash."""

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from uuid6 import uuid7

from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import both_or_neither


class StoredFileQuerySet(ReachQuerySet):
    """Files as people ask for them."""

    def present(self) -> "StoredFileQuerySet":
        """The files that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class StoredFile(models.Model):
    """A file as one organisation handed it in. `organisation_path` says whose it is: an agency's or a government's."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=100)  # the media type its bytes show, never the one its sender claims
    name = models.CharField(max_length=150)
    organisation_path = PathField(db_index=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(size_bytes__gt=0), name="stored_file_holds_something"),
            both_or_neither("withdrawn_at", "withdrawn_by", "stored_file_withdrawn_with_person_and_time"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def storage_name(self) -> str:
        """Where the content lies in the storage: equal contents lie in one place."""
        return f"{self.sha256[:2]}/{self.sha256}"

    def open(self) -> File:
        """The content, opened for reading; raises FileNotFoundError when the storage has lost it."""
        return default_storage.open(self.storage_name)
