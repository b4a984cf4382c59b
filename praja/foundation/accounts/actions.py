"""What changes about accounts: inviting, accepting, ending a role, the own profile, language and password."""

import hashlib
from collections.abc import Iterable, Mapping

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from praja.foundation.accounts import acting
from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.accounts.models import Invitation, Membership, Organisation, Person, User, new_token
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.roles import ROLES, ROLES_AT
from praja.foundation.audit.actions import record


class LinkClosed(Exception):
    """The invitation was used, withdrawn or is too old."""


class NameTaken(Exception):
    """Somebody has this user name already."""


def grantable_roles(by: User, organisation: Organisation) -> list[str]:
    """The roles that `by` may give at `organisation`: inside the own region only; the ministry everywhere."""
    for membership in by.active_memberships:
        role = ROLES.get(membership.role)
        if role is None:
            continue
        if Can.PEOPLE_INVITE in role.own and organisation.organisation_path.startswith(
            membership.organisation.organisation_path
        ):
            province = organisation.region is not None and organisation.region.kind == "province"
            is_province = organisation.kind == Organisation.Kind.GOVERNMENT and province
            return [*ROLES_AT[organisation.kind], *(["province_officer"] if is_province else [])]
        if Can.PEOPLE_INVITE in role.region and organisation.government.pk == membership.organisation.government.pk:
            return list(ROLES_AT[organisation.kind])
    return []


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def may_make_password_link(by: User, user: User) -> bool:
    """Whether every role of `user` lies where `by` may invite; else a link would open more than `by` reaches."""
    places = [membership.organisation for membership in user.active_memberships]
    return bool(places) and all(grantable_roles(by, place) for place in places)


def password_link(user: User, *, by: User) -> tuple[str, str]:
    """Two words of a link by which `user` chooses a new password, once, within settings.PASSWORD_RESET_TIMEOUT.

    Raises PermissionError where `by` may not make it.
    """
    if not may_make_password_link(by, user):
        raise PermissionError(user.pk)
    record("make password link", user, by=by)
    return urlsafe_base64_encode(str(user.pk).encode()), default_token_generator.make_token(user)


def user_of_password_link(key: str, token: str) -> User | None:
    """Whose new password the link is for; None when it was used, is too old or was never made."""
    try:
        user = User.objects.filter(pk=int(urlsafe_base64_decode(key)), is_active=True).first()
    except ValueError:
        return None
    return user if user and default_token_generator.check_token(user, token) else None


@transaction.atomic
def invite(
    organisation: Organisation, role: str, name: str, *, by: User, dimensions: Iterable[str] = ()
) -> tuple[Invitation, str]:
    """An invitation and its token, which is told only now; raises PermissionError when `by` may not give the role.

    `dimensions`: keys that a role by dimension is limited to, none for all; other roles have none.
    """
    if role not in grantable_roles(by, organisation) or organisation.withdrawn_at:
        raise PermissionError(role)
    token = new_token()
    keys = list(dimensions) if ROLES[role].by_dimension else []
    invitation = Invitation.objects.create(
        token_hash=hash_of(token), organisation=organisation, role=role, dimensions=keys, name=name, created_by=by
    )
    record("invite", invitation, by=by, after={"role": role, "organisation": organisation.name, "dimensions": keys})
    return invitation, token


def invitation_of(token: str) -> Invitation | None:
    """The invitation behind a link, whether it still works or not."""
    invitations = Invitation.objects.select_related("organisation__parent", "organisation__region")
    return invitations.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """The link stops working; raises LinkClosed when it was used in the meantime."""
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    ):
        raise LinkClosed
    record("withdraw", invitation, by=by)


def _use(invitation: Invitation, user: User) -> None:
    """Use the link by compare-and-set and give the role."""
    now = timezone.now()
    open_ones = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=now)
    if not open_ones.update(used_at=now, used_by=user):
        raise LinkClosed
    keys = invitation.dimensions
    membership, is_new = Membership.objects.get_or_create(
        user=user,
        organisation=invitation.organisation,
        role=invitation.role,
        ended_at=None,
        defaults={"dimensions": keys},
    )
    if not is_new and membership.dimensions:  # who holds the role for some dimensions holds it for these as well
        membership.dimensions = sorted({*membership.dimensions, *keys}) if keys else []
        membership.save(update_fields=["dimensions"])
    user.__dict__.pop("active_memberships", None)
    record("accept", invitation, by=user, after={"role": invitation.role})


def accept(
    invitation: Invitation, *, username: str, password: str, person: Mapping[str, str], language: str = ""
) -> User:
    """The new account of an invited person; raises LinkClosed or NameTaken, and then nothing is stored."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username,
                password,
                person=Person.objects.create(**person),
                language=language,
                is_demonstration=is_demonstration(),
            )
            _use(invitation, user)
    except IntegrityError as problem:
        raise NameTaken from problem
    return user


@transaction.atomic
def accept_with_account(invitation: Invitation, *, by: User) -> None:
    """One more role for an account that exists; raises LinkClosed."""
    _use(invitation, by)


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """The person no longer holds the role; the row stays for the history. Ending twice changes nothing."""
    if membership.for_position_id:
        acting.end(membership, by=by)
    elif Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=timezone.now()):
        record("end role", membership.organisation, by=by, before={"role": membership.role, "user": membership.user_id})


@transaction.atomic
def change_profile(user: User, values: Mapping[str, str], *, email: str) -> None:
    """The own name, titles, telephone and e-mail."""
    person = user.person or Person(created_by=user)
    for name, value in values.items():
        setattr(person, name, value)
    person.updated_by, person.updated_at, person.version = user, timezone.now(), person.version + 1
    person.save()
    user.person, user.email = person, email
    user.save(update_fields=["person", "email"])
    record("change profile", user, by=user)


def choose_language(user: User, language: str) -> None:
    """The language of every page for this account."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def change_password(user: User, password: str, *, by: User) -> None:
    """A new password; every other session of the account ends by itself."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("change password", user, by=by)
