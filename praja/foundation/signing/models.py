"""Rounds of signing, who is to sign in which office, what was signed how, and the papers and certificates behind it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from uuid6 import uuid7

from praja.foundation.accounts.models import Organisation, Person, Position
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, both_or_neither, in_order
from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import Plan


class Way(models.TextChoices):
    """The three ways to sign, never confused; wet ink is what every report shows and comes first."""

    WET = "wet", _("Wet ink on the printed sheet")
    GATEWAY = "gateway", _("Certified electronic signature (BSrE)")
    OWN = "own", _("Praja's own electronic signature (not certified)")


# How a signature was given; what its certificate is worth says the validation (checking/full_check.py).
GIVEN: dict[str, Any] = {
    Way.WET: pgettext_lazy("how it was signed", "in wet ink on the printed sheet"),
    Way.GATEWAY: pgettext_lazy("how it was signed", "electronically, through the e-sign gateway"),
    Way.OWN: pgettext_lazy("how it was signed", "electronically, with Praja's own certificate"),
}


class SigningRound(EditableRow):
    """One frozen document put to its signatories.

    `original` is the PDF for electronic signatures: byte for byte the edition's PDF, and behind it, as an incremental
    update, the signing pages. `signed` is its latest revision, with `revision` electronic signatures in it. `sheet` holds
    the same signing pages for wet ink. All stand under one hash: `edition.sha256`.
    """

    class State(models.TextChoices):
        """Where it is."""

        PREPARED = "prepared", _("Being prepared")
        OPEN = "open", pgettext_lazy("signing round", "Open")
        COMPLETE = "complete", pgettext_lazy("signing round", "Complete")
        CLOSED = "closed", _("Closed before all have signed")
        CANCELLED = "cancelled", pgettext_lazy("signing round", "Cancelled")

    class Order(models.TextChoices):
        """Whether signatories wait for each other."""

        PARALLEL = "parallel", _("All at once")
        SERIES = "series", _("One after the other")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="signing_rounds")
    organisation_path = PathField(db_index=True)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="signing_rounds")
    title = models.CharField(_("title"), max_length=300)
    number = models.CharField(_("number of the paper"), max_length=80, blank=True)
    code = models.CharField(max_length=12, unique=True)  # of its QR code and its public page
    state = models.CharField(max_length=9, choices=State.choices, default=State.PREPARED)
    order = models.CharField(_("order"), max_length=8, choices=Order.choices, default=Order.PARALLEL)
    is_way_fixed = models.BooleanField(
        _("each office signs in the way that is set for it"),
        default=False,
        help_text=_("Otherwise whoever signs may choose another way on the day. Ink is always possible."),
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    held_on = models.DateField(_("day of the signing"), null=True, blank=True)
    original = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    signed = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    revision = models.PositiveSmallIntegerField(default=0)
    sheet = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    sheet_pages = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)  # complete, closed or cancelled
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    end_reason = models.TextField(_("reason"), blank=True)

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            both_or_neither("opened_at", "opened_by", "signing_round_opened_by_and_at"),
            both_or_neither("ended_at", "ended_by", "signing_round_ended_by_and_at"),
            models.CheckConstraint(
                condition=~Q(state__in=("open", "complete")) | Q(opened_at__isnull=False, original__isnull=False),
                name="open_signing_round_has_its_original",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("closed", "cancelled")) | ~Q(end_reason=""),
                name="signing_round_ends_early_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(revision=0) | Q(signed__isnull=False), name="signed_revision_has_its_file"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its plan."""
        self.organisation_path = self.plan.organisation_path
        super().save(*args, **kwargs)

    @property
    def head(self) -> Any:
        """The PDF that the next electronic signature goes into."""
        return self.signed or self.original


class Signatory(EditableRow):
    """A place in a round: an office that is to sign or to witness, and where its box stands on the signing pages."""

    class Role(models.TextChoices):
        """As what."""

        SIGNATORY = "signatory", _("Signatory")
        WITNESS = "witness", _("Witness")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Has not signed yet")
        SIGNED = "signed", pgettext_lazy("signatory", "Signed")
        DECLINED = "declined", pgettext_lazy("signatory", "Declined")
        REPLACED = "replaced", pgettext_lazy("signatory", "Replaced")

    round = models.ForeignKey(SigningRound, models.PROTECT, related_name="signatories")
    role = models.CharField(_("as"), max_length=9, choices=Role.choices, default=Role.SIGNATORY)
    order = models.PositiveSmallIntegerField(_("order"))  # from 1; also of the boxes
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("agency"))
    position = models.ForeignKey(Position, models.PROTECT, related_name="+", verbose_name=_("office"))
    way = models.CharField(_("way"), max_length=7, choices=Way.choices, default=Way.WET)  # meant; the day may change it
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # As printed when the round was opened; who may sign is asked of the office on the day.
    printed_name = models.CharField(max_length=200, blank=True)
    printed_title = models.CharField(max_length=220, blank=True)
    page = models.PositiveSmallIntegerField(null=True)  # of the signing pages, from 1
    slot = models.PositiveSmallIntegerField(null=True)  # of the page, from 0
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    declined_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    decline_reason = models.TextField(_("reason"), blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("round", "order", "pk")
        constraints = [
            both_or_neither("declined_at", "declined_by", "signatory_declined_by_and_at"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decline_reason=""), name="signatory_declines_with_a_reason"
            ),
            models.UniqueConstraint(
                fields=["round", "position"], condition=~Q(state="replaced"), name="office_signs_once_in_a_round"
            ),
            models.UniqueConstraint(
                fields=["round", "page", "slot"], condition=Q(page__isnull=False), name="one_box_for_each_signatory"
            ),
        ]

    def __str__(self) -> str:
        return self.printed_title or self.position.title_in_full

    def may_use(self, way: str) -> bool:
        """Whether the round lets this place be signed in that way; ink is always possible."""
        return way in (Way.WET, self.way) or not self.round.is_way_fixed

    @property
    def organisation_path(self) -> str:
        """The path of the agency that signs."""
        return self.organisation.organisation_path


class SheetVersion(models.Model):
    """The signing sheet as it was set once, with the boxes on it: paper of an earlier setting may still come back."""

    round = models.ForeignKey(SigningRound, models.PROTECT, related_name="sheet_versions")
    number = models.PositiveSmallIntegerField()  # from 1; in the QR codes of later ones
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    places = models.JSONField(default=dict)  # {signatory: [page, slot]}, the key as text
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("round", "number")
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="version_of_a_sheet_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"

    @property
    def page_count(self) -> int:
        """How many pages it has."""
        return max((page for page, _slot in self.places.values()), default=0)

    def has_box_of(self, signatory: Signatory) -> bool:
        """Whether the box of this office stands on it, in the place where it is now."""
        return bool(self.places.get(str(signatory.pk)) == [signatory.page, signatory.slot])


class SheetScanQuerySet(models.QuerySet):
    """Questions to the scans of sheets."""

    def of_sheets(self) -> "SheetScanQuerySet":
        """Those that are, or may be, pages of a sheet: without what waits to be read or was not taken when it was."""
        return self.exclude(state=SheetScan.State.WAITING).exclude(
            state=SheetScan.State.REFUSED, decided_by__isnull=True
        )


class SheetScan(EditableRow):
    """One page of a signing sheet that came back: which page of which round it is said to be, and what was decided.

    A file that is handed in is one row that waits; reading it makes a row for each of its pages.
    """

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting", _("Waits to be read")
        UNREAD = "unread", _("Its QR code could not be read")
        READ = "read", _("Waits for a second person")
        CONFIRMED = "confirmed", pgettext_lazy("scan", "Confirmed")
        REFUSED = "refused", pgettext_lazy("scan", "Refused")

    class Match(models.TextChoices):
        """How its place was found."""

        QR = "qr", _("By its QR code")
        HAND = "hand", _("By hand")

    round = models.ForeignKey(SigningRound, models.PROTECT, related_name="scans")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    file_page = models.PositiveSmallIntegerField()  # of the file that was handed in, from 1
    sheet_page = models.PositiveSmallIntegerField(null=True)  # of the signing pages, from 1
    match = models.CharField(max_length=4, choices=Match.choices, blank=True)
    # What was seen: {"quarter_turns": 0-3, "corners": [[x, y], ...], "version": of the sheet, "ratio": of the picture's
    # width to its height}; corners in parts of the page's width and height. Waiting: {"pages": of the file} when counted.
    reading = models.JSONField(default=dict)
    # The page as JPEG: the upright paper where its codes told how it lies, else as it came.
    picture = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")  # that reads it
    state = models.CharField(max_length=9, choices=State.choices, default=State.UNREAD)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField(_("reason"), blank=True)

    objects = SheetScanQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            both_or_neither("decided_at", "decided_by", "signing_scan_decided_by_and_at"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "unread", "refused")) | Q(sheet_page__isnull=False),
                name="signing_scan_that_is_read_has_its_page",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("created_by")),
                name="signing_scan_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="signing_scan_refused_why"),
            models.UniqueConstraint(fields=["file", "file_page"], name="page_of_a_scan_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.sheet_page}"

    @property
    def was_not_taken(self) -> bool:
        """Whether it turned out to be none of this round's pages when it was read; nobody decided that."""
        return self.state == self.State.REFUSED and self.decided_by_id is None

    @property
    def organisation_path(self) -> str:
        """The path of the region whose round it is."""
        return self.round.organisation_path


class Signature(EditableRow):
    """One signature as it was given. Who, in which office, with which acting status and paper: copied, as it was then.

    Wet ink: `file` is the scan, `hash_before` the edition's, `hash_after` the scan's. Electronic: `file` is the signed
    revision, the hashes are those of the PDF before and after.
    """

    signatory = models.OneToOneField(Signatory, models.PROTECT, related_name="signature")
    way = models.CharField(max_length=7, choices=Way.choices)
    signed_at = models.DateTimeField()  # wet ink: noon of the day of the signing, in the region's time
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=200)
    position_title = models.CharField(max_length=220)  # in full: "Plt. Kepala Dinas Kesehatan", "a.n. Kepala ..."
    acting = models.CharField(max_length=10, choices=Position.Acting.choices, default=Position.Acting.DEFINITIVE)
    decree = models.CharField(max_length=200, blank=True)
    # Who signs on behalf of the holder: by which paper, from when until when.
    is_on_behalf = models.BooleanField(default=False)
    basis = models.CharField(max_length=300, blank=True)
    basis_from = models.DateField(null=True)
    basis_until = models.DateField(null=True)
    hash_before = models.CharField(max_length=64)
    hash_after = models.CharField(max_length=64)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    revision = models.PositiveSmallIntegerField(null=True)  # of the electronic PDF, from 1
    certificate = models.JSONField(default=dict)  # subject, issuer, serial, not_before, not_after: never a NIK
    time_stamp = models.JSONField(default=dict)  # at, authority; or {"missing": why}
    validation = models.JSONField(default=dict)  # what our own validation said when it was stored
    scan = models.ForeignKey(SheetScan, models.PROTECT, null=True, related_name="signatures")
    scanned_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("signed_at", "pk")
        constraints = [
            in_order("basis_from", "basis_until", "basis_of_a_signature_ends_after_it_starts"),
            both_or_neither("confirmed_at", "confirmed_by", "signature_confirmed_by_and_at"),
            models.CheckConstraint(
                condition=(Q(way="wet", revision__isnull=True, scan__isnull=False, confirmed_by__isnull=False))
                | (Q(revision__isnull=False, scan__isnull=True) & ~Q(way="wet")),
                name="wet_signature_has_a_scan_electronic_a_revision",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("scanned_by")),
                name="wet_signature_confirmed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_title}: {self.person_name}"

    @property
    def how(self) -> str:
        """How it was given, in words: never what its certificate is worth."""
        return str(GIVEN[self.way])


class SigningAttempt(models.Model):
    """One electronic signature under way. At most one goes on in a round, so that signatures come in series.

    It is committed before anything is asked of a gateway or a key, and ends in the transaction that stores the signature.
    One that a crash left behind ends when its lease is over: what counts is the round's head and nothing else.
    """

    class State(models.TextChoices):
        """What became of it."""

        GOING = "going", _("Going on")
        DONE = "done", _("Done")
        FAILED = "failed", pgettext_lazy("attempt", "Failed")
        ABANDONED = "abandoned", _("Left behind")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)  # also the key against doing it twice
    round = models.ForeignKey(SigningRound, models.PROTECT, related_name="attempts")
    signatory = models.ForeignKey(Signatory, models.PROTECT, related_name="attempts")
    way = models.CharField(max_length=7, choices=Way.choices)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    revision = models.PositiveSmallIntegerField()  # that it will make
    hash_before = models.CharField(max_length=64)
    hash_after = models.CharField(max_length=64, blank=True)  # known as soon as the signed PDF is in the storage
    state = models.CharField(max_length=9, choices=State.choices, default=State.GOING)
    problem = models.CharField(max_length=40, blank=True)  # a key, never what a gateway said word for word
    started_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["round"], condition=Q(state="going"), name="signatures_come_in_series"),
            models.CheckConstraint(condition=~Q(way="wet"), name="wet_ink_needs_no_attempt"),
            models.CheckConstraint(
                condition=Q(state="going", ended_at__isnull=True) | (~Q(state="going") & Q(ended_at__isnull=False)),
                name="attempt_that_is_over_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signatory_id} {self.state}"


class Gateway(EditableRow):
    """The e-sign gateway that a region runs on its own network, and how Praja may ask it."""

    class Api(models.TextChoices):
        """The two generations in use."""

        V1 = "v1", _("First (multipart)")
        V2 = "v2", _("Second (JSON)")

    government = models.ForeignKey(Organisation, models.PROTECT, related_name="gateways")
    organisation_path = PathField()
    address = models.URLField(_("address"), max_length=300)
    api = models.CharField(_("generation"), max_length=2, choices=Api.choices, default=Api.V2)
    username = models.CharField(_("user name"), max_length=100, blank=True)
    secret = models.TextField(blank=True)  # encrypted

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government"], condition=Q(withdrawn_at=None), name="one_gateway_for_each_government"
            )
        ]

    def __str__(self) -> str:
        return self.address

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its government."""
        self.organisation_path = self.government.organisation_path
        super().save(*args, **kwargs)


class CertificateAuthority(models.Model):
    """Praja's own authority for signatures that are not certified: made at first use, its key encrypted at rest."""

    created_at = models.DateTimeField(default=timezone.now)
    certificate = models.TextField()  # PEM
    key = models.TextField()  # PEM, encrypted
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="one_certificate_authority_is_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class SignerCertificate(models.Model):
    """The certificate of a person from Praja's own authority, with its encrypted key."""

    authority = models.ForeignKey(CertificateAuthority, models.PROTECT, related_name="certificates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates")
    serial = models.CharField(max_length=50, unique=True)  # hexadecimal
    certificate = models.TextField()  # PEM
    key = models.TextField()  # PEM, encrypted
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    # Taken back: what was signed with it before stays valid, and it signs nothing more.
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    revoke_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.serial


class PdfCheck(models.Model):
    """What our validation says about a PDF of these bytes: kept by hash, since it takes seconds."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    result = models.JSONField()
    made_with = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now)
    counts_until = models.DateTimeField(null=True)  # when the first of the signers' certificates ends

    def __str__(self) -> str:
        return self.sha256
