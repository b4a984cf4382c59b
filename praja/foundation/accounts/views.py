"""Pages about accounts: signing in and out, the invitation, the own profile, and who may do what."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from praja.foundation.accounts import actions, demonstration, institution, second_factor, signing_in, throttle
from praja.foundation.accounts.forms import (
    USERNAME_REFUSED,
    AcceptForm,
    ChangePasswordForm,
    NewPasswordForm,
    ProfileForm,
    SignInForm,
)
from praja.foundation.accounts.models import Membership, Organisation, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.accounts.roles import ROLES, ROLES_AT, Role


def _status(form: Form) -> int:
    """422 for a page that comes back with errors."""
    return 422 if form.is_bound and form.errors else 200


def _refusal(request: HttpRequest, form: SignInForm) -> str | User:
    """The account, or the sentence why not; alike for names that exist and names that do not."""
    username = form.cleaned_data["username"]
    if not throttle.may_try(request, username):
        return _("Too many tries for this user name. Wait 15 minutes, then try again.")
    user = authenticate(request, username=username, password=form.cleaned_data["password"])
    if isinstance(user, User):
        throttle.succeeded(request, username)
        return user
    return _("User name and password do not belong together. Check both; capital letters matter in the password.")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password; a demonstration also offers its accounts."""
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(signing_in.next_address(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = _refusal(request, form)
        if isinstance(outcome, User):
            return signing_in.with_password(request, outcome)
        form.add_error(None, outcome)
    offered = demonstration.is_offered(request)
    context = {
        "form": form,
        "next": signing_in.next_address(request),
        "passkeys_work": second_factor.passkeys_work_at(request),
        "institution": institution.name(),
        "demo_accounts": list(demonstration.accounts_by_role()) if offered else [],
    }
    return render(request, "accounts/sign_in.html", context, status=_status(form))


@login_not_required
@require_POST
def sign_in_demo(request: HttpRequest) -> HttpResponse:
    """One click in a demonstration on this machine; anywhere else the address does not exist."""
    if not demonstration.is_offered(request):
        raise Http404
    accounts = User.objects.filter(is_demonstration=True, is_active=True)
    user = accounts.filter(username=request.POST.get("username", "")[:60].replace("\0", "")).first()
    if user is None:
        raise Http404
    return signing_in.finish(request, user, signing_in.next_address(request), is_demonstration=True)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, _("You have signed out."))
    return redirect("sign-in")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Show the pages in another language, from now on."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if isinstance(request.user, User):
        actions.choose_language(request.user, language)
    response = HttpResponseRedirect(signing_in.next_address(request))
    signing_in.remember_language(response, language)
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("new_password", "new_password_again")
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """What the invitation is for, and the form that makes the account; a closed link says what to do."""
    invitation = actions.invitation_of(token)
    if invitation is None or not invitation.is_open:
        return render(request, "accounts/invitation_closed.html", {"invitation": invitation}, status=410)
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST":
        try:
            if isinstance(request.user, User):
                actions.accept_with_account(invitation, by=request.user)
                messages.success(request, _("You now also hold this role: %(role)s.") % {"role": invitation.role_title})
                return redirect(settings.LOGIN_REDIRECT_URL)
            if form.is_valid():
                user = actions.accept(
                    invitation,
                    username=form.cleaned_data["username"],
                    password=form.cleaned_data["new_password"],
                    person=form.person_values(),
                    language=translation.get_language() or "",
                )
                messages.success(request, _("Welcome, %(name)s. Your account is ready.") % {"name": user})
                return signing_in.finish(request, user, signing_in.next_address(request))
        except actions.LinkClosed:
            invitation.refresh_from_db()
            return render(request, "accounts/invitation_closed.html", {"invitation": invitation}, status=410)
        except actions.NameTaken:
            form.add_error("username", USERNAME_REFUSED)
    return render(request, "accounts/invitation.html", {"invitation": invitation, "form": form}, status=_status(form))


@login_not_required
@never_cache
@sensitive_post_parameters("new_password", "new_password_again")
@require_http_methods(["GET", "POST"])
def password_new(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Choose a new password by a link from the coordinator; it works once."""
    user = actions.user_of_password_link(key, token)
    if user is None:
        return render(request, "accounts/password_link_closed.html", status=410)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        actions.change_password(user, form.cleaned_data["new_password"], by=user)
        messages.success(request, _("Your new password is saved. You can sign in with it now."))
        return redirect("sign-in")
    return render(request, "accounts/password_new.html", {"form": form, "owner": user}, status=_status(form))


@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """The own name, titles, telephone, e-mail and roles."""
    user = request.user
    form = ProfileForm(request.POST or None, initial=ProfileForm.initial_of(user))
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user, form.person_values(), email=form.cleaned_data["email"])
        messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    context = {"form": form, "memberships": user.active_memberships}
    return render(request, "accounts/profile.html", context, status=_status(form))


@never_cache
@sensitive_post_parameters("old_password", "new_password", "new_password_again")
@require_http_methods(["GET", "POST"])
def password_change(request: SignedInRequest) -> HttpResponse:
    """A new own password; other devices have to sign in again."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_password(request.user, form.cleaned_data["new_password"], by=request.user)
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. Other devices have to sign in again."))
        return redirect("profile")
    return render(request, "accounts/password.html", {"form": form}, status=_status(form))


@require_GET
def who_may(request: SignedInRequest) -> HttpResponse:
    """Who may do what, made from roles.py, and who acts for whom in the regions of this person."""
    lines = [(permission.label, [_scope(role, permission) for role in ROLES.values()]) for permission in Can]
    places = {kind: [ROLES[key].title for key in keys] for kind, keys in ROLES_AT.items()}
    governments = {membership.organisation.government for membership in request.user.active_memberships}
    acting = Membership.objects.current().exclude(for_position=None)
    within_regions = Q(organisation__in=governments) | Q(organisation__parent__in=governments)
    context = {
        "roles": [role.title for role in ROLES.values()],
        "lines": lines,
        "places": [(label, places[kind]) for kind, label in Organisation.Kind.choices],
        "mine": [membership.role_title for membership in request.user.active_memberships],
        "acting": acting.filter(within_regions).select_related("user__person", "organisation", "for_position")[:50],
        "required": [ROLES[key].title for key in ROLES if key in settings.SECOND_FACTOR_FOR],
    }
    return render(request, "accounts/who_may.html", context)


def _scope(role: Role, permission: Can) -> str:
    """How far a role holds the permission: "region", "dimension" (of the region), "own" or nothing."""
    if permission in role.by_dimension:
        return "dimension"
    if permission in role.region:
        return "region"
    return "own" if permission in role.own else ""
