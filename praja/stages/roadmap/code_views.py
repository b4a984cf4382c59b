"""Pages about official budget codes: look one up, see which of a plan are old, and load a list."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.files.contents import FileRefused
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.deadlines import windows_of
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.reading import SheetError
from praja.foundation.ui.lists import page_of, search_text
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap import code_lists, codes
from praja.stages.roadmap.code_forms import CodeListForm
from praja.stages.roadmap.models import Action, BudgetCode, BudgetCodeList
from praja.stages.roadmap.views import load_for_edit

OFFERED = 20  # choices under the field
ROWS_ON_A_PAGE = 50
WRONG_SHOWN = 200
# Words of the address, and the level they stand for.
LEVELS = {
    "urusan": BudgetCode.Level.AFFAIR,
    "bidang": BudgetCode.Level.FIELD,
    "program": BudgetCode.Level.PROGRAMME,
    "kegiatan": BudgetCode.Level.ACTIVITY,
    "sub-kegiatan": BudgetCode.Level.SUB_ACTIVITY,
}
STATES = {
    "current": (gettext_lazy("In force"), "success"),
    "replaced": (gettext_lazy("Replaced"), "warning"),
    "unknown": (gettext_lazy("Not in the list"), "warning"),
    "wrong": (gettext_lazy("Not a code"), "danger"),
    "no_list": (gettext_lazy("Pattern is right"), "neutral"),
}


# --- looking up -------------------------------------------------------------------------------------------------------


@require_safe
def budget_codes(request: SignedInRequest) -> HttpResponse:
    """The list in force, searched by the beginning of a code or by words; with an action in the address, to choose for it."""
    action = _action_to_choose_for(request)
    current = codes.current_list()
    text, level = search_text(request.GET), request.GET.get("tingkat", "")
    after = request.GET.get("sesudah", "")
    rows = codes.found_in(BudgetCode.objects.filter(list=current), text) if current else BudgetCode.objects.none()
    if level in LEVELS:
        rows = rows.filter(level=LEVELS[level])
    page = page_of(rows.values("pk", "code", "title", "level"), order="code", after=after, size=ROWS_ON_A_PAGE)
    words = dict(BudgetCode.Level.choices)
    context = {
        "current": current,
        "rows": [row | {"level": words[row["level"]], "is_written": bool(action)} for row in page.rows],
        "page_of_rows": page,
        "after": after,
        "search": text,
        "level": level if level in LEVELS else "",
        "levels": [(key, value.label) for key, value in LEVELS.items()],
        "action": action,
        "may_load": _may_load(request.user),
    }
    return render(request, "roadmap/budget_codes.html", context)


@require_safe
def budget_code_options(request: HttpRequest) -> HttpResponse:
    """The first codes that fit what is being typed, as choices under its field."""
    typed = search_text(request.GET) or request.GET.get("budget_code", "").replace("\0", "")[:100]
    current = codes.current_list()
    rows = BudgetCode.objects.none()
    if current and typed.strip():
        rows = codes.found_in(current.codes.all(), typed).order_by("code")[:OFFERED]
    return render(request, "roadmap/_code_options.html", {"rows": rows})


def _action_to_choose_for(request: SignedInRequest) -> Action | None:
    """The action named in the address that this person may write; None where none is named."""
    text = request.GET.get("untuk", "")
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 19):
        raise Http404
    return load_for_edit(request, int(text))


# --- the codes of a plan ----------------------------------------------------------------------------------------------


@require_safe
def plan_codes(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every code typed in a plan and where it stands, those that need a look first."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    rows = _coded_rows(request, plan)
    wanted = request.GET.get("keadaan", "perlu")
    to_look_at = [row for row in rows if row["standing"].needs_a_look]
    shown = rows if wanted == "semua" else to_look_at
    page = Paginator(shown, ROWS_ON_A_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "plan": plan,
        "current": codes.current_list(),
        "rows": list(page),
        "page": page,
        "tabs": [
            {"title": _("Need a look"), "url": "?", "count": len(to_look_at), "is_current": wanted != "semua"},
            {"title": _("All codes"), "url": "?keadaan=semua", "count": len(rows), "is_current": wanted == "semua"},
        ],
        "has_codes": bool(rows),
        "may_load": _may_load(request.user),
    }
    return render(request, "roadmap/plan_codes.html", context)


def _coded_rows(request: SignedInRequest, plan: Plan) -> list[dict[str, Any]]:
    """Actions and innovations of the plan that carry a code and that this person may see."""
    user = request.user
    fields = ("pk", "version", "title", "budget_code", "organisation_id", "organisation_path")
    windows, at_any_time = windows_of(plan), user.may(Can.PLAN_SET_UP, plan)
    found = []
    for model, address, permission in (
        (Action, "action-detail", Can.ACTION_WRITE),
        (Innovation, "innovation-detail", None),
    ):
        rows = model.objects.in_service().filter(plan=plan).within_reach(user, Can.INNOVATION_VIEW)
        paths = user.paths_for(permission) if permission else frozenset()
        for row in rows.exclude(budget_code="").order_by("budget_code", "pk").values(*fields):
            url = reverse(address, args=[row["pk"]])
            may_take = any(row["organisation_path"].startswith(path) for path in paths) and (
                at_any_time or not windows.of("roadmap", row["organisation_id"]).is_over
            )
            found.append(row | {"url": url, "may_take": may_take, "is_action": model is Action})
    standings = codes.standings({row["budget_code"] for row in found})
    names = dict(plan.government.children.values_list("pk", "name"))
    for row in found:
        standing = standings[row["budget_code"]]
        word, tone = STATES[standing.state]
        row |= {"standing": standing, "word": word, "tone": tone, "agency": names.get(row["organisation_id"], "")}
    return found


@require_POST
def action_code(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give an action a code: the one that replaces its own, or one that was looked up."""
    action = load_for_edit(request, pk)
    code = codes.parse(request.POST.get("code", "")[:100])
    version = request.POST.get("version", "")
    if isinstance(code, str) or not version.isdecimal():
        messages.error(request, code if isinstance(code, str) else _("Please open the page again."))
    elif not codes.take_code(action, code, version=int(version[:9]), by=request.user):
        messages.warning(request, _("Somebody changed this action meanwhile. Look at it, then choose again."))
    else:
        messages.success(request, _("“%(action)s” now has the code %(code)s.") % {"action": action, "code": code})
    if request.POST.get("from") == "plan-codes":
        return redirect("plan-codes", action.plan.slug)
    return redirect("action-detail", pk)


# --- the lists --------------------------------------------------------------------------------------------------------


def _may_load(user: Any) -> bool:
    """Whether this person may load lists: somebody at the ministry, for they hold everywhere."""
    ministries = Organisation.objects.within_reach(user, Can.BUDGET_CODES_LOAD)
    return user.may_anywhere(Can.BUDGET_CODES_LOAD) and ministries.filter(kind=Organisation.Kind.MINISTRY).exists()


def _load_list(request: SignedInRequest, pk: int) -> BudgetCodeList:
    """The list if this person may load lists; else 404."""
    if not _may_load(request.user):
        raise Http404
    return get_object_or_404(BudgetCodeList.objects.select_related("file"), pk=pk, withdrawn_at=None)


def typed(request: HttpRequest) -> tuple[Any, ...]:
    """What was sent, for a form: an empty form that is sent is wrong too, one that is only looked at is not."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


@require_http_methods(["GET", "HEAD", "POST"])
def budget_code_lists(request: SignedInRequest) -> HttpResponse:
    """The lists that were loaded, and a form for another one."""
    if not _may_load(request.user):
        raise Http404
    form = CodeListForm(*typed(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            opened = code_lists.open_list(
                told["file"], title=told["title"], source=told["source"], year=told["year"], by=request.user
            )
        except (SheetError, FileRefused) as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("budget-code-list", opened.pk)
    lists = BudgetCodeList.objects.filter(withdrawn_at=None).select_related("file", "created_by__person")
    context = {"form": form, "lists": lists.order_by("-is_current", "-pk")[:100]}
    return render(request, "roadmap/code_lists.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
def budget_code_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """One list: what its file would become before it is loaded, its codes afterwards."""
    one = _load_list(request, pk)
    count = one.codes.count()
    job = code_lists.job_of(one)
    context: dict[str, Any] = {
        "one": one,
        "crumbs": [(_("Lists of codes"), reverse("budget-code-lists"))],
        "count": count,
        "job": job,
        "history": history_of(one),
        "may_withdraw": not one.is_current and (count or job is None),
    }
    if count:
        after, text = request.GET.get("sesudah", ""), search_text(request.GET)
        rows = codes.found_in(one.codes.all(), text).values("pk", "code", "title", "level", "replaced_by")
        page = page_of(rows, order="code", after=after, size=ROWS_ON_A_PAGE)
        words = dict(BudgetCode.Level.choices)
        context |= {
            "rows": [row | {"level": words[row["level"]]} for row in page.rows],
            "page_of_rows": page,
            "after": after,
            "search": text,
            "is_mapping": not one.codes.filter(replaced_by="").exists(),
        }
    elif job is None:
        examined = code_lists.examine(_table(one))
        current = codes.current_list()
        context |= {
            "examined": examined,
            "wrong": examined.wrong[:WRONG_SHOWN],
            "sample": examined.entries[:8],
            "table": _table(one),
            "change": code_lists.change_against(current, examined),
            "current": current,
        }
    return render(request, "roadmap/code_list.html", context)


def _table(one: BudgetCodeList) -> Any:
    """The table; 404 when the storage has lost the file."""
    try:
        return code_lists.table_of(one)
    except (FileNotFoundError, SheetError) as problem:
        raise Http404 from problem


@require_POST
def budget_code_list_load(request: SignedInRequest, pk: int) -> HttpResponse:
    """Load the good rows of a list, as a job."""
    one = _load_list(request, pk)
    code_lists.start_loading(one, is_current=request.POST.get("in_force") == "yes", by=request.user)
    return redirect("budget-code-list", pk)


@require_POST
def budget_code_list_in_force(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a list that was loaded the one in force."""
    one = _load_list(request, pk)
    if code_lists.put_in_force(one, by=request.user):
        messages.success(request, _("“%(list)s” is in force now.") % {"list": one})
    else:
        messages.error(request, _("This list says only what replaces which, or is not loaded yet."))
    return redirect("budget-code-list", pk)


@require_POST
def budget_code_list_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take out a list that is not in force."""
    one = _load_list(request, pk)
    if code_lists.withdraw(one, by=request.user):
        messages.success(request, _("“%(list)s” was taken out.") % {"list": one})
        return redirect("budget-code-lists")
    messages.error(request, _("The list in force cannot be taken out. Put another one in force first."))
    return redirect("budget-code-list", pk)
