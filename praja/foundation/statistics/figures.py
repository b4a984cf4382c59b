"""The figures of a region as books and pages read them: the latest of each kind, and the years before."""

from dataclasses import dataclass

from praja.foundation.accounts.models import Organisation
from praja.foundation.statistics.catalogue import Kind, kinds
from praja.foundation.statistics.models import Statistic


@dataclass(frozen=True)
class Line:
    """One kind of figure with its years, the latest first; `kind` is None for a figure of the region's own."""

    key: str
    name: str
    kind: Kind | None
    figures: list[Statistic]

    @property
    def latest(self) -> Statistic | None:
        """The figure of the last year; None where there is none yet."""
        return self.figures[0] if self.figures else None


def figures_of(government: Organisation) -> list[Statistic]:
    """The latest figure of each kind in the order of the catalogue, the region's own behind it; one query."""
    return [line.latest for line in lines_of(government) if line.latest]


def lines_of(government: Organisation) -> list[Line]:
    """Every kind of the catalogue, also those without a figure, then the region's own by name; one query."""
    by_key: dict[str, list[Statistic]] = {}
    for figure in Statistic.objects.filter(organisation=government, withdrawn_at=None).order_by("-year", "pk"):
        by_key.setdefault(figure.key, []).append(figure)
    lines = [Line(kind.key, kind.name, kind, by_key.pop(kind.key, [])) for kind in kinds().values()]
    own = [Line(key, figures[0].title, None, figures) for key, figures in by_key.items()]
    return [*lines, *sorted(own, key=lambda line: line.name.casefold())]
