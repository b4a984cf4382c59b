"""What the books say of the SWOT, the gaps, the candidates and the missions; hostile texts stay text."""

import pytest

from praja.foundation.documents.blocks import Bullets, Chart, Document, Heading, Missing, Table, from_json, to_json
from praja.foundation.documents.html import render
from praja.foundation.plans.models import SubDimension
from praja.stages.analysis.blocks import candidate_blocks, gap_blocks, mission_blocks, swot_blocks
from praja.stages.analysis.models import Gap, Mission, MissionGoal, SwotItem, SwotStrategy, VisionCandidate
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import started

HOSTILE = "#strong[x] $x$ <b>&amp;\\ \u202e" + "panjang" * 30


def tables(blocks):
    return [block for block in blocks if isinstance(block, Table)]


@pytest.fixture
def filled(country):
    """One of everything, of the region and of a dimension."""
    living = country.dimension("living")
    for dimension in (None, living):
        items = [
            SwotItem.objects.create(
                plan=country.plan, kind=kind, text=f"{kind} {HOSTILE}", dimension=dimension, keyword="maju"
            )
            for kind in SwotItem.Kind.values
        ]
        strategy = SwotStrategy.objects.create(plan=country.plan, kind="so", text=HOSTILE[:500], dimension=dimension)
        strategy.items.set([items[0], items[2]])
    SwotItem.objects.filter(pk=items[2].pk).update(withdrawn_at=items[2].created_at)
    gap = Gap.objects.create(
        plan=country.plan, sub_dimension=SubDimension.objects.get(dimension=living, key="health"), element=HOSTILE,
        now_level=1, wanted_level=3, wanted_year=2029, closed_by=["data"], priority="high", source="Survei 2025",
    )  # fmt: skip
    innovation = started(country)
    Innovation.objects.filter(pk=innovation.pk).update(dimension=living, state="accepted")
    innovation.gaps.add(gap)
    VisionCandidate.objects.create(plan=country.plan, text=HOSTILE, keywords=["maju"])
    mission = Mission.objects.create(plan=country.plan, text="Mewujudkan layanan")
    MissionGoal.objects.create(mission=mission, text="Layanan mudah", target="Waktu tunggu 30 menit")
    return country.plan


def test_an_empty_plan_says_what_is_missing(country):
    for blocks in (swot_blocks(country.plan), gap_blocks(country.plan), mission_blocks(country.plan)):
        assert isinstance(blocks[0], Missing)
    assert candidate_blocks(country.plan) == []


def test_the_swot_is_printed_by_region_and_dimension_with_its_strategies(filled):
    blocks = swot_blocks(filled)
    assert [block.level for block in blocks if isinstance(block, Heading)] == [3, 3]
    assert len(tables(blocks)) == 6
    rests = [row[2] for table in tables(blocks) if table.key.startswith("strategi") for row in table.rows]
    assert rests[0] == "S1, O1"
    assert rests[1].startswith("S2, ")
    assert rests[1] != "S2, O2"  # the withdrawn item has no code


def test_gaps_are_printed_wide_with_levels_and_innovations(filled):
    blocks = gap_blocks(filled)
    (table,) = tables(blocks)
    assert table.landscape
    assert table.rows[0][4] == "1 → 3"
    assert table.rows[0][7] == Innovation.objects.get().title
    assert isinstance(blocks[-1], Missing)
    assert len(blocks[-1].items) == 17
    (chart,) = [block for block in blocks if isinstance(block, Chart)]
    assert "1 → 3" in chart.svg


def test_candidates_and_missions_are_printed(filled):
    assert tables(candidate_blocks(filled))[0].rows[0][3] == "maju"
    blocks = mission_blocks(filled)
    assert isinstance(blocks[0], Bullets)
    assert tables(blocks)[0].rows[0][1:] == ("Mewujudkan layanan", "Layanan mudah", "Waktu tunggu 30 menit")


def test_the_blocks_are_rendered_and_survive_a_trip_through_json(filled):
    blocks = [*swot_blocks(filled), *gap_blocks(filled), *candidate_blocks(filled), *mission_blocks(filled)]
    document = Document("Buku 1", "Kabupaten Uji", "regency", "2026", filled.created_at, blocks)
    assert from_json(to_json(document)) == document
    page = str(render(document))
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_the_blocks_ask_a_fixed_number_of_questions(country, filled, django_assert_num_queries):
    for number in range(5):
        Mission.objects.create(plan=filled, text=f"Misi {number}")
        SwotStrategy.objects.create(plan=filled, kind="wt", text=f"Strategi {number}")
    for make, count in ((swot_blocks, 3), (gap_blocks, 4), (candidate_blocks, 2), (mission_blocks, 4)):
        with django_assert_num_queries(count):
            make(filled)
