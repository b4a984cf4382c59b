"""What each nominee is worth: the weights of a round, the scores of its sheets, and the sums that follow from both."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property

from praja.foundation.choosing import ranking
from praja.foundation.choosing.weights import MOST, Compared, Judgement, NoWeights, compared, shares
from praja.stages.quick_wins.models import Criterion, Nomination, Round, Score

BEST = 4  # the highest score
ACCEPTED = "accepted"  # beside the pairs in Round.judgements: why a ratio above the limit was accepted
WHOLE = 10_000  # values of nominees are whole numbers: a weighted sum in this many parts


def scored_criteria(round_: Round) -> list[Criterion]:
    """The criteria that nominees are scored by, in their order."""
    return list(round_.criteria.filter(withdrawn_at=None, kind=Criterion.Kind.SCORED))


def typed_weights(criteria: list[Criterion]) -> dict[str, Decimal]:
    """The weights as they were typed, by key of the criterion."""
    return {one.key: _decimal(one.weight) for one in criteria}


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() and number >= 0 else Decimal(0)


def pairs_of(round_: Round) -> dict[str, str]:
    """The comparisons of pairs alone, without what else stands beside them: {"key:key": ratio}."""
    return {pair: ratio for pair, ratio in round_.judgements.items() if pair != ACCEPTED}


def comparison(round_: Round, criteria: list[Criterion]) -> Compared | None:
    """What the comparisons of pairs say; None until every pair was compared, and with more criteria than can be."""
    keys = [one.key for one in criteria]
    if len(keys) > MOST:
        return None
    pairs, judgements = pairs_of(round_), []
    for at, first in enumerate(keys):
        for second in keys[at + 1 :]:
            ratio = pairs.get(f"{first}:{second}")
            if ratio is None:
                return None
            judgements.append(Judgement(first, second, Fraction(ratio)))
    return compared(keys, judgements) if keys else None


def accepted_because(round_: Round) -> str:
    """Why comparisons that contradict one another too much count nevertheless; "" when nobody accepted them as they are."""
    return str(round_.judgements.get(ACCEPTED, ""))


def weights_of(round_: Round, criteria: list[Criterion]) -> dict[str, Decimal]:
    """The shares of the criteria that count now, adding up to 1.

    {} while all are zero, while pairs are missing, or while they contradict one another too much and nobody accepted that.
    """
    try:
        if round_.weighing == Round.Weighing.PAIRS:
            found = comparison(round_, criteria)
            return found.weights if found and (found.is_consistent or accepted_because(round_)) else {}
        return shares(typed_weights(criteria))
    except NoWeights:
        return {}


def scores_of(round_: Round) -> dict[int, dict[str, dict[int, Decimal]]]:
    """{key of a nomination: {criterion: {key of a sheet: score}}} of the sheets that count, in one query.

    Blind scores stay unseen, also for sums, until every scorer has finished.
    """
    sheets = round_.score_sheets.filter(withdrawn_at=None)
    if round_.scoring == Round.Scoring.BLIND:
        sheets = sheets.filter(scorer__isnull=False)
        if sheets.filter(finished_at=None).exists():
            return {}
    else:
        sheets = sheets.filter(scorer=None)
    rows = Score.objects.filter(sheet__in=sheets, withdrawn_at=None, value__isnull=False).order_by()
    found: dict[int, dict[str, dict[int, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for nomination, criterion, sheet, value in rows.values_list("nomination_id", "criterion__key", "sheet_id", "value"):
        found[nomination][criterion][sheet] = Decimal(value or 0)
    return found


@dataclass(frozen=True)
class Values:
    """The nominees of a round with mean scores, and what follows from them under the weights (keys of nominations as text)."""

    criteria: list[Criterion]
    weights: Mapping[str, Decimal]
    scores: dict[str, dict[str, Decimal]]

    @cached_property
    def incomplete(self) -> list[str]:
        """Nominees that lack a score under a criterion that counts."""
        return ranking.incomplete(self.scores, self.weights) if self.weights else list(self.scores)

    @cached_property
    def sums(self) -> dict[str, Decimal]:
        """The weighted sum of each complete nominee, 0 to 4."""
        return ranking.weighted_sums(self.scores, self.weights) if self.weights else {}

    @cached_property
    def closeness(self) -> dict[str, float]:
        """How close each complete nominee comes to the ideal (TOPSIS), 0 to 1."""
        return ranking.closeness(self.scores, self.weights) if self.weights else {}

    @cached_property
    def whole(self) -> dict[str, int]:
        """The weighted sums as whole numbers, which the search for the best set adds up exactly."""
        return {key: int((value * WHOLE).to_integral_value()) for key, value in self.sums.items()}


def values_of(round_: Round, weights: Mapping[str, Decimal] | None = None) -> Values:
    """The values of a round now, or under other weights: four queries, however many nominees."""
    criteria = scored_criteria(round_)
    given = scores_of(round_)
    keys = Nomination.objects.filter(round=round_, withdrawn_at=None).order_by("pk").values_list("pk", flat=True)
    scores = {
        str(key): {
            criterion: sum(values.values(), Decimal(0)) / len(values)
            for criterion, values in given.get(key, {}).items()
        }
        for key in keys
    }
    return Values(criteria, weights_of(round_, criteria) if weights is None else weights, scores)
