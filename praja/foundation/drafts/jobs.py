"""Housekeeping at night."""

from datetime import timedelta

from django.utils import timezone

from praja.foundation.drafts.middleware import COOKIE_DAYS
from praja.foundation.drafts.models import Draft
from praja.foundation.jobs.progress import Progress


def clear_stranded(_progress: Progress) -> None:
    """Delete what was typed without a session once the cookie that could claim it has ended: it makes room for new."""
    too_old = timezone.now() - timedelta(days=COOKIE_DAYS)
    Draft.objects.filter(kind=Draft.Kind.STRANDED, saved_at__lt=too_old).delete()
