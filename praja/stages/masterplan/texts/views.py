"""Pages of the texts in a book: write one, look at its versions, take it to Word and back, see what the check found."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.entry import keep_typed
from praja.foundation.drafts.middleware import COOKIE
from praja.foundation.drafts.models import Draft
from praja.foundation.files import actions as files
from praja.foundation.files.contents import DOCX, FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.models import Narrative, NarrativeVersion
from praja.stages.masterplan.outlines.books import Book
from praja.stages.masterplan.outlines.outline import Outline, Part, outline_of
from praja.stages.masterplan.outlines.views import load
from praja.stages.masterplan.texts import linter, word_round_trip, writing
from praja.stages.masterplan.texts.differences import compare, count, only_changes
from praja.stages.masterplan.texts.forms import LONGEST_REASON, WordForm, shown_again, typed_content
from praja.stages.masterplan.texts.markup import written
from praja.stages.masterplan.texts.narratives import Content, NarrativeRefused
from praja.stages.masterplan.texts.references import CHARTS, chart_choices, choices_of, pictures_of, values_of


@dataclass(frozen=True)
class Writing:
    """The page of one text: where it stands, and what is stored there."""

    plan: Plan
    book: Book
    outline: Outline
    part: Part
    narrative: Narrative

    def address(self, name: str = "narrative", *more: Any) -> str:
        """The address of this page or of one below it."""
        return reverse(name, args=[self.plan.slug, self.book.key, self.part.key, *more])

    def context(self, *, is_below: bool = True) -> dict[str, Any]:
        """What every page of this text shows; a page below the text leads back to it."""
        number = self.outline.numbers.get(self.part.key, "")
        chapter = self.outline.chapter_with(self.part.key) or self.part
        address = reverse("book-chapter", args=[self.plan.slug, self.book.key, chapter.key])
        crumbs = [
            (self.book.name, reverse("book-of", args=[self.plan.slug, self.book.key])),
            (f"{self.outline.numbers.get(chapter.key, '')} {chapter.title}".strip(), address),
        ]
        if is_below:
            crumbs.append((f"{number} {_('Text')}".strip(), self.address()))
        return {
            "plan": self.plan,
            "book": self.book,
            "part": self.part,
            "number": number,
            "narrative": self.narrative,
            "crumbs": crumbs,
        }


def _load(request: SignedInRequest, slug: str, book: str, key: str) -> Writing:
    """The text at this place of a book for somebody who may write it, else 404."""
    plan, row = load(request, slug, book, Can.BOOK_WRITE)
    outline = outline_of(plan, row)
    part = outline.by_key.get(key)
    if part is None:
        raise Http404
    return Writing(plan, row, outline, part, writing.narrative_of(plan, row.key, key))


# ---------------------------------------------------------------- writing


@require_http_methods(["GET", "HEAD", "POST"])
def narrative(request: SignedInRequest, slug: str, book: str, key: str) -> HttpResponse:
    """The page on which a text is written; what another person saved meanwhile is shown beside it (409)."""
    here = _load(request, slug, book, key)
    if request.method == "POST":
        return _put_in(request, here) if request.POST.get("do") else _save(request, here)
    draft = drafts.waiting(by=request.user, address=request.path, token=request.COOKIES.get(COOKIE, ""))
    if draft is None:
        return _page(request, here, written(here.narrative.content), _json(here.narrative.content))
    # Whoever saved after this was typed must not be overwritten unseen: saving will show both texts.
    version = here.narrative.version if draft.base_version is None else draft.base_version
    text, nodes = shown_again(drafts.as_data(draft))
    return _page(request, here, text, nodes, saved_draft=draft, version=version)


def _save(request: SignedInRequest, here: Writing) -> HttpResponse:
    address, version = request.path, drafts.version_in(request.POST)
    try:
        content = typed_content(request.POST)
    except NarrativeRefused as problem:
        drafts.keep(request.POST, by=request.user, address=address)
        typed = shown_again(request.POST)
        return _page(request, here, *typed, problems=problem.sentences, version=version, status=422)
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())[:LONGEST_REASON]
    try:
        writing.save(here.narrative, content, by=request.user, version=version, reason=reason)
    except TooLate:
        stored = writing.narrative_of(here.plan, here.book.key, here.part.key)
        if stored.content != content:
            drafts.keep(request.POST, by=request.user, address=address, kind=Draft.Kind.CONFLICT)
            changes = compare(stored.content, content)
            now = Writing(here.plan, here.book, here.outline, here.part, stored)
            return _page(request, now, written(content), _json(content), changes=only_changes(changes), status=409)
    drafts.clear(by=request.user, address=address, token=request.COOKIES.get(COOKIE, ""))
    messages.success(request, _("Saved."))
    return redirect(address)


def _put_in(request: SignedInRequest, here: Writing) -> HttpResponse:
    """Without a script: put a picture, chart or reference at the end of what was typed; nothing is saved in the book yet."""
    problems: list[str] = []
    typed = request.POST.copy()
    try:
        content = typed_content(request.POST)
        if addition := _addition(request, here):
            content = [*content, addition]
        typed["text"], typed["nodes"] = written(content), ""
    except NarrativeRefused as problem:
        problems = problem.sentences
    except FileRefused as problem:
        problems = [str(problem)]
    drafts.keep(typed, by=request.user, address=request.path)
    text, nodes = shown_again(typed)
    version = drafts.version_in(request.POST)
    return _page(request, here, text, nodes, problems=problems, version=version, status=422 if problems else 200)


def _addition(request: SignedInRequest, here: Writing) -> dict[str, Any] | None:
    chosen = request.POST.get("do")
    if chosen == "picture":
        stored = writing.store_picture(_picture_in(request), plan=here.plan, by=request.user)
        words = {
            name: request.POST.get(f"picture_{name}", "")[:LONGEST_REASON] for name in ("caption", "alt", "source")
        }
        return {"is": "figure", "picture": str(stored.uid), **words}
    if chosen == "chart" and request.POST.get("chart") in CHARTS:
        return {"is": "figure", "chart": request.POST["chart"]}
    if chosen == "reference" and (key := request.POST.get("reference")) in values_of(here.plan):
        return {"is": "paragraph", "text": [{"data": key}]}
    return None


def _picture_in(request: SignedInRequest) -> Any:
    """The picture that was sent along; raises FileRefused when none was."""
    if upload := request.FILES.get("picture"):
        return upload
    raise FileRefused(_("Choose a picture first."))


def _json(content: Content) -> str:
    return json.dumps(content, ensure_ascii=False)


def _page(
    request: SignedInRequest,
    here: Writing,
    text: str,
    nodes: str,
    *,
    version: int | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    values = values_of(here.plan)
    context = {
        **here.context(is_below=False),
        "text": text,
        "nodes": nodes,
        "version": here.narrative.version if version is None else version,
        "references": choices_of(values),
        "known": json.dumps({one.key: [one.label, one.text] for one in values.values()}, ensure_ascii=False),
        "charts": chart_choices(),
        "people": writing.people_at(here.narrative, but=request.user),
        "draft_address": here.address("narrative-draft"),
        "is_plain": "teks" in request.GET,
        **more,
    }
    return render(request, "masterplan/narrative.html", context, status=status)


@require_POST
def narrative_draft(request: SignedInRequest, slug: str, book: str, key: str) -> HttpResponse:
    """The page saves by itself."""
    return keep_typed(request, address=_load(request, slug, book, key).address())


@require_POST
def narrative_here(request: SignedInRequest, slug: str, book: str, key: str) -> HttpResponse:
    """The page says every twenty seconds that it is open, and learns who else has it open and what was saved."""
    here = _load(request, slug, book, key)
    writing.be_here(here.narrative, by=request.user)
    context = {
        "people": writing.people_at(here.narrative, but=request.user),
        "is_newer": here.narrative.version > drafts.version_in(request.POST) and bool(here.narrative.content),
    }
    return render(request, "masterplan/_narrative_people.html", context)


@require_POST
def narrative_paste(request: SignedInRequest, slug: str, book: str, key: str) -> JsonResponse:
    """What was pasted (`html`) or typed as markup (`text`), as nodes and as markup; nothing is stored."""
    _load(request, slug, book, key)
    try:
        content = typed_content(request.POST)
    except NarrativeRefused as problem:
        return JsonResponse({"problems": problem.sentences}, status=422)
    return JsonResponse({"nodes": content, "text": written(content)})


@require_POST
def narrative_picture_new(request: SignedInRequest, slug: str, book: str, key: str) -> JsonResponse:
    """A picture for the editor: its uid and where it is shown."""
    here = _load(request, slug, book, key)
    try:
        stored = writing.store_picture(_picture_in(request), plan=here.plan, by=request.user)
    except FileRefused as problem:
        return JsonResponse({"problems": [str(problem)]}, status=422)
    return JsonResponse({"picture": str(stored.uid)})


@require_safe
def narrative_picture(request: SignedInRequest, slug: str, uid: UUID) -> FileResponse:
    """A picture of a text, for everybody who may read the books."""
    plan = plan_within_reach(request, slug, Can.BOOK_VIEW)
    stored = pictures_of(plan, {str(uid)}).get(str(uid))
    if stored is None:
        raise Http404
    try:
        response = FileResponse(stored.open(), content_type=stored.kind)
    except FileNotFoundError as problem:
        raise Http404 from problem
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


# ---------------------------------------------------------------- versions


@require_safe
def narrative_versions(request: SignedInRequest, slug: str, book: str, key: str) -> HttpResponse:
    """Every version of a text, the newest first."""
    here = _load(request, slug, book, key)
    versions: Any = []
    if here.narrative.pk:
        versions = here.narrative.versions.defer("content").select_related("saved_by__person")
    return render(request, "masterplan/narrative_versions.html", {**here.context(), "versions": versions})


def _version(here: Writing, number: int) -> NarrativeVersion:
    versions = NarrativeVersion.objects.filter(narrative_id=here.narrative.pk).select_related("saved_by__person")
    return get_object_or_404(versions, number=number)


@require_safe
def narrative_version(request: SignedInRequest, slug: str, book: str, key: str, number: int) -> HttpResponse:
    """What a version changed: against the one before it, or (`dengan`) against another one."""
    here = _load(request, slug, book, key)
    version = _version(here, number)
    others = list(here.narrative.versions.order_by("-number").values_list("number", flat=True))
    asked = request.GET.get("dengan", "")
    other = int(asked) if asked.isdecimal() and len(asked) < 9 and int(asked) in others else None
    if other is None:
        other = next((one for one in others if one < number), None)
    before = _version(here, other).content if other else []
    changes = compare(before, version.content)
    context = {
        **here.context(),
        "version": version,
        "other": other,
        "others": [one for one in others if one != number],
        "changes": only_changes(changes),
        "counts": count(changes),
        "is_current": version.number == others[0],
    }
    return render(request, "masterplan/narrative_version.html", context)


@require_POST
def narrative_restore(request: SignedInRequest, slug: str, book: str, key: str, number: int) -> HttpResponse:
    """Bring a version back as a new version."""
    here = _load(request, slug, book, key)
    version = _version(here, number)
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())
    try:
        writing.restore(
            here.narrative, version, by=request.user, version=drafts.version_in(request.POST), reason=reason
        )
    except TooLate:
        messages.warning(request, _("Somebody saved this text meanwhile. Look at the versions and decide again."))
        return redirect(here.address("narrative-versions"))
    messages.success(request, _("Version %(number)s is the text again.") % {"number": number})
    return redirect(here.address())


# ---------------------------------------------------------------- Word


@require_safe
def narrative_word(request: SignedInRequest, slug: str, book: str, key: str) -> HttpResponse:
    """The text as a Word file: with its sections when it is a chapter, what is compiled as grey places."""
    here = _load(request, slug, book, key)
    made = word_round_trip.chapter_file(here.plan, here.outline, here.part, values_of(here.plan))
    name = files.safe_name(f"{here.book.name} {here.context()['number']} {here.part.title}.docx", DOCX)
    response = HttpResponse(made, content_type=DOCX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def narrative_word_in(request: SignedInRequest, slug: str, book: str, key: str) -> HttpResponse:
    """Take an edited Word file back: it is stored, then the preview shows what it would change."""
    here = _load(request, slug, book, key)
    is_sent = request.method == "POST"
    form = WordForm(request.POST, request.FILES) if is_sent else WordForm()
    if is_sent and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            word_round_trip.read_file(upload)
            upload.seek(0)
            stored = files.store(upload, by=request.user, organisation_path=here.plan.organisation_path)
        except FileRefused as problem:
            form.add_error("file", str(problem))
        else:
            return redirect(here.address("narrative-word-preview", stored.uid))
    status = 422 if form.errors else 200
    return render(request, "masterplan/narrative_word.html", {**here.context(), "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def narrative_word_preview(request: SignedInRequest, slug: str, book: str, key: str, uid: UUID) -> HttpResponse:
    """What the Word file changes in each text, and taking it in."""
    here = _load(request, slug, book, key)
    stored = get_object_or_404(
        StoredFile.objects.present(), uid=uid, kind=DOCX, organisation_path=here.plan.organisation_path
    )
    try:
        with stored.open() as file:
            found = word_round_trip.read_file(file)
    except (FileRefused, FileNotFoundError):
        messages.warning(request, _("This Word file cannot be read any more. Please send it once more."))
        return redirect(here.address("narrative-word-in"))
    places = word_round_trip.places_of(here.plan, here.outline, here.part, found)
    if request.method == "POST":
        return _take_in(request, here, places, found)
    context = {
        **here.context(),
        "stored": stored,
        "places": [_shown_place(here, place) for place in places],
        "warnings": found.warnings,
        "has_changes": any(place.is_changed for place in places),
    }
    return render(request, "masterplan/narrative_word_preview.html", context)


def _shown_place(here: Writing, place: word_round_trip.Place) -> dict[str, Any]:
    changes = compare(place.narrative.content, place.content) if place.is_changed else []
    return {
        "part": place.part,
        "number": here.outline.numbers.get(place.part.key, ""),
        "version": place.narrative.version,
        "problems": place.problems,
        "changes": only_changes(changes),
        "counts": count(changes),
        "is_changed": place.is_changed,
    }


def _take_in(
    request: SignedInRequest, here: Writing, places: list[word_round_trip.Place], found: word_round_trip.Found
) -> HttpResponse:
    """Save what changed as versions; a text that somebody saved since the preview stays as it is."""
    late = []
    for place in places:
        if not place.is_changed or place.problems or f"take-{place.part.key}" not in request.POST:
            continue
        try:
            content = word_round_trip.with_pictures(place.content, found, plan=here.plan, by=request.user)
            version = int(request.POST.get(f"version-{place.part.key}", "")[:8] or 0)
            writing.save(place.narrative, content, by=request.user, version=version, reason=_("Taken in from Word"))
        except (TooLate, ValueError):
            late.append(place.part.title)
    if late:
        messages.warning(
            request,
            _("Somebody saved meanwhile, so this was not taken in: %(titles)s. Look at it once more.")
            % {"titles": ", ".join(late)},
        )
        return redirect(request.path)
    messages.success(request, _("The text from Word is taken in as a new version."))
    return redirect(here.address())


# ---------------------------------------------------------------- the check of a book


@require_safe
def book_check(request: SignedInRequest, slug: str, book: str) -> HttpResponse:
    """What contradicts the data or is not whole in a book, each with its place."""
    plan, row = load(request, slug, book, Can.BOOK_VIEW)
    outline = outline_of(plan, row)
    findings = linter.check_book(plan, outline)
    may_write = request.user.may(Can.BOOK_WRITE, plan)
    context = {
        "plan": plan,
        "book": row,
        "groups": linter.grouped(findings),
        "number": len(findings),
        "may_write": may_write,
        "crumbs": [(row.name, reverse("book-of", args=[plan.slug, row.key])), (_("Check"), "")],
    }
    return render(request, "masterplan/book_check.html", context)
