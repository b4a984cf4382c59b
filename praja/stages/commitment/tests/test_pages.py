"""The pages of the commitment: what each person finds there, can do, and is told when it cannot be done."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from praja.foundation.accounts.models import Organisation, Person, Position
from praja.foundation.documents.models import Edition
from praja.foundation.files.actions import store
from praja.foundation.signing import rounds
from praja.foundation.signing.models import Signatory, Signature, SigningRound
from praja.stages.commitment import actions, addenda, settling
from praja.stages.commitment.models import Commitment, Obligation, PositionHandover
from praja.stages.commitment.tests.making import (
    drawn_up,
    edition_with,
    frozen,
    line,
    list_of,
    obligation,
    settled,
    settling_one,
    without_files,
)
from praja.stages.roadmap.models import Action

pytestmark = pytest.mark.django_db
HOME = "/kabupaten-uji/komitmen/"


@pytest.fixture
def client_of(client_of):
    """A function that gives the browser of a user, with pages in English."""

    def signed_in(user):
        client = client_of(user)
        client.cookies["django_language"] = "en"
        return client

    return signed_in


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def operator(country, client_of):
    return client_of(country.operator)


def head(country, name="Ratna", **values):
    """Who heads the health agency now."""
    person = Person.objects.create(name=name)
    return Position.objects.create(
        organisation=country.health, title="Kepala Dinas Kesehatan", person=person, is_head=True, **values
    )


# --- the secretariat --------------------------------------------------------------------------------------------------


def test_the_first_page_says_where_to_begin_to_whom(country, coordinator, operator):
    assert f"{HOME}baru/" in coordinator.get(HOME).content.decode()
    assert f"{HOME}baru/" not in operator.get(HOME).content.decode()
    assert "/naskah/baru/" in coordinator.get(f"{HOME}baru/").content.decode()


@pytest.mark.usefixtures("in_english")
def test_where_every_edition_has_a_commitment_the_page_says_to_freeze_a_newer_one(country, coordinator):
    edition = drawn_up(country).edition
    page = coordinator.get(f"{HOME}baru/").content.decode()
    assert ("has a joint commitment already" in page, "/naskah/baru/" in page) == (True, True)
    assert coordinator.post(f"{HOME}baru/", {"edition": edition.pk}).status_code == 422


def test_it_is_drawn_up_worded_opened_and_frozen_on_its_pages(country, coordinator, operator):
    edition = edition_with(country, {country.health: [line()], country.transport: [line("Halte")]})
    answer = coordinator.post(f"{HOME}baru/", {"edition": edition.pk})
    made = Commitment.objects.get()
    page = f"{HOME}{made.pk}/"
    assert answer["Location"] == page
    assert coordinator.post(f"{page}pembukaan/", {"version": made.version}, follow=True).context["messages"]
    typed = {"title": "Komitmen", "points": "Satu\nDua", "settle_until": "kemarin", "version": made.version}
    refused = coordinator.post(f"{page}naskah/", typed)
    assert (refused.status_code, "kemarin" in refused.content.decode()) == (422, True)
    typed["settle_until"] = f"{country.plan.today:%d-%m-%Y}"
    assert coordinator.post(f"{page}naskah/", typed)["Location"] == page
    made.refresh_from_db()
    coordinator.post(f"{page}pembukaan/", {"version": made.version})
    made.refresh_from_db()
    assert (made.state, made.points) == ("settling", "Satu\nDua")
    row = list_of(made, country.health)
    operator.post(f"{HOME}daftar/{row.pk}/penerimaan/", {"version": row.version})
    assert coordinator.get(f"{page}penguncian/").context["overview"].settled == 1
    assert coordinator.post(f"{page}penguncian/", {"version": made.version}).status_code == 422
    coordinator.post(f"{page}penguncian/", {"version": made.version, "without_unsettled": "1"})
    made.refresh_from_db()
    assert f"/penandatanganan/baru/?edisi={made.document_id}" in coordinator.get(page).content.decode()
    assert Edition.objects.get(document="joint_commitment").title == "Komitmen"


def test_the_day_of_the_signing_is_checked_and_one_that_is_over_is_asked_about(country, coordinator):
    made = drawn_up(country)
    today, page = country.plan.today, f"{HOME}{made.pk}/naskah/"

    def saved(day, until="", **values):
        made.refresh_from_db()
        typed = {"title": "Komitmen", "held_on": str(day), "settle_until": str(until), "version": made.version}
        return coordinator.post(page, {**typed, **values})

    tomorrow, before = today + datetime.timedelta(days=1), today - datetime.timedelta(days=9)
    assert "was_signed" not in coordinator.get(page).content.decode()
    assert saved(today, tomorrow).status_code == 422
    assert saved(today + datetime.timedelta(days=367)).status_code == 422
    asked = saved(before)
    assert (asked.status_code, 'name="was_signed"' in asked.content.decode()) == (422, True)
    assert saved(before, was_signed="on").status_code == 302
    assert saved(before, before).status_code == 302  # it stands there already
    assert saved(tomorrow, tomorrow).status_code == 302


def test_the_paper_reads_before_it_is_frozen(country, coordinator):
    made = drawn_up(country)
    page = coordinator.get(f"{HOME}{made.pk}/pratinjau/").content.decode()
    assert "Posyandu" in page
    assert made.edition.sha256 in page


def test_what_nobody_carries_is_named_with_the_way_to_name_somebody(country, coordinator, operator):
    left = Action.objects.create(plan=country.plan, title="Regulasi data")
    lists = {country.health: [line()], country.transport: [line("Halte"), line("Parkir")]}
    nobody = [line("Menara"), line("Regulasi data", "action", uid=str(left.uid)), line("Kota Cerdas", "programme")]
    made = settling_one(country, lists, nobody)
    for page in (f"{HOME}{made.pk}/", f"{HOME}{made.pk}/penguncian/"):
        answer = coordinator.get(page)
        assert [one.title for one in answer.context["uncarried"]] == ["Menara", "Regulasi data", "Kota Cerdas"]
        assert f"/rencana-aksi/{left.pk}/ubah/identity/" in answer.content.decode()
    assert f"/rencana-aksi/{left.pk}/ubah/" not in operator.get(f"{HOME}{made.pk}/").content.decode()
    left.organisation = country.health
    left.save()
    assert [one.now for one in coordinator.get(f"{HOME}{made.pk}/").context["uncarried"]] == ["", "Dinas Kesehatan", ""]


def test_what_an_addendum_promises_is_not_missing_any_more(country, coordinator):
    made = frozen(country, {country.health: [line()]}, [line("Menara")])
    edition = edition_with(country, {country.health: [line(), line("Menara")]})
    assert len(coordinator.get(f"{HOME}{made.pk}/").context["uncarried"]) == 1
    addenda.prepare(made, edition, by=country.coordinator)
    assert coordinator.get(f"{HOME}{made.pk}/").context["uncarried"] == []


def test_an_edition_that_was_altered_is_told_on_the_page(country, coordinator):
    made = drawn_up(country)
    Edition.objects.filter(pk=made.edition_id).update(content=made.edition.content.replace("Posyandu", "Posbindu"))
    assert coordinator.get(f"{HOME}{made.pk}/").context["problems"]


def test_taking_back_needs_a_reason_and_keeps_the_page(country, coordinator):
    made = drawn_up(country)
    assert coordinator.post(f"{HOME}{made.pk}/penarikan/", {"version": made.version}).status_code == 422
    coordinator.post(f"{HOME}{made.pk}/penarikan/", {"version": made.version, "reason": "Salah"})
    assert coordinator.get(f"{HOME}{made.pk}/").status_code == 200
    assert coordinator.get(f"{HOME}{made.pk}/penguncian/").status_code == 302


def test_reminding_says_how_many(country, coordinator):
    made = settling_one(country)
    answer = coordinator.post(f"{HOME}{made.pk}/pengingat/", follow=True)
    assert "2" in str(next(iter(answer.context["messages"])))


def test_a_newer_edition_is_offered_and_makes_addenda(country, coordinator):
    made = frozen(country)
    page = f"{HOME}{made.pk}/"
    assert coordinator.get(page).context["newer"] is None
    edition_with(country, {country.health: [line()], country.transport: [line("Halte")]})
    assert f"{page}adendum/" in coordinator.get(page).content.decode()
    coordinator.post(f"{page}adendum/")
    row = list_of(made, country.health, 1)
    assert f"{page}pengingat/" in coordinator.get(page).content.decode()
    assert row.obligations.get().change == "removed"
    assert coordinator.get(f"{HOME}daftar/{row.pk}/pratinjau/").status_code == 200
    assert coordinator.post(f"{HOME}daftar/{row.pk}/penarikan/", {"version": row.version}).status_code == 422
    settled(country, made, country.health, addendum=1)
    row = list_of(made, country.health, 1)
    coordinator.post(f"{HOME}daftar/{row.pk}/penguncian/", {"version": row.version})
    row = list_of(made, country.health, 1)
    assert f"?edisi={row.addendum.document_id}" in coordinator.get(f"{HOME}daftar/{row.pk}/").content.decode()


@pytest.mark.usefixtures("in_english")
def test_a_round_that_goes_on_is_linked_and_a_new_one_is_offered_after_it_ended_early(country, coordinator, operator):
    made = frozen(country)
    page, new = f"{HOME}{made.pk}/", f"/penandatanganan/baru/?edisi={made.document_id}"
    round_ = rounds.prepare(made.document, plan=country.plan, by=country.coordinator)
    rounds.add(round_, [head(country)], by=country.coordinator, version=round_.version)
    address = f"/penandatanganan/{round_.pk}/"
    for client in (coordinator, operator):
        shown = client.get(page).content.decode()
        assert (address in shown, new in shown, "0 of 1 have signed" in shown) == (True, False, True)
    assert address in operator.get(f"{HOME}daftar/{list_of(made, country.health).pk}/").content.decode()
    assert address in coordinator.get(f"/kabupaten-uji{new}").content.decode()
    later = rounds.prepare(made.document, plan=country.plan, by=country.coordinator)
    SigningRound.objects.filter(pk=later.pk).update(state="cancelled", end_reason="Keliru")
    assert address in coordinator.get(page).content.decode()
    later.delete()
    rounds.cancel(round_, reason="Salah orang", by=country.coordinator)
    shown = coordinator.get(page).content.decode()
    assert (address in shown, new in shown) == (True, True)
    assert new not in operator.get(page).content.decode()


def test_a_newer_edition_that_changes_nothing_is_answered_once(country, coordinator):
    made = frozen(country)
    page = f"{HOME}{made.pk}/"
    edition_with(country, {country.health: [line(), line("Posyandu")], country.transport: [line("Halte")]})
    assert f"{page}adendum/" in coordinator.get(page).content.decode()
    coordinator.post(f"{page}adendum/")
    shown = coordinator.get(page).content.decode()
    assert (f"{page}adendum/" in shown, "Compared with" in shown) == (False, True)
    edition_with(country, {country.health: [line()], country.transport: [line("Halte")]})
    assert f"{page}adendum/" in coordinator.get(page).content.decode()


def test_who_was_called_off_is_named_and_taken_in_again_on_the_page(country, coordinator):
    made = settling_one(country)
    settled(country, made, country.health)
    without_files(actions.freeze(made, by=country.coordinator, version=made.version, without_unsettled=True))
    row = list_of(made, country.transport, 1)
    page = f"{HOME}{made.pk}/"
    coordinator.post(f"{HOME}daftar/{row.pk}/penarikan/", {"version": row.version, "reason": "Keliru"})
    assert coordinator.get(page).context["left_out"] == [country.transport]
    coordinator.post(f"{page}adendum/")
    assert coordinator.get(page).context["left_out"] == []
    assert list_of(made, country.transport, 1).is_open


def test_the_link_to_the_signing_carries_what_the_paper_says(country, coordinator):
    made = frozen(country)
    today = country.plan.today
    Commitment.objects.filter(pk=made.pk).update(number="400/7 & A", place="Pendopo", held_on=today)
    known = f"?edisi={made.document_id}&amp;nomor=400/7%20%26%20A&amp;hari={today.isoformat()}&amp;tempat=Pendopo"
    assert known in coordinator.get(f"{HOME}{made.pk}/").content.decode()
    addenda.prepare(made, edition_with(country, {country.health: [line()]}), by=country.coordinator)
    settled(country, made, country.health, addendum=1)
    row = list_of(made, country.health, 1)
    paper = without_files(addenda.freeze(row, by=country.coordinator, version=row.version))
    known = f"?edisi={paper.pk}&amp;nomor=400/7%20%26%20A%20/%201&amp;hari={today.isoformat()}&amp;tempat=Pendopo"
    assert known in coordinator.get(f"{HOME}daftar/{row.pk}/").content.decode()
    Commitment.objects.filter(pk=made.pk).update(held_on=today.replace(year=2020))
    assert "hari=" not in coordinator.get(f"{HOME}daftar/{row.pk}/").content.decode()


# --- an agency --------------------------------------------------------------------------------------------------------


def test_an_operator_contests_on_a_page_and_the_secretariat_answers(country, coordinator, operator):
    made = settling_one(country)
    one = obligation(list_of(made, country.health), "Posyandu")
    contest, answer = f"{HOME}butir/{one.pk}/keberatan/", f"{HOME}butir/{one.pk}/jawaban/"
    assert operator.post(contest, {"version": one.version}).status_code == 422
    assert operator.post(contest, {"version": 99, "reason": "Bukan kami"}).status_code == 422
    operator.post(contest, {"version": one.version, "reason": "Bukan kami"})
    one.refresh_from_db()
    assert (one.state, operator.get(answer).status_code) == ("contested", 404)
    typed = {"what": "cut", "year_from": "2025", "year_to": "2027", "answer": "Mulai 2026", "version": one.version}
    refused = coordinator.post(answer, typed)
    assert (refused.status_code, "Mulai 2026" in refused.content.decode()) == (422, True)
    coordinator.post(answer, {**typed, "year_from": "2026"})
    one.refresh_from_db()
    assert (one.state, one.year_to) == ("proposed", 2027)
    assert "Mulai 2026" in operator.get(f"{HOME}daftar/{one.list_id}/").content.decode()


def test_the_way_back_from_a_list_leads_to_its_own_commitment(country, operator):
    row = list_of(settling_one(country), country.health)
    drawn_up(country)
    assert operator.get(f"{HOME}daftar/{row.pk}/").context["crumbs"][0][1] == f"{HOME}{row.commitment_id}/"


def test_an_operator_reads_the_list_of_another_agency_and_cannot_settle_it(country, operator):
    made = settling_one(country)
    row = list_of(made, country.transport)
    page = operator.get(f"{HOME}daftar/{row.pk}/")
    assert (page.status_code, page.context["can_accept"]) == (200, False)
    assert operator.post(f"{HOME}daftar/{row.pk}/penerimaan/", {"version": row.version}).status_code == 404


@pytest.mark.usefixtures("in_english")
def test_what_the_secretariat_accepted_for_an_agency_is_told_on_every_page(country, coordinator, operator):
    made = settling_one(country)
    row = list_of(made, country.health)
    page, accept = f"{HOME}daftar/{row.pk}/", f"{HOME}daftar/{row.pk}/penerimaan/"
    assert operator.get(page).context["on_behalf_form"] is None
    refused = coordinator.post(accept, {"version": row.version, "basis": "x" * 301})
    assert (refused.status_code, "x" * 301 in refused.content.decode()) == (422, True)
    coordinator.post(accept, {"version": row.version, "basis": "Surat 400.7/12"})
    assert "Surat 400.7/12" in operator.get(page).content.decode()
    assert "on behalf of the agency" in operator.get(f"{HOME}{made.pk}/").content.decode()
    settled(country, made, country.transport)
    made.refresh_from_db()
    without_files(actions.freeze(made, by=country.coordinator, version=made.version))
    assert "Surat 400.7/12" in operator.get(f"{HOME}janji/?perangkat={country.health.pk}").content.decode()
    assert "on behalf of the agency" in coordinator.get(f"{HOME}janji/").content.decode()


def test_the_navigation_counts_what_waits(country, coordinator, operator):
    made = settling_one(country)

    def counted(client):
        groups = client.get(HOME).context["navigation"]
        return next(item.count for group in groups for item in group.items if item.url == HOME)

    assert (counted(operator), counted(coordinator)) == (1, 0)
    one = obligation(list_of(made, country.health), "Posyandu")
    settling.contest(one, "Bukan kami", by=country.operator, version=one.version)
    assert (counted(operator), counted(coordinator)) == (1, 1)


def test_the_first_page_of_an_agency_asks_it_to_settle_until_the_day(country, operator):
    made = settling_one(country)
    row = list_of(made, country.health)
    awaited = operator.get("/kabupaten-uji/").context["agenda"].awaited
    assert [(task.url, task.day) for task in awaited] == [(f"{HOME}daftar/{row.pk}/", country.plan.today)]
    settled(country, made, country.health)
    assert operator.get("/kabupaten-uji/").context["agenda"].awaited == []


# --- promises ---------------------------------------------------------------------------------------------------------


def test_promises_are_shown_by_agency_and_nobody_is_late(country, coordinator, operator):
    assert coordinator.get(f"{HOME}janji/").context["found"] is None
    frozen(country)
    page = coordinator.get(f"{HOME}janji/")
    assert (page.context["found"].number, page.context["found"].rupiah) == (3, 900)
    own = operator.get(f"{HOME}janji/")
    assert own.context["chosen"].organisation == country.health
    assert coordinator.get(f"{HOME}janji/?perangkat=rubbish").context["chosen"] is None


def signed(country, made, position, **values):
    """The health agency has signed the commitment."""
    round_ = SigningRound.objects.create(plan=country.plan, edition=made.document, title="Komitmen", code="ABCD-2345")
    place = Signatory.objects.create(round=round_, order=1, organisation=country.health, position=position)
    file = store(ContentFile(b"%PDF-1.4\n%%EOF\n", name="a.pdf"), by=None, organisation_path=country.health.path)
    return Signature.objects.create(
        signatory=place, way="own", signed_at=timezone.now(), person=position.person, person_name="Ratna",
        position_title="Plt. Kepala Dinas Kesehatan", hash_before="a", hash_after="b", file=file, revision=1, **values,
    )  # fmt: skip


def test_who_signed_in_which_office_stands_beside_who_holds_it_now(country, coordinator):
    made = frozen(country)
    signed(country, made, head(country, ends_on=country.plan.today.replace(year=2020)))
    head(country, "Siti")
    page = coordinator.get(f"{HOME}janji/?perangkat={country.health.pk}")
    chosen = page.context["chosen"]
    assert (chosen.signature.person_name, chosen.head.person.name, chosen.has_new_holder) == ("Ratna", "Siti", True)
    assert "Plt. Kepala Dinas Kesehatan" in page.content.decode()


def test_a_signature_on_behalf_of_the_holder_makes_no_new_holder(country, coordinator):
    holder = head(country, "Siti")
    made = frozen(country)
    signature = signed(country, made, holder, is_on_behalf=True)
    signature.person = Person.objects.create(name="Wakil")
    signature.save()
    page = coordinator.get(f"{HOME}janji/?perangkat={country.health.pk}")
    assert not page.context["chosen"].has_new_holder


def test_a_witness_of_the_agency_has_not_signed_its_promises(country, coordinator):
    head(country, "Siti")
    made = frozen(country)
    clerk = Position.objects.create(
        organisation=country.health, title="Sekretaris", person=Person.objects.create(name="Wakil")
    )
    signature = signed(country, made, clerk)
    page = coordinator.get(f"{HOME}janji/?perangkat={country.health.pk}")
    assert not page.context["chosen"].has_new_holder  # the secretary signed, and heads nothing
    Signatory.objects.filter(pk=signature.signatory_id).update(role="witness")
    page = coordinator.get(f"{HOME}janji/?perangkat={country.health.pk}")
    assert page.context["chosen"].signature is None


def test_a_list_changed_after_freezing_is_found_and_shown(country, coordinator):
    frozen(country)
    Obligation.objects.filter(title="Posyandu").update(title="Posyandu Lain")
    found = coordinator.get(f"{HOME}janji/").context["found"]
    assert [one.organisation for one in found.changed] == [country.health]
    page = coordinator.get(f"{HOME}janji/?perangkat={country.health.pk}")
    assert [one["is_changed"] for one in page.context["lines"]] == [False, True]
    assert [one["title"] for one in page.context["lines"]] == ["Antre dari Rumah", "Posyandu"]


@pytest.mark.parametrize(
    "values", [{"year_to": 2027}, {"number": 9}, {"state": "dropped", "answer": "x"}, {"facts": {}}]
)
def test_every_kind_of_change_is_found(country, coordinator, values):
    frozen(country)
    Obligation.objects.filter(title="Posyandu").update(**values)
    assert len(coordinator.get(f"{HOME}janji/").context["found"].changed) == 1


def test_a_changed_paper_is_told(country, coordinator):
    made = frozen(country)
    Edition.objects.filter(pk=made.document_id).update(content=made.document.content.replace("Posyandu", "Posbindu"))
    found = coordinator.get(f"{HOME}janji/").context["found"]
    assert (len(found.problems), found.agencies) == (1, [])


# --- hand-over of an office -------------------------------------------------------------------------------------------


@pytest.fixture
def with_new_head(country):
    """The head of the health agency whose list was frozen has a successor, the operator."""
    first = head(country)
    made = frozen(country)
    first.ends_on = country.plan.today.replace(year=2020)
    first.save()
    Position.objects.create(
        organisation=country.health, title="Kepala Dinas Kesehatan", person=country.operator.person, is_head=True
    )
    return made


def test_a_new_holder_is_noticed_and_takes_the_open_promises_on(country, coordinator, operator, with_new_head):
    page = coordinator.get(f"{HOME}janji/?perangkat={country.health.pk}")
    assert page.context["chosen"].has_new_holder
    coordinator.post(f"{HOME}janji/{country.health.pk}/serah-terima/")
    made = PositionHandover.objects.get()
    sheet = f"{HOME}serah-terima/{made.pk}/"
    assert (made.leaver.name, made.successor, made.obligations) == ("Ratna", country.operator.person, 2)
    assert "Posyandu" in operator.get(sheet).content.decode()
    assert operator.get(f"{sheet}pdf/").content.startswith(b"%PDF")
    assert coordinator.post(f"{sheet}penerimaan/").status_code == 404
    operator.post(f"{sheet}penerimaan/")
    made.refresh_from_db()
    assert made.accepted_by == country.operator
    page = coordinator.get(f"{HOME}janji/?perangkat={country.health.pk}")
    assert not page.context["chosen"].has_new_holder
    assert [name for _at, name, _office, _what in page.context["holders"]] == [country.operator.person.full_name]


def test_an_office_is_handed_over_once_and_only_to_somebody_new(country, coordinator, with_new_head):
    new = f"{HOME}janji/{country.health.pk}/serah-terima/"
    coordinator.post(new)
    coordinator.post(new)
    made = PositionHandover.objects.get()
    coordinator.post(f"{HOME}serah-terima/{made.pk}/penarikan/")
    coordinator.post(new)
    assert PositionHandover.objects.count() == 2
    assert coordinator.post(f"{HOME}janji/{country.transport.pk}/serah-terima/")["Location"] == f"{HOME}janji/"
    assert PositionHandover.objects.count() == 2


def test_a_changed_sheet_is_not_accepted(country, coordinator, operator, with_new_head):
    coordinator.post(f"{HOME}janji/{country.health.pk}/serah-terima/")
    made = PositionHandover.objects.get()
    PositionHandover.objects.update(sheet=made.sheet.replace("Posyandu", "Posbindu"))
    sheet = f"{HOME}serah-terima/{made.pk}/"
    assert operator.get(sheet).context["problems"]
    operator.post(f"{sheet}penerimaan/")
    assert operator.get(f"{sheet}pdf/").status_code == 404
    assert PositionHandover.objects.get().accepted_at is None


# --- many -------------------------------------------------------------------------------------------------------------


def test_pages_ask_a_constant_number_of_queries(country, coordinator, django_assert_max_num_queries):
    def lists(agencies, lines):
        rows = Organisation.objects.filter(pk__in=[one.pk for one in agencies])
        return {one: [line(f"{one.pk} {number}") for number in range(lines)] for one in rows}

    many = [
        Organisation.objects.create(kind="agency", parent=country.government, name=f"Dinas {number}")
        for number in range(40)
    ]
    small, large = frozen(country), frozen(country, lists(many, 20))
    first = large.lists.first()
    pages = {
        "": (small.pk, large.pk, 22),
        "pratinjau/": (small.pk, large.pk, 22),
    }
    for page, (few, all_, most) in pages.items():
        for pk in (few, all_):
            with django_assert_max_num_queries(most):
                coordinator.get(f"{HOME}{pk}/{page}")
    for address in (f"{HOME}janji/", f"{HOME}janji/?perangkat={first.organisation_id}", f"{HOME}daftar/{first.pk}/"):
        with django_assert_max_num_queries(24):
            assert coordinator.get(address).status_code == 200
    assert len(addenda.in_force(large)) == 40
