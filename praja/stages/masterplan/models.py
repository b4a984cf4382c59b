"""A region's own outline of its books, the texts that people write, opinions, enactment, and the files of a book."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, both_or_neither
from praja.foundation.documents.models import Edition
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.models import OfThePlan, Plan


class BookFile(models.Model):
    """A book as a file. `fingerprint` is the hash of its content without the date: equal ones read the same."""

    class Kind(models.TextChoices):
        """What it can be made as; the keys of the renderers."""

        PDF = "pdf", "PDF"
        WORD = "word", _("Word")
        POWERPOINT = "pptx", "PowerPoint"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="book_files")
    organisation_path = PathField(db_index=True)
    book = models.CharField(max_length=30)  # a key of books.toml
    kind = models.CharField(max_length=6, choices=Kind.choices)
    fingerprint = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.book} {self.kind} {self.plan_id}"


class Chapter(OfThePlan):
    """A chapter or section of a book as the region wants it; without such rows a book follows its guide (books.toml).

    `key` names what is compiled there and the narrative that belongs to it; a region's own chapter has a key of its own.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="chapters")
    book = models.CharField(max_length=30)
    key = models.CharField(max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sections")
    title = models.CharField(_("title"), max_length=200)
    order = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField(_("in the book"), default=True)
    is_appendix = models.BooleanField(_("appendix"), default=False)

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "book", "key"], condition=Q(withdrawn_at=None), name="chapter_once_in_its_book"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Narrative(OfThePlan):
    """The text that people write for one chapter or section. `content` is a list of nodes (narratives.py), never HTML."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="narratives")
    book = models.CharField(max_length=30)
    key = models.CharField(max_length=60)  # of the chapter or section
    content = models.JSONField(default=list)
    words = models.PositiveIntegerField(default=0)

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "book", "key"], name="one_narrative_for_each_chapter")]

    def __str__(self) -> str:
        return f"{self.book} {self.key}"


class NarrativeVersion(models.Model):
    """A narrative as it stood: kept whenever it changes hands or a while has passed, so that nothing typed is lost."""

    narrative = models.ForeignKey(Narrative, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)  # "taken in from Word", "restored version 3"

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["narrative", "number"], name="narrative_version_once")]

    def __str__(self) -> str:
        return f"{self.narrative_id} {self.number}"


class Presence(models.Model):
    """Who has a narrative open for writing, and was last seen there when."""

    narrative = models.ForeignKey(Narrative, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["narrative", "user"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.narrative_id}"


class ReviewRound(OfThePlan):
    """Named people are asked for their opinion on a book by a date."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="review_rounds")
    book = models.CharField(max_length=30)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="review_rounds")
    title = models.CharField(_("title"), max_length=200)
    question = models.TextField(_("what is asked"), blank=True)
    closes_on = models.DateField(_("answers by"))
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [both_or_neither("closed_at", "closed_by", "review_round_closed_by_someone")]

    def __str__(self) -> str:
        return self.title


class Opinion(EditableRow):
    """What one asked person answers in a review round; empty until they do."""

    class Verdict(models.TextChoices):
        """The gist of it."""

        GOOD = "good", _("Good as it is")
        REMARKS = "remarks", _("Good, with remarks")
        AGAIN = "again", _("Has to be worked over")

    round = models.ForeignKey(ReviewRound, models.PROTECT, related_name="opinions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    position_title = models.CharField(max_length=200, blank=True)  # as it was when asked
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, blank=True)
    text = models.TextField(_("opinion"), blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["round", "user"], name="asked_once_in_a_review_round"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, verdict="") | (Q(answered_at__isnull=False) & ~Q(verdict="")),
                name="opinion_answered_with_a_verdict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.verdict}"


class Enactment(OfThePlan):
    """The regulation that makes a plan law, on its way from the first draft to its promulgation."""

    class Kind(models.TextChoices):
        """Its legal form."""

        REGENT = "perbup", _("Regulation of the Regent (Perbup)")
        MAYOR = "perwal", _("Regulation of the Mayor (Perwal)")
        GOVERNOR = "pergub", _("Regulation of the Governor (Pergub)")
        BYLAW = "perda", _("Regional by-law (Perda)")
        DECREE = "decree", _("Decree (Keputusan)")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="enactments")
    kind = models.CharField(_("legal form"), max_length=8, choices=Kind.choices)
    title = models.CharField(_("about"), max_length=300)
    number = models.CharField(_("number"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="enactments")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    # The draft regulation as the region words it: [{"title": "...", "paragraphs": ["...", ...]}, ...]; empty: the template.
    articles = models.JSONField(default=list, blank=True)

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"


class EnactmentStage(EditableRow):
    """A stage that an enactment has reached: since when, who holds it, with which paper."""

    class Stage(models.TextChoices):
        """In their order."""

        INITIATED = "initiated", _("Initiated")
        LEGAL_DIVISION = "legal_division", _("Legal division")
        HARMONISATION = "harmonisation", _("Harmonisation")
        FACILITATION = "facilitation", _("Facilitation by the province or ministry")
        ENACTED = "enacted", pgettext_lazy("stage", "Enacted")
        PROMULGATED = "promulgated", _("Promulgated")

    enactment = models.ForeignKey(Enactment, models.PROTECT, related_name="stages")
    stage = models.CharField(_("stage"), max_length=16, choices=Stage.choices)
    began_on = models.DateField(_("since"))
    holder = models.CharField(_("who holds it"), max_length=200, blank=True)
    number = models.CharField(_("number of the letter"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("began_on", "pk")

    def __str__(self) -> str:
        return f"{self.stage} {self.began_on}"
