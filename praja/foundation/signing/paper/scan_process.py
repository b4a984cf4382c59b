"""Reads the pages of a scan or photo and draws them upright, in a process of its own that a hostile file cannot outlive.

Run as a script; the file comes on standard input, what is wanted as JSON in the only argument, and it imports nothing of
Praja, so that it starts quickly:

- `{"do": "count"}` answers the number of pages.
- `{"do": "read", "number": 1, "codes": {"a": [x0, y0, x1, y1], "b": ...}, "size": [width, height], "looks": 6, "width": 1800}`
  answers a line of JSON, `{"codes": [{"text", "code", "page", "side", "version", "corners"}], "corners", "turns", "ratio"}`,
  and behind it the page as JPEG. `code` is empty for a QR code that is none of ours. `corners` are those of the sheet of
  paper, from its upper left clockwise, in parts of the picture's width and height, and empty where no code told them. With
  them the JPEG is the paper upright, `width` pixels wide; without them the page as it lies, cut out of a darker desk.
  `ratio` is that of the JPEG's page, width to height; 0 where it is not clear what of the picture is paper.

Places on the paper are points from its lower left, as in layout.py.
"""

import io
import json
import re
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

MEMORY_BYTES = 2048 * 1024 * 1024
SECONDS = 90
PIXELS = 1800  # of the width at which a PDF page is drawn: 220 dots an inch of A4
LONGEST = 4  # a page higher than four times its width is drawn narrower
DESK = 0.75  # around the paper it is darker than this part of the paper's light
SMALLEST = 0.2  # part of a picture that is taken for the paper
FILLED = (0.8, 1.1)  # light within its edges: printed words and stamps are dark
SIDES = ("a", "b")
SIDE = 2600  # pixels of the longer side at which codes are looked for first
OURS = re.compile(r"/v/([0-9A-Z-]{4,12})/?\?h=([1-9][0-9]{0,2})&s=([ab])(?:&l=([1-9][0-9]{0,2}))?$")

Points = Sequence[Sequence[float]]


# --- pages ------------------------------------------------------------------------------------------------------------


def pages(data: bytes) -> tuple[int, Callable[[int], Image.Image]]:
    """How many pages the file has, and a function that draws one (from 0), grey or in colour, as it lies."""
    if not data.startswith(b"%PDF-"):
        return 1, lambda _number: _photo(data)
    document = pypdfium2.PdfDocument(data)
    return len(document), lambda number: _drawn(document[number])


def _photo(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
        return _on_paper(ImageOps.exif_transpose(picture))


def _drawn(page: Any) -> Image.Image:
    wide, high = page.get_size()
    scale = min(PIXELS / max(wide, 1), PIXELS * LONGEST / max(high, 1))
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture.convert("RGB")


def _on_paper(picture: Image.Image) -> Image.Image:
    """What shines through is paper."""
    if picture.mode in ("RGBA", "LA", "P", "PA"):
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    return picture.convert("RGB")


# --- codes ------------------------------------------------------------------------------------------------------------


def found_codes(picture: Image.Image, looks: int) -> list[dict[str, Any]]:
    """The QR codes of a page: `text` and `corners` in parts of its width and height, from the code's own upper left."""
    codes: dict[tuple[str, int, int], dict[str, Any]] = {}
    for grey, scale in islice(_views(picture), looks):
        for one in zxingcpp.read_barcodes(
            np.asarray(grey), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        ):
            spot = one.position
            corners = [
                [point.x / scale / picture.width, point.y / scale / picture.height]
                for point in (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
            ]
            middle = [sum(values) / 4 for values in zip(*corners, strict=True)]
            spot_key = (one.text, int(middle[0] * 20), int(middle[1] * 20))
            codes.setdefault(spot_key, _told(one.text) | {"corners": corners})
        if len({one["side"] for one in codes.values() if one["code"]}) == len(SIDES):
            break
    return list(codes.values())


def _told(text: str) -> dict[str, Any]:
    found = OURS.search(text)
    code, page, side, version = found.groups() if found else ("", "0", "", None)
    return {"text": text[:300], "code": code, "page": int(page), "side": side, "version": int(version or 1)}


def _views(picture: Image.Image) -> Iterator[tuple[Image.Image, float]]:
    """The page in shades of grey, ever more worked over, with its scale: most scans are read at the first look."""
    grey = ImageOps.grayscale(picture)
    first = min(1.0, SIDE / max(grey.size))
    seen = _scaled(grey, first)
    yield seen, first
    yield ImageOps.autocontrast(seen.filter(ImageFilter.MedianFilter(3)), cutoff=2), first  # noise, low light
    yield _flattened(seen), first  # shadows
    for scale in (1.0, min(2.0, 1.6 * SIDE / max(grey.size)), 0.6 * first):
        if abs(scale - first) > 0.05:
            yield ImageOps.autocontrast(_scaled(grey, scale), cutoff=1), scale


def _scaled(grey: Image.Image, scale: float) -> Image.Image:
    if scale == 1.0:
        return grey
    return grey.resize(
        (max(1, round(grey.width * scale)), max(1, round(grey.height * scale))), Image.Resampling.LANCZOS
    )


def _flattened(grey: Image.Image) -> Image.Image:
    """The page without the shadow of a hand: each spot beside the light around it."""
    small = grey.resize((max(1, grey.width // 16), max(1, grey.height // 16)), Image.Resampling.BOX)
    light = small.filter(ImageFilter.GaussianBlur(6)).resize(grey.size, Image.Resampling.BILINEAR)
    parts = np.asarray(grey, np.float32) / np.maximum(np.asarray(light, np.float32), 8)
    return Image.fromarray(np.clip(parts * 190, 0, 255).astype(np.uint8))


# --- where the paper lies ---------------------------------------------------------------------------------------------


def paper_corners(
    codes: list[dict[str, Any]], places: dict[str, Sequence[float]], size: Sequence[float], pixels: tuple[int, int]
) -> list[list[float]]:
    """Where the corners of the sheet are in the picture, from its codes; empty when they do not tell."""
    ours, theirs = [], []
    for one in codes:
        if one["code"]:
            x0, y0, x1, y1 = places[one["side"]]
            ours += [(x0, y1), (x1, y1), (x1, y0), (x0, y0)]
            theirs += [(x * pixels[0], y * pixels[1]) for x, y in one["corners"]]
    if not ours:
        return []
    # Two codes tell how a photo leans; a single one, small beside the sheet, only how it lies.
    find = _perspective if len(ours) > 4 else _affine
    matrix = find(np.array(ours, float), np.array(theirs, float))
    width, height = size
    corners = _moved(matrix, np.array([(0, height), (width, height), (width, 0), (0, 0)], float)) / np.array(
        pixels, float
    )
    if not np.isfinite(corners).all() or np.abs(corners).max() > 20:
        return []
    return [[round(float(x), 6), round(float(y), 6)] for x, y in corners]


def _affine(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    rows = np.hstack([ours, np.ones((len(ours), 1))])
    found, *_rest = np.linalg.lstsq(rows, theirs, rcond=None)
    return np.vstack([found.T, [0.0, 0.0, 1.0]])


def _perspective(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The projection that brings points of the paper nearest to those of the picture (eight or more values, scaled)."""
    near, far = _scaling(ours), _scaling(theirs)
    rows = []
    for (x, y), (u, v) in zip(_moved(near, ours), _moved(far, theirs), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, -u], [0, 0, 0, x, y, 1, -v * x, -v * y, -v]]
    matrix = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    result: np.ndarray = np.linalg.inv(far) @ matrix @ near
    return result


def _scaling(points: np.ndarray) -> np.ndarray:
    middle = points.mean(axis=0)
    scale = 1 / max(np.abs(points - middle).max(), 1e-9)
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])


def _moved(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    found = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    result: np.ndarray = found[:, :2] / found[:, 2:]
    return result


def quarter_turns(corners: Points, pixels: tuple[int, int]) -> int:
    """How many quarters clockwise the sheet lies turned: 0 when its upper edge is up."""
    if not corners:
        return 0
    (x0, y0), (x1, y1) = corners[0], corners[1]
    return round(np.arctan2((y1 - y0) * pixels[1], (x1 - x0) * pixels[0]) / (np.pi / 2)) % 4


# --- what is answered -------------------------------------------------------------------------------------------------


def read(
    data: bytes, number: int, codes: dict[str, Sequence[float]], size: Sequence[float], looks: int, width: int
) -> tuple[dict[str, Any], bytes]:
    """What a page says, and its picture."""
    _count, draw = pages(data)
    picture = draw(number - 1)
    seen = found_codes(picture, looks)
    # Two sheets in one photo tell nothing together.
    sheets = {(one["code"], one["page"]) for one in seen if one["code"]}
    corners = paper_corners(seen, codes, size, picture.size) if len(sheets) == 1 else []
    height = round(width * size[1] / size[0])
    if corners:
        shown, ratio = _flat(picture, corners, width, height), size[0] / size[1]
    else:
        shown, ratio = _as_it_lies(picture, width, height)
    told = {
        "codes": seen,
        "corners": corners,
        "turns": quarter_turns(corners, picture.size),
        "ratio": round(ratio, 4),
    }
    return told, _jpeg(_lighter(shown))


def _as_it_lies(picture: Image.Image, width: int, height: int) -> tuple[Image.Image, float]:
    """The page where no code tells how it lies: the paper without the desk around it, or all of the picture.

    With the ratio of its width to its height; 0 where there is a desk, and the paper is not to be told from it.
    """
    edges = paper_edges(ImageOps.grayscale(picture))
    if edges:
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (np.array(edges) * np.array(picture.size)).tolist()
        across = np.hypot(x1 - x0, y1 - y0) + np.hypot(x2 - x3, y2 - y3)
        down = np.hypot(x3 - x0, y3 - y0) + np.hypot(x2 - x1, y2 - y1)
        if across > down:
            width, height = height, width
        return _flat(picture, edges, width, height), float(across / down)
    ratio = 0.0 if edges is None else picture.width / picture.height
    picture.thumbnail((max(width, height), max(width, height)))
    return picture, ratio


def paper_edges(grey: Image.Image) -> Points | None:
    """The corners of a light sheet on a darker desk, from the upper left of the picture clockwise, in parts of its size.

    Empty where the paper fills the picture, None where there is a desk but no clear sheet on it.
    """
    small = grey.copy()
    small.thumbnail((300, 300))
    values = np.asarray(small.filter(ImageFilter.MedianFilter(5)), float)
    rim = np.concatenate([values[:4].ravel(), values[-4:].ravel(), values[:, :4].ravel(), values[:, -4:].ravel()])
    light, around = float(np.percentile(values, 95)), float(np.median(rim))
    if around > DESK * light:
        return []
    is_paper = values > (light + around) / 2
    down, across = np.nonzero(is_paper)
    if not len(down):
        return None
    found = [
        int(np.argmin(across + down)),
        int(np.argmax(across - down)),
        int(np.argmax(across + down)),
        int(np.argmin(across - down)),
    ]
    corners = [(float(across[each]), float(down[each])) for each in found]
    area = abs(sum(x * v - u * y for (x, y), (u, v) in zip(corners, corners[1:] + corners[:1], strict=True))) / 2
    least, most = FILLED
    if area < SMALLEST * values.size or not least < is_paper.sum() / max(area, 1) < most:
        return None
    high, wide = values.shape
    return [[(x + 0.5) / wide, (y + 0.5) / high] for x, y in corners]


def _flat(picture: Image.Image, corners: Points, width: int, height: int) -> Image.Image:
    """What lies between these corners, upright."""
    answer = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    matrix = _perspective(answer, np.array(corners, float) * np.array(picture.size))
    picture, matrix = _reduced(picture, matrix / matrix[2, 2])
    numbers = list((matrix / matrix[2, 2]).flatten()[:8])
    return picture.transform(
        (width, height), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor="white"
    )


def _reduced(picture: Image.Image, matrix: np.ndarray) -> tuple[Image.Image, np.ndarray]:
    """The picture made smaller first where several of its pixels would fall on one, so that thin ink does not break."""
    step = abs(np.linalg.det(matrix[:2, :2])) ** 0.5
    times = int(step)
    if times < 2:
        return picture, matrix
    return picture.reduce(times), np.diag([1 / times, 1 / times, 1]) @ matrix


def _lighter(picture: Image.Image) -> Image.Image:
    """A page taken in the dark as if by daylight: for the eye; the file itself stays as it came."""
    white = float(np.percentile(np.asarray(ImageOps.grayscale(picture)), 90))
    return picture.point(lambda value: min(255, round(value * 235 / max(white, 20)))) if white < 170 else picture


def _jpeg(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=82, optimize=True)
    return made.getvalue()


def answer(wanted: dict[str, Any], content: bytes) -> bytes:
    """What is written to the standard output."""
    asked = dict(wanted)
    if asked.pop("do") == "count":
        return str(pages(content)[0]).encode()
    told, jpeg = read(content, **asked)
    return json.dumps(told).encode() + b"\n" + jpeg


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(answer(json.loads(sys.argv[1]), sys.stdin.buffer.read()))
