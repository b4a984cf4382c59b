"""Invented rounds of quick wins, small and large, and how long the best set and its stability take.

`python -m benchmarks.choosing` prints what a full run prints of it. CPU seconds are counted, not the clock's, so that a busy
machine does not change them; each measurement stands in a process of its own, as on the website.
"""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

from praja.foundation.choosing.sets import Question, Rule, plain_choice

MILLION = 1_000_000
CRITERIA = 12
SEEDS = (1, 3, 4)  # the first whose rules can all be kept, in both sizes
SIZES: dict[str, dict[str, int]] = {
    "96 nominees, all kinds of rules": {
        "nominees": 96, "years": 2, "sources": 4, "agencies": 32, "needs": 12, "each": 1, "percent": 9,
    },
    "500 nominees, 10 years, 40 agencies, 4 sources, 200 dependencies": {
        "nominees": 500, "years": 10, "sources": 4, "agencies": 40, "needs": 200, "each": 6, "percent": 9,
    },
}  # fmt: skip


def made_round(
    seed: int, *, nominees: int, years: int, sources: int, agencies: int, needs: int, each: int, percent: int
) -> tuple[Question, dict[str, list[int]]]:
    """(the question, scores by criterion) of a round: `each` of every dimension, `percent` of what all ask as budget.

    A nominee that is worth more costs more. Its money comes from up to two sources, over one to five years; a third of the
    agencies say how many staff days they have.
    """
    chance = random.Random(seed)
    keys = [f"n{at}" for at in range(nominees)]
    scores = {key: [chance.choice((0, 1, 1, 2, 2, 2, 3, 3, 3, 4)) for _ in range(CRITERIA)] for key in keys}
    values = {key: sum(own) * 10_000 // CRITERIA for key, own in scores.items()}
    money: dict[tuple[int, int], dict[str, int]] = {
        (year, source): {} for year in range(years) for source in range(sources)
    }
    for key in keys:
        begin = chance.randrange(years)
        for source in chance.sample(range(sources), chance.choice((0, 1, 1, 1, 2))):
            amount = int(chance.lognormvariate(6, 0.8)) * MILLION * values[key] // 20_000
            for year in range(begin, min(begin + chance.randrange(1, 6), years)):
                money[year, source][key] = amount
    rules = [Rule(f"dimension {at}", dict.fromkeys(keys[at::6], 1), each, each) for at in range(6)]
    rules += [
        Rule(f"money {year} {source}", asked, None, sum(asked.values()) * percent // 100)
        for (year, source), asked in money.items()
    ]
    agency = {key: chance.randrange(agencies) for key in keys}
    for at in range(agencies):
        own = [key for key in keys if agency[key] == at]
        rules.append(Rule(f"agency {at}", dict.fromkeys(own, 1), None, each))
        if at % 3 == 0:
            days = {key: chance.randrange(10, 120) for key in own}
            rules.append(Rule(f"days {at}", days, None, 150 * each))
    for at in range(needs):
        first, other = chance.sample(keys, 2)
        rules.append(Rule(f"needs {at}", {first: 1, other: -1}, None, 0))
    for at in range(needs // 3):
        first, other = chance.sample(keys, 2)
        rules.append(Rule(f"not both {at}", {first: 1, other: 1}, None, 1))
    for name, share in (("without information technology", 0.5), ("serve a target", 0.2)):
        rules.append(Rule(name, {key: 1 for key in keys if chance.random() < share}, 2 * each, None))
    rules.append(Rule("must", {keys[chance.randrange(nominees)]: 1}, 1, None))
    rules.append(Rule("money is there", {key: 1 for key in keys if chance.random() < 0.1}, None, 0))
    return Question(values, tuple(rules)), scores


def measured(title: str, seed: int, what: str) -> dict[str, Any]:
    """The best set, or stability, of one invented round: numbers, CPU seconds of the whole process, megabytes."""
    from praja.foundation.choosing.solver import Search, TooSlow

    question, scores = made_round(seed, **SIZES[title])
    began, found = time.monotonic(), {}
    search = Search(question, 10 if what == "best" else 60)
    try:
        if what == "best":
            best = search.best()
            plain = plain_choice(question)
            found = {
                "value": best and best.value, "gap": best and best.gap, "plain": question.value_of(plain),
                "broken": len(question.broken(plain)),
            }  # fmt: skip
        else:
            tried, counts = search.stability(scores)
            found = {"tried": tried, "always": sum(count == tried for count in counts.values())}
            found["sometimes"] = sum(0 < count < tried for count in counts.values())
    except TooSlow:
        found = {"value": None}
    used = resource.getrusage(resource.RUSAGE_SELF)
    return found | {
        "seconds": time.monotonic() - began, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024,
    }  # fmt: skip


def made_choices() -> dict[str, str]:
    """Each size in words: how long, how good, and by how much better than choosing by hand; medians of some rounds."""
    found = {}
    for title in SIZES:
        runs = [_run(title, seed, "best") for seed in SEEDS]
        solved = [one for one in runs if one["value"]]
        gap = f"gap {max(one['gap'] for one in solved):.2%} at most" if solved else "no set"
        proven = sum(one["gap"] == 0 for one in solved)
        found[f"best set of {title}"] = (
            f"{_middle(runs, 'cpu'):.2f} s of CPU in all, {_middle(runs, 'memory'):.0f} MB; {proven} of {len(runs)} proven, {gap}"
        )
        fair = [one for one in solved if not one["broken"]]
        better = ", ".join(f"{one['value'] / one['plain'] - 1:.1%}" for one in fair)
        found[f"the same, better than the plain greedy choice by ({title})"] = "; ".join(
            part for part in (
                better,
                f"greedy breaks rules in {len(solved) - len(fair)} of {len(solved)}" if len(fair) < len(solved) else "",
            ) if part
        )  # fmt: skip
    title = next(iter(SIZES))
    runs = [_run(title, seed, "stability") for seed in SEEDS]
    tried = min(one["tried"] for one in runs)
    found[f"best sets under 10,000 weight sets, {title}"] = (
        f"{_middle(runs, 'cpu'):.2f} s of CPU in all, {_middle(runs, 'memory'):.0f} MB; {tried:,} settled at least"
    )
    return found


def _run(title: str, seed: int, what: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.choosing", "--one", title, str(seed), what]
    threads = {"OPENBLAS_NUM_THREADS": "1"}  # as the website starts the solver
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | threads)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _middle(runs: list[dict[str, Any]], name: str) -> float:
    return statistics.median(one[name] for one in runs)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(sys.argv[2], int(sys.argv[3]), sys.argv[4])))
    else:
        for what, words in made_choices().items():
            print(f"{what}: {words}")
