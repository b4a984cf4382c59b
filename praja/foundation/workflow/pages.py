"""The answer to a step's button, alike for every kind of row."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version
from praja.foundation.workflow.steps import Refused

LONGEST_REMARK = 5_000


def moved(
    request: HttpRequest,
    row: Any,
    take: Callable[..., None],
    *,
    done: str,
    says: Callable[[Any], str] = lambda row: row.get_state_display(),
) -> HttpResponse:
    """Take the step that was asked for, and say what happened on the page one comes back to.

    A step that this person may not take is 404, as if it were not there. A page names the version that it shows: what
    changed since is shown first, so that nobody accepts a text that they have not seen. `says`: how the row stands then.
    """
    remark = request.POST.get("remark", "").replace("\0", "")[:LONGEST_REMARK]
    faster = _("Somebody else was faster. This is how it stands now.")
    if posted_version(request) not in (0, row.version):
        messages.warning(request, faster)
        return redirect(done)
    try:
        take(row, request.POST.get("step", ""), by=request.user, remark=remark)
    except PermissionError as problem:
        raise Http404 from problem
    except TooLate:
        messages.warning(request, faster)
    except Refused as refused:
        if refused.reasons:
            messages.error(request, _("Not yet possible. Still missing: %s.") % "; ".join(map(str, refused.reasons)))
    else:
        messages.success(request, f"{says(row)}.")
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return HttpResponseRedirect(target)
    return redirect(done)
