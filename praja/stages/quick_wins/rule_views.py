"""Pages about the rules of a round: all of them in words, and a short page for each."""

from typing import Any

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
from praja.foundation.drafts.entry import entry_page, keep_typed, posted_version, sent_before
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import rules
from praja.stages.quick_wins.models import Round, SelectionRule
from praja.stages.quick_wins.question import nominees_of, rules_of, told_rules
from praja.stages.quick_wins.reach import CAN_BE_MENDED, OF_A_ROUND
from praja.stages.quick_wins.rule_forms import HINTS, RuleForm

Kind = SelectionRule.Kind
# The kinds as they stand on the page, and the words under which.
GROUPS = (
    (Kind.PER_DIMENSION, Kind.NOT_IT, Kind.TARGET),
    (Kind.BUDGET, Kind.MONEY_STATES),
    (Kind.PER_AGENCY, Kind.STAFF_DAYS, Kind.FINISH_BY),
    (Kind.MUST, Kind.MUST_NOT, Kind.NEEDS, Kind.EXCLUDES),
)


def load_choice(request: SignedInRequest, pk: int, permission: Can = Can.QUICK_WIN_VIEW) -> Round:
    """The round if this person holds `permission` on all of it; else 404. An operator sees only own nominees."""
    rows = Round.objects.in_service().within_reach(request.user, permission).select_related(*OF_A_ROUND)
    round_: Round = get_object_or_404(rows, pk=pk)
    request.plan, request.government = round_.plan, round_.plan.government
    return round_


def load_rule(request: SignedInRequest, pk: int) -> SelectionRule:
    """The rule if this person sets the rules of its round; else 404."""
    rounds = Round.objects.in_service().within_reach(request.user, Can.QUICK_WIN_RUN)
    rows = SelectionRule.objects.filter(withdrawn_at=None, round__in=rounds)
    rule: SelectionRule = get_object_or_404(rows.select_related(*(f"round__{name}" for name in OF_A_ROUND)), pk=pk)
    request.plan, request.government = rule.round.plan, rule.round.plan.government
    return rule


def choice_crumbs(round_: Round) -> list[tuple[str, str]]:
    """The way to a page about the choice."""
    return [
        (_("Quick wins"), reverse("round-list", args=[round_.plan.slug])),
        (round_.title, reverse("round-detail", args=[round_.pk])),
    ]


def choice_tabs(round_: Round, current: str) -> list[dict[str, Any]]:
    """The pages about the choice."""
    pages = (
        ("set-rules", _("Rules")),
        ("set-detail", _("The best set")),
        ("set-question", _("Question it")),
        ("set-swap", _("Swap")),
        ("set-stability", _("How firm it is")),
    )
    return [
        {"title": title, "url": reverse(name, args=[round_.pk]), "is_current": name == current} for name, title in pages
    ]


@require_safe
def set_rules(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rules in words, grouped by kind."""
    round_ = load_choice(request, pk)
    titles = (_("Mixture"), _("Money"), _("Agencies and time"), _("Single nominees"))
    dimensions = list(round_.plan.dimension_set.dimensions.all())
    told = told_rules(rules_of(round_), nominees_of(round_), dimensions)
    words: dict[int, list[str]] = {}
    for one in told:
        words.setdefault(one.row.pk, []).append(one.words)
    rows = {one.row.pk: one.row for one in told}
    idle = [row for row in rules_of(round_) if row.pk not in rows]  # an agency without nominees
    groups = []
    for title, kinds in zip(titles, GROUPS, strict=True):
        own = [
            {
                "kind": kind,
                "rows": [
                    {"row": row, "words": _short(words.get(row.pk, [])), "more": len(words.get(row.pk, []))}
                    for row in (*rows.values(), *idle)
                    if row.kind == kind
                ],
            }
            for kind in kinds
        ]
        groups.append((title, own))
    may_set = request.user.may(Can.QUICK_WIN_RUN, round_) and round_.state in CAN_BE_MENDED
    there = {row.kind for row in (*rows.values(), *idle)}
    context = {
        "round": round_,
        "groups": groups,
        "may_set": may_set,
        "is_late": round_.state not in CAN_BE_MENDED,
        "lacking": [kind.label for kind in rules.USUAL if kind not in there],
        "tabs": choice_tabs(round_, "set-rules"),
        "crumbs": choice_crumbs(round_),
    }
    return render(request, "quick_wins/rules.html", context)


def _short(words: list[str]) -> list[str]:
    """A rule of each dimension is said in full, one of forty agencies by its first."""
    return words if len(words) <= 8 else words[:3]


@require_POST
def rules_usual(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add the usual rules that are not there."""
    round_ = load_choice(request, pk, Can.QUICK_WIN_RUN)
    try:
        number = rules.add_usual_rules(round_, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused.reasons[0]))
    else:
        said = ngettext("%(number)d rule was added.", "%(number)d rules were added.", number) % {"number": number}
        messages.success(request, said)
    return redirect("set-rules", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """A new rule of a kind, with the usual limit proposed."""
    round_ = load_choice(request, pk, Can.QUICK_WIN_RUN)
    if kind not in Kind.values:
        raise Http404
    blank = SelectionRule(round=round_, kind=kind, **({} if request.method == "POST" else rules.usual(round_, kind)))
    form = RuleForm(request.POST if request.method == "POST" else None, instance=blank, user=request.user)
    if request.method == "POST":
        is_right = form.is_valid()
        if form.cleaned_data and sent_before(round_.rules, by=request.user, kind=kind, **_plain(form.columns())):
            return redirect("set-rules", pk)
        if is_right:
            try:
                rules.add_rule(round_, kind, form.columns(), by=request.user)
            except Refused as refused:
                form.add_error(None, str(refused.reasons[0]))
            else:
                messages.success(request, _("The rule was added."))
                return redirect("set-rules", pk)
    context = {
        "round": round_,
        "form": form,
        "kind": Kind(kind),
        "hint": HINTS[Kind(kind)],
        "crumbs": [*choice_crumbs(round_), (_("Rules"), reverse("set-rules", args=[pk]))],
    }
    return render(request, "quick_wins/rule_new.html", context, status=422 if form.is_bound else 200)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values that a query can compare; a list of states is left out."""
    return {name: value for name, value in values.items() if not isinstance(value, list)}


@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    rule = load_rule(request, pk)
    back = reverse("set-rules", args=[rule.round_id])
    if rule.round.state not in CAN_BE_MENDED:
        messages.error(request, _("The sheet is on its way to the head of region; its rules stay as they are."))
        return redirect(back)
    context = {
        "round": rule.round,
        "kind": Kind(rule.kind),
        "hint": HINTS[Kind(rule.kind)],
        "crumbs": [*choice_crumbs(rule.round), (_("Rules"), back)],
        "back": back,
        "history": history_of(rule, 20),
    }
    return entry_page(
        request, rule, form_class=RuleForm, save=rules.save_rule, template="quick_wins/rule_edit.html", context=context,
        done=back,
    )  # fmt: skip


@require_POST
def rule_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page saves by itself."""
    load_rule(request, pk)
    return keep_typed(request, address=reverse("rule-edit", args=[pk]))


@require_POST
def rule_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a rule out."""
    rule = load_rule(request, pk)
    try:
        rules.withdraw_rule(rule, by=request.user, version=posted_version(request))
    except Refused as refused:
        messages.error(request, str(refused.reasons[0]))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("The rule was withdrawn."))
    return redirect("set-rules", rule.round_id)
