"""What a scan or photo of a signing sheet shows: which page of which round it is, how it lies, and its boxes upright."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from praja.foundation.files import surroundings
from praja.foundation.signing.paper import layout

MOST_PAGES = 40  # of one file: a round of 120 has 24
SECONDS = 120
BOX_WIDTH = 900  # pixels of a box's picture: sharp on a phone held sideways
PAGE_WIDTH = 1500
BORDER = 22.0  # points around a box: a stamp may reach over its frame
PAPER = layout.Box(0, 0, layout.WIDTH, layout.HEIGHT)
_PROCESS = Path(__file__).with_name("scan_process.py")


class ScanNotRead(Exception):
    """The file cannot be drawn: damaged, locked by a password, or too heavy."""


@dataclass(frozen=True, slots=True)
class ScanPage:
    """One page of a scan: what its QR codes say, and how the sheet lies in the picture.

    `sheets`: the (code of a round, page of its sheet) that were read: one in a good scan. `foreign`: what other QR codes
    hold. `corners`: of the sheet of paper from its upper left clockwise, in parts of width and height; empty when unknown.
    """

    number: int
    sheets: tuple[tuple[str, int], ...] = ()
    foreign: tuple[str, ...] = ()
    sides: str = ""  # of the codes that were read: "ab", "a", "b" or ""
    corners: Sequence[Sequence[float]] = ()
    turns: int = 0  # quarters clockwise that the sheet lies turned

    @property
    def reading(self) -> dict[str, Any]:
        """What SheetScan keeps of it."""
        return {"quarter_turns": self.turns, "corners": self.corners, "sides": self.sides}


@dataclass(frozen=True, slots=True)
class Scan:
    """The pages of a file, at most MOST_PAGES of them, and how many it has."""

    count: int
    pages: list[ScanPage]


def read(content: bytes) -> Scan:
    """What the pages of a PDF or picture say; raises ScanNotRead."""
    wanted = {"do": "read", "codes": layout.CODES, "size": PAPER[2:], "most": MOST_PAGES}
    answer = json.loads(_asked(content, wanted))
    return Scan(answer["count"], [_page(number, page) for number, page in enumerate(answer["pages"], start=1)])


def _page(number: int, page: dict[str, Any]) -> ScanPage:
    ours = [one for one in page["codes"] if one["code"]]
    return ScanPage(
        number=number,
        sheets=tuple(sorted({(one["code"], one["page"]) for one in ours})),
        foreign=tuple(one["text"] for one in page["codes"] if not one["code"]),
        sides="".join(sorted({one["side"] for one in ours})),
        corners=page["corners"],
        turns=page["turns"],
    )


def box_picture(content: bytes, number: int, reading: dict[str, Any], slot: int) -> bytes:
    """The box of a slot with a border around it, upright, as JPEG; the whole page where nothing tells how it lies."""
    return _cut(content, number, reading, layout.box(slot).grown(BORDER), BOX_WIDTH)


def page_picture(content: bytes, number: int, reading: dict[str, Any]) -> bytes:
    """The whole sheet upright as JPEG, or the page as it lies; empty when the file has no such page."""
    return _cut(content, number, reading, PAPER, PAGE_WIDTH)


def _cut(content: bytes, number: int, reading: dict[str, Any], box: layout.Box, width: int) -> bytes:
    wanted = {"do": "cut", "number": number, "corners": reading.get("corners") or [], "box": box, "size": PAPER[2:]}
    return _asked(content, wanted | {"width": width})


def _asked(content: bytes, wanted: dict[str, Any]) -> bytes:
    # One thread: each would take a share of the memory that the process is allowed.
    settings = surroundings.bare(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROCESS), json.dumps(wanted)],
            input=content, capture_output=True, env=settings, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as problem:
        raise ScanNotRead("took too long") from problem
    if done.returncode:
        raise ScanNotRead(done.stderr.decode(errors="replace")[-500:])
    return done.stdout
