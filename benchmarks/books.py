"""Makes books of about 200 and 300 pages and measures how long their PDF, Word and web page take, and to compare editions.

`python -m benchmarks.books` prints, of the larger one, medians of three runs and the memory of each, every run in
processes of its own; `python -m benchmarks.books FOLDER` also writes the three files there; `--redline` compares two editions.
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "praja.settings")

KINDS = {"pdf": "pdf", "word": "docx", "html": "html"}
TITLES = {"pdf": "PDF", "word": "Word", "html": "web page"}
DIMENSIONS = ("Governance", "Branding", "Economy", "Living", "Society", "Environment")
TOPICS = (
    "pendaftaran antrean puskesmas secara daring", "pemantauan stunting berbasis kader posyandu",
    "layanan izin usaha satu pintu sampai ke kecamatan", "pasar digital untuk produk UMKM dan koperasi",
    "pengangkutan sampah terjadwal dan bank sampah sekolah", "kelas malam bagi lulusan sekolah menengah",
    "peta desa wisata dengan pemandu setempat", "aduan warga yang dijawab dalam dua hari kerja",
)  # fmt: skip
AGENCIES = (
    "Dinas Kesehatan", "Dinas Pendidikan dan Kebudayaan", "Dinas Komunikasi dan Informatika", "Dinas Perhubungan",
    "Dinas Koperasi, Usaha Kecil dan Menengah", "Badan Perencanaan Pembangunan Daerah", "Dinas Lingkungan Hidup",
)  # fmt: skip
TABLES_PER_DIMENSION = 16
ROWS = 30


def book(tables_per_dimension=TABLES_PER_DIMENSION, tables_per_chart=6, rows_of_a_table=ROWS):
    """Return the document: six dimensions with tables of innovations and money, charts, facts and text."""
    from praja.foundation.documents import blocks as b
    from praja.foundation.ui import charts
    from praja.foundation.ui.formats import rupiah_short

    years = range(2026, 2031)
    innovations = [
        b.Column("No.", 0.5, "number"), b.Column("Inovasi", 4), b.Column("OPD pengampu", 2.5),
        b.Column("Indikator", 2), b.Column("Anggaran", 2, "rupiah"),
    ]  # fmt: skip
    money = [
        b.Column("Inovasi", 3),
        *(b.Column(str(year), 1.6, "rupiah") for year in years),
        b.Column("Jumlah", 1.8, "rupiah"),
    ]
    states = ("delivered", "partial", "none", "not_asked")
    parts: list = [
        b.Heading(1, "Ringkasan", "ringkasan"),
        b.Paragraph("Kabupaten Contoh menyusun rencana induk kota cerdas bersama 32 perangkat daerah.", "lead"),
        b.KeyFigures(
            [("96", "inovasi diterima"), ("30 dari 32", "OPD sudah menyampaikan"), ("Rp182,4 miliar", "lima tahun")]
        ),
        b.Paragraph("Naskah ini menghimpun permasalahan, inovasi, dan anggaran dari data yang diisi OPD. " * 12),
    ]

    def heat(title: str) -> b.Chart:
        cells = [
            [
                charts.HeatCell(states[(r * 5 + c * 3) % 4], "" if (r * 5 + c * 3) % 4 == 3 else f"{c}/{c + 2}")
                for c in range(6)
            ]
            for r in range(14)
        ]
        names = [AGENCIES[r % len(AGENCIES)] for r in range(14)]
        keys = [name.lower() for name in DIMENSIONS]
        svg = charts.heat_map(names, [f"Smart {name}" for name in DIMENSIONS], cells, title=title, column_keys=keys)
        return b.Chart(title, svg, alt=title, source="Data OPD", unit="inovasi diterima/diminta")

    parts += [heat("Tiga puluh OPD sudah menyampaikan inovasinya"), b.Heading(1, "Inovasi per dimensi")]
    for number, name in enumerate(DIMENSIONS, 1):
        parts.append(
            b.DimensionPage(
                name.lower(), number, f"Smart {name}", "Layanan yang dekat, terbuka, dan menjawab kebutuhan warga.",
                [("16", "inovasi"), ("9", "OPD"), ("Rp30,4 miliar", "2026–2030")],
            )
        )  # fmt: skip
        for table in range(tables_per_dimension):
            topic = TOPICS[(table + number) % len(TOPICS)]
            parts.append(b.Heading(3, f"{topic[0].upper()}{topic[1:]}"))
            parts.append(b.Paragraph(f"Inovasi {topic} menjawab masalah yang dicatat OPD pada tahun 2025. " * 6))
            if table % 2:
                amounts = [
                    [(row * 37 + year) % 90 * 12_500_000 + 5_000_000 for year in years]
                    for row in range(rows_of_a_table)
                ]
                rows = [[f"{topic} {row}", *of, sum(of)] for row, of in enumerate(amounts)]
                total = ["Jumlah", *(sum(row[column] for row in rows) for column in range(1, 7))]
                parts.append(
                    b.Table(
                        f"Anggaran {topic} menurut tahun",
                        money,
                        rows,
                        total,
                        source="DPA OPD 2026",
                        landscape=table == 7,
                    )
                )
            else:
                rows = [
                    [
                        row + 1,
                        f"{topic} tahap {row + 1}",
                        AGENCIES[row % 7],
                        "Warga terlayani dalam satu hari",
                        row * 12_500_000,
                    ]
                    for row in range(rows_of_a_table)
                ]
                parts.append(b.Table(f"Daftar inovasi {topic}", innovations, rows, source="Data OPD, 21 November 2026"))
            if table % tables_per_chart == 0:
                figures = [charts.Bar(str(year), [year % 7 * 3 + 2, year % 5 + 1, year % 3]) for year in years]
                svg = charts.bars(
                    figures, title=topic, series=["APBD", "APBN", "CSR"], write=lambda n: rupiah_short(n * 10**9)
                )
                parts.append(
                    b.Chart(f"Anggaran naik sejak 2027 untuk {topic}", svg, alt=topic, unit="rupiah", source="DPA")
                )
        parts.append(b.Facts([("OPD pengampu", "Dinas Kesehatan"), ("Sasaran", "Warga lanjut usia dan ibu hamil")]))
    parts += [heat("Kelengkapan menurut OPD"), b.Heading(1, "Penyelarasan"), b.Missing("Bab ini belum disusun.")]
    for count in range(3):
        parts.append(
            b.Table(
                f"Daftar sumber {count + 1}", [b.Column("Sumber", 3), b.Column("Tahun", 1, "year")], [["BPS", 2025]]
            )
        )
    return b.Document(
        "Rencana Induk Kota Cerdas", "Kabupaten Contoh", "regency", "2026–2030",
        datetime(2026, 11, 21, 3, 0, tzinfo=UTC), parts, subtitle="Buku 2: Inovasi yang menjawab permasalahan daerah",
        status_text="DRAF", is_demonstration=True, foot_note="Diskominfo Kabupaten Contoh",
    )  # fmt: skip


def measure_one(kind: str, size: str, folder: str = "") -> None:
    """Make the book's file once as the product does, in a child process; print seconds, CPU, megabytes at the peak, bytes.

    The seconds count from the document to its file: its JSON, the start of the child and the setting of the pages. The web
    page is made in this process, as the website makes it.
    """
    django.setup()
    from praja.foundation.documents import html
    from praja.foundation.documents.child import render_in_child

    document = BOOKS[size]()
    own = kind == "html"
    who = resource.RUSAGE_SELF if own else resource.RUSAGE_CHILDREN
    before = _cpu(who)
    start = time.perf_counter()
    content = html.render(document).encode() if own else render_in_child(document, kind)
    seconds, cpu = time.perf_counter() - start, _cpu(who) - before
    if folder:
        (Path(folder) / f"book.{KINDS[kind]}").write_bytes(content)
    print(seconds, cpu, resource.getrusage(who).ru_maxrss / 1024, len(content))


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def made_books(size: str, folder: str = "", runs: int = 3) -> dict[str, str]:
    """Each kind of the book of this size with the median of some runs in words; in `folder` the files stay."""
    found = {}
    for kind, title in TITLES.items():
        command = [sys.executable, "-m", "benchmarks.books", "--one", kind, size, *([folder] if folder else [])]
        printed = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(runs)]
        columns = zip(*(map(float, one.split()) for one in printed), strict=True)
        seconds, cpu, memory, length = map(statistics.median, columns)
        found[title] = f"{seconds:.2f} s ({cpu:.2f} s of CPU, {memory:.0f} MB at the peak, {length / 1e6:.1f} MB)"
    return found


def large_book():
    """Return a book of some 300 pages with 150 tables and 40 charts."""
    return book(tables_per_dimension=25, tables_per_chart=4, rows_of_a_table=20)


def edited(document):
    """Return the document as a year of work leaves it: parts gone and come, texts reworded, rows and amounts changed."""
    from praja.foundation.documents import blocks as b

    chance = random.Random(2026)
    parts = []
    for block in document.blocks:
        fate = chance.random()
        if fate < 0.02:
            continue
        part = block
        if fate < 0.5 and isinstance(block, b.Table):
            rows = [row for row in block.rows if chance.random() > 0.03]
            part = replace(block, rows=[_edited_row(row) if chance.random() < 0.1 else row for row in rows])
        elif fate < 0.5 and isinstance(block, b.Paragraph):
            part = replace(block, text=b.plain(block.text).replace("2025", "2026").replace("OPD", "perangkat daerah"))
        parts.append(part)
        if fate > 0.98:
            parts.append(b.Paragraph(f"Alinea baru pada edisi kedua, nomor {len(parts)}."))
    return replace(document, blocks=parts)


def _edited_row(row):
    return (*row[:-1], row[-1] + 1_000_000 if isinstance(row[-1], int) else f"{row[-1]} lagi")


def redline() -> None:
    """Compare two editions of the large book; print the seconds to compare, to show that as a page, and as a change table."""
    django.setup()
    from praja.foundation.documents.redline import compare
    from praja.foundation.documents.redline_blocks import redline_document
    from praja.foundation.documents.redline_html import redline_html

    old = large_book()
    new = edited(old)
    start = time.perf_counter()
    found = compare(old, new)
    compared = time.perf_counter()
    redline_html(found, beside=True)
    shown = time.perf_counter()
    redline_document(found, title="Tabel perubahan", made_at=new.made_at)
    print(compared - start, shown - compared, time.perf_counter() - shown)


def compared_editions(runs: int = 3) -> str:
    """The medians of some runs in words."""
    command = [sys.executable, "-m", "benchmarks.books", "--redline"]
    printed = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(runs)]
    compared, shown, table = map(statistics.median, zip(*(map(float, one.split()) for one in printed), strict=True))
    return f"{compared:.2f} s (as a page {shown:.2f} s more, as a table of changes {table:.2f} s more)"


BOOKS = {"200": book, "300": large_book}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure_one(*sys.argv[2:])
    elif sys.argv[1:2] == ["--redline"]:
        redline()
    else:
        for title, measured in made_books("300", *sys.argv[1:2]).items():
            print(f"book as {title}: {measured}")
        print(f"two editions compared: {compared_editions()}")
