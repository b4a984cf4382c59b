"""Pages of signing in through the institution: there, back, linking for the first time, and unlinking."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from praja.foundation.accounts import institution, signing_in
from praja.foundation.accounts.confirming import confirm, confirmed
from praja.foundation.accounts.models import User
from praja.foundation.accounts.requests import SignedInRequest

logger = logging.getLogger(__name__)


def _only_if_offered() -> None:
    if not institution.is_offered():
        raise Http404


@login_not_required
@never_cache
@require_GET
def sign_in_institution(request: HttpRequest) -> HttpResponse:
    """To the page of the institution; with `ulang` it asks anew, for "is it still you?"."""
    _only_if_offered()
    try:
        return institution.begin(request, signing_in.next_address(request), again="ulang" in request.GET)
    except institution.Refused as refused:
        logger.warning("Signing in through the institution cannot begin: %s", refused)
        return _not_possible(request)


def _not_possible(request: HttpRequest) -> HttpResponse:
    sentence = _("%(name)s does not answer properly just now. Try again, or sign in with user name and password.")
    messages.error(request, sentence % {"name": institution.name()})
    return redirect("sign-in")


@login_not_required
@never_cache
@require_GET
def sign_in_institution_back(request: HttpRequest) -> HttpResponse:
    """Back from the institution: into the account, to the question of the first time, or to what to do next."""
    _only_if_offered()
    try:
        vouched, address = institution.finish(request)
    except institution.Refused as refused:
        logger.warning("Signing in through the institution failed: %s", refused)
        return _not_possible(request)
    address = address if signing_in.is_ours(request, address) else "/"
    user = institution.linked(vouched)
    if isinstance(request.user, User):
        if user == request.user and vouched.is_fresh:
            confirm(request)
        return redirect(address)
    if user is not None:
        return signing_in.with_institution(request, user, address, has_second_factor=vouched.has_second_factor)
    user = institution.matching(vouched)
    if user is None:
        context = {"name": institution.name(), "value": vouched.value}
        return render(request, "accounts/institution_unknown.html", context, status=403)
    institution.ask_to_link(request, vouched, user, address)
    return render(request, "accounts/institution_link.html", {"name": institution.name(), "owner": user})


@login_not_required
@never_cache
@require_POST
def sign_in_institution_link(request: HttpRequest) -> HttpResponse:
    """Yes, this account is mine: from now on the identity opens it."""
    _only_if_offered()
    found = institution.link(request)
    if found is None:
        return _not_possible(request)
    user, address, has_second_factor = found
    return signing_in.with_institution(request, user, address, has_second_factor=has_second_factor)


@require_POST
@confirmed
def institution_unlink(request: SignedInRequest) -> HttpResponse:
    """The identity at the institution no longer opens the own account."""
    _only_if_offered()
    if not request.user.has_usable_password():
        messages.error(
            request, _("You have no password here yet. Ask the coordinator for a link, choose one, then unlink.")
        )
    else:
        institution.unlink(request.user, by=request.user)
        messages.success(request, _("The institution no longer opens this account."))
    return redirect("security")
