"""The signatory's own page: what is signed, in which of the three ways, or why not."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.signing import electronic, notices, rounds
from praja.foundation.signing.checking import full_check
from praja.foundation.signing.extras import extras_of
from praja.foundation.signing.gateway.demonstration import example_of
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.models import Signatory, SigningRound, Way
from praja.foundation.signing.pages.reach import load_signatory, load_to_sign, reads_region
from praja.foundation.signing.pages.round_forms import LONGEST_REASON
from praja.foundation.signing.pages.round_views import SIGNATORY_TONES, attempt, crumbs
from praja.foundation.signing.standing import Standing, standing_of
from praja.foundation.workflow.steps import Refused

LONGEST_SECRET = 200
SECRET_FIELDS = ("nik", "passphrase", "code")


@never_cache
@sensitive_post_parameters("nik", "email", "passphrase", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def signing_sign(request: SignedInRequest, slug: str, pk: int, signatory: int) -> HttpResponseBase:
    """Read, choose the way, sign. What only the signatory knows goes to the gateway and into no page."""
    round_ = load_to_sign(request, slug, pk, signatory)
    one = load_signatory(round_, signatory)
    if request.method != "POST":
        return _page(request, one)
    wish = request.POST.get("do", "")
    if wish == Way.OWN:
        return _sign_by_own(request, one)
    if wish in (Way.GATEWAY, "code"):
        return _by_gateway(request, one, asks_code=wish == "code")
    raise Http404


@sensitive_variables("secrets")
def _by_gateway(request: SignedInRequest, one: Signatory, *, asks_code: bool) -> HttpResponse:
    """Sign through the gateway, or have it send a one-time code."""
    secrets = Secrets(**{name: Secret(_typed(request, name)) for name in ("nik", "email", "passphrase", "code")})
    try:
        _complete(request, asks_code=asks_code)
        if asks_code:
            electronic.ask_code(one, by=request.user, secrets=secrets)
            messages.success(request, _("The code is on its way. Type it below; it is valid for a few minutes."))
            return _page(request, one, opens=Way.GATEWAY)
        electronic.sign(one, by=request.user, way=Way.GATEWAY, secrets=secrets)
    except Refused as refusal:
        return _page(request, one, problems=refusal.reasons, opens=Way.GATEWAY, status=422)
    finally:
        secrets.wipe()
    return _signed(request, one)


def _complete(request: SignedInRequest, *, asks_code: bool) -> None:
    """Refused when nobody needs to ask the gateway: who signs is missing, or what shows it."""
    if not (_typed(request, "nik") or _typed(request, "email")):
        raise Refused([_("Write your NIK, or the e-mail address of your certificate.")])
    if not (asks_code or _typed(request, "passphrase") or _typed(request, "code")):
        raise Refused([_("Write your passphrase, or a one-time code.")])


@confirmed
def _sign_by_own(request: SignedInRequest, one: Signatory) -> HttpResponse:
    """Sign with Praja's own certificate, after showing once more that it is still the same person."""
    try:
        electronic.sign(one, by=request.user, way=Way.OWN)
    except Refused as refusal:
        return _page(request, one, problems=refusal.reasons, opens=Way.OWN, status=422)
    return _signed(request, one)


def _signed(request: SignedInRequest, one: Signatory) -> HttpResponse:
    messages.success(request, _("Your signature stands in the document. Thank you."))
    return redirect("signing-sign", one.round.plan.slug, one.round_id, one.pk)


def _typed(request: SignedInRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()[:LONGEST_SECRET]


def _page(
    request: SignedInRequest, one: Signatory, *, problems: Any = (), opens: str = "", status: int = 200
) -> HttpResponse:
    """The page; nothing that was typed stands in it again but an e-mail address and a reason."""
    round_ = one.round
    one = load_signatory(round_, one.pk)
    standing, why_not = _standing(request, one)
    gateway = electronic.gateway_of(round_)
    signature = getattr(one, "signature", None)
    now = (
        one.pk in {each.pk for each in rounds.waiting_now(round_)} if round_.state == SigningRound.State.OPEN else False
    )
    has_box = rounds.has_electronic_box(one)
    reads = reads_region(request.user, round_)
    context = {
        "plan": round_.plan,
        "round": round_,
        "one": one,
        "tone": SIGNATORY_TONES[one.state],
        "crumbs": crumbs(round_.plan, round_) if reads else [],
        "reads": reads,  # else a witness from outside, who sees this place and the document alone
        "standing": standing,
        "why_not": why_not,
        "problems": [str(one) for one in problems],
        "signature": signature,
        **(full_check.told(full_check.of_round(round_), signature) if signature else {}),
        "may_sign": bool(standing) and now,
        "is_waiting": one.state == Signatory.State.WAITING and round_.state == SigningRound.State.OPEN,
        "is_turn": now,
        "has_box": has_box,
        "has_gateway": bool(gateway) and has_box and one.may_use(Way.GATEWAY),
        "has_own": has_box and one.may_use(Way.OWN),
        "example": example_of(gateway),
        "has_codes": bool(gateway) and gateway.api == "v2",  # type: ignore[union-attr]
        "opens": opens or one.way,
        "hash": [round_.edition.sha256[start : start + 8] for start in range(0, 64, 8)],
        "extras": extras_of(one) if reads else [],
        "email": _typed(request, "email") if request.method == "POST" else "",
        "typed": request.POST.get("reason", "")[:LONGEST_REASON],
        "may_run": request.user.may(Can.SIGNING_RUN, round_),
    }
    return render(request, "signing/sign.html", context, status=status)


def _standing(request: SignedInRequest, one: Signatory) -> tuple[Standing | None, str]:
    try:
        return standing_of(request.user, one, one.round.plan.today), ""
    except Refused as refusal:
        return None, str(refusal.reasons[0])


@require_POST
def signing_decline(request: SignedInRequest, slug: str, pk: int, signatory: int) -> HttpResponse:
    """Say no, with the reason: only whoever may sign in this place; the secretariat notes it on its own page."""
    round_ = load_to_sign(request, slug, pk, signatory)
    one = load_signatory(round_, signatory)
    standing, why_not = _standing(request, one)
    if standing is None:
        return _page(request, one, problems=[why_not], status=403)
    reason = request.POST.get("reason", "").replace("\0", "")[:LONGEST_REASON]
    said = _("The secretariat was told that you do not sign, and why.")
    if attempt(request, lambda: rounds.decline(one, reason=reason, by=request.user), said):
        reads = reads_region(request.user, round_)
        return redirect(notices.round_address(round_) if reads else notices.sign_address(one))
    return _page(request, one, opens="decline", status=422)
