"""Lists of the preparation as files: agencies, what is asked of each, and people."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Membership, Organisation, Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.addresses import plan_for
from praja.foundation.plans.models import Plan, Request
from praja.foundation.sheets.exports import Cells, Export, Listed, worded
from praja.stages.preparation.first_steps import agencies_of
from praja.stages.preparation.sheet import agency_sheet
from praja.stages.preparation.views import LACKS, of_the_region

PERSONAL = {"head_nip", "head_rank", "head_grade"}


def _listed(plan: Plan, name: str, header: list[str], rows: list[Cells], paths: frozenset[str]) -> Listed:
    """A list as short as these: at most a few hundred rows."""

    def blocks() -> Iterator[list[Cells]]:
        yield rows

    return Listed(plan, f"{name}-{plan.slug}", header, len(rows), blocks, paths)


def agencies(user: Any, slug: str, query: QueryDict) -> Listed:
    """The agencies with the columns of the sheet that comes in; personal numbers for whoever sets the plan up."""
    plan = plan_for(user, slug, Can.PLAN_VIEW)
    may_set_up = user.may(Can.PLAN_SET_UP, plan)
    columns = [column for column in agency_sheet().columns if may_set_up or column.key not in PERSONAL]
    columns = [column for column in columns if not column.key.startswith("affairs_")]  # all of them stand in the first
    cells_of = worded(columns)
    heads = Position.objects.filter(is_head=True, withdrawn_at=None).select_related("person").order_by("-pk")
    found = agencies_of(plan).filter(LACKS.get(query.get("kurang", ""), Q()))
    found = found.prefetch_related("affairs", Prefetch("positions", heads, to_attr="heads"))
    rows = [cells_of(_agency(agency)) for agency in found]
    header = [str(column.title) for column in columns]
    return _listed(plan, "perangkat-daerah", header, rows, user.paths_for(Can.PLAN_VIEW))


def _agency(agency: Any) -> dict[str, Any]:
    head = agency.heads[0] if agency.heads else None
    person = head.person if head else None
    return {
        "name": agency.name,
        "abbreviation": agency.abbreviation,
        "agency_kind": agency.agency_kind,
        "affairs": ", ".join(affair.code for affair in agency.affairs.all()),
        "duties": agency.duties,
        "regulation": agency.regulation,
        "head_title": head.title if head else "",
        "head_acting": head.acting if head else "",
        "head_name": person.full_name if person else "",
        "head_nip": person.nip if person else "",
        "head_rank": person.rank if person else "",
        "head_grade": person.grade if person else "",
    }


def requests(user: Any, slug: str, query: QueryDict) -> Listed:
    """What is asked of each agency."""
    del query  # the page has no filters
    plan = plan_for(user, slug, Can.PLAN_SET_UP)
    asked = {
        request.organisation_id: request
        for request in Request.objects.filter(plan=plan, withdrawn_at=None).prefetch_related("dimensions")
    }
    rows: list[Cells] = []
    for agency in Organisation.objects.agencies().filter(parent=plan.government):
        request = asked.get(agency.pk)
        if request is None:
            rows.append([agency.name, None, None, "", ""])
            continue
        dimensions = "; ".join(str(row) for row in request.dimensions.all())
        rows.append([agency.name, request.asks_problems, request.asks_innovations, dimensions, request.note])
    header = [_("Agency (OPD)"), _("Problems"), _("Innovations"), _("Dimensions"), _("Note")]
    return _listed(plan, "permintaan", header, rows, user.paths_for(Can.PLAN_SET_UP))


def people(user: Any, slug: str, query: QueryDict) -> Listed:
    """Who holds which role."""
    del query  # the page has no filters
    plan = plan_for(user, slug, Can.PEOPLE_INVITE)
    members = Membership.objects.filter(of_the_region(plan), ended_at=None).order_by("organisation__path", "pk")
    rows: list[Cells] = [
        [str(one.user), one.user.username, one.role_title, one.organisation.name, one.starts_on, one.ends_on]
        for one in members.select_related("user__person", "organisation")
    ]
    header = [_("Name"), _("User name"), _("Role"), _("Organisation"), _("From"), _("Until")]
    return _listed(plan, "orang", header, rows, user.paths_for(Can.PEOPLE_INVITE))


EXPORTS = [
    Export("perangkat-daerah", gettext_lazy("Agencies"), agencies, is_personal=True),
    Export("permintaan", gettext_lazy("What is asked"), requests),
    Export("orang", gettext_lazy("People"), people, is_personal=True),
]
