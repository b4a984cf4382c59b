"""What the books say about innovations, and the numbers behind it."""

import pytest

from praja.foundation.documents.blocks import Bullets, DimensionPage, Facts, Heading, Paragraph, Table, plain
from praja.foundation.plans.models import BudgetLine, Dimension, Indicator, IndicatorTarget
from praja.stages.innovations.blocks import InnovationMaterial, dimension_blocks, innovation_appendix, profile
from praja.stages.innovations.figures import innovation_figures, money, printed
from praja.stages.innovations.models import Innovation
from praja.stages.problems.blocks import problem_material
from praja.stages.problems.models import Problem


@pytest.fixture
def innovation(country):
    return make(country, "Piring Pesisir", is_it=False, beneficiary_count=1280)


def make(country, title, state="accepted", agency=None, **fields):
    return Innovation.objects.create(
        plan=country.plan,
        organisation=agency or country.health,
        dimension=country.dimension(),
        sub_dimension=country.dimension().sub_dimensions.get(key="health"),
        title=title,
        state=state,
        **fields,
    )


def line(innovation, amount, year=2026, source="apbd_region", **fields):
    return BudgetLine.objects.create(innovation=innovation, year=year, source=source, amount_rupiah=amount, **fields)


def living(country):
    innovations, problems = InnovationMaterial(country.plan), problem_material(country.plan)
    return dimension_blocks(innovations, problems, money(country.plan), country.dimension(), 4)


def words(blocks):
    """Every text of some blocks, as one."""
    return str([vars(block) for block in blocks])


def test_only_accepted_innovations_are_printed(country, innovation):
    make(country, "Masih diajukan", state="submitted")
    assert "Piring Pesisir" in words(living(country))
    assert "Masih diajukan" not in words(living(country))


def test_imported_rows_stand_for_the_plan_until_the_region_confirms_it(country):
    make(country, "Dari lembar", state="draft", is_unverified=True)
    make(country, "Draf sendiri", state="draft")
    assert not printed(country.plan)
    country.plan.is_unverified = True
    assert [one.title for one in printed(country.plan)] == ["Dari lembar"]
    assert innovation_figures(country.plan).printed.number == 1


def test_money_counts_planned_lines_of_printed_innovations_in_the_years_of_the_plan(country, innovation):
    line(innovation, 100)
    line(innovation, 20, year=2027, source="dak")
    line(innovation, 3, stage="realised")
    line(innovation, 4, year=2020)
    line(innovation, 5, withdrawn_at="2026-01-01T00:00Z")
    line(make(country, "Diajukan", state="submitted"), 6)
    found = money(country.plan)
    assert found.total == 120
    assert found.by("year", "source") == {(2026, "apbd_region"): 100, (2027, "dak"): 20}
    assert found.of(dimension=country.dimension("economy").pk).total == 0
    assert found.sources == ["apbd_region", "dak"]


def test_a_section_opens_with_the_page_of_its_dimension(country, innovation):
    line(innovation, 2_500_000_000)
    first = living(country)[0]
    assert isinstance(first, DimensionPage)
    assert (first.key, first.number) == ("living", 4)
    assert [value for value, _label in first.figures][:2] == ["1", "1"]
    assert first.figures[3][0] == "100%"


def test_findings_say_only_what_is_so(country, innovation):
    assert words(living(country)).count("Ambulans terlambat") == 0
    Problem.objects.create(
        plan=country.plan,
        organisation=country.health,
        dimension=country.dimension(),
        title="Ambulans terlambat",
        state="accepted",
        urgency=5,
        seriousness=5,
        growth=5,
    )
    (points,) = [block for block in living(country) if isinstance(block, Bullets)]
    said = " ".join(plain(point) for point in points.items)
    assert said.count("Ambulans terlambat") == 2  # the most urgent one, and the gap
    innovation.problems.set(Problem.objects.all())
    (points,) = [block for block in living(country) if isinstance(block, Bullets)]
    assert " ".join(plain(point) for point in points.items).count("Ambulans terlambat") == 1


def test_a_profile_shows_indicators_with_baseline_and_targets(country, innovation):
    indicator = Indicator.objects.create(
        innovation=innovation, name="Balita naik timbang", unit="%", baseline="52.4", baseline_year=2024
    )
    for year, value in ((2026, "65"), (2027, "72.5")):
        IndicatorTarget.objects.create(indicator=indicator, year=year, value=value)
    blocks = profile(InnovationMaterial(country.plan).innovations[0])
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert [column.title for column in table.columns][-2:] == ["2026", "2027"]
    assert table.rows[0][-2:] == ("65", "72,5") or table.rows[0][-2:] == ("65", "72.5")


def test_a_title_alone_is_a_profile(country, innovation):
    blocks = profile(InnovationMaterial(country.plan).innovations[0])
    assert isinstance(blocks[0], Heading)
    assert any(isinstance(block, Facts) for block in blocks)
    assert not any(isinstance(block, Table) for block in blocks)
    assert isinstance(blocks[-1], Paragraph)  # what is not filled in yet


def test_hostile_text_stays_plain_text(country):
    evil = '<b>x</b> #set page(fill: red) $x^2$ {{ 7*7 }} \x0b\x07\u202e "]])'
    make(country, evil, summary=evil * 50, design=evil, beneficiaries=evil, legal_basis=evil)
    blocks = living(country)
    assert "\\x07" not in words(blocks)
    assert any(isinstance(block, Heading) and block.text.startswith("<b>x</b>") for block in blocks)


def test_the_appendix_adds_up(country, innovation):
    line(innovation, 100)
    line(make(country, "Lain", agency=country.transport), 11)
    (table,) = innovation_appendix(InnovationMaterial(country.plan), [country.dimension()])
    assert table.total[-1] == 111 == money(country.plan).total


def test_rows_without_dimension_are_not_lost(country):
    Innovation.objects.create(plan=country.plan, title="Tanpa dimensi", state="draft", is_unverified=True)
    country.plan.is_unverified = True
    material = InnovationMaterial(country.plan)
    assert [one.title for one in material.of(None)] == ["Tanpa dimensi"]
    assert innovation_appendix(material, [country.dimension()])[0].rows[0][1] == "Tanpa dimensi"


def test_the_number_of_queries_does_not_grow(country, innovation, django_assert_num_queries):
    for number in range(20):
        line(make(country, f"Inovasi {number}"), number)
    dimension = Dimension.objects.prefetch_related("sub_dimensions").get(pk=country.dimension().pk)
    problems = problem_material(country.plan)
    with django_assert_num_queries(10):
        dimension_blocks(InnovationMaterial(country.plan), problems, money(country.plan), dimension, 1)
