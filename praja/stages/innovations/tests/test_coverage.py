"""Who counts as having delivered, and who does not."""

from praja.foundation.plans.models import Request
from praja.stages.innovations.coverage import coverage
from praja.stages.innovations.models import Innovation, NotYet
from praja.stages.problems.models import Problem


def innovation(country, agency, key="living", state="submitted", **fields):
    return Innovation.objects.create(
        plan=country.plan,
        organisation=agency,
        dimension=country.dimension(key),
        title="Posyandu",
        state=state,
        **fields,
    )


def problem(country, agency, key="living", state="submitted"):
    return Problem.objects.create(
        plan=country.plan, organisation=agency, dimension=country.dimension(key), title="Antrean", state=state
    )


def row_of(country, agency):
    return coverage(country.plan).row_of(agency.pk)


def states(row):
    return {cell.dimension.key: cell.state for cell in row.cells}


def test_nothing_entered_is_nothing_yet_and_lacks_everything(country):
    row = row_of(country, country.health)
    assert row.state == "none"
    assert [(lack.what, lack.dimension and lack.dimension.key) for lack in row.lacks] == [
        ("problems", None),
        ("innovations", "living"),
        ("innovations", "society"),
    ]


def test_cells_that_are_not_asked_are_neutral(country):
    row = row_of(country, country.health)
    assert states(row)["economy"] == "not_asked"
    assert states(row)["living"] == "none"


def test_everything_asked_is_submitted_is_delivered(country):
    problem(country, country.health)
    innovation(country, country.health, "living")
    innovation(country, country.health, "society", state="accepted")
    assert row_of(country, country.health).state == "delivered"


def test_drafts_and_returned_rows_do_not_deliver(country):
    problem(country, country.health, state="returned")
    innovation(country, country.health, "living", state="draft")
    row = row_of(country, country.health)
    assert row.state == "partial"
    assert states(row)["living"] == "partial"
    assert len(row.lacks) == 3


def test_withdrawn_rows_do_not_deliver(country):
    innovation(country, country.health, withdrawn_at="2026-11-01T00:00Z")
    Problem.objects.filter(pk=problem(country, country.health).pk).update(withdrawn_at="2026-11-01T00:00Z")
    assert row_of(country, country.health).state == "none"


def test_without_a_chosen_dimension_one_innovation_anywhere_delivers(country):
    assert str(row_of(country, country.transport).lacks[0])
    innovation(country, country.transport, "branding")
    row = row_of(country, country.transport)
    assert row.state == "delivered"
    assert states(row)["branding"] == "delivered"
    assert states(row)["living"] == "not_asked"


def test_an_accepted_no_proposal_delivers_its_dimension_only(country):
    problem(country, country.health)
    innovation(country, country.health, "living")
    words = {"plan": country.plan, "organisation": country.health, "what": "innovations", "reason": "Masih disusun"}
    excuse = NotYet.objects.create(dimension=country.dimension("society"), state="submitted", **words)
    assert row_of(country, country.health).state == "partial"
    NotYet.objects.filter(pk=excuse.pk).update(state="accepted")
    assert row_of(country, country.health).state == "delivered"


def test_an_accepted_no_proposal_of_problems_leaves_innovations_asked(country):
    NotYet.objects.create(
        plan=country.plan, organisation=country.health, what="problems", reason="Tidak ada", state="accepted"
    )
    row = row_of(country, country.health)
    assert row.problem_state == "delivered"
    assert [lack.what for lack in row.lacks] == ["innovations", "innovations"]


def test_numerator_and_denominator_count_agencies_asked(country):
    Request.objects.filter(pk=country.health_request.pk).update(asks_problems=False, asks_innovations=False)
    innovation(country, country.transport)
    table = coverage(country.plan)
    assert len(table.asked) == len(table.delivered) == 1
    assert [row.organisation for row in table.not_asked] == [country.health]
    assert table.row_of(country.health.pk).state == "not_asked"


def test_a_dimension_counts_agencies_accepted_against_agencies_asked(country):
    innovation(country, country.health, "living", state="accepted")
    innovation(country, country.health, "living", state="submitted")
    line = next(line for line in coverage(country.plan).lines if line.dimension.key == "living")
    assert (line.asked, line.delivered, line.accepted) == (1, 1, 1)
    assert (line.innovations.accepted, line.innovations.submitted) == (1, 1)


def test_rows_without_agency_are_counted_apart(country):
    Innovation.objects.create(plan=country.plan, title="Belum ada pengampu")
    table = coverage(country.plan)
    assert table.without_agency == 1
    assert table.innovations.draft == 1


def test_the_neighbour_is_not_mixed_in(country):
    Innovation.objects.create(
        plan=country.neighbour_plan,
        organisation=country.neighbour_agency,
        dimension=country.dimension(),
        title="Milik tetangga",
        state="accepted",
    )
    assert coverage(country.plan).innovations.total == 0


def test_seven_queries_however_many_rows(country, django_assert_num_queries):
    for key in ("living", "society", "economy"):
        innovation(country, country.health, key)
        innovation(country, country.transport, key)
    with django_assert_num_queries(7):
        table = coverage(country.plan)
        [str(lack) for row in table.late for lack in row.lacks]
