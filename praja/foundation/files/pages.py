"""The pages of a stored PDF or scan as pictures, so that a browser shows them without ever opening the file itself."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags, quote_etag

from praja.foundation.files import contents, surroundings
from praja.foundation.files.models import StoredFile

WIDTH = 1100  # pixels: sharp enough to read a typed page, light enough for a slow line
SECONDS = 30
SHOWN = (contents.PDF, *contents.IMAGES)
_PROCESS = Path(__file__).with_name("page_process.py")


class PageNotShown(Exception):
    """The file cannot be drawn: damaged, locked by a password, or too heavy."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many pages the file has, and one of them as JPEG; empty when it has no such page."""

    count: int
    jpeg: bytes


def draw(stored: StoredFile, number: int) -> Drawn:
    """Page `number` (from 1) of a PDF or picture; raises PageNotShown, FileNotFoundError when the storage has lost it."""
    with stored.open() as file:
        data = file.read()
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROCESS), str(number), str(WIDTH)],
            input=data, capture_output=True, env=surroundings.bare(), timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as problem:
        raise PageNotShown("took too long") from problem
    if done.returncode:
        raise PageNotShown(done.stderr.decode(errors="replace")[-500:])
    count, _line, jpeg = done.stdout.partition(b"\n")
    return Drawn(int(count), jpeg)


def picture(request: HttpRequest, stored: StoredFile, number: int) -> HttpResponse:
    """The answer that shows one page as a picture; 404 where there is none. A page never changes under its hash."""
    tag = quote_etag(f"{stored.sha256[:32]}-{number}-{WIDTH}")
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers={"ETag": tag})
    if stored.kind not in SHOWN or number > 100_000:
        raise Http404
    try:
        drawn = draw(stored, number)
    except (PageNotShown, FileNotFoundError) as problem:
        raise Http404 from problem
    if not drawn.jpeg:
        raise Http404
    headers = {"ETag": tag, "Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(drawn.jpeg, content_type="image/jpeg", headers=headers)
