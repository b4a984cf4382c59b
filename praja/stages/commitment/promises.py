"""What the agencies have promised, read from the frozen papers: by whom, who holds the office now, and is it unchanged."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from praja.foundation.accounts.models import Organisation, Position
from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import Plan
from praja.foundation.signing.models import Signature
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment.actions import lines_of_list, lists_of
from praja.stages.commitment.addenda import changes_of, frozen_lists
from praja.stages.commitment.lists import Line, applied, diff, hash_of, key_of, money_by_year, sum_of
from praja.stages.commitment.models import AgencyList, Commitment
from praja.stages.commitment.new_holders import last_holders, signatures_of
from praja.stages.commitment.offices import heads_of


@dataclass
class AgencyPromises:
    """What one agency promises now: its lines as the newest frozen paper says them, the papers, who stands behind them.

    `changed`: the lines whose rows do not say what the paper says. `is_changed`: whether anything differs at all.
    """

    organisation: Organisation
    lines: list[Line]
    sha256: str
    papers: list[tuple[int, Edition, Signature | None, AgencyList]]  # (0 or the number of the addendum, ...)
    head: Position | None = None
    last_holder: int | None = None  # key of the person who promised, or took the promises on last
    is_changed: bool = False
    changed: set[tuple[str, str]] = field(default_factory=set)

    @property
    def rupiah(self) -> int:
        """The money of its promises."""
        return sum_of(self.lines)

    @property
    def signature(self) -> Signature | None:
        """Its newest signature; None until it has signed."""
        return next((signature for _number, _paper, signature, _row in reversed(self.papers) if signature), None)

    @property
    def accepted(self) -> AgencyList:
        """The newest list, with who accepted it in which office."""
        return self.papers[-1][3]

    @property
    def has_new_holder(self) -> bool:
        """Whether the office is held by somebody who has neither promised nor taken the promises on."""
        return self.head is not None and self.last_holder is not None and self.head.person_id != self.last_holder

    def with_marks(self) -> Iterable[tuple[Line, bool]]:
        """Each line, and whether its row says something else."""
        return [(line, key_of(line) in self.changed) for line in self.lines]

    def open_lines(self, year: int) -> list[Line]:
        """The lines that are not over before that year."""
        return [line for line in self.lines if line["year_to"] is None or line["year_to"] >= year]


@dataclass
class Promises:
    """All promises of a commitment, and what is wrong with its papers."""

    agencies: list[AgencyPromises]
    problems: list[str]

    @cached_property
    def number(self) -> int:
        """How many promises there are."""
        return sum(len(one.lines) for one in self.agencies)

    @cached_property
    def rupiah(self) -> int:
        """Their money."""
        return sum(one.rupiah for one in self.agencies)

    @cached_property
    def by_year(self) -> list[tuple[int, int]]:
        """(year, rupiah) in order."""
        found: Counter[int] = Counter()
        for one in self.agencies:
            found.update(money_by_year(one.lines))
        return sorted(found.items())

    @property
    def changed(self) -> list[AgencyPromises]:
        """The agencies whose rows do not say what their papers say."""
        return [one for one in self.agencies if one.is_changed]


def promises_of(commitment: Commitment) -> Promises:
    """The promises as the papers say them, in a number of queries that does not grow with them."""
    rows = lists_of(commitment, addenda=True)
    documents = _documents(commitment, rows)
    problems, papers = [], {}
    for pk, document in documents.items():
        try:
            papers[pk] = frozen_lists(document)
        except Refused as refusal:
            problems += [f"{document.title}: {reason}" for reason in refusal.reasons]
    signatures = signatures_of(documents)
    found: dict[int, AgencyPromises] = {}
    for row in sorted(rows, key=lambda row: row.addendum.number if row.addendum else 0):
        document_pk = row.addendum.document_id if row.addendum else commitment.document_id
        paper = papers.get(document_pk or 0, {}).get(str(row.organisation.uid))
        if document_pk is None or paper is None:
            continue
        one = found.setdefault(row.organisation_id, AgencyPromises(row.organisation, [], "", []))
        before = one.lines
        one.lines, one.sha256 = paper["lines"], paper["sha256"]
        number = row.addendum.number if row.addendum else 0
        signature = signatures.get((document_pk, row.organisation_id))
        one.papers.append((number, documents[document_pk], signature, row))
        _compare(one, before, row)
    last = last_holders(commitment, [row for one in found.values() for *_paper, row in one.papers], signatures)
    for pk, one in found.items():
        one.last_holder = last.get(pk)
    _who_holds_them(commitment.plan, found)
    return Promises(sorted(found.values(), key=lambda one: one.organisation.name), problems)


def _documents(commitment: Commitment, rows: list[AgencyList]) -> dict[int, Edition]:
    """The frozen papers by key."""
    keys = [row.addendum.document_id for row in rows if row.addendum and row.addendum.document_id]
    return {one.pk: one for one in Edition.objects.filter(pk__in=[commitment.document_id, *keys])}


def _compare(one: AgencyPromises, before: list[Line], row: AgencyList) -> None:
    """Note which lines of a list differ between the paper and the rows that it was made from."""
    obligations = list(row.obligations.all())
    try:
        if row.addendum is None:
            rows: list[Any] = lines_of_list(obligations)
        else:
            rows = applied(before, [change for change, _answer in changes_of(obligations)])
    except (ValueError, KeyError):
        one.is_changed = True
        return
    if hash_of(str(row.organisation.uid), rows) != one.sha256:
        one.is_changed = True
        one.changed |= {change.key for change in diff(one.lines, rows)}


def _who_holds_them(plan: Plan, found: dict[int, AgencyPromises]) -> None:
    """Who heads each agency now."""
    heads = heads_of([one.organisation for one in found.values()], plan)
    for pk, one in found.items():
        one.head = heads.get(pk)
