"""The page of a job: how far it is, what came of it, and another try."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.jobs import actions
from praja.foundation.jobs.models import Job


@require_safe
@never_cache
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page that a person waits on."""
    job = get_object_or_404(Job.objects.visible_to(request.user), uid=uid)
    return render(request, "jobs/detail.html", {"job": job})


@require_safe
@never_cache
def state(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The part of the page that the script asks for again and again."""
    job = get_object_or_404(Job.objects.visible_to(request.user), uid=uid)
    return render(request, "jobs/_job.html", {"job": job})


@require_POST
def retry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin a failed job anew."""
    job = get_object_or_404(Job.objects.visible_to(request.user), uid=uid)
    if not actions.retry(job, by=request.user):
        messages.info(request, _("This work has been begun anew already."))
    return redirect("job-detail", uid=uid)
