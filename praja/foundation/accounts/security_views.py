"""Pages about a safe account: the second step, codes, passkeys, and the browsers that are signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from praja.foundation.accounts import institution, second_factor, sessions, signing_in
from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.models import User
from praja.foundation.accounts.requests import SignedInRequest


def _status(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200


@login_not_required
@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "POST"])
def sign_in_second(request: HttpRequest) -> HttpResponse:
    """The second step of signing in: a code of the app, a passkey, or a recovery code."""
    waiting = signing_in.half_way(request)
    if waiting is None:
        return redirect("sign-in")
    user, address = waiting
    code, passkey = second_factor.CodeForm(None, user=user), second_factor.PasskeyForm(None, user=user)
    if "credential" in request.POST:
        passkey = second_factor.PasskeyForm(request.POST, user=user)
        if passkey.is_valid():
            passkey.cleaned_data["credential"].record_usage()
            return signing_in.finish(request, user, address)
    elif request.method == "POST":
        code = second_factor.CodeForm(request.POST, user=user)
        if code.is_valid():
            code.authenticator.record_usage()
            if code.by_recovery_code:
                _say_how_many_codes_are_left(request, user)
            return signing_in.finish(request, user, address)
    state = second_factor.state_of(user)
    context = {
        "form": code,
        "passkey": passkey,
        "has_app": state.has_app,
        "has_passkeys": bool(state.passkeys),
        "passkeys_work": second_factor.passkeys_work_at(request),
    }
    return render(request, "accounts/sign_in_second.html", context, status=max(_status(code), _status(passkey)))


def _say_how_many_codes_are_left(request: HttpRequest, user: User) -> None:
    left = second_factor.state_of(user).codes_left
    sentence = ngettext(
        "You used a recovery code; %(left)s is left. Make new ones on the page of your account's safety.",
        "You used a recovery code; %(left)s are left. Make new ones on the page of your account's safety.",
        left,
    )
    messages.warning(request, sentence % {"left": left})


@login_not_required
@never_cache
@require_POST
def sign_in_passkey(request: HttpRequest) -> HttpResponse:
    """Signing in with a passkey alone: it is something one has, and asks for fingerprint, face or PIN."""
    form = second_factor.PasskeySignInForm(request.POST)
    if form.is_valid():
        found = form.cleaned_data["credential"]
        found.record_usage()
        user = User.objects.select_related("person").get(pk=found.user_id)
        return signing_in.finish(request, user, signing_in.next_address(request))
    messages.error(request, _("This passkey does not open an account here. Sign in with user name and password."))
    return redirect("sign-in")


@login_not_required
@never_cache
@require_POST
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What the script is to ask the device, for one of the purposes "sign-in", "second", "confirm", "add"."""
    purpose, user = request.POST.get("purpose", ""), request.user
    if not second_factor.passkeys_work_at(request):
        raise Http404
    if purpose == "sign-in":
        return JsonResponse(second_factor.question(request, purpose, None))
    if purpose == "second" and (waiting := signing_in.half_way(request)):
        return JsonResponse(second_factor.question(request, purpose, waiting[0]))
    if purpose in ("confirm", "add") and isinstance(user, User):
        return JsonResponse(second_factor.question(request, purpose, user))
    raise Http404


@never_cache
@require_GET
def security(request: SignedInRequest) -> HttpResponse:
    """How the own account is kept safe: password, second step, passkeys, recovery codes, signed-in browsers."""
    context = {
        "state": second_factor.state_of(request.user),
        "is_due": bool(request.session.get(signing_in.DUE)),
        "is_required": second_factor.is_required(request.user),
        "is_advised": second_factor.is_advised(request.user),
        "passkeys_work": second_factor.passkeys_work_at(request),
        "has_password": request.user.has_usable_password(),
        "institution": institution.name(),
        "identity": request.user.identities.first() if institution.is_offered() else None,
        "most_passkeys": second_factor.MOST_PASSKEYS,
        "sessions": sessions.of_user(request.user, current=request.session.session_key),
    }
    return render(request, "accounts/security.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@confirmed
def app_new(request: SignedInRequest) -> HttpResponse:
    """Set up an app that makes codes: scan, type the first code, done."""
    if second_factor.state_of(request.user).has_app:
        messages.info(request, _("An app is set up already. Take it away first if you have a new telephone."))
        return redirect("security")
    form = second_factor.AppForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.turn_on_app(form, by=request.user)
        except second_factor.AlreadyOn:
            return redirect("security")
        request.session.pop(second_factor.totp.SECRET_SESSION_KEY, None)
        return _factor_is_there(request, _("Your app is set up. From now on signing in asks for its code."))
    context = {"form": form, "picture": second_factor.picture_of(form.address)}
    return render(request, "accounts/app_new.html", context, status=_status(form))


def _factor_is_there(request: SignedInRequest, sentence: str) -> HttpResponse:
    """On to the recovery codes, which every second factor needs beside it."""
    request.session.pop(signing_in.DUE, None)
    messages.success(request, sentence)
    return redirect("recovery-codes")


@require_POST
@confirmed
def app_end(request: SignedInRequest) -> HttpResponse:
    """The app's codes no longer count, unless a role requires them."""
    if _is_last_of_a_required_one(request, is_app=True):
        return redirect("security")
    second_factor.turn_off_app(by=request.user)
    messages.success(request, _("The app is taken away; its codes no longer count."))
    return redirect("security")


def _is_last_of_a_required_one(request: SignedInRequest, *, is_app: bool) -> bool:
    """Whether taking it away would leave a role without the second factor that it requires; says so."""
    state = second_factor.state_of(request.user)
    left = len(state.passkeys) if is_app else len(state.passkeys) - 1 + state.has_app
    if left > 0 or not second_factor.is_required(request.user):
        return False
    messages.error(request, _("Your role requires a second step. Set up another one first, then take this one away."))
    return True


@never_cache
@require_http_methods(["GET", "POST"])
@confirmed
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    """The codes for the day when the telephone is gone: see those left, or make ten new ones."""
    if not second_factor.is_on(request.user):
        return redirect("security")
    if request.method == "POST":
        second_factor.new_recovery_codes(by=request.user)
        messages.success(request, _("Ten new codes are made; those before no longer count."))
        return redirect("recovery-codes")
    return render(request, "accounts/recovery_codes.html", {"codes": second_factor.recovery_codes(request.user)})


@never_cache
@require_http_methods(["GET", "POST"])
@confirmed
def passkey_new(request: SignedInRequest) -> HttpResponse:
    """Add a passkey of this device or of a key."""
    if len(second_factor.state_of(request.user).passkeys) >= second_factor.MOST_PASSKEYS:
        messages.info(request, _("You have as many passkeys as an account can have. Take one away first."))
        return redirect("security")
    form = second_factor.PasskeyNewForm(request.POST or None, user=request.user, initial={"name": ""})
    if request.method == "POST" and form.is_valid():
        second_factor.add_passkey(form, by=request.user)
        return _factor_is_there(request, _("The passkey is added. You can sign in with it alone."))
    context = {"form": form, "passkeys_work": second_factor.passkeys_work_at(request), "host": request.get_host()}
    return render(request, "accounts/passkey_new.html", context, status=_status(form))


@require_POST
@confirmed
def passkey_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one of the own passkeys away."""
    if _is_last_of_a_required_one(request, is_app=False):
        return redirect("security")
    if not second_factor.remove_passkey(pk, by=request.user):
        raise Http404
    messages.success(request, _("The passkey is taken away. Delete it on the device as well."))
    return redirect("security")


@require_POST
@confirmed
def session_end(request: SignedInRequest) -> HttpResponse:
    """End one of the own signed-in browsers, or all but this one."""
    mark = request.POST.get("session", "")
    which = None if mark == "others" else mark
    ended = sessions.end(request.user, by=request.user, current=request.session.session_key, mark=which)
    if ended:
        sentence = ngettext("%(count)s other device is signed out.", "%(count)s other devices are signed out.", ended)
        messages.success(request, sentence % {"count": ended})
    else:
        messages.info(request, _("That device had been signed out already."))
    return redirect("security")
