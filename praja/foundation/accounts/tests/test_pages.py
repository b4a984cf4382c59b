"""Signing in and out, the language, the own profile, and who may do what."""

import pytest

from praja.foundation.accounts import actions, installation
from praja.foundation.accounts.models import Installation, Membership, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.roles import ROLES
from tests.country import PASSWORD


@pytest.fixture
def demonstration(country):
    Installation.objects.create(is_demonstration=True)
    User.objects.update(is_demonstration=True)
    installation.forget()
    yield country
    installation.forget()


def test_signing_in_leads_on(client, country):
    response = client.post("/masuk/", {"username": "OPERATOR", "password": PASSWORD, "next": "/profil/"})
    assert (response.status_code, response["Location"]) == (302, "/profil/")


def test_signing_in_never_leads_elsewhere(client, country):
    response = client.post("/masuk/", {"username": "operator", "password": PASSWORD, "next": "https://jahat.example/"})
    assert response["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, country):
    answers = []
    for username in ("operator", "tidak-ada"):
        response = client.post("/masuk/", {"username": username, "password": "salah"})
        answers.append((response.status_code, response.context["form"].non_field_errors()))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("username", ["operator", "tidak-ada"])
def test_guessing_is_paused_for_any_name(client, country, username):
    for _ in range(10):
        client.post("/masuk/", {"username": username, "password": "salah"})
    response = client.post("/masuk/", {"username": username, "password": PASSWORD})
    assert response.status_code == 422
    assert "15" in str(response.context["form"].non_field_errors())


def test_hostile_names_are_answered_calmly(client, country):
    for username in ("\x00", "a" * 100_000, "ﾃｽﾄ'; DROP TABLE", ""):
        assert client.post("/masuk/", {"username": username, "password": "x"}).status_code == 422


def test_a_demonstration_offers_its_accounts_on_this_machine(client, demonstration):
    page = client.get("/masuk/", HTTP_HOST="localhost:8000").content.decode()
    assert "Sari Operator" in page
    response = client.post("/masuk/contoh/", {"username": "operator"}, HTTP_HOST="localhost:8000")
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(demonstration.operator.pk)


@pytest.mark.parametrize(
    "request_headers",
    [
        {"REMOTE_ADDR": "10.0.0.7", "HTTP_HOST": "localhost"},
        {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_HOST": "testserver"},
    ],
)
def test_demo_accounts_are_refused_elsewhere(client, demonstration, request_headers):
    assert "Sari Operator" not in client.get("/masuk/", **request_headers).content.decode()
    assert client.post("/masuk/contoh/", {"username": "operator"}, **request_headers).status_code == 404


def test_a_real_installation_offers_no_accounts(client, country):
    assert client.post("/masuk/contoh/", {"username": "operator"}, HTTP_HOST="localhost").status_code == 404


def test_signing_out_needs_a_post(client_of, country):
    client = client_of(country.operator)
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_language_stays_with_account_and_browser(client_of, country):
    client = client_of(country.operator)
    response = client.post("/bahasa/", {"language": "en", "next": "/profil/"})
    assert response["Location"] == "/profil/"
    assert client.cookies["django_language"].value == "en"
    country.operator.refresh_from_db()
    assert country.operator.language == "en"
    assert client.post("/bahasa/", {"language": "xx"}).status_code == 404


def test_the_own_profile_is_saved(client_of, country):
    values = {"name": "Sari Dewi", "title_before": "Dr.", "title_after": "M.Si.", "phone": "0812 3456", "email": ""}
    assert client_of(country.operator).post("/profil/", values).status_code == 302
    country.operator.person.refresh_from_db()
    assert country.operator.person.full_name == "Dr. Sari Dewi, M.Si."


def test_a_new_password_needs_the_old_one_and_keeps_the_session(client_of, country):
    client = client_of(country.operator)
    new = {"new_password": "kebun-teh-berkabut", "new_password_again": "kebun-teh-berkabut"}
    assert client.post("/profil/sandi/", {"old_password": "salah", **new}).status_code == 422
    assert client.post("/profil/sandi/", {"old_password": PASSWORD, **new}).status_code == 302
    assert client.get("/profil/").status_code == 200
    country.operator.refresh_from_db()
    assert country.operator.check_password("kebun-teh-berkabut")


def test_a_password_link_works_once(client, country):
    key, token = actions.password_link(country.operator, by=country.coordinator)
    new = {"new_password": "kebun-teh-berkabut", "new_password_again": "kebun-teh-berkabut"}
    assert client.get(f"/sandi-baru/{key}/{token}/").status_code == 200
    assert client.post(f"/sandi-baru/{key}/{token}/", new).status_code == 302
    assert client.post(f"/sandi-baru/{key}/{token}/", new).status_code == 410
    country.operator.refresh_from_db()
    assert country.operator.check_password("kebun-teh-berkabut")


@pytest.mark.parametrize("link", ["x/y", "MQ/x", "_/_", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x", "77-_/1-2"])
def test_a_broken_password_link_says_what_to_do(client, country, link):
    assert client.get(f"/sandi-baru/{link}/").status_code == 410


def test_a_password_link_never_opens_more_than_its_maker_reaches(country):
    Membership.objects.create(user=country.operator, organisation=country.neighbour_agency, role="operator")
    for user in (country.operator, country.ministry_admin, country.neighbour):
        with pytest.raises(PermissionError):
            actions.password_link(user, by=country.coordinator)
    assert actions.password_link(country.assessor, by=country.coordinator)


def test_who_may_do_what_shows_every_permission_and_role(client_of, country):
    page = client_of(country.operator).get("/siapa-boleh-apa/")
    assert len(page.context["lines"]) == len(Can)
    assert len(page.context["roles"]) == len(ROLES)
    scopes = dict(page.context["lines"])[Can.PROBLEM_CHECK.label]
    assert dict(zip(ROLES, scopes, strict=True))["dimension_coordinator"] == "dimension"


def test_pages_ask_the_database_little(client_of, country, django_assert_max_num_queries):
    client = client_of(country.operator)
    with django_assert_max_num_queries(9):
        client.get("/profil/")
