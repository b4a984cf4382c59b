"""What is found, in which order, and by whom."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.search import engines, indexing
from praja.foundation.search.engines import Asked, Document
from praja.foundation.search.finding import count, find
from praja.foundation.search.scope import dimension_word, it_word, path_word, state_word
from praja.foundation.search.tests.test_indexing import titles
from praja.foundation.search.words import question_of, stems_of
from praja.stages.analysis.models import EarlierItem, EarlierPlan
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Problem


def innovation(country, title, plan=None, organisation=None, **values):
    return Innovation.objects.create(plan=plan or country.plan, organisation=organisation, title=title, **values)


@pytest.fixture
def rows(country):
    """Rows of both agencies, of the region and of the neighbour; all in the index."""
    innovation(
        country, "Antre dari Rumah", organisation=country.health, summary="Warga mendaftar ke puskesmas.", is_it=True
    )
    innovation(
        country, "Ojek Sampah", organisation=country.transport, dimension=country.dimension("environment"), is_it=False
    )
    innovation(country, "Puskesmas Keliling", summary="Tanpa pengampu, antre di desa.")
    innovation(country, "Antre Sebelah", plan=country.neighbour_plan, organisation=country.neighbour_agency)
    Problem.objects.create(
        plan=country.plan, organisation=country.health, title="Antrean panjang", description="Di puskesmas."
    )
    indexing.mend()


def test_a_word_of_the_title_comes_before_one_of_the_text(country, rows):
    assert titles(country.coordinator, "puskesmas")[0] == "Puskesmas Keliling"
    assert len(titles(country.coordinator, "puskesmas")) == 3


def test_every_word_must_stand_in_the_row(country, rows):
    assert titles(country.coordinator, "daftar puskesmas") == ["Antre dari Rumah"]
    assert titles(country.coordinator, "sampah puskesmas") == []


def test_an_operator_finds_the_rows_of_the_own_agency_and_agencies_of_the_region(country, rows):
    assert set(titles(country.operator, "antre")) == {"Antre dari Rumah", "Antrean panjang"}
    assert titles(country.operator, "perhubungan") == ["Dinas Perhubungan"]


def test_nobody_finds_rows_of_the_neighbour(country, rows):
    for user in (country.operator, country.coordinator, country.mentor):
        assert "Antre Sebelah" not in titles(user, "antre sebelah") + titles(user, "antre")
    assert titles(country.neighbour, "antre") == ["Antre Sebelah"]


def test_an_assessor_finds_no_rows_of_agencies(country, rows):
    assert titles(country.assessor, "antre") == []
    assert titles(country.assessor, "kesehatan") == ["Dinas Kesehatan"]


def test_the_ministry_finds_everything(country, rows):
    assert len(titles(country.ministry_admin, "antre")) == 4


def test_a_row_that_moved_out_of_reach_is_not_shown_before_the_index_knows(country, rows):
    Innovation.objects.filter(title="Antre dari Rumah").update(organisation_path=country.neighbour_government.path)
    assert titles(country.operator, "antre rumah") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([it_word(is_it=True)], {"Antre dari Rumah"}),
        ([it_word(is_it=False)], {"Ojek Sampah"}),
        ([dimension_word("environment")], {"Ojek Sampah"}),
        ([state_word("accepted")], set()),
        ([state_word("draft"), it_word(is_it=False)], {"Ojek Sampah"}),
    ],
)
def test_filters_are_part_of_the_question(country, rows, words, expected):
    found = titles(country.coordinator, "antre", scope=words) + titles(country.coordinator, "sampah", scope=words)
    assert set(found) == expected


def test_a_filter_by_region_or_agency(country, rows):
    only = [path_word(country.neighbour_plan.organisation_path)]
    assert titles(country.ministry_admin, "antre", scope=only) == ["Antre Sebelah"]
    only = [path_word(country.transport.path)]
    assert titles(country.coordinator, "sampah", scope=only) == ["Ojek Sampah"]
    assert titles(country.coordinator, "antre", scope=only) == []


def test_a_filter_by_kind(country, rows):
    assert titles(country.coordinator, "antre", kind="permasalahan") == ["Antrean panjang"]
    assert titles(country.coordinator, "antre", kind="tidak-ada") == []


def test_beginnings_of_words_are_found_where_the_words_are_not(country, rows):
    found = find(country.coordinator, question_of("puskes"))
    assert found.are_beginnings
    assert "<mark>Puskesmas</mark> Keliling" in [hit.title for hit in found.hits]
    assert not find(country.coordinator, question_of("puskesmas")).are_beginnings


def test_programmes_of_the_earlier_plan_are_found_by_the_whole_region(country):
    earlier = EarlierPlan.objects.create(plan=country.plan, title="Masterplan 2019")
    EarlierItem.objects.create(earlier=earlier, title="Kampung Internet", description="Titik akses di balai desa.")
    indexing.mend()
    assert titles(country.operator, "akses desa") == ["Kampung Internet"]
    assert titles(country.neighbour, "akses desa") == []


def test_pages_follow_each_other_without_gaps(country, db):
    for number in range(45):
        Problem.objects.create(plan=country.plan, title=f"Banjir {number}", description="banjir " * (number % 3))
    indexing.mend()
    seen, after = [], ""
    for _ in range(3):
        found = find(country.coordinator, question_of("banjir"), after=after)
        seen += [hit.title for hit in found.hits]
        after = found.after
    assert len(seen) == len(set(seen)) == 45
    assert after == ""


def test_beginnings_have_pages_too(country):
    for number in range(25):
        Problem.objects.create(plan=country.plan, title=f"Kebanjiran {number}")
    indexing.mend()
    first = find(country.coordinator, question_of("banj"))
    second = find(country.coordinator, question_of("banj"), after=first.after)
    assert second.are_beginnings
    assert len({hit.title for hit in first.hits + second.hits}) == 25
    assert find(
        country.coordinator, question_of("banjir"), after=first.after
    ).hits  # the same cursor behind other words


def test_of_too_many_rows_the_newest_are_ranked_and_the_count_says_so(country, monkeypatch):
    monkeypatch.setattr(engines, "MOST_RANKED", 10)
    monkeypatch.setattr("praja.foundation.search.finding.MOST_RANKED", 10)
    for number in range(12):
        Problem.objects.create(
            plan=country.plan, title=f"Banjir {number}" if number % 2 else "Air", description="banjir"
        )
    indexing.mend()
    found = find(country.coordinator, question_of("banjir"))
    assert found.is_more
    assert found.count == 10
    assert [hit.title for hit in found.hits][:2] == ["<mark>Banjir</mark> 11", "<mark>Banjir</mark> 9"]
    assert found.hits[-1].title == "Air"
    assert len(found.hits) == 11


def test_markup_in_a_row_is_shown_and_not_obeyed(country):
    Problem.objects.create(
        plan=country.plan, title="<script>banjir</script>", description='<img src=x onerror="1"> banjir & air'
    )
    indexing.mend()
    (hit,) = find(country.coordinator, question_of("banjir")).hits
    assert hit.title == "&lt;script&gt;<mark>banjir</mark>&lt;/script&gt;"
    assert "<img" not in hit.excerpt
    assert "<mark>banjir</mark> &amp; air" in hit.excerpt


def test_a_piece_of_a_long_text_is_shown(country):
    Problem.objects.create(plan=country.plan, title="Air", description="kata " * 200 + "banjir besar " + "lagi " * 200)
    indexing.mend()
    (hit,) = find(country.coordinator, question_of("banjir")).hits
    assert hit.excerpt.startswith("… kata")
    assert hit.excerpt.endswith("lagi …")
    assert len(hit.excerpt) < 260


NASTY = ['"', "'", "*", "AND", "OR NOT", "NEAR(a b, 5)", "title:", "{title text}:x", "a AND", "(((", ")", "-", "^a", "a:*", "a & b | !c",
         "<->", "\\", ";", "--", "%", "_", 'a"b', "\x0b", "👩‍👩‍👧", "½ ﷺ ꦲꦤꦕ", "x" * 5_000, "a b " * 900]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_signs_that_mean_something_to_an_engine_mean_nothing_here(country, rows, text):
    find(country.coordinator, question_of(text))
    count(country.coordinator, question_of(text).words)


@pytest.mark.django_db
def test_any_text_is_found_by_any_of_its_words():
    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(min_size=1, max_size=60) | st.sampled_from(NASTY), st.text(max_size=200))
    def tried(title, text):
        heading, body = stems_of([title]), stems_of([text])
        pk = next(keys)  # a row is put once in a transaction
        engines.put([Document(pk, heading, [stem for stem in body if stem not in heading], ["kx", "p7"])])
        for stem in [*heading, *body][:20]:
            assert engines.rank(Asked((stem,), ("p7",)), size=2).rows
            assert engines.count(Asked((stem,), are_beginnings=True)) == 1
            assert not engines.rank(Asked((stem,), ("p8",)), size=2).rows
        engines.remove([pk])
        assert not any(engines.count(Asked((stem,))) for stem in heading)

    indexing.rebuild()  # tests that commit may have left something
    keys = itertools.count(1)
    tried()
