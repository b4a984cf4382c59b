"""A signing sheet without any row in the database: quick paper for tests that read it."""

from functools import cache

from praja.foundation.documents import qr
from praja.foundation.signing.paper import layout, sheet_process, sheets

CODE = "K7QM-3XPD"


@cache
def sheet_of(count=5, code=CODE, address="https://praja.example.go.id", version=1) -> bytes:
    """The sheet of a round with `count` signatories."""
    pages: dict[int, list] = {}
    for place in range(count):
        page, slot = place // layout.SLOTS_PER_PAGE + 1, place % layout.SLOTS_PER_PAGE
        row = {
            "number": f"{place + 1}.", "heading": "" if slot else "Penandatangan", "office": f"Kepala Dinas Uji {place}",
            "name": f"Pejabat {place}", "below": [], "note": "", "text": layout.text(slot), "box": layout.box(slot),
        }  # fmt: skip
        pages.setdefault(page, []).append(row)
    data = {
        "width": layout.WIDTH, "height": layout.HEIGHT, "margin": layout.MARGIN, "gap": layout.GAP,
        "rows_top": layout.ROWS_TOP, "codes": layout.CODES, "title": "Komitmen Bersama", "author": "Kabupaten Uji",
        "arms": "", "marks": [], "date": [2026, 11, 22], "moment": 1_795_000_000, "code": code, "facts": ["Edisi 1"],
        "sha256": ["0123abcd"] * 8, "place_and_date": "Uji, 22 November 2026", "address": address, "advice": [],
        "words": {"sheet": "Lembar tanda tangan", "box": "Tanda tangan", "check": "Periksa:"},
        "pages": [{"number": number, "words": f"Halaman {number}", "rows": rows} for number, rows in pages.items()],
    }  # fmt: skip
    codes = {
        f"qr-{page}-{side}": qr.picture(sheets.link(address, code, page, side, version))
        for page in pages
        for side in layout.CODES
    }
    return sheet_process.made({"data": data, "codes": codes, "arms": ""})
