"""Pages of signing rounds: the list, a new one, who signs, the round on its way, one signatory, reminding."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents.models import Edition
from praja.foundation.drafts.entry import posted_version
from praja.foundation.files.views import attachment
from praja.foundation.jobs.models import Job
from praja.foundation.plans.models import Plan
from praja.foundation.signing import notices, rounds
from praja.foundation.signing.checking import full_check
from praja.foundation.signing.checking.full_check import FullCheck
from praja.foundation.signing.models import Signatory, SigningRound, Way
from praja.foundation.signing.of_documents import signing_of
from praja.foundation.signing.pages.reach import load_plan, load_round, load_signatory, load_to_sign, own_places
from praja.foundation.signing.pages.round_forms import (
    LONGEST_REASON,
    NewOfficeForm,
    NewRoundForm,
    OfficesForm,
    ReplacementForm,
    RoundForm,
    WaysForm,
    offices_to_name,
)
from praja.foundation.workflow.steps import Refused

State = SigningRound.State
TONES = {"prepared": "neutral", "open": "attention", "complete": "success", "closed": "warning", "cancelled": "danger"}
SIGNATORY_TONES = {"waiting": "neutral", "signed": "success", "declined": "danger", "replaced": "neutral"}
FASTER = gettext_lazy("Somebody else was faster. This is how it stands now.")


def crumbs(plan: Plan, round_: SigningRound | None = None) -> list[tuple[Any, str]]:
    """Where a page of signing is."""
    found: list[tuple[Any, str]] = [(_("Signing rounds"), reverse("signing-list", args=[plan.slug]))]
    if round_ is not None:
        found.append((round_.title, notices.round_address(round_)))
    return found


def address_of(request: HttpRequest) -> str:
    """Where this Praja is reached, without a slash at its end."""
    return request.build_absolute_uri("/")[:-1]


def attempt(request: HttpRequest, act: Callable[[], object], said: str = "") -> bool:
    """Do it and say so; else say in sentences why not."""
    try:
        act()
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
        return False
    except TooLate:
        messages.warning(request, str(FASTER))
        return False
    if said:
        messages.success(request, said)
    return True


# --- the list, a new one ----------------------------------------------------------------------------------------------


@require_safe
def signing_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rounds of a plan, the newest first, each with how far it is."""
    plan = load_plan(request, slug)
    current = ~Q(signatories__state=Signatory.State.REPLACED)
    rows = SigningRound.objects.filter(plan=plan).select_related("edition").annotate(
        all=Count("signatories", filter=current),
        signed_count=Count("signatories", filter=Q(signatories__state=Signatory.State.SIGNED)),
    )  # fmt: skip
    context = {
        "plan": plan,
        # Said here: counting drops the order that the model has.
        "rows": [(one, TONES[one.state]) for one in rows.defer("edition__content").order_by("-pk")[:200]],
        "may_run": request.user.may(Can.SIGNING_RUN, plan),
    }
    return render(request, "signing/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def signing_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin a round: which edition is signed, the title on the paper, where and when.

    A link may choose the edition (`?edisi=`) and carry what its paper says already (`nomor`, `hari`, `tempat`).
    """
    plan = load_plan(request, slug, Can.SIGNING_RUN)
    editions = editions_to_sign(plan)
    chosen = editions.filter(pk=_number(request.GET.get("edisi", ""))).first()
    form = NewRoundForm(request.POST if request.method == "POST" else None, editions=editions, address=request.GET)
    form.initial["edition"] = chosen
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        round_ = rounds.prepare(values.pop("edition"), plan=plan, by=request.user, **values)
        messages.success(request, _("The round is prepared. Now name who signs."))
        return redirect(notices.round_address(round_))
    standing = signing_of([chosen.pk]) if chosen else None
    context = {
        "plan": plan,
        "crumbs": crumbs(plan),
        "form": form,
        "has_editions": editions.exists(),
        "signing": standing,
    }
    return render(request, "signing/new.html", context, status=422 if form.is_bound else 200)


def editions_to_sign(plan: Plan) -> QuerySet[Edition]:
    """The frozen documents of the region that can be signed, the newest first."""
    rows = Edition.objects.filter(organisation_path=plan.organisation_path).exclude(status=Edition.Status.REVOKED)
    return rows.defer("content").order_by("-pk")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


# --- a round ----------------------------------------------------------------------------------------------------------


@require_safe
def signing_round(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Where the round is: who has signed in which way, who waits, and what this person can do."""
    return _page(request, load_round(request, slug, pk))


def _page(request: SignedInRequest, round_: SigningRound, *, status: int = 200) -> HttpResponse:
    rows = rows_of(round_)
    user, plan = request.user, round_.plan
    states, check = Counter(one.state for one in rows), full_check.of_round(round_)
    total = len(rows) - states["replaced"]
    may_run = user.may(Can.SIGNING_RUN, round_)
    turn = {one.pk for one in rounds.waiting_now(round_, rows)} if round_.state == State.OPEN else set()
    own = own_places(user, [one for one in rows if one.pk in turn])
    job = Job.objects.filter(key__startswith=f"signing-open-{round_.pk}-").first() if may_run else None
    missing = rounds.missing_before_opening(round_) if may_run and round_.state == State.PREPARED else []
    typed = request.POST.get("reason", "")[:LONGEST_REASON]
    context = {
        "plan": plan,
        "round": round_,
        "tone": TONES[round_.state],
        "crumbs": crumbs(plan),
        "lines": [(one, SIGNATORY_TONES[one.state], one.pk in turn, _told(check, one)) for one in rows],
        "check": check,
        "checked": check.sentence(),
        "total": total,
        "signed": states["signed"],
        "figures": _figures(round_, states, total, rows, check),
        "own": own,
        "may_run": may_run,
        "is_prepared": round_.state == State.PREPARED,
        "is_open": round_.state == State.OPEN,
        "missing": missing,
        "job": job if job and round_.state == State.PREPARED else None,
        "typed": typed,
        "doing": request.POST.get("do", ""),
        "may_cancel": may_run and round_.state in (State.PREPARED, State.OPEN) and not states["signed"],
        "history": history_of(round_),
    }
    return render(request, "signing/round.html", context, status=status)


def rows_of(round_: SigningRound) -> list[Signatory]:
    """The signatories of a round in their order, each with its office, person and signature: one query."""
    related = ("organisation", "position__person", "position__organisation", "signature", "replaces")
    rows = list(round_.signatories.select_related(*related).order_by("order", "pk"))
    for one in rows:
        one.round = round_
    return rows


def _told(check: FullCheck, one: Signatory) -> dict[str, str]:
    return full_check.told(check, one.signature) if one.state == Signatory.State.SIGNED else {}


# The ways in which a round was signed, never summed with one another: each with what its certificates are worth.
FIGURES = [
    (Way.WET, gettext_lazy("In ink")),
    (Way.GATEWAY, gettext_lazy("Through the gateway")),
    (Way.OWN, gettext_lazy("With Praja's certificate")),
]


def _figures(
    round_: SigningRound, states: Counter, total: int, rows: list[Signatory], check: FullCheck
) -> list[dict[str, Any]]:
    if round_.state == State.PREPARED:
        return []
    signatures = [one.signature for one in rows if one.state == Signatory.State.SIGNED]
    found = [
        {"label": _("Signed"), "value": states["signed"], "of": _("of %(total)s") % {"total": total}, "url": "#daftar"},
        {"label": _("Still waiting"), "value": states["waiting"], "url": "#daftar"},
    ]
    for way, label in FIGURES:
        certificates = Counter(check.certified(one) for one in signatures if one.way == way)
        if certificates or way == Way.WET:
            hint = "" if way == Way.WET else full_check.counted(certificates)
            found.append({"label": label, "value": certificates.total(), "hint": hint, "url": "#daftar"})
    if states["declined"]:
        found.append({"label": _("Declined"), "value": states["declined"], "url": "#daftar"})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def signing_edit(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Title, number, day, place and order of a round that is being prepared."""
    round_ = load_round(request, slug, pk, Can.SIGNING_RUN)
    if round_.state != State.PREPARED:
        messages.info(request, _("This round has been opened; its paper is printed as it is."))
        return redirect(notices.round_address(round_))
    initial = {name: getattr(round_, name) for name in ("title", "number", "held_on", "place", "order", "is_way_fixed")}
    form = RoundForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        version = posted_version(request)
        attempt(request, lambda: rounds.amend(round_, form.cleaned_data, by=request.user, version=version), _("Saved."))
        return redirect(notices.round_address(round_))
    context = {"plan": round_.plan, "round": round_, "crumbs": crumbs(round_.plan, round_), "form": form}
    return render(request, "signing/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def signing_steps(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Name all heads, put in order, open, close early, call off."""
    round_ = load_round(request, slug, pk, Can.SIGNING_RUN)
    by, version, wish = request.user, posted_version(request), request.POST.get("do", "")
    reason = request.POST.get("reason", "").replace("\0", "")[:LONGEST_REASON]
    verbs: dict[str, tuple[Callable[[], object], str]] = {
        "order": (
            lambda: rounds.put_in_protocol_order(round_, by=by, version=version),
            _("They stand in protocol order."),
        ),
        "open": (
            lambda: rounds.ask_to_open(round_, address=address_of(request), by=by, version=version),
            _("The signing pages are being set; the round opens in a moment."),
        ),
        "close": (lambda: rounds.close(round_, reason=reason, by=by), _("The round is closed.")),
        "cancel": (lambda: rounds.cancel(round_, reason=reason, by=by), _("The round is called off.")),
        "heads": (lambda: _name_heads(request, round_, version), ""),
    }
    if wish not in verbs:
        raise Http404
    if not attempt(request, *verbs[wish]) and reason:
        return _page(request, load_round(request, slug, pk), status=422)  # with what was typed
    return redirect(notices.round_address(round_))


def _name_heads(request: SignedInRequest, round_: SigningRound, version: int) -> None:
    count, without = rounds.add_heads(round_, by=request.user, version=version)
    messages.success(
        request,
        ngettext("%(count)s head of an agency was named.", "%(count)s heads of agencies were named.", count)
        % {"count": count},
    )
    if without:
        names = ", ".join(one.short_name for one in without[:12])
        messages.warning(request, _("No head is entered for: %(names)s. Enter them under Agencies.") % {"names": names})


@require_http_methods(["GET", "HEAD", "POST"])
def signing_offices(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Name single offices, or make the row of one that has none, such as a witness; say how each is meant to sign."""
    round_ = load_round(request, slug, pk, Can.SIGNING_RUN)
    if round_.state != State.PREPARED:
        messages.info(request, _("This round is open already; who signs can only be replaced now."))
        return redirect(notices.round_address(round_))
    wish = request.POST.get("do", "")
    form = OfficesForm(request.POST if wish == "offices" else None, offices=offices_to_name(round_))
    new = NewOfficeForm(request.POST if wish == "new" else None, plan=round_.plan)
    rows = rows_of(round_)
    accounts = notices.users_of(round_, rows)
    ways = WaysForm(request.POST if wish == "ways" else None, places=[(one, bool(accounts[one.pk])) for one in rows])
    by, version = request.user, posted_version(request)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        attempt(
            request,
            lambda: rounds.add(round_, values["offices"], role=values["role"], by=by, version=version),
            _("They are named in the round."),
        )
        return redirect(notices.round_address(round_))
    if new.is_bound and new.is_valid():
        values = new.cleaned_data
        person = values["account"].person if values["account"] else None
        office = rounds.NewOffice(values["organisation"], values["title"], values["name"], person)
        attempt(
            request,
            lambda: rounds.add_new_office(round_, office, role=values["role"], by=by, version=version),
            _("The office is named in the round."),
        )
        return redirect(notices.round_address(round_))
    if ways.is_bound and ways.is_valid():
        attempt(request, lambda: rounds.set_ways(round_, ways.ways, by=by, version=version), _("Saved."))
        return redirect(notices.round_address(round_))
    context = {
        "plan": round_.plan, "round": round_, "crumbs": crumbs(round_.plan, round_), "form": form, "new": new,
        "ways": ways,
        "has_offices": form.fields["offices"].queryset.exists(),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "signing/offices.html", context, status=422 if wish else 200)


@require_safe
def signing_document(request: SignedInRequest, slug: str, pk: int) -> FileResponse:
    """What is signed, as PDF: with the electronic signatures once there are any, else the frozen document."""
    round_ = load_to_sign(request, slug, pk)
    stored = round_.signed or round_.edition.pdf
    if stored is None:
        raise Http404
    try:
        return attachment(stored)
    except FileNotFoundError as problem:
        raise Http404 from problem


# --- one signatory ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def signing_signatory(request: SignedInRequest, slug: str, pk: int, signatory: int) -> HttpResponse:
    """One signatory: what became of it; note that it declined, ask again, name who signs instead, move, take out."""
    round_ = load_round(request, slug, pk, Can.SIGNING_RUN)
    one = load_signatory(round_, signatory)
    wish, by, version = request.POST.get("do", ""), request.user, posted_version(request)
    form = ReplacementForm(request.POST if wish == "replace" else None, offices=offices_to_name(round_))
    reason = request.POST.get("reason", "").replace("\0", "")[:LONGEST_REASON]
    if request.method == "POST":
        verbs: dict[str, tuple[Callable[[], object], str]] = {
            "up": (lambda: rounds.move(one, -1, by=by, version=version), ""),
            "down": (lambda: rounds.move(one, 1, by=by, version=version), ""),
            "remove": (lambda: rounds.remove(one, by=by, version=version), _("Taken out of the round.")),
            "decline": (lambda: rounds.decline(one, reason=reason, by=by), _("It is noted that this office declined.")),
            "again": (lambda: rounds.ask_again(one, by=by), _("This office is asked once more.")),
            "replace": (lambda: _replace(request, form, one), _("Who signs instead has a box on a further page of the sheet.")),
        }  # fmt: skip
        if wish not in verbs:
            raise Http404
        is_whole = wish != "replace" or form.is_valid()
        if is_whole and attempt(request, *verbs[wish]):
            return redirect(notices.round_address(round_) + ("#daftar" if wish in ("up", "down") else ""))
        if wish in ("up", "down", "remove"):
            return redirect(notices.round_address(round_))
    context = {
        "plan": round_.plan, "round": round_, "one": one, "tone": SIGNATORY_TONES[one.state], "form": form,
        "crumbs": crumbs(round_.plan, round_), "typed": reason if wish == "decline" else "",
        "is_open": round_.state == State.OPEN, "history": history_of(one), "told": _told(full_check.of_round(round_), one),
    }  # fmt: skip
    return render(request, "signing/signatory.html", context, status=422 if request.method == "POST" else 200)


def _replace(request: SignedInRequest, form: ReplacementForm, one: Signatory) -> None:
    rounds.replace(
        one,
        form.cleaned_data["office"],
        reason=form.cleaned_data["reason"],
        address=address_of(request),
        by=request.user,
    )


# --- reminding --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def signing_remind(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The ready texts for those who can sign now; sending the page tells the accounts and notes when."""
    round_ = load_round(request, slug, pk, Can.SIGNING_RUN)
    if round_.state != State.OPEN:
        messages.info(request, _("Nobody is reminded of a round that is not open."))
        return redirect(notices.round_address(round_))
    waiting = rounds.waiting_now(round_, rows_of(round_))
    if request.method == "POST":
        chosen = set(request.POST.getlist("signatory")[: rounds.MOST])
        to_tell = [one for one in waiting if str(one.pk) in chosen]
        count = 0

        def tell() -> None:
            nonlocal count
            count = rounds.remind(round_, to_tell, by=request.user)

        if attempt(request, tell):
            said = ngettext("%(count)s office was reminded.", "%(count)s offices were reminded.", count)
            messages.success(request, said % {"count": count})
        return redirect(notices.round_address(round_))
    address = address_of(request)
    texts = notices.texts_for(round_, waiting, address=address, by=request.user)
    context = {
        "plan": round_.plan, "round": round_, "crumbs": crumbs(round_.plan, round_), "texts": texts,
        "group": notices.group_text(round_, waiting, address=address, by=request.user) if waiting else "",
    }  # fmt: skip
    return render(request, "signing/remind.html", context)
