"""The linter of books: it finds every wrong number and leaves right ones, years, articles and codes alone."""

import pytest

from praja.foundation.documents.blocks import DimensionPage, Heading, PageBreak, Table
from praja.foundation.plans.models import BudgetLine
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.contents.composing import compiled
from praja.stages.masterplan.contents.material import Material
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.outlines.books import book_of
from praja.stages.masterplan.outlines.outline import outline_of
from praja.stages.masterplan.texts.figures import figures_of
from praja.stages.masterplan.texts.linter import Checker, check_book, without_lead, without_source
from praja.stages.masterplan.texts.number_words import value_of
from praja.stages.problems.models import Problem

MILLION = 10**6


@pytest.fixture
def filled(country):
    """24 innovations: 14 living (5 IT, 9 not), 6 economy (IT), 4 governance not IT; 7 problems; Rp3.750.000.000."""
    country.regency.population, country.regency.area_km2 = 1_234_567, "3074.070"
    country.regency.save()
    rows = [("living", True, 5), ("living", False, 9), ("economy", True, 6), ("governance", False, 4)]
    for dimension, is_it, number in rows:
        for place in range(number):
            one = Innovation.objects.create(
                plan=country.plan,
                organisation=country.health if dimension == "living" else country.transport,
                dimension=country.dimension(dimension),
                is_it=is_it,
                title=f"{dimension} {is_it} {place}",
                state="accepted",
            )
            if dimension != "governance":
                year, source = (2026, "apbd_region") if is_it else (2027, "apbn")
                BudgetLine.objects.create(
                    innovation=one,
                    year=year,
                    source=source,
                    amount_rupiah=(150 if is_it else 233) * MILLION + 3 * MILLION,
                )
    for place in range(7):
        Problem.objects.create(
            plan=country.plan,
            organisation=country.health,
            dimension=country.dimension("living" if place < 5 else "economy"),
            title=f"Masalah {place}",
            state="accepted",
        )
    return country


@pytest.fixture
def checker(filled):
    return Checker(figures_of(filled.plan))


RIGHT = [
    "Masterplan ini memuat 24 inovasi.",
    "Masterplan ini memuat 24 (dua puluh empat) inovasi dari 2 perangkat daerah.",
    "Jumlah inovasi adalah 24, tersebar pada 6 dimensi.",
    "Terdapat 14 inovasi pada dimensi Smart Living dan 6 inovasi pada dimensi Smart Economy.",
    "Pada dimensi Smart Governance terdapat 4 inovasi.",
    "Sebanyak 13 inovasi non-TI dan 11 inovasi berbasis TI diusulkan.",
    "Dinas Kesehatan mengusulkan 14 inovasi, Dishub 10 inovasi.",
    "Kebutuhan anggaran sebesar Rp3,81 miliar, yaitu Rp1,68 miliar dari APBD dan Rp2,12 miliar dari APBN.",
    "Anggaran tahun 2026 sebesar Rp1.683.000.000.",
    "Total pendanaan mencapai sekitar Rp4 miliar.",
    "Penduduk Kabupaten Uji berjumlah 1.234.567 jiwa; luas wilayah 3.074,07 km².",
    "Lebih dari 20 inovasi disiapkan.",
    "Dua puluh empat inovasi disusun bersama.",
    "Terdapat 7 permasalahan, 5 permasalahan di antaranya pada dimensi Smart Living.",
]
NO_FIGURES = [
    "Undang-Undang Nomor 23 Tahun 2014, Pasal 12 ayat 3, dan Perpres 95 inovasi.",
    "Pada tahun 2026 inovasi dimulai; periode 2026–2035.",
    "Tanggal 17 Agustus 2026 inovasi diluncurkan pukul 10.30.",
    "Kode GOV-96 inovasi layanan, kode 1.02.02.2.01 program, 050 inovasi.",
    "Bab 3 inovasi daerah, Tabel 12 inovasi, Gambar 7 anggaran.",
    "Sebanyak 3 inovasi unggulan dan 2 inovasi prioritas dipilih.",
    "Setiap perangkat daerah mengusulkan minimal 2 inovasi.",
    "Sebanyak 1.250 pelanggan dan 45 sekolah dilayani; 12,5 persen warga.",
    "Sebanyak 2.400 penduduk di Kecamatan Cibuluh dan 3 inovasi di Desa Sukamaju.",
    "Aplikasi itu memerlukan anggaran sebesar Rp50 juta dan menjangkau 300 penerima manfaat.",
    "Inovasi ini menjangkau 300 kepala keluarga dengan biaya langganan Rp50.000 per bulan.",
]


@pytest.mark.once
@pytest.mark.parametrize("text", RIGHT + NO_FIGURES)
def test_right_numbers_and_what_is_no_figure_raise_no_alarm(checker, text):
    assert checker.alarms(text) == []


# Each sentence once for each wrong number; the number in braces is the one that is wrong.
WRONG = {
    "Masterplan ini memuat {} inovasi.": ("23", "25", "240", "96", "1.024"),
    "Masterplan ini memuat {} inovasi yang diusulkan oleh perangkat daerah.": ("26", "97"),
    "Jumlah inovasi seluruhnya adalah {}.": ("20", "42"),
    "Jumlah inovasi pada dimensi Smart Living sebanyak {}.": ("13", "41", "24"),
    "Pada dimensi Smart Economy terdapat {} inovasi.": ("5", "14", "24"),
    "Terdapat 14 inovasi pada dimensi Smart Living dan {} inovasi pada dimensi Smart Economy.": ("4", "16"),
    "Sebanyak {} inovasi non-TI disiapkan.": ("12", "31", "24"),
    "Terdapat {} inovasi berbasis teknologi informasi.": ("13", "12"),
    "Dinas Kesehatan mengusulkan {} inovasi.": ("24", "15"),
    "Dishub mengampu {} inovasi.": ("9", "14"),
    "Kabupaten Uji berpenduduk {} jiwa.": ("1.234.576", "1.324.567", "234.567"),
    "Jumlah penduduk tercatat {}.": ("1.200.000", "12.345"),
    "Luas wilayah {} km².": ("3.704,07", "307,4"),
    "Kebutuhan anggaran sebesar {}.": ("Rp3,18 miliar", "Rp3,9 miliar", "Rp381 juta", "Rp38 miliar"),
    "Anggaran tahun 2026 sebesar {}.": ("Rp1,86 miliar", "Rp2,12 miliar", "Rp3,81 miliar"),
    "Pagu yang bersumber dari APBN sebesar {}.": ("Rp1,68 miliar", "Rp2,2 miliar"),
    "Total pendanaan mencapai sekitar {}.": ("Rp5 miliar",),
    "Terdapat {} permasalahan.": ("6", "8", "17"),
    "Terdapat {} permasalahan pada dimensi Smart Living.": ("7", "4"),
    "Inovasi tersebar pada {} dimensi.": ("5", "7"),
    "Masterplan disusun oleh {} perangkat daerah.": ("3", "34"),
    "{} inovasi disusun bersama.": ("Dua puluh lima", "Sembilan puluh enam"),
    "Lebih dari {} inovasi disiapkan.": ("40",),
}
INJECTED = [(text, number) for text, numbers in WRONG.items() for number in numbers]


@pytest.mark.once
@pytest.mark.parametrize(("text", "number"), INJECTED)
def test_every_injected_wrong_number_is_found(checker, text, number):
    found = checker.alarms(text.format(number))
    assert [alarm.said for alarm in found] == [number] or (number[0].isupper() and len(found) == 1)


def test_fifty_wrong_numbers_in_one_book_are_all_found_with_their_places(filled):
    assert len(INJECTED) >= 50
    content = [{"is": "paragraph", "text": [{"text": text.format(number)}]} for text, number in INJECTED[:50]]
    content += [{"is": "paragraph", "text": [{"text": text}]} for text in RIGHT + NO_FIGURES]
    Narrative.objects.create(plan=filled.plan, book="masterplan", key="background", content=content)
    outline = outline_of(filled.plan, book_of(filled.plan))
    numbers = [one for one in check_book(filled.plan, outline) if one.kind == "number"]
    assert len(numbers) == 50
    assert all("/uraian/background/" in one.write_url and one.quote for one in numbers)


def test_a_broken_reference_an_empty_chapter_and_a_lonely_table_are_found(filled):
    table = {"is": "table", "caption": "Tabel sepi", "rows": [["a"], ["1"]]}
    content = [table, {"is": "paragraph", "text": [{"data": "inovasi-dimensi-hilang"}]}]
    Narrative.objects.create(plan=filled.plan, book="analysis", key="background", content=content)
    findings = check_book(filled.plan, outline_of(filled.plan, book_of(filled.plan, "analysis")))
    found = {(one.kind, one.place.split(" ")[0]) for one in findings}
    assert {("reference", "1.1"), ("table", "1.1"), ("figure", "1.1")} <= found
    assert any(one.kind == "empty" for one in findings)


@pytest.mark.parametrize("key", ["analysis", "masterplan", "summary", "implementation_long"])
def test_what_praja_compiles_has_its_sources_and_opens_no_part_with_a_table(filled, key):
    outline = outline_of(filled.plan, book_of(filled.plan, key))
    material = Material(filled.plan)
    for part in outline.walk():
        blocks = compiled(outline, part, material)
        assert not without_source([block for block in blocks if not isinstance(block, Table)]), (
            part.key
        )  # rows of Praja
        opening = [block for block in blocks if not isinstance(block, Heading | DimensionPage | PageBreak)][:1]
        assert not without_lead(opening), part.key


def test_only_chapters_without_text_are_compiled_for_the_check(filled, monkeypatch):
    outline = outline_of(filled.plan, book_of(filled.plan))
    for part in outline.chapters:
        Narrative.objects.create(
            plan=filled.plan, book="masterplan", key=part.key, content=[{"is": "paragraph", "text": [{"text": "Isi."}]}]
        )
    monkeypatch.setattr("praja.stages.masterplan.contents.composing.compiled", None)
    assert check_book(filled.plan, outline) == []


def test_a_number_from_data_is_right_by_itself(filled):
    content = [{"is": "paragraph", "text": [{"data": "jumlah-inovasi"}, {"text": " inovasi dan 24 inovasi"}]}]
    Narrative.objects.create(plan=filled.plan, book="masterplan", key="background", content=content)
    findings = check_book(filled.plan, outline_of(filled.plan, book_of(filled.plan)))
    assert not [one for one in findings if one.kind in ("number", "reference")]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("sembilan puluh enam", 96),
        ("seratus dua belas", 112),
        ("dua ribu dua puluh enam", 2026),
        ("tiga juta", 3 * MILLION),
    ],
)
def test_numbers_in_words_are_understood(words, number):
    assert value_of(words) == number
