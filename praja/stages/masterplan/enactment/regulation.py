"""The draft regulation that enacts a masterplan (Rancangan Perkada): its articles, and the paper with the book as annex."""

import tomllib
from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import AnyBlock, Bullets, Document, Heading, Paragraph
from praja.foundation.documents.editions import document_of
from praja.stages.masterplan.actions import book_document
from praja.stages.masterplan.models import Enactment

KINDS = {
    Enactment.Kind.REGENT: "Peraturan Bupati",
    Enactment.Kind.MAYOR: "Peraturan Wali Kota",
    Enactment.Kind.GOVERNOR: "Peraturan Gubernur",
    Enactment.Kind.BYLAW: "Peraturan Daerah",
    Enactment.Kind.DECREE: "Keputusan Kepala Daerah",
}
HEADS = {
    Enactment.Kind.REGENT: "Bupati",
    Enactment.Kind.MAYOR: "Wali Kota",
    Enactment.Kind.GOVERNOR: "Gubernur",
}


@cache
def _template() -> dict[str, Any]:
    return tomllib.loads((settings.PACKAGE / "data" / "books" / "regulation.toml").read_text(encoding="utf-8"))


def words_of(enactment: Enactment) -> dict[str, str]:
    """What is filled into the wording: region, head, regulation, title, years and edition."""
    plan = enactment.plan
    region = plan.government.region.name if plan.government.region else plan.government.name
    kind = Enactment.Kind(enactment.kind)
    years = f"{plan.year_from} sampai dengan {plan.year_to}" if plan.years else "yang ditetapkan di dalamnya"
    edition = enactment.edition
    return {
        "region": region,
        "regulation": KINDS[kind],
        "head": f"{HEADS.get(kind, 'Kepala Daerah')} {bare(region)}",
        "title": enactment.title,
        "years": years,
        "edition": f"naskah ke-{edition.number} dengan sidik SHA-256 {edition.sha256}"
        if edition
        else "naskah Masterplan",
    }


def bare(region: str) -> str:
    """The name of a region without its kind: "Kabupaten Contoh" is "Contoh"."""
    for kind in ("Kabupaten ", "Kota ", "Provinsi "):
        region = region.removeprefix(kind)
    return region


def filled(text: str, words: dict[str, str]) -> str:
    """The text with its {words}; braces that name nothing stay as they are."""
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return text


def articles_of(enactment: Enactment) -> list[dict[str, str]]:
    """The articles as the region words them, else those of the template: [{"chapter": ..., "text": ...}, ...]."""
    words = words_of(enactment)
    stored: list[dict[str, str]] = enactment.articles or _template()["article"]
    return [{"chapter": one["chapter"], "text": filled(one["text"], words)} for one in stored]


def draft_document(enactment: Enactment) -> Document:
    """The draft regulation with the masterplan book as annex: of the edition where one is named, else as it reads now."""
    annex = document_of(enactment.edition) if enactment.edition else book_document(enactment.plan)
    words = words_of(enactment)
    number = enactment.number or "…"
    year = str(enactment.year or "…")
    blocks: list[AnyBlock] = [
        Heading(1, f"Rancangan {words['regulation']}", key="rancangan", numbered=False),
        Paragraph(
            f"{words['regulation']} {bare(words['region'])} Nomor {number} Tahun {year}\ntentang\n{enactment.title}",
            "lead",
        ),
        Paragraph(f"Dengan rahmat Tuhan Yang Maha Esa\n{words['head']},"),
        Heading(3, "Menimbang", numbered=False),
        Bullets(
            [
                f"{letter}. {filled(text, words)};"
                for letter, text in zip("abcdefgh", _template()["considering"], strict=False)
            ]
        ),
        Heading(3, "Mengingat", numbered=False),
        Bullets([f"{place}. {text};" for place, text in enumerate(_template()["recalling"], start=1)]),
        Paragraph(f"Memutuskan:\nMenetapkan: {words['regulation']} tentang {enactment.title}."),
    ]
    chapter = ""
    romans = iter(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"))
    for place, article in enumerate(articles_of(enactment), start=1):
        if article["chapter"] and article["chapter"] != chapter:
            chapter = article["chapter"]
            blocks.append(Heading(2, f"Bab {next(romans, '')} {chapter}", numbered=False))
        blocks.append(Heading(3, f"Pasal {place}", key=f"pasal-{place}", numbered=False))
        blocks.append(Paragraph(article["text"]))
    blocks.append(Paragraph(f"Ditetapkan di …\npada tanggal …\n{words['head']},\n\n\n…"))
    blocks.append(Paragraph(_("Everything after this page is the annex, made from data."), "note"))
    title = f"{words['regulation']} tentang {enactment.title}"
    return replace(
        annex,
        title=title[:200],
        subtitle=_("Draft regulation"),
        status_text=_("DRAFT REGULATION"),
        blocks=(*blocks, *annex.blocks),
    )
