"""The answers to leaving a remark, settling it and taking it away, alike for every kind of row."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from praja.foundation.audit.history import label_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.remarks.actions import answer_remark, leave_remark, take_away
from praja.foundation.remarks.fields import Sections, by_field, notes_of, sections_of
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.way import Rights

LONGEST_REMARK = 5_000


def may_remark(row: Any, user: Any, rights: Rights) -> bool:
    """Whoever may send the row back, in whichever office; a withdrawn row rests."""
    offices = (rights.approve, rights.check, rights.accept)
    return row.withdrawn_at is None and any(user.may(permission, row) for permission in offices)


def remarks_on_page(row: Any, user: Any, sections: Sections, rights: Rights) -> dict[str, Any]:
    """What the page of a row says about its remarks; `first_section`: the page of the form to begin mending with."""
    notes = notes_of(row, sections)
    waiting = [note for note in notes if note.is_open]
    return {
        "notes": notes,
        "remarks_on": by_field(notes),
        "remark_number": len(waiting),
        "field_remark_number": sum(bool(note.remark.field) for note in waiting),
        "may_remark": may_remark(row, user, rights),
        "first_section": next((note.section for note in waiting if note.section), next(iter(sections))),
    }


def remark_left(
    request: HttpRequest, row: Any, *, sections: Sections, rights: Rights, page: str, url: str
) -> HttpResponse:
    """Keep a remark on a row or on a field of it, then back to that field; a script gets that field alone.

    `page`: the address of the row; `url`: where the form was sent to.
    """
    field = request.POST.get("field", "")
    if not may_remark(row, request.user, rights) or (field and field not in sections_of(sections)):
        raise Http404
    text = request.POST.get("text", "").replace("\0", "").strip()[:LONGEST_REMARK]
    if text:
        leave_remark(row, by=request.user, text=text, field=field)
    elif "HX-Request" not in request.headers:
        messages.warning(request, _("Write the remark first: say what should change."))
    if "HX-Request" in request.headers:
        remarks = by_field(notes_of(row, sections))
        context = {"field": field, "label": label_of(row, field), "remarks": remarks, "url": url, "may_remark": True}
        return render(request, "ui/components/remark_here.html", context)
    return redirect(f"{page}#catatan-{field}")


def remark_answered(request: HttpRequest, row: Any, pk: int, *, may_mend: bool, page: str) -> HttpResponse:
    """Settle a remark with an answer, open it again, or take it away; who may do none of them gets 404."""
    remark = get_object_or_404(Remark.objects.about(row), pk=pk)
    asked = request.POST.get("do", "")
    is_own = remark.created_by_id == request.user.pk and remark.resolved_at is None
    if asked == "take-away" and not is_own or asked in ("settle", "reopen") and not may_mend:  # noqa: RUF021
        raise Http404
    try:
        if asked == "take-away":
            take_away(remark, by=request.user)
            messages.success(request, _("The remark was taken away."))
        elif asked == "settle":
            answer_remark(remark, by=request.user, answer=request.POST.get("answer", ""), settles=True)
            messages.success(request, _("The remark counts as settled."))
        elif asked == "reopen":
            answer_remark(remark, by=request.user, answer=remark.answer, settles=False)
            messages.success(request, _("The remark is open again."))
        else:
            raise Http404
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect(f"{page}#catatan")
