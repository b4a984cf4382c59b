"""From an edition to a frozen commitment: drawn up, opened, contested, answered, accepted, frozen; each way out."""

import pytest

from praja.foundation.accounts.models import Position
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import editions
from praja.foundation.documents.models import Edition
from praja.foundation.notices.models import Notice
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import actions, settling
from praja.stages.commitment.actions import lines_of_list
from praja.stages.commitment.lists import hash_of
from praja.stages.commitment.models import AgencyList, Commitment, Obligation
from praja.stages.commitment.tests.making import (
    drawn_up,
    edition_with,
    frozen,
    line,
    list_of,
    obligation,
    settled,
    settling_one,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def contested(country, row, title="Posyandu", reason="Bukan tugas kami"):
    one = obligation(row, title)
    settling.contest(one, reason, by=country.operator, version=one.version)
    return one


# --- drawing up -------------------------------------------------------------------------------------------------------


def test_each_agency_gets_its_lines_from_the_edition_and_nothing_is_retyped(country):
    made = drawn_up(country)
    health = list_of(made, country.health)
    assert [(one.number, one.title, one.money_rupiah) for one in health.obligations.all()] == [
        (1, "Antre dari Rumah", 300),
        (2, "Posyandu", 300),
    ]
    assert list_of(made, country.transport).obligations.get().facts == line("Halte")
    assert "program dan rencana aksi" in made.points


def test_an_edition_has_one_commitment_until_it_is_withdrawn(country):
    made = drawn_up(country)
    with pytest.raises(Refused):
        actions.start(country.plan, made.edition, by=country.coordinator)
    actions.withdraw(made, reason="Salah naskah", by=country.coordinator, version=made.version)
    assert actions.start(country.plan, made.edition, by=country.coordinator).pk != made.pk


def test_an_edition_without_promises_or_with_changed_words_is_refused(country):
    empty = edition_with(country, {})
    with pytest.raises(Refused):
        actions.start(country.plan, empty, by=country.coordinator)
    changed = edition_with(country, {country.health: [line()]})
    changed.content = changed.content.replace('"2026":100', '"2026":1')
    with pytest.raises(Refused, match="hash"):
        actions.start(country.plan, changed, by=country.coordinator)


def test_what_nobody_carries_or_an_agency_that_is_gone_promises_makes_no_list(country):
    country.transport.withdrawn_at = country.plan.created_at
    country.transport.save()
    made = drawn_up(country)
    assert [one.organisation for one in made.lists.all()] == [country.health]


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_list_waits_until_it_is_opened_and_its_operators_are_told(country, django_capture_on_commit_callbacks):
    made = drawn_up(country)
    with pytest.raises(TooLate):
        settled(country, made, country.health)
    with django_capture_on_commit_callbacks(execute=True):
        actions.open_to_agencies(made, by=country.coordinator, version=made.version)
    notice = Notice.objects.get(user=country.operator)
    assert notice.address.endswith(f"/komitmen/daftar/{list_of(made, country.health).pk}/")


def test_without_a_day_that_lies_ahead_it_is_not_opened(country):
    made = drawn_up(country)
    made.settle_until = None
    with pytest.raises(Refused):
        actions.open_to_agencies(made, by=country.coordinator, version=made.version)


def test_agencies_that_have_not_settled_are_reminded_once_a_day(country, django_capture_on_commit_callbacks):
    made = settling_one(country)
    settled(country, made, country.transport)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.remind(made, by=country.coordinator) == 1
        assert actions.remind(made, by=country.coordinator) == 0
    assert Notice.objects.filter(user=country.operator, text__contains="Dinas Kesehatan").exists()


# --- settling ---------------------------------------------------------------------------------------------------------


def test_the_secretariat_accepts_for_an_agency_by_a_paper_and_the_agency_is_told(
    country, django_capture_on_commit_callbacks
):
    made = settling_one(country)
    row = list_of(made, country.health)
    with pytest.raises(Refused):
        settling.accept(row, by=country.coordinator, version=row.version, basis=" ")
    with django_capture_on_commit_callbacks(execute=True):
        settling.accept(row, by=country.coordinator, version=row.version, basis="Surat 400.7/12")
    assert list_of(made, country.health).on_behalf_basis == "Surat 400.7/12"
    assert Notice.objects.filter(user=country.operator, text__contains="Surat 400.7/12").exists()
    event = Event.objects.about(row).get(verb="accept list for agency")
    assert (event.remark, event.by) == ("Surat 400.7/12", country.coordinator)
    one = obligation(list_of(made, country.health), "Posyandu")
    settling.contest(one, "Tidak pernah kami setujui", by=country.operator, version=one.version)
    assert (list_of(made, country.health).accepted_at, list_of(made, country.health).on_behalf_basis) == (None, "")


def test_who_holds_an_office_of_the_agency_accepts_for_it_without_a_paper(country):
    made = settling_one(country)
    Position.objects.create(organisation=country.health, title="Sekretaris Dinas", person=country.coordinator.person)
    row = list_of(made, country.health)
    settling.accept(row, by=country.coordinator, version=row.version, basis="Tidak perlu")
    assert list_of(made, country.health).on_behalf_basis == ""


def test_whoever_accepts_is_kept_with_the_office_and_the_hash_of_the_list(country):
    made = settling_one(country)
    Position.objects.create(
        organisation=country.health, title="Kepala Dinas Kesehatan", person=country.operator.person, acting="plt",
        decree="SK 1/2026", is_head=True,
    )  # fmt: skip
    row = list_of(made, country.health)
    assert settling.accept(row, by=country.operator, version=row.version) == 0
    row = list_of(made, country.health)
    assert (row.accepted_by, row.accepted_office, row.accepted_decree) == (
        country.operator,
        "Plt. Kepala Dinas Kesehatan",
        "SK 1/2026",
    )
    assert row.sha256 == hash_of(str(country.health.uid), lines_of_list(row.obligations.all()))
    assert set(row.obligations.values_list("state", flat=True)) == {"accepted"}


def test_a_contested_line_keeps_the_list_open_until_the_secretariat_answers_and_the_agency_accepts(country):
    made = settling_one(country)
    one = contested(country, list_of(made, country.health))
    row = list_of(made, country.health)
    assert settling.accept(row, by=country.operator, version=row.version) == 1
    assert list_of(made, country.health).accepted_at is None
    one = obligation(list_of(made, country.health), one.title)
    settling.answer(one, "keep", "Tugas itu ada di Perbup 12", by=country.coordinator, version=one.version)
    assert (one.state, one.answer) == ("proposed", "Tugas itu ada di Perbup 12")
    settled(country, made, country.health)
    assert list_of(made, country.health).accepted_at


def test_a_line_that_is_dropped_is_no_part_of_the_list_any_more(country):
    made = settling_one(country)
    one = contested(country, list_of(made, country.health))
    settling.answer(one, "drop", "Pindah ke Dishub", by=country.coordinator, version=one.version)
    settled(country, made, country.health)
    row = list_of(made, country.health)
    assert [line["title"] for line in lines_of_list(row.obligations.all())] == ["Antre dari Rumah"]


def test_what_was_dropped_is_in_no_total_and_nothing_is_part_of_it_any_more(
    country, django_capture_on_commit_callbacks
):
    made = settling_one(
        country,
        {
            country.health: [
                line("Kesehatan", "programme", money={}, share={"2026": 200, "2027": 400}),
                line("Posyandu", programme="Kesehatan"),
                line(programme="Kesehatan"),
                line("1.1 Kader", "action", programme="Kesehatan", part_of="Posyandu", money={}, share={"2026": 50}),
            ],
            country.transport: [line("Bus kader", "action", part_of="Posyandu", money={}, share={"2026": 5}), line("Halte")],
        },
    )  # fmt: skip
    settled(country, made, country.transport)
    one = contested(country, list_of(made, country.health))
    with django_capture_on_commit_callbacks(execute=True):
        settling.answer(one, "drop", "Pindah", by=country.coordinator, version=one.version)
    health = list_of(made, country.health)
    programme, _kept, action = lines_of_list(health.obligations.all())
    assert programme["share"] == {"2026": 100, "2027": 200}
    assert (action["part_of"], action["share"]) == ("", {})
    assert Event.objects.about(obligation(health, "1.1 Kader")).get(verb="follow line").remark == "Posyandu"
    other = list_of(made, country.transport)
    assert (other.accepted_at, obligation(other, "Bus kader").state, obligation(other, "Halte").state) == (
        None, "proposed", "accepted",
    )  # fmt: skip
    settled(country, made, country.health, country.transport)
    made.refresh_from_db()
    paper = actions.freeze(made, by=country.coordinator, version=made.version)
    assert "Posyandu" not in paper.content


def test_where_another_of_that_title_is_promised_the_parts_keep_its_name(country):
    part = line("1.1 Kader", "action", part_of="Posyandu")
    twin = line("Posyandu", uid="018f0000-0000-7000-8000-000000000009")
    made = settling_one(country, {country.health: [line("Posyandu"), part], country.transport: [twin]})
    one = contested(country, list_of(made, country.health))
    settling.answer(one, "drop", "Pindah", by=country.coordinator, version=one.version)
    assert obligation(list_of(made, country.health), "1.1 Kader").facts["part_of"] == "Posyandu"


def test_a_programme_loses_the_years_that_are_cut_from_what_it_gathers(country):
    programme = line("Kesehatan", "programme", money={}, share={"2026": 100, "2027": 200})
    made = settling_one(country, {country.health: [programme, line("Posyandu", programme="Kesehatan")]})
    one = contested(country, list_of(made, country.health))
    settling.answer(one, "cut", "Mulai 2027", by=country.coordinator, version=one.version, years=(2027, 2028))
    assert obligation(list_of(made, country.health), "Kesehatan").facts["share"] == {"2027": 200}


def test_a_line_is_cut_to_years_within_those_of_the_edition_with_its_money_and_targets(country):
    made = settling_one(country)
    one = contested(country, list_of(made, country.health))
    for years in ((2025, 2026), (2027, 2029), (2028, 2026), None):
        with pytest.raises(Refused, match=r"2026.*2028"):
            settling.answer(one, "cut", "Mulai 2027", by=country.coordinator, version=one.version, years=years)
    with pytest.raises(Refused, match="all its years"):
        settling.answer(one, "cut", "Tetap", by=country.coordinator, version=one.version, years=(2026, 2028))
    settling.answer(one, "cut", "Mulai 2027", by=country.coordinator, version=one.version, years=(2027, 2028))
    one.refresh_from_db()
    assert (one.state, one.year_from, one.money_rupiah, one.facts["money"]) == ("proposed", 2027, 200, {"2027": 200})


def test_contesting_after_accepting_takes_the_acceptance_back(country):
    made = settling_one(country)
    settled(country, made, country.health)
    contested(country, list_of(made, country.health))
    row = list_of(made, country.health)
    assert (row.accepted_at, row.accepted_office, row.sha256) == (None, "", "")


def test_accepting_a_list_that_changed_meanwhile_is_too_late(country):
    made = settling_one(country)
    row = list_of(made, country.health)
    contested(country, list_of(made, country.health))
    with pytest.raises(TooLate):
        settling.accept(row, by=country.operator, version=row.version)


def test_without_reason_or_answer_nothing_happens(country):
    made = settling_one(country)
    one = obligation(list_of(made, country.health), "Posyandu")
    with pytest.raises(Refused):
        settling.contest(one, "  ", by=country.operator, version=one.version)
    one = contested(country, list_of(made, country.health))
    with pytest.raises(Refused):
        settling.answer(one, "drop", "", by=country.coordinator, version=one.version)


def test_another_agency_and_who_does_not_run_the_commitment_may_not(country):
    made = settling_one(country)
    row = list_of(made, country.transport)
    with pytest.raises(PermissionError):
        settling.accept(row, by=country.operator, version=row.version)
    one = contested(country, list_of(made, country.health))
    with pytest.raises(PermissionError):
        settling.answer(one, "drop", "ya", by=country.operator, version=one.version)


# --- freezing ---------------------------------------------------------------------------------------------------------


def test_the_frozen_commitment_carries_each_list_with_the_hash_that_the_agency_accepted(country):
    made = frozen(country)
    facts = editions.facts_of(made.document)["commitment"]
    health = next(one for one in facts["lists"] if one["name"] == "Dinas Kesehatan")
    row = list_of(made, country.health)
    assert health["sha256"] == row.sha256 == hash_of(str(country.health.uid), health["lines"])
    assert facts["edition"]["sha256"] == made.edition.sha256
    assert row.sha256 in made.document.content
    assert (made.document.document, made.state) == ("joint_commitment", "frozen")


def test_agencies_that_have_not_settled_hold_it_up_or_follow_by_an_addendum(country):
    made = settling_one(country)
    settled(country, made, country.health)
    with pytest.raises(Refused, match="Dishub"):
        actions.freeze(made, by=country.coordinator, version=made.version)
    actions.freeze(made, by=country.coordinator, version=made.version, without_unsettled=True)
    late = list_of(made, country.transport, 1)
    assert (late.is_open, late.addendum.edition_id) == (True, made.edition_id)
    assert [one["name"] for one in editions.facts_of(made.document)["commitment"]["lists"]] == ["Dinas Kesehatan"]


def test_nothing_settled_nothing_frozen(country):
    made = settling_one(country)
    with pytest.raises(Refused):
        actions.freeze(made, by=country.coordinator, version=made.version, without_unsettled=True)
    assert not Edition.objects.filter(document="joint_commitment").exists()


def test_on_a_revoked_edition_of_the_masterplan_nothing_is_frozen(country):
    made = settling_one(country)
    settled(country, made, country.health, country.transport)
    Edition.objects.filter(pk=made.edition_id).update(status="revoked", reason="Salah angka")
    made.refresh_from_db()
    with pytest.raises(Refused, match="revoked"):
        actions.freeze(made, by=country.coordinator, version=made.version)


def test_a_list_changed_behind_its_acceptance_is_not_frozen(country):
    made = settling_one(country)
    settled(country, made, country.health, country.transport)
    Obligation.objects.filter(title="Halte").update(year_to=2027)
    with pytest.raises(Refused, match="Dinas Perhubungan"):
        actions.freeze(made, by=country.coordinator, version=made.version)


def test_a_list_that_is_contested_while_it_is_frozen_is_not_lost(country, monkeypatch):
    made = settling_one(country)
    settled(country, made, country.health, country.transport)
    real = actions.paper_of

    def meanwhile(*args, **values):
        contested(country, list_of(made, country.health))
        return real(*args, **values)

    monkeypatch.setattr(actions, "paper_of", meanwhile)
    with pytest.raises(TooLate):
        actions.freeze(made, by=country.coordinator, version=made.version)
    assert Commitment.objects.get().state == "settling"


def test_after_freezing_nothing_is_contested_or_answered(country):
    made = frozen(country)
    row = list_of(made, country.health)
    with pytest.raises(TooLate):
        contested(country, row)
    with pytest.raises(TooLate):
        settling.accept(row, by=country.operator, version=row.version)
    with pytest.raises(Refused):
        actions.withdraw(made, reason="x", by=country.coordinator, version=made.version)


def test_a_withdrawn_commitment_takes_nothing_any_more(country):
    made = settling_one(country)
    row = list_of(made, country.health)
    with pytest.raises(Refused):
        actions.withdraw(made, reason="", by=country.coordinator, version=made.version)
    actions.withdraw(made, reason="Salah", by=country.coordinator, version=made.version)
    with pytest.raises(TooLate):
        contested(country, row)
    assert not AgencyList.objects.in_service().exists()
