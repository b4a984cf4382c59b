"""Handing out a file to whoever reaches the rows it belongs to."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.files.closed import may_have
from praja.foundation.files.models import StoredFile


@require_safe
def file_download(request: HttpRequest, pk: int) -> FileResponse:
    """The file as an attachment: no browser shows, guesses or runs what somebody handed in."""
    files = StoredFile.objects.present().within_reach(request.user, Can.FILE_VIEW)
    stored = get_object_or_404(files, pk=pk)
    if not may_have(request.user, stored):
        raise Http404
    try:
        return attachment(stored)
    except FileNotFoundError as problem:
        raise Http404 from problem


def attachment(stored: StoredFile) -> FileResponse:
    """The answer that hands a file out; raises FileNotFoundError when the storage has lost it."""
    response = FileResponse(stored.open(), as_attachment=True, filename=stored.name, content_type=stored.kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    return response
