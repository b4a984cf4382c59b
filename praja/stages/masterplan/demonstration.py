"""Fills the texts of the demonstration's books, as if people had written them."""

import tomllib
from typing import Any

from django.conf import settings
from django.db import transaction

from praja.foundation.plans.models import Plan
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.texts.markup import read
from praja.stages.masterplan.texts.narratives import validated
from praja.stages.masterplan.texts.writing import narrative_of, save

FILE = settings.PACKAGE / "data" / "demo" / "texts.toml"


@transaction.atomic
def fill(plan: Plan, by: Any) -> None:
    """Every text of praja/data/demo/texts.toml, unless somebody has written in the plan's books already."""
    if Narrative.objects.filter(plan=plan).exists():
        return
    with FILE.open("rb") as file:
        rows = tomllib.load(file)["text"]
    for row in rows:
        narrative = narrative_of(plan, row["book"], row["key"])
        save(narrative, validated(read(row["text"].strip())), by=by, version=narrative.version)
