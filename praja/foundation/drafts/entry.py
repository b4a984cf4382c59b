"""One short page of a row: load, check, compare versions, save, and lose nothing on the way."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import EditableRow, TooLate, update_if_unchanged
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.middleware import COOKIE
from praja.foundation.drafts.models import Draft
from praja.foundation.drafts.rules import WithRules

MOST_CHILDREN = 200
ONE_SENDING = timedelta(minutes=1)


class ChildForm(WithRules, forms.Form):
    """One repeatable row; `id` is the stored row it stands for, empty for a new one."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def show_without_judging(self) -> None:
        """Show what was typed without error messages."""
        self._errors = ErrorDict()

    def has_changed_or_is_stored(self) -> bool:
        """Whether this line says anything at all."""
        return bool(self.has_changed() or self.cleaned_data.get("id"))


class ChildFormSet(forms.BaseFormSet):
    """The lines of one kind on a page."""

    def show_without_judging(self) -> None:
        """Show what was typed without error messages."""
        self._errors: list[ErrorDict] = []
        self._non_form_errors = self.error_class()
        for line in self.forms:
            line.show_without_judging()


def formset_of(form: type[ChildForm], *, extra: int, most: int = MOST_CHILDREN) -> type[ChildFormSet]:
    """The formset of such lines, with `extra` empty ones at its end and at most `most` in all."""
    made = forms.formset_factory(
        form, formset=ChildFormSet, extra=extra, can_delete=True, max_num=most, validate_max=True
    )
    return cast("type[ChildFormSet]", made)  # the stubs forget which class it was given


class ChildRows:
    """The repeatable rows of one kind below a row: a formset, how it is loaded and how a line reads in history."""

    prefix: ClassVar[str]
    model: ClassVar[type[EditableRow]]
    form: ClassVar[type[ChildForm]]
    parent: ClassVar[str]  # name of the foreign key to the row
    title: ClassVar[Promise | str]
    add_title: ClassVar[Promise | str]
    extra: ClassVar[int] = 1
    remarks: Sequence[Any] = ()  # what is asked about these rows, where a page says so (remarks/fields.py)

    def __init__(self, row: Any, data: QueryDict | None = None) -> None:
        self.row = row
        self.stored = list(self.queryset(row)) if row.pk else []
        self.formset = formset_of(self.form, extra=self.extra)(
            data=data,
            prefix=self.prefix,
            initial=[{"id": child.pk, **self.initial(child)} for child in self.stored],
            form_kwargs=self.form_kwargs(row),
        )

    def form_kwargs(self, row: Any) -> dict[str, Any]:
        """What each line's form needs to know."""
        del row
        return {}

    def queryset(self, row: Any) -> models.QuerySet[Any]:
        """The stored lines, in order."""
        return self.model._default_manager.filter(**{self.parent: row, "withdrawn_at": None})

    def initial(self, child: Any) -> dict[str, Any]:
        """A stored line as the form shows it."""
        return {name: getattr(child, name) for name in self.form.base_fields if name != "id"}

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """A line of the form as columns of the row."""
        return {name: value for name, value in cleaned.items() if name not in ("id", "DELETE")}

    def words(self, child: Any) -> str:
        """A stored line in words, for the history and for comparing."""
        return str(child)

    def kept(self) -> list[dict[str, Any]]:
        """The checked lines that are to stay."""
        return [
            line.cleaned_data
            for line in self.formset.forms
            if line.has_changed_or_is_stored() and not line.cleaned_data.get("DELETE")
        ]

    def typed_words(self) -> list[str]:
        """What was typed, a text a line, for comparing with what is stored."""
        return [self.words(self.model(**{self.parent: self.row}, **self.columns(line))) for line in self.kept()]

    def columns(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Those values that are columns of the line's own table."""
        names = {field.attname for field in self.model._meta.concrete_fields}
        names |= {field.name for field in self.model._meta.concrete_fields}
        return {name: value for name, value in self.values(cleaned).items() if name in names}

    def save(self, *, by: Any) -> None:
        """Store new and changed lines and withdraw those that were taken away."""
        stored = {child.pk: child for child in self.stored}
        now = timezone.now()
        for order, cleaned in enumerate(self.kept()):
            child = stored.pop(cleaned.get("id") or 0, None)
            values = self.columns(cleaned)
            if hasattr(self.model, "order"):
                values["order"] = order
            if child is None:
                child = self.model(**{self.parent: self.row}, created_by=by, updated_by=by, **values)
                child.save()
            elif any(getattr(child, name) != value for name, value in values.items()):
                update_if_unchanged(child, values, by=by, version=child.version)
            self.after_line(child, cleaned)
        for child in stored.values():
            update_if_unchanged(child, {"withdrawn_at": now, "withdrawn_by": by}, by=by, version=child.version)

    def after_line(self, child: Any, cleaned: dict[str, Any]) -> None:
        """For lines that have rows of their own below them."""


class EntryForm(WithRules, forms.ModelForm):
    """One short page of a row: some of its fields, and perhaps rows below it. The page, sheets and the API share it."""

    children: ClassVar[tuple[type[ChildRows], ...]] = ()
    fields: dict[str, Any]  # each kind of field has attributes of its own
    remarks: Sequence[Any] = ()  # what is asked about the whole row

    def __init__(self, data: QueryDict | None = None, *, instance: Any, user: Any) -> None:
        self.user = user
        super().__init__(data, instance=instance)
        self.child_rows = [rows(instance, data) for rows in self.children]

    def is_valid(self) -> bool:
        """Whether the fields and every line below are right."""
        return all([super().is_valid(), *(rows.formset.is_valid() for rows in self.child_rows)])

    def show_without_judging(self) -> None:
        """Show typed values without error messages: the person has not asked to save yet."""
        self._errors = ErrorDict()
        for rows in self.child_rows:
            rows.formset.show_without_judging()

    def _post_clean(self) -> None:
        """Leave the instance alone: it is written by compare-and-set, not by `save()`."""

    def columns(self) -> dict[str, Any]:
        """The checked values that are columns of the row."""
        concrete = {field.name for field in self.instance._meta.concrete_fields}
        return {name: value for name, value in self.cleaned_data.items() if name in concrete}

    def many(self) -> dict[str, Any]:
        """The checked values that are many-to-many."""
        names = {field.name for field in self.instance._meta.many_to_many}
        return {name: value for name, value in self.cleaned_data.items() if name in names}


def snapshot(form: EntryForm, row: Any) -> dict[str, Any]:
    """What the row says now in the fields of this form, for the history."""
    values: dict[str, Any] = {}
    for name in form.columns():
        values[name] = getattr(row, name)
    for name in form.many():
        values[name] = sorted(str(other) for other in getattr(row, name).all())
    for rows in form.child_rows:
        values[rows.prefix] = [rows.words(child) for child in rows.queryset(row)]
    return values


@transaction.atomic
def save_entry(form: EntryForm, *, by: Any, version: int, also: dict[str, Any] | None = None) -> None:
    """Write a checked form to its row if nobody was faster (else TooLate), with one line of history.

    `also` are further columns that follow from the form, such as the path of a new agency.
    """
    row = form.instance
    before = snapshot(form, row)
    update_if_unchanged(row, {**form.columns(), **(also or {})}, by=by, version=version)
    for name, value in form.many().items():
        getattr(row, name).set(value)
    for rows in form.child_rows:
        rows.save(by=by)
    after = snapshot(form, row)
    if before != after:
        record("edit", row, by=by, before=before, after=after)


@dataclass(frozen=True)
class Difference:
    """One field that says different things in the row and in what was typed."""

    label: str
    theirs: str
    mine: str


def _shown(value: Any) -> str:
    if value is None or value == "":
        return ""
    if value is True:
        return _("Yes")
    if value is False:
        return _("No")
    if isinstance(value, (list, tuple, models.QuerySet)):
        return "\n".join(str(item) for item in value)
    return str(value)


def differences(form: EntryForm, fresh: Any) -> list[Difference]:
    """Where the checked form and the row as it is now disagree."""
    found = []
    for name, mine in {**form.columns(), **form.many()}.items():
        theirs = getattr(fresh, name)
        if hasattr(theirs, "all"):
            theirs = list(theirs.all())
        if _shown(theirs) != _shown(mine):
            found.append(Difference(str(form.fields[name].label or name), _shown(theirs), _shown(mine)))
    for rows in form.child_rows:
        theirs = [rows.words(child) for child in rows.queryset(fresh)]
        if theirs != rows.typed_words():
            found.append(Difference(str(rows.title), "\n".join(theirs), "\n".join(rows.typed_words())))
    return found


def sent_before(rows: models.QuerySet[Any] | models.Manager[Any], *, by: Any, **values: Any) -> Any:
    """The row that this person began in the last minute with the same values: the form of a new row, sent twice."""
    since = timezone.now() - ONE_SENDING
    return rows.filter(created_by=by, created_at__gt=since, version=1, withdrawn_at=None, **values).first()


def posted_version(request: HttpRequest) -> int:
    """The version that the page was made from; 0, which no row has, when it is missing or hostile."""
    return drafts.version_in(request.POST)


def mark_of(form: EntryForm) -> str:
    """Sixteen letters that tell whether the fields of an unbound form, and the rows below them, say the same as before."""
    said = [form.get_initial_for_field(field, name) for name, field in form.fields.items()]
    below = [rows.formset.initial for rows in form.child_rows]
    return hashlib.sha256(repr((_plain(said), _plain(below))).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """A value by its content: rows by their keys, querysets as lists."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, models.QuerySet)):
        return [_plain(one) for one in value]
    return value


def save_beside(form: EntryForm, *, save: Callable[..., None], seen: str) -> bool:
    """Save a page that is late only because somebody saved another page of the same row; False when it is not so."""
    fresh = type(form)(instance=form.instance, user=form.user)
    if not seen or seen != mark_of(fresh):
        return False
    try:
        save(form, by=form.user, version=form.instance.version)
    except TooLate:
        return False
    return True


def entry_page(
    request: HttpRequest,
    row: Any,
    *,
    form_class: Callable[..., EntryForm],
    save: Callable[..., None],
    template: str,
    context: dict[str, Any],
    done: str | Callable[[Any], str],
) -> HttpResponse:
    """Show and save one page of `row`; `done` is the address after saving, or tells it of the row that is stored then.

    Two people on different pages of one row do not meet: what this page shows decides. A page made from an older version comes back with both texts (409), a wrong one with its errors (422), and in
    both cases what was typed is kept as a draft.
    """
    user, token = request.user, request.COOKIES.get(COOKIE, "")
    data: dict[str, Any] = {"row": row, "saved_draft": None, "differences": [], **context}
    status: int = 200
    version: int | str = row.version
    if request.method == "POST":
        form = form_class(request.POST, instance=row, user=user)
        if form.is_valid():
            try:
                save(form, by=user, version=posted_version(request))
            except TooLate:
                row.refresh_from_db()
                seen = drafts.VERSION.fullmatch(request.POST.get("version", ""))
                if not save_beside(form, save=save, seen=(seen and seen[2]) or ""):
                    row.refresh_from_db()
                    data["differences"] = differences(form, row)
            if not data["differences"]:  # saved now, or before by the same form that was sent twice
                drafts.clear(by=user, address=request.path, token=token)
                messages.success(request, _("Saved."))
                return redirect(done(form.instance) if callable(done) else done)
            drafts.keep(request.POST, by=user, address=request.path, kind=Draft.Kind.CONFLICT)
            status, version = 409, row.version
        else:
            drafts.keep(request.POST, by=user, address=request.path)
            status = 422
            if posted_version(request) not in (0, row.version):  # it stays as late as it was
                version = request.POST["version"]
    else:
        draft = drafts.waiting(by=user, address=request.path, token=token)
        form = form_class(drafts.as_data(draft) if draft else None, instance=row, user=user)
        if draft:
            form.show_without_judging()
            data["saved_draft"] = draft
            # Whoever saved after this was typed must not be overwritten unseen: saving will show both texts.
            version = draft.base_version or version
    if version == row.version:
        version = f"{version}-{mark_of(form_class(instance=row, user=user) if form.is_bound else form)}"
    return render(request, template, {**data, "form": form, "version": version}, status=status)


def keep_typed(request: HttpRequest, *, address: str) -> HttpResponse:
    """Answer to the page that saves by itself: keep what was typed, or throw it away when asked."""
    if "discard" in request.POST:
        drafts.clear(by=request.user, address=address, token=request.COOKIES.get(COOKIE, ""))
        return redirect(address)
    if sum(len(value) for _name, values in request.POST.lists() for value in values) > drafts.MOST_CHARACTERS:
        return JsonResponse({"problem": _("The text is too long to be kept.")}, status=413)
    draft = drafts.keep(request.POST, by=request.user, address=address)
    return JsonResponse({"saved_at": localtime(draft.saved_at).strftime("%H.%M")})
