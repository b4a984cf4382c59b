"""The solver in a process of its own, so that its memory returns when the process ends."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from praja.foundation.choosing.sets import Best, Question

ROOM = 20.0  # seconds for starting and ending, beyond what the search may take


class NotSolved(Exception):
    """The solver did not answer; the text says why, for the log."""


def ask(question: Question, asks: Sequence[Mapping[str, Any]], seconds: float = 10.0) -> list[Any]:
    """The answers to several asks about one question, made in a child process, in their order.

    An ask names what is wanted: {"is": "best", "inside": [...], "outside": [...]}, {"is": "next", "number": 3},
    {"is": "worth"}, {"is": "contradiction"}, {"is": "repair"}, {"is": "stability", "scores": {key: [...]}, "number":
    10000}. Each has `seconds` for itself. An answer is plain data, None when no set keeps the rules, "late" when the
    time ended before anything was found. Raises NotSolved.
    """
    told = {"question": question.as_json(), "asks": list(asks), "seconds": seconds}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "praja.foundation.choosing.process"],
            input=json.dumps(told).encode(),
            capture_output=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            timeout=seconds * max(len(asks), 1) + ROOM,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotSolved(f"The solver took more than {error.timeout:.0f} seconds.") from error
    if done.returncode:
        raise NotSolved(f"The solver ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    try:
        return list(json.loads(done.stdout))
    except ValueError as error:
        raise NotSolved(f"The solver answered what cannot be read: {done.stdout[:200]!r}") from error


def best(question: Question, seconds: float = 10.0) -> Best | None:
    """The best set, None when no set keeps the rules; raises NotSolved also when the time was too short for any."""
    answer = ask(question, [{"is": "best"}], seconds)[0]
    if answer == "late":
        raise NotSolved("No set was found in the time given.")
    return None if answer is None else Best.of_json(answer)


def _answer(question: Question, wanted: Mapping[str, Any], seconds: float) -> Any:
    from praja.foundation.choosing.solver import Search, TooSlow

    search = Search(question, seconds)

    def first() -> Best | None:
        return search.best(inside=wanted.get("inside", ()), outside=wanted.get("outside", ()))

    def after(tell: Callable[[Best], Any]) -> Any:
        found = first()
        return None if found is None else tell(found)

    answers: dict[str, Callable[[], Any]] = {
        "best": lambda: after(lambda found: found.as_json()),
        "next": lambda: after(lambda found: [one.as_json() for one in search.next_best(found, wanted["number"])]),
        "worth": lambda: after(search.worth_of_rules),
        "contradiction": search.contradiction,
        "repair": search.repair,
        "stability": lambda: search.stability(wanted["scores"], wanted.get("number", 10_000)),
    }
    try:
        return answers[wanted["is"]]()
    except TooSlow:
        return "late"


def main() -> None:
    """Read question and asks as JSON from the standard input and write the answers to the standard output."""
    told = json.load(sys.stdin)
    question = Question.of_json(told["question"])
    json.dump([_answer(question, wanted, told["seconds"]) for wanted in told["asks"]], sys.stdout)


if __name__ == "__main__":
    main()
