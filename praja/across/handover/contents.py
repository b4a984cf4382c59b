"""What is still open with somebody who leaves: rows, typed texts, workbooks, remarks, deadlines."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from praja.across.handover.models import Handover
from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.reach import under
from praja.foundation.drafts.models import Draft
from praja.foundation.remarks.models import Remark
from praja.foundation.sheets.models import Handout
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.models import WITH_THE_AGENCY
from praja.foundation.workflow.waiting import waiting_for
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.steps import RIGHTS as INNOVATION_RIGHTS
from praja.stages.preparation.stages import STAGES
from praja.stages.problems.models import Problem
from praja.stages.problems.steps import RIGHTS as PROBLEM_RIGHTS

MOST_LINES = 300
KINDS = (("problem", Problem, PROBLEM_RIGHTS), ("innovation", Innovation, INNOVATION_RIGHTS))
EDITED = {"problem-edit": Problem, "innovation-edit": Innovation, "agency-edit": Organisation}


@dataclass(frozen=True)
class Line:
    """One open thing: what it is, how it stands, until when, and where it is."""

    title: str
    state: str
    url: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Contents:
    """Everything open, by sort."""

    rows: list[Line]
    typed: list[Line]
    workbooks: list[Line]
    remarks: list[Line]
    deadlines: list[Line]

    @property
    def sections(self) -> list[tuple[str, list[Line]]]:
        """Each sort with its title, in the order of the sheet."""
        return [
            (_("Rows in work or waiting"), self.rows),
            (_("Typed and not saved yet"), self.typed),
            (_("Workbooks handed out and not back yet"), self.workbooks),
            (_("Remarks that wait for an answer"), self.remarks),
            (_("Deadlines ahead"), self.deadlines),
        ]

    @property
    def count(self) -> int:
        """How many open things there are."""
        return sum(len(lines) for _title, lines in self.sections)


def contents_of(handover: Handover) -> Contents:
    """What is open now with whoever hands over, in the organisation of the role."""
    return Contents(
        rows=_rows(handover),
        typed=[
            Line(title, _("typed until %(day)s") % {"day": long_date(draft.saved_at.date())}, draft.address)
            for draft, title in typed_drafts(handover)
        ],
        workbooks=_workbooks(handover),
        remarks=_remarks(handover),
        deadlines=_deadlines(handover),
    )


def _rows(handover: Handover) -> list[Line]:
    """Rows of the agency that are not handed in yet, and whatever waits for this person."""
    organisation, leaver, plan = handover.membership.organisation, handover.leaver, handover.plan
    lines: list[Line] = []
    for kind, model, rights in KINDS:
        of_plan: Any = model._default_manager.filter(plan=plan, withdrawn_at=None)
        chosen = Q(pk__in=waiting_for(of_plan, leaver, plan, rights).order_by().values("pk"))
        if organisation.kind == Organisation.Kind.AGENCY:
            chosen |= under(organisation.organisation_path) & Q(state__in=WITH_THE_AGENCY)
        rows = of_plan.filter(chosen).order_by("pk").only("pk", "title", "state")[:MOST_LINES]
        lines += [
            Line(row.title, str(row.get_state_display()), reverse(f"{kind}-detail", args=[row.pk])) for row in rows
        ]
    return lines


def typed_drafts(handover: Handover) -> list[tuple[Draft, str]]:
    """What the leaver typed on pages of this organisation and has not saved, each with the title of its page.

    A page without a row (a new entry, the vision) goes along unless the leaver stays in the region in another role.
    """
    organisation, leaver = handover.membership.organisation, handover.leaver
    stays = any(
        other.pk != handover.membership_id and other.organisation.government == organisation.government
        for other in leaver.active_memberships
    )
    found: list[tuple[Draft, str, int | None]] = []
    for draft in Draft.objects.filter(user=leaver).order_by("-saved_at")[:MOST_LINES]:
        try:
            match = resolve(draft.address)
        except Resolver404:
            continue
        if match.url_name in EDITED:
            found.append((draft, match.url_name, match.kwargs["pk"]))
        elif match.kwargs.get("slug") == handover.plan.slug and not stays:
            found.append((draft, "", None))
    titles = _titles({(name, pk) for _draft, name, pk in found if pk}, organisation)
    return [
        (draft, titles[name, pk] if pk else draft.address)
        for draft, name, pk in found
        if pk is None or (name, pk) in titles
    ]


def _titles(wanted: set[tuple[str, int]], organisation: Organisation) -> dict[tuple[str, int], str]:
    """The titles of those rows that belong to the organisation."""
    titles = {}
    for name, model in EDITED.items():
        keys = [pk for wanted_name, pk in wanted if wanted_name == name and pk < 2**62]
        for row in model._default_manager.filter(pk__in=keys) if keys else ():
            if (getattr(row, "organisation_path", "") or "").startswith(organisation.organisation_path):
                titles[name, row.pk] = str(getattr(row, "title", row))
    return titles


def _workbooks(handover: Handover) -> list[Line]:
    """Workbooks that this person took out here and that nobody brought back."""
    out = Handout.objects.filter(
        under(handover.organisation_path), plan=handover.plan, made_by=handover.leaver, returns=None
    )
    return [
        Line(
            _("Workbook of %(day)s") % {"day": long_date(one.made_at.date())},
            str(one.get_kind_display()),
            reverse("workbook-list", args=[handover.plan.slug]),
        )
        for one in out[:MOST_LINES]
    ]


def _remarks(handover: Handover) -> list[Line]:
    """Open remarks on rows of the agency; none for roles of the whole region, which read them all anyway."""
    if handover.membership.organisation.kind != Organisation.Kind.AGENCY:
        return []
    open_ones = Remark.objects.open().filter(under(handover.organisation_path), withdrawn_at=None).order_by("pk")
    addresses = {model._meta.label_lower: f"{kind}-detail" for kind, model, _rights in KINDS}
    return [
        Line(
            remark.text[:200],
            _("asked %(day)s") % {"day": long_date(remark.created_at.date())},
            reverse(addresses[remark.subject], args=[remark.subject_id]) if remark.subject in addresses else "",
        )
        for remark in open_ones[:MOST_LINES]
    ]


def _deadlines(handover: Handover) -> list[Line]:
    """Days that lie ahead in this plan, and exceptions given to the agency."""
    plan = handover.plan
    names = {stage.key: stage.title for stage in STAGES}
    ahead = plan.deadlines.filter(closes_on__gte=plan.today, withdrawn_at=None).order_by("closes_on")
    lines = [
        Line(str(names.get(row.stage, row.stage)), long_date(row.closes_on), day=row.closes_on)
        for row in ahead
        if row.closes_on
    ]
    given = plan.deadline_exceptions.filter(
        organisation=handover.membership.organisation, closes_on__gte=plan.today, withdrawn_at=None
    )
    lines += [
        Line(
            _("Exception: %(stage)s") % {"stage": names.get(row.stage, row.stage)},
            f"{long_date(row.closes_on)}; {row.reason}",
            day=row.closes_on,
        )
        for row in given
    ]
    return lines
