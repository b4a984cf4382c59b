"""Whatever page and workbook write in whatever order, nothing is lost silently and nothing is doubled."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as given_values
from hypothesis import strategies as st

from praja.across.workbooks.applying import apply
from praja.across.workbooks.tests.books import Book, given, judged
from praja.across.workbooks.verdicts import Status
from praja.foundation.audit.models import Event
from praja.stages.problems import actions as problems
from praja.stages.problems.models import Problem

TITLES = {"location": "Lokasi", "affected": "Siapa yang terdampak", "unit": "Satuan"}
VALUES = ["", "satu", "dua", "tiga"]
KEYS = st.sampled_from(sorted(TITLES))
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("page"), KEYS, st.sampled_from(VALUES)),
        st.tuples(st.sampled_from(["first", "second"]), KEYS, st.sampled_from(VALUES)),
        st.tuples(st.just("upload"), st.sampled_from(["first", "second"]), st.sampled_from(["mine", "theirs", ""])),
    ),
    min_size=2,
    max_size=8,
)


@settings(
    max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given_values(EDITS)
def test_every_value_was_asked_for_and_every_loss_was_answered(country, edits):
    row = problems.start(country.plan, by=country.operator, title="Antre", organisation=country.health)
    handed = given(country.plan, country.operator)
    books = {"first": handed, "second": Book(handed.first)}
    said = {name: dict.fromkeys(TITLES, "") for name in books}  # what each copy says
    expected = dict.fromkeys(TITLES, "")  # what the row says
    known = {key: {""} for key in TITLES}  # what the handout said, or was dealt with since
    for what, where, value in edits:
        if what == "page":
            row.refresh_from_db()
            Problem.objects.filter(pk=row.pk).update(**{where: value}, version=row.version + 1)
            expected[where] = value
        elif what != "upload":
            books[what].put_in("Permasalahan", 3, TITLES[where], value or None)
            said[what][where] = value
        else:
            verdicts = judged(books[where], country.plan, country.operator)
            (verdict,) = [found for found in verdicts.rows if found.number == 3 and found.sheet == "problems"]
            conflicts = {cell.key for cell in verdict.cells if cell.status == Status.CONFLICT}
            changes = {
                key for key in TITLES if said[where][key] not in known[key] and said[where][key] != expected[key]
            }
            assert conflicts == {key for key in changes if expected[key] != ""}  # handed out empty, both changed
            assert {cell.key for cell in verdict.cells if cell.status != Status.UNCHANGED} == changes
            told = {cell.key for cell in verdict.cells}  # also what an earlier upload of it said already
            assert told >= {key for key in TITLES if said[where][key] not in ("", expected[key])}
            answers = {("problems", 3, key): value for key in conflicts if value}
            result = apply(verdicts, plan=country.plan, by=country.operator, chosen={("problems", 3)}, answers=answers)
            assert bool(result.left) == bool(conflicts and not value)
            if not result.left:
                for key in changes:
                    known[key].add(said[where][key])
                    if key not in conflicts or value == "mine":
                        expected[key] = said[where][key]
        row.refresh_from_db()
        assert {key: getattr(row, key) for key in TITLES} == expected
    assert Problem.objects.count() == 1
    Event.objects.all()._raw_delete("default")
    Problem.objects.all().delete()
