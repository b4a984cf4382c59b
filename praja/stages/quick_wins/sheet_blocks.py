"""The decision sheet as a paper (telaahan): made from exactly the stored texts, with places for dispositions until it is decided."""

import datetime
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.accounts.models import Position
from praja.foundation.documents.blocks import (
    AnyBlock,
    Bullets,
    Column,
    Facts,
    Heading,
    Letter,
    PageBreak,
    Paragraph,
    Signature,
    Table,
)
from praja.foundation.documents.outline import summary
from praja.foundation.files import contents
from praja.foundation.files.models import StoredFile
from praja.foundation.ui.formats import decimal, long_date, rupiah, short_date
from praja.stages.quick_wins.models import DecisionSheet, SheetStep
from praja.stages.quick_wins.offices import ORDER, Office, Standing
from praja.stages.quick_wins.sheet import LANGUAGE, Frozen, digest, points

LONGEST = 500  # characters of a free text on the paper; the whole stands in the sheet
DOTS = "." * 40  # what is written by hand
ROOM = "\n\n\n"  # for a disposition by hand
Verdict = SheetStep.Verdict


class ContentChanged(Exception):
    """What is stored is not what was frozen or decided: a hash does not fit."""


def letter_of(sheet: DecisionSheet) -> Letter:
    """The paper of the stored texts; the same texts give the same paper. Raises ContentChanged, FileNotFoundError."""
    if digest(sheet.content) != sheet.sha256 or (
        sheet.decision_sha256 and digest(sheet.content, sheet.decision) != sheet.decision_sha256
    ):
        raise ContentChanged(sheet.number)
    frozen = Frozen.of(sheet)
    if not sheet.decision_sha256:
        frozen = Frozen(frozen.content, {})  # what is entered from a paper is no decision yet
    about = frozen.content["about"]
    day = datetime.date.fromisoformat(frozen.decision.get("day", about["day"]))
    with translation.override(LANGUAGE):
        return Letter(
            title=_("Decision sheet on the quick wins"),
            subtitle=f"{frozen.content['round']['title']} · {frozen.content['plan']}",
            region_name=frozen.content["region"],
            region_kind="",
            year=str(frozen.content["round"]["year"]),
            made_at=datetime.datetime.combine(day, datetime.time(12), tzinfo=sheet.round.plan.time_zone),
            status_text="" if frozen.decision else _("Not decided yet"),
            is_demonstration=is_demonstration(),
            language=LANGUAGE,
            arms=_arms(frozen.content["arms"]),
            letterhead=[frozen.content["government"], frozen.content["plan"]],
            number=about["number"],
            code=about["code"],
            link=about["link"],
            blocks=sheet_blocks(frozen),
        )


def _arms(sha256: str) -> bytes | None:
    """The coat of arms with this hash, while the storage has it and papers can carry it."""
    stored = (
        StoredFile.objects.filter(sha256=sha256, kind__in=(contents.PNG, contents.JPEG)).first() if sha256 else None
    )
    if stored is None:
        return None
    with stored.open() as file:
        content: bytes = file.read()
    return content


def sheet_blocks(frozen: Frozen) -> list[AnyBlock]:
    """Everything below the letterhead; call it under the language of the paper."""
    content, about = frozen.content, frozen.content["about"]
    submitted = Standing(about["title"], about["person"], about["acting"], about["decree"])
    round_ = content["round"]
    period = f"{_day(round_['starts_on'])} – {_day(round_['ends_on'])}"
    facts = [
        (_("Subject"), _("Quick wins of %(region)s, %(period)s") % {"region": content["region"], "period": period}),
        (_("Submitted by"), f"{submitted.person}, {submitted.title_in_full}"),
        (_("Submitted on"), _day(about["day"])),
    ]
    if about["remark"]:
        facts.append((_("Remark"), about["remark"]))
    decision = decision_blocks(frozen) if frozen.decision else []
    return [
        Facts(facts),
        *decision,
        Heading(2, _("What is put forward"), numbered=False),
        *set_blocks(frozen),
        Heading(2, _("How it was found"), numbered=False),
        *reason_blocks(frozen),
        *dialogue_blocks(frozen),
        *_opinion_blocks(frozen),
        *([] if frozen.decision else _disposition_blocks()),
        score_table(frozen),
    ]


def set_blocks(frozen: Frozen) -> list[AnyBlock]:
    """The set that was put forward: a table, what is proven about it, the rules it breaks, why it was chosen."""
    put = frozen.content["set"]
    found: list[AnyBlock] = [_set_table(frozen, frozen.chosen, _("Quick wins that are put forward"))]
    best = frozen.content["best"]
    if put["is_best"] and best["bound"] <= best["value"]:
        found.append(Paragraph(_("It is proven that no other set that keeps all rules is worth more.")))
    elif put["is_best"]:
        gap = decimal(Decimal(best["bound"] - best["value"]) * 100 / max(best["value"], 1), 2)
        found.append(Paragraph(_("It is the best set that was found; another one could be worth at most %(gap)s%% more.") % {"gap": gap}))  # fmt: skip
    else:
        found.append(Paragraph(_("The set was chosen by hand.")))
        if put["loss"] is not None:
            found.append(Paragraph(_("It is worth %(loss)s less than the best set.") % {"loss": _points(put["loss"])}))
    if put["broken"]:
        found += [
            Paragraph(_("It breaks these rules:")),
            Bullets([frozen.words.get(key, key) for key in put["broken"]]),
        ]
    if put["reason"]:
        found.append(Paragraph(_("Reason: %(reason)s") % {"reason": put["reason"]}))
    return found


def _set_table(frozen: Frozen, keys: Collection[str], caption: str) -> Table:
    rows = [
        (
            number,
            "\n".join(filter(None, (one["title"], summary(one["done"], LONGEST)))),
            "\n".join(filter(None, (one["dimension"], one["agency"] or _("no agency yet"), one["responsible"]))),
            "\n".join(filter(None, (one["money_now"], _until(one)))),
            _points(frozen.value(one["key"])),
            frozen.money([one["key"]]),
        )
        for number, one in enumerate(frozen.in_order(keys), start=1)
    ]
    columns = [
        Column(_("No."), 0.5, "number"), Column(_("Quick win"), 3), Column(_("Dimension and agency"), 2.2),
        Column(_("Money now, done in"), 1.8), Column(_("Value"), 0.9, align="right"), Column(_("Money"), 1.7, "rupiah"),
    ]  # fmt: skip
    total = (None, _("Total"), None, None, _points(frozen.question.value_of(keys)), frozen.money(keys))
    return Table(caption, columns, rows, total=total)


def _until(one: Mapping[str, Any]) -> str:
    return short_date(datetime.date.fromisoformat(one["finishes_on"])) if one["finishes_on"] else ""


def reason_blocks(frozen: Frozen) -> list[AnyBlock]:
    """How the set was found: criteria with weights, rules, the next best sets, scoring, checks."""
    content = frozen.content
    found: list[AnyBlock] = [
        Paragraph(f"{content['round']['scoring']}. {content['round']['weighing']}."),
        Table(
            _("Criteria and their weights"),
            [Column(_("Sign"), 0.6), Column(_("Criterion"), 4), Column(_("Weight"), 1, align="right")],
            [
                (_sign(number), one["name"], decimal(Decimal(one["weight"]) * 100, 2) + " %")
                for number, one in enumerate(content["criteria"], start=1)
            ],
        ),
        Table(
            _("Rules of the region"),
            [Column(_("Rule"), 5), Column(_("In this set"), 1.4)],
            [(one["words"], _kept(frozen, one["key"])) for one in content["rules"]],
            empty_text=_("None."),
        ),
    ]
    others = [one for one in _others(frozen) if frozenset(one["chosen"]) != frozen.chosen]
    if others:
        found.append(
            Table(
                _("Next best sets"),
                [Column(_("Leaves"), 3), Column(_("Comes"), 3), Column(_("Value"), 1, align="right")],
                [
                    (
                        _titles(frozen, frozen.chosen - set(one["chosen"])),
                        _titles(frozen, set(one["chosen"]) - frozen.chosen),
                        _points(one["value"]),
                    )
                    for one in others
                ],
            )
        )
    sheets = [(one["by"], _day(one["held_on"]), summary(one["minutes"], LONGEST), _recusals(frozen, one)) for one in content["scoring"]]  # fmt: skip
    if sheets:
        columns = [
            Column(_("Scored by"), 2),
            Column(_("Date"), 1.2),
            Column(_("Minutes"), 3),
            Column(_("Stepped back"), 2),
        ]
        found.append(Table(_("How it was scored"), columns, sheets))
    if checks := [(one["name"], one["hint"], one["result"]) for one in content["checks"]]:
        columns = [Column(_("Check"), 1.5), Column(_("Question"), 3), Column(_("Answer"), 2)]
        found.append(Table(_("Checks and figures of the round"), columns, checks))
    return found


def _sign(number: int) -> str:
    """How the columns of the scores name a criterion, whose name would not fit there: "K3"."""
    return f"K{number}"


def _kept(frozen: Frozen, key: str) -> str:
    """How the set that was put forward stands to a rule."""
    put = frozen.content["set"]
    if key in put["broken"]:
        return _("broken")
    if put["is_best"] and (cost := frozen.content["worth"].get(key)):
        return _("kept; without it the best set were worth %(cost)s more") % {"cost": _points(cost)}
    return _("at its limit") if key in put["tight"] else _("kept")


def _others(frozen: Frozen) -> list[dict[str, Any]]:
    best = frozen.content["best"]
    return ([best] if best else []) + list(frozen.content["next"])


def _recusals(frozen: Frozen, one: Mapping[str, Any]) -> str:
    return "\n".join(
        f"{frozen.nominees.get(str(each['nomination']), {}).get('title', '')}: {each['who']}"
        for each in one["recusals"]
    )


def _titles(frozen: Frozen, keys: Collection[str]) -> str:
    return "\n".join(one["title"] for one in frozen.in_order(keys))


def dialogue_blocks(frozen: Frozen) -> list[AnyBlock]:
    """The dialogues about what was put forward or decided, below a heading of their own."""
    rows = [
        (
            one["title"],
            "\n".join(filter(None, (_day(talk["held_on"]), talk["where"]))),
            talk["people"],
            "\n".join(
                filter(None, (summary(talk["outcome"], LONGEST), *(proof["title"] for proof in talk["minutes"])))
            ),
        )
        for one in frozen.in_order(frozen.chosen | frozen.decided)
        for talk in one["dialogues"]
    ]
    columns = [Column(_("Quick win"), 2.4), Column(_("When and where"), 2), Column(_("People"), 0.9, "number"), Column(_("What was said, minutes"), 3)]  # fmt: skip
    empty = _("No dialogue with residents was recorded for this set.")
    return [
        Heading(2, _("Support of residents"), numbered=False),
        Table(_("Dialogues"), columns, rows, empty_text=empty),
    ]


def _opinion_blocks(frozen: Frozen) -> list[AnyBlock]:
    way = [(frozen.content["about"]["number"], one) for one in frozen.decision.get("way", [])]
    way = [(earlier["number"], one) for earlier in frozen.content["earlier"] for one in earlier["said"]] + way
    if not way:
        return []
    rows = [
        (
            f"{one['office_words']}\n({number})"
            if number != frozen.content["about"]["number"]
            else one["office_words"],
            f"{one['person']}\n{_title(one)}" + ("\n" + one["decree"] if one["decree"] else ""),
            _day(one["at"][:10]) + ("\n" + _("on paper") if one["on_paper"] else ""),
            f"{one['verdict_words']}" + (f": {one['remark']}" if one["remark"] else ""),
        )
        for number, one in way
    ]
    columns = [Column(_("Office"), 1.8), Column(_("Who"), 2.2), Column(_("Date"), 1.3), Column(_("What was said"), 3)]
    return [Heading(2, _("What the offices said"), numbered=False), Table(_("Way of the sheet"), columns, rows)]


def _title(one: Mapping[str, Any]) -> str:
    return Standing(one["title"], one["person"], one["acting"]).title_in_full


def _disposition_blocks() -> list[AnyBlock]:
    """Room for the word of each office, and for the decision of the head of region, by hand."""
    rows = [(str(Office(office).label), ROOM, "") for office in (*ORDER[:2], Office.MENTOR, *ORDER[2:4])]
    columns = [Column(_("Office"), 2), Column(_("Disposition"), 4), Column(_("Name, date, signature"), 2.6)]
    box = "[   ]"
    swap = _("leaves %(dots)s  comes %(dots)s") % {"dots": DOTS}
    return [
        PageBreak(),  # what is written by hand stands together
        Heading(2, _("Dispositions"), numbered=False),
        Table(_("Dispositions on the way"), columns, rows),
        Heading(2, _("Decision of the head of region"), numbered=False),
        Paragraph(f"{box}  {_('Accepted as submitted')}"),
        Paragraph(f"{box}  {_('Accepted with a swap')}: {swap}"),
        Paragraph(f"{box}  {_('Sent back')}"),
        Paragraph(_("Reason: %(reason)s") % {"reason": DOTS * 2}),
        Signature(f"{DOTS[:24]}, {DOTS[:24]}", [_("Head of region"), ""], DOTS),
    ]


def decision_blocks(frozen: Frozen) -> list[AnyBlock]:
    """What was decided, by whom and when, below a heading; with a swap what it costs and the set that stands."""
    decision = frozen.decision
    head = Standing(decision["title"], decision["person"], decision["acting"], decision["decree"])
    facts = [
        (_("Decision"), str(Verdict(decision["verdict"]).label)),
        (_("Decided by"), f"{head.person}, {head.title_in_full}"),
        (_("Acting status"), _acting(head)),
        (_("Decided on"), _day(decision["day"])),
    ]
    if decision["reason"]:
        facts.append((_("Reason"), decision["reason"]))
    if paper := decision["paper"]:
        facts.append((_("On paper"), _("entered by %(first)s, confirmed by %(second)s") % {"first": paper["entered_by"], "second": paper["confirmed_by"]}))  # fmt: skip
    found: list[AnyBlock] = [Heading(2, _("Decision of the head of region"), numbered=False), Facts(facts)]
    if decision["swaps"]:
        rows = [
            (frozen.nominees[one["out"]]["title"], frozen.nominees[one["into"]]["title"]) for one in decision["swaps"]
        ]
        found.append(Table(_("Swaps"), [Column(_("Leaves")), Column(_("Comes"))], rows))
        found.append(Facts(cost_facts(frozen, decision["cost"])))
        found.append(_set_table(frozen, frozen.decided, _("Quick wins that were decided")))
    return found


def _acting(head: Standing) -> str:
    label = str(Position.Acting(head.acting).label)
    return f"{label} ({head.decree})" if head.decree else label


def cost_facts(frozen: Frozen, cost: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a swap costs, in words: value, money and rules."""
    share = decimal(Decimal(cost["loss"]) * 100 / max(frozen.question.value_of(frozen.chosen), 1), 2)
    value = _("%(loss)s less (%(share)s%%)") if cost["loss"] >= 0 else _("%(gain)s more")
    difference = cost["money_after"] - cost["money_before"]
    money = f"{rupiah(cost['money_before'])} → {rupiah(cost['money_after'])} ({'+' if difference > 0 else ''}{rupiah(difference)})"
    rules = "; ".join(frozen.words.get(key, key) for key in cost["broken"])
    return [
        (_("Value"), value % {"loss": _points(cost["loss"]), "gain": _points(-cost["loss"]), "share": share}),
        (_("Money"), money),
        (_("Rules that it breaks"), rules or _("none")),
    ]


def score_table(frozen: Frozen) -> Table:
    """Every nominee with its scores, the best first, on a page across."""
    numbered = enumerate(frozen.content["criteria"], start=1)
    criteria = [(_sign(number), one["key"]) for number, one in numbered if Decimal(one["weight"])]
    ranked = sorted(
        frozen.nominees.values(), key=lambda one: (one["place"] is None, one["place"] or 0, int(one["key"]))
    )
    rows = [
        (
            one["place"],
            one["title"] + (" *" if one["key"] in frozen.decided else ""),
            one["dimension"],
            *(_score(one["scores"].get(key)) for _sign_of, key in criteria),
            _points(frozen.value(one["key"])),
            decimal(Decimal(one["closeness"]), 3) if one["closeness"] else None,
        )
        for one in ranked
    ]
    columns = [
        Column(pgettext("ranking", "Place"), 0.7, "number"), Column(_("Nominee"), 4.4), Column(_("Dimension"), 2),
        *(Column(sign, 0.7, align="right") for sign, _key in criteria),
        Column(_("Value"), 1, align="right"), Column("TOPSIS", 1, align="right"),
    ]  # fmt: skip
    caption = _("Scores of all nominees (* in the set)")
    return Table(caption, columns, rows, landscape=True, empty_text=_("No nominee."))


def _score(score: str | None) -> str | None:
    return None if score is None else decimal(Decimal(score), None if Decimal(score) == int(Decimal(score)) else 2)


def _points(value: int | None) -> str:
    found = points(value)
    return "–" if found is None else decimal(found, 4)


def _day(text: str) -> str:
    return long_date(datetime.date.fromisoformat(text)) if text else "–"
