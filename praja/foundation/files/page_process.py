"""Draws one page of a PDF, or a picture, in a process of its own: whatever a hostile file does to memory or time ends here.

Run as a script: the file comes on standard input, the number of the page (from 1) and the width in pixels as arguments;
the answer goes to standard output: a line with the number of pages, then a JPEG (nothing when there is no such page).
It imports nothing of Praja, so that it starts quickly.
"""

import io
import resource
import sys

import pypdfium2
from PIL import Image, ImageOps

MEMORY_BYTES = 1536 * 1024 * 1024
SECONDS = 20
LONGEST = 4  # a page higher than four times its width is drawn narrower


def drawn(data: bytes, number: int, width: int) -> tuple[int, bytes]:
    """How many pages there are, and the page as JPEG at most `width` pixels wide; empty when there is no such page."""
    if not data.startswith(b"%PDF-"):
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            return 1, _jpeg(ImageOps.exif_transpose(picture), width) if number == 1 else b""
    document = pypdfium2.PdfDocument(data)
    if not 1 <= number <= len(document):
        return len(document), b""
    page = document[number - 1]
    wide, high = page.get_size()
    scale = min(width / max(wide, 1), width * LONGEST / max(high, 1))
    return len(document), _jpeg(page.render(scale=scale, may_draw_forms=False).to_pil(), width)


def _jpeg(picture: Image.Image, width: int) -> bytes:
    picture.thumbnail((width, width * LONGEST))
    if picture.mode in ("RGBA", "LA", "P"):  # what shines through is paper
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    made = io.BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=80, optimize=True)
    return made.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    count, jpeg = drawn(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(f"{count}\n".encode() + jpeg)
