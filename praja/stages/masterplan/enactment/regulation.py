"""The draft regulation that enacts a masterplan (Rancangan Perkada): its articles, and the paper with the book as annex."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import Document, Line, Regulation
from praja.foundation.documents.editions import opened
from praja.foundation.places.models import Region
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan.actions import book_document
from praja.stages.masterplan.models import Enactment

Kind = Enactment.Kind
FILE_KEY = "regulation"  # the name under which drafts are kept beside the files of the books
OFFICES = {Region.Kind.PROVINCE: "Gubernur", Region.Kind.CITY: "Wali Kota"}  # everywhere else "Bupati"
# Which forms a region of each kind can choose; the by-law and the decree are open to all.
OWN_FORMS = {Region.Kind.PROVINCE: Kind.GOVERNOR, Region.Kind.CITY: Kind.MAYOR}
UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
# Marks in front of a line of an article, from the outermost one inwards: (1), a., 1., a), 1).
MARKS = tuple(re.compile(rf"({mark})\s+(.*)") for mark in (r"\(\d+\)", r"[a-z]\.", r"\d+\.", r"[a-z]\)", r"\d+\)"))
TO_FILL = "…"


@cache
def _template() -> dict[str, Any]:
    return tomllib.loads((settings.PACKAGE / "data" / "books" / "regulation.toml").read_text(encoding="utf-8"))


def forms_for(plan: Plan) -> list[str]:
    """The legal forms that the region of a plan has: a regency no regulation of a mayor."""
    region = plan.government.region
    return [OWN_FORMS.get(Region.Kind(region.kind), Kind.REGENT) if region else Kind.REGENT, Kind.BYLAW, Kind.DECREE]


def words_of(enactment: Enactment) -> dict[str, str]:
    """What is filled into the wording: region, head, regulation, title, years, edition and gazette."""
    plan = enactment.plan
    place = plan.government.region
    region = place.name if place else plan.government.name
    office = _office(enactment)
    kind = Kind(enactment.kind)
    years = f"{plan.year_from} sampai dengan {plan.year_to}" if plan.years else "yang ditetapkan di dalamnya"
    edition = enactment.edition
    return {
        "region": region,
        "office": office,
        "head": f"{office} {bare(region)}",
        "regulation": {Kind.BYLAW: "Peraturan Daerah", Kind.DECREE: f"Keputusan {office}"}.get(
            kind, f"Peraturan {office}"
        ),
        "of": region if kind == Kind.BYLAW else bare(region),
        "gazette": f"{'Lembaran' if kind == Kind.BYLAW else 'Berita'} Daerah {region}",
        "title": enactment.title,
        "years": years,
        "edition": f"naskah ke-{edition.number} dengan sidik digital (SHA-256) {edition.sha256}"
        if edition
        else "naskah Masterplan",
    }


def _office(enactment: Enactment) -> str:
    """What the head of the region is called: by the form where that names an office, else by the kind of region."""
    named = {Kind.REGENT: "Bupati", Kind.MAYOR: "Wali Kota", Kind.GOVERNOR: "Gubernur"}.get(Kind(enactment.kind))
    region = enactment.plan.government.region
    return named or OFFICES.get(Region.Kind(region.kind) if region else Region.Kind.REGENCY, "Bupati")


def bare(region: str) -> str:
    """The name of a region without its kind: "Kabupaten Contoh" is "Contoh"."""
    for kind in ("Kabupaten ", "Kota ", "Provinsi "):
        region = region.removeprefix(kind)
    return region


def filled(text: str, words: dict[str, str]) -> str:
    """The text with its {words}; braces that name nothing stay as they are."""
    return re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), text)


def articles_of(enactment: Enactment) -> list[dict[str, str]]:
    """The articles as the region words them, else those of the template: [{"chapter": ..., "text": ...}, ...]."""
    words = words_of(enactment)
    proposed = _template()["point" if enactment.kind == Kind.DECREE else "article"]
    stored: list[dict[str, str]] = enactment.articles or proposed
    return [{"chapter": one.get("chapter", ""), "text": filled(one["text"], words)} for one in stored]


def draft_document(enactment: Enactment) -> Regulation:
    """The draft regulation with the masterplan book as annex: of the edition where one is named, else as it reads now.

    Raises Refused with sentences when the edition is not what was frozen.
    """
    annex = _annex(enactment)
    words = words_of(enactment)
    title = f"{words['regulation']} tentang {enactment.title}"
    values = {one.name: getattr(annex, one.name) for one in fields(Document)}
    return Regulation(**values | {"lines": list(_lines(enactment, words)), "foot_note": title[:200]})


def _annex(enactment: Enactment) -> Document:
    if enactment.edition is None:
        return book_document(enactment.plan)
    document, problems = opened(enactment.edition)
    if document is None or problems:
        raise Refused([_("The edition in the annex is not what was frozen. Look at its page.")])
    return document


def _lines(enactment: Enactment, words: dict[str, str]) -> Iterator[Line]:
    """Yield the regulation line by line, from its head to the head of its annex."""
    is_decree = enactment.kind == Kind.DECREE
    number, year = enactment.number or TO_FILL, str(enactment.year or TO_FILL)
    name = f"{words['regulation']} {words['of']}".upper()
    yield Line("heading", "RANCANGAN")
    yield from _head(enactment, words, f"{name}\nNOMOR {number} TAHUN {year}\nTENTANG\n{enactment.title.upper()}")
    letters = "abcdefghijklmnopqrstuvwxyz"
    yield from _clauses("Menimbang", _template()["considering"], [f"{letter}." for letter in letters], words)
    recalled = _template()["recalling"]
    yield from _clauses("Mengingat", recalled, [f"{place}." for place in range(1, len(recalled) + 1)], words)
    yield from _decision(enactment, words)
    yield from _points(enactment) if is_decree else _articles(enactment)
    yield from _signatures(words, year, is_decree=is_decree)
    yield Line("annex", f"LAMPIRAN\n{name}\nNOMOR {number} TAHUN {year}\nTENTANG\n{enactment.title.upper()}")


def _head(enactment: Enactment, words: dict[str, str], named: str) -> Iterator[Line]:
    """Yield who makes the regulation, its name, and the words that open it."""
    place = enactment.plan.government.region
    above = [words["head"]]
    if place and place.parent:
        above.append(f"Provinsi {bare(place.parent.name)}")
    yield Line("heading", "\n".join(above).upper())
    yield Line("heading", named)
    if enactment.kind != Kind.DECREE:
        yield Line("heading", "DENGAN RAHMAT TUHAN YANG MAHA ESA")
    yield Line("heading", f"{words['head'].upper()},")


def _clauses(label: str, texts: list[str], marks: list[str], words: dict[str, str]) -> Iterator[Line]:
    for place, (mark, text) in enumerate(zip(marks, texts, strict=False)):
        yield Line("clause", f"{filled(text, words)};", label=label if place == 0 else "", mark=mark)


def _decision(enactment: Enactment, words: dict[str, str]) -> Iterator[Line]:
    """Yield who decides what; a by-law is made together with the regional parliament."""
    if enactment.kind == Kind.BYLAW:
        parliament = f"DEWAN PERWAKILAN RAKYAT DAERAH {words['region'].upper()}"
        yield Line("heading", f"Dengan Persetujuan Bersama\n{parliament}\ndan\n{words['head'].upper()}")
    yield Line("heading", "MEMUTUSKAN:")
    yield Line("clause", f"{words['regulation']} tentang {enactment.title}.".upper(), label="Menetapkan")


def _articles(enactment: Enactment) -> Iterator[Line]:
    chapter, count = "", 0
    for place, article in enumerate(articles_of(enactment), start=1):
        if article["chapter"] and article["chapter"] != chapter:
            chapter, count = article["chapter"], count + 1
            yield Line("chapter", f"BAB {roman(count)}\n{chapter.upper()}")
        yield Line("article", f"Pasal {place}")
        yield from _paragraphs(article["text"])


def _paragraphs(text: str) -> Iterator[Line]:
    """Yield the lines of an article; a mark that was not open yet stands one step further in than the last one."""
    is_open: list[int] = []  # the kinds of marks that are open, from the outermost one
    for line in filter(str.strip, text.splitlines()):
        kind, found = next(
            ((place, match) for place, form in enumerate(MARKS) if (match := form.fullmatch(line.strip()))), (-1, None)
        )
        if found is None:
            yield Line("text", line.strip())
            continue
        if kind in is_open:
            del is_open[is_open.index(kind) + 1 :]
        else:
            is_open.append(kind)
        yield Line("text", found[2], mark=found[1], depth=len(is_open) - 1)


def _points(enactment: Enactment) -> Iterator[Line]:
    """Yield the points of a decree: KESATU, KEDUA, ..."""
    for place, article in enumerate(articles_of(enactment), start=1):
        yield Line("clause", article["text"], label=ordinal(place))


def _signatures(words: dict[str, str], year: str, *, is_decree: bool) -> Iterator[Line]:
    """Yield where the head of region signs, and, but for decrees, where the regional secretary promulgates."""
    yield Line("signing", f"Ditetapkan di {TO_FILL}\npada tanggal {TO_FILL}\n{words['head'].upper()},")
    yield Line("signing", f"\n\n\n({TO_FILL})")
    if is_decree:
        return
    secretary = f"SEKRETARIS DAERAH {words['region'].upper()},\n\n\n\n({TO_FILL})"
    yield Line("left", f"Diundangkan di {TO_FILL}\npada tanggal {TO_FILL}\n{secretary}")
    yield Line("text", f"{words['gazette'].upper()} TAHUN {year} NOMOR {TO_FILL}")


def roman(number: int) -> str:
    """A number up to 99 as chapters bear it."""
    tens = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")[number // 10]
    return tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]


def ordinal(number: int) -> str:
    """A number up to 99 as the points of a decree bear it: KESATU, KEDUA, KEDUA BELAS, KEDUA PULUH SATU."""
    if number < len(UNITS):
        words = UNITS[number]
    elif number < 20:
        words = f"{UNITS[number - 10]} belas"
    else:
        words = f"{UNITS[number // 10]} puluh {UNITS[number % 10]}".strip()
    return f"ke{words}".upper()
