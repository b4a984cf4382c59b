"""What the books say about the RPJMD and the alignment with it, and the numbers behind that."""

from decimal import Decimal

import pytest

from praja.foundation.documents.blocks import Chart, Missing, Paragraph, Table
from praja.foundation.plans.models import Indicator
from praja.foundation.workflow.models import State
from praja.stages.innovations.figures import printed as printed_innovations
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import started
from praja.stages.targets.blocks import AS_ABOVE, alignment_blocks, target_blocks
from praja.stages.targets.figures import holes, orphans, printed, served, target_figures
from praja.stages.targets.models import Target
from praja.stages.targets.tests.growing import tree

pytestmark = pytest.mark.django_db


def linked(country, target, state=State.ACCEPTED, **values):
    """An innovation of the health agency that serves a target."""
    innovation = started(country, **values)
    dimension = country.dimension()
    Innovation.objects.filter(pk=innovation.pk).update(state=state, dimension=dimension)
    innovation.targets.set([target])
    innovation.refresh_from_db()
    return innovation


def tables(blocks):
    return {block.key: block for block in blocks if isinstance(block, Table)}


def test_an_empty_plan_says_what_is_missing(country):
    for blocks in (target_blocks(country.plan), alignment_blocks(country.plan)):
        assert [type(block) for block in blocks] == [Missing]


def test_the_table_of_targets_lies_across_with_a_column_for_each_year(country):
    tree(country)
    blocks = target_blocks(country.plan)
    assert Paragraph("Uji yang sehat", style="quote") in blocks
    table = tables(blocks)["tabel-sasaran-rpjmd"]
    assert table.landscape
    assert [column.title for column in table.columns][-5:] == ["2025", "2026", "2027", "2028", "2029"]
    assert table.columns[4].title.endswith(" 2024")
    goal, target, _name, unit, *values = table.rows[0]
    assert (goal, target, unit) == ("1.1 Meningkatnya derajat kesehatan", "1.1.1 Menurunnya stunting", "persen")
    assert values == [Decimal("21.5"), Decimal("19.25"), None, None, None, None]
    assert table.rows[1][:3] == (AS_ABOVE, "1.1.2 Bertambahnya usia", None)
    Indicator.objects.create(target=Target.objects.get(number="1.1.1"), name="Gizi buruk", unit="persen")
    assert tables(target_blocks(country.plan))["tabel-sasaran-rpjmd"].rows[1][:2] == (AS_ABOVE, AS_ABOVE)
    assert tables(blocks)["tabel-unggulan"].rows[0][4] == "1.1.1 Menurunnya stunting"


def test_the_alignment_counts_what_the_books_print(country):
    first, second = tree(country)
    linked(country, first, title="Piring Pesisir")
    linked(country, second, State.SUBMITTED, title="Belum diterima")
    alone = started(country, title="Tanpa sasaran")
    Innovation.objects.filter(pk=alone.pk).update(state=State.ACCEPTED, dimension=country.dimension())
    blocks = alignment_blocks(country.plan)
    found = tables(blocks)
    assert [row[2] for row in found["tabel-keselarasan"].rows] == [1, 0]
    assert found["tabel-keselarasan"].rows[0][1] == "Piring Pesisir (Dinkes)"
    assert [row[0] for row in found["tabel-sasaran-belum-didukung"].rows] == ["1.1.2 Bertambahnya usia"]
    assert [row[0] for row in found["tabel-inovasi-tanpa-sasaran"].rows] == ["Tanpa sasaran"]
    (chart,) = [block for block in blocks if isinstance(block, Chart)]
    assert chart.data.rows == (("1 Warga yang sehat", 1, 1),)


def test_what_counts_is_what_the_innovations_count(country):
    first, _second = tree(country)
    for state in State:
        linked(country, first, state, title=f"Inovasi {state}")
    Innovation.objects.filter(title="Inovasi draft").update(is_unverified=True)
    for unverified in (False, True):
        country.plan.is_unverified = unverified
        ours = set(Innovation.objects.filter(printed(country.plan), plan=country.plan))
        assert ours == set(printed_innovations(country.plan))
        assert served(country.plan, printed)[first.pk].total == len(ours)


def test_a_withdrawn_row_serves_nothing_and_a_withdrawn_target_is_none(country):
    first, second = tree(country)
    innovation = linked(country, first)
    assert list(holes(country.plan)) == [second]
    Target.objects.filter(pk=first.pk).update(withdrawn_at="2026-01-01T00:00Z")
    assert list(orphans(country.plan.innovations.handed_in())) == [innovation]
    Target.objects.filter(pk=first.pk).update(withdrawn_at=None)
    Innovation.objects.filter(pk=innovation.pk).update(withdrawn_at="2026-01-01T00:00Z")
    assert list(holes(country.plan)) == [first, second]
    assert served(country.plan) == {}


def test_the_numbers_of_the_tree(country):
    tree(country)
    figures = target_figures(country.plan)
    assert (figures.missions, figures.goals, figures.targets, figures.flagships) == (2, 1, 2, 1)
    assert (figures.indicators, figures.measured) == (1, 1)


def test_books_ask_the_database_as_often_however_large_the_tree_is(country, django_assert_num_queries):
    first, _second = tree(country)
    for number in range(8):
        target = Target.objects.create(plan=country.plan, goal=first.goal, number=str(number), text="Lagi")
        linked(country, target, title=f"Inovasi {number}")
    with django_assert_num_queries(12):
        target_blocks(country.plan)
    with django_assert_num_queries(7):
        alignment_blocks(country.plan)
