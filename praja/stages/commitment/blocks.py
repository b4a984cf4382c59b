"""The commitment and its addenda as papers: the words, then for each agency what it promises, its sums and its hash."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.documents import blocks as b
from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import decimal, long_date, rupiah
from praja.stages.commitment.lists import Change, Line, money_by_year, sum_of
from praja.stages.commitment.models import Addendum, Commitment, Obligation
from praja.stages.commitment.wording import LANGUAGE, lines_of
from praja.stages.masterplan.actions import arms_of

FIGURE = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,10})?")


@dataclass(frozen=True)
class Promised:
    """The list of one agency as a paper prints it: who promises, the lines, and the hash of exactly these lines."""

    uid: str
    name: str
    office: str
    holder: str
    lines: Sequence[Line]
    sha256: str

    @property
    def facts(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "uid": self.uid,
            "name": self.name,
            "office": self.office,
            "holder": self.holder,
            "rupiah": sum_of(self.lines),
            "sha256": self.sha256,
            "lines": [dict(line) for line in self.lines],
        }


def commitment_paper(commitment: Commitment, lists: Sequence[Promised], *, status_text: str = "") -> b.Letter:
    """The commitment with an annex for each agency."""
    plan, edition = commitment.plan, commitment.edition
    with translation.override(LANGUAGE):
        blocks: list[b.AnyBlock] = []
        for title, text in ((_("Considering"), commitment.considerations), (_("In view of"), commitment.legal_bases)):
            if lines := lines_of(text):
                blocks += [b.Heading(2, title, numbered=False), b.Bullets(tuple(lines), ordered=True)]
        blocks += [
            b.Heading(2, _("We commit ourselves"), numbered=False),
            b.Paragraph(_("We, the heads of the agencies named in the annexes, commit ourselves to:")),
            b.Bullets(tuple(lines_of(commitment.points)), ordered=True),
            b.Heading(2, _("What it rests on"), numbered=False),
            b.Paragraph(
                _(
                    "The promises in the annexes come from the following edition of the masterplan and do not go beyond it."
                )
            ),
            b.Facts(_edition_facts(edition)),
            b.Paragraph(
                _(
                    "A promise belongs to the office. Whoever takes the office on takes the promise on. Each agency signs for its own annex; the hash printed there is that of exactly its list. A newer edition of the masterplan changes nothing here; it is settled by a numbered addendum."
                ),
                "note",
            ),
            b.Heading(2, _("The agencies and their promises"), numbered=False),
            _overview(lists),
        ]
        for number, one in enumerate(lists, start=1):
            blocks += [b.PageBreak(), *_annex(number, one)]
        facts = {"commitment": {"form": 1, **_base(commitment, edition), "lists": [one.facts for one in lists]}}
        return _letter(plan, commitment, blocks, commitment.title, commitment.number, status_text, facts)


def addendum_paper(
    addendum: Addendum, changes: Sequence[tuple[Change, str]], promised: Promised, *, status_text: str = ""
) -> b.Letter:
    """An addendum of one agency: what changes (each with the secretariat's answer, or ""), and the list as it stands then."""
    commitment = addendum.commitment
    with translation.override(LANGUAGE):
        title = _("Addendum %(number)s to the %(title)s") % {"number": addendum.number, "title": commitment.title}
        document = commitment.document
        assert document is not None
        blocks: list[b.AnyBlock] = [
            b.Facts(
                [
                    (_("Agency"), promised.name),
                    (_("Adds to"), _("%(title)s, number %(number)s") % {"title": commitment.title, "number": commitment.number or "–"}),
                    (_("Hash of the commitment"), document.sha256),
                    *_edition_facts(addendum.edition),
                ]
            ),
            b.Paragraph(_("The commitment and earlier addenda stay as they were signed. From this addendum on the list below takes the place of the agency's earlier list.")),
            b.Table(
                _("What changes"),
                [b.Column(_("Promise"), 2.6), b.Column(_("Before"), 2.4), b.Column(_("After"), 2.4)],
                [_change_row(change) for change, _answer in changes],
                empty_text=_("Nothing changes."),
            ),
            b.PageBreak(),
            *_annex(0, promised),
        ]  # fmt: skip
        facts = {
            "addendum": {
                "form": 1,
                "number": addendum.number,
                "commitment_sha256": document.sha256,
                **_base(commitment, addendum.edition),
                "changes": [{"kind": change.kind, "before": _plain(change.before), "after": _plain(change.after)} for change, _answer in changes],
                "lists": [promised.facts],
            }
        }  # fmt: skip
        number = addendum.paper_number or str(addendum.number)
        return _letter(commitment.plan, commitment, blocks, title, number, status_text, facts)


def _plain(line: Line | None) -> dict[str, Any] | None:
    return dict(line) if line is not None else None


def _base(commitment: Commitment, edition: Edition) -> dict[str, Any]:
    return {
        "uid": str(commitment.uid),
        "edition": {"number": edition.number, "sha256": edition.sha256, "dated_on": edition.dated_on.isoformat()},
    }


def _edition_facts(edition: Edition) -> list[tuple[str, str]]:
    return [
        (_("Masterplan"), edition.title),
        (_("Edition"), f"{edition.number} ({edition.get_status_display()})"),
        (_("Date of the edition"), long_date(edition.dated_on)),
        (_("Hash of the edition"), edition.sha256),
    ]


def _letter(
    plan: Plan,
    commitment: Commitment,
    blocks: list[b.AnyBlock],
    title: str,
    number: str,
    status_text: str,
    facts: dict[str, Any],
) -> b.Letter:
    region = plan.government.region
    return b.Letter(
        title=title,
        region_name=region.name if region else plan.government.name,
        region_kind=str(region.get_kind_display()) if region else "",
        year=str((commitment.held_on or plan.today).year),
        made_at=timezone.localtime(timezone=plan.time_zone),
        blocks=blocks,
        status_text=status_text,
        is_demonstration=is_demonstration(),
        language=LANGUAGE,
        arms=arms_of(plan),
        letterhead=[plan.government.name],
        number=number or "–",
        facts=facts,
    )


def _overview(lists: Sequence[Promised]) -> b.Table:
    """Each agency with the number of its promises and their money."""
    return b.Table(
        _("Promises by agency"),
        [
            b.Column(_("Annex"), 0.7, "number", "left"),
            b.Column(_("Agency"), 3.4),
            b.Column(_("Promises"), 0.9, "number"),
            b.Column(_("Planned money"), 1.8, "rupiah"),
        ],
        [(number, one.name, len(one.lines), sum_of(one.lines)) for number, one in enumerate(lists, start=1)],
        total=(None, _("Together"), sum(len(one.lines) for one in lists), sum(sum_of(one.lines) for one in lists)),
        empty_text=_("No agency has a list."),
    )


def _annex(number: int, one: Promised) -> list[b.AnyBlock]:
    """The list of one agency; number 0: of an addendum, which has no other."""
    title = _("Annex %(number)s: %(agency)s") % {"number": number, "agency": one.name} if number else one.name
    by_year = money_by_year(one.lines)
    promises = ngettext("%(count)s promise", "%(count)s promises", len(one.lines)) % {"count": len(one.lines)}
    return [
        b.Heading(2, title, numbered=False),
        b.Facts(
            [
                (_("Promised by"), one.office or _("the head of the agency")),
                (_("Number and money"), f"{promises}, {rupiah(sum_of(one.lines))}"),
                (_("Money by year"), "; ".join(f"{year}: {rupiah(by_year[year])}" for year in sorted(by_year)) or "–"),
                (_("Hash of this list (SHA-256)"), one.sha256),
            ]
        ),
        b.Table(
            _("What %(agency)s promises") % {"agency": one.name},
            [
                b.Column(_("No."), 0.5, "number", "left"),
                b.Column(_("Promise"), 3.1),
                b.Column(_("Years"), 0.9),
                b.Column(_("Planned money"), 1.6, "rupiah"),
                b.Column(_("Indicator, from baseline to target"), 2.5),
            ],
            [line_row(line) for line in one.lines],
            total=(None, _("Together"), None, sum_of(one.lines), None),
            empty_text=_("This agency promises nothing any more."),
        ),
    ]


def line_row(line: Line) -> tuple[Any, ...]:
    """A line as the annex prints it."""
    return (line["number"], title_in_full(line), years_of(line) or None, sum(line["money"].values()) or None, "\n".join(map(indicator_words, line["indicators"])) or None)  # fmt: skip


def title_in_full(line: Line) -> str:
    """What is promised: its kind and title, the programme it stands in, and whose money it shares."""
    beside = [f"{Obligation.Kind(line['kind']).label}: {line['title']}"]
    if line["programme"]:
        beside.append(_("Programme: %(title)s") % {"title": line["programme"]})
    if shared := shared_words(line):
        beside.append(shared)
    return "\n".join(beside)


def shared_words(line: Line) -> str:
    """Of whose money a line is a part that its own sum leaves out, in a sentence; "" when it has none."""
    amount = sum(line["share"].values())
    if not amount:
        return _("Part of: %(title)s") % {"title": line["part_of"]} if line["part_of"] else ""
    if line["part_of"]:
        return _("Part of: %(title)s, whose money holds %(amount)s of it") % {"title": line["part_of"], "amount": rupiah(amount)}  # fmt: skip
    return _("%(amount)s stand at its innovations and actions") % {"amount": rupiah(amount)}


def years_of(line: Line) -> str:
    """The years of a line: "2026", "2026–2028", or "" when it says none."""
    return "–".join(str(year) for year in dict.fromkeys((line["year_from"], line["year_to"])) if year)


def indicator_words(one: dict[str, Any]) -> str:
    """An indicator: "Waktu tunggu (menit): 90 (2024) → 60 (2027), 30 (2028)"."""
    baseline = _figure(one["baseline"])
    baseline = f"{baseline} ({one['baseline_year']})" if baseline and one["baseline_year"] else baseline
    targets = ", ".join(f"{_figure(value)} ({year})" for year, value in sorted(one["targets"].items()))
    way = " → ".join(filter(None, [baseline, targets]))
    name = f"{one['name']} ({one['unit']})" if one["unit"] else one["name"]
    return f"{name}: {way}" if way else name


def _figure(value: str) -> str:
    """A figure as this language writes it; what is no figure stays as it was typed."""
    return decimal(Decimal(value)) if FIGURE.fullmatch(value) else value


def field_words(name: str, value: Any) -> str:
    """What a line says in one field, in words."""
    if name in ("money", "share"):
        return "; ".join(f"{year}: {rupiah(amount)}" for year, amount in sorted(value.items())) or "–"
    if name == "indicators":
        return "\n".join(map(indicator_words, value)) or "–"
    return str(value) if value not in (None, "") else "–"


def field_title(name: str) -> str:
    """What a field of a line is called."""
    return {
        "title": _("Title"),
        "programme": _("Programme"),
        "part_of": _("Part of"),
        "year_from": _("First year"),
        "year_to": _("Last year"),
        "money": _("Money"),
        "share": _("Shared money"),
        "indicators": _("Indicators"),
    }[name]


def _change_row(change: Change) -> tuple[str, str, str]:
    """A change in words: the promise, what it was and what it becomes."""
    line = change.after if change.after is not None else change.before
    assert line is not None
    what = f"{Obligation.Kind(line['kind']).label}: {line['title']}"
    if change.before is None:
        return what, "–", _told(line)
    if change.after is None:
        return what, _told(line), _("taken out")
    told = [(field_title(name), name, before, after) for name, before, after in change.fields]
    return (
        what,
        "\n".join(f"{title}: {field_words(name, before)}" for title, name, before, _after in told),
        "\n".join(f"{title}: {field_words(name, after)}" for title, name, _before, after in told),
    )


def _told(line: Line) -> str:
    """A whole line in a cell."""
    parts: Iterable[str] = (years_of(line), rupiah(sum(line["money"].values())) if line["money"] else "", *map(indicator_words, line["indicators"]))  # fmt: skip
    return "\n".join(filter(None, parts)) or "–"
