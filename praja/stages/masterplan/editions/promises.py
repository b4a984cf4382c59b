"""What each agency promises in the masterplan, as plain data that is frozen along with the words of the book.

It is put together from the very rows that the book was written from, so that both say the same. Each rupiah stands at one
promise: the money of an innovation at the innovation, wherever its lines are, and that of an action that carries out no
innovation at the action. What a promise shares of another one's money stands beside it as `share`, and is not added.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.contents.material import Material
from praja.stages.quick_wins.models import QuickWin
from praja.stages.roadmap.models import Action, Programme

FORM = 1  # of this data; a reader of an older edition knows by it what to expect
KINDS = ("programme", "innovation", "action", "quick_win")  # in the order of an agency's list
Promise = dict[str, Any]


def promises_of(material: Material) -> dict[str, Any]:
    """{"promises": {"form", "rupiah": of the plan, "agencies": [{"uid", "name", "rupiah", "lines": [...]}, ...]}}.

    A line: kind (of KINDS), uid, title, programme (its title), part_of (the title of the innovation that holds its money),
    year_from, year_to, money and share ({year: rupiah}), indicators (name, unit, baseline, baseline_year, targets). What no
    agency carries stands under the agency with the uid "". Reads the material of the book and one query more.
    """
    lines: dict[Any, list[Promise]] = {}
    agencies: dict[Any, Any] = {}
    for agency, line in _lines(material):
        agencies[agency.pk if agency else None] = agency
        lines.setdefault(agency.pk if agency else None, []).append(line)
    found = [
        {
            "uid": str(agency.uid) if agency else "",
            "name": agency.name if agency else "",
            "rupiah": sum(rupiah_of(line) for line in lines[key]),
            "lines": sorted(lines[key], key=lambda line: KINDS.index(line["kind"])),
        }
        for key, agency in sorted(agencies.items(), key=lambda item: (item[0] is None, item[1].name if item[1] else ""))
    ]
    return {"promises": {"form": FORM, "rupiah": sum(one["rupiah"] for one in found), "agencies": found}}


def rupiah_of(line: Mapping[str, Any]) -> int:
    """The money that a promise adds to a sum."""
    return sum(line["money"].values())


def _lines(material: Material) -> Iterable[tuple[Any, Promise]]:
    """(agency or None, promise) of everything in the plan, in the order of the book."""
    innovations = {one.pk: one for one in material.innovations.innovations}
    programmes = {one.pk: one for one in material.programmes}
    gathered = dict(
        Programme.innovations.through.objects.filter(programme__in=list(programmes))
        .order_by("-programme__order", "-programme_id")
        .values_list("innovation_id", "programme_id")
    )
    actions = [one for rows in material.action_plan.by_family.values() for one in rows]
    carried: dict[int, dict[Any, tuple[Any, list[Promise]]]] = {}  # of each programme: what each agency has in it

    def placed(agency: Any, programme: int | None, line: Promise) -> tuple[Any, Promise]:
        if programme in programmes:
            key = agency.pk if agency else None
            carried.setdefault(programme, {}).setdefault(key, (agency, []))[1].append(line)
        return agency, line

    for one in innovations.values():
        yield placed(
            one.organisation, gathered.get(one.pk), _of_innovation(one, programmes.get(gathered.get(one.pk, 0)))
        )
    for action in actions:
        innovation = innovations.get(action.innovation_id or 0)
        programme = action.programme_id or gathered.get(innovation.pk if innovation else 0)
        agency = action.organisation or (innovation.organisation if innovation else None)
        money = material.money_of_actions.get(action.pk, Counter())
        yield placed(agency, programme, _of_action(action, innovation, programmes.get(programme or 0), money))
    for quick_win in material.quick_wins.quick_wins:
        yield quick_win.organisation or quick_win.innovation.organisation, _of_quick_win(quick_win)
    for pk, one_programme in programmes.items():
        for agency, below in carried.get(pk, {}).values():
            yield agency, _of_programme(one_programme, below)


def _of_innovation(one: Innovation, programme: Programme | None) -> Promise:
    money = _by_year((line.year, line.amount_rupiah) for line in one.budget_lines.all())
    return _promise(
        "innovation", one, one.title, programme=programme, years=(one.start_year, one.end_year), money=money,
        indicators=one.indicators.all(),
    )  # fmt: skip


def _of_action(
    action: Action, innovation: Innovation | None, programme: Programme | None, money: Counter[int]
) -> Promise:
    by_year = _by_year(money.items())
    return _promise(
        "action", action, f"{action.code} {action.title}".strip(), programme=programme,
        part_of=innovation.title if innovation else "", years=(action.start_year, action.end_year),
        money={} if innovation else by_year, share=by_year if innovation else {},
        indicators=getattr(action, "own_indicators", ()),
    )  # fmt: skip


def _of_quick_win(quick_win: QuickWin) -> Promise:
    innovation = quick_win.innovation
    years = {quick_win.round.starts_on.year, quick_win.round.ends_on.year}
    share = _by_year((line.year, line.amount_rupiah) for line in innovation.budget_lines.all() if line.year in years)
    return _promise(
        "quick_win", quick_win, str(quick_win), part_of=innovation.title, years=(min(years), max(years)), share=share,
        indicators=(),
    )  # fmt: skip


def _of_programme(programme: Programme, below: list[Promise]) -> Promise:
    """An agency's part of a programme: the years and money of what it carries there."""
    share: Counter[str] = Counter()
    for line in below:
        share.update(line["money"])
    years = [year for line in below for year in (line["year_from"], line["year_to"]) if year]
    return _promise(
        "programme", programme, programme.title, years=(min(years, default=None), max(years, default=None)),
        share=dict(sorted(share.items())), indicators=(),
    )  # fmt: skip


def _promise(  # noqa: PLR0913  the columns of a line
    kind: str,
    row: Any,
    title: str,
    *,
    years: tuple[int | None, int | None],
    indicators: Iterable[Any],
    programme: Programme | None = None,
    part_of: str = "",
    money: Mapping[str, int] | None = None,
    share: Mapping[str, int] | None = None,
) -> Promise:
    """A line; without years of its own it runs in those that have money."""
    with_money = sorted(int(year) for year in {**(money or {}), **(share or {})})
    first = years[0] or (with_money[0] if with_money else None)
    last = years[1] or years[0] or (with_money[-1] if with_money else None)
    return {
        "kind": kind,
        "uid": str(row.uid),
        "title": title,
        "programme": programme.title if programme else "",
        "part_of": part_of,
        "year_from": first,
        "year_to": max(first, last) if first and last else last,
        "money": dict(money or {}),
        "share": dict(share or {}),
        "indicators": [
            {
                "name": one.name,
                "unit": one.unit,
                "baseline": one.baseline,
                "baseline_year": one.baseline_year,
                "targets": {str(target.year): target.value for target in one.targets.all()},
            }
            for one in indicators
        ],
    }


def _by_year(amounts: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Rupiah by year, in their order; years without money are left out."""
    found: Counter[int] = Counter()
    for year, rupiah in amounts:
        found[year] += rupiah
    return {str(year): found[year] for year in sorted(found) if found[year]}
