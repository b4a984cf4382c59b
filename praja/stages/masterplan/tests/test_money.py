"""The money of a plan reads the same in every book, reference and check of numbers, and counts each rupiah once."""

from collections import Counter

from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.documents.blocks import Chart, Facts, KeyFigures, Missing, Table
from praja.foundation.plans.models import BudgetLine
from praja.foundation.ui.formats import rupiah, rupiah_short
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.contents.composing import chapter_blocks
from praja.stages.masterplan.contents.material import Material
from praja.stages.masterplan.editions.promises import promises_of
from praja.stages.masterplan.outlines.books import book_of
from praja.stages.masterplan.outlines.outline import outline_of
from praja.stages.masterplan.texts.figures import figures_of
from praja.stages.masterplan.texts.measures import MONEY_NOUNS, measures_of
from praja.stages.masterplan.texts.references import values_of
from praja.stages.roadmap.models import Action
from praja.stages.roadmap.tests.making import accepted, line, sub_dimension

YEARS = range(2026, 2036)  # of the plan
DIMENSIONS = st.sampled_from(["living", "economy"] * 2 + [None])
AGENCIES = st.sampled_from(["health", "transport"] * 2 + [None])
GONE = {"is_withdrawn": st.sampled_from([False] * 5 + [True])}
INNOVATIONS = st.fixed_dictionaries(
    {"state": st.just("draft"), "is_imported": st.booleans(), "dimension": DIMENSIONS, "agency": AGENCIES, **GONE}
) | st.fixed_dictionaries(  # what was handed in has both
    {
        "state": st.sampled_from(["accepted", "accepted", "submitted"]),
        "is_imported": st.booleans(),
        "dimension": st.sampled_from(["living", "economy"]),
        "agency": st.sampled_from(["health", "transport"]),
        **GONE,
    }
)
ACTIONS = st.fixed_dictionaries(
    {"innovation": st.sampled_from([None, None, 0, 1]), "dimension": DIMENSIONS, "agency": AGENCIES, **GONE}
)
LINES = st.fixed_dictionaries(
    {
        "at_action": st.sampled_from([True, True, False]),
        "which": st.integers(0, 3),
        "year": st.sampled_from([2026, 2027, 2035] * 2 + [2025, 2036]),
        "source": st.sampled_from(BudgetLine.Source.values),
        "kind": st.sampled_from(BudgetLine.Kind.values),
        "stage": st.sampled_from(["indicative", "rka", "dpa", "dpa_changed"] * 2 + ["realised"]),
        "amount": st.integers(1, 10**12),
        **GONE,
    }
)
PLANS = st.fixed_dictionaries(
    {
        "is_unverified": st.booleans(),
        "innovations": st.lists(INNOVATIONS, min_size=1, max_size=4),
        "actions": st.lists(ACTIONS, min_size=2, max_size=4),
        "lines": st.lists(LINES, min_size=6, max_size=12),
    }
)


def holders(given_plan):
    """Each line with the innovation and the action that it belongs to, either of which may be None."""
    for one in given_plan["lines"]:
        rows = given_plan["actions" if one["at_action"] else "innovations"]
        row = rows[one["which"] % len(rows)]
        yield (one, innovation_of(given_plan, row), row) if one["at_action"] else (one, row, None)


def innovation_of(given_plan, action):
    """The innovation that an action carries out, or None."""
    innovations, which = given_plan["innovations"], action["innovation"]
    return None if which is None else innovations[which % len(innovations)]


def is_in_plan(given_plan, innovation):
    """Whether it was accepted, or was imported into a plan that its region has not confirmed."""
    is_part = innovation["state"] == "accepted" or (given_plan["is_unverified"] and innovation["is_imported"])
    return is_part and not innovation["is_withdrawn"]


def counted(given_plan):
    """The lines that count, each once, with the dimension and the agency that their money belongs to."""
    for one, innovation, action in holders(given_plan):
        is_planned = not one["is_withdrawn"] and one["stage"] != "realised" and one["year"] in YEARS
        if is_planned and (is_in_plan(given_plan, innovation) if innovation else not action["is_withdrawn"]):
            holder = innovation or action
            yield {**one, "dimension": holder["dimension"], "agency": holder["agency"]}


def sums(given_plan, name):
    """Rupiah by one of the names of a counted line, without noughts."""
    found = Counter()
    for one in counted(given_plan):
        found[one[name]] += one["amount"]
    return +found


def stored(country, given_plan):
    """The given plan as rows."""
    made = {}
    country.plan.is_unverified = given_plan["is_unverified"]
    country.plan.save()

    def common(one):
        agency = getattr(country, one["agency"]) if one["agency"] else None
        gone = country.plan.created_at if one["is_withdrawn"] else None
        return {"plan": country.plan, "organisation": agency, "withdrawn_at": gone, "title": f"Baris {len(made)}"}

    for one in given_plan["innovations"]:
        sub = sub_dimension(country, one["dimension"]) if one["dimension"] else None
        made[id(one)] = Innovation.objects.create(
            **common(one),
            state=one["state"],
            is_unverified=one["is_imported"],
            sub_dimension=sub,
            dimension=sub and sub.dimension,
        )
    for one in given_plan["actions"]:
        sub = sub_dimension(country, one["dimension"]) if one["dimension"] else None
        innovation = innovation_of(given_plan, one)
        made[id(one)] = Action.objects.create(
            **common(one), sub_dimension=sub, innovation=innovation and made[id(innovation)], start_year=2026
        )
    for one, innovation, action in holders(given_plan):
        line(
            one["amount"],
            innovation=innovation and made[id(innovation)],
            action=action and made[id(action)],
            withdrawn_at=country.plan.created_at if one["is_withdrawn"] else None,
            **{name: one[name] for name in ("year", "source", "kind", "stage")},
        )


def once(test):
    """Run a test over random plans, each of which is gone afterwards."""

    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(PLANS)
    def with_rows(country, given_plan):
        with transaction.atomic(), translation.override("id"):
            stored(country, given_plan)
            test(country, given_plan, Books(country.plan))
            transaction.set_rollback(True)

    return with_rows


class Books:
    """What stands in single chapters of the books of a plan, all from one material."""

    def __init__(self, plan):
        self.material = Material(plan)

    def chapter(self, book, *keys):
        outline = outline_of(self.material.plan, book_of(self.material.plan, book))
        return [block for key in keys for block in chapter_blocks(outline, outline.by_key[key], self.material)]

    def tables(self, book, *keys):
        return {block.key: block for block in self.chapter(book, *keys) if isinstance(block, Table)}


def names_of(country, found):
    """The sums of agencies or dimensions by the names that the books print, without those of nobody."""
    rows = {key: getattr(country, key, None) or country.dimension(key) for key in found if key}
    return {str(row.name): found[key] for key, row in rows.items()}


@once
def test_the_tables_of_the_money_chapter_add_up_to_each_rupiah_once(country, given_plan, books):
    tables, total = books.tables("masterplan", "money"), sum(sums(given_plan, "year").values())
    columns = {"sumber": -1, "dimensi": 1, "jenis": 1, "perangkat-daerah": -2}
    found = {key: tables.get(f"anggaran-menurut-{key}") for key in columns}
    assert all(found.values()) if total else not any(found.values())
    for key, column in columns.items() if total else ():
        assert sum(row[column] for row in found[key].rows) == found[key].total[column] == total
    if total:
        by_year = dict(zip(sorted(sums(given_plan, "year")), found["sumber"].total[1:-1], strict=False))
        assert {year: by_year[year] for year in sums(given_plan, "year")} == sums(given_plan, "year")
        for key, column, name in (("dimensi", 1, "dimension"), ("perangkat-daerah", -2, "agency")):
            shown = {row[0]: row[column] for row in found[key].rows if row[column]}
            assert names_of(country, sums(given_plan, name)).items() <= shown.items()


@once
def test_the_pages_of_the_dimensions_show_what_is_theirs(country, given_plan, books):
    blocks, expected = books.chapter("masterplan", "strategy"), sums(given_plan, "dimension")
    charts = {block.key: block.data.total[-1] for block in blocks if getattr(block, "unit", "") == "Rp"}
    assert charts == {f"anggaran-{key}-per-tahun": amount for key, amount in expected.items() if key}
    assert sum(charts.values()) + expected[None] == sum(expected.values())
    for table in (block for block in blocks if getattr(block, "key", "") == "dimensi-dalam-angka"):
        assert sum(row[-1] for row in table.rows) == table.total[-1] == sum(expected.values())


@once
def test_the_other_books_state_the_same_money(country, given_plan, books):
    by_year = sums(given_plan, "year")
    total = sum(by_year.values())
    for book, *keys in (("summary", "profile", "programmes"), ("slides_selection", "region", "money")):
        blocks = books.chapter(book, *keys)
        figures = [block.figures for block in blocks if isinstance(block, KeyFigures)]
        assert [value for value, label in figures[0] if "anggaran" in label] == ([rupiah_short(total)] if total else [])
        charts = [block.alt for block in blocks if isinstance(block, Chart) and block.unit == "Rp"]
        assert [rupiah(total) in alt for alt in charts] == ([True] if total else [])
    for book, amount in (("implementation_long", total), ("implementation_short", by_year[2026])):
        table = books.tables(book, "money").get("anggaran-menurut-sumber")
        assert (table.total[-1] if table else 0) == amount
        facts = [block.items for block in books.chapter(book, "introduction") if isinstance(block, Facts)]
        assert (rupiah(amount) in [value for _label, value in facts[0]]) is bool(amount)


@once
def test_references_and_the_check_of_numbers_know_the_same_money(country, given_plan, books):
    figures = figures_of(country.plan)
    values = {key: one.number for key, one in values_of(country.plan, figures).items()}
    (measure,) = (one for one in measures_of(figures) if one.nouns == MONEY_NOUNS)
    assert values["jumlah-anggaran"] == measure.of({}) == sum(sums(given_plan, "year").values())
    for year, amount in sums(given_plan, "year").items():
        assert values[f"anggaran-{year}"] == measure.of({"year": year}) == amount
    for source, amount in sums(given_plan, "source").items():
        assert values[f"anggaran-{source.replace('_', '-')}"] == measure.of({"source": source}) == amount
    for dimension in figures.dimensions:
        amount = sums(given_plan, "dimension")[dimension.key]
        assert values[f"anggaran-dimensi-{dimension.key}"] == measure.of({"dimension": dimension.pk}) == amount
    for key, amount in sums(given_plan, "agency").items():
        assert measure.of({"agency": getattr(country, key).pk if key else None}) == amount


@once
def test_what_the_agencies_promise_adds_up_to_each_rupiah_once(country, given_plan, books):
    promises = promises_of(books.material)["promises"]
    by_agency = {one["uid"]: one["rupiah"] for one in promises["agencies"] if one["rupiah"]}
    expected = sums(given_plan, "agency")
    assert by_agency == {str(getattr(country, key).uid) if key else "": rupiah for key, rupiah in expected.items()}
    assert promises["rupiah"] == books.material.money.total
    by_year = Counter()
    for one in promises["agencies"]:
        for promise in one["lines"]:
            by_year.update(promise["money"])
    assert by_year == {str(year): rupiah for year, rupiah in sums(given_plan, "year").items()}


def test_an_agency_with_actions_alone_stands_in_the_table_of_agencies(country):
    action = Action.objects.create(plan=country.plan, organisation=country.transport, title="Forum", start_year=2026)
    line(700, action=action)
    table = Books(country.plan).tables("masterplan", "money")["anggaran-menurut-perangkat-daerah"]
    assert table.rows == (("Dinas Perhubungan", 0, 1, 700, "100%"),)


def test_a_dimension_with_actions_alone_says_what_they_cost(country):
    sub = sub_dimension(country, "economy")
    line(1_300, action=Action.objects.create(plan=country.plan, sub_dimension=sub, title="Forum", start_year=2026))
    blocks = Books(country.plan).chapter("masterplan", "strategy")
    place = next(n for n, block in enumerate(blocks) if getattr(block, "key", "") == "dimension-economy")
    assert "Rp1.300" in str(blocks[place + 1])
    assert not isinstance(blocks[place + 1], Missing)


def test_the_implementation_document_leaves_out_actions_of_what_is_not_in_the_plan(country):
    for state in ("accepted", "submitted"):
        innovation = accepted(country, state, state=state)
        action = Action.objects.create(plan=country.plan, innovation=innovation, title=f"Aksi {state}", start_year=2026)
        line(5, action=action, innovation=innovation)
    spoken = str(Books(country.plan).tables("implementation_long", "actions"))
    assert "Aksi accepted" in spoken
    assert "Aksi submitted" not in spoken
