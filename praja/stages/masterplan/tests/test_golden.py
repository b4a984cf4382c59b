"""What stands in every book of a small region, block by block: kinds, keys and numbers as they were looked through once.

Words are left out, because the catalogue may word them better. When a book is meant to change, run this module with
GOLDEN=write and look through what changed in the folder `golden`.
"""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from praja.foundation.documents.blocks import Chart, DimensionPage, Heading, Missing, Table
from praja.foundation.documents.slides import slides_of
from praja.foundation.plans.models import BudgetLine
from praja.stages.analysis.models import Gap, Mission, MissionGoal, SwotItem
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.actions import book_document, composed
from praja.stages.masterplan.contents.composing import WRITERS
from praja.stages.masterplan.outlines.books import book_of
from praja.stages.problems.models import Cause, Problem
from praja.stages.roadmap.models import Action, Programme, Strategy

GOLDEN = Path(__file__).parent / "golden"
KEYS_OF_ROWS = re.compile(r"\b(inovasi|anggaran|indikator|quick-win|mitra|risiko|bulan|matriks-risiko)-\d+")


@pytest.fixture
def region(country):
    """One of everything that books print: a problem, an innovation with money, SWOT, gap, mission, strategy, action,
    and an action with money that carries out no innovation."""
    plan, dimension = country.plan, country.dimension("living")
    sub = dimension.sub_dimensions.first()
    problem = Problem.objects.create(
        plan=plan, organisation=country.health, dimension=dimension, sub_dimension=sub, title="Balita kurang gizi",
        urgency=5, seriousness=4, growth=3, state="accepted",
    )  # fmt: skip
    Cause.objects.create(problem=problem, text="Lauk mahal", kind="budget")
    innovation = Innovation.objects.create(
        plan=plan, organisation=country.health, dimension=dimension, sub_dimension=sub, title="Piring Pesisir",
        summary="Dapur warga", is_it=False, horizon="short", state="accepted",
    )  # fmt: skip
    SwotItem.objects.create(plan=plan, dimension=dimension, kind="strength", text="Kader aktif")
    Gap.objects.create(plan=plan, sub_dimension=sub, element="Gizi", now_level=1, wanted_level=4, wanted_year=2030)
    mission = Mission.objects.create(plan=plan, text="Warga sehat")
    MissionGoal.objects.create(mission=mission, text="Gizi cukup", target="Tidak ada balita kurang gizi")
    strategy = Strategy.objects.create(plan=plan, sub_dimension=sub, text="Dapur di setiap desa")
    programme = Programme.objects.create(plan=plan, strategy=strategy, title="Desa Bergizi")
    programme.innovations.add(innovation)
    action = Action.objects.create(
        plan=plan, organisation=country.health, innovation=innovation, programme=programme, sub_dimension=sub,
        code="LIV-1", title="Membuka dapur", family="people", start_year=2026, end_year=2027,
    )  # fmt: skip
    for year in (2026, 2027):
        BudgetLine.objects.create(
            innovation=innovation, action=action, year=year, source="dak", amount_rupiah=year * 1000
        )
    alone = Action.objects.create(
        plan=plan, organisation=country.transport, sub_dimension=country.dimension("economy").sub_dimensions.first(),
        code="ECO-1", title="Forum pasar", family="literacy", start_year=2028,
    )  # fmt: skip
    BudgetLine.objects.create(action=alone, year=2028, source="apbd_region", amount_rupiah=5_000)
    return plan


def lines_of(document):
    """A line for each block: its kind, level, key, and the numbers of a table row by row."""
    for block in document.blocks:
        said = [type(block).__name__]
        if isinstance(block, Heading | DimensionPage):
            said += [str(block.level), block.key]
        elif isinstance(block, Table):
            rows = [*block.rows, *([block.total] if block.total else [])]
            numbers = [" ".join(str(cell) for cell in row if isinstance(cell, int | Decimal)) for row in rows]
            said += [block.key, f"{len(block.rows)}x{len(block.columns)}", " / ".join(filter(None, numbers))]
        elif isinstance(block, Chart):
            said.append(block.key)
        yield " ".join(filter(None, said))


@pytest.mark.parametrize("key", sorted(WRITERS))
def test_a_small_region_has_these_blocks_in_its_book(region, key):
    check(book_document(region, key), key)


def check(document, key):
    """The document has the blocks that were written down under this key."""
    found = [KEYS_OF_ROWS.sub(r"\1-#", line) for line in lines_of(document)]
    file = GOLDEN / f"{key}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text("\n".join(found) + "\n", encoding="utf-8")
    assert found == file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("key", [key for key in sorted(WRITERS) if key.startswith("slides")])
def test_a_deck_is_outlined_with_twelve_to_twenty_slides_and_shows_none_that_is_empty(region, key):
    with translation.override("id"):
        made = composed(region, book_of(region, key))
        assert 12 <= 1 + len(made.outline.chapters) <= 20
        assert 5 <= len(slides_of(made.document)) <= 20
    assert not any(isinstance(block, Missing) for block in made.document.blocks)
