"""Reading scans and photos of a signing sheet, however they were made, and refusing what is none."""

import io
import struct
import zlib
from contextlib import suppress
from functools import cache

import numpy as np
import pytest
import segno
from PIL import Image

from praja.foundation.signing.paper import layout, scan_process, scans
from praja.foundation.signing.tests.scanning import (
    corners_on,
    covered,
    jpeg,
    page_of,
    pdf_of,
    photographed,
    scanned,
    signed,
)
from praja.foundation.signing.tests.typesetting import CODE, sheet_of

HERE = ((CODE, 1),)
PHOTO = (1200, 1600)  # enough for what is tested; a telephone makes far more
BLANK = Image.new("RGB", (620, 877), "white")


@pytest.fixture(autouse=True)
def at_once(request, monkeypatch):
    """Read in this very process and with small pictures, but for what is hostile: a process each costs half of a test."""
    if "content" in request.fixturenames or "fill_the_memory" in request.node.name:
        return
    monkeypatch.setattr(scans, "_asked", lambda content, wanted: scan_process.answer(wanted, content))
    monkeypatch.setattr(scans, "PAGE_WIDTH", 1200)


@cache
def paper():
    """The first page of a sheet, signed in its third box."""
    return signed(page_of(sheet_of(7)), 2)


def read(picture):
    """What is read in a picture that comes as JPEG."""
    return scans.read(jpeg(picture))


def ink_in(picture, slot, **more):
    """The share of coloured pixels in the middle of a box as it is cut out; of a whole row its box stands on the right."""
    cut = Image.open(io.BytesIO(scans.box_picture(picture, slot, **more))).convert("RGB")
    width, height = cut.size
    left, top, right, bottom = (0.65, 0.4, 0.83, 0.6) if more else (0.25, 0.25, 0.75, 0.75)
    middle = np.asarray(cut.crop((int(left * width), int(top * height), int(right * width), int(bottom * height))), int)
    return float((middle.max(axis=2) - middle.min(axis=2) > 40).mean())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_read_and_turned_upright(turn):
    page = read(scanned(paper(), turn=turn))
    assert (page.sheets, page.sides, page.turns) == (HERE, "ab", turn // 90)


@pytest.mark.parametrize(
    "make",
    [
        lambda: scanned(paper(), turn=180),
        lambda: scanned(paper(), turn=3, noise=30),
        lambda: scanned(paper(), turn=93),
        lambda: scanned(covered(paper(), "a"), turn=-3),
        lambda: covered(paper(), "b"),
        lambda: photographed(paper(), turn=188, lean=0.08, shadow=0.6, size=PHOTO),
        lambda: photographed(paper(), turn=-5, lean=0.05, light=0.25, noise=6, size=PHOTO),
        lambda: photographed(covered(paper(), "b"), turn=-8, lean=0.06, size=PHOTO),
    ],
    ids=["upside down", "tilted and noisy", "on its side", "stamp on a", "stamp on b", "shadow", "dark", "leaning, one code"],
)  # fmt: skip
def test_boxes_are_cut_out_upright(make):
    page = read(make())
    assert page.sheets == HERE
    assert ink_in(page.picture, 2) > 0.01
    assert ink_in(page.picture, 1) < 0.002  # the empty one above


def test_two_codes_tell_how_a_photo_leans():
    lie = {"turn": 8, "lean": 0.1}
    page = read(photographed(paper(), size=PHOTO, **lie))
    found = np.array(page.corners) * np.array(PHOTO)
    assert np.abs(found - corners_on(PHOTO, **lie)).max() < 6  # pixels: 2 mm of the paper


def test_small_and_large_scans_are_read_and_say_the_version_of_the_sheet():
    small, large = read(page_of(sheet_of(1), dots=75)), read(page_of(sheet_of(1, version=12), dots=400))
    assert small.sheets == large.sheets == HERE
    assert (small.version, large.version) == (1, 12)


@pytest.mark.parametrize("turns", [1, 2])
def test_with_both_codes_covered_a_page_is_cut_as_whoever_saw_it_says_it_lies(turns):
    picture = scanned(covered(paper(), "a", "b"), turn=90 * turns)
    page = read(picture)
    assert (page.sheets, page.corners, page.turns) == ((), [], 0)
    assert page.ratio == pytest.approx(picture.width / picture.height, abs=0.001)
    ink = [ink_in(page.picture, slot, turns=turns, by_hand=True) for slot in (0, 2)]
    assert ink[0] < 0.002
    assert ink[1] > 0.004
    upright = Image.open(io.BytesIO(scans.upright(page.picture, turns)))
    assert upright.width < upright.height


def test_with_both_codes_covered_the_paper_is_cut_out_of_the_desk():
    page = read(photographed(covered(paper(), "a", "b"), turn=4, lean=0.05, size=PHOTO))
    assert page.ratio == pytest.approx(layout.WIDTH / layout.HEIGHT, abs=0.08)
    assert ink_in(page.picture, 0, by_hand=True) < 0.002
    assert ink_in(page.picture, 2, by_hand=True) > 0.004


def test_where_it_is_not_clear_what_is_paper_no_box_is_cut_out():
    desk = Image.new("RGB", (600, 800), (60, 50, 40))
    for sheet in ((60, 60, 260, 330), (340, 460, 540, 740)):
        desk.paste("white", sheet)
    assert scans.corners_by_hand(read(desk).ratio, 0) == []


@pytest.mark.parametrize(
    ("ratio", "turns", "corners"),
    [
        (0.707, 0, [(0, 0), (1, 0), (1, 1), (0, 1)]),
        (0.75, 2, [(1, 1), (0, 1), (0, 0), (1, 0)]),
        (1.414, 1, [(1, 0), (1, 1), (0, 1), (0, 0)]),
        (0.707, 1, []),
        (1.414, 0, []),
        (0.3, 0, []),
        (0, 0, []),
    ],
)
def test_the_corners_of_a_page_placed_by_hand_are_those_of_the_picture_where_it_has_the_shape(ratio, turns, corners):
    assert scans.corners_by_hand(ratio, turns) == corners


def test_a_page_of_another_document_tells_nothing():
    assert read(BLANK).sheets == ()


@pytest.mark.parametrize(
    "text", ["https://example.com/menu", "https://jahat.example/v/", "/v/K7QM-3XPD/?h=0&s=a", "s=a"]
)
def test_a_foreign_code_is_told_and_places_nothing(text):
    made = io.BytesIO()
    segno.make(text).save(made, kind="png", scale=6, border=4)
    picture = BLANK.copy()
    picture.paste(Image.open(made).convert("RGB"), (200, 200))
    page = read(picture)
    assert (page.sheets, page.foreign, page.corners) == ((), (text,), [])


def test_two_sheets_in_one_photo_are_both_told_and_none_is_placed():
    both = Image.new("RGB", (2 * paper().width, paper().height), "grey")
    both.paste(paper(), (0, 0))
    both.paste(page_of(sheet_of(7), 2), (paper().width, 0))
    page = read(both)
    assert page.sheets == ((CODE, 1), (CODE, 2))
    assert page.corners == []


def test_each_page_of_a_pdf_is_read():
    content = pdf_of(page_of(sheet_of(7), 2), scanned(paper(), turn=180))
    assert scans.count(content) == 2
    assert [scans.read(content, number).sheets for number in (1, 2)] == [((CODE, 2),), HERE]


def test_a_phone_picture_turned_by_its_own_note_is_read():
    made, notes = io.BytesIO(), Image.Exif()
    notes[0x0112] = 6  # shown turned by a quarter
    scanned(paper(), turn=270).save(made, "JPEG", exif=notes)
    page = scans.read(made.getvalue())
    assert (page.sheets, page.turns) == (HERE, 0)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\nnothing", b"\xff\xd8\xff\xe0 not a picture", b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 40],
    ids=["PDF", "JPEG", "empty", "PNG"],
)
def test_what_cannot_be_drawn_is_refused(content):
    with pytest.raises(scans.ScanNotRead):
        scans.read(content)


def test_a_picture_that_would_fill_the_memory_ends_in_its_own_process():
    with pytest.raises(scans.ScanNotRead):
        scans.read(bomb(60_000))


def test_a_pdf_whose_picture_would_fill_the_memory_ends_in_its_own_process():
    side = 20_000
    packed = zlib.compress(b"\0" * (side * side // 8), 9)  # an eighth of what it says
    image = b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (side, side, len(packed), packed)  # fmt: skip
    drawn = b"q 595 0 0 842 0 0 cm /I Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        image,
    ]
    body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    content = body + b"trailer << /Size 6 /Root 1 0 R >>\n%%EOF\n"
    with suppress(scans.ScanNotRead):  # either way nothing of it reaches this process
        assert scans.read(content).sheets == ()


def bomb(side):
    """A PNG of a few kilobytes that says it is `side` pixels wide and high."""

    def part(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 1000)) + part(b"IEND", b"")
