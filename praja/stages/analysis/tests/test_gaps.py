"""Gaps: written by sub-dimension with levels and years, drawn, and closed by innovations."""

import re

import pytest
from django.utils.text import capfirst
from django.utils.translation import gettext, override

from praja.across.workbooks.tests.books import bring_in, given, judged
from praja.across.workbooks.verdicts import Status
from praja.foundation.audit.models import Event
from praja.foundation.plans.models import DimensionSet, SubDimension
from praja.stages.analysis.gap_pictures import level_bar
from praja.stages.analysis.gaps import gap_board
from praja.stages.analysis.models import Gap
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import started

HOME = "/kabupaten-uji/kesenjangan/"
NEW = "/kabupaten-uji/analisis/kesenjangan/baru/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def sub(country, key="health"):
    return SubDimension.objects.get(dimension__set=country.plan.dimension_set, key=key)


def gap(country, element="Rekam medis", key="health", **values):
    return Gap.objects.create(plan=country.plan, sub_dimension=sub(country, key), element=element, **values)


def typed(country, **values):
    return {"version": "0", "sub_dimension": sub(country).pk, "element": "Rekam medis", **values}


def test_a_gap_is_written_whole(country, coordinator):
    values = typed(country, now="Di kertas", now_level="1", wanted_level="3", wanted_year="2029",
                   closed_by=["data", "policy"], priority="high")  # fmt: skip
    assert coordinator.post(NEW, values).url.startswith(f"{HOME}?dimensi=living#butir-")
    one = Gap.objects.get()
    assert (one.now_level, one.wanted_level, one.wanted_year, one.priority) == (1, 3, 2029, "high")
    assert set(one.closed_by) == {"data", "policy"}
    page = coordinator.get(HOME).content.decode()
    assert "1 → 3 (2029)" in page
    assert len(re.findall('class="level-now"', page)) == 2  # at the gap, and in the overview of a phone


@pytest.mark.parametrize(
    ("field", "value"),
    [("now_level", "5"), ("now_level", "-1"), ("wanted_level", "0"), ("wanted_year", "seribu"), ("wanted_year", "12029"),
     ("sub_dimension", "99999999999999999999"), ("closed_by", ["magic"]), ("priority", "x"), ("element", "\u200b"),
     ("now", "x" * 5_001), ("cause", "a\0b")],
)  # fmt: skip
def test_what_does_not_fit_comes_back_with_a_sentence(country, coordinator, field, value):
    response = coordinator.post(NEW, typed(country, now_level="2") | {field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Gap.objects.exists()


def test_a_year_outside_the_plan_is_warned_and_not_refused(country, coordinator):
    assert coordinator.post(NEW, typed(country, wanted_year="2099")).status_code == 302
    one = Gap.objects.get()
    assert "2099" in coordinator.get(f"/analisis/kesenjangan/{one.pk}/").context["warning"]
    assert "(2026–2035)" in coordinator.get(HOME).content.decode()


def test_a_sub_dimension_without_a_gap_is_shown_as_such(country, coordinator):
    gap(country)
    shown = coordinator.get(f"{HOME}?dimensi=living").context["dimensions"]
    assert [part["has_any"] for part in shown[0]["subs"]] == [False, True, False]
    assert len(coordinator.get(HOME).context["dimensions"]) == 6


def test_the_overview_names_the_longest_way_and_follows_the_filter(country, coordinator):
    assert coordinator.get(HOME).context["overview"] is None
    gap(country, now_level=1, wanted_level=2)
    gap(country, "Ruang tunggu", now_level=2, wanted_level=3)
    gap(country, key="learning", now_level=0, wanted_level=4)
    overview = coordinator.get(HOME).context["overview"]
    assert [(str(one), now, wanted) for one, now, wanted, _bar in overview["levels"]] == [
        (str(sub(country)), "1,5", "2,5"),
        (str(sub(country, "learning")), "0", "4"),
    ]
    assert str(sub(country, "learning")) in overview["title"]
    assert str(sub(country)) in coordinator.get(f"{HOME}?dimensi=living").context["overview"]["title"]
    assert coordinator.get(f"{HOME}?prioritas=high").context["overview"] is None


def test_the_list_is_filtered_by_priority(country, coordinator):
    gap(country, priority="high")
    gap(country, "Ruang tunggu", priority="low")
    shown = coordinator.get(f"{HOME}?dimensi=living&prioritas=high").context["dimensions"][0]["subs"][1]
    assert [one["row"].element for one in shown["gaps"]] == ["Rekam medis"]


def test_the_button_of_a_sub_dimension_fills_it_in(country, coordinator):
    assert coordinator.get(f"{NEW}?sub={sub(country).pk}").context["form"]["sub_dimension"].value() == sub(country).pk
    assert coordinator.get(f"{NEW}?sub=99999999999999999999").context["form"]["sub_dimension"].value() is None


def test_the_history_names_what_closes_a_gap_in_words(country, coordinator):
    one = gap(country)
    edit = f"/analisis/kesenjangan/{one.pk}/ubah/"
    assert coordinator.post(edit, typed(country, version="1", closed_by=["data"])).status_code == 302
    (line, *_rest) = coordinator.get(f"/analisis/kesenjangan/{one.pk}/").context["history"]
    assert "Data" in [after for _label, _before, after in line.changes]
    assert Event.objects.about(one).get().verb == "edit"


def test_innovations_say_which_gaps_they_close(country, coordinator, client_of):
    one, foreign = (
        gap(country),
        Gap.objects.create(plan=country.neighbour_plan, sub_dimension=sub(country), element="Asing"),
    )
    innovation = started(country)
    operator = client_of(country.operator)
    edit = f"/inovasi/{innovation.pk}/ubah/why/"
    assert "Rekam medis" in operator.get(edit).content.decode()
    assert operator.post(edit, {"version": innovation.version, "gaps": [foreign.pk]}).status_code == 422
    assert operator.post(edit, {"version": innovation.version, "gaps": [one.pk]}).status_code == 302
    assert list(innovation.gaps.all()) == [one]
    assert Event.objects.about(innovation).first().changes["gaps"] == [[], ["Rekam medis"]]
    assert innovation.title in coordinator.get(HOME).content.decode()
    assert "Rekam medis" in operator.get(f"/inovasi/{innovation.pk}/").content.decode()


def test_a_withdrawn_gap_stays_with_the_innovation_that_names_it(country, client_of):
    one, innovation = gap(country), started(country)
    innovation.gaps.add(one)
    Gap.objects.update(withdrawn_at=one.created_at)
    edit = f"/inovasi/{innovation.pk}/ubah/why/"
    operator = client_of(country.operator)
    assert operator.post(edit, {"version": innovation.version, "gaps": [one.pk], "goal": "Cepat"}).status_code == 302
    assert innovation.gaps.count() == 1


def test_the_form_of_an_innovation_does_not_ask_while_there_are_no_gaps(country, client_of):
    innovation = started(country)
    form = client_of(country.operator).get(f"/inovasi/{innovation.pk}/ubah/why/").context["form"]
    assert "gaps" not in form.fields


def test_a_set_without_sub_dimensions_says_so(country, coordinator):
    country.plan.dimension_set = DimensionSet.objects.get(key="kota-cerdas-2026")
    country.plan.save()
    response = coordinator.get(HOME)
    assert response.status_code == 200
    assert not response.context["has_subs"]


@pytest.mark.parametrize(
    ("now", "wanted", "drawn"), [(0, 4, 0), (4, 4, 4), (None, 2, 0), (2, None, 2), (None, None, 0)]
)
def test_levels_are_drawn(now, wanted, drawn):
    bar = level_bar(now, wanted)
    assert bar.count("level-now") == drawn
    assert bar.count("<rect") == 4


def test_the_page_asks_the_database_as_often_for_many(country, coordinator, django_assert_num_queries):
    innovation = started(country)
    for number in range(8):
        innovation.gaps.add(gap(country, f"Unsur {number}", now_level=1, wanted_level=3))
    with django_assert_num_queries(4):
        board = gap_board(country.plan, country.plan.innovations.all())
    assert board.dimensions[3].subs[1].levels == (1, 3)
    with django_assert_num_queries(10):
        coordinator.get(HOME)


def test_gaps_stand_in_the_workbook_of_an_agency_by_their_names(country):
    one, other, same = (gap(country, text) for text in ("Rekam medis; antrean", "Ruang tunggu", "Ruang tunggu"))
    innovation = started(country)
    innovation.gaps.add(one, other)
    book = given(country.plan, country.operator)
    with override("id"):
        title = str(capfirst(Innovation._meta.get_field("gaps").verbose_name))
        name = gettext("Innovations")
    shown = book.get(name, 3, title)
    assert sorted(shown.splitlines()) == sorted(
        [f"{one.sub_dimension}: Rekam medis, antrean", f"{one.sub_dimension}: Ruang tunggu [{other.pk}]"]
    )
    assert {row.status for row in judged(book, country.plan, country.operator).rows} == {Status.UNCHANGED}
    book.put_in(name, 3, title, f"{one.sub_dimension}: Ruang tunggu [{same.pk}]")
    bring_in(book, country.plan, country.operator)
    assert list(innovation.gaps.all()) == [same]
    book.put_in(name, 3, title, "Apa saja")
    assert Status.WRONG in {row.status for row in judged(book, country.plan, country.operator).rows}
