"""What the books say about readiness and statistics: sentences before tables, sources beside figures, holes named."""

from decimal import Decimal
from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.documents.blocks import Chart, Heading, Missing, Paragraph, Table
from praja.foundation.statistics.actions import set_figure
from praja.stages.readiness import actions
from praja.stages.readiness.blocks import readiness_blocks, statistics_blocks
from praja.stages.readiness.figures import readiness_of
from praja.stages.readiness.radar import Axis, radar

LEVELS = st.one_of(st.none(), st.decimals(min_value=0, max_value=5, places=2))
WORDS = st.text("aiWm <&\"'é漢👩\u202e", max_size=90)


def answered(country, key, **values):
    node = next(one.node for one in readiness_of(country.plan).elements if one.node.key == key)
    actions.put(country.plan, node, {"state": "given", **values}, by=country.coordinator, version=0)


def test_an_empty_plan_says_what_is_missing(country):
    (block,) = readiness_blocks(country.plan)
    assert isinstance(block, Missing)
    assert len(block.items) == 5
    assert isinstance(statistics_blocks(country.plan)[0], Missing)


def test_the_result_is_written_as_radar_and_tables_each_with_a_sentence_before_it(country):
    answered(country, "location", level="4", condition="Dekat.", figure="2.5", unit="jam", year=2025, source="Survei")
    answered(country, "roads", level="2")
    blocks = readiness_blocks(country.plan)
    for number, block in enumerate(blocks):
        if isinstance(block, Table):
            assert isinstance(blocks[number - 1], Paragraph)
    assert [type(block) for block in blocks[:2]] == [Paragraph, Chart]
    assert [block.level for block in blocks if isinstance(block, Heading)] == [3, 3]
    table = next(block for block in blocks if isinstance(block, Table) and block.key == "kesiapan-elemen-nature")
    assert "2,5 jam (2025)" in table.rows[0][3]
    assert "Survei" in table.rows[0][3]
    result = next(block for block in blocks if isinstance(block, Table) and block.key == "kesiapan-hasil")
    assert result.total[1] == Decimal("3.00")


def test_a_figure_without_a_source_says_so(country):
    answered(country, "location", level="4", figure="2.5", unit="jam")
    table = next(
        block for block in readiness_blocks(country.plan) if isinstance(block, Table) and "elemen" in block.key
    )
    assert table.rows[0][3].startswith("2,5 jam\n")


def test_blocks_take_a_constant_number_of_queries(country, django_assert_num_queries):
    answered(country, "location", level="4")
    answered(country, "roads", level="2")
    with django_assert_num_queries(3):
        readiness_blocks(country.plan)
    with django_assert_num_queries(1):
        statistics_blocks(country.plan)


def test_statistics_print_the_latest_figure_with_its_source_and_the_density(country):
    said = {"source": "Dukcapil", "status": "final"}
    for year, value in ((2023, "900"), (2024, "1000")):
        set_figure(country.government, by=None, key="population", year=year, value=value, unit="jiwa", **said)
    set_figure(country.government, by=None, key="area", year=2024, value="8", unit="km²", **said)
    lead, table = statistics_blocks(country.plan)
    assert "125" in lead.text
    assert [row[1:] for row in table.rows] == [("1.000", "jiwa", 2024, "Dukcapil"), ("8", "km²", 2024, "Dukcapil")]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.builds(Axis, WORDS, LEVELS), max_size=12), WORDS)
def test_a_radar_is_a_picture_of_any_axes(axes, title):
    root = ElementTree.fromstring(radar(axes, title=title, best=Decimal(5)))
    assert root.get("role") == "img"
    circles = list(root.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == sum(axis.level is not None for axis in axes)
    assert all(0 <= float(circle.get("cx")) <= 640 for circle in circles)
