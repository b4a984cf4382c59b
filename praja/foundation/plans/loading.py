"""Loads reference data of plans: dimension sets and affairs, from praja/data; may run again and again."""

import csv
import tomllib

from django.conf import settings
from django.db import transaction

from praja.foundation.accounts.models import Affair
from praja.foundation.plans.models import Dimension, DimensionSet, SubDimension

DATA = settings.PACKAGE / "data"


@transaction.atomic
def load_dimension_sets() -> int:
    """Store every set of praja/data/dimensions; returns how many there are."""
    files = sorted((DATA / "dimensions").glob("*.toml"))
    for file in files:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        one_set, _ = DimensionSet.objects.update_or_create(
            key=content["key"],
            defaults={key: content[key] for key in ("names", "source", "origin", "is_default")},
        )
        for order, row in enumerate(content["dimension"], start=1):
            dimension, _ = Dimension.objects.update_or_create(
                set=one_set,
                key=row["key"],
                defaults={"names": row["names"], "order": order, "aliases": row["aliases"]},
            )
            for position, sub in enumerate(row["sub"], start=1):
                SubDimension.objects.update_or_create(
                    dimension=dimension,
                    key=sub["key"],
                    defaults={"names": sub["names"], "order": position, "aliases": sub["aliases"]},
                )
    return len(files)


@transaction.atomic
def load_affairs() -> int:
    """Store the government affairs of praja/data/affairs.csv; returns how many there are."""
    with (DATA / "affairs.csv").open(encoding="utf-8", newline="") as file:
        affairs = [Affair(code=row["code"], name=row["name"]) for row in csv.DictReader(file)]
    Affair.objects.bulk_create(affairs, update_conflicts=True, unique_fields=["code"], update_fields=["name"])
    return len(affairs)
