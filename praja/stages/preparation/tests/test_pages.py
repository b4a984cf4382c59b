"""Pages of the preparation: what a coordinator does there, what others may see, and what a stranger gets."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from praja.foundation.accounts.models import Invitation, Membership, Organisation, Person, User
from praja.foundation.drafts.models import Draft
from praja.foundation.plans.models import Deadline, Request
from praja.stages.preparation.deadline_views import hint_about
from praja.stages.preparation.forms import is_another

PLAN = {
    "version": "1",
    "title": "Masterplan Smart City Kabupaten Uji",
    "year_from": "2026",
    "year_to": "2035",
    "horizons": "1, 5, 10",
    "guide_version": "2023",
    "stages": ["mentor"],
    "cohort": "2024",
}
AGENCY = {
    "name": "Dinas Kesehatan",
    "abbreviation": "Dinkes",
    "agency_kind": "agency",
    "affairs": ["1.02", "2.14"],
    "duties": "Menyelenggarakan urusan kesehatan.",
    "regulation": "Peraturan Bupati Nomor 3 Tahun 2022",
    "version": "1",
    "heads-TOTAL_FORMS": "1",
    "heads-INITIAL_FORMS": "0",
    "heads-0-id": "",
    "heads-0-title": "Kepala Dinas Kesehatan",
    "heads-0-acting": "plt",
    "heads-0-title_before": "dr.",
    "heads-0-name": "Siti Rahayu",
    "heads-0-title_after": "M.Kes.",
    "heads-0-nip": "19760814 200212 2 005",
    "heads-0-rank": "Pembina",
    "heads-0-grade": "IV/a",
    "heads-0-decree": "",
    "heads-0-starts_on": "Senin, 2 November 2026",
    "heads-0-ends_on": "",
    "officials-TOTAL_FORMS": "0",
    "officials-INITIAL_FORMS": "0",
}
SLUG = "/kabupaten-uji"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


# --- who may see what -------------------------------------------------------------------------------------------------

PAGES = {
    "plan-set-up": (404, 200, 404, 404),
    "agency-list": (200, 200, 404, 200),
    "agency-new": (404, 200, 404, 404),
    "agency-typical": (404, 200, 404, 404),
    "agency-sheet": (404, 200, 404, 404),
    "agency-template": (404, 200, 404, 404),
    "request-list": (404, 200, 404, 404),
    "deadline-list": (200, 200, 404, 200),
    "people-list": (404, 200, 404, 404),
    "invitation-new": (404, 200, 404, 404),
}


@pytest.mark.parametrize("name", PAGES)
def test_who_sees_which_page(country, client_of, client, name):
    address = reverse(name, args=["kabupaten-uji"])
    people = (country.operator, country.coordinator, country.neighbour, country.assessor)
    assert tuple(client_of(user).get(address).status_code for user in people) == PAGES[name]
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("who", ["neighbour", "operator", "assessor"])
def test_a_stranger_changes_nothing(country, client_of, who):
    client = client_of(getattr(country, who))
    membership = Membership.objects.get(user=country.operator)
    for address in [
        f"{SLUG}/persiapan/",
        f"{SLUG}/persiapan/draf/",
        f"{SLUG}/persiapan/lambang/",
        f"{SLUG}/perangkat-daerah/baru/",
        f"{SLUG}/perangkat-daerah/usulan/",
        f"{SLUG}/perangkat-daerah/lembar/",
        f"{SLUG}/permintaan/",
        f"{SLUG}/jadwal/",
        f"{SLUG}/undangan/baru/",
        f"/perangkat-daerah/{country.health.pk}/",
        f"/perangkat-daerah/{country.health.pk}/draf/",
        f"/perangkat-daerah/{country.health.pk}/tarik/",
        f"/orang/{membership.pk}/akhiri/",
    ]:
        assert client.post(address, {**PLAN, **AGENCY, "agency": "1"}).status_code == 404, address


# --- the plan ---------------------------------------------------------------------------------------------------------


def test_the_plan_is_saved_with_its_stages_and_a_new_intake(country, coordinator):
    assert coordinator.post(f"{SLUG}/persiapan/", PLAN).status_code == 302
    country.plan.refresh_from_db()
    assert country.plan.horizons == [1, 5, 10]
    expected = ["mentor", "preparation", "problems", "analysis", "innovations", "roadmap", "masterplan"]
    assert country.plan.stages == expected
    assert country.plan.cohort.year == 2024


def test_what_is_typed_wrong_comes_back_with_a_sentence(country, coordinator):
    response = coordinator.post(
        f"{SLUG}/persiapan/", {**PLAN, "year_to": "2020", "horizons": "10, 5", "cohort": "1990", "title": ""}
    )
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"title", "year_to", "horizons", "cohort"}
    assert "10, 5" in response.content.decode()


def test_two_people_on_the_plan_lose_nothing(country, coordinator, client_of):
    client_of(country.ministry_admin).post(f"{SLUG}/persiapan/", {**PLAN, "title": "Milik kementerian"})
    response = coordinator.post(f"{SLUG}/persiapan/", {**PLAN, "title": "Milik daerah"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Milik kementerian" in text
    assert "Milik daerah" in text
    assert Draft.objects.get(kind="conflict").user == country.coordinator


def test_the_dimension_set_stays_once_rows_name_it(country, coordinator):
    page = coordinator.get(f"{SLUG}/persiapan/")
    assert page.context["form"].fields["dimension_set"].disabled


def test_the_coat_of_arms_must_be_a_picture(country, coordinator):
    coordinator.post(f"{SLUG}/persiapan/lambang/", {"file": SimpleUploadedFile("a.png", b"bukan gambar")})
    country.plan.refresh_from_db()
    assert country.plan.arms is None


# --- agencies ---------------------------------------------------------------------------------------------------------


def test_an_agency_is_edited_with_its_head(country, coordinator):
    assert coordinator.post(f"/perangkat-daerah/{country.health.pk}/", AGENCY).status_code == 302
    head = country.health.positions.get()
    assert head.title_in_full == "Plt. Kepala Dinas Kesehatan"
    assert (head.person.full_name, head.person.nip) == ("dr. Siti Rahayu, M.Kes.", "197608142002122005")
    assert head.starts_on == date(2026, 11, 2)
    assert {affair.code for affair in country.health.affairs.all()} == {"1.02", "2.14"}


def test_saving_an_agency_again_keeps_one_head_and_ending_it_withdraws(country, coordinator):
    address = f"/perangkat-daerah/{country.health.pk}/"
    coordinator.post(address, AGENCY)
    head = country.health.positions.get()
    again = {
        **AGENCY,
        "version": "2",
        "heads-INITIAL_FORMS": "1",
        "heads-0-id": str(head.pk),
        "heads-0-rank": "Pembina Utama",
    }
    assert coordinator.post(address, again).status_code == 302
    head.person.refresh_from_db()
    assert head.person.rank == "Pembina Utama"
    assert coordinator.post(address, {**again, "version": "3", "heads-0-DELETE": "on"}).status_code == 302
    assert country.health.positions.filter(withdrawn_at=None).count() == 0


def test_a_successor_typed_over_the_head_does_not_become_the_one_before(country, coordinator):
    address = f"/perangkat-daerah/{country.health.pk}/"
    coordinator.post(address, AGENCY)
    head = country.health.positions.get()
    again = {**AGENCY, "version": "2", "heads-INITIAL_FORMS": "1", "heads-0-id": str(head.pk)}
    successor = {"heads-0-name": "Dewi Lestari", "heads-0-nip": "198003112005011007"}
    assert coordinator.post(address, {**again, **successor}).status_code == 302
    head.refresh_from_db()
    assert head.withdrawn_at
    assert head.person.name == "Siti Rahayu"
    assert country.health.positions.get(withdrawn_at=None).person.name == "Dewi Lestari"


@pytest.mark.parametrize(
    ("nip", "typed_nip", "name", "has_account", "expected"),
    [
        ("1", "2", "Siti Rahayu", False, True),
        ("1", "1", "Siti Rahayu Ningsih", True, False),
        ("", "", "Siti  rahayu", True, False),
        ("", "1", "Dewi Lestari", True, True),
        ("", "1", "Dewi Lestari", False, False),
    ],
)
def test_who_is_somebody_else(db, nip, typed_nip, name, has_account, expected):
    person = Person.objects.create(name="Siti Rahayu", nip=nip)
    if has_account:
        User.objects.create(username="siti", person=person)
    assert is_another(person, {"name": name, "nip": typed_nip}) is expected


def test_an_official_who_signs_on_behalf_is_named_beside_the_head(country, coordinator):
    secretary = {
        "officials-TOTAL_FORMS": "1",
        "officials-0-title": "Sekretaris Dinas Kesehatan",
        "officials-0-acting": "definitive",
        "officials-0-name": "Budi Hartono",
    }
    response = coordinator.post(f"/perangkat-daerah/{country.health.pk}/", {**AGENCY, **secretary})
    assert response.status_code == 302
    found = country.health.positions.get(title="Sekretaris Dinas Kesehatan")
    assert (found.is_head, found.person.name) == (False, "Budi Hartono")
    page = coordinator.get(f"/perangkat-daerah/{country.health.pk}/")
    assert [len(rows.stored) for rows in page.context["form"].child_rows] == [1, 1]


def test_personal_numbers_stay_out_of_the_history(country, coordinator):
    coordinator.post(f"/perangkat-daerah/{country.health.pk}/", AGENCY)
    page = coordinator.get(f"/perangkat-daerah/{country.health.pk}/")
    assert "197608142002122005" not in str([line.changes for line in page.context["history"]])


def test_a_weekday_that_does_not_fit_is_refused(country, coordinator):
    response = coordinator.post(
        f"/perangkat-daerah/{country.health.pk}/", {**AGENCY, "heads-0-starts_on": "Rabu, 2 November 2026"}
    )
    assert response.status_code == 422
    assert "Rabu, 2 November 2026" in response.content.decode()


def test_a_new_agency_needs_a_name_of_its_own(country, coordinator):
    address = f"{SLUG}/perangkat-daerah/baru/"
    response = coordinator.post(address, {**AGENCY, "name": "dinas  kesehatan"})
    assert response.context["form"].errors["name"]
    assert coordinator.post(address, {**AGENCY, "name": "Dinas Sosial"}).status_code == 302
    assert Organisation.objects.get(name="Dinas Sosial").parent == country.government


def test_two_people_on_an_agency_see_both_texts(country, coordinator, client_of):
    address = f"/perangkat-daerah/{country.health.pk}/"
    client_of(country.ministry_admin).post(address, AGENCY)
    response = coordinator.post(address, {**AGENCY, "duties": "Tugas lain.", "heads-0-name": "Orang Lain"})
    assert response.status_code == 409
    texts = " ".join(difference.theirs + difference.mine for difference in response.context["differences"])
    for text in ("Menyelenggarakan urusan kesehatan.", "Tugas lain.", "Siti Rahayu", "Orang Lain"):
        assert text in texts


def test_typical_agencies_are_added_and_those_present_are_marked(country, coordinator):
    address = f"{SLUG}/perangkat-daerah/usulan/"
    page = coordinator.get(address)
    proposals = [proposal for _affair, group in page.context["groups"] for proposal in group]
    assert country.health in [proposal.present for proposal in proposals]
    chosen = [proposal.number for proposal in proposals if not proposal.present][:5]
    coordinator.post(address, {"agency": [*chosen, "x", "99999999999"]})
    assert Organisation.objects.agencies().filter(parent=country.government).count() == 7
    coordinator.post(address, {"agency": chosen})
    assert Organisation.objects.agencies().filter(parent=country.government).count() == 7


def test_a_sheet_is_previewed_and_exactly_the_chosen_rows_are_added(country, coordinator):
    address = f"{SLUG}/perangkat-daerah/lembar/"
    upload = SimpleUploadedFile("opd.csv", b"OPD,Urusan\nDinas Sosial,1.06\nDinas Satu,\nDinas Dua,\n")
    preview = coordinator.post(address, {"file": upload}).context["preview"]
    data = {f"payload-{line.key}": line.payload for line in preview.lines}
    assert not Organisation.objects.filter(name="Dinas Sosial").exists()
    coordinator.post(address, {"apply": "1", "row": [preview.lines[0].key, preview.lines[2].key], **data})
    assert Organisation.objects.filter(name__in=["Dinas Sosial", "Dinas Dua"]).count() == 2
    assert not Organisation.objects.filter(name="Dinas Satu").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rusak", b"\x00\x01\x02", b"hanya,judul\n"])
def test_a_file_that_is_no_sheet_gets_a_sentence(country, coordinator, content):
    response = coordinator.post(f"{SLUG}/perangkat-daerah/lembar/", {"file": SimpleUploadedFile("a.xlsx", content)})
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_the_template_is_a_workbook(country, coordinator):
    response = coordinator.get(f"{SLUG}/perangkat-daerah/lembar/contoh.xlsx")
    assert io.BytesIO(response.content).read(2) == b"PK"


# --- requests and deadlines -------------------------------------------------------------------------------------------


def test_a_preset_is_a_preview_and_stores_nothing(country, coordinator):
    page = coordinator.get(f"{SLUG}/permintaan/?usulan=semua")
    assert all(line.asked.problems for line in page.context["lines"])
    assert not Request.objects.get(organisation=country.transport).asks_problems


def test_what_is_asked_is_saved_from_the_table(country, coordinator):
    living = country.dimension("living").pk
    data = {
        f"version-{country.health.pk}": "1",
        f"version-{country.transport.pk}": "1",
        f"problems-{country.health.pk}": "on",
        f"dimension-{country.health.pk}": [living, "x"],
    }
    assert coordinator.post(f"{SLUG}/permintaan/", data).status_code == 302
    country.health_request.refresh_from_db()
    assert (country.health_request.asks_problems, country.health_request.asks_innovations) == (True, False)
    assert not Request.objects.asked().filter(organisation=country.transport).exists()


def test_two_people_on_the_table_see_both_texts_and_the_second_may_insist(country, coordinator):
    data = {f"version-{country.health.pk}": "1", f"problems-{country.health.pk}": "on"}
    coordinator.post(f"{SLUG}/permintaan/", data)
    other = {f"version-{country.health.pk}": "1", f"innovations-{country.health.pk}": "on"}
    response = coordinator.post(f"{SLUG}/permintaan/", other)
    assert response.status_code == 409
    assert Draft.objects.filter(kind="conflict").exists()
    line = next(line for line in response.context["lines"] if line.asked.agency == country.health)
    assert (line.asked.innovations, line.version) == (True, 2)
    assert coordinator.post(f"{SLUG}/permintaan/", {**other, f"version-{country.health.pk}": "2"}).status_code == 302


def test_deadlines_are_dates_as_people_write_them(country, coordinator):
    data = {"problems-opens_on": "2 November 2026", "problems-closes_on": "21/11/2026", "problems-version": "0"}
    assert coordinator.post(f"{SLUG}/jadwal/", data).status_code == 302
    assert Deadline.objects.get().closes_on == date(2026, 11, 21)
    wrong = {"problems-opens_on": "besok", "problems-closes_on": "1 Januari 2026", "problems-version": "1"}
    response = coordinator.post(f"{SLUG}/jadwal/", wrong)
    assert response.status_code == 422
    assert "besok" in response.content.decode()


def test_a_last_day_that_was_told_moves_with_a_reason_only(country, coordinator):
    Deadline.objects.create(plan=country.plan, stage="problems", closes_on=date(2026, 11, 21))
    data = {"problems-closes_on": "1 Desember 2026", "problems-version": "1"}
    response = coordinator.post(f"{SLUG}/jadwal/", data)
    assert response.status_code == 422
    assert "1 Desember 2026" in response.content.decode()
    response = coordinator.post(f"{SLUG}/jadwal/", {**data, "problems-reason": "Banjir"}, follow=True)
    assert Deadline.objects.get().closes_on == date(2026, 12, 1)
    assert response.content.decode().count("Banjir") >= 2  # in the history and in the text for the group


@pytest.mark.parametrize(
    ("day", "part"),
    [(date(2027, 8, 17), "Hari Kemerdekaan"), (date(2091, 3, 7), "2091"), (date(2027, 8, 18), "")],
)
def test_a_last_day_on_a_holiday_gets_a_friendly_hint(day, part):
    with translation.override("id"):
        assert part in hint_about(day)
        assert bool(hint_about(day)) == bool(part)


# --- people -----------------------------------------------------------------------------------------------------------


def test_inviting_shows_the_link_once_and_stores_only_its_hash(country, coordinator, client):
    data = {"organisation": country.health.pk, "role": "operator", "name": "Rina"}
    response = coordinator.post(f"{SLUG}/undangan/baru/", data)
    text = response.context["text"]
    link = next(word for word in text.split() if word.startswith("http"))
    assert link in response.content.decode()
    assert client.get(link.removeprefix("http://testserver")).status_code == 200
    assert "http" not in str(Invitation.objects.values().get())


@pytest.mark.parametrize(
    ("where", "role"),
    [
        ("health", "coordinator"),
        ("government", "operator"),
        ("neighbour_agency", "operator"),
        ("health", "ministry_admin"),
    ],
)
def test_a_role_that_does_not_fit_is_refused(country, coordinator, where, role):
    data = {"organisation": getattr(country, where).pk, "role": role, "name": ""}
    assert coordinator.post(f"{SLUG}/undangan/baru/", data).status_code == 422
    assert not Invitation.objects.exists()


def test_an_invitation_is_withdrawn_and_not_by_a_neighbour(country, coordinator, client_of):
    coordinator.post(f"{SLUG}/undangan/baru/", {"organisation": country.health.pk, "role": "operator", "name": ""})
    address = f"/undangan/{Invitation.objects.get().pk}/tarik/"
    assert client_of(country.neighbour).post(address).status_code == 404
    assert coordinator.post(address).status_code == 302
    assert Invitation.objects.get().withdrawn_at


def test_a_forgotten_password_gets_a_link_and_not_from_a_neighbour(country, coordinator, client_of):
    address = f"/orang/{Membership.objects.get(user=country.operator).pk}/sandi/"
    assert "/sandi-baru/" in coordinator.post(address).context["text"]
    assert client_of(country.neighbour).post(address).status_code == 404
    assert client_of(country.operator).post(address).status_code == 404


def test_a_role_is_ended_but_not_ones_own(country, coordinator):
    operator, own = (Membership.objects.get(user=user) for user in (country.operator, country.coordinator))
    coordinator.post(f"/orang/{operator.pk}/akhiri/")
    coordinator.post(f"/orang/{own.pk}/akhiri/")
    operator.refresh_from_db()
    own.refresh_from_db()
    assert operator.ended_at
    assert own.ended_at is None


# Half of them are the navigation's.
MOST_QUERIES = {"agency-list": 14, "request-list": 14, "people-list": 13, "plan-set-up": 19, "deadline-list": 12}


@pytest.mark.parametrize(("name", "most"), MOST_QUERIES.items())
def test_queries_do_not_grow_with_agencies(country, coordinator, django_assert_max_num_queries, name, most):
    coordinator.post(f"{SLUG}/perangkat-daerah/usulan/", {"agency": range(33)})
    with django_assert_max_num_queries(most):
        coordinator.get(reverse(name, args=["kabupaten-uji"]))
