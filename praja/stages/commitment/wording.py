"""The words of a commitment: those of the template, until a region writes its own."""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings

from praja.foundation.plans.models import Plan

LANGUAGE = "id"  # of the paper, whatever the reader's pages are in
FIELDS = ("considerations", "legal_bases", "points")


def template_for(plan: Plan) -> dict[str, str]:
    """The texts of the template for this plan, one line each, by the names of the commitment's columns."""
    region = plan.government.region
    names = {
        "plan": plan.title,
        "region": region.name if region else plan.government.name,
        "years": "–".join(str(year) for year in (plan.years[0], plan.years[-1])) if plan.years else "",
    }
    return {field: "\n".join(line.format(**names) for line in _template()[field]) for field in FIELDS}


def lines_of(text: str) -> list[str]:
    """The lines of a text that say anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@cache
def _template() -> dict[str, Any]:
    return tomllib.loads((settings.PACKAGE / "data" / "commitment" / "template.toml").read_text())
