"""The best sets under thousands of weights at once: bounds from prices of the rules, and a search that goes level by level.

Nominees fall into groups (the counts of the rules, such as one of each dimension); of each group one option is taken, and
the other rules get prices. With prices the best option of every group is a bound on every set, and what another option
loses against it is its regret: only sets whose regrets stay below the distance to a known set can be better, and those
are tried, for all weights together. Nothing is left out, so what is answered is the best set.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from praja.foundation.choosing.sets import Question, Rule

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Prices = Callable[[Floats], Floats]  # of every rule, under the values of the nominees
Alone = Callable[[Floats], NDArray[np.bool_] | None]  # the best set under the values of the nominees

MOST_OPTIONS = 3000  # of one group
MOST_MERGED = 400  # options of a group that is made of two
MOST_PARTS = 400_000  # beginnings of sets that are held at once
MOST_OF_A_ROW = 15_000  # beginnings for one row, about as long as a search for that row alone would take
NO_LIMIT = 2**62
SMALL = 1e-9  # below this two values are alike
SAMPLES = 40  # weights whose prices are tried for all others
FIRST = 20  # of the first batch, which finds the sets that others are held against; batches grow
AT_ONCE = 500
YOUNG = 100  # rows after which enough sets are known to say whether this way is worth while
WORTH_WHILE = 0.5  # share of a batch that has to be settled so for the next one to be tried


@dataclass
class Group:
    """Nominees of which one option is taken: the places of the nominees in each, and what each adds to the rules."""

    members: NDArray[np.bool_]  # option x nominee
    adds: Whole  # option x rule


class Many:
    """One question, asked under many values."""

    def __init__(self, question: Question, prices: Prices) -> None:
        self.keys = list(question.values)
        self.prices = prices
        at = {key: place for place, key in enumerate(self.keys)}
        self.cells = np.zeros((len(question.rules), len(self.keys)), np.int64)
        for row, rule in enumerate(question.rules):
            for key, cell in rule.terms.items():
                if key in at:
                    self.cells[row, at[key]] = cell
        self.least = np.array([-NO_LIMIT if rule.least is None else rule.least for rule in question.rules], np.int64)
        self.most = np.array([NO_LIMIT if rule.most is None else rule.most for rule in question.rules], np.int64)
        self.adding = len(question.rules)
        groups = [self._options(members, most) for members, most in self._parted(question.rules)]
        self.is_impossible = any(not len(group.members) for group in groups)
        self.parts = groups if self.is_impossible else self._narrowed(groups)  # for the prices
        self.is_impossible |= any(not len(group.members) for group in self.parts)
        self.groups = self.parts if self.is_impossible else self._narrowed(self._merged(self.parts))  # for the search
        self.is_impossible |= any(not len(group.members) for group in self.groups)
        # Only rules that some set could break are looked at in the search.
        lowest, highest = self._span(self.groups)
        self.asked = np.flatnonzero((lowest < self.least) | (highest > self.most))
        self.pool: NDArray[np.bool_] = np.zeros((0, len(self.keys)), bool)  # sets that keep the rules
        self.usual = 0.0  # how far the best set usually lies below its bound, as a share

    def _parted(self, rules: Sequence[Rule]) -> list[tuple[list[int], int]]:
        """Disjoint groups of places with the most that may be taken of each, the largest first; single ones at the end."""
        found: list[tuple[list[int], int]] = []
        taken: set[int] = set()
        rows = sorted(range(len(rules)), key=lambda row: -int(np.count_nonzero(self.cells[row])))
        for row in rows:
            members = [int(place) for place in np.flatnonzero(self.cells[row])]
            most = rules[row].most
            if most is None or len(members) < 2 or taken & set(members) or (self.cells[row, members] != 1).any():
                continue
            if sum(comb(len(members), number) for number in range(min(most, len(members)) + 1)) <= MOST_OPTIONS:
                found.append((members, most))
                taken |= set(members)
        return found + [([place], 1) for place in range(len(self.keys)) if place not in taken]

    def _options(self, places: Sequence[int], most: int) -> Group:
        """The subsets of a group that keep every rule which speaks of this group alone."""
        sets = [chosen for number in range(min(most, len(places)) + 1) for chosen in combinations(places, number)]
        members = np.zeros((len(sets), len(self.keys)), bool)
        for row, chosen in enumerate(sets):
            members[row, list(chosen)] = True
        outside = np.ones(len(self.keys), bool)
        outside[list(places)] = False
        own = ~(self.cells[:, outside] != 0).any(axis=1)
        adds = members.astype(np.int64) @ self.cells.T
        keeps = ((adds >= self.least) & (adds <= self.most))[:, own].all(axis=1)
        return Group(members[keeps], adds[keeps])

    def _span(self, groups: list[Group]) -> tuple[Whole, Whole]:
        """The least and the most that one option of each group adds to every rule; 0 where a group has none."""
        nothing = np.zeros(self.adding, np.int64)
        full = [group.adds for group in groups if len(group.adds)]
        return sum((one.min(axis=0) for one in full), nothing), sum((one.max(axis=0) for one in full), nothing)

    def _narrowed(self, groups: list[Group]) -> list[Group]:
        """The groups without options with which no set can keep the rules; an empty one when no set can."""
        for _round in range(2):
            lowest, highest = self._span(groups)
            fresh = []
            for group in groups:
                low, high = lowest - group.adds.min(axis=0), highest - group.adds.max(axis=0)
                keeps = ((group.adds + low <= self.most) & (group.adds + high >= self.least)).all(axis=1)
                fresh.append(Group(group.members[keeps], group.adds[keeps]))
            groups = fresh
            if any(not len(group.members) for group in groups):
                break
        return groups

    def _merged(self, groups: list[Group]) -> list[Group]:
        """The smallest groups put together, two by two, while few options result: rules between the two are then kept."""
        groups = sorted(groups, key=lambda group: len(group.members))
        while len(groups) > 1 and len(groups[0].members) * len(groups[1].members) <= MOST_MERGED:
            one, other, *rest = groups
            members = (one.members[:, None] | other.members[None]).reshape(-1, len(self.keys))
            adds = (one.adds[:, None] + other.adds[None]).reshape(-1, self.adding)
            rest_low, rest_high = self._span(rest)
            keeps = ((adds + rest_low <= self.most) & (adds + rest_high >= self.least)).all(axis=1)
            groups = sorted([*rest, Group(members[keeps], adds[keeps])], key=lambda group: len(group.members))
            if not keeps.any():
                break
        return groups

    # --- bounds -------------------------------------------------------------------------------------------------------

    def best(
        self, values: Floats, goes_on: Callable[[], bool], alone: Alone
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(the best set, whether it is settled) for each row of values, in their order.

        `goes_on` is asked again and again; when it says no, the rest stays open. `alone` searches for the rows that have
        too many sets near their bound.
        """
        chosen = np.zeros(values.shape, bool)
        settled = np.zeros(len(values), bool)
        if self.is_impossible:
            return chosen, ~settled
        cheapest, prices, offsets = self._priced(values)
        takes = [prices @ group.adds.T.astype(float) for group in self.groups]
        begin, size, is_worth_while = 0, FIRST, True
        while begin < len(values) and goes_on():
            rows = np.arange(begin, min(begin + size, len(values)))
            if is_worth_while:
                batch = self._batch(rows, values[rows], [one[cheapest[rows]] for one in takes], offsets[cheapest[rows]])
                self._settle(batch, chosen, settled, goes_on)
                is_worth_while = begin < YOUNG or settled[rows].mean() > WORTH_WHILE
            for row in rows[~settled[rows]]:
                found = alone(values[row]) if goes_on() else None
                if found is not None:
                    chosen[row], settled[row] = found, True
            self.pool = np.unique(np.concatenate([self.pool, chosen[rows[settled[rows]]]]), axis=0)
            begin, size = begin + size, min(size * 3, AT_ONCE)
        return chosen, settled

    def _priced(self, values: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
        """(which prices bound each row best, the prices of the rules, what each adds to the bound)."""
        step = max(1, len(values) // SAMPLES)
        tried = np.array([np.zeros(self.adding), *(self.prices(row) for row in values[::step][:SAMPLES])])
        counts = ((tried > 0) & (self.most < NO_LIMIT)) | ((tried < 0) & (self.least > -NO_LIMIT))
        tried = np.where(counts, tried, 0.0)
        offsets = np.where(tried > 0, tried * self.most, tried * self.least).sum(axis=1)
        own = [np.ascontiguousarray(group.members.astype(float) @ values.T) for group in self.parts]
        bounds, cheapest = np.full(len(values), np.inf), np.zeros(len(values), np.intp)
        for place, price in enumerate(tried):
            bound = np.full(len(values), offsets[place])
            for worth, group in zip(own, self.parts, strict=True):
                bound += (worth - (group.adds @ price)[:, None]).max(axis=0)
            better = bound < bounds
            bounds[better], cheapest[better] = bound[better], place
        return cheapest, tried, offsets

    def _batch(self, rows: NDArray[np.intp], values: Floats, takes: list[Floats], offsets: Floats) -> "Batch":
        """Rows with their bounds and regrets, `takes` being what their prices take from the options of each group."""
        own, regrets, bound = [], [], offsets
        for group, take in zip(self.groups, takes, strict=True):
            worth = values @ group.members.T.astype(float)
            reduced = worth - take
            top = reduced.max(axis=1)
            own.append(worth)
            regrets.append(top[:, None] - reduced)
            bound = bound + top
        return Batch(rows, values, own, regrets, bound)

    # --- search -------------------------------------------------------------------------------------------------------

    def _settle(
        self, batch: "Batch", chosen: NDArray[np.bool_], settled: NDArray[np.bool_], goes_on: Callable[[], bool]
    ) -> None:
        """Search for one batch of rows: first near the bound, then further, until no set can be better."""
        known = np.full(len(batch.rows), -np.inf)
        held = np.zeros(len(batch.rows), np.intp)
        if len(self.pool):
            worth = batch.values @ self.pool.T.astype(float)
            held = worth.argmax(axis=1)
            known = worth[np.arange(len(known)), held]
        reach = max(self.usual * 2, 0.02) * np.maximum(np.abs(batch.bound), 1e-6)
        left = np.arange(len(known))
        while len(left) and goes_on():
            slack = np.minimum(batch.bound - known, reach)[left] + SMALL
            found = self._better(batch, left, slack, known[left])
            if found is None:
                if len(batch.rows) > 1:
                    for part in np.array_split(np.arange(len(batch.rows)), 2):
                        self._settle(batch.part(part), chosen, settled, goes_on)
                return
            who, sets, value, hard = found
            held[who], known[who] = len(self.pool) + np.arange(len(who)), value
            self.pool = np.concatenate([self.pool, sets])
            left = left[~np.isin(left, hard)]
            is_done = known[left] >= batch.bound[left] - reach[left] - SMALL
            done = left[is_done]
            chosen[batch.rows[done]], settled[batch.rows[done]] = self.pool[held[done]], True
            has_more = reach[left] <= batch.widest[left]
            left = left[~is_done & has_more]
            reach[left] *= 2
        gaps = np.sort((batch.bound - known) / np.maximum(np.abs(batch.bound), 1e-6))
        self.usual = float(min(gaps[len(gaps) * 9 // 10], 1.0))
        self.pool = np.unique(self.pool, axis=0)

    def _better(
        self, batch: "Batch", left: NDArray[np.intp], slack: Floats, known: Floats
    ) -> tuple[NDArray[np.intp], NDArray[np.bool_], Floats, NDArray[np.intp]] | None:
        """(row, set, value) of the best set of each row that loses at most its slack, where it beats what is known.

        Last the rows that have too many beginnings of sets to look at; None when all together have too many.
        """
        regrets = [one[left] for one in batch.regrets]
        own = [one[left] for one in batch.own]
        order = np.argsort([(one <= slack[:, None]).sum() for one in regrets], kind="stable")
        rest_low, rest_high = (one[self.asked] for one in self._span(self.groups))
        least, most = self.least[self.asked], self.most[self.asked]
        rest_value = sum(one.max(axis=1) for one in own)
        row, lost, value = np.arange(len(left)), np.zeros(len(left)), np.zeros(len(left))
        used = np.zeros((len(self.asked), len(left)), np.int64)
        taken: list[NDArray[np.intp]] = []
        is_hard = np.zeros(len(left), bool)
        for place in order:
            adds, mine = np.ascontiguousarray(self.groups[place].adds[:, self.asked].T), own[place]
            rest_low, rest_high = rest_low - adds.min(axis=1), rest_high - adds.max(axis=1)
            rest_value = rest_value - mine.max(axis=1)
            nearest = np.argsort(regrets[place], axis=1, kind="stable")
            by_regret = np.take_along_axis(regrets[place], nearest, axis=1)
            fits = _count_below(by_regret, row, slack[row] - lost)
            is_hard |= np.bincount(row, fits, len(left)) > MOST_OF_A_ROW
            fits[is_hard[row]] = 0
            total = int(fits.sum())
            if total > MOST_PARTS:
                return None
            parent = np.repeat(np.arange(len(row)), fits)
            nth = np.arange(total) - np.repeat(np.cumsum(fits) - fits, fits)
            above = row[parent]
            option = nearest[above, nth]
            worth = value[parent] + mine[above, option]
            kept = np.flatnonzero(worth + rest_value[above] > known[above] + SMALL)
            kept = _keeping(kept, used, parent, adds, option, least - rest_high, most - rest_low)
            used = used[:, parent[kept]] + adds[:, option[kept]]
            parent, option, row, value = parent[kept], option[kept], above[kept], worth[kept]
            lost = lost[parent] + by_regret[row, nth[kept]]
            taken = [*(one[parent] for one in taken), option]
        ranked = np.lexsort((-value, row))
        firsts = ranked[np.unique(row[ranked], return_index=True)[1]]
        sets = np.zeros((len(firsts), len(self.keys)), bool)
        for place, option in zip(order, taken, strict=True):
            sets |= self.groups[place].members[option[firsts]]
        return left[row[firsts]], sets, value[firsts], left[is_hard]


@dataclass
class Batch:
    """Rows of values that are searched together."""

    rows: NDArray[np.intp]  # where they stand among all
    values: Floats  # row x nominee
    own: list[Floats]  # of each group: row x option, what an option is worth
    regrets: list[Floats]  # the same, with prices: what it loses against the best option
    bound: Floats  # what no set of a row is worth more than

    @property
    def widest(self) -> Floats:
        """What the worst options lose together."""
        total: Floats = sum((one.max(axis=1) for one in self.regrets), np.zeros(len(self.rows)))
        return total

    def part(self, at: NDArray[np.intp]) -> "Batch":
        """Some of the rows."""
        return Batch(
            self.rows[at], self.values[at], [one[at] for one in self.own], [one[at] for one in self.regrets],
            self.bound[at],
        )  # fmt: skip


def _count_below(rising: Floats, row: NDArray[np.intp], limit: Floats) -> NDArray[np.intp]:
    """How many of the rising numbers of a row are not above each limit, all at once."""
    step = rising.max() + 1.0
    flat = (rising + step * np.arange(len(rising))[:, None]).ravel()
    return np.searchsorted(flat, np.minimum(limit, step - 0.5) + step * row, side="right") - row * rising.shape[1]


def _keeping(
    kept: NDArray[np.intp],
    used: Whole,
    parent: NDArray[np.intp],
    adds: Whole,
    option: NDArray[np.intp],
    least: Whole,
    most: Whole,
) -> NDArray[np.intp]:
    """Those of `kept` that stay between all limits; the rules that most of them break are looked at first."""
    few = kept[:: max(1, len(kept) // 500)]
    sums = used[:, parent[few]] + adds[:, option[few]]
    breaks = ((sums < least[:, None]) | (sums > most[:, None])).sum(axis=1)
    for rule in np.argsort(-breaks, kind="stable"):
        amount = used[rule, parent[kept]] + adds[rule, option[kept]]
        kept = kept[(amount >= least[rule]) & (amount <= most[rule])]
    return kept
