"""Profiles of quick wins: who reads and writes them, what they point at, risks, months, and their way to accepted."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from praja.foundation.accounts.models import Membership, Person, Position, User
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.models import Draft
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import BudgetLine, Indicator
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.quick_wins import profile
from praja.stages.quick_wins.menu import waiting
from praja.stages.quick_wins.models import PlannedMonth, QuickWin, Risk
from praja.stages.quick_wins.profile import PARTS, doubts_about, lacking, planned, take_step, with_parts
from praja.stages.quick_wins.search import SEARCHED
from praja.stages.quick_wins.tests.making import nominee, round_of

LIST = "/kabupaten-uji/quick-win/profil/"
LIST_QUERIES, DETAIL_QUERIES, IDENTITY_QUERIES, MONTHS_QUERIES = 8, 15, 10, 10


@pytest.fixture
def operator(country, client_of):
    return client_of(country.operator)


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def quick_win(country):
    return quick_win_of(country)


def quick_win_of(country, round_=None, agency="own", **values):
    """A quick win of a decided round, with the agency of its innovation and an empty profile."""
    round_ = round_ or round_of(country)
    type(round_).objects.filter(pk=round_.pk).update(state="nominating")  # as it was before
    named = nominee(country, round_, done="Antrean di lima puskesmas.", means="Server yang ada.")
    type(round_).objects.filter(pk=round_.pk).update(state="decided")
    values = {"dimension": named.innovation.dimension, "organisation": named.innovation.organisation, **values}
    return QuickWin.objects.create(
        round=round_, nomination=named, innovation=named.innovation, plan=country.plan, **values
    )


def office_of(agency, title="Kepala Bidang Layanan"):
    return Position.objects.create(organisation=agency, title=title, person=Person.objects.create(name="Ani"))


def ready(country, quick_win):
    """The quick win with the office that answers for it."""
    QuickWin.objects.filter(pk=quick_win.pk).update(position=office_of(country.health))
    return fresh(quick_win)


def fresh(quick_win):
    return QuickWin.objects.get(pk=quick_win.pk)


def page(quick_win, more=""):
    return f"/quick-win/{quick_win.pk}/{more}"


def text(client, address):
    return client.get(address).content.decode()


def send(client, quick_win, section, **typed):
    return client.post(page(quick_win, f"ubah/{section}/"), {"version": quick_win.version, **typed})


def step(client, quick_win, key, **more):
    return client.post(page(quick_win, "langkah/"), {"step": key, "version": fresh(quick_win).version, **more})


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_the_list_shows_each_quick_win_with_who_answers_for_it_and_how_whole_it_is(country, coordinator, quick_win):
    shown = text(coordinator, LIST)
    assert str(quick_win) in shown
    assert "Dinas Kesehatan" in shown
    assert f"dari {len(PARTS)}" in shown
    assert page(quick_win) in shown


def test_without_a_quick_win_the_list_leads_to_the_rounds(country, coordinator):
    assert reverse("round-list", args=["kabupaten-uji"]) in text(coordinator, LIST)


def test_each_round_has_its_tab_and_the_newest_is_shown_first(country, coordinator, quick_win):
    later = quick_win_of(country, round_of(country, year=2028))
    shown = text(coordinator, LIST)
    assert page(later) in shown
    assert page(quick_win) not in shown
    assert page(quick_win) in text(coordinator, f"{LIST}?putaran={quick_win.round_id}")
    assert page(later) in text(coordinator, f"{LIST}?putaran=%00x")


def test_an_operator_sees_the_own_agency_alone_and_strangers_nothing(country, client_of, operator, quick_win):
    other = quick_win_of(country, round_of(country, year=2028), organisation=country.transport)
    assert operator.get(page(quick_win)).status_code == 200
    assert operator.get(page(other)).status_code == 404
    for user in (country.neighbour, country.assessor):
        assert client_of(user).get(page(quick_win)).status_code == 404


def test_the_desk_and_the_list_of_rounds_lead_to_the_profiles_once_decided(country, coordinator, quick_win):
    assert f"{LIST}?putaran={quick_win.round_id}" in text(coordinator, f"/quick-win/putaran/{quick_win.round_id}/")
    assert LIST in text(coordinator, "/kabupaten-uji/quick-win/")


def test_the_desk_of_an_open_round_does_not(country, coordinator):
    assert LIST not in text(coordinator, f"/quick-win/putaran/{round_of(country).pk}/")


# --- one page ---------------------------------------------------------------------------------------------------------


def test_what_the_innovation_says_is_pointed_at_and_mended_there(country, coordinator, operator, quick_win):
    innovation = quick_win.innovation
    Innovation.objects.filter(pk=innovation.pk).update(goal="Antre paling lama 30 menit.", uniqueness="Satu nomor.")
    BudgetLine.objects.create(innovation=innovation, year=2027, source="csr", amount_rupiah=125_000_000)
    Partner.objects.create(innovation=innovation, name="Universitas Uji", kind="academia")
    indicator = Indicator.objects.create(innovation=innovation, name="Waktu tunggu", unit="menit", baseline="210")
    indicator.targets.create(year=2027, value="30")
    shown = text(coordinator, page(quick_win))
    for words in (
        "Antre paling lama 30 menit.",
        "Satu nomor.",
        "Rp125.000.000",
        "Universitas Uji",
        "Waktu tunggu",
        "210",
    ):
        assert words in shown
    assert f"/inovasi/{innovation.pk}/ubah/how/" in shown
    assert f"/inovasi/{innovation.pk}/ubah/how/" not in text(operator, page(quick_win))  # it is accepted: only read
    assert f"/inovasi/{innovation.pk}/" in text(operator, page(quick_win))


def test_what_lacks_leads_to_where_it_is_mended(country, operator, client_of, quick_win):
    shown = text(operator, page(quick_win))
    for section in ("identity", "problem", "means", "risks", "months"):
        assert page(quick_win, f"ubah/{section}/") in shown
    assert page(quick_win, "ubah/") not in text(client_of(country.mentor), page(quick_win))


def test_each_part_that_comes_makes_the_profile_more_whole(country, quick_win):
    def lacks():
        return len(lacking(with_parts(QuickWin.objects.filter(pk=quick_win.pk)).get()))

    before = lacks()
    QuickWin.objects.filter(pk=quick_win.pk).update(problem="3,5 jam", resources="Dua orang")
    assert lacks() == before - 2
    bare = Risk.objects.create(quick_win=quick_win, factor="Rotasi", likelihood=2, impact=3)
    assert lacks() == before - 3
    Risk.objects.filter(pk=bare.pk).update(structural="SK tim")
    assert lacks() == before - 4


def test_the_page_of_a_whole_profile_draws_risks_and_months(country, coordinator, quick_win):
    Risk.objects.create(quick_win=quick_win, factor="Rotasi <b>", likelihood=2, impact=3)
    PlannedMonth.objects.create(quick_win=quick_win, month="2027-01-01", activity="Rapat", target_percent=10)
    shown = text(coordinator, page(quick_win))
    assert "risk-matrix" in shown
    assert "Rotasi &lt;b&gt;" in shown
    assert "Rotasi <b>" not in shown
    assert "10%" in shown
    assert shown.count("<svg") >= 2


# --- short pages ------------------------------------------------------------------------------------------------------


def test_a_page_is_saved_with_its_line_of_history(country, operator, quick_win):
    answer = send(operator, quick_win, "problem", problem="Menunggu 3,5 jam.", benefit_figures="30 menit.")
    assert answer.status_code == 302
    assert answer.url == page(quick_win, "ubah/means/")
    assert fresh(quick_win).problem == "Menunggu 3,5 jam."
    assert Event.objects.about(quick_win).first().verb == "edit"


def test_who_comes_second_sees_both_texts(country, operator, quick_win):
    send(operator, quick_win, "problem", problem="Satu.")
    answer = send(operator, quick_win, "problem", problem="Dua.")
    assert answer.status_code == 409
    assert b"Satu." in answer.content
    assert b"Dua." in answer.content
    assert Draft.objects.filter(user=country.operator).exists()


def test_the_office_is_one_of_the_owner_agency(country, coordinator, quick_win):
    own, foreign = office_of(country.health), office_of(country.transport)
    typed = {"organisation": country.health.pk, "acronym": "ANTRE", "full_name": ""}
    assert send(coordinator, quick_win, "identity", position=foreign.pk, **typed).status_code == 422
    assert send(coordinator, quick_win, "identity", position=own.pk, **typed).status_code == 302
    assert fresh(quick_win).position == own


def test_an_operator_does_not_give_the_quick_win_away(country, operator, quick_win):
    typed = {"organisation": country.transport.pk, "acronym": "", "full_name": "", "position": ""}
    assert send(operator, quick_win, "identity", **typed).status_code == 422
    assert fresh(quick_win).organisation == country.health


def test_with_another_agency_its_people_reach_the_profile_and_remarks_go_along(
    country, coordinator, operator, quick_win
):
    coordinator.post(page(quick_win, "catatan/"), {"field": "problem", "text": "Sebut tahunnya."})
    typed = {"organisation": country.transport.pk, "acronym": "", "full_name": "", "position": ""}
    assert send(coordinator, quick_win, "identity", **typed).status_code == 302
    assert operator.get(page(quick_win)).status_code == 404
    assert Remark.objects.about(quick_win).get().organisation_path == country.transport.organisation_path


def test_a_name_is_not_said_twice(country, quick_win):
    assert profile.long_name(quick_win) == ""
    quick_win.acronym = str(quick_win.innovation).upper()
    assert profile.long_name(quick_win) == ""
    quick_win.full_name = "Antrean Terpadu"
    assert profile.long_name(quick_win) == "Antrean Terpadu"


def test_an_office_that_is_not_there_is_added_once_and_can_be_chosen(country, operator, quick_win):
    address = page(quick_win, "jabatan/")
    typed = {"title": "Kepala Bidang Layanan", "name": "Ani Lestari"}
    assert operator.post(address, {"title": "", "name": "Ani"}).status_code == 422
    assert operator.post(address, typed).url == page(quick_win, "ubah/identity/")
    operator.post(address, typed)
    made = Position.objects.get(title="Kepala Bidang Layanan")
    assert made.organisation == country.health
    assert not made.is_head
    assert "Kepala Bidang Layanan (Ani Lestari)" in text(operator, page(quick_win, "ubah/identity/"))


def test_without_an_owner_agency_no_office_is_added(country, coordinator):
    quick_win = quick_win_of(country, organisation=None)
    assert coordinator.post(page(quick_win, "jabatan/"), {"title": "A", "name": "B"}).status_code == 302
    assert not Position.objects.exists()


def test_a_page_that_is_unknown_or_of_others_is_not_there(country, operator, client_of, quick_win):
    assert operator.get(page(quick_win, "ubah/apa/")).status_code == 404
    assert client_of(country.mentor).get(page(quick_win, "ubah/identity/")).status_code == 404
    assert client_of(country.mentor).get(page(quick_win, "jabatan/")).status_code == 404


def test_what_is_typed_is_kept_as_a_draft(country, operator, quick_win):
    operator.post(page(quick_win, "ubah/problem/ketikan/"), {"version": 1, "problem": "Belum selesai"})
    assert "Belum selesai" in text(operator, page(quick_win, "ubah/problem/"))
    assert fresh(quick_win).problem == ""


# --- risks ------------------------------------------------------------------------------------------------------------


def risks(*rows, stored=0):
    """The risk sheet as the page sends it."""
    typed = {"risks-TOTAL_FORMS": len(rows), "risks-INITIAL_FORMS": stored}
    for number, row in enumerate(rows):
        typed |= {f"risks-{number}-{name}": value for name, value in row.items()}
    return typed


def test_risks_are_added_changed_and_taken_away(country, operator, quick_win):
    row = {"factor": "Rotasi", "cause": "Mutasi", "likelihood": 2, "impact": 3, "structural": "", "non_structural": ""}
    assert send(operator, quick_win, "risks", **risks(row)).status_code == 302
    risk = Risk.objects.get()
    assert risk.value == 6
    stored = {**row, "id": risk.pk}
    assert send(operator, fresh(quick_win), "risks", **risks({**stored, "impact": 1}, stored=1)).status_code == 302
    assert Risk.objects.get().value == 2
    send(operator, fresh(quick_win), "risks", **risks({**stored, "impact": 1, "DELETE": "on"}, stored=1))
    assert Risk.objects.get().withdrawn_at is not None
    assert "Rotasi" in str(Event.objects.about(quick_win).first().changes)


@pytest.mark.parametrize("wrong", [{"likelihood": 4}, {"impact": "tinggi"}, {"likelihood": ""}, {"factor": ""}])
def test_a_wrong_risk_is_said_kindly_and_stays_typed(country, operator, quick_win, wrong):
    row = {"factor": "Rotasi", "cause": "Mutasi", "likelihood": 2, "impact": 3, **wrong}
    answer = send(operator, quick_win, "risks", **risks(row))
    assert answer.status_code == 422
    assert b"Mutasi" in answer.content
    assert not Risk.objects.exists()


# --- months -----------------------------------------------------------------------------------------------------------


def months(*rows):
    """The plan as the page sends it: (month, what is done, target)."""
    typed = {"months-TOTAL_FORMS": len(rows), "months-INITIAL_FORMS": len(rows)}
    for number, (month, activity, target) in enumerate(rows):
        typed |= {f"months-{number}-month": month, f"months-{number}-activity": activity}
        typed |= {f"months-{number}-target_percent": target}
    return typed


def test_the_page_of_months_has_each_month_of_the_round(country, operator, quick_win):
    shown = text(operator, page(quick_win, "ubah/months/"))
    assert shown.count('value="2027-') == 12
    assert "Desember 2027" in shown


def test_months_are_planned_changed_and_emptied(country, operator, quick_win):
    typed = months(("2027-01", "Rapat", "10"), ("2027-02", "", ""), ("2027-12", "Serah terima", "100 %"))
    assert send(operator, quick_win, "months", **typed).status_code == 302
    assert list(PlannedMonth.objects.values_list("target_percent", flat=True)) == [10, 100]
    typed = months(("2027-01", "", ""), ("2027-02", "Uji coba", "40"), ("2027-12", "Serah terima", "100"))
    assert send(operator, fresh(quick_win), "months", **typed).status_code == 302
    assert [str(one.month) for one in PlannedMonth.objects.filter(withdrawn_at=None)] == ["2027-02-01", "2027-12-01"]


@pytest.mark.parametrize(
    "row",
    [("2027-01", "Rapat", "101"), ("2027-01", "Rapat", "-1"), ("2027-01", "Rapat", ""), ("2027-01", "", "5"),
     ("2027-01", "Rapat", "seribu"), ("2031-01", "Rapat", "5"), ("\x00", "Rapat", "5")],
)  # fmt: skip
def test_a_wrong_month_is_refused_and_stays_typed(country, operator, quick_win, row):
    answer = send(operator, quick_win, "months", **months(row))
    assert answer.status_code == 422
    assert row[1].encode() in answer.content
    assert not PlannedMonth.objects.exists()


def test_a_month_that_is_sent_twice_or_with_a_foreign_key_is_stored_once(country, operator, quick_win):
    PlannedMonth.objects.create(quick_win=quick_win, month="2027-02-01", activity="Uji", target_percent=5)
    typed = {**months(("2027-01", "Rapat", "10"), ("2027-01", "Lagi", "20")), "months-0-id": 999, "months-1-id": ""}
    assert send(operator, quick_win, "months", **typed).status_code == 302
    assert PlannedMonth.objects.get(withdrawn_at=None).activity == "Lagi"


def test_a_plan_that_falls_or_ends_early_is_doubted_and_kept(country, operator, quick_win):
    typed = months(("2027-01", "Rapat", "50"), ("2027-02", "Uji", "40"))
    assert send(operator, quick_win, "months", **typed).status_code == 302
    doubts = doubts_about(planned(fresh(quick_win)))
    assert len(doubts) == 3
    assert "50%" in doubts[0]
    assert "40%" in doubts[1]
    assert "10" in doubts[2]
    assert doubts[0] in text(operator, page(quick_win))
    assert doubts[0] in text(operator, page(quick_win, "ubah/months/"))


def test_a_whole_plan_is_not_doubted(country, quick_win):
    for month in range(1, 13):
        PlannedMonth.objects.create(
            quick_win=quick_win, month=f"2027-{month:02}-01", activity="Kerja", target_percent=min(month * 9, 100)
        )
    PlannedMonth.objects.filter(month="2027-12-01").update(target_percent=100)
    assert doubts_about(planned(fresh(quick_win))) == []


# --- its way ----------------------------------------------------------------------------------------------------------


def test_without_agency_or_office_it_is_not_submitted_and_the_page_says_where_to_mend_it(country, operator, quick_win):
    with pytest.raises(Refused):
        take_step(fresh(quick_win), "submit", by=country.operator)
    step(operator, quick_win, "submit")
    assert fresh(quick_win).state == "draft"
    assert page(quick_win, "ubah/identity/") in text(operator, page(quick_win))


def test_the_database_refuses_a_submitted_profile_without_an_office(country, quick_win):
    with pytest.raises(IntegrityError):
        QuickWin.objects.filter(pk=quick_win.pk).update(state="submitted")


def test_it_is_submitted_returned_with_a_remark_mended_and_accepted(
    country, operator, coordinator, quick_win, django_capture_on_commit_callbacks
):
    ready(country, quick_win)
    with django_capture_on_commit_callbacks(execute=True):
        step(operator, quick_win, "submit")
        assert fresh(quick_win).state == "submitted"
        step(coordinator, quick_win, "return")  # without a remark
        assert fresh(quick_win).state == "submitted"
        step(coordinator, quick_win, "return", remark="Sebut angkanya.")
        assert fresh(quick_win).state == "returned"
        assert "Sebut angkanya." in text(operator, page(quick_win))
        step(operator, quick_win, "submit")
        step(coordinator, quick_win, "accept")
    assert fresh(quick_win).state == "accepted"
    assert Notice.objects.filter(user=country.coordinator, address=page(quick_win)).count() == 2
    assert Notice.objects.filter(user=country.operator, address=page(quick_win)).count() == 2


def test_nobody_but_the_secretariat_accepts(country, operator, client_of, quick_win):
    ready(country, quick_win)
    step(operator, quick_win, "submit")
    assert step(operator, quick_win, "accept").status_code == 404
    assert step(client_of(country.mentor), quick_win, "accept").status_code == 404
    assert fresh(quick_win).state == "submitted"


def test_a_submitted_profile_rests_for_the_agency_until_it_is_taken_back(country, operator, coordinator, quick_win):
    ready(country, quick_win)
    step(operator, quick_win, "submit")
    assert send(operator, fresh(quick_win), "problem", problem="Diam-diam").status_code == 302
    assert fresh(quick_win).problem == ""
    answer = send(coordinator, fresh(quick_win), "identity", organisation=country.health.pk, position="", acronym="")
    assert answer.status_code == 422  # what was submitted keeps who answers for it
    step(operator, quick_win, "take_back")
    assert send(operator, fresh(quick_win), "problem", problem="Sekarang").status_code == 302


def test_a_step_on_a_page_that_is_late_is_not_taken(country, operator, quick_win):
    ready(country, quick_win)
    operator.post(page(quick_win, "langkah/"), {"step": "submit", "version": 99})
    assert fresh(quick_win).state == "draft"
    late = fresh(quick_win)
    take_step(fresh(quick_win), "submit", by=country.operator)
    with pytest.raises(TooLate):
        take_step(late, "submit", by=country.operator)


def test_a_dimension_coordinator_writes_the_own_dimension_alone(country, client_of, quick_win):
    for key, status in (("living", 200), ("society", 404)):
        user = User.objects.create_user(key, person=Person.objects.create(name=key))
        Membership.objects.create(
            user=user, organisation=country.government, role="dimension_coordinator", dimensions=[key]
        )
        assert client_of(user).get(page(quick_win, "ubah/identity/")).status_code == status


# --- remarks, search, navigation --------------------------------------------------------------------------------------


def test_a_remark_on_a_field_stands_there_and_on_its_page_and_is_settled_by_who_mends(
    country, operator, coordinator, quick_win
):
    coordinator.post(page(quick_win, "catatan/"), {"field": "problem", "text": "Sebut tahunnya."})
    assert "Sebut tahunnya." in text(operator, page(quick_win))
    remark = Remark.objects.about(quick_win).get()
    typed = {"problem": "2025", f"remark-{remark.pk}-settled": "on"}
    assert "Sebut tahunnya." in text(operator, page(quick_win, "ubah/problem/"))
    assert send(operator, quick_win, "problem", **typed).status_code == 302
    assert Remark.objects.about(quick_win).get().resolved_at is not None
    assert operator.post(page(quick_win, "catatan/"), {"text": "Saya?"}).status_code == 404


def test_a_profile_is_found_by_its_words(country, quick_win):
    Risk.objects.create(quick_win=quick_win, factor="Rotasi pegawai", likelihood=1, impact=1)
    kind = SEARCHED[0]
    (row,) = kind.values(kind.rows().filter(pk=quick_win.pk))
    assert row[kind.title] == str(quick_win.innovation)
    assert row["dimension"] == "living"
    assert "Rotasi pegawai" in kind.more([quick_win.pk])[quick_win.pk]
    assert reverse(kind.address, args=[quick_win.pk]) == page(quick_win)


def test_what_waits_is_counted_in_the_navigation(country, quick_win):
    ready(country, quick_win)
    before = waiting(country.plan, country.coordinator).count()
    profile.take_step(fresh(quick_win), "submit", by=country.operator)
    assert waiting(country.plan, country.coordinator).count() == before + 1
    mine = waiting(country.plan, country.operator).count()
    profile.take_step(fresh(quick_win), "return", by=country.coordinator, remark="Lengkapi.")
    assert waiting(country.plan, country.operator).count() == mine + 1


# --- queries ----------------------------------------------------------------------------------------------------------


def test_the_pages_ask_the_same_number_of_queries_however_many_rows(
    country, coordinator, quick_win, django_assert_num_queries
):
    for number in range(4):
        Risk.objects.create(quick_win=quick_win, factor=f"R{number}", likelihood=1, impact=1)
        Indicator.objects.create(innovation=quick_win.innovation, name=f"I{number}").targets.create(
            year=2027, value="1"
        )
        PlannedMonth.objects.create(
            quick_win=quick_win, month=f"2027-0{number + 1}-01", activity="Kerja", target_percent=number
        )
        quick_win_of(country, quick_win.round)
    office_of(country.health)
    text(coordinator, LIST)
    for address, queries in (
        (LIST, LIST_QUERIES),
        (page(quick_win), DETAIL_QUERIES),
        (page(quick_win, "ubah/identity/"), IDENTITY_QUERIES),
        (page(quick_win, "ubah/months/"), MONTHS_QUERIES),
    ):
        with django_assert_num_queries(queries):
            coordinator.get(address)
