"""Housekeeping at night."""

from django.core.management import call_command
from django.utils import timezone

from praja.foundation.accounts import acting
from praja.foundation.accounts.models import CacheEntry
from praja.foundation.jobs.progress import Progress


def clear_sessions(_progress: Progress) -> None:
    """Delete the sessions that have ended, and counts of wrong passwords that no longer matter."""
    call_command("clearsessions")
    CacheEntry.objects.filter(expires__lt=timezone.now()).delete()


def end_acting(_progress: Progress) -> None:
    """End the acting times that are over, so that papers name the holder of the office again."""
    acting.end_those_that_are_over()
