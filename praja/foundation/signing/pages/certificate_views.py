"""The certificates of Praja's own that whoever holds an office signs with: until when they are good, and taking one back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.signing.models import Signature
from praja.foundation.signing.pages.reach import load_round, load_signatory
from praja.foundation.signing.pages.round_forms import LONGEST_REASON
from praja.foundation.signing.pages.round_views import crumbs
from praja.foundation.signing.pdf import authority
from praja.foundation.workflow.steps import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def signing_certificates(request: SignedInRequest, slug: str, pk: int, signatory: int) -> HttpResponse:
    """What there is of the person who signs here; the secretariat takes one back, with a reason."""
    round_ = load_round(request, slug, pk, Can.SIGNING_RUN)
    one = load_signatory(round_, signatory)
    signature = Signature.objects.filter(signatory=one).first()
    people = (one.position.person_id, signature.person_id if signature else None)
    rows = authority.certificates_of(key for key in people if key is not None)
    reason = request.POST.get("reason", "").replace("\0", "").strip()[:LONGEST_REASON]
    problem, chosen = "", None
    if request.method == "POST":
        typed = request.POST.get("certificate", "")
        number = int(typed) if typed.isdecimal() and len(typed) < 16 else 0
        chosen = get_object_or_404(rows, pk=number)
        try:
            authority.revoke(chosen, reason=reason, by=request.user, about=one)
        except Refused as refusal:
            problem = str(refusal.reasons[0])
        else:
            messages.success(request, _("The certificate is taken back. What it signed before stays valid."))
            return redirect("signing-certificates", slug, pk, one.pk)
    context = {
        "plan": round_.plan, "round": round_, "one": one, "rows": list(rows), "now": timezone.now(),
        "crumbs": crumbs(round_.plan, round_), "problem": problem, "chosen": chosen, "typed": reason,
    }  # fmt: skip
    return render(request, "signing/certificates.html", context, status=422 if problem else 200)
