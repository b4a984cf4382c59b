"""Small documents for the tests: one with a block of each kind, and pieces to build others from."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from praja.foundation.documents import blocks as b
from praja.foundation.ui import charts

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63d85e290f0003"
    "3a01508c1eaeb70000000049454e44ae426082"
)
CHART = charts.bars([charts.Bar("2026", [3, 2]), charts.Bar("2027", [5, 1])], title="Anggaran", series=["APBD", "CSR"])
COLUMNS = (b.Column("Inovasi", 3), b.Column("OPD", 2), b.Column("Anggaran", 2, "rupiah"))


def document(*blocks: b.AnyBlock, **changes) -> b.Document:
    """Return a document with these blocks."""
    values = {
        "title": "Rencana Induk Kota Cerdas", "region_name": "Kabupaten Contoh", "region_kind": "regency",
        "year": "2026–2030", "made_at": datetime(2026, 11, 21, 3, 0, tzinfo=UTC), "blocks": blocks,
    }  # fmt: skip
    return b.Document(**(values | changes))


def table(rows: int = 3, caption: str = "Daftar inovasi", **changes) -> b.Table:
    """Return a table with `rows` rows of an innovation, an agency and an amount."""
    content = [(f"Inovasi nomor {number}", "Dinas Kesehatan", number * 1_250_000) for number in range(1, rows + 1)]
    return b.Table(caption, COLUMNS, content, **changes)


def full() -> b.Document:
    """Return a document with a block of every kind."""
    return document(
        b.Heading(1, "Ringkasan", "ringkasan"),
        b.Paragraph("Pembuka bab ini.", "lead"),
        b.KeyFigures([("96", "inovasi diterima"), ("30 dari 32", "OPD sudah menyampaikan")]),
        b.Paragraph([b.Run("Isi dengan "), b.Run("tebal", bold=True), b.Run(" dan miring", italic=True)]),
        b.Bullets(["Butir satu", "Butir dua"]),
        b.Heading(1, "Inovasi"),
        b.DimensionPage("living", 4, "Smart Living", "Layanan yang dekat.", [("16", "inovasi")]),
        b.Heading(3, "Kesehatan"),
        table(total=("Jumlah", None, 7_500_000), source="Data OPD 2026", unit="rupiah", key="daftar-inovasi"),
        b.Chart("Anggaran naik", CHART, "Batang anggaran per tahun", source="DPA", data=table(2), key="anggaran"),
        b.Facts([("Pengampu", "Dinas Kesehatan"), ("Sasaran", "Ibu hamil")]),
        table(4, "Tabel melebar", landscape=True),
        b.PageBreak(),
        b.Heading(1, "Penyelarasan", numbered=False),
        b.Missing("Bab ini belum disusun.", ["Visi belum ditetapkan"]),
        b.Table("Tanpa baris", COLUMNS, [], empty_text="Belum ada inovasi."),
        b.Table("Angka", [b.Column("Nilai", 1, "number"), b.Column("Tahun", 1, "year")], [(Decimal("12.50"), 2026)]),
        status_text="DRAF", is_demonstration=True, subtitle="Buku 2", foot_note="Diskominfo", arms=PIXEL,
    )  # fmt: skip


def written() -> b.Document:
    """Return a document with what people write: links, footnotes, numbered lists, a quote and a picture."""
    return document(
        b.Heading(1, "Tulisan"),
        b.Paragraph(
            [
                b.Run("Lihat "),
                b.Run("peraturannya", link="https://go.id/a?b=1&c=2"),
                b.Run(" ini.", note="Pasal 3 <b>"),
            ],
            key="alinea-satu",
        ),
        b.Bullets(["Satu", [b.Run("Dua", bold=True, note="Catatan kedua")]], ordered=True),
        b.Paragraph("Selang."),
        b.Bullets(["Kembali ke satu"], ordered=True),
        b.Bullets(
            ["Hulu", "Hilir", [b.Run("Muara", italic=True)], "Pesisir"],
            deeper=((0, False), (1, True), (1, True), (2, False)),
        ),
        b.Paragraph("Kota cerdas dimulai dari warga.", "quote"),
        b.Picture("Loket pelayanan", PIXEL, "Dua orang di depan loket", source="Dokumentasi 2026", share=0.3),
        edition="Edisi 2",
    )


def deck(*blocks: b.AnyBlock, **changes) -> b.Deck:
    """Return slides with these blocks."""
    values = {
        "title": "Paparan Bupati", "region_name": "Kabupaten Contoh", "region_kind": "regency", "year": "2026–2030",
        "made_at": datetime(2026, 11, 21, 3, 0, tzinfo=UTC), "blocks": blocks, "arms": PIXEL, "status_text": "DRAF",
    }  # fmt: skip
    return b.Deck(**(values | changes))


def letters(text: str) -> str:
    """Return a text without white space and break marks, as a printed page is compared."""
    return re.sub("[\\s\u200b\u00ad]", "", text)
