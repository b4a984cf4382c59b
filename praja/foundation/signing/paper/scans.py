"""What a scan or photo of a signing sheet shows: which page of which round it is, how it lies, and its boxes upright."""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from praja.foundation.files import surroundings
from praja.foundation.signing.paper import layout

MOST_PAGES = 40  # of one file: a round of 120 has 24
SECONDS = 120
PAGE_WIDTH = 1800  # pixels of a page's picture: a box of it is sharp on a phone held sideways
BORDER = 22.0  # points around a box: a stamp may reach over its frame
AROUND = 70.0  # points above and below a box whose page was placed by hand: the edges of the paper are a guess then
LOOKS, QUICK_LOOKS = 6, 2  # how thoroughly codes are looked for
UPRIGHT = (0.6, 0.85)  # of a picture's width to its height: less or more is no page of A4 that fills it
WHOLE = ((0, 0), (1, 0), (1, 1), (0, 1))
_PROCESS = Path(__file__).with_name("scan_process.py")


class ScanNotRead(Exception):
    """The file cannot be drawn: damaged, locked by a password, or too heavy."""


@dataclass(frozen=True, slots=True)
class ScanPage:
    """One page of a scan: what its QR codes say, and how the sheet lies in the picture.

    `sheets`: the (code of a round, page of its sheet) that were read: one in a good scan. `foreign`: what other QR codes
    hold. `corners`: of the sheet of paper from its upper left clockwise, in parts of width and height; empty when unknown.
    `picture`: JPEG, of the upright paper where the corners are known, else of the page as it lies.
    """

    number: int
    sheets: tuple[tuple[str, int], ...] = ()
    foreign: tuple[str, ...] = ()
    sides: str = ""  # of the codes that were read: "ab", "a", "b" or ""
    version: int = 1  # of the sheet
    corners: Sequence[Sequence[float]] = ()
    turns: int = 0  # quarters clockwise that the sheet lies turned
    ratio: float = 0.0  # of the page's width to its height in the picture; 0 where it is not clear what of it is paper
    picture: bytes = b""

    @property
    def reading(self) -> dict[str, Any]:
        """What SheetScan keeps of it."""
        told = {"quarter_turns": self.turns, "corners": self.corners, "sides": self.sides, "ratio": self.ratio}
        return told | ({"version": self.version} if self.sheets else {})


def count(content: bytes) -> int:
    """How many pages a PDF or picture has; raises ScanNotRead."""
    return int(_asked(content, {"do": "count"}))


def read(content: bytes, number: int = 1, looks: int = LOOKS) -> ScanPage:
    """What a page (from 1) of a PDF or picture says; raises ScanNotRead."""
    wanted = {"do": "read", "number": number, "codes": layout.CODES, "size": (layout.WIDTH, layout.HEIGHT)}
    answer = _asked(content, wanted | {"looks": looks, "width": PAGE_WIDTH})
    head, _line, picture = answer.partition(b"\n")
    told = json.loads(head)
    ours = [one for one in told["codes"] if one["code"]]
    return ScanPage(
        number=number,
        sheets=tuple(sorted({(one["code"], one["page"]) for one in ours})),
        foreign=tuple(one["text"] for one in told["codes"] if not one["code"]),
        sides="".join(sorted({one["side"] for one in ours})),
        version=min((one["version"] for one in ours), default=1),
        corners=told["corners"],
        turns=told["turns"],
        ratio=told["ratio"],
        picture=picture,
    )


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


# --- by hand ----------------------------------------------------------------------------------------------------------


def corners_by_hand(ratio: float, turns: int) -> list[tuple[int, int]]:
    """The corners of a sheet that is said to lie turned by so many quarters.

    They are those of its picture where that has the shape of a sheet; empty where it has not.
    """
    least, most = UPRIGHT
    if not ratio or not least <= (1 / ratio if turns % 2 else ratio) <= most:
        return []
    return [*WHOLE[turns:], *WHOLE[:turns]]


# --- pictures that reading has made: small, and Praja's own -------------------------------------------------------------


def upright(jpeg: bytes, turns: int) -> bytes:
    """The picture of a page that lies turned by so many quarters clockwise, turned back."""
    return jpeg if not turns else _jpeg(_turned(Image.open(io.BytesIO(jpeg)), turns))


def box_picture(jpeg: bytes, slot: int, *, turns: int = 0, by_hand: bool = False) -> bytes:
    """The box of a slot with a border around it, out of the picture of its page, as JPEG.

    Of a page that was placed by hand more is shown: the whole row with name and office, and what is above and below.
    """
    box = layout.box(slot)
    wanted = layout.Box(0, box.y0, layout.WIDTH, box.y1).grown(AROUND) if by_hand else box.grown(BORDER)
    page = _turned(Image.open(io.BytesIO(jpeg)), turns)
    across, down = page.width / layout.WIDTH, page.height / layout.HEIGHT
    top, bottom = (layout.HEIGHT - wanted.y1) * down, (layout.HEIGHT - wanted.y0) * down
    return _jpeg(page.crop((round(wanted.x0 * across), round(top), round(wanted.x1 * across), round(bottom))))


def _turned(picture: Image.Image, turns: int) -> Image.Image:
    back = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}.get(turns)
    return picture if back is None else picture.transpose(back)


def _jpeg(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=82)
    return made.getvalue()
