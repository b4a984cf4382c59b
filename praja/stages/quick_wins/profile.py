"""What the profile of a quick win holds and still lacks, where each part is mended, and how it moves to accepted."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from praja.foundation.accounts.models import Organisation, Person, Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.evidence.actions import carry_along
from praja.foundation.plans.models import BudgetLine, Indicator, path_of
from praja.foundation.remarks import actions as remarks
from praja.foundation.workflow import changing
from praja.foundation.workflow.models import WITH_THE_AGENCY, State
from praja.foundation.workflow.steps import Step, Workflow
from praja.foundation.workflow.way import Rights
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.quick_wins import profile_notices as notices
from praja.stages.quick_wins.models import PlannedMonth, QuickWin, Risk
from praja.stages.quick_wins.nominee_forms import month_words, months_of

Text = Promise | str
WHOLE = 100  # per cent at the end of the last month


# --- what it holds ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A part of a profile: on which page of its form, or of the innovation's form, it is mended, and whether it is there."""

    label: Text
    section: str
    is_there: Callable[[Any], Any]
    is_of_innovation: bool = False


def _own(name: str, section: str, label: Text) -> Part:
    return Part(label, section, lambda quick_win: getattr(quick_win, name))


def _pointed(name: str, section: str, label: Text) -> Part:
    return Part(label, section, lambda quick_win: getattr(quick_win.innovation, name), is_of_innovation=True)


def _counted(name: str, section: str, label: Text) -> Part:
    return Part(label, section, lambda quick_win: getattr(quick_win, name), is_of_innovation=True)


# Without these two nobody answers for it: it cannot be submitted.
BARRING = (
    _own("organisation_id", "identity", gettext_lazy("the owner agency: who carries it out")),
    _own("position_id", "identity", gettext_lazy("the responsible position: which office answers for it")),
)
# The fields of method.md 5.3. What the innovation says is asked of the innovation.
PARTS = (
    *BARRING,
    _own("problem", "problem", gettext_lazy("the problem with its figures")),
    _own("benefit_figures", "problem", gettext_lazy("the benefit in figures")),
    _own("attraction", "means", gettext_lazy("what attracts residents and outsiders")),
    _own("resources", "means", gettext_lazy("the resources")),
    _own("has_risks", "risks", gettext_lazy("at least one risk")),
    Part(gettext_lazy("what is done about each risk"), "risks", lambda one: one.has_risks and not one.has_bare_risks),
    _own("has_months", "months", gettext_lazy("the plan by month")),
    _pointed("sub_dimension_id", "identity", gettext_lazy("the sub-dimension")),
    _pointed("goal", "why", gettext_lazy("the goal")),
    _pointed("beneficiaries", "why", gettext_lazy("the beneficiaries")),
    _pointed("design", "how", gettext_lazy("how it works")),
    _pointed("uniqueness", "how", gettext_lazy("what is new about it")),
    _pointed("growth_potential", "how", gettext_lazy("the potential for growth")),
    _pointed("sustainability", "how", gettext_lazy("how it keeps running")),
    _pointed("legal_basis", "law", gettext_lazy("the legal basis")),
    _counted("has_money", "money", gettext_lazy("at least one budget line (write 0 when no money is needed)")),
    _counted("has_indicators", "indicators", gettext_lazy("at least one indicator with a yearly target")),
    _counted("has_partners", "partners", gettext_lazy("at least one partner")),
)


def with_parts(quick_wins: QuerySet[QuickWin]) -> QuerySet[QuickWin]:
    """Quick wins that know which of the rows below them and below their innovation are there."""

    def below(model: type[Model], name: str, outer: str, *conditions: Q, **values: Any) -> Exists:
        rows = model._default_manager.filter(*conditions, **{name: OuterRef(outer)}, withdrawn_at=None, **values)
        return Exists(rows)

    bare = Q(structural="", non_structural="")
    return quick_wins.select_related("innovation").annotate(
        has_risks=below(Risk, "quick_win", "pk"),
        has_bare_risks=below(Risk, "quick_win", "pk", bare),
        has_months=below(PlannedMonth, "quick_win", "pk"),
        has_money=below(BudgetLine, "innovation", "innovation_id"),
        has_indicators=below(Indicator, "innovation", "innovation_id", targets__isnull=False),
        has_partners=below(Partner, "innovation", "innovation_id"),
    )


def long_name(quick_win: QuickWin) -> str:
    """What stands below its short name: the name in full, else that of the innovation; "" where it says the same."""
    name = quick_win.full_name or str(quick_win.innovation)
    return "" if name.casefold() == str(quick_win).casefold() else name


def lacking(quick_win: Any) -> list[Part]:
    """The parts of the profile that are not there yet; the quick win comes from with_parts()."""
    return [part for part in PARTS if not part.is_there(quick_win)]


@dataclass(frozen=True)
class Lack:
    """What lacks, in words, and where to mend it ("" where this person cannot)."""

    label: Text
    url: str = ""


@dataclass(frozen=True)
class Doors:
    """Where this person mends a part of the profile: its own page, the innovation's, or only reads the innovation."""

    quick_win: QuickWin
    mends: bool
    mends_innovation: bool
    sees_innovation: bool

    def to(self, part: Part) -> str:
        """The address where a part is mended."""
        if part.is_of_innovation:
            return self.of_innovation(part.section)
        return reverse("quick-win-edit", args=[self.quick_win.pk, part.section]) if self.mends else ""

    def of_innovation(self, section: str) -> str:
        """The page of the innovation's form, else the innovation itself."""
        pk = self.quick_win.innovation_id
        if self.mends_innovation:
            return reverse("innovation-edit", args=[pk, section])
        return reverse("innovation-detail", args=[pk]) if self.sees_innovation else ""

    def lacks(self, parts: Iterable[Part]) -> list[Lack]:
        """The parts with their addresses."""
        return [Lack(part.label, self.to(part)) for part in parts]


def doors_of(quick_win: QuickWin, user: Any) -> Doors:
    """Where this person mends what."""
    innovation: Innovation = quick_win.innovation
    return Doors(
        quick_win,
        mends=may_edit(quick_win, user),
        mends_innovation=changing.may_change(
            innovation, user, write=Can.INNOVATION_WRITE, accept=Can.INNOVATION_ACCEPT
        ),
        sees_innovation=user.may(Can.INNOVATION_VIEW, innovation),
    )


def missing_by_section(quick_win: Any) -> dict[str, list[Text]]:
    """What a profile lacks by page of its own form."""
    found: dict[str, list[Text]] = {}
    for part in lacking(quick_win):
        if not part.is_of_innovation:
            found.setdefault(part.section, []).append(part.label)
    return found


# --- its months -------------------------------------------------------------------------------------------------------


def planned(quick_win: QuickWin) -> list[tuple[datetime.date, PlannedMonth | None]]:
    """Each month of the round with its line of the plan, or None; a month that was planned before stays visible."""
    rows = {one.month: one for one in quick_win.months.filter(withdrawn_at=None)}
    return [(month, rows.get(month)) for month in sorted({*months_of(quick_win.round), *rows})]


def doubts_about(months: Sequence[tuple[datetime.date, PlannedMonth | None]]) -> list[str]:
    """What does not fit in the plan by month, in sentences; nothing of it is refused."""
    rows = [one for _month, one in months if one]
    if not rows:
        return []
    found = [
        _("The target falls in %(month)s, from %(before)d%% to %(after)d%%. It counts everything done so far.")
        % {"month": month_words(later.month), "before": earlier.target_percent, "after": later.target_percent}
        for earlier, later in pairwise(rows)
        if later.target_percent < earlier.target_percent
    ]
    if rows[-1].target_percent != WHOLE:
        found.append(
            _("The plan ends in %(month)s with %(percent)d%%. Everything is done at 100%%.")
            % {"month": month_words(rows[-1].month), "percent": rows[-1].target_percent}
        )
    if empty := len(months) - len(rows):
        found.append(
            ngettext("%(number)d month has no line yet.", "%(number)d months have no line yet.", empty)
            % {"number": empty}
        )
    return found


# --- its way ----------------------------------------------------------------------------------------------------------


def missing_before_submission(quick_win: QuickWin) -> list[Text]:
    """What a profile cannot be submitted without: who carries it out, and which office answers for it."""
    return [part.label for part in BARRING if not part.is_there(quick_win)]


# Whoever runs the round accepts profiles; nobody stands between.
RIGHTS = Rights(
    write=Can.QUICK_WIN_NOMINATE, approve=Can.QUICK_WIN_RUN, check=Can.QUICK_WIN_RUN, accept=Can.QUICK_WIN_RUN
)
WORKFLOW = Workflow(
    Step(
        "submit", gettext_lazy("Submit"), WITH_THE_AGENCY, State.SUBMITTED, RIGHTS.write,
        missing=missing_before_submission, then=notices.submitted, is_main=True,
    ),
    Step("take_back", gettext_lazy("Take back to mend it"), (State.SUBMITTED,), State.DRAFT, RIGHTS.write),
    Step(
        "accept", gettext_lazy("Accept"), (State.SUBMITTED,), State.ACCEPTED, RIGHTS.accept,
        then=notices.accepted, is_main=True,
    ),
    Step(
        "return", gettext_lazy("Return with a remark"), (State.SUBMITTED, State.ACCEPTED), State.RETURNED,
        RIGHTS.accept, then=notices.returned, needs_remark=True,
    ),
)  # fmt: skip


def may_write(quick_win: QuickWin, user: Any) -> bool:
    """Whether this person writes this profile at all."""
    return bool(user.may(RIGHTS.write, quick_win))


def may_edit(quick_win: QuickWin, user: Any) -> bool:
    """The agency while it has the profile; whoever runs the round also later."""
    return changing.may_change(quick_win, user, write=RIGHTS.write, accept=RIGHTS.accept)


def take_step(quick_win: QuickWin, step: str, *, by: Any, remark: str = "") -> None:
    """Take a step; a remark is kept on the profile, and acceptance settles the open ones.

    Raises Refused, TooLate, PermissionError.
    """
    remarks.take_step(WORKFLOW, quick_win, step, by=by, remark=remark)


def save(form: EntryForm, *, by: Any, version: int) -> None:
    """Save one page of a profile; raises TooLate when somebody else saved first."""
    quick_win, also = form.instance, {}
    before = quick_win.organisation_path
    if "organisation" in form.cleaned_data:
        also["organisation_path"] = path_of(form.cleaned_data["organisation"], quick_win.plan)
    with transaction.atomic():
        save_entry(form, by=by, version=version, also=also)
        remarks.settle_typed(quick_win, form.data, by=by)
        if quick_win.organisation_path != before:
            carry_along(quick_win)


@transaction.atomic
def add_position(agency: Organisation, *, title: str, name: str, by: Any) -> Position:
    """A further office of an agency with the person who holds it; it can be chosen from then on."""
    person = Person.objects.create(name=name, created_by=by, updated_by=by)
    made = Position.objects.create(organisation=agency, title=title, person=person, created_by=by, updated_by=by)
    record("add", made, by=by, after={"title": title})
    return made
