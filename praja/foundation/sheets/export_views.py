"""A list as a file: a short one at once, a long one as a job whose file only the one who asked may fetch."""

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.actions import record
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.sheets.exports import KINDS, Export, Listed, csv_parts, exports, made

MOST_AT_ONCE = 2_000  # rows
LONGEST_QUERY = 1_000  # characters
JOB = "sheets.make_export"


@require_POST
def export_new(request: SignedInRequest, slug: str, what: str) -> HttpResponseBase:
    """The list with the filters of this address, as the kind of file that was chosen; people's data after a question."""
    export = exports().get(what)
    if export is None:
        raise Http404
    give = confirmed(_give) if export.is_personal else _give
    return give(request, slug, what)


def _give(request: SignedInRequest, slug: str, what: str) -> HttpResponseBase:
    export = exports()[what]
    kind = "csv" if request.POST.get("format") == "csv" else "xlsx"
    listed = export.listed(request.user, slug, request.GET)
    if export.is_personal:
        after = {"list": str(export.title), "rows": listed.count, "format": kind}
        record("export", listed.subject, by=request.user, after=after)
    if listed.count <= MOST_AT_ONCE:
        return _at_once(export, listed, kind)
    arguments = [what, slug, request.GET.urlencode()[:LONGEST_QUERY], kind]
    unfinished = Job.objects.filter(name=JOB, created_by=request.user, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    job = next((job for job in unfinished if job.arguments == arguments), None)  # asked twice: made once
    job = job or later(JOB, *arguments, by=request.user)
    return redirect("job-detail", job.uid)


def _at_once(export: Export, listed: Listed, kind: str) -> HttpResponseBase:
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(csv_parts(listed), content_type=KINDS[kind])
    else:
        with made(listed, str(export.title), kind, listed.rows()) as file:
            response = HttpResponse(file.read(), content_type=KINDS[kind])
    return _private(response, f"{listed.name}.{kind}")


@require_safe
def export_download(request: SignedInRequest, uid: UUID) -> HttpResponseBase:
    """The file of a long list, for whoever asked for it and still reaches all of it."""
    jobs = Job.objects.filter(name=JOB, created_by=request.user, state=Job.State.DONE)
    job = get_object_or_404(jobs, uid=uid)
    what, slug, query, kind = job.arguments
    if what not in exports() or not _still_reaches(exports()[what].listed(request.user, slug, QueryDict(query)), job):
        raise Http404
    try:
        file = default_storage.open(stored_name(job))
    except FileNotFoundError:
        return render(request, "sheets/export_gone.html", {"title": exports()[what].title}, status=410)
    return _private(FileResponse(file, content_type=KINDS[kind]), job.result["name"])


def _still_reaches(listed: Listed, job: Job) -> bool:
    return all(any(path.startswith(held) for held in listed.paths) for path in job.result["paths"])


def stored_name(job: Job) -> str:
    """Where the file of a job lies in the storage."""
    return f"exports/{job.uid}.{job.arguments[3]}"


def _private(response: Any, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    found: HttpResponseBase = response
    return found
