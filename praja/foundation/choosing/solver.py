"""The exact search for the best set (HiGHS), what contradicts, what would mend it, and how firm the choice is.

Import this in a process of its own (process.py): it brings numpy and the solver into memory.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

import highspy
import numpy as np
from numpy.typing import NDArray

from praja.foundation.choosing.many import Many, Prices
from praja.foundation.choosing.sets import Best, Question, Rule, plain_choice

INFINITE = highspy.kHighsInf
TOLERANCE = 1e-4  # of a bound that the solver gives as a float; values are whole


class TooSlow(Exception):
    """No set was found in the time given; one may exist."""


@dataclass
class Model:
    """A mixed linear model: columns with cost, bounds and whether they are whole; rows with their cells and limits."""

    cost: list[float]
    lower: list[float]
    upper: list[float]
    is_whole: list[bool]
    rows: list[tuple[dict[int, float], float, float]]
    is_greatest: bool = True

    def solve(self, seconds: float, start: Sequence[float] | None = None) -> tuple[str, list[float], float]:
        """("optimal", "time" or "infeasible", the columns, the bound); the columns are [] when nothing was found."""
        solver = highspy.Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("time_limit", max(seconds, 0.01)),
            ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5), ("mip_feasibility_tolerance", 1e-7),
            ("primal_feasibility_tolerance", 1e-8),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        solver.passModel(self.as_lp())
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = list(start)
            solver.setSolution(solution)
        solver.run()
        status = solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return "infeasible", [], 0.0
        info = solver.getInfo()
        is_found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        columns = list(solver.getSolution().col_value) if is_found else []
        bound = info.mip_dual_bound if any(self.is_whole) else info.objective_function_value
        return "optimal" if status == highspy.HighsModelStatus.kOptimal else "time", columns, bound

    def as_lp(self) -> highspy.HighsLp:
        """The model as HiGHS takes it."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.rows)
        lp.sense_ = highspy.ObjSense.kMaximize if self.is_greatest else highspy.ObjSense.kMinimize
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = (
            np.array(one, float) for one in (self.cost, self.lower, self.upper)
        )
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in self.is_whole
        ]
        lp.row_lower_ = np.array([row[1] for row in self.rows], float)
        lp.row_upper_ = np.array([row[2] for row in self.rows], float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(row[0]) for row in self.rows)], dtype=np.int32)
        lp.a_matrix_.index_ = np.array([column for row in self.rows for column in row[0]], np.int32)
        lp.a_matrix_.value_ = np.array([number for row in self.rows for number in row[0].values()], float)
        return lp


class Search:
    """One question, asked in several ways. Every set that is answered keeps every rule in whole numbers."""

    def __init__(self, question: Question, seconds: float = 10.0) -> None:
        self.question = question
        self.keys = list(question.values)
        self.at = {key: place for place, key in enumerate(self.keys)}
        self.ends = time.monotonic() + seconds
        self.cuts: list[tuple[dict[int, float], float, float]] = []  # what rounding let through, or was answered before

    def best(
        self,
        *,
        inside: Collection[str] = (),
        outside: Collection[str] = (),
        values: Sequence[float] | None = None,
        without: Collection[str] = (),
        known: Collection[str] | None = None,
    ) -> Best | None:
        """The best set with these nominees in and those out, None when no set keeps the rules; `without`: rules left aside.

        `known`: a set that keeps them, to begin with. Raises TooSlow when the time ended before any set was found.
        """
        if set(inside) & set(outside):
            return None
        rules = [rule for rule in self.question.rules if rule.key not in without]
        rows = [self._row(rule) for rule in rules] + self.cuts
        cost = list(values) if values is not None else [float(self.question.values[key]) for key in self.keys]
        lower = [1.0 if key in inside else 0.0 for key in self.keys]
        upper = [0.0 if key in outside else 1.0 for key in self.keys]
        model = Model(cost, lower, upper, [True] * len(self.keys), rows)
        start = None
        if known is None and not inside and not outside and values is None:
            plain = plain_choice(self.question)
            known = plain if not self.question.broken(plain) else None
        if known is not None:
            start = [float(key in known) for key in self.keys]
        while True:
            status, columns, bound = model.solve(self.ends - time.monotonic(), start)
            if status == "infeasible":
                return None
            if not columns:
                raise TooSlow
            chosen = frozenset(key for key, column in zip(self.keys, columns, strict=True) if column > 0.5)
            broken = next((rule for rule in rules if not rule.holds(chosen)), None)
            if broken is None:
                break
            model.rows.append(self._not_again(chosen & broken.terms.keys(), broken.terms))
            start = None
        value = self.question.value_of(chosen)
        bound = value if values is not None else max(value, floor(bound + TOLERANCE))
        if status == "optimal":
            bound = value if values is not None else (value if bound - value < 1 else int(bound))
        tight = tuple(rule.key for rule in self.question.rules if rule.is_tight(chosen))
        return Best(chosen, value, int(bound), tight)

    def _row(self, rule: Rule) -> tuple[dict[int, float], float, float]:
        """A rule as a row of floats: large numbers such as rupiah are scaled, and the answer is checked in whole ones."""
        cells = {self.at[key]: number for key, number in rule.terms.items() if number and key in self.at}
        scale = self._scale(rule)
        least = -INFINITE if rule.least is None else rule.least * scale
        most = INFINITE if rule.most is None else rule.most * scale
        return {at: number * scale for at, number in cells.items()}, least, most

    @staticmethod
    def _scale(rule: Rule) -> float:
        return 1000.0 / max(1000, *(abs(number) for number in rule.terms.values())) if rule.terms else 1.0

    def _not_again(self, chosen: Collection[str], among: Iterable[str]) -> tuple[dict[int, float], float, float]:
        """A row that forbids exactly this choice among some nominees: at least one of them has to differ."""
        cells = {self.at[key]: -1.0 if key in chosen else 1.0 for key in among if key in self.at}
        return cells, 1.0 - len(chosen), INFINITE

    def next_best(self, first: Best, number: int) -> list[Best]:
        """The sets that come after, best first; fewer when there are no more, or the time ends."""
        before, found, last = list(self.cuts), [], first
        try:
            for _place in range(number):
                self.cuts.append(self._not_again(last.chosen, self.keys))
                following = self.best()
                if following is None:
                    break
                found.append(following)
                last = following
        except TooSlow:
            pass
        finally:
            self.cuts = before
        return found

    def worth_of_rules(self, first: Best) -> dict[str, int]:
        """For each rule that binds: how much better the best set were without it.

        A rule binds also where the best set does not reach its limit: what would be better may go far beyond it. Those at
        their limit are tried first, in case the time ends.
        """
        found = {}
        rules = [rule for rule in self.question.rules if rule.can_be_broken]
        for rule in sorted(rules, key=lambda rule: rule.key not in first.tight):
            try:
                other = self.best(without={rule.key}, known=first.chosen)
            except TooSlow:
                break
            if other is not None and other.value > first.value:
                found[rule.key] = other.value - first.value
        return found

    # --- what contradicts ---------------------------------------------------------------------------------------------

    def _is_possible(self, rules: Sequence[Rule]) -> bool:
        """Whether any set keeps these rules."""
        return (
            Search(Question(dict.fromkeys(self.keys, 0), tuple(rules)), self.ends - time.monotonic()).best() is not None
        )

    def contradiction(self) -> list[str]:
        """Keys of a smallest set of rules that no set of nominees keeps; [] when all can be kept.

        A set of rules is looked for that meets every group of rules which, left out, makes the rest possible: such a
        smallest meeting set that is itself impossible is a smallest contradiction (implicit hitting sets).
        """
        rules = self.question.rules
        if self._is_possible(rules):
            return []
        corrections: list[set[int]] = []
        while True:
            kept = _smallest_meeting(len(rules), corrections)
            if not self._is_possible([rules[at] for at in kept]):
                return [rules[at].key for at in sorted(kept)]
            for at in range(len(rules)):
                if at not in kept and self._is_possible([rules[one] for one in sorted({*kept, at})]):
                    kept.add(at)
            corrections.append(set(range(len(rules))) - kept)

    def repair(self) -> dict[str, int]:
        """The fewest limits to change so that a set exists, and by how little: {rule: its new limit}.

        Of a rule with both limits the one that has to give way is named.
        """
        rules, number = self.question.rules, len(self.keys)
        cost = [0.0] * number
        lower, upper, whole = [0.0] * number, [1.0] * number, [True] * number
        rows: list[tuple[dict[int, float], float, float]] = []
        for rule in rules:
            cells, least, most = self._row(rule)
            reach = sum(abs(cell) for cell in cells.values()) + sum(
                abs(limit) for limit in (least, most) if abs(limit) < INFINITE
            )
            at = len(cost)
            # Columns of a rule: how far below its lower limit, how far above its upper one, and whether either happens.
            cost += [1.0 / max(reach, 1.0), 1.0 / max(reach, 1.0), 1000.0]
            lower += [0.0, 0.0, 0.0]
            upper += [reach, reach, 1.0]
            whole += [False, False, True]
            rows.append((cells | {at: 1.0, at + 1: -1.0}, least, most))
            rows.append(({at: 1.0, at + 1: 1.0, at + 2: -reach}, -INFINITE, 0.0))
        _status, columns, _bound = Model(cost, lower, upper, whole, rows, is_greatest=False).solve(
            self.ends - time.monotonic()
        )
        if not columns:
            raise TooSlow
        chosen = frozenset(key for key, column in zip(self.keys, columns, strict=False) if column > 0.5)
        return {rule.key: rule.amount(chosen) for rule in rules if not rule.holds(chosen)}

    # --- how firm -----------------------------------------------------------------------------------------------------

    def stability(
        self, scores: Mapping[str, Sequence[float]], number: int = 10_000, seed: int = 1
    ) -> tuple[int, dict[str, int]]:
        """(how many weight sets were tried, in how many of them each nominee is in the best set).

        `scores`: of each nominee by criterion. Weight sets are drawn evenly from all that add up to 1 (Dirichlet), the
        same ones at each call with a seed. Sets are taken in their order until the time ends, so a part speaks for all.
        """
        table = np.array([scores[key] for key in self.keys], float)
        values = np.random.default_rng(seed).dirichlet(np.ones(table.shape[1]), number) @ table.T
        if not self._is_possible(self.question.rules):
            return number, dict.fromkeys(self.keys, 0)

        def alone(row: NDArray[np.float64]) -> NDArray[np.bool_] | None:
            try:
                found = self.best(values=[float(round(one * 1e6)) for one in row])
            except TooSlow:
                return None
            return np.array([found is not None and key in found.chosen for key in self.keys])

        chosen, settled = Many(self.question, self.prices()).best(values, lambda: time.monotonic() < self.ends, alone)
        tried = number if settled.all() else int(np.argmin(settled))
        counts = chosen[:tried].sum(axis=0)
        return tried, dict(zip(self.keys, (int(one) for one in counts), strict=True))

    def prices(self) -> Prices:
        """A function that tells what one more of each rule's limit is worth when parts of nominees can be taken."""
        rows = [self._row(rule) for rule in self.question.rules]
        scales = np.array([self._scale(rule) for rule in self.question.rules])
        number = len(self.keys)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)  # noqa: FBT003 - how the library is called
        solver.setOptionValue("threads", 1)
        solver.passModel(Model([0.0] * number, [0.0] * number, [1.0] * number, [False] * number, rows).as_lp())
        columns = np.arange(number, dtype=np.int32)

        def of(values: NDArray[np.float64]) -> NDArray[np.float64]:
            solver.changeColsCost(number, columns, np.asarray(values, float))
            solver.run()
            return np.array(solver.getSolution().row_dual, float) * scales

        return of


def _smallest_meeting(number: int, groups: Sequence[Collection[int]]) -> set[int]:
    """A smallest set of numbers below `number` that meets every group."""
    if not groups:
        return set()
    rows = [(dict.fromkeys(sorted(group), 1.0), 1.0, INFINITE) for group in groups]
    model = Model([1.0] * number, [0.0] * number, [1.0] * number, [True] * number, rows, is_greatest=False)
    _status, columns, _bound = model.solve(60.0)
    return {at for at in range(number) if columns and columns[at] > 0.5}
