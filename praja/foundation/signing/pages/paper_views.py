"""Pages of the secretariat about what leaves Praja: the evidence file of a round, the archive of a region."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.signing.models import SigningRound
from praja.foundation.signing.pages.reach import load_plan, load_round
from praja.foundation.signing.pages.round_views import address_of, crumbs


@require_http_methods(["GET", "HEAD", "POST"])
def signing_evidence(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """What the evidence file of a round holds, the last one that was made, and having one made now."""
    one = load_round(request, slug, pk, Can.SIGNING_RUN)
    is_prepared = one.state == SigningRound.State.PREPARED
    if request.method == "POST" and not is_prepared:
        job = later(
            "signing.make_evidence", one.pk, address_of(request), by=request.user, organisation_path=one.organisation_path
        )  # fmt: skip
        return redirect("job-detail", job.uid)
    context = {
        "plan": one.plan, "round": one, "is_prepared": is_prepared, "last": _last("signing.make_evidence", one.pk),
        "crumbs": [*crumbs(one.plan, one), (_("Evidence file"), "")],
    }  # fmt: skip
    return render(request, "signing/evidence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def signing_export(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the archive of the region holds, the last one that was made, and having one made now."""
    plan = load_plan(request, slug, Can.SIGNING_RUN)
    if request.method == "POST":
        job = later(
            "signing.make_export", plan.pk, address_of(request), by=request.user, organisation_path=plan.organisation_path
        )  # fmt: skip
        return redirect("job-detail", job.uid)
    context = {
        "plan": plan, "last": _last("signing.make_export", plan.pk),
        "count": SigningRound.objects.filter(plan=plan).exclude(state=SigningRound.State.PREPARED).count(),
        "crumbs": [*crumbs(plan), (_("Archive of the signings"), "")],
    }  # fmt: skip
    return render(request, "signing/export.html", context)


def _last(name: str, pk: int) -> Job | None:
    """The last job of this name about this row that made a file."""
    made = Job.objects.filter(name=name, state=Job.State.DONE, file__withdrawn_at=None).exclude(file=None)
    return made.filter(arguments__0=pk).select_related("file").order_by("-pk").first()
