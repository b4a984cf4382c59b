"""The page of a workbook: get it, upload it, see what would change, apply the rows that are chosen."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.files.contents import XLSX
from praja.foundation.sheets.reading import SheetError
from praja.stages.readiness.sheet import MOST_ROWS, Book


class SheetForm(forms.Form):
    """A file to read."""

    file = forms.FileField(label=gettext_lazy("File"))


def sheet_page(request: SignedInRequest, book: Book, *, done: str, template_url: str) -> HttpResponse:
    """Upload, preview, apply exactly the rows that are chosen; `done`: the address of the list afterwards."""
    if "apply" in request.POST:
        chosen = [number for number in request.POST.getlist("row") if number.isdecimal()][:MOST_ROWS]
        _tell(request, *book.apply(request.POST.get(f"payload-{number}", "") for number in chosen))
        return redirect(done)
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "plan": book.plan,
        "form": form,
        "title": book.title,
        "done": done,
        "template_url": template_url,
    }
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            context["preview"] = book.preview(upload, upload.name)
        except SheetError as problem:
            form.add_error("file", str(problem))
    return render(request, "readiness/sheet.html", context, status=422 if form.is_bound and form.errors else 200)


def _tell(request: SignedInRequest, number: int, left: list[Any]) -> None:
    if number:
        sentence = ngettext("%(count)d row was applied.", "%(count)d rows were applied.", number)
        messages.success(request, sentence % {"count": number})
    if left:
        titles = ", ".join(f"“{line.title}”" for line in left[:5])
        messages.warning(
            request,
            _("Left as they are, because somebody changed them after the preview: %(titles)s. Upload the file again.")
            % {"titles": titles},
        )
    if not number and not left:
        messages.info(request, _("Nothing was changed: no row was chosen, or Praja says the same already."))


def workbook(book: Book) -> HttpResponse:
    """The workbook as a file."""
    response = HttpResponse(book.workbook(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{book.file_name}-{book.plan.slug}.xlsx"'
    return response
