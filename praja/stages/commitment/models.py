"""The joint commitment of a plan, the list of what each agency promises, its addenda, and offices that change hands."""

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Organisation, Person, Position
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, both_or_neither
from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import OfThePlan, Plan


class CommitmentQuerySet(ReachQuerySet):
    """Questions to the rows of the joint commitment."""

    def in_service(self) -> "CommitmentQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Commitment(OfThePlan):
    """A joint commitment: it rests on one frozen edition of the masterplan, and is frozen itself before it is signed.

    `edition`: of the masterplan; `document`: the commitment as it was frozen, with the list of each agency in its facts;
    `compared`: the newer edition whose changes the addenda carry already, if it changes any.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("Being drawn up")
        SETTLING = "settling", _("With the agencies")
        FROZEN = "frozen", pgettext_lazy("joint commitment", "Frozen")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="commitments")
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="commitments", verbose_name=_("edition of the masterplan")
    )
    document = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")
    compared = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")
    title = models.CharField(_("title"), max_length=300)
    number = models.CharField(_("number"), max_length=80, blank=True)
    considerations = models.TextField(_("considerations"), blank=True)  # one a line
    legal_bases = models.TextField(_("legal bases"), blank=True)  # one a line
    points = models.TextField(_("what is promised together"), blank=True)  # one a line
    place = models.CharField(_("place"), max_length=200, blank=True)
    held_on = models.DateField(_("day of the signing"), null=True, blank=True)
    settle_until = models.DateField(_("agencies settle their lists until"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=Q(withdrawn_at=None), name="one_commitment_for_each_edition"
            ),
            models.CheckConstraint(
                condition=Q(state="frozen", document__isnull=False) | (~Q(state="frozen") & Q(document__isnull=True)),
                name="frozen_commitment_has_its_document",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_frozen(self) -> bool:
        """Whether nothing in it changes any more."""
        return self.state == self.State.FROZEN


class Addendum(EditableRow):
    """What changes in one agency's promises with a newer edition of the masterplan, or an agency that comes later."""

    class State(models.TextChoices):
        """How far it is."""

        SETTLING = "settling", _("With the agency")
        FROZEN = "frozen", pgettext_lazy("joint commitment", "Frozen")

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="addenda")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="addenda")
    organisation_path = PathField(db_index=True)
    number = models.PositiveSmallIntegerField()  # of the agency's addenda to this commitment, from 1
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="addenda")  # of the masterplan
    document = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.SETTLING)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("commitment", "organisation", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "organisation"],
                condition=Q(state="settling", withdrawn_at=None),
                name="one_open_addendum_for_each_agency",
            ),
            models.UniqueConstraint(
                fields=["commitment", "organisation", "number"],
                condition=Q(withdrawn_at=None),
                name="number_of_an_addendum_once",
            ),
            models.CheckConstraint(
                condition=Q(state="frozen", document__isnull=False) | (~Q(state="frozen") & Q(document__isnull=True)),
                name="frozen_addendum_has_its_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.number}"

    @property
    def paper_number(self) -> str:
        """The number of its paper, from that of the commitment; "" where the commitment has none."""
        return f"{self.commitment.number} / {self.number}" if self.commitment.number else ""


class AgencyList(EditableRow):
    """The promises of one agency, or with an `addendum` what changes in them, and who accepted them in which office.

    `sha256` is the hash of the list as it was accepted (lists.py); it is printed in the annex that the agency signs.
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="lists")
    addendum = models.OneToOneField(Addendum, models.PROTECT, null=True, related_name="list")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="commitment_lists")
    organisation_path = PathField(db_index=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    # As what they accepted, copied as it was then.
    accepted_name = models.CharField(max_length=200, blank=True)
    accepted_office = models.CharField(max_length=220, blank=True)  # in full: "Plt. Kepala Dinas Kesehatan"
    accepted_decree = models.CharField(max_length=300, blank=True)
    # By which paper the secretariat accepted it in the agency's name; "" where the agency did so itself.
    on_behalf_basis = models.CharField(_("basis"), max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # Who held the office that promises when the list was frozen.
    position = models.ForeignKey(Position, models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = [
            both_or_neither("accepted_at", "accepted_by", "agency_list_accepted_by_and_at"),
            models.CheckConstraint(
                condition=Q(on_behalf_basis="") | Q(accepted_at__isnull=False),
                name="agency_list_on_behalf_is_an_acceptance",
            ),
            models.UniqueConstraint(
                fields=["commitment", "organisation"],
                condition=Q(addendum=None, withdrawn_at=None),
                name="one_list_for_each_agency",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def plan(self) -> Plan:
        """The plan whose commitment it belongs to."""
        return self.commitment.plan

    @property
    def is_frozen(self) -> bool:
        """Whether nothing in it changes any more."""
        return (self.addendum or self.commitment).state == Commitment.State.FROZEN

    @property
    def is_open(self) -> bool:
        """Whether the agency and the secretariat can settle it now."""
        if self.withdrawn_at or self.is_frozen:
            return False
        return self.addendum is not None or self.commitment.state == Commitment.State.SETTLING

    @property
    def settle_until(self) -> Any:
        """The day until which the agency is asked to settle it; an addendum has none."""
        return None if self.addendum_id else self.commitment.settle_until


class Obligation(EditableRow):
    """One thing that an agency promises (butir komitmen), as the edition of the masterplan says it.

    `facts` is the line as frozen in the edition, perhaps cut to fewer years (lists.py); the columns beside it say the same.
    In an addendum `change` says what becomes of it, and `before` is the line as it was promised so far.
    """

    class Kind(models.TextChoices):
        """What is promised; the kinds of masterplan/editions/promises.py."""

        PROGRAMME = "programme", _("Programme")
        INNOVATION = "innovation", _("Innovation")
        ACTION = "action", _("Action")
        QUICK_WIN = "quick_win", _("Quick win")

    class State(models.TextChoices):
        """What the agency and the secretariat say to it."""

        PROPOSED = "proposed", pgettext_lazy("obligation", "Waits for the agency")
        ACCEPTED = "accepted", pgettext_lazy("obligation", "Accepted")
        CONTESTED = "contested", pgettext_lazy("obligation", "Contested")
        DROPPED = "dropped", pgettext_lazy("obligation", "Dropped")

    class Change(models.TextChoices):
        """What an addendum does with it."""

        ADDED = "added", pgettext_lazy("obligation", "Added")
        CHANGED = "changed", pgettext_lazy("obligation", "Changed")
        REMOVED = "removed", pgettext_lazy("obligation", "Taken out")

    list = models.ForeignKey(AgencyList, models.PROTECT, related_name="obligations")
    organisation_path = PathField(db_index=True)
    number = models.PositiveSmallIntegerField()  # in the list of the agency, for ever
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    source_uid = models.UUIDField()  # of the programme, innovation, action or quick win
    title = models.CharField(_("title"), max_length=400)  # an action: its code and its title
    facts = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    change = models.CharField(max_length=7, choices=Change.choices, blank=True)
    year_from = models.PositiveSmallIntegerField(_("first year"), null=True)
    year_to = models.PositiveSmallIntegerField(_("last year"), null=True)
    money_rupiah = models.BigIntegerField(_("money"), default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    contest_reason = models.TextField(_("why it is contested"), blank=True)
    answer = models.TextField(_("answer of the secretariat"), blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("list", "number")
        constraints = [
            models.UniqueConstraint(fields=["list", "kind", "source_uid"], name="obligation_once_in_a_list"),
            models.UniqueConstraint(fields=["list", "number"], name="number_of_an_obligation_once"),
            models.CheckConstraint(
                condition=~Q(state="contested") | ~Q(contest_reason=""), name="obligation_contested_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(answer=""), name="obligation_dropped_with_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(money_rupiah__gte=0, money_rupiah__lte=10**17), name="obligation_is_whole_rupiah_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def indicators(self) -> Any:
        """The indicators as frozen: name, unit, baseline, baseline_year, targets."""
        return self.facts.get("indicators", [])


class PositionHandover(EditableRow):
    """An office with promises got another holder: the frozen sheet of what is open, taken on by the successor.

    `sheet` is a Letter as JSON (documents/blocks.py), `sha256` its hash; `leaver` is who promised or took it on before.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="position_handovers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="position_handovers")
    organisation_path = PathField(db_index=True)
    position = models.ForeignKey(Position, models.PROTECT, related_name="+")  # as the successor holds it
    leaver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    successor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    obligations = models.PositiveSmallIntegerField()  # how many are open
    money_rupiah = models.BigIntegerField(default=0)
    sheet = models.TextField()
    sha256 = models.CharField(max_length=64)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            both_or_neither("accepted_at", "accepted_by", "position_handover_accepted_by_and_at"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="an_office_is_handed_over_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.successor_id}"
