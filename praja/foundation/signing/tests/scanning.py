"""Scans and photos as offices send them, made from a sheet: signed, turned, tilted, leaning, in the shadow, in the dark."""

import io

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from praja.foundation.signing.paper import layout

DOTS = 110  # an inch: fewer than scanners take, and enough to tell


def page_of(pdf, number=1, dots=DOTS) -> Image.Image:
    """A page of the sheet as a picture of the paper."""
    return pypdfium2.PdfDocument(pdf)[number - 1].render(scale=dots / 72).to_pil().convert("RGB")


def signed(paper, *slots) -> Image.Image:
    """The paper with blue ink across these boxes and a round stamp over their frames."""
    paper = paper.copy()
    draw, scale = ImageDraw.Draw(paper), paper.width / layout.WIDTH
    for slot in slots:
        x0, y0, x1, y1 = layout.box(slot)
        left, right = x0 * scale, x1 * scale
        top, bottom = (layout.HEIGHT - y1) * scale, (layout.HEIGHT - y0) * scale
        steps = np.linspace(0, 1, 60)
        wave = [
            (left + (0.3 + 0.5 * t) * (right - left), top + (0.5 + 0.3 * np.sin(t * 25)) * (bottom - top))
            for t in steps
        ]
        draw.line(wave, fill=(24, 40, 140), width=round(1.6 * scale), joint="curve")
        middle, radius = (left + 0.22 * (right - left), (top + bottom) / 2), 0.5 * (bottom - top)
        for inner in (1, 0.8):
            box = [middle[0] - radius * inner, middle[1] - radius * inner, middle[0] + radius * inner, middle[1] + radius * inner]  # fmt: skip
            draw.ellipse(box, outline=(110, 60, 150), width=round(1.2 * scale))
    return paper


def covered(paper, *sides) -> Image.Image:
    """The paper with a stamp across these codes."""
    paper = paper.copy()
    draw, scale = ImageDraw.Draw(paper), paper.width / layout.WIDTH
    for side in sides:
        x0, y0, x1, y1 = layout.CODES[side]
        middle, radius = ((x0 + x1) / 2 * scale, (layout.HEIGHT - (y0 + y1) / 2) * scale), 46 * scale
        box = [middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius]
        draw.ellipse(box, fill=(90, 50, 140))
    return paper


def photographed(paper, *, turn=0.0, lean=0.0, shadow=0.0, light=1.0, noise=0.0, size=(3000, 4000)) -> Image.Image:
    """A photo of the paper on a desk: turned by degrees, leaning away, with the shadow of a hand, noisy, in low light."""
    width, height = size
    desk = np.array([96, 78, 60])
    corners = corners_on(size, turn=turn, lean=lean)
    back = _projection(
        corners, np.array([[0, 0], [paper.width, 0], [paper.width, paper.height], [0, paper.height]], float)
    )
    made = paper.transform(size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    mask = Image.new("L", paper.size, 255).transform(size, Image.Transform.PERSPECTIVE, back)
    picture = Image.composite(made, Image.new("RGB", size, tuple(desk)), mask).filter(ImageFilter.GaussianBlur(0.7))
    values = np.asarray(picture, np.float32)
    if shadow:
        across = np.linspace(0, 1, width)[None, :, None] + np.linspace(0, 0.4, height)[:, None, None]
        values = values * (1 - shadow / (1 + np.exp(-(across - 0.6) * 14)))
    values = values * light
    if noise:
        values = values + np.random.default_rng(7).normal(0, noise, (height, width, 1))
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def corners_on(size, *, turn=0.0, lean=0.0) -> np.ndarray:
    """Where the corners of the paper are on such a photo, from its upper left clockwise, in pixels."""
    width, height = size
    w = 0.36 * min(width, height * 0.78)
    h = w * layout.HEIGHT / layout.WIDTH
    corners = np.array([[-w * (1 - lean), -h * (1 - lean)], [w * (1 - lean), -h], [w, h], [-w, h * (1 - lean / 2)]])
    angle = np.radians(turn)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return corners @ spin.T + np.array([width / 2, height / 2])


def scanned(paper, *, turn=0.0, noise=0.0) -> Image.Image:
    """The paper from a flatbed scanner, turned by degrees clockwise, with the noise of an old machine."""
    picture = paper.rotate(-turn, Image.Resampling.BICUBIC, expand=True, fillcolor="white") if turn % 90 else paper
    if turn and not turn % 90:
        picture = paper.rotate(-turn, expand=True)
    if not noise:
        return picture
    values = np.asarray(picture, np.float32)
    values = values + np.random.default_rng(7).normal(0, noise, values.shape[:2])[:, :, None]
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def jpeg(picture, quality=85) -> bytes:
    """The picture as a phone sends it."""
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=quality)
    return made.getvalue()


def pdf_of(*pictures) -> bytes:
    """A PDF with a picture on each page, as scanners make it."""
    made = io.BytesIO()
    pictures[0].save(made, "PDF", save_all=True, append_images=pictures[1:], resolution=DOTS)
    return made.getvalue()


def _projection(source, target) -> list[float]:
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return list(np.linalg.solve(np.array(rows, float), np.array(values, float)))
