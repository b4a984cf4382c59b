"""What a person is told in the page."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Notice(models.Model):
    """One message to one account, with the address of the row it speaks of."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    text = models.CharField(max_length=400)
    address = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["user", "read_at", "-id"], name="notice_by_user")]

    def __str__(self) -> str:
        return self.text
