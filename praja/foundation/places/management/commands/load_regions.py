"""`praja load_regions`: bring the region codes into the database (`praja serve` does it by itself)."""

from typing import Any

from django.core.management.base import BaseCommand

from praja.foundation.places.loading import load_regions


class Command(BaseCommand):
    """Loads regions and districts; running it twice changes nothing."""

    help = "Load provinces, regencies, cities and districts from praja/data."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load and say how many rows were new or changed."""
        self.stdout.write(f"{load_regions()} regions and districts new or changed")
