"""People, the organisations they work for, the positions they hold, and how they sign in."""

import datetime
import secrets
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.accounts.roles import READ_REGION, READ_ROWS, ROLES
from praja.foundation.audit.rows import EditableRow, in_order

READ = READ_REGION | READ_ROWS


class Affair(models.Model):
    """A government affair (urusan) with the code of the nomenclature, as "2.16"; `code` is text."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OrganisationQuerySet(ReachQuerySet):
    """Questions to the tree."""

    path_column = "path"

    def agencies(self) -> "OrganisationQuerySet":
        """Agencies that are in service."""
        return self.filter(kind=Organisation.Kind.AGENCY, withdrawn_at=None)


class Organisation(EditableRow):
    """A ministry, a regional government or an agency (OPD); a tree whose `path` makes "at or below" a range."""

    class Kind(models.TextChoices):
        """What stands at this place of the tree."""

        MINISTRY = "ministry", _("Ministry")
        GOVERNMENT = "government", _("Regional government")
        AGENCY = "agency", _("Government agency (OPD)")

    class AgencyKind(models.TextChoices):
        """Sorts of agency that a region asks for different things."""

        AGENCY = "agency", _("Agency (service or board)")
        SECRETARIAT = "secretariat", _("Secretariat division")
        HOSPITAL = "hospital", _("Hospital")
        DISTRICT = "district", _("District office")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    region = models.ForeignKey("places.Region", models.PROTECT, null=True, related_name="organisations")
    path = PathField(unique=True, null=True)
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=40, blank=True)
    agency_kind = models.CharField(max_length=12, choices=AgencyKind.choices, blank=True)
    affairs = models.ManyToManyField(Affair, blank=True, related_name="agencies")
    duties = models.TextField(blank=True)
    regulation = models.CharField(max_length=400, blank=True)
    is_unverified = models.BooleanField(default=False)  # made by an import, not yet confirmed by the region

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], condition=Q(withdrawn_at=None), name="agency_named_once_in_its_region"
            ),
            models.UniqueConstraint(
                fields=["region"], condition=Q(kind="government"), name="one_government_for_each_region"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_path(self) -> str:
        """The path under the name that rows use for it."""
        return self.path or ""

    @property
    def short_name(self) -> str:
        """The abbreviation, else the name."""
        return self.abbreviation or self.name

    @property
    def government(self) -> "Organisation":
        """The regional government that this organisation is or belongs to."""
        if self.kind == self.Kind.AGENCY and self.parent is not None:
            return self.parent
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row and give it its path."""
        super().save(*args, **kwargs)
        if not self.path:
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            type(self).objects.filter(pk=self.pk).update(path=self.path)


class Person(EditableRow):
    """A person as papers name them; personal numbers are shown only where the work needs them."""

    name = models.CharField(max_length=200)
    title_before = models.CharField(max_length=60, blank=True)
    title_after = models.CharField(max_length=60, blank=True)
    nip = models.CharField(max_length=18, blank=True)
    rank = models.CharField(max_length=60, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its titles: "Dr. Siti Rahayu, M.Si."."""
        name = f"{self.title_before} {self.name}".strip()
        return f"{name}, {self.title_after}" if self.title_after else name


class Position(EditableRow):
    """An office held by a person for a time; duties belong to it, not to the person."""

    class Acting(models.TextChoices):
        """How the office is held; the words that papers print."""

        DEFINITIVE = "definitive", _("Definitive")
        PJ = "pj", "Pj."
        PLT = "plt", "Plt."
        PLH = "plh", "Plh."

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="positions")
    title = models.CharField(max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="positions")
    acting = models.CharField(max_length=10, choices=Acting.choices, default=Acting.DEFINITIVE)
    decree = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_head = models.BooleanField(default=False)

    class Meta:
        constraints = [in_order("starts_on", "ends_on", "position_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.title_in_full

    @property
    def title_in_full(self) -> str:
        """The title with its acting status: "Plt. Kepala Dinas Kesehatan"."""
        return self.title if self.acting == self.Acting.DEFINITIVE else f"{self.get_acting_display()} {self.title}"


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An account that signs in with `username`; without password it cannot sign in yet."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of a sign-in name, in whatever capitals it was typed."""
        return self.get(username=self.model.normalize_username(username or ""))


class User(AbstractBaseUser):
    """An account; e-mail is optional, since many offices have none."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    email = models.EmailField(blank=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, related_name="user")
    language = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.person.full_name if self.person else self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Names are stored in small letters, so that "Budi" and "budi" cannot be two people."""
        return super().normalize_username(username).lower()

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        """The roles that this account holds today, loaded once a request."""
        return list(
            self.memberships.current()
            .select_related("organisation__parent__region", "organisation__region", "for_position")
            .only("user", "role", "dimensions", "ends_on", *SHOWN_WITH_A_ROLE)
        )

    @cached_property
    def acting_as(self) -> str:
        """The first role and its organisation in words, for the history; in Indonesian, as papers would say it."""
        return self.active_memberships[0].in_words(self) if self.active_memberships else ""

    def acting_on(self, path: str) -> str:
        """As what this account acts on rows at `path`: for an office where it does so there, else as `acting_as`."""
        for membership in self.active_memberships:
            if membership.for_position_id and path.startswith(membership.organisation.organisation_path):
                return membership.in_words(self)
        return self.acting_as

    @cached_property
    def _scopes(self) -> dict[str, frozenset["Scope"]]:
        scopes: dict[str, set[Scope]] = {}
        for membership in self.active_memberships:
            role = ROLES.get(membership.role)
            if role is None:
                continue
            own = Scope(membership.organisation.organisation_path, None)
            for permission in role.own:
                scopes.setdefault(permission.value, set()).add(own)
            government = membership.organisation.government
            region = Scope(government.organisation_path, None)
            limited = Scope(region.path, frozenset(membership.dimensions)) if membership.dimensions else region
            is_province = government.region is not None and government.region.kind == "province"
            # The path of a province covers its regencies, which are governments of their own: there only reading.
            for permission in role.region & READ if is_province else role.region:
                scopes.setdefault(permission.value, set()).add(limited if permission in role.by_dimension else region)
        return {key: frozenset(value) for key, value in scopes.items()}

    @cached_property
    def _paths(self) -> dict[str, frozenset[str]]:
        return {key: frozenset(scope.path for scope in scopes) for key, scopes in self._scopes.items()}

    def scopes_for(self, permission: Can) -> frozenset["Scope"]:
        """Where this account holds `permission`, and for which dimensions."""
        return self._scopes.get(permission.value, frozenset())

    def paths_for(self, permission: Can) -> frozenset[str]:
        """The paths at or below which this account holds `permission`, for whichever dimension."""
        return self._paths.get(permission.value, frozenset())

    def may(self, permission: Can, thing: Any) -> bool:
        """Whether this account holds `permission` on `thing` (anything with an `organisation_path`).

        Who holds it for some dimensions holds it on rows of those, and on what has no dimension, such as the plan.
        """
        path = thing.organisation_path
        return bool(path) and any(
            path.startswith(scope.path) and scope.covers(thing) for scope in self.scopes_for(permission)
        )

    def may_within(self, permission: Can, thing: Any) -> bool:
        """Whether this account holds `permission` on `thing` or on anything below it."""
        path = thing.organisation_path
        return self.may(permission, thing) or any(held.startswith(path) for held in self.paths_for(permission))

    def may_anywhere(self, permission: Can) -> bool:
        """Whether this account holds `permission` on anything at all."""
        return bool(self.paths_for(permission))


# Every page reads the roles of who asks: only what decides about reach and what the head of the page shows.
SHOWN_WITH_A_ROLE = [
    f"{organisation}__{column}"
    for organisation in ("organisation", "organisation__parent")
    for column in (
        "path", "kind", "name", "abbreviation", "parent",
        "region__kind", "region__name", "region__time_zone",
    )
] + ["for_position__title", "for_position__acting", "for_position__person"]  # fmt: skip


class Scope(NamedTuple):
    """A path at or below which a permission is held; `dimensions`: keys of those it is limited to, None for all."""

    path: str
    dimensions: frozenset[str] | None

    def covers(self, thing: Any) -> bool:
        """Whether the dimension of `thing` is one of these; a thing that never has one is covered."""
        if self.dimensions is None or not hasattr(thing, "dimension_id"):
            return True
        return thing.dimension is not None and thing.dimension.key in self.dimensions


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions to the roles that accounts hold."""

    def current(self) -> "MembershipQuerySet":
        """Those held today: not ended, begun, and not past the last day of an acting time."""
        today = timezone.localdate()
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today), ended_at=None
        )


class Membership(models.Model):
    """A role (key of ROLES) that an account holds at an organisation; ended, never deleted.

    `dimensions`: keys of the dimensions that it is limited to, none for all. `starts_on`, `ends_on`, `basis` and
    `for_position` say that somebody acts for an office for a time, and by which paper.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30)
    dimensions = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    for_position = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            in_order("starts_on", "ends_on", "acting_time_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=Q(ended_at=None), name="role_held_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"

    @property
    def role_title(self) -> str:
        """The role in words."""
        return str(ROLES[self.role].title)

    @property
    def is_over(self) -> bool:
        """Whether the last day of an acting time has passed."""
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    def office(self, user: "User | None" = None) -> str:
        """The office that is acted for, as papers name it: "Plt. Kepala Dinas Kesehatan", "a.n. Kepala …"; else ""."""
        if self.for_position is None:
            return ""
        holds_it = self.for_position.person_id == (user or self.user).person_id
        return self.for_position.title_in_full if holds_it else f"a.n. {self.for_position.title_in_full}"

    def in_words(self, user: "User") -> str:
        """The office or the role with its organisation, in Indonesian, as the history keeps it."""
        with translation.override(settings.LANGUAGE_CODE):
            role = str(ROLES[self.role].title) if self.role in ROLES else self.role
            return f"{self.office(user) or role}, {self.organisation.name}"[:200]


def new_token() -> str:
    """A secret that cannot be guessed (192 bits)."""
    return secrets.token_urlsafe(24)


INVITATION_DAYS = 7


def in_seven_days() -> datetime.datetime:
    """When an invitation made now ends."""
    return timezone.now() + datetime.timedelta(days=INVITATION_DAYS)


class InvitationQuerySet(ReachQuerySet):
    """Questions to the invitations."""

    path_column = "organisation__path"


class Invitation(models.Model):
    """A link that makes one account with one role; it expires and works once. Only its hash is stored."""

    token_hash = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=30)
    dimensions = models.JSONField(default=list, blank=True)  # handed on to the membership
    name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(default=in_seven_days)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"

    @property
    def organisation_path(self) -> str:
        """The path of the organisation that the new account will belong to."""
        return self.organisation.organisation_path

    @property
    def role_title(self) -> str:
        """The role in words."""
        return str(ROLES[self.role].title)

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()


class Installation(models.Model):
    """One row: whether this whole database is a demonstration. It can never change from one to the other."""

    is_demonstration = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return "demonstration" if self.is_demonstration else "real"


class Session(AbstractBaseSession):
    """A browser that somebody signed in with, kept for all processes alike; `sessions.SessionStore` writes it."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The engine that reads and writes these rows."""
        from praja.foundation.accounts.sessions import SessionStore

        return SessionStore


class CacheEntry(models.Model):
    """The table behind settings.CACHES: counts of wrong passwords and codes that were used, for all processes alike."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cacheentry"

    def __str__(self) -> str:
        return self.cache_key


class Identity(models.Model):
    """An account at the institution that opens an account here: who the issuer says it is, and since when."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_opens_one_account"),
            models.UniqueConstraint(fields=["issuer", "user"], name="account_has_one_identity_of_an_issuer"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.user_id}"
