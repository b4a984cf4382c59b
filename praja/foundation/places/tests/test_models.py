"""What the database promises about places."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from praja.foundation.places.models import Region

pytestmark = pytest.mark.django_db


def test_a_regency_without_a_province_is_refused():
    with pytest.raises(IntegrityError):
        Region.objects.create(code="32.05", kind="regency", name="Kabupaten Garut", time_zone="Asia/Jakarta")


def test_a_region_cannot_end_before_it_begins():
    with pytest.raises(IntegrityError):
        Region.objects.create(
            code="32",
            kind="province",
            name="Jawa Barat",
            time_zone="Asia/Jakarta",
            valid_from=date(2026, 1, 2),
            valid_to=date(2026, 1, 1),
        )


def test_a_region_knows_its_time_zone():
    assert Region(time_zone=Region.TimeZone.WIT).zone == ZoneInfo("Asia/Jayapura")
