"""A file that was made just now, as the answer to whoever asked for it."""

from django.http import HttpResponse


def download(content: bytes | str, *, name: str, kind: str) -> HttpResponse:
    """The content as a file to keep; `name`: plain letters, `kind`: a media type. It may hold what one person may see."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
