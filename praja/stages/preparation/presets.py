"""The lines of the page "what is asked": as stored, as a quick preset proposes them, or as typed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import Request
from praja.stages.preparation.actions import Asked

NOT_SERVICES = ("secretariat", "hospital", "district")


@dataclass(frozen=True)
class Preset:
    """A quick proposal: which agencies are asked for both problems and innovations."""

    title: Promise | str
    is_asked: Callable[[Organisation], bool]


PRESETS = {
    "semua": Preset(gettext_lazy("Ask every agency for both"), lambda _agency: True),
    "dinas-badan": Preset(
        gettext_lazy("Ask services and boards; not districts, hospitals and secretariat divisions"),
        lambda agency: agency.agency_kind not in NOT_SERVICES,
    ),
}


@dataclass(frozen=True)
class Line:
    """A line as the page shows it; `stored` is what the database says, None where nothing was decided."""

    asked: Asked
    version: int
    stored: Asked | None

    @property
    def is_proposal(self) -> bool:
        """Whether saving would change what is stored."""
        mine = (self.asked.problems, self.asked.innovations, self.asked.dimensions)
        return self.stored is None or mine != (self.stored.problems, self.stored.innovations, self.stored.dimensions)


def lines_of(agencies: Sequence[Organisation], requests: Iterable[Request], preset: Preset | None) -> list[Line]:
    """One line for each agency; a preset decides problems and innovations and leaves dimensions as they are."""
    stored = {request.organisation_id: request for request in requests}
    lines = []
    for agency in agencies:
        request = stored.get(agency.pk)
        asked = None
        if request is not None:
            dimensions = frozenset(dimension.pk for dimension in request.dimensions.all())
            asked = Asked(agency, request.version, request.asks_problems, request.asks_innovations, dimensions)
        shown = asked or Asked(agency, 0, problems=False, innovations=False, dimensions=frozenset())
        if preset:
            both = preset.is_asked(agency)
            kept = shown.dimensions if both else frozenset()
            shown = Asked(agency, shown.version, problems=both, innovations=both, dimensions=kept)
        lines.append(Line(shown, shown.version, asked))
    return lines


def lines_typed(agencies: Sequence[Organisation], data: QueryDict) -> list[Line]:
    """The lines of a posted page; an agency that the page did not show is left out."""
    lines = []
    for agency in agencies:
        version = data.get(f"version-{agency.pk}", "")
        if not version.isdecimal() or len(version) > 9:
            continue
        dimensions = frozenset(
            int(text) for text in data.getlist(f"dimension-{agency.pk}") if text.isdecimal() and len(text) < 19
        )
        asked = Asked(
            agency,
            int(version),
            problems=f"problems-{agency.pk}" in data,
            innovations=f"innovations-{agency.pk}" in data,
            dimensions=dimensions,
        )
        lines.append(Line(asked, asked.version, None))
    return lines
