"""What the books say about problems."""

import pytest

from praja.foundation.documents.blocks import Table
from praja.stages.problems.blocks import (
    cause_finding,
    cause_table,
    cause_tree,
    figure_text,
    problem_appendix,
    problem_material,
    quantity,
)
from praja.stages.problems.models import Cause, Problem


@pytest.fixture
def problem(country):
    return make(country, "Antrean panjang", urgency=5, seriousness=4, growth=3)


def make(country, title, state="accepted", **fields):
    return Problem.objects.create(
        plan=country.plan,
        organisation=country.health,
        dimension=country.dimension(),
        title=title,
        state=state,
        **fields,
    )


def cause(problem, text, kind="data", parent=None, order=0):
    return Cause.objects.create(problem=problem, text=text, kind=kind, parent=parent, order=order)


def test_only_accepted_problems_are_printed_the_most_urgent_first(country, problem):
    make(country, "Lebih mendesak", urgency=5, seriousness=5, growth=5)
    make(country, "Tanpa prioritas")
    make(country, "Baru diajukan", state="submitted")
    material = problem_material(country.plan)
    assert [one.title for one in material.problems] == ["Lebih mendesak", "Antrean panjang", "Tanpa prioritas"]
    assert material.figures.accepted() == 3
    assert material.figures.count("submitted") == 1


def test_causes_are_numbered_as_a_tree(problem):
    root = cause(problem, "Data tercecer")
    cause(problem, "Tanpa petugas", "people", parent=root)
    cause(problem, "Tanpa aturan", "policy", order=1)
    lines = [line.strip("\u00a0") for line in cause_tree(problem.causes.all()).split("\n")]
    assert [line.split(" (")[0] for line in lines] == ["1 Data tercecer", "1.1 Tanpa petugas", "2 Tanpa aturan"]


def test_no_cause_is_lost_when_its_parent_is_gone_or_causes_point_at_each_other(problem):
    first = cause(problem, "Pertama")
    second = cause(problem, "Kedua", parent=first)
    Cause.objects.filter(pk=first.pk).update(parent=second)
    orphan = cause(problem, "Ketiga", parent=first)
    tree = cause_tree([*Cause.objects.exclude(pk=orphan.pk), orphan])
    assert all(text in tree for text in ("Pertama", "Kedua", "Ketiga"))
    assert "1 Ketiga" in cause_tree([orphan])


def test_the_finding_names_the_kind_that_stands_out(country, problem):
    assert cause_finding(problem_material(country.plan)) == ""
    for text in ("Satu", "Dua", "Tiga"):
        cause(problem, text, "policy")
    cause(problem, "Empat", "budget")
    said = cause_finding(problem_material(country.plan))
    assert "3" in said
    assert "4" in said
    assert Cause.Kind.POLICY.label.lower() in said
    assert Cause.Kind.BUDGET.label.lower() not in said


def test_withdrawn_causes_and_causes_of_unaccepted_problems_do_not_count(country, problem):
    gone = cause(problem, "Ditarik", "policy")
    Cause.objects.filter(pk=gone.pk).update(withdrawn_at="2026-01-01T00:00Z")
    cause(make(country, "Diajukan", state="submitted"), "Lain", "policy")
    material = problem_material(country.plan)
    assert material.figures.causes_by_kind() == []
    assert cause_table(material, [country.dimension()]).rows[0][-1] == 0


def test_the_appendix_names_who_answers(country, problem):
    (table,) = problem_appendix(problem_material(country.plan), [country.dimension()], {problem.pk: ["Loket Pagi"]})
    assert isinstance(table, Table)
    assert table.rows[0][-1] == "Loket Pagi"
    assert "5 × 4 × 3 = 60" in table.rows[0]


@pytest.mark.parametrize("value", ["", "  ", "tidak tahu", "NaN", "Infinity", "1e99999", "12.5", "-3"])
def test_any_text_may_stand_for_a_figure(country, value):
    assert value.strip()[:3] == "" or quantity(value)
    problem = Problem(figure=value, unit="%", figure_year=2025)
    assert isinstance(figure_text(problem), str)


def test_the_number_of_queries_does_not_grow(country, problem, django_assert_num_queries):
    for number in range(20):
        cause(make(country, f"Masalah {number}"), "Sebab")
    dimension = country.dimension()
    with django_assert_num_queries(4):
        problem_appendix(problem_material(country.plan), [dimension], {})
