"""Codes of actions: the next free one, those taken, where each puts its action in lists, and how lists name an action."""

import re

from praja.foundation.plans.models import Plan, SubDimension
from praja.stages.roadmap.models import Action

PREFIXES = {  # the first letters of a code, by key of the dimension; others begin with those of their key
    "governance": "GOV",
    "branding": "BRA",
    "economy": "ECO",
    "living": "LIV",
    "society": "SOC",
    "environment": "ENV",
}
WITHOUT_DIMENSION = "RA"
LAST_PLACE = 32_000  # of actions without a sub-dimension, within what the column holds
_LAST_NUMBER = re.compile(r"[0-9]{1,6}(?=[^0-9]*$)")


def codes_taken(plan: Plan, *, but: int | None = None) -> set[str]:
    """The codes of the plan's actions in service, folded; without that of one of them."""
    taken = plan.actions.filter(withdrawn_at=None).exclude(code="").exclude(pk=but or 0).values_list("code", flat=True)
    return {code.casefold() for code in taken}


def proposed_code(plan: Plan, sub_dimension: SubDimension | None, taken: set[str] | None = None) -> str:
    """The next free code of a sub-dimension: "GOV-1.2" is the second action of the first sub-dimension of governance."""
    if sub_dimension is None:
        head = f"{WITHOUT_DIMENSION}-"
    else:
        key = sub_dimension.dimension.key
        head = f"{PREFIXES.get(key, key[:3].upper())}-{sub_dimension.order}."
    used = plan.actions.filter(code__startswith=head).values_list("code", flat=True)  # those withdrawn keep theirs
    every = {code.casefold() for code in used} | (taken or set())
    numbers = [int(end) for code in every if (end := code.removeprefix(head.casefold())).isdecimal() and len(end) < 6]
    return f"{head}{max(numbers, default=0) + 1}"


def place_of(code: str, sub_dimension: SubDimension | None) -> int:
    """Where an action stands in lists: by dimension, sub-dimension and the number at the end of its code; 1.10 after 1.9."""
    found = _LAST_NUMBER.search(code)
    number = min(int(found[0]), 99) if found else 99
    if sub_dimension is None:
        return LAST_PLACE
    return min((sub_dimension.dimension.order * 10 + min(sub_dimension.order, 9)) * 100 + number, LAST_PLACE)


def action_words(action: Action) -> str:
    """An action by code and title, as lists of choices name it."""
    return f"{action.code} {action.title}".strip()
