"""Where everything stands on a signing page: A4 in points, with the origin at the lower left as PDF has it.

The printed sheet, the pages behind the electronic original, the visible electronic signatures and the reading of scans all
use these places, so that a box is found again without being looked for.
"""

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in points: its lower left and its upper right corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.y1 - self.y0

    def grown(self, by: float) -> "Box":
        """The same rectangle with a border around it, cut at the edges of the page."""
        return Box(max(self.x0 - by, 0), max(self.y0 - by, 0), min(self.x1 + by, WIDTH), min(self.y1 + by, HEIGHT))


WIDTH, HEIGHT = 595.0, 842.0  # A4
MARGIN = 42.0  # left and right: no office printer cuts there
SLOTS_PER_PAGE = 5  # a wet signature and the round stamp of an agency, 4 cm wide, want about this much room

# Two QR codes in opposite corners: one is enough to know the page, both tell how it lies, and no single stamp or torn
# corner takes both. The boxes hold the dark squares alone; around them the paper stays empty.
CODE_SIZE = 74.0
CODES = {
    "a": Box(MARGIN, HEIGHT - 36 - CODE_SIZE, MARGIN + CODE_SIZE, HEIGHT - 36),  # upper left
    "b": Box(WIDTH - MARGIN - CODE_SIZE, 36, WIDTH - MARGIN, 36 + CODE_SIZE),  # lower right
}

ROWS_TOP = 716.0  # where the rows begin, below the title
PITCH = 118.0  # from row to row
GAP = 19.0  # above each box: empty, or the heading of a group
BOX_LEFT = 330.0  # left of it stand number, office and name


def box(slot: int) -> Box:
    """Where the signature of a slot (from 0, from the top) goes; raises ValueError when no page has such a slot."""
    if not 0 <= slot < SLOTS_PER_PAGE:
        raise ValueError(f"a signing page has {SLOTS_PER_PAGE} slots, not {slot}")
    top = ROWS_TOP - slot * PITCH - GAP
    return Box(BOX_LEFT, top - (PITCH - GAP), WIDTH - MARGIN, top)


def text(slot: int) -> Box:
    """Where number, office and name of a slot are printed: left of its box, as high as it."""
    right = box(slot)
    return Box(MARGIN, right.y0, BOX_LEFT - 12, right.y1)
