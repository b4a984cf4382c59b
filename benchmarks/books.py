"""Makes a book of about 200 pages with 100 tables and 20 charts and measures how long its PDF, Word and web page take.

`python -m benchmarks.books` prints medians of three runs and the memory of each, every run in a process of its own;
`python -m benchmarks.books FOLDER` also writes the three files there.
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


def measure_one(kind: str, folder: str = "") -> None:
    """Make the book once in this process and print seconds, CPU seconds, megabytes of memory at the peak, and bytes."""
    django.setup()
    from importlib import import_module

    document = book()
    renderer = import_module(f"praja.foundation.documents.{kind}")
    start, before = time.perf_counter(), time.process_time()
    made = renderer.render(document)
    seconds, cpu = time.perf_counter() - start, time.process_time() - before
    content = made if isinstance(made, bytes) else made.encode()
    if folder:
        (Path(folder) / f"book.{KINDS[kind]}").write_bytes(content)
    print(seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(content))


def made_books(folder: str = "", runs: int = 3) -> dict[str, str]:
    """Each kind with the median of some runs in words; in `folder` the files stay."""
    found = {}
    for kind, title in TITLES.items():
        command = [sys.executable, "-m", "benchmarks.books", "--one", kind, *([folder] if folder else [])]
        printed = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(runs)]
        columns = zip(*(map(float, one.split()) for one in printed), strict=True)
        seconds, cpu, memory, size = map(statistics.median, columns)
        found[title] = f"{seconds:.2f} s ({cpu:.2f} s of CPU, {memory:.0f} MB at the peak, {size / 1e6:.1f} MB)"
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


def redline_seconds():
    """Return the seconds it takes to compare two editions of a large book, to show that as a page, and as a change table."""
    django.setup()
    from praja.foundation.documents.redline import compare
    from praja.foundation.documents.redline_blocks import redline_document
    from praja.foundation.documents.redline_html import redline_html

    old = large_book()
    new = edited(old)
    start = time.perf_counter()
    redline = compare(old, new)
    compared = time.perf_counter()
    redline_html(redline, beside=True)
    shown = time.perf_counter()
    redline_document(redline, title="Tabel perubahan", made_at=new.made_at)
    return compared - start, shown - compared, time.perf_counter() - shown


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure_one(*sys.argv[2:])
    else:
        for title, measured in made_books(*sys.argv[1:2]).items():
            print(f"book as {title}: {measured}")
