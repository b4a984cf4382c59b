"""Pages of the action plan: who sees and writes what, that nothing typed is lost, and what hostile input does."""

import datetime

import pytest

from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.drafts.models import Draft
from praja.foundation.plans.models import BudgetLine, Deadline, Indicator
from praja.foundation.remarks.models import Remark
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap import actions
from praja.stages.roadmap.action_forms import SECTIONS
from praja.stages.roadmap.models import Action, Capacity, Programme, Strategy
from praja.stages.roadmap.tests.making import accepted, line, programme_of, started, strategy_of, sub_dimension

LIST = "/kabupaten-uji/rencana-aksi/"


@pytest.fixture
def operator(country, client_of):
    return client_of(country.operator)


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


# --- new --------------------------------------------------------------------------------------------------------------


def test_an_action_begun_from_an_innovation_knows_what_that_says(country, operator):
    innovation = accepted(country, amounts=[5_000], start_year=2020, end_year=2028)
    address = f"{LIST}baru/?inovasi={innovation.pk}"
    assert 'value="Antre dari Rumah"' in operator.get(address).content.decode()
    said = {"title": "Membangun aplikasi", "family": "application", "organisation": country.health.pk}
    response = operator.post(address, said)
    action = Action.objects.get()
    assert response.url == f"/rencana-aksi/{action.pk}/ubah/identity/"
    assert (action.innovation, action.sub_dimension, action.start_year, action.end_year) == (
        innovation, sub_dimension(country), 2026, 2028,
    )  # fmt: skip
    assert action.budget_lines.get().amount_rupiah == 5_000


def test_the_form_sent_twice_begins_one_action(country, operator):
    said = {"title": "Forum", "organisation": country.health.pk}
    operator.post(f"{LIST}baru/", said)
    operator.post(f"{LIST}baru/", said)
    assert Action.objects.count() == 1


def test_an_innovation_that_is_not_accepted_says_so_and_begins_nothing(country, operator):
    innovation = accepted(country, state="submitted")
    address = f"{LIST}baru/?inovasi={innovation.pk}"
    said = {"title": "Forum", "organisation": country.health.pk}
    assert operator.post(address, said).status_code == 422
    assert not Action.objects.exists()


@pytest.mark.parametrize("query", ["?inovasi=0", "?inovasi=x", "?program=99999999999999999999", "?inovasi=²"])
def test_an_address_that_names_nothing_is_404(operator, query):
    assert operator.get(f"{LIST}baru/{query}").status_code == 404


def test_nobody_begins_an_action_for_another_agency(country, operator):
    said = {"title": "Forum", "organisation": country.transport.pk}
    assert operator.post(f"{LIST}baru/", said).status_code == 422
    accepted_elsewhere = accepted(country)
    Innovation.objects.filter(pk=accepted_elsewhere.pk).update(
        organisation=country.transport, organisation_path=country.transport.path
    )
    assert operator.get(f"{LIST}baru/?inovasi={accepted_elsewhere.pk}").status_code == 404


# --- list -------------------------------------------------------------------------------------------------------------


def test_the_list_filters_by_dimension_agency_family_year_and_warning(country, operator):
    health = started(country, accepted(country), title="Membangun aplikasi", family="application")
    other = started(country, title="Forum", organisation=country.transport, by=country.coordinator)
    Action.objects.filter(pk=health.pk).update(start_year=2027, end_year=2029)
    Capacity.objects.create(plan=country.plan, organisation=country.health, year=2028, simultaneous=0)
    for query, hit in (
        ("dimensi=living", health),
        (f"opd={country.transport.pk}", other),
        ("rumpun=application", health),
        ("tahun=2029", health),
        ("peringatan=at_once", health),
        ("q=liv-1", health),
    ):
        page = operator.get(f"{LIST}?{query}").content.decode()
        assert f"/rencana-aksi/{hit.pk}/" in page, query
        assert f"/rencana-aksi/{(other if hit == health else health).pk}/" not in page, query


@pytest.mark.parametrize(
    "query", ["tahun=²", "opd=-1", "dimensi=x", "urut=pk", "sesudah=%00", "peringatan=' or 1=1", "q=%00"]
)
def test_unknown_filters_filter_nothing(country, operator, query):
    started(country)
    assert "Membangun aplikasi" in operator.get(f"{LIST}?{query}").content.decode()


def test_who_writes_for_an_agency_finds_what_it_can_carry(country, operator, coordinator):
    address = f"/perangkat-daerah/{country.health.pk}/kemampuan/"
    assert address in operator.get(LIST).content.decode()
    assert address not in coordinator.get(LIST).content.decode()
    assert address in coordinator.get(f"/perangkat-daerah/{country.health.pk}/").content.decode()


def test_the_list_asks_the_same_however_long_it_is(country, operator, django_assert_num_queries):
    def measured(number):
        with django_assert_num_queries(number):
            operator.get(LIST)

    started(country, accepted(country, amounts=[1]))
    operator.get(LIST)
    measured(16)
    for number in range(60):
        started(country, title=f"Aksi {number}")
    measured(16)


# --- one action -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS)
def test_every_page_of_the_form_opens_and_keeps_what_is_typed(country, operator, section):
    action = started(country, accepted(country))
    address = f"/rencana-aksi/{action.pk}/ubah/{section}/"
    assert operator.get(address).status_code == 200
    assert operator.post(f"{address}ketikan/", {"title": "Ketikan", "version": 1}).status_code == 200
    assert Draft.objects.get().kind == "typed"
    assert operator.get(address).status_code == 200


def test_a_neighbour_and_another_agency_reach_nothing_to_write(country, client_of):
    action = started(country)
    for user, expected in ((country.neighbour, 404), (country.assessor, 200)):
        client = client_of(user)
        assert client.get(f"/rencana-aksi/{action.pk}/").status_code == expected
        for path in ("ubah/money/", "penarikan/", "pemulihan/", "ubah/money/ketikan/"):
            assert client.post(f"/rencana-aksi/{action.pk}/{path}", {"version": 1}).status_code == 404


def test_after_the_stage_has_closed_only_the_secretariat_writes(country, operator, coordinator):
    action = started(country)
    Deadline.objects.create(
        plan=country.plan, stage="roadmap", closes_on=country.plan.today - datetime.timedelta(days=1)
    )
    assert operator.get(f"/rencana-aksi/{action.pk}/").status_code == 200
    assert operator.get(f"/rencana-aksi/{action.pk}/ubah/identity/").status_code == 404
    assert coordinator.get(f"/rencana-aksi/{action.pk}/ubah/identity/").status_code == 200
    said = {"title": "Baru", "organisation": country.health.pk}
    response = operator.post(f"{LIST}baru/", said)
    assert (response.status_code, Action.objects.count()) == (422, 1)
    assert "Baru" in response.content.decode()


def test_two_writers_of_a_page_see_both_texts(country, operator, coordinator):
    action = started(country)
    address = f"/rencana-aksi/{action.pk}/ubah/law/"
    operator.post(address, {"version": 1, "legal_basis": "Perbup 1"})
    response = coordinator.post(address, {"version": 1, "legal_basis": "Perbup 2"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Perbup 1" in page
    assert "Perbup 2" in page


def test_indicators_have_targets_for_each_year(country, operator):
    action = started(country)
    row = {"name": "Petugas terlatih", "unit": "orang", "level": "output", "baseline": "3", "baseline_year": "2025",
           "target_2026": "10", "target_2035": "12,5"}  # fmt: skip
    data = {f"indicators-0-{key}": value for key, value in row.items()}
    data |= {"version": 1, "indicators-TOTAL_FORMS": 1, "indicators-INITIAL_FORMS": 0}
    operator.post(f"/rencana-aksi/{action.pk}/ubah/indicators/", data)
    indicator = Indicator.objects.get()
    assert indicator.action == action
    assert dict(indicator.targets.values_list("year", "value")) == {2026: "10", 2035: "12.5"}


def test_remarks_are_left_by_whoever_reads_the_books_and_mended_by_the_agency(country, operator, client_of):
    action = started(country)
    client_of(country.mentor).post(f"/rencana-aksi/{action.pk}/catatan/", {"field": "output", "text": "Terlalu umum"})
    remark = Remark.objects.get()
    assert "Terlalu umum" in operator.get(f"/rencana-aksi/{action.pk}/ubah/identity/").content.decode()
    operator.post(f"/rencana-aksi/{action.pk}/catatan/{remark.pk}/", {"do": "settle", "answer": "Sudah"})
    remark.refresh_from_db()
    assert remark.resolved_at


def test_withdrawing_what_is_needed_says_why_and_coming_back_works(country, operator):
    first, second = started(country), started(country, title="Dua")
    second.dependencies.create(needs=first)
    page = operator.post(f"/rencana-aksi/{first.pk}/penarikan/", {"version": 1}, follow=True).content.decode()
    assert "RA-2 Dua" in page
    second.dependencies.update(withdrawn_at="2026-01-01T00:00Z")
    operator.post(f"/rencana-aksi/{first.pk}/penarikan/", {"version": 1, "remark": "Ganda"})
    assert Action.objects.get(pk=first.pk).withdrawn_at
    operator.post(f"/rencana-aksi/{first.pk}/pemulihan/", {"version": 2})
    assert Action.objects.get(pk=first.pk).withdrawn_at is None


# --- money ------------------------------------------------------------------------------------------------------------


def test_money_is_shared_on_its_page_and_wrong_parts_are_kept(country, operator):
    innovation = accepted(country, amounts=[10_000])
    first, second = started(country, innovation), started(country, innovation, title="Melatih")
    money, address = BudgetLine.objects.get(), f"/inovasi/{innovation.pk}/pembagian-anggaran/"
    version = Innovation.objects.get().version
    data = {
        "version": version,
        f"action-{money.pk}": first.pk,
        f"amount-{money.pk}": "99.999",
        f"to-{money.pk}": second.pk,
    }
    response = operator.post(address, data)
    assert response.status_code == 422
    assert "99.999" in response.content.decode()
    assert operator.post(address, {**data, f"amount-{money.pk}": "4.000"}).status_code == 302
    assert sorted(BudgetLine.objects.values_list("action", "amount_rupiah")) == [(first.pk, 6_000), (second.pk, 4_000)]
    assert (
        operator.post(address, {**data, f"amount-{money.pk}": "1.000"}).status_code == 422
    )  # the other line is missing


def test_the_page_of_the_innovation_shows_its_money_with_links_to_the_actions(country, coordinator):
    innovation = accepted(country, amounts=[10_000])
    action = started(country, innovation)
    page = coordinator.get(f"/inovasi/{innovation.pk}/ubah/money/").content.decode()
    assert f"/rencana-aksi/{action.pk}/ubah/money/" in page
    assert "money-TOTAL_FORMS" not in page
    assert f"/rencana-aksi/{action.pk}/" in coordinator.get(f"/inovasi/{innovation.pk}/").content.decode()
    data = {"version": 2, "money-TOTAL_FORMS": 1, "money-INITIAL_FORMS": 0, "money-0-year": "2027",
            "money-0-source": "apbn", "money-0-kind": "operation", "money-0-amount_rupiah": "777.000"}  # fmt: skip
    response = coordinator.post(f"/inovasi/{innovation.pk}/ubah/money/", data)
    assert response.status_code == 422
    assert "777.000" in response.content.decode()
    assert BudgetLine.objects.count() == 1


def test_a_money_page_whose_lines_were_shared_meanwhile_shows_both(country, operator):
    innovation = accepted(country, amounts=[10_000])
    first, second = started(country, innovation), started(country, innovation, title="Melatih")
    money = BudgetLine.objects.get()
    innovation.refresh_from_db()
    actions.share_money(innovation, [(money, second, 0, None)], by=country.coordinator, version=innovation.version)
    data = {"version": 1, "money-TOTAL_FORMS": 1, "money-INITIAL_FORMS": 1, "money-0-id": money.pk, "money-0-year": "2027",
            "money-0-source": "apbn", "money-0-kind": "operation", "money-0-stage": "rka", "money-0-amount_rupiah": "10.000"}  # fmt: skip
    assert operator.post(f"/rencana-aksi/{first.pk}/ubah/money/", data).status_code == 409
    assert BudgetLine.objects.count() == 1


# --- what an agency can carry -----------------------------------------------------------------------------------------


def test_an_agency_says_what_it_can_carry(country, operator, client_of):
    address = f"/perangkat-daerah/{country.health.pk}/kemampuan/"
    assert operator.get(address).content.decode().count('name="capacity-') >= 10
    data = {"version": country.health.version, "capacity-TOTAL_FORMS": 2, "capacity-INITIAL_FORMS": 0,
            "capacity-0-year": "2027", "capacity-0-money_rupiah": "1,5 miliar", "capacity-1-year": "2028",
            "capacity-1-simultaneous": "3"}  # fmt: skip
    assert operator.post(address, data).status_code == 302
    said = Capacity.objects.values_list("year", "money_rupiah", "simultaneous")
    assert list(said) == [(2027, 1_500_000_000, None), (2028, None, 3)]
    assert client_of(country.neighbour).get(address).status_code == 404
    assert operator.get(f"/perangkat-daerah/{country.transport.pk}/kemampuan/").status_code == 404


def test_a_year_twice_is_refused_and_lines_may_change_places(country, operator):
    rows = [Capacity.objects.create(plan=country.plan, organisation=country.health, year=year, simultaneous=number)
            for year, number in ((2027, 1), (2028, 2))]  # fmt: skip
    data = {"version": country.health.version, "capacity-TOTAL_FORMS": 2, "capacity-INITIAL_FORMS": 2}
    for place, (row, year) in enumerate(zip(rows, ("2028", "2028"), strict=True)):
        data |= {
            f"capacity-{place}-id": row.pk,
            f"capacity-{place}-year": year,
            f"capacity-{place}-simultaneous": place + 5,
        }
    address = f"/perangkat-daerah/{country.health.pk}/kemampuan/"
    assert operator.post(address, data).status_code == 422
    assert operator.post(address, {**data, "capacity-1-year": "2027"}).status_code == 302
    assert dict(Capacity.objects.values_list("year", "simultaneous")) == {2028: 5, 2027: 6}


# --- warnings ---------------------------------------------------------------------------------------------------------


def test_warnings_are_grouped_and_filtered_by_agency(country, operator):
    action = started(country, accepted(country))
    Action.objects.update(start_year=2027, end_year=2028)
    line(900, action=action, innovation=action.innovation)
    Capacity.objects.create(plan=country.plan, organisation=country.health, year=2027, money_rupiah=1, simultaneous=0)
    page = operator.get(f"{LIST}peringatan/").content.decode()
    assert page.count("Dinkes") >= 2
    assert "Dinkes " in operator.get(f"{LIST}peringatan/?opd={country.health.pk}").content.decode()
    assert operator.get(f"{LIST}peringatan/?opd=²").status_code == 200


# --- strategies and programmes ----------------------------------------------------------------------------------------


def test_the_tree_shows_a_dimension_from_sub_dimension_to_action(country, operator, django_assert_num_queries):
    programme, innovation = programme_of(country), accepted(country)
    actions.hang(programme, innovations=[innovation.pk], by=country.coordinator)
    started(country, innovation, programme=programme)
    page = operator.get("/kabupaten-uji/strategi/living/").content.decode()
    for text in (
        "Layanan dekat dengan warga",
        "Program Layanan Dekat",
        "Antre dari Rumah",
        "LIV-1.1 Membangun aplikasi",
    ):
        assert text in page
    assert "urutan/" not in page  # who only reads sees no buttons
    with django_assert_num_queries(14):
        operator.get("/kabupaten-uji/strategi/living/")
    assert operator.get("/kabupaten-uji/strategi/tidak-ada/").status_code == 404


def test_strategies_and_programmes_are_written_moved_and_withdrawn(country, coordinator):
    sub = sub_dimension(country)
    for text in ("Satu", "Dua"):
        coordinator.post(f"/kabupaten-uji/strategi/baru/{sub.pk}/", {"text": text})
    first, second = Strategy.objects.order_by("order")
    coordinator.post(f"/strategi/{second.pk}/urutan/", {"do": "up"})
    assert [one.text for one in Strategy.objects.order_by("order")] == ["Dua", "Satu"]
    response = coordinator.post(f"/strategi/{first.pk}/program/", {"title": "Program"})
    programme = Programme.objects.get()
    assert response.url == f"/program/{programme.pk}/ubah/"
    coordinator.post(f"/strategi/{first.pk}/penarikan/", {"version": 1})
    assert Strategy.objects.in_service().count() == 2
    coordinator.post(f"/program/{programme.pk}/penarikan/", {"version": 1})
    coordinator.post(f"/strategi/{first.pk}/penarikan/", {"version": 1})
    assert Strategy.objects.in_service().get().text == "Dua"


def test_an_innovation_placed_elsewhere_meanwhile_is_not_placed_twice(country, coordinator):
    innovation, first, second = accepted(country), programme_of(country, "Satu"), programme_of(country, "Dua")
    page = coordinator.get(f"/program/{second.pk}/ubah/").content.decode()
    assert "Antre dari Rumah" in page
    actions.hang(first, innovations=[innovation.pk], by=country.coordinator)
    said = {"version": 1, "title": "Dua", "innovations": [innovation.pk]}
    assert coordinator.post(f"/program/{second.pk}/ubah/", said).status_code == 422
    coordinator.post("/kabupaten-uji/strategi/gantung/", {"programme": second.pk, "innovation": [innovation.pk]})
    assert list(innovation.programmes.all()) == [first]


@pytest.mark.parametrize(
    "values", [{}, {"programme": "x", "innovation": "1"}, {"programme": "²", "innovation": ["²", "-1"]}]
)
def test_hanging_nonsense_says_what_to_do(country, coordinator, values):
    strategy_of(country)
    assert coordinator.post("/kabupaten-uji/strategi/gantung/", values).status_code == 302


def test_who_writes_for_an_agency_writes_no_strategy(country, operator):
    programme = programme_of(country)
    for address in (f"/program/{programme.pk}/", f"/strategi/{programme.strategy_id}/"):
        assert operator.get(f"{address}ubah/").status_code == 404
        assert operator.post(f"{address}urutan/", {"do": "up"}).status_code == 404


def test_a_strategy_saved_by_somebody_else_meanwhile_shows_both(country, coordinator):
    strategy = strategy_of(country)
    update_if_unchanged(strategy, {"text": "Teks mereka"}, by=country.coordinator, version=1)
    response = coordinator.post(f"/strategi/{strategy.pk}/ubah/", {"version": 1, "text": "Teks saya"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Teks mereka" in page
    assert "Teks saya" in page
