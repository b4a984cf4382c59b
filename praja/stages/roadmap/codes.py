"""Official budget codes: how one is written, where it stands in the lists that were loaded, and what has taken its place."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Literal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.stages.roadmap.models import Action, BudgetCode, BudgetCodeList

Level = BudgetCode.Level
LONGEST = 40  # characters, as the columns that hold a code
HOPS = 5  # a code may have been replaced by one that was replaced itself; a circle ends here

_PARTS = re.compile(
    r"(?P<affair>[0-9X])"
    r"(?:\.(?P<field>[0-9]{2}|XX)"
    r"(?:\.(?P<programme>[0-9]{2})"
    r"(?:\.(?P<activity>[0-9]\.[0-9]{1,2})"
    r"(?:\.(?P<sub_activity>[0-9]{2,4}))?)?)?)?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T].*)?")
_HALF_ACTIVITY = re.compile(r"[0-9X]\.(?:[0-9]{2}|XX)\.[0-9]{2}\.[0-9]")


@dataclass(frozen=True)
class Code:
    """A code as it is written officially: "1.02.02.2.01.0001" is a sub-activity; "X.XX.01" stands for any field."""

    text: str
    level: BudgetCode.Level
    parent: str  # the code one level up, "" above an affair

    @property
    def is_general(self) -> bool:
        """Whether it stands for every field of government, as the supporting programmes do (X.XX)."""
        return self.text.startswith("X")

    def __str__(self) -> str:
        return self.text


# --- how a code is written --------------------------------------------------------------------------------------------


def parse(text: str) -> Code | str:
    """The code that the text writes, else a sentence that says what to mend.

    Blanks around points, a point at the end and small letters are forgiven; a lost zero is not, for 1.1 and 1.10 differ.
    """
    shown = " ".join(text.split())
    shown = shown if len(shown) <= 60 else shown[:59] + "…"
    if not shown:
        return _("Write a code, for example 1.02.02.2.01.0001.")
    if _DATE.fullmatch(shown):
        return _("“%(text)s” was stored as a date. Format the column as text and type the code again.") % {
            "text": shown
        }
    compact = re.sub(r"\s*\.\s*", ".", text.strip()).strip(". ").upper()
    if _HALF_ACTIVITY.fullmatch(compact):
        return _(
            "“%(text)s” ends in the middle of an activity. Write its two numbers, for example 1.02.02.2.01, or stop at the programme."
        ) % {"text": shown}
    found = _PARTS.fullmatch(compact)
    if found is None or (found["field"] is not None and (found["affair"] == "X") != (found["field"] == "XX")):
        return _(
            "“%(text)s” is not a code of the nomenclature. Write its numbers with points, and two digits for field and programme, for example 1.02.02.2.01.0001."
        ) % {"text": shown}
    return _code(compact, found)


def _code(text: str, found: re.Match[str]) -> Code:
    """The code with its level, by the deepest part that is there."""
    name = next(name for name in reversed(list(_PARTS.groupindex)) if found[name] is not None)
    level = Level(name)
    last = f".{found[name]}" if level is not Level.AFFAIR else text
    return Code(text, level, text.removesuffix(last))


def split(text: str) -> tuple[str, str]:
    """Code and words of a cell that holds both, "2.16.03.2.02.09 Pengembangan ..."; ("", text) without a code."""
    text = text.strip()
    if found := re.match(r"[0-9Xx](?:\.[0-9Xx]{1,4})*(?=[\s:–-]|$)", text):
        return found[0], text[found.end() :].strip(" \t:–-")
    return "", text


def ancestors(code: str) -> list[str]:
    """The codes above a well-formed one, the nearest first."""
    above = []
    found = parse(code)
    while isinstance(found, Code) and found.parent:
        above.append(found.parent)
        found = parse(found.parent)
    return above


def in_general(code: str) -> str:
    """The same code with X.XX for its field: "1.02.01.2.06" is "X.XX.01.2.06"."""
    parts = code.split(".", 2)
    return f"X.XX.{parts[2]}" if len(parts) == 3 else code


# --- the lists that were loaded ---------------------------------------------------------------------------------------


def current_list() -> BudgetCodeList | None:
    """The list in force; None before an administrator has loaded one."""
    return BudgetCodeList.objects.filter(is_current=True, withdrawn_at=None).first()


def found_in(codes: QuerySet[BudgetCode], text: str) -> QuerySet[BudgetCode]:
    """The codes that begin as the text, or whose names hold each of its words."""
    text = " ".join(text.split())
    if re.fullmatch(r"[0-9Xx](?:\.[0-9Xx]*)*", text):
        return codes.filter(code__startswith=text.upper())
    words = text.split()[:8]
    return codes.filter(reduce(and_, (Q(title__icontains=word) for word in words))) if words else codes


@dataclass(frozen=True)
class Standing:
    """Where a typed code stands: in the list in force, replaced by another, unknown to it, badly written, or no list.

    `title`: its official name, where a list has it; `problem`: the sentence about a badly written code.
    """

    code: str
    state: Literal["current", "replaced", "unknown", "wrong", "no_list"]
    title: str = ""
    replacement: str = ""
    replacement_title: str = ""
    problem: str = ""

    @property
    def is_outdated(self) -> bool:
        """Whether a newer code is waiting to be taken."""
        return self.state == "replaced"

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody should mend something."""
        return self.state in ("replaced", "unknown", "wrong")


def standings(texts: Iterable[str]) -> dict[str, Standing]:
    """{typed text: where it stands}, blank ones left out; a handful of queries, however many there are."""
    parsed = {text: parse(text) for text in texts if text.strip()}
    if not parsed:
        return {}
    codes = {code.text for code in parsed.values() if isinstance(code, Code)}
    current = current_list()
    names = _names(current, codes)
    replaced = _replacements(current, codes - names.keys()) if current else {}
    new_names = _names(current, set(replaced.values()))
    old_names = _old_names(current, codes - names.keys()) if current else {}
    found = {}
    for text, code in parsed.items():
        if isinstance(code, str):
            found[text] = Standing(text, "wrong", problem=code)
        elif current is None:
            found[text] = Standing(code.text, "no_list")
        elif code.text in names:
            found[text] = Standing(code.text, "current", names[code.text])
        elif new := replaced.get(code.text):
            found[text] = Standing(code.text, "replaced", old_names.get(code.text, ""), new, new_names.get(new, ""))
        else:
            found[text] = Standing(code.text, "unknown", old_names.get(code.text, ""))
    return found


def standing_of(text: str) -> Standing | None:
    """Where one typed code stands; None for a blank."""
    return standings([text]).get(text)


def _names(current: BudgetCodeList | None, codes: Iterable[str]) -> dict[str, str]:
    """{code: name} of the list in force. A code of one field has the name of the general one where only that is listed."""
    if current is None or not codes:
        return {}
    general = {code: in_general(code) for code in codes}
    rows = current.codes.filter(code__in={*codes, *general.values()}).values_list("code", "title")
    names = dict(rows)
    return {
        code: names.get(code, names.get(general[code], "")) for code in codes if code in names or general[code] in names
    }


def _replacements(current: BudgetCodeList, codes: set[str]) -> dict[str, str]:
    """{old code: the one of the list in force that has taken its place}, followed over several changes."""
    last = dict.fromkeys(codes, "")
    waiting: Mapping[str, set[str]] = {code: {code} for code in codes}  # where a chain has come to -> its beginnings
    for _hop in range(HOPS):
        if not waiting:
            break
        steps = dict(
            BudgetCode.objects.filter(code__in=list(waiting), list__withdrawn_at=None)
            .exclude(replaced_by="")
            .exclude(list=current)
            .order_by("list")
            .values_list("code", "replaced_by")
        )
        onward: dict[str, set[str]] = {}
        for code, new in steps.items():
            onward.setdefault(new, set()).update(waiting[code])
        there = set(current.codes.filter(code__in=list(onward)).values_list("code", flat=True))
        for new in there:
            last |= dict.fromkeys(onward[new], new)
        waiting = {new: begun for new, begun in onward.items() if new not in there}
    return {old: new for old, new in last.items() if new}


def _old_names(current: BudgetCodeList, codes: set[str]) -> dict[str, str]:
    """{code: its name in an earlier list}, the latest that names it."""
    rows = BudgetCode.objects.filter(code__in=codes, list__withdrawn_at=None).exclude(list=current).exclude(title="")
    return dict(rows.order_by("list").values_list("code", "title"))


# --- taking one ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_code(action: Action, code: Code, *, version: int, by: Any) -> bool:
    """Write the code into the action; False when somebody changed the action since it was read."""
    before = action.budget_code
    if before == code.text:
        return True
    try:
        update_if_unchanged(action, {"budget_code": code.text}, by=by, version=version)
    except TooLate:
        return False
    record("change code", action, by=by, before={"budget_code": before}, after={"budget_code": code.text})
    return True
