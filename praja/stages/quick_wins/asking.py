"""The round under other weights and rules than its own, as an address says them; nothing of it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from praja.foundation.choosing.weights import NoWeights
from praja.foundation.sheets.values import ValueProblem, parse_money
from praja.foundation.ui.formats import decimal
from praja.stages.quick_wins.choice import Asked
from praja.stages.quick_wins.models import Round, SelectionRule
from praja.stages.quick_wins.question import nominees_of, question_of, rules_of, told_rules
from praja.stages.quick_wins.rules import LIMITS
from praja.stages.quick_wins.standing import weights_asked
from praja.stages.quick_wins.values import Values, values_of

Kind = SelectionRule.Kind
MOST = 10**15


@dataclass
class Knob:
    """A rule as it can be turned on the page: its limits as typed, and whether it is left aside."""

    row: SelectionRule
    words: str
    limits: list[dict[str, Any]]
    is_off: bool
    is_changed: bool


@dataclass
class Tried:
    """The round as it is asked, and as it would be."""

    own: Asked
    asked: Asked
    knobs: list[Knob]
    no_weights: bool
    is_tried: bool


def tried(round_: Round, data: Mapping[str, Any]) -> Tried:
    """The round under the sliders `w-<criterion>`, the limits `r-<rule>-<column>` and without the rules `tanpa`.

    What cannot be read stays as the round has it. About ten queries.
    """
    values, nominees = values_of(round_), nominees_of(round_)
    dimensions = list(round_.plan.dimension_set.dimensions.all())
    rows = rules_of(round_)
    own_told = told_rules(rows, nominees, dimensions)
    own = Asked(round_, nominees, values, own_told, question_of(values, nominees, own_told))
    no_weights = False
    try:
        weights = weights_asked(data, values.criteria)
    except NoWeights:
        weights, no_weights = {}, True
    off = set(data.getlist("tanpa")) if hasattr(data, "getlist") else set()
    knobs = [_knob(row, data, off, [one.words for one in own_told if one.row is row]) for row in rows]
    if weights is not None:
        values = Values(values.criteria, weights, values.scores)
    kept = [knob.row for knob in knobs if not knob.is_off]
    told = told_rules(kept, nominees, dimensions)
    asked = Asked(round_, nominees, values, told, question_of(values, nominees, told))
    is_tried = asked.fingerprint != own.fingerprint
    return Tried(own, asked, knobs, no_weights, is_tried)


def _knob(row: SelectionRule, data: Mapping[str, Any], off: set[str], words: list[str]) -> Knob:
    """A rule with its limits as the address says them; the row in memory takes them, the stored one does not."""
    limits, is_changed = [], False
    numbers = [name for name in LIMITS.get(row.kind, ()) if name in ("least", "most", "rupiah")]
    for name in numbers:
        stored = getattr(row, name)
        typed = str(data.get(f"r-{row.pk}-{name}", "")).replace("\0", "")[:40].strip()
        found = stored
        if typed and stored is not None:
            found = _limit(typed, stored)
        if found != stored:
            is_changed = True
            setattr(row, name, found)
        if stored is not None:
            limits.append({"name": f"r-{row.pk}-{name}", "column": name, "value": decimal(found), "stored": stored})
    if row.least is not None and row.most is not None and row.least > row.most:
        row.least = row.most  # an upper limit that is turned down takes the lower one along
    label = words[0] if len(words) == 1 else str(row.get_kind_display())
    return Knob(row, label, limits, str(row.pk) in off, is_changed)


def _limit(typed: str, stored: int) -> int:
    try:
        found = parse_money(typed)
    except ValueProblem:
        return stored
    return int(found) if found is not None and 0 <= found <= MOST else stored


def slider_lines(values: Values) -> list[dict[str, Any]]:
    """Each criterion with its share now and where its slider stands."""
    return [
        {
            "criterion": one,
            "share": f"{decimal((values.weights.get(one.key) or Decimal(0)) * 100, 1)}%",
            "slider": f"{(values.weights.get(one.key) or Decimal(0)) * 100:f}",
        }
        for one in values.criteria
    ]
