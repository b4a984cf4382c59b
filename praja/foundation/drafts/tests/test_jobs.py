"""Stranded forms wait as long as their cookie, and no longer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from praja.foundation.drafts.jobs import clear_stranded
from praja.foundation.drafts.models import Draft

pytestmark = pytest.mark.django_db


def kept(kind, days, user=None):
    """A draft that was saved so many days ago."""
    saved_at = timezone.now() - timedelta(days=days)
    return Draft.objects.create(kind=kind, user=user, address="/", values={"title": ["Antre"]}, saved_at=saved_at)


def test_a_stranded_form_goes_when_nobody_can_claim_it_any_more():
    kept(Draft.Kind.STRANDED, 8)
    fresh = kept(Draft.Kind.STRANDED, 6)
    clear_stranded(None)
    assert list(Draft.objects.all()) == [fresh]


def test_what_an_account_typed_stays_however_old_it_is(country):
    typed = kept(Draft.Kind.TYPED, 400, country.operator)
    conflict = kept(Draft.Kind.CONFLICT, 400, country.operator)
    clear_stranded(None)
    assert set(Draft.objects.all()) == {typed, conflict}
