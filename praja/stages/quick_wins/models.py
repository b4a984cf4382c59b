"""A round of quick wins with its criteria and rules, nominees and scores, decision sheets, and the quick wins in force."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Organisation, Position
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, both_or_neither, in_order
from praja.foundation.places.models import Region
from praja.foundation.plans.models import BudgetLine, Dimension, Plan, path_of
from praja.foundation.ui.names import in_language
from praja.foundation.workflow.models import MovingRow
from praja.stages.innovations.models import Innovation
from praja.stages.targets.models import Target


class QuickWinQuerySet(ReachQuerySet):
    """Questions to the rows of the quick wins."""

    def in_service(self) -> "QuickWinQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Round(EditableRow):
    """One choice of quick wins, for the twelve months from `starts_on`; a plan has one at a time and one a year."""

    class State(models.TextChoices):
        """How far it is."""

        NOMINATING = "nominating", _("Nominees are named")
        SCORING = "scoring", _("Nominees are scored")
        CHOOSING = "choosing", _("The set is chosen")
        SUBMITTED = "submitted", _("On its way to the head of region")
        DECIDED = "decided", pgettext_lazy("round of quick wins", "Decided")

    class Scoring(models.TextChoices):
        """Who scores."""

        CONSENSUS = "consensus", _("Each working group scores its dimension by consensus")
        BLIND = "blind", _("Several scorers, each blind until all have scored")

    class Weighing(models.TextChoices):
        """Where the weights come from."""

        DIRECT = "direct", _("Weights are given directly")
        PAIRS = "pairs", _("Criteria are compared in pairs (AHP)")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="quick_win_rounds")
    organisation_path = PathField(db_index=True)
    title = models.CharField(_("title"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.NOMINATING)
    scoring = models.CharField(_("way of scoring"), max_length=9, choices=Scoring.choices, default=Scoring.CONSENSUS)
    weighing = models.CharField(_("way of weighing"), max_length=6, choices=Weighing.choices, default=Weighing.DIRECT)
    # Comparisons of pairs: {"key of a criterion:key of another": "3" or "1/5", ...}
    judgements = models.JSONField(default=dict)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="following")

    objects = QuickWinQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-pk")
        constraints = [
            in_order("starts_on", "ends_on", "quick_win_round_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["plan", "year"], condition=Q(withdrawn_at=None), name="one_quick_win_round_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its plan."""
        self.organisation_path = self.plan.organisation_path
        super().save(*args, **kwargs)


class Criterion(EditableRow):
    """A criterion of a round: scored 0 to 4, a check on the process (yes or no), or a figure of the whole round."""

    class Kind(models.TextChoices):
        """How it is judged."""

        SCORED = "scored", _("Scored 0 to 4 for each nominee")
        CHECK = "check", _("Check on the process of the round")
        FIGURE = "figure", _("Figure of the round")

    round = models.ForeignKey(Round, models.PROTECT, related_name="criteria")
    key = models.CharField(max_length=40)
    names = models.JSONField()
    hints = models.JSONField(default=dict)  # what is asked, in each language
    heading = models.CharField(max_length=10, blank=True)  # of the ministry's instrument: "E.2"
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.SCORED)
    weight = models.CharField(_("weight"), max_length=20, default="1")  # a decimal as text
    result = models.CharField(max_length=300, blank=True)  # of a check or a figure
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")
        constraints = [models.UniqueConstraint(fields=["round", "key"], name="criterion_once_in_its_round")]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.names)

    @property
    def hint(self) -> str:
        """What is asked, in the language of the page."""
        return in_language(self.hints)


class Nomination(EditableRow):
    """An innovation proposed as quick win: what is done within the round, by whom, with which means, and its money now.

    Its money is the innovation's BudgetLines; its dimension, agency and targets are the innovation's.
    """

    class Money(models.TextChoices):
        """Where its money is now."""

        DPA = "dpa", _("In this year's DPA")
        CHANGED = "changed", _("In the changed budget")
        NEXT_YEAR = "next_year", _("In next year's RKPD and budget")
        OUTSIDE = "outside", _("Outside the regional budget")
        NOT_NEEDED = "not_needed", _("No money needed")
        NONE_YET = "none_yet", _("None yet")

    class Proposer(models.TextChoices):
        """Who proposes it."""

        AGENCY = "agency", _("Agency")
        WORKING_GROUP = "working_group", _("Working group of a dimension")
        COORDINATOR = "coordinator", _("Secretariat")

    round = models.ForeignKey(Round, models.PROTECT, related_name="nominations")
    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="nominations")
    organisation_path = PathField(db_index=True)
    proposer = models.CharField(_("proposed by"), max_length=13, choices=Proposer.choices)
    done = models.TextField(_("what is done within twelve months"), blank=True)
    responsible = models.CharField(_("by whom (position)"), max_length=200, blank=True)
    means = models.TextField(_("with which means"), blank=True)
    money = models.CharField(_("its money now"), max_length=10, choices=Money.choices, blank=True)
    starts_on = models.DateField(_("begins in"), null=True, blank=True)
    finishes_on = models.DateField(_("done in"), null=True, blank=True)
    staff_days = models.PositiveIntegerField(_("staff days"), null=True, blank=True)
    continues = models.ForeignKey("QuickWin", models.PROTECT, null=True, blank=True, related_name="continued_by")
    reason = models.TextField(_("why it was withdrawn"), blank=True)

    objects = QuickWinQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            in_order("starts_on", "finishes_on", "nominee_is_done_after_it_begins"),
            models.UniqueConstraint(
                fields=["round", "innovation"], condition=Q(withdrawn_at=None), name="nominated_once_in_a_round"
            ),
        ]

    def __str__(self) -> str:
        return str(self.innovation)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of the innovation."""
        self.organisation_path = self.innovation.organisation_path
        super().save(*args, **kwargs)


class Dialogue(EditableRow):
    """A talk with residents in which a nominee found support: when, where, how many people; the minutes are its evidence."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="dialogues")
    organisation_path = PathField()
    held_on = models.DateField(_("date"))
    district = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(_("place"), max_length=200, blank=True)
    people = models.PositiveIntegerField(_("number of people"))
    outcome = models.TextField(_("what was said"), blank=True)

    class Meta:
        ordering = ("held_on", "pk")

    def __str__(self) -> str:
        return f"{self.held_on} {self.people}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its nominee."""
        self.organisation_path = self.nomination.organisation_path
        super().save(*args, **kwargs)


class ScoreSheet(EditableRow):
    """The scores of one working group (a dimension, by consensus) or of one scorer (blind); closed when finished."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="score_sheets")
    dimension = models.ForeignKey(Dimension, models.PROTECT, null=True, blank=True, related_name="+")
    scorer = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    position_title = models.CharField(max_length=200, blank=True)  # the scorer's office when asked
    held_on = models.DateField(_("date of the meeting"), null=True, blank=True)
    members = models.TextField(_("who took part"), blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    # Owners who stepped back: [{"nomination": key, "who": "...", "reason": "..."}, ...]
    recusals = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [
            both_or_neither("finished_at", "finished_by", "score_sheet_finished_by_and_at"),
            models.UniqueConstraint(
                fields=["round", "dimension"],
                condition=Q(scorer=None, withdrawn_at=None),
                name="one_consensus_sheet_a_dimension",
            ),
            models.UniqueConstraint(
                fields=["round", "scorer"],
                condition=Q(scorer__isnull=False, withdrawn_at=None),
                name="one_sheet_a_scorer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.dimension_id or self.scorer_id}"


class Score(EditableRow):
    """What a sheet gives one nominee under one criterion, 0 to 4, and why."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="scores")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["sheet", "nomination", "criterion"], name="scored_once_on_a_sheet"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__lte=4), name="score_from_0_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"


class SelectionRule(EditableRow):
    """A rule that the region sets for the set: which one `kind` says, the other columns say of what and how much."""

    class Kind(models.TextChoices):
        """What it limits."""

        PER_DIMENSION = "per_dimension", _("How many of each dimension")
        BUDGET = "budget", _("Money of a year and source")
        PER_AGENCY = "per_agency", _("At most so many of one agency")
        STAFF_DAYS = "staff_days", _("Staff days of an agency")
        MONEY_STATES = "money_states", _("Only where the money is")
        FINISH_BY = "finish_by", _("Done by a month")
        NEEDS = "needs", _("One needs another")
        EXCLUDES = "excludes", _("Not both")
        MUST = "must", _("Must be in")
        MUST_NOT = "must_not", _("Must not be in")
        NOT_IT = "not_it", _("At least so many without information technology")
        TARGET = "target", _("At least so many that serve a target")

    round = models.ForeignKey(Round, models.PROTECT, related_name="rules")
    kind = models.CharField(_("rule"), max_length=13, choices=Kind.choices)
    dimension = models.ForeignKey(Dimension, models.PROTECT, null=True, blank=True, related_name="+")  # None: each
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: each
    target = models.ForeignKey(Target, models.PROTECT, null=True, blank=True, related_name="+")
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="+")
    other = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="+")
    least = models.PositiveIntegerField(_("at least"), null=True, blank=True)
    most = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    rupiah = models.BigIntegerField(_("money"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=16, choices=BudgetLine.Source.choices, blank=True)  # "": all
    states = models.JSONField(_("where the money may be"), default=list)  # keys of Nomination.Money
    day = models.DateField(_("done by"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(rupiah__isnull=True) | Q(rupiah__gte=0, rupiah__lte=10**15),
                name="rule_is_whole_rupiah_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class FoundSet(EditableRow):
    """What the search found for a round as it stood: the set with its proof, the next ones, why others are not in.

    `fingerprint`: sha256 of the question, by which a page knows whether the round has changed since. `content`: plain data
    as choice.py writes it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="found_sets")
    fingerprint = models.CharField(max_length=64)
    content = models.JSONField(default=dict)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["round", "fingerprint"], name="found_set_of_a_question")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.fingerprint[:8]}"


class DecisionSheet(EditableRow):
    """The set that is put to the head of region (telaahan): frozen when submitted, with its way and the decision.

    `content` is the JSON text whose sha256 is kept: nominees, scores, weights, rules, the sets, opinions, dialogues.
    `decision` is added when decided, with a hash of its own over content and decision together.
    """

    class State(models.TextChoices):
        """Where it is."""

        ON_ITS_WAY = "on_its_way", _("On its way")
        RETURNED = "returned", _("Sent back")
        DECIDED = "decided", pgettext_lazy("decision sheet", "Decided")
        VOID = "void", pgettext_lazy("decision sheet", "Void")

    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets")
    organisation_path = PathField(db_index=True)
    number = models.CharField(_("number"), max_length=80)
    code = models.CharField(max_length=12, unique=True)  # of its QR code
    state = models.CharField(max_length=10, choices=State.choices, default=State.ON_ITS_WAY)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    decision = models.TextField(blank=True)  # JSON: accepted, swaps with their cost and the rules they break, remark
    decision_sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    word = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    # On paper: the disposition of the head of region, scanned, then confirmed by a second person.
    scan = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    scanned_at = models.DateTimeField(null=True)
    scanned_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)

    objects = QuickWinQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            both_or_neither("scanned_at", "scanned_by", "decision_sheet_scanned_by_and_at"),
            both_or_neither("confirmed_at", "confirmed_by", "decision_sheet_confirmed_by_and_at"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("scanned_by")),
                name="decision_on_paper_is_confirmed_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["round"], condition=Q(state="on_its_way"), name="one_decision_sheet_on_its_way"
            ),
            models.UniqueConstraint(fields=["round"], condition=Q(state="decided"), name="a_round_is_decided_once"),
            models.CheckConstraint(
                condition=~Q(state="decided") | ~Q(decision_sha256=""), name="decided_sheet_has_its_decision"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its round."""
        self.organisation_path = self.round.organisation_path
        super().save(*args, **kwargs)


class SheetStep(EditableRow):
    """What one office said to a decision sheet on its way: who, as what, with which acting status and decree, when."""

    class Office(models.TextChoices):
        """The offices of the way, in their order."""

        WORKING_GROUP = "working_group", _("Working groups")
        TEAM = "team", _("Implementation team")
        MENTOR = "mentor", _("Mentor")
        COUNCIL = "council", _("Smart-City Council")
        SECRETARY = "secretary", _("Regional secretary (Sekda)")
        HEAD = "head", _("Head of region")

    class Verdict(models.TextChoices):
        """What was said."""

        ENDORSED = "endorsed", _("Endorsed")
        OPINION = "opinion", pgettext_lazy("quick wins", "Opinion")
        ACCEPTED = "accepted", _("Accepted as submitted")
        SWAPPED = "swapped", _("Accepted with a swap")
        RETURNED = "returned", _("Sent back")

    sheet = models.ForeignKey(DecisionSheet, models.PROTECT, related_name="steps")
    office = models.CharField(max_length=13, choices=Office.choices)
    dimensions = models.JSONField(default=list)  # keys of those for which a working group speaks; none: for all
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    remark = models.TextField(_("remark"), blank=True)
    position_title = models.CharField(max_length=200, blank=True)
    person_name = models.CharField(max_length=200, blank=True)
    acting = models.CharField(max_length=10, choices=Position.Acting.choices, default=Position.Acting.DEFINITIVE)
    decree = models.CharField(max_length=200, blank=True)
    is_on_paper = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=~Q(verdict="returned") | ~Q(remark=""), name="sent_back_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.verdict}"


class QuickWin(EditableRow, MovingRow):
    """A quick win in force: a nominee that was decided, with its profile. What the innovation says stays there."""

    class Continuation(models.TextChoices):
        """What becomes of it in the next year's round."""

        CONTINUE = "continue", _("Continue")
        STRENGTHEN = "strengthen", _("Strengthen")
        EXPAND = "expand", _("Expand")
        STOP = "stop", pgettext_lazy("quick wins", "Stop")

    round = models.ForeignKey(Round, models.PROTECT, related_name="quick_wins")
    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="quick_win")
    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="quick_wins")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="quick_wins")
    dimension = models.ForeignKey(Dimension, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="quick_wins")
    organisation_path = PathField(db_index=True)
    position = models.ForeignKey(
        Position, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible position")
    )
    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    full_name = models.CharField(_("name in full"), max_length=300, blank=True)
    problem = models.TextField(_("problem with its figures"), blank=True)
    attraction = models.TextField(_("what attracts residents and outsiders"), blank=True)
    resources = models.TextField(_("resources"), blank=True)
    benefit_figures = models.TextField(_("benefit in figures"), blank=True)
    continuation = models.CharField(_("next year"), max_length=10, choices=Continuation.choices, blank=True)
    continuation_reason = models.TextField(_("why"), blank=True)
    is_running = models.BooleanField(_("still runs"), null=True, blank=True)

    objects = QuickWinQuerySet.as_manager()

    class Meta:
        ordering = ("dimension__order", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "returned")) | Q(organisation__isnull=False, position__isnull=False),
                name="submitted_profile_has_agency_and_position",
            ),
            models.CheckConstraint(
                condition=~Q(continuation="stop") | ~Q(continuation_reason=""), name="quick_win_stops_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.acronym or str(self.innovation)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency, else of the region."""
        self.organisation_path = path_of(self.organisation, self.plan)
        super().save(*args, **kwargs)


class Risk(EditableRow):
    """A row of the risk sheet: factor, cause, likelihood and impact from 1 to 3, and what is done about it."""

    quick_win = models.ForeignKey(QuickWin, models.PROTECT, related_name="risks")
    factor = models.CharField(_("risk factor"), max_length=300)
    cause = models.CharField(_("cause"), max_length=300, blank=True)
    likelihood = models.PositiveSmallIntegerField(
        _("likelihood"), choices=((1, _("1 low")), (2, _("2 medium")), (3, _("3 high")))
    )
    impact = models.PositiveSmallIntegerField(
        _("impact"), choices=((1, _("1 low")), (2, _("2 medium")), (3, _("3 high")))
    )
    structural = models.CharField(_("structural mitigation"), max_length=500, blank=True)
    non_structural = models.CharField(_("non-structural mitigation"), max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__gte=1, likelihood__lte=3, impact__gte=1, impact__lte=3),
                name="risk_from_1_to_3",
            )
        ]

    def __str__(self) -> str:
        return self.factor

    @property
    def value(self) -> int:
        """Likelihood times impact, 1 to 9."""
        return self.likelihood * self.impact


class PlannedMonth(EditableRow):
    """What a quick win does in one month and how far it is to be then; what was reached stands in execution reports."""

    quick_win = models.ForeignKey(QuickWin, models.PROTECT, related_name="months")
    month = models.DateField(_("month"))  # its first day
    activity = models.CharField(_("activity"), max_length=300)
    target_percent = models.PositiveSmallIntegerField(_("target in per cent"))

    class Meta:
        ordering = ("month", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["quick_win", "month"], condition=Q(withdrawn_at=None), name="month_once_in_a_quick_win"
            ),
            models.CheckConstraint(condition=Q(target_percent__lte=100), name="target_of_a_month_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.target_percent}"
