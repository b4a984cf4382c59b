"""Rounds and nominees: who begins, nominates, states and withdraws what, and what wrong input does."""

import datetime

import pytest
from django.core.files.base import ContentFile

from praja.foundation.accounts.models import Membership, Person, User
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.models import Draft
from praja.foundation.evidence.models import Evidence
from praja.foundation.notices.models import Notice
from praja.foundation.places.models import Region
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins import actions, nominating
from praja.stages.quick_wins.models import (
    Criterion,
    DecisionSheet,
    Dialogue,
    Nomination,
    QuickWin,
    Round,
    Score,
    ScoreSheet,
    SelectionRule,
    SheetStep,
)
from praja.stages.quick_wins.nominee_forms import SECTIONS, missing_by_section, months_of
from praja.stages.quick_wins.tests.making import accepted_at, complete, dialogue, nominee, round_of
from praja.stages.roadmap.tests.making import accepted, line

LIST = "/kabupaten-uji/quick-win/"
DESK_QUERIES, LIST_QUERIES, NOMINATE_QUERIES, CRITERIA_QUERIES = 12, 11, 11, 11
NEW = f"{LIST}putaran-baru/"
YEAR = {"title": "Quick win 2027", "starts_on": "1 Januari 2027", "ends_on": "31 Desember 2027"}


@pytest.fixture
def operator(country, client_of):
    return client_of(country.operator)


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def of_society(country, client_of):
    """The browser of a dimension coordinator who has society."""
    user = User.objects.create_user("masyarakat", person=Person.objects.create(name="Mira"))
    Membership.objects.create(
        user=user, organisation=country.government, role="dimension_coordinator", dimensions=["society"]
    )
    return client_of(user)


def page(pk, more=""):
    return f"/quick-win/putaran/{pk}/{more}"


def text(client, address):
    return client.get(address).content.decode()


def said(client, address):
    """What the page says after a redirect."""
    return text(client, address)


# --- rounds -----------------------------------------------------------------------------------------------------------


def test_without_a_round_the_secretariat_is_asked_to_begin_one_and_an_agency_waits(country, operator, coordinator):
    assert NEW in text(coordinator, LIST)
    assert NEW not in text(operator, LIST)
    assert "Sekretariat" in text(operator, LIST) or "secretariat" in text(operator, LIST)


def test_a_round_begins_with_the_ministrys_criteria_and_one_of_each_dimension(country, coordinator):
    response = coordinator.post(NEW, YEAR)
    round_ = Round.objects.get()
    assert response.url == page(round_.pk)
    assert (round_.year, round_.criteria.count()) == (2027, 14)
    assert round_.rules.get().kind == SelectionRule.Kind.PER_DIMENSION
    assert coordinator.post(NEW, YEAR).url == page(round_.pk)  # sent twice
    assert Round.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"starts_on": "kemarin"}, "starts_on"),
        ({"starts_on": "1 Januari 2019", "ends_on": "31 Desember 2019"}, "starts_on"),
        ({"ends_on": "1 Januari 2026"}, "ends_on"),
        ({"ends_on": "31 Desember 2033"}, "ends_on"),
        ({"ends_on": ""}, "ends_on"),
    ],
)
def test_a_round_with_dates_that_do_not_fit_says_so_and_keeps_what_was_typed(country, coordinator, wrong, field):
    response = coordinator.post(NEW, {**YEAR, **wrong})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Round.objects.exists()


def test_a_title_of_two_hundred_characters_fits_every_page(country, coordinator):
    coordinator.post(NEW, {**YEAR, "title": "Q" * 200})
    assert "Q" * 200 in text(coordinator, page(Round.objects.get().pk))
    assert "Q" * 200 in text(coordinator, LIST)


def test_the_next_round_waits_until_this_one_is_decided(country, coordinator):
    first = round_of(country)
    later = {**YEAR, "starts_on": "1 Januari 2028", "ends_on": "31 Desember 2028"}
    assert coordinator.post(NEW, later).status_code == 422
    Round.objects.filter(pk=first.pk).update(state="decided")
    assert coordinator.post(NEW, {**YEAR, "title": "Lagi"}).status_code == 422  # the year has its round
    assert coordinator.post(NEW, {**YEAR, "starts_on": "1 Januari 2026"}).status_code == 422  # before the last one
    assert coordinator.post(NEW, later).status_code == 302
    assert Round.objects.first().previous == first


def decided(country, round_, title, **values):
    one = nominee(country, round_, title=title, **complete(round_))
    return QuickWin.objects.create(
        round=round_, nomination=one, innovation=one.innovation, plan=country.plan,
        dimension=one.innovation.dimension, organisation=country.health, **values,
    )  # fmt: skip


def test_next_years_round_nominates_what_goes_on_with_its_people_and_means(country, coordinator):
    first = round_of(country)
    goes = decided(country, first, "Jalan terus", continuation="expand")
    decided(country, first, "Berhenti", continuation="stop", continuation_reason="Selesai")
    decided(country, first, "Belum diputuskan")
    gone = decided(country, first, "Ditarik", continuation="continue")
    Innovation.objects.filter(pk=gone.innovation_id).update(state="draft")
    Round.objects.filter(pk=first.pk).update(state="decided")
    assert "Berhenti" in text(coordinator, NEW)
    coordinator.post(NEW, {**YEAR, "starts_on": "1 Januari 2028", "ends_on": "31 Desember 2028"})
    copied = Nomination.objects.get(round__year=2028)
    assert (copied.continues, copied.responsible, copied.done) == (goes, goes.nomination.responsible, "")
    assert copied.proposer == "coordinator"


def test_a_round_begun_by_mistake_goes_while_nobody_is_nominated(country, coordinator):
    round_ = round_of(country)
    one = nominee(country, round_)
    coordinator.post(page(round_.pk, "penarikan/"), {"version": 1, "remark": "Salah"})
    assert Round.objects.in_service().exists()
    actions.withdraw(one, reason="Salah", by=country.coordinator, version=1)
    assert coordinator.post(page(round_.pk, "penarikan/"), {"version": 9}).url == page(round_.pk)  # an old page
    assert coordinator.post(page(round_.pk, "penarikan/"), {"version": 1}).url == LIST
    assert coordinator.get(page(round_.pk)).status_code == 404
    assert coordinator.post(NEW, YEAR).status_code == 302  # its year is free again


def test_new_dates_leave_no_nominee_outside(country, coordinator):
    round_ = round_of(country)
    nominee(country, round_, **complete(round_))
    shorter = {**YEAR, "ends_on": "30 Juni 2027", "version": 1}
    response = coordinator.post(page(round_.pk, "ubah/"), shorter)
    assert response.status_code == 422
    assert "ends_on" in response.context["form"].errors
    Nomination.objects.update(finishes_on=datetime.date(2027, 6, 30))
    assert coordinator.post(page(round_.pk, "ubah/"), shorter).status_code == 302
    round_.refresh_from_db()
    assert round_.ends_on == datetime.date(2027, 6, 30)


# --- moving the round -------------------------------------------------------------------------------------------------


def move(client, round_, state, version=None):
    round_.refresh_from_db()
    client.post(page(round_.pk, "langkah/"), {"step": state, "version": version or round_.version})
    round_.refresh_from_db()
    return round_.state


def test_scoring_begins_when_somebody_is_nominated_and_no_innovation_has_left(country, coordinator):
    round_ = round_of(country)
    assert move(coordinator, round_, "scoring") == "nominating"
    one = nominee(country, round_)
    Innovation.objects.filter(pk=one.innovation_id).update(state="draft")
    assert move(coordinator, round_, "scoring") == "nominating"
    Innovation.objects.filter(pk=one.innovation_id).update(state="accepted")
    assert move(coordinator, round_, "scoring") == "scoring"
    assert move(coordinator, round_, "nominating") == "nominating"
    assert Event.objects.about(round_).filter(verb="move round").count() == 2


def test_the_choice_begins_when_weights_and_scores_are_there(country, coordinator):
    round_ = round_of(country, state="scoring")
    one = nominee(country, round_)
    assert move(coordinator, round_, "choosing") == "scoring"
    sheet = ScoreSheet.objects.create(round=round_, dimension=country.dimension())
    for criterion in round_.criteria.filter(kind="scored"):
        Score.objects.create(sheet=sheet, nomination=one, criterion=criterion, value=3)
    Criterion.objects.filter(round=round_).update(weight="0")
    assert move(coordinator, round_, "choosing") == "scoring"
    Criterion.objects.filter(round=round_, key="speed").update(weight="1")
    assert move(coordinator, round_, "choosing") == "choosing"
    assert page(round_.pk, "pilihan/") in text(coordinator, page(round_.pk))
    assert page(round_.pk, "lembar-keputusan/") in text(coordinator, page(round_.pk))
    assert move(coordinator, round_, "scoring") == "scoring"


def test_a_round_moves_once_by_whoever_runs_it_and_never_past_the_decision_sheet(country, coordinator, operator):
    round_ = round_of(country)
    nominee(country, round_)
    assert move(operator, round_, "scoring") == "nominating"
    assert move(coordinator, round_, "scoring", version=7) == "nominating"  # an old page
    assert move(coordinator, round_, "decided") == "nominating"
    assert coordinator.post(page(round_.pk, "langkah/"), {"step": "terbang"}).status_code == 404
    for state in ("submitted", "decided"):
        Round.objects.filter(pk=round_.pk).update(state=state)
        assert move(coordinator, round_, "choosing") == state


def test_the_desk_says_what_lacks_with_a_way_to_mend_it(country, coordinator):
    round_ = round_of(country)
    assert page(round_.pk, "nominasi/baru/") in text(coordinator, page(round_.pk))
    nominee(country, round_)
    shown = text(coordinator, page(round_.pk))
    assert page(round_.pk, "nominasi/?isian=belum") in shown
    assert page(round_.pk, "nominasi/baru/?dimensi=mobility") in shown or "dimensi=society" in shown
    assert "dimensi=living" in shown  # the figure is a door


def test_an_operator_is_told_what_the_own_nominees_still_owe(country, operator):
    round_ = round_of(country)
    nominee(country, round_)
    assert [lack.url for lack in operator.get(page(round_.pk)).context["lacks"]] == [
        page(round_.pk, "nominasi/?isian=belum")
    ]
    Round.objects.filter(pk=round_.pk).update(state="decided")
    assert operator.get(page(round_.pk)).context["lacks"] == []


def test_a_sheet_that_is_not_finished_is_named_before_the_choice(country, coordinator):
    round_ = round_of(country, state="scoring")
    sheet = ScoreSheet.objects.create(round=round_)
    assert page(round_.pk, "penilaian/") in {lack.url for lack in coordinator.get(page(round_.pk)).context["lacks"]}
    said = [lack.label for lack in coordinator.get(page(round_.pk)).context["desk"].lacks]
    ScoreSheet.objects.filter(pk=sheet.pk).update(withdrawn_at=sheet.created_at)
    assert len(coordinator.get(page(round_.pk)).context["desk"].lacks) == len(said) - 1


def test_the_newest_round_stands_first(country, coordinator):
    for year in (2027, 2026, 2028):
        round_of(country, year=year, state="decided")
    rounds = coordinator.get(f"/{country.plan.slug}/quick-win/").context["rounds"]
    assert [one.year for one in rounds] == [2028, 2027, 2026]


def test_an_operator_reads_the_figures_of_the_own_agency_only(country, coordinator, operator):
    round_ = round_of(country)
    nominee(country, round_)
    theirs = accepted_at(country.transport, country, "Terminal")
    nominee(country, round_, theirs)
    assert operator.get(page(round_.pk)).context["desk"].key_figures[0]["value"] == "1"
    assert coordinator.get(page(round_.pk)).context["desk"].key_figures[0]["value"] == "2"
    assert "Terminal" not in text(operator, page(round_.pk, "nominasi/"))


# --- criteria ---------------------------------------------------------------------------------------------------------


def criteria_data(client, round_, **changed):
    """What the page of the criteria would send, with `changed` fields."""
    form = client.get(page(round_.pk, "kriteria/")).context["form"]
    formset = form.child_rows[0].formset
    data = {"version": Round.objects.get(pk=round_.pk).version}
    data |= {f"criteria-{name}": formset.management_form[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for number, one in enumerate(formset):
        for name in ("id", "name", "hint", "kind", "weight", "result", "is_on"):
            value = one[name].value()
            if value not in (None, False):
                data[f"criteria-{number}-{name}"] = value
    return {name: value for name, value in (data | changed).items() if value is not None}


def test_criteria_are_renamed_weighed_put_out_of_use_and_back(country, coordinator):
    round_ = round_of(country)
    address = page(round_.pk, "kriteria/")
    changed = {"criteria-1-name": "Pesona", "criteria-1-weight": "2,5", "criteria-2-is_on": None}
    assert coordinator.post(address, criteria_data(coordinator, round_, **changed)).status_code == 302
    second, third = round_.criteria.all()[1:3]
    assert (second.name, second.weight, second.key) == ("Pesona", "2.5", "attraction")
    assert third.withdrawn_at is not None
    assert third.withdrawn_by == country.coordinator
    assert "Pesona" in text(coordinator, page(round_.pk))
    coordinator.post(address, criteria_data(coordinator, round_, **{"criteria-2-is_on": "on"}))
    third.refresh_from_db()
    assert third.withdrawn_at is None


def test_a_page_that_changes_nothing_leaves_every_criterion_as_it_is(country, coordinator):
    round_ = round_of(country)
    coordinator.post(page(round_.pk, "kriteria/"), criteria_data(coordinator, round_))
    assert set(round_.criteria.values_list("version", flat=True)) == {1}
    assert not Event.objects.about(round_).filter(verb="edit").exists()


def test_an_own_criterion_a_check_and_a_figure_are_kept(country, coordinator):
    round_ = round_of(country)
    changed = {
        "criteria-0-result": "Ya, semua pokja hadir", "criteria-13-result": "999 dari 1.000 berjalan",
        "criteria-14-name": "Kesiapan desa", "criteria-14-weight": "3", "criteria-14-kind": "scored",
    }  # fmt: skip
    assert (
        coordinator.post(page(round_.pk, "kriteria/"), criteria_data(coordinator, round_, **changed)).status_code == 302
    )
    made = round_.criteria.last()
    assert (made.key, made.name, made.weight, made.kind) == ("kesiapan-desa", "Kesiapan desa", "3", "scored")
    assert round_.criteria.get(key="continuity").result == ""  # it is counted, and nobody types it
    assert "999 dari" not in text(coordinator, page(round_.pk, "kriteria/"))
    assert "Ya, semua pokja hadir" in text(coordinator, page(round_.pk))


@pytest.mark.parametrize("weight", ["-1", "banyak", "1001", "", "NaN"])
def test_a_weight_is_a_number_from_zero(country, coordinator, weight):
    round_ = round_of(country)
    response = coordinator.post(
        page(round_.pk, "kriteria/"), criteria_data(coordinator, round_, **{"criteria-1-weight": weight})
    )
    assert response.status_code == 422
    assert round_.criteria.all()[1].weight == "1"
    assert Draft.objects.count() == 1  # nothing typed is lost


def test_all_weights_zero_are_refused_in_words(country, coordinator):
    round_ = round_of(country)
    zero = {f"criteria-{number}-weight": "0" for number in range(1, 13)}
    response = coordinator.post(page(round_.pk, "kriteria/"), criteria_data(coordinator, round_, **zero))
    assert response.status_code == 422
    assert response.context["form"].non_field_errors()


def test_criteria_rest_when_the_sheet_is_on_its_way_and_are_read_by_everybody(country, coordinator, operator):
    round_ = round_of(country)
    data = criteria_data(coordinator, round_, **{"criteria-1-name": "Pesona"})
    Round.objects.filter(pk=round_.pk).update(state="submitted")
    assert coordinator.post(page(round_.pk, "kriteria/"), data).status_code == 200
    assert Event.objects.about(round_).filter(verb="refuse weights").exists()
    assert round_.criteria.all()[1].name != "Pesona"
    assert round_.criteria.all()[1].name in text(operator, page(round_.pk, "kriteria/"))


def test_two_people_at_the_criteria_see_both_texts(country, coordinator):
    round_ = round_of(country)
    late = criteria_data(coordinator, round_, **{"criteria-1-name": "Milik saya"})
    coordinator.post(
        page(round_.pk, "kriteria/"), criteria_data(coordinator, round_, **{"criteria-1-name": "Milik orang"})
    )
    response = coordinator.post(page(round_.pk, "kriteria/"), late)
    assert response.status_code == 409
    assert "Milik saya" in response.content.decode()
    assert "Milik orang" in response.content.decode()


# --- nominating -------------------------------------------------------------------------------------------------------


def test_an_operator_nominates_innovations_of_the_own_agency_only(country, operator):
    round_ = round_of(country)
    own, theirs = accepted(country), accepted_at(country.transport, country, "Terminal")
    address = page(round_.pk, "nominasi/baru/")
    assert "Terminal" not in text(operator, address)
    response = operator.post(address, {"row": [own.pk, theirs.pk]})
    made = Nomination.objects.get()
    assert (made.innovation, made.proposer, made.organisation_path) == (own, "agency", country.health.path)
    assert response.url == f"/nominasi/{made.pk}/ubah/work/"


def test_a_dimension_coordinator_nominates_those_of_the_dimension_only(country, of_society):
    round_ = round_of(country)
    living, society = accepted(country), accepted(country, "Forum", dimension=country.dimension("society"))
    address = page(round_.pk, "nominasi/baru/")
    assert "Antre dari Rumah" not in text(of_society, address)
    of_society.post(address, {"row": [living.pk, society.pk]})
    made = Nomination.objects.get()
    assert (made.innovation, made.proposer) == (society, "working_group")
    assert of_society.get(f"/inovasi/{living.pk}/nominasi/").status_code == 404
    other = nominee(country, round_, living)
    assert of_society.get(f"/nominasi/{other.pk}/").status_code == 200
    assert of_society.get(f"/nominasi/{other.pk}/ubah/work/").status_code == 404
    assert of_society.get(f"/nominasi/{made.pk}/ubah/work/").status_code == 200


def test_the_secretariat_nominates_many_at_once(country, coordinator):
    round_ = round_of(country)
    rows = [accepted(country, f"Inovasi {number}") for number in range(3)]
    response = coordinator.post(page(round_.pk, "nominasi/baru/"), {"row": [one.pk for one in rows]})
    assert response.url == page(round_.pk, "nominasi/")
    assert set(Nomination.objects.values_list("proposer", flat=True)) == {"coordinator"}
    assert Nomination.objects.count() == 3
    assert not coordinator.get(page(round_.pk, "nominasi/baru/")).context["rows"]


@pytest.mark.parametrize("row", [[], ["0"], ["x"], ["9" * 30], ["-1"], ["1:2:3", "\0"]])
def test_nothing_ticked_or_nonsense_nominates_nothing(country, coordinator, row):
    round_ = round_of(country)
    accepted(country)
    assert coordinator.post(page(round_.pk, "nominasi/baru/"), {"row": row}).status_code == 302
    assert not Nomination.objects.exists()


@pytest.mark.parametrize(
    "values", [{"state": "submitted"}, {"withdrawn_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}]
)
def test_an_innovation_that_left_meanwhile_is_not_nominated(country, coordinator, values):
    round_, innovation = round_of(country), accepted(country)
    Innovation.objects.filter(pk=innovation.pk).update(**values)
    coordinator.post(page(round_.pk, "nominasi/baru/"), {"row": [innovation.pk]})
    coordinator.post(f"/inovasi/{innovation.pk}/nominasi/")
    assert not Nomination.objects.exists()


def test_two_people_who_nominate_the_same_make_one_nominee(country, operator, coordinator):
    round_, innovation = round_of(country), accepted(country)
    operator.post(f"/inovasi/{innovation.pk}/nominasi/")
    made = Nomination.objects.get()
    assert coordinator.post(f"/inovasi/{innovation.pk}/nominasi/").url == f"/nominasi/{made.pk}/"
    coordinator.post(page(round_.pk, "nominasi/baru/"), {"row": [innovation.pk]})
    assert Nomination.objects.get() == made
    with pytest.raises(Refused):
        actions.nominate(round_, innovation, proposer="agency", by=country.operator)


def test_the_database_holds_that_an_innovation_is_nominated_once(country, monkeypatch):
    round_, innovation = round_of(country), accepted(country)
    nominee(country, round_, innovation)
    monkeypatch.setattr(actions, "may_be_nominated", lambda _round: Innovation.objects.all())
    with pytest.raises(Refused):
        actions.nominate(round_, innovation, proposer="agency", by=country.operator)


@pytest.mark.parametrize("state", ["choosing", "submitted", "decided"])
def test_nobody_is_nominated_once_the_set_is_chosen(country, operator, coordinator, state):
    round_, innovation = round_of(country, state=state), accepted(country)
    operator.post(page(round_.pk, "nominasi/baru/"), {"row": [innovation.pk]})
    assert operator.post(f"/inovasi/{innovation.pk}/nominasi/").status_code == 200  # the page says why
    assert not Nomination.objects.exists()
    assert "row-" not in text(coordinator, page(round_.pk, "nominasi/baru/"))


def test_an_innovation_leads_to_its_nomination_and_back(country, operator, client_of):
    innovation = accepted(country)
    detail = f"/inovasi/{innovation.pk}/"
    assert f"{detail}nominasi/" in text(operator, detail)
    assert LIST in text(operator, f"{detail}nominasi/")  # no round yet: where they are
    round_ = round_of(country)
    one = nominee(country, round_, innovation)
    assert f"/nominasi/{one.pk}/" in text(operator, detail)
    assert f"{detail}nominasi/" not in text(client_of(country.mentor), detail)
    Innovation.objects.filter(pk=innovation.pk).update(state="draft")
    assert f"{detail}nominasi/" not in text(operator, detail)


def test_an_agency_is_told_once_when_others_nominate_or_withdraw_its_innovations(country, operator, coordinator):
    round_ = round_of(country)
    rows = [accepted(country, f"Inovasi {number}") for number in range(5)]
    coordinator.post(page(round_.pk, "nominasi/baru/"), {"row": [one.pk for one in rows[:4]]})
    notice = Notice.objects.get(user=country.operator)
    assert "“Inovasi 2”, …" in notice.text
    assert operator.get(notice.address).status_code == 200
    operator.post(f"/inovasi/{rows[4].pk}/nominasi/")
    assert Notice.objects.count() == 1  # who does it oneself knows it
    coordinator.post(f"/nominasi/{Nomination.objects.first().pk}/penarikan/", {"remark": "Kembar", "version": 1})
    assert "Kembar" in Notice.objects.latest("pk").text


# --- the list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(country):
    """A round with three nominees that differ in dimension, agency, money and IT."""
    round_ = round_of(country)
    nominee(country, round_, accepted(country, "Antre"), **complete(round_))
    society = {"dimension": country.dimension("society"), "sub_dimension": None, "is_it": False}
    nominee(country, round_, accepted_at(country.transport, country, "Forum", **society), money="outside")
    gone = accepted(country, "Hilang")
    nominee(country, round_, gone)
    Innovation.objects.filter(pk=gone.pk).update(state="draft", dimension=None, sub_dimension=None)
    return round_


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", "Antre Forum Hilang"),
        ("urut=terbaru", "Hilang Forum Antre"),
        ("dimensi=society", "Forum"),
        ("dimensi=tanpa", "Hilang"),
        ("jenis=non-it", "Forum"),
        ("uang=dpa", "Antre"),
        ("uang=tanpa", "Hilang"),
        ("isian=lengkap", "Antre"),
        ("isian=belum", "Forum Hilang"),
        ("isian=keluar", "Hilang"),
        ("keadaan=ditarik", ""),
        ("q=nTr", "Antre"),
        ("dimensi=x&opd=999&uang=emas&isian=%00&urut=y&sesudah=zz", "Antre Forum Hilang"),
    ],
)
def test_the_list_filters_sorts_and_searches(country, coordinator, three, query, titles):
    rows = coordinator.get(f"{page(three.pk, 'nominasi/')}?{query}").context["rows"]
    assert " ".join(row["title"] for row in rows) == titles


def test_the_list_filters_by_agency_and_shows_money_from_the_budget_lines(country, coordinator, three):
    line(7_000_000, innovation=Innovation.objects.get(title="Forum"))
    rows = coordinator.get(f"{page(three.pk, 'nominasi/')}?opd={country.transport.pk}").context["rows"]
    assert [(row["title"], row["rupiah"]) for row in rows] == [("Forum", 7_000_000)]


def test_lists_and_desk_ask_the_same_however_many_nominees(country, coordinator, django_assert_num_queries):
    round_ = round_of(country)
    nominee(country, round_)
    accepted(country, "Masih bebas")
    pages = {
        "": DESK_QUERIES,
        "nominasi/": LIST_QUERIES,
        "nominasi/baru/": NOMINATE_QUERIES,
        "kriteria/": CRITERIA_QUERIES,
    }

    def measured():
        for more, number in pages.items():
            with django_assert_num_queries(number):
                coordinator.get(page(round_.pk, more))

    for more in pages:
        coordinator.get(page(round_.pk, more))
    measured()
    for number in range(60):
        nominee(country, round_, title=f"Banyak {number:02}")
        accepted(country, f"Bebas {number:02}")
    measured()
    first = coordinator.get(page(round_.pk, "nominasi/"))
    after = first.context["page_of_rows"].after
    second = coordinator.get(page(round_.pk, f"nominasi/?sesudah={after}"))
    assert len(first.context["rows"]) + len(second.context["rows"]) == 61


# --- what a nominee states --------------------------------------------------------------------------------------------

WORK = {"done": "Antrean daring.", "responsible": "Kepala Bidang", "means": "Server yang ada."}
TIME = {"money": "dpa", "starts_on": "2027-02", "finishes_on": "2027-11", "staff_days": "1.200"}


def test_an_operator_states_everything_on_two_short_pages(country, operator):
    one = nominee(country, round_of(country))
    assert set(missing_by_section(one)) == set(SECTIONS)
    response = operator.post(f"/nominasi/{one.pk}/ubah/work/", {**WORK, "version": 1})
    assert response.url == f"/nominasi/{one.pk}/ubah/time/"
    assert operator.post(response.url, {**TIME, "version": 2}).url == f"/nominasi/{one.pk}/"
    one.refresh_from_db()
    assert (one.starts_on, one.finishes_on) == (datetime.date(2027, 2, 1), datetime.date(2027, 11, 30))
    assert (one.staff_days, one.money, missing_by_section(one)) == (1200, "dpa", {})
    shown = text(operator, f"/nominasi/{one.pk}/")
    assert "Antrean daring." in shown
    assert 'value="2027-11" selected' in text(operator, f"/nominasi/{one.pk}/ubah/time/")


@pytest.mark.parametrize(
    ("section", "wrong", "field"),
    [
        ("time", {"finishes_on": "2028-01"}, "finishes_on"),
        ("time", {"starts_on": "2026-12"}, "starts_on"),
        ("time", {"starts_on": "kapan-kapan"}, "starts_on"),
        ("time", {"starts_on": "2027-11", "finishes_on": "2027-02"}, "finishes_on"),
        ("time", {"staff_days": "-5"}, "staff_days"),
        ("time", {"staff_days": "99999999999999999999"}, "staff_days"),
        ("time", {"staff_days": "banyak"}, "staff_days"),
        ("time", {"money": "emas"}, "money"),
        ("work", {"responsible": "x" * 201}, "responsible"),
        ("work", {"done": "x" * 5001}, "done"),
        ("work", {"means": "a\0b"}, "means"),
    ],
)
def test_wrong_statements_are_refused_at_their_field_and_kept(country, operator, section, wrong, field):
    one = nominee(country, round_of(country))
    typed = {**(TIME if section == "time" else WORK), **wrong, "version": 1}
    response = operator.post(f"/nominasi/{one.pk}/ubah/{section}/", typed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    one.refresh_from_db()
    assert one.version == 1
    assert Draft.objects.count() == 1


def test_a_name_of_two_hundred_characters_is_kept(country, operator):
    one = nominee(country, round_of(country))
    operator.post(f"/nominasi/{one.pk}/ubah/work/", {**WORK, "responsible": "K" * 200, "version": 1})
    assert "K" * 200 in text(operator, f"/nominasi/{one.pk}/")


def test_months_are_those_of_the_round_and_its_odd_days_count(country, operator):
    round_ = round_of(country, starts_on=datetime.date(2027, 3, 15), ends_on=datetime.date(2028, 3, 10))
    assert (len(months_of(round_)), months_of(round_)[-1]) == (13, datetime.date(2028, 3, 1))
    one = nominee(country, round_)
    operator.post(f"/nominasi/{one.pk}/ubah/time/", {"starts_on": "2027-03", "finishes_on": "2028-03", "version": 1})
    one.refresh_from_db()
    assert (one.starts_on, one.finishes_on) == (round_.starts_on, round_.ends_on)


def test_a_month_from_other_dates_stays_visible_and_is_refused(country, operator):
    one = nominee(country, round_of(country), finishes_on=datetime.date(2029, 5, 31))
    address = f"/nominasi/{one.pk}/ubah/time/"
    assert 'value="2029-05" selected' in text(operator, address)
    assert operator.post(address, {"finishes_on": "2029-05", "version": 1}).status_code == 422


def test_two_people_at_one_nominee_see_both_texts(country, operator, coordinator):
    one = nominee(country, round_of(country))
    address = f"/nominasi/{one.pk}/ubah/work/"
    coordinator.post(address, {**WORK, "version": 1})
    response = operator.post(address, {**WORK, "done": "Lain sekali.", "version": 1})
    assert response.status_code == 409
    assert "Lain sekali." in response.content.decode()


@pytest.mark.parametrize("state", ["submitted", "decided"])
def test_a_nominee_rests_when_the_sheet_is_on_its_way(country, operator, state):
    round_ = round_of(country)
    one = nominee(country, round_)
    Round.objects.filter(pk=round_.pk).update(state=state)
    assert operator.post(f"/nominasi/{one.pk}/ubah/work/", {**WORK, "version": 1}).url == f"/nominasi/{one.pk}/"
    assert operator.post(f"/nominasi/{one.pk}/dialog/", {}).url == f"/nominasi/{one.pk}/"
    assert operator.post(f"/nominasi/{one.pk}/penarikan/", {"remark": "Batal", "version": 1}).status_code == 302
    one.refresh_from_db()
    assert (one.version, one.done, one.withdrawn_at) == (1, "", None)


def test_money_is_shown_from_the_budget_lines_and_doubted_when_they_say_otherwise(country, operator):
    round_ = round_of(country)
    one = nominee(country, round_, accepted(country, amounts=[250_000_000]), money="dpa")
    shown = operator.get(f"/nominasi/{one.pk}/")
    assert "250.000.000" in shown.content.decode()
    assert f"/inovasi/{one.innovation_id}/" in shown.content.decode()
    assert shown.context["doubt"]
    line(1, innovation=one.innovation, stage="dpa")
    assert not operator.get(f"/nominasi/{one.pk}/").context["doubt"]
    Nomination.objects.update(money="not_needed")
    assert operator.get(f"/nominasi/{one.pk}/").context["doubt"]


def test_who_scores_leaves_a_remark_that_the_agency_settles_on_its_page(country, operator, coordinator):
    one = nominee(country, round_of(country))
    coordinator.post(f"/nominasi/{one.pk}/catatan/", {"field": "done", "text": "Untuk siapa?"})
    note = Remark.objects.get()
    assert "Untuk siapa?" in text(operator, f"/nominasi/{one.pk}/ubah/work/")
    operator.post(f"/nominasi/{one.pk}/ubah/work/", {**WORK, "version": 1, f"remark-{note.pk}-settled": "on"})
    note.refresh_from_db()
    assert note.resolved_by == country.operator


# --- withdrawing ------------------------------------------------------------------------------------------------------


def withdraw(client, one, reason="Uangnya dialihkan", version=None):
    one.refresh_from_db()
    client.post(f"/nominasi/{one.pk}/penarikan/", {"remark": reason, "version": version or one.version})
    one.refresh_from_db()
    return one.withdrawn_at is not None


def test_a_nominee_is_withdrawn_with_a_reason_also_during_scoring_and_its_rules_go_along(country, operator):
    round_ = round_of(country, state="scoring")
    one, other = nominee(country, round_), nominee(country, round_)
    rule = SelectionRule.objects.create(round=round_, kind="needs", nomination=other, other=one)
    assert not withdraw(operator, one, reason="  ")
    assert not withdraw(operator, one, version=9)
    assert withdraw(operator, one)
    rule.refresh_from_db()
    assert rule.withdrawn_at is not None
    assert "Uangnya dialihkan" in text(operator, f"/nominasi/{one.pk}/")
    assert "Uangnya dialihkan" in text(operator, page(round_.pk, "nominasi/?keadaan=ditarik"))
    assert len(operator.get(page(round_.pk, "nominasi/")).context["rows"]) == 1


def test_a_withdrawal_is_not_written_over_by_a_second_one(country, operator):
    one = nominee(country, round_of(country))
    withdraw(operator, one)
    withdraw(operator, one, reason="Lain lagi")
    assert one.reason == "Uangnya dialihkan"


def test_a_withdrawn_nominee_is_not_changed_and_comes_back_with_what_it_said(country, operator):
    one = nominee(country, round_of(country), done="Antrean")
    withdraw(operator, one)
    assert operator.post(f"/nominasi/{one.pk}/ubah/work/", {**WORK, "version": 2}).url == f"/nominasi/{one.pk}/"
    operator.post(f"/nominasi/{one.pk}/pemulihan/", {"version": one.version})
    one.refresh_from_db()
    assert (one.withdrawn_at, one.reason, one.done) == (None, "", "Antrean")
    assert operator.post(f"/nominasi/{one.pk}/pemulihan/", {"version": one.version}).status_code == 404


def test_it_does_not_come_back_beside_itself_after_the_choice_or_without_its_innovation(country, operator):
    round_ = round_of(country)
    one = nominee(country, round_)
    withdraw(operator, one)
    Innovation.objects.filter(pk=one.innovation_id).update(state="draft")
    with pytest.raises(Refused):
        nominating.bring_back(one, by=country.operator, version=one.version)
    Innovation.objects.filter(pk=one.innovation_id).update(state="accepted")
    with pytest.raises(TooLate):
        nominating.bring_back(one, by=country.operator, version=99)
    nominee(country, round_, one.innovation)
    with pytest.raises(Refused):
        nominating.bring_back(one, by=country.operator, version=one.version)
    Round.objects.update(state="choosing")
    one.round.refresh_from_db()
    with pytest.raises(Refused):
        nominating.bring_back(one, by=country.operator, version=one.version)


# --- dialogues --------------------------------------------------------------------------------------------------------

TALK = {"held_on": "10 November 2026", "place": "Balai Desa", "people": "45", "outcome": "Warga mau."}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def district(country):
    return Region.objects.create(
        code="98.01.01", kind="district", name="Cibodas", parent=country.regency, time_zone="Asia/Jakarta"
    )


def test_a_dialogue_is_recorded_with_its_kecamatan_and_minutes_that_its_readers_reach(
    country, operator, coordinator, client_of, district
):
    one = nominee(country, round_of(country))
    minutes = ContentFile(PDF, name="notulen.pdf")
    response = operator.post(f"/nominasi/{one.pk}/dialog/", {**TALK, "district": district.pk, "minutes": minutes})
    assert response.url == f"/nominasi/{one.pk}/"
    made, evidence = Dialogue.objects.get(), Evidence.objects.get()
    assert (made.people, made.district, made.held_on) == (45, district, datetime.date(2026, 11, 10))
    assert "Cibodas" in text(operator, response.url)
    assert coordinator.get(f"/berkas/{evidence.file_id}/").status_code == 200
    assert client_of(country.neighbour).get(f"/berkas/{evidence.file_id}/").status_code == 404
    assert Event.objects.about(one).filter(verb="add dialogue").exists()
    operator.post(f"/nominasi/{one.pk}/dialog/", TALK | {"district": district.pk})  # sent twice
    assert Dialogue.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"held_on": "1 Januari 2099"}, "held_on"),
        ({"held_on": ""}, "held_on"),
        ({"people": "-3"}, "people"),
        ({"people": "0"}, "people"),
        ({"people": ""}, "people"),
        ({"people": "9" * 40}, "people"),
        ({"district": "999999"}, "district"),
        ({"place": "x" * 201}, "place"),
        ({"outcome": "x" * 5001}, "outcome"),
    ],
)
def test_a_dialogue_that_cannot_be_is_refused_at_its_field(country, operator, wrong, field):
    one = nominee(country, round_of(country))
    response = operator.post(f"/nominasi/{one.pk}/dialog/", {**TALK, **wrong})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Dialogue.objects.exists()


def test_a_kecamatan_of_another_region_is_not_offered(country, operator):
    foreign = Region.objects.create(
        code="98.71.01", kind="district", name="Seberang", parent=country.city, time_zone="Asia/Jakarta"
    )
    one = nominee(country, round_of(country))
    assert "Seberang" not in text(operator, f"/nominasi/{one.pk}/dialog/")
    assert operator.post(f"/nominasi/{one.pk}/dialog/", {**TALK, "district": foreign.pk}).status_code == 422


def test_minutes_that_are_no_paper_are_refused_and_nothing_is_kept(country, operator):
    one = nominee(country, round_of(country))
    response = operator.post(f"/nominasi/{one.pk}/dialog/", {**TALK, "minutes": ContentFile(b"MZ\x90", name="a.exe")})
    assert response.status_code == 422
    assert "minutes" in response.context["form"].errors
    assert not Dialogue.objects.exists()


def test_a_dialogue_is_mended_gets_minutes_later_and_is_taken_away(country, operator):
    one = nominee(country, round_of(country))
    talk = dialogue(country, one)
    address = f"/dialog-warga/{talk.pk}/"
    assert operator.post(address, {**TALK, "people": "60", "version": 1}).url == f"/nominasi/{one.pk}/"
    operator.post(f"{address}notulen/", {"title": "Notulen", "kind": "report", "link": "https://contoh.id/notulen"})
    evidence = Evidence.objects.get()
    assert "contoh.id/notulen" in text(operator, f"/nominasi/{one.pk}/")
    operator.post(f"{address}notulen/{evidence.pk}/penarikan/")
    assert "contoh.id/notulen" not in text(operator, f"/nominasi/{one.pk}/")
    assert operator.post(f"{address}penarikan/", {"version": 1}).url == address  # an old page
    assert operator.post(f"{address}penarikan/", {"version": 2}).url == f"/nominasi/{one.pk}/"
    assert operator.get(address).status_code == 404
    assert Event.objects.about(one).filter(verb="withdraw dialogue").exists()


# --- the navigation ---------------------------------------------------------------------------------------------------


def waiting(client, address="/kabupaten-uji/"):
    items = [item for group in client.get(address).context["navigation"] for item in group.items]
    return next((item.count for item in items if item.url == LIST), None)


def test_the_navigation_counts_what_this_person_still_has_to_state(country, operator, coordinator, client_of):
    assert waiting(operator) == 0
    assert waiting(client_of(country.assessor)) is None
    round_ = round_of(country)
    one = nominee(country, round_)
    nominee(country, round_, accepted_at(country.transport, country, "Terminal"))
    assert (waiting(operator), waiting(coordinator), waiting(client_of(country.mentor))) == (1, 2, 0)
    Nomination.objects.filter(pk=one.pk).update(**complete(round_))
    assert waiting(operator) == 0
    Round.objects.update(state="submitted")
    assert waiting(coordinator) == 0


def test_the_navigation_counts_sheets_of_scorers_and_of_the_office_whose_turn_it_is(country, coordinator, client_of):
    round_ = round_of(country, state="scoring", scoring="blind")
    sheet = ScoreSheet.objects.create(round=round_, scorer=country.mentor)
    group = ScoreSheet.objects.create(round=round_, dimension=country.dimension())
    assert (waiting(client_of(country.mentor)), waiting(coordinator)) == (1, 0)
    Round.objects.update(scoring="consensus")
    assert (waiting(client_of(country.mentor)), waiting(coordinator)) == (0, 1)
    Round.objects.update(state="submitted")
    decision = DecisionSheet.objects.create(round=round_, number="1", code="A")
    assert (waiting(client_of(country.mentor)), waiting(coordinator)) == (1, 1)  # an opinion; the first office
    SheetStep.objects.create(sheet=decision, office="working_group", verdict="endorsed")
    SheetStep.objects.create(sheet=decision, office="mentor", verdict="opinion")
    assert (waiting(client_of(country.mentor)), waiting(coordinator)) == (0, 1)  # the team
    SheetStep.objects.create(sheet=decision, office="team", verdict="endorsed")
    assert waiting(coordinator) == 0
    assert {sheet.finished_at, group.finished_at} == {None}
