"""The list of an agency as plain lines: its hash, what differs between two, one applied to the other, and cut to years.

A line is what the edition of the masterplan says about one promise (masterplan/editions/promises.py) with the number that
it has in the agency's list. Nothing here asks the database.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Line = Mapping[str, Any]
Key = tuple[str, str]
# What a line says, in the order in which changes are told; the number is not part of it.
FIELDS = ("title", "programme", "part_of", "year_from", "year_to", "money", "share", "indicators")


def key_of(line: Line) -> Key:
    """What it is a promise of."""
    return line["kind"], line["uid"]


def rupiah_of(line: Line) -> int:
    """The money that it adds to the sum of the list."""
    return sum(line["money"].values())


def sum_of(lines: Iterable[Line]) -> int:
    """The money of a list."""
    return sum(map(rupiah_of, lines))


def money_by_year(lines: Iterable[Line]) -> Counter[int]:
    """The money of a list by year."""
    found: Counter[int] = Counter()
    for line in lines:
        found.update({int(year): amount for year, amount in line["money"].items()})
    return found


def canonical(organisation: str, lines: Iterable[Line]) -> str:
    """The list as the JSON text that is hashed: ASCII, names in order, lines by their numbers; `organisation`: its uid."""
    told = [
        {"number": line["number"], "kind": line["kind"], "uid": line["uid"], **{name: line[name] for name in FIELDS}}
        for line in sorted(lines, key=lambda line: line["number"])
    ]
    return json.dumps({"organisation": organisation, "lines": told}, sort_keys=True, separators=(",", ":"))


def hash_of(organisation: str, lines: Iterable[Line]) -> str:
    """The sha256 of a list, as the annex prints it."""
    return sha256(canonical(organisation, lines).encode()).hexdigest()


def numbered(lines: Iterable[Line], *, after: int = 0) -> list[dict[str, Any]]:
    """The lines with their numbers in the list, from the one after `after`."""
    return [{**line, "number": number} for number, line in enumerate(lines, start=after + 1)]


@dataclass(frozen=True)
class Change:
    """What becomes of one line: `before` is None when it is added, `after` when it is taken out."""

    before: Line | None
    after: Line | None

    @property
    def kind(self) -> str:
        """What it does: "added", "changed" or "removed"."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def key(self) -> Key:
        """What it is about."""
        line = self.after if self.after is not None else self.before
        assert line is not None
        return key_of(line)

    @property
    def fields(self) -> list[tuple[str, Any, Any]]:
        """(name, before, after) of what differs in a line that is changed."""
        if self.before is None or self.after is None:
            return []
        return [(name, self.before[name], self.after[name]) for name in FIELDS if self.before[name] != self.after[name]]


def diff(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """What turns one list into another, by what is promised: in the order of `after`, then what is taken out."""
    olds, news = {key_of(line): line for line in before}, {key_of(line): line for line in after}
    found = [Change(olds.get(key), line) for key, line in news.items() if not _same(olds.get(key), line)]
    return found + [Change(line, None) for key, line in olds.items() if key not in news]


def _same(one: Line | None, other: Line) -> bool:
    return one is not None and all(one[name] == other[name] for name in FIELDS)


def proposed(in_force: Sequence[Line], old: Sequence[Line], new: Sequence[Line]) -> list[Change]:
    """What a newer edition changes in the list in force: only where the two editions differ.

    What was settled otherwise than the old edition said (dropped, cut to fewer years) stays so while the editions agree
    about it; the lines that hang on it follow.
    """
    promised = {key_of(line): line for line in in_force}
    changes = diff(old, new)
    told = {change.key for change in changes}
    otherwise = [(line, promised.get(key_of(line))) for line in new if key_of(line) not in told]
    found = []
    for change in changes:
        before, after = promised.get(change.key), change.after
        if after is not None:
            for was, now in otherwise:
                after = following(after, was, now)
        if before is None and after is None:
            continue
        if before is not None and after is not None and _same(before, after):
            continue
        found.append(Change(before, after))
    return found


def applied(lines: Sequence[Line], changes: Iterable[Change], *, last: int = 0) -> list[Line]:
    """The list after the changes; who stays keeps its number, who is new gets the next one, also after `last`.

    Raises ValueError when a change speaks of a line that is not there, or adds one that is.
    """
    found = {key_of(line): line for line in lines}
    last = max([last, *(line["number"] for line in lines)])
    for change in changes:
        if (change.before is None) == (change.key in found):
            raise ValueError(f"The list does not stand as the change expects: {change.key}.")
        if change.after is None:
            del found[change.key]
        else:
            number = found[change.key]["number"] if change.key in found else change.after.get("number", last + 1)
            last = max(last, number)
            found[change.key] = {**change.after, "number": number}
    return sorted(found.values(), key=lambda line: line["number"])


def following(line: Line, was: Line | None, now: Line | None) -> Line:
    """A line once another is promised as `now` and no longer as `was`; None where that is not promised.

    The total of a programme follows the money in it. What was part of an innovation that nobody promises names it no more,
    nor its money.
    """
    if line["kind"] == "programme":
        share: Counter[str] = Counter(line["share"])
        for other, sign in ((was, -1), (now, 1)):
            if other is not None and other["programme"] == line["title"]:
                for year, amount in other["money"].items():
                    share[year] += sign * amount
        return {**line, "share": {year: share[year] for year in sorted(share) if share[year] > 0}}
    if was is not None and was["kind"] == "innovation" and line["part_of"] == was["title"]:
        return {**line, "part_of": now["title"]} if now is not None else {**line, "part_of": "", "share": {}}
    return line


def cut(line: Line, first: int, last: int) -> dict[str, Any]:
    """The line with only what it says about these years. Raises ValueError when they are not within its own."""
    own_first, own_last = line["year_from"], line["year_to"]
    if own_first is None or own_last is None or not own_first <= first <= last <= own_last:
        raise ValueError((first, last))

    def within(values: Mapping[str, Any]) -> dict[str, Any]:
        return {year: value for year, value in values.items() if first <= int(year) <= last}

    return {
        **line,
        "year_from": first,
        "year_to": last,
        "money": within(line["money"]),
        "share": within(line["share"]),
        "indicators": [{**one, "targets": within(one["targets"])} for one in line["indicators"]],
    }
