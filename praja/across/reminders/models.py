"""Why an agency is late, how it was helped and reminded, which exceptions it asks for, and how each week began."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Organisation, Person
from praja.foundation.audit.rows import both_or_neither, in_order
from praja.foundation.plans.models import Plan


class LateReason(models.Model):
    """Why an agency has not delivered yet, as somebody said it; a later one replaces it, none is ever changed.

    It counts only while the agency owes something, which is computed: nothing has to close it.
    """

    class Kind(models.TextChoices):
        """The reasons that call for different help."""

        DEBATING = "debating", _("Still debating what to propose")
        NO_DATA = "no_data", _("The data are not there")
        NOT_OUR_DUTY = "not_our_duty", _("Not our duty")
        NO_OPERATOR = "no_operator", _("Nobody to type it")
        NO_SIGNAL = "no_signal", _("No signal or no network")
        OTHER = "other", _("Another reason")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="late_reasons")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="late_reasons")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    note = models.CharField(max_length=500, blank=True)
    holder = models.CharField(max_length=200, blank=True)  # who can give the data
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    said_as = models.CharField(max_length=200, blank=True)  # the position as it was then, in words
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation"], condition=Q(replaced_at=None), name="one_reason_of_an_agency_holds"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Assistance(models.Model):
    """A call, a visit or other help promised to an agency for a day, and what came of it."""

    class Kind(models.TextChoices):
        """Who helps, and how."""

        MENTOR = "mentor", _("Call by the mentor")
        TEAM = "team", _("Help by the team (visit or meeting)")
        CALL = "call", _("Call by the secretariat")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="assistances")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assistances")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    due_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    promised_at = models.DateTimeField(default=timezone.now)
    promised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = [both_or_neither("done_at", "done_by", "assistance_done_by_somebody")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"


class Reminder(models.Model):
    """That somebody was reminded: when, by whom, through what, and the very text."""

    class Channel(models.TextChoices):
        """Through what."""

        WHATSAPP = "whatsapp", _("WhatsApp, to the person")
        GROUP = "group", _("WhatsApp group")
        PHONE = "phone", _("Phone")
        LETTER = "letter", pgettext_lazy("reminder", "Letter")
        MEETING = "meeting", _("Face to face")
        PRAJA = "praja", _("Notice in Praja alone")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reminders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reminders")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # empty: the agency as such
    channel = models.CharField(max_length=10, choices=Channel.choices)
    reason = models.CharField(max_length=12, choices=LateReason.Kind.choices, blank=True)  # as it was then
    text = models.TextField()
    day = models.DateField()  # in the region's zone
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sending = models.UUIDField()  # of the page that was sent: sending it twice reminds once

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["sending", "organisation", "person"], name="one_sending_reminds_once"),
            models.UniqueConstraint(
                fields=["sending", "organisation"], condition=Q(person=None), name="one_sending_reminds_an_agency_once"
            ),
        ]
        indexes = [models.Index(fields=["plan", "organisation", "-id"], name="reminder_by_agency")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.channel} {self.day}"


class ExceptionWish(models.Model):
    """An agency asks to hand in after the stage has closed; the coordinator answers with a day, or with a no."""

    class Answer(models.TextChoices):
        """What the coordinator decided."""

        GIVEN = "given", pgettext_lazy("exception", "Given")
        DECLINED = "declined", pgettext_lazy("exception", "Declined")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="exception_wishes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="exception_wishes")
    stage = models.CharField(max_length=30)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "stage"], condition=Q(answered_at=None), name="one_open_wish_a_stage"
            ),
            both_or_neither("answered_at", "answered_by", "wish_answered_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.stage}"


class Week(models.Model):
    """How a plan stood when a week began: what "since last week" is compared with."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="weeks")
    starts_on = models.DateField()  # a Monday, in the region's zone
    asked = models.PositiveIntegerField()
    delivered = models.PositiveIntegerField()
    late = models.JSONField(default=list)  # keys of the agencies that owed something
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-starts_on",)
        constraints = [
            models.UniqueConstraint(fields=["plan", "starts_on"], name="one_line_a_week"),
            in_order("delivered", "asked", "no_more_delivered_than_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.delivered}/{self.asked}"
