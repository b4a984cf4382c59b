"""Pages of strategies and programmes, a dimension at a time: the tree, short forms, order, and what stands nowhere yet."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version, sent_before
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Dimension, Plan, SubDimension
from praja.foundation.workflow.steps import Refused
from praja.stages.roadmap import actions
from praja.stages.roadmap.models import Action, Programme, Strategy
from praja.stages.roadmap.strategy_forms import ProgrammeForm, StrategyForm, in_no_programme

MOST_AT_ONCE = 500


# --- the tree ---------------------------------------------------------------------------------------------------------


@require_safe
def strategy_tree(request: SignedInRequest, slug: str, dimension: str = "") -> HttpResponse:
    """One dimension: sub-dimension, strategy, programme, innovations and actions; and what stands in no programme."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    dimensions = list(plan.dimension_set.dimensions.all())
    chosen = next((one for one in dimensions if one.key == dimension), None if dimension else dimensions[0])
    if chosen is None:
        raise Http404
    context = {
        "plan": plan,
        "dimension": chosen,
        "tabs": [
            {
                "title": str(one),
                "url": reverse("strategy-tree-of", args=[plan.slug, one.key]),
                "is_current": one.pk == chosen.pk,
            }
            for one in dimensions
        ],
        "branches": tree(plan, chosen),
        "free": list(in_no_programme(plan).filter(dimension=chosen).select_related("organisation")),
        "loose": list(
            Action.objects.in_service().filter(plan=plan, programme=None, sub_dimension__dimension=chosen)
            .order_by("order", "pk")
        ),
        "may_write": request.user.may(Can.PROGRAMME_WRITE, plan),
        "may_act": request.user.may_within(Can.ACTION_WRITE, plan),
    }  # fmt: skip
    return render(request, "roadmap/tree.html", context)


def tree(plan: Plan, dimension: Dimension) -> list[dict[str, Any]]:
    """The sub-dimensions with their strategies, programmes, innovations and actions, in order; five queries."""
    strategies = list(
        plan.strategies.filter(withdrawn_at=None, sub_dimension__dimension=dimension).order_by("order", "pk")
    )
    programmes = list(
        plan.programmes.filter(withdrawn_at=None, strategy__in=[one.pk for one in strategies]).order_by("order", "pk")
    )
    keys = [one.pk for one in programmes]
    innovations: dict[int, list[dict[str, Any]]] = defaultdict(list)
    hung = Programme.innovations.through.objects.filter(programme__in=keys, innovation__withdrawn_at=None)
    for programme, pk, title, state in hung.order_by("innovation__title", "innovation").values_list(
        "programme_id", "innovation_id", "innovation__title", "innovation__state"
    ):
        innovations[programme].append({"pk": pk, "title": title, "state": state})
    doing: dict[int | None, list[Action]] = defaultdict(list)
    for action in Action.objects.in_service().filter(programme__in=keys).order_by("order", "pk"):
        doing[action.programme_id].append(action)
    below: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in programmes:
        found = {"row": one, "innovations": innovations[one.pk], "actions": doing[one.pk]}
        below[one.strategy_id].append(found)
    by_sub: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for strategy in strategies:
        by_sub[strategy.sub_dimension_id].append({"row": strategy, "programmes": below[strategy.pk]})
    return [
        {"sub_dimension": sub, "strategies": by_sub[sub.pk]} for sub in dimension.sub_dimensions.order_by("order")
    ]  # fmt: skip


def page_of_dimension(plan: Plan, sub_dimension: SubDimension) -> str:
    """The address of the tree in which a sub-dimension stands, at its place."""
    address = reverse("strategy-tree-of", args=[plan.slug, sub_dimension.dimension.key])
    return f"{address}#sub-{sub_dimension.pk}"


def load_strategy(request: SignedInRequest, pk: int) -> Strategy:
    """The strategy if this person may write it; else 404."""
    rows = Strategy.objects.in_service().within_reach(request.user, Can.PROGRAMME_WRITE)
    related = ("plan__government__region", "plan__dimension_set", "sub_dimension__dimension")
    strategy = get_object_or_404(rows.select_related(*related), pk=pk)
    request.plan = strategy.plan
    return strategy


def load_programme(request: SignedInRequest, pk: int) -> Programme:
    """The programme if this person may write it; else 404."""
    rows = Programme.objects.in_service().within_reach(request.user, Can.PROGRAMME_WRITE)
    related = ("plan__government__region", "plan__dimension_set", "strategy__sub_dimension__dimension")
    programme = get_object_or_404(rows.select_related(*related), pk=pk)
    request.plan = programme.plan
    return programme


# --- strategies -------------------------------------------------------------------------------------------------------


class NewStrategyForm(forms.ModelForm):
    """A strategy of a sub-dimension that the address names."""

    class Meta(StrategyForm.Meta):
        pass


class NewProgrammeForm(forms.ModelForm):
    """A programme needs only its title."""

    class Meta:
        model = Programme
        fields = ("title",)


@require_http_methods(["GET", "HEAD", "POST"])
def strategy_new(request: SignedInRequest, slug: str, sub_dimension: int) -> HttpResponse:
    """A new strategy of a sub-dimension."""
    plan = plan_within_reach(request, slug, Can.PROGRAMME_WRITE)
    subs = SubDimension.objects.filter(dimension__set=plan.dimension_set_id).select_related("dimension")
    sub = get_object_or_404(subs, pk=sub_dimension)
    form = NewStrategyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "sub_dimension": sub}
        _made = sent_before(plan.strategies, by=request.user, **said) or actions.start_strategy(
            plan, by=request.user, **said
        )
        return redirect(page_of_dimension(plan, sub))
    context = {
        "plan": plan,
        "form": form,
        "crumbs": _crumbs(plan, sub),
        "above": sub,
        "back": page_of_dimension(plan, sub),
    }
    context["heading"] = _("New strategy")
    return render(request, "roadmap/short_form.html", context, status=422 if form.is_bound else 200)


@entry("strategy-edit", draft="strategy-draft", load=load_strategy)
def strategy_edit(_request: SignedInRequest, strategy: Strategy, pk: int) -> Entry:
    """The text of a strategy and the target it is to reach."""
    back = page_of_dimension(strategy.plan, strategy.sub_dimension)
    context = {
        "plan": strategy.plan,
        "crumbs": _crumbs(strategy.plan, strategy.sub_dimension),
        "heading": _("Strategy"),
        "back": back,
        "withdraw_address": reverse("strategy-withdraw", args=[pk]),
        "history": history_of(strategy, 20),
    }
    return Entry(
        strategy,
        form_class=StrategyForm,
        save=actions.save_strategy,
        template="roadmap/short_edit.html",
        context=context,
        done=back,
    )


@require_POST
def strategy_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a strategy up or down among those of its sub-dimension."""
    strategy = load_strategy(request, pk)
    actions.move(strategy, up=request.POST.get("do") == "up", by=request.user)
    return redirect(page_of_dimension(strategy.plan, strategy.sub_dimension))


@require_POST
def strategy_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a strategy out of the plan, when no programme stands below it."""
    strategy = load_strategy(request, pk)
    back = page_of_dimension(strategy.plan, strategy.sub_dimension)
    return _withdrawn(request, actions.withdraw_strategy, strategy, back, _("The strategy was withdrawn."))


# --- programmes -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def programme_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new programme below a strategy."""
    strategy = load_strategy(request, pk)
    form = NewProgrammeForm(request.POST or None)
    sub = strategy.sub_dimension
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        try:
            programme = sent_before(strategy.programmes, by=request.user, title=title) or actions.start_programme(
                strategy, by=request.user, title=title
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(page_of_dimension(strategy.plan, sub))
        return redirect("programme-edit", programme.pk)
    context = {
        "plan": strategy.plan,
        "form": form,
        "crumbs": _crumbs(strategy.plan, sub),
        "above": strategy.text,
        "back": page_of_dimension(strategy.plan, sub),
        "heading": _("New programme"),
    }
    return render(request, "roadmap/short_form.html", context, status=422 if form.is_bound else 200)


@entry("programme-edit", draft="programme-draft", load=load_programme)
def programme_edit(_request: SignedInRequest, programme: Programme, pk: int) -> Entry:
    """Title, description and the innovations of a programme."""
    sub = programme.strategy.sub_dimension
    back = page_of_dimension(programme.plan, sub)
    context = {
        "plan": programme.plan,
        "crumbs": _crumbs(programme.plan, sub),
        "heading": _("Programme"),
        "back": back,
        "withdraw_address": reverse("programme-withdraw", args=[pk]),
        "history": history_of(programme, 20),
    }
    return Entry(
        programme,
        form_class=ProgrammeForm,
        save=actions.save_programme,
        template="roadmap/short_edit.html",
        context=context,
        done=back,
    )


@require_POST
def programme_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a programme up or down among those of its strategy."""
    programme = load_programme(request, pk)
    actions.move(programme, up=request.POST.get("do") == "up", by=request.user)
    return redirect(page_of_dimension(programme.plan, programme.strategy.sub_dimension))


@require_POST
def programme_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a programme out of the plan, when no action stands below it."""
    programme = load_programme(request, pk)
    back = page_of_dimension(programme.plan, programme.strategy.sub_dimension)
    return _withdrawn(request, actions.withdraw_programme, programme, back, _("The programme was withdrawn."))


@require_POST
def programme_hang(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put the ticked innovations below a programme."""
    plan = plan_within_reach(request, slug, Can.PROGRAMME_WRITE)
    rows = plan.programmes.filter(withdrawn_at=None).select_related("plan", "strategy__sub_dimension__dimension")
    programme = rows.filter(pk=_key(request.POST.get("programme", ""))).first()
    ticked = [_key(text) for text in request.POST.getlist("innovation")[:MOST_AT_ONCE]]
    if programme is None or not ticked:
        messages.error(request, _("Tick innovations and choose the programme below which they belong."))
        known = request.POST.get("dimension", "")
        keys = plan.dimension_set.dimensions.values_list("key", flat=True)
        return redirect("strategy-tree-of", slug, known if known in keys else keys[0])
    number = actions.hang(programme, innovations=ticked, by=request.user)
    if number:
        said = ngettext("%(count)d innovation was put below it.", "%(count)d innovations were put below it.", number)
        messages.success(request, said % {"count": number})
    else:
        messages.warning(request, _("These innovations stand in a programme by now."))
    return redirect(page_of_dimension(plan, programme.strategy.sub_dimension))


# --- loading ----------------------------------------------------------------------------------------------------------


def _withdrawn(request: SignedInRequest, withdraw: Any, row: Any, back: str, said: str) -> HttpResponse:
    try:
        withdraw(row, by=request.user, version=posted_version(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, said)
    return redirect(back)


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _crumbs(plan: Plan, sub: SubDimension) -> list[tuple[str, str]]:
    return [
        (_("Strategies and programmes"), reverse("strategy-tree", args=[plan.slug])),
        (str(sub.dimension), page_of_dimension(plan, sub)),
    ]
