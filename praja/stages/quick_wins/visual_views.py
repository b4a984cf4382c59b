"""The one page of a quick win as PDF, to be shown and handed out."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.documents.outline import kind_of_image
from praja.foundation.documents.pictures import picture_of
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.contents import IMAGES, FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.models import Plan
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins import visual
from praja.stages.quick_wins.blocks import with_profile
from praja.stages.quick_wins.models import QuickWin
from praja.stages.roadmap.poster import pdf_in_child

A4 = (210, 297)  # millimetres


@require_safe
def quick_win_visual(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of one quick win, to be downloaded; 404 for who does not reach it."""
    seen = QuickWin.objects.in_service().within_reach(request.user, Can.QUICK_WIN_VIEW)
    rows = seen.filter(pk=pk, round__withdrawn_at=None).select_related("plan__government__region", "plan__arms")
    found = rows.first()
    if found is None:
        raise Http404
    plan = found.plan
    one = with_profile(rows, plan).get()
    one.plan = plan
    link = request.build_absolute_uri(reverse("quick-win-detail", args=[pk]))
    sheet = visual.sheet_of(one, link=link, arms=_arms(plan), photo=photo_of(one.innovation))
    content = pdf_in_child(visual.picture(sheet), title=sheet.name, day=plan.today, size=A4)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="quick-win-{pk}.pdf"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-cache",
        },
    )


def _arms(plan: Plan) -> bytes | None:
    """The coat of arms where the plan has one that a page can show."""
    if plan.arms is None:
        return None
    try:
        with plan.arms.open() as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content if kind_of_image(content) in ("png", "jpg") else None


def photo_of(innovation: Innovation) -> bytes | None:
    """The first photo among the evidence of an innovation, as a light JPEG; None where none can be shown."""
    rows = Evidence.objects.about(innovation).filter(kind=Evidence.Kind.PHOTO, file__kind__in=IMAGES)
    stored = StoredFile.objects.filter(pk=rows.order_by("pk").values("file")[:1]).first()
    if stored is None:
        return None
    try:
        return picture_of(stored)
    except FileRefused:
        return None
