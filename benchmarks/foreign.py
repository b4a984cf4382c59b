"""A sheet as another office would send it: titles and order of its own, 10,000 rows."""

import random
from pathlib import Path

from benchmarks.country import AGENCIES, SEED, sentences

ROWS = 10_000
HEADER = (
    "No",
    "Nama Inovasi",
    "Dimensi",
    "Perangkat Daerah",
    "Jenis (IT/Non IT)",
    "Ringkasan",
    "Tujuan",
    "Manfaat",
    "Tahun",
)
DIMENSIONS = (
    "Smart Governance", "Smart Branding", "Smart Economy", "Smart Living", "Smart Society", "Smart Environment",
)  # fmt: skip


def write(path: Path, rows: int = ROWS) -> None:
    """Write the sheet as XLSX."""
    import xlsxwriter

    chance = random.Random(SEED + 1)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Usulan")
        sheet.write_row(0, 0, HEADER)
        for number in range(1, rows + 1):
            sheet.write_row(
                number,
                0,
                (
                    number,
                    f"{sentences(chance, 4)[:-1]} lembar {number}",
                    chance.choice(DIMENSIONS),
                    chance.choice(AGENCIES),
                    chance.choice(("IT", "Non IT")),
                    sentences(chance, 25),
                    sentences(chance, 15),
                    sentences(chance, 15),
                    2026,
                ),
            )
