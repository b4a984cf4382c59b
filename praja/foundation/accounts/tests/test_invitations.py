"""Inviting and accepting: what works once, what comes late, and who may invite whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from praja.foundation.accounts import actions
from praja.foundation.accounts.models import Invitation, Membership, Organisation, User
from praja.foundation.audit.models import Event

PERSON = {"name": "Rina Wati", "title_before": "", "title_after": "S.Kom."}
FORM = {
    "name": "Rina Wati",
    "title_before": "",
    "title_after": "S.Kom.",
    "username": "rina.wati",
    "new_password": "sawah-hijau-di-pagi-hari",
    "new_password_again": "sawah-hijau-di-pagi-hari",
}


@pytest.fixture
def invited(country):
    return actions.invite(country.health, "operator", "Rina", by=country.coordinator)


def test_only_the_hash_of_the_token_is_stored(invited):
    invitation, token = invited
    assert token not in str(Invitation.objects.values().get())
    assert actions.invitation_of(token) == invitation


def test_an_invited_person_gets_an_account_and_is_signed_in(invited, client, country):
    response = client.post(f"/undangan/{invited[1]}/", FORM)
    assert response.status_code == 302
    user = User.objects.get(username="rina.wati")
    assert str(user) == "Rina Wati, S.Kom."
    assert Membership.objects.get(user=user).organisation == country.health
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_link_works_once(invited, client, client_of):
    client.post(f"/undangan/{invited[1]}/", FORM)
    client.logout()
    response = client.post(f"/undangan/{invited[1]}/", {**FORM, "username": "lain"})
    assert response.status_code == 410
    assert response.context["invitation"].used_at
    assert not User.objects.filter(username="lain").exists()


def test_two_who_use_the_link_at_once_make_one_account(invited):
    invitation = actions.invitation_of(invited[1])
    actions.accept(invited[0], username="satu", password="sawah-hijau-1", person=PERSON)
    with pytest.raises(actions.LinkClosed):
        actions.accept(invitation, username="dua", password="sawah-hijau-1", person=PERSON)
    assert not User.objects.filter(username="dua").exists()


@pytest.mark.parametrize("values", [{"expires_at": timezone.now() - timedelta(1)}, {"withdrawn_at": timezone.now()}])
def test_a_late_or_withdrawn_link_says_so(invited, client, values):
    Invitation.objects.update(**values)
    assert client.get(f"/undangan/{invited[1]}/").status_code == 410
    assert client.post(f"/undangan/{invited[1]}/", FORM).status_code == 410
    assert not User.objects.filter(username="rina.wati").exists()


def test_a_broken_link_says_what_to_do(client, db):
    response = client.get("/undangan/entah-apa/")
    assert response.status_code == 410


def test_a_name_that_is_taken_is_refused_like_a_bad_one(invited, client, country):
    texts = []
    for username in (country.operator.username, "nama dengan spasi"):
        response = client.post(f"/undangan/{invited[1]}/", {**FORM, "username": username})
        assert response.status_code == 422
        texts.append(response.context["form"].errors["username"])
    assert texts[0] == texts[1]


def test_a_weak_password_is_refused_and_the_rest_stays(invited, client):
    response = client.post(
        f"/undangan/{invited[1]}/", {**FORM, "new_password": "1234567890", "new_password_again": "1234567890"}
    )
    assert response.context["form"].errors["new_password"]
    assert "Rina Wati" in response.content.decode()


def test_a_signed_in_person_takes_one_more_role(country, client_of):
    _invitation, token = actions.invite(country.neighbour_government, "mentor", "", by=country.neighbour)
    response = client_of(country.mentor).post(f"/undangan/{token}/")
    assert response.status_code == 302
    assert Membership.objects.filter(user=country.mentor).count() == 2


def test_a_withdrawn_invitation_cannot_be_withdrawn_after_use(invited, country):
    actions.accept(invited[0], username="satu", password="sawah-hijau-1", person=PERSON)
    with pytest.raises(actions.LinkClosed):
        actions.withdraw_invitation(invited[0], by=country.coordinator)


@pytest.mark.parametrize(
    ("who", "where", "role", "may"),
    [
        ("coordinator", "health", "operator", True),
        ("coordinator", "government", "coordinator", True),
        ("coordinator", "government", "operator", False),
        ("coordinator", "government", "ministry_admin", False),
        ("coordinator", "neighbour_agency", "operator", False),
        ("coordinator", "ministry", "ministry_admin", False),
        ("operator", "health", "operator", False),
        ("assessor", "government", "assessor", False),
        ("ministry_admin", "neighbour_agency", "operator", True),
        ("ministry_admin", "ministry", "ministry_admin", True),
    ],
)
def test_who_may_give_which_role_where(country, who, where, role, may):
    granted = actions.grantable_roles(getattr(country, who), getattr(country, where))
    assert (role in granted) is may


def test_a_provinces_coordinator_does_not_invite_into_its_regencies(country):
    province = Organisation.objects.get(region=country.province)
    Membership.objects.filter(user=country.coordinator).update(organisation=province)
    assert actions.grantable_roles(country.coordinator, country.health) == []
    assert "province_officer" in actions.grantable_roles(country.ministry_admin, province)


def test_inviting_without_the_right_is_refused(country):
    with pytest.raises(PermissionError):
        actions.invite(country.neighbour_agency, "operator", "", by=country.coordinator)
    assert not Invitation.objects.exists()


def test_every_verb_leaves_a_line_of_history(invited, country):
    actions.withdraw_invitation(invited[0], by=country.coordinator)
    assert list(Event.objects.about(invited[0]).values_list("verb", flat=True)) == ["withdraw", "invite"]
