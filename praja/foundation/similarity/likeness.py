"""How alike the texts of a plan are, from 0 to 1: which rows say the same as this one, and which pairs do."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from praja.foundation.similarity.words import terms

# A row is its texts with a weight each: the title says more than a long description.
Texts = Sequence[tuple[str, float]]
Vector = Mapping[str, float]

# From here on two rows are shown as "may say the same". This number, those below and the weights of the fields were
# chosen on tests/development.toml and tests/adjusted.toml; tests/planted.toml, on which the tests count, was not used.
ALIKE = 0.315
# A term in more rows than this share tells nothing; below this number of rows no share means anything.
MOST_ROWS = 0.2
FEWEST_ROWS = 25
# A concept of the field says more than a word that happens to be rare.
CONCEPT = 1.3
# A word that no other row has tells little about what two rows share.
ALONE = 0.5
# One word in common is an accident.
FEWEST_SHARED = 2
# Pieces of a word find what is misspelt, shortened or stemmed differently; together they count less than the word.
PIECE = 4
PIECES = 0.6


@dataclass(frozen=True)
class Pair:
    """Two rows by their keys, the smaller first, and how alike they are."""

    first: int
    second: int
    likeness: float


def weigh(texts: Texts) -> dict[str, float]:
    """The terms of a row with their weight: what is said twice does not count twice as much."""
    weights: dict[str, float] = defaultdict(float)
    for text, weight in texts:
        for term, number in Counter(terms(text)).items():
            weights[term] += weight * (1 + math.log(number))
            if term[0] != "=" and len(term) > PIECE:
                pieces = len(term) - PIECE + 1
                for place in range(pieces):
                    weights[f"~{term[place : place + PIECE]}"] += weight * PIECES / pieces
    return {term: math.sqrt(weight) * (CONCEPT if term[0] == "=" else 1) for term, weight in weights.items()}


def cosine(one: Vector, other: Vector) -> float:
    """How much two weighed texts share, from 0 to 1, when nothing is known of other rows."""
    length = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return sum(weight * other[term] for term, weight in one.items() if term in other) / length if length else 0.0


class Likeness:
    """The rows of one kind in one plan, ready to be asked; built from weighed rows by their keys."""

    def __init__(self, rows: Mapping[int, Vector]) -> None:
        self.number = len(rows)
        known: Counter[str] = Counter()
        for row in rows.values():
            known.update(row.keys())
        most = max(FEWEST_ROWS * MOST_ROWS, self.number * MOST_ROWS)
        rows_that_count = max(self.number, FEWEST_ROWS)
        self._dropped = frozenset(term for term, number in known.items() if number > most)
        self._worth = {
            term: math.log(1 + rows_that_count / number) for term, number in known.items() if 1 < number <= most
        }
        self._alone = ALONE * math.log(1 + rows_that_count)
        self._rows = {key: self._normed(row) for key, row in rows.items()}
        self._holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for key, row in self._rows.items():
            for term, weight in row.items():
                self._holders[term].append((key, weight))

    def like(
        self,
        row: Vector,
        *,
        most: int,
        at_least: float = ALIKE,
        leaving: Iterable[Hashable] = (),
        fewest: int = FEWEST_SHARED,
    ) -> list[tuple[int, float]]:
        """The keys of the rows most like this one with their likeness, the most alike first.

        `fewest`: how many words have to be shared; of a title that is being typed one may be all that there is yet.
        """
        found: dict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for term, weight in self._normed(row).items():
            for key, other in self._holders.get(term, ()):
                found[key] += weight * other
                if term[0] != "~":
                    shared[key] += 1
        without = set(leaving)
        close = (
            (key, value)
            for key, value in found.items()
            if value >= at_least and shared[key] >= fewest and key not in without
        )
        return nlargest(most, close, key=lambda pair: (pair[1], -pair[0]))

    def pairs(self, *, at_least: float = ALIKE) -> list[Pair]:
        """Every two rows that are alike, the most alike first."""
        found: dict[tuple[int, int], float] = defaultdict(float)
        shared: Counter[tuple[int, int]] = Counter()
        for term, holders in self._holders.items():
            if term[0] == "~":
                continue
            for place, (one, weight) in enumerate(holders):
                for other, its in holders[place + 1 :]:
                    found[one, other] += weight * its
                    shared[one, other] += 1
        # Pieces stand in very many rows: they are looked at only where they could still decide.
        pieces = {
            key: {term: value for term, value in row.items() if term[0] == "~"} for key, row in self._rows.items()
        }
        most = {key: math.sqrt(sum(value * value for value in row.values())) for key, row in pieces.items()}
        close = []
        for (one, other), value in found.items():
            if shared[one, other] < FEWEST_SHARED or value + most[one] * most[other] < at_least:
                continue
            theirs = pieces[other]
            likeness = value + sum(weight * theirs[term] for term, weight in pieces[one].items() if term in theirs)
            if likeness >= at_least:
                close.append(Pair(min(one, other), max(one, other), likeness))
        return sorted(close, key=lambda pair: (-pair.likeness, pair.first, pair.second))

    def _normed(self, row: Vector) -> dict[str, float]:
        """The weights times what each term is worth here, of length one."""
        worth = {
            term: weight * self._worth.get(term, self._alone)
            for term, weight in row.items()
            if term not in self._dropped
        }
        length = math.sqrt(sum(value * value for value in worth.values()))
        return {term: value / length for term, value in worth.items()} if length else {}
