"""The page of a sheet: get it, hand it in, look at what each row would change, bring in those that are chosen."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.sheets import flow as flows
from praja.foundation.sheets.flow import Line, Outcome, Preview, Said, SheetFlow, said_in
from praja.foundation.sheets.reading import SheetError

# Each status with its word and the tone of its mark.
WORDS: dict[str, tuple[Promise, str]] = {
    flows.NEW: (gettext_lazy("New"), "tone-success"),
    flows.CHANGED: (pgettext_lazy("row of a sheet", "Changes"), "tone-information"),
    flows.WRONG: (gettext_lazy("To mend"), "tone-danger"),
    flows.LATE: (gettext_lazy("Changed meanwhile"), "tone-attention"),
    flows.SAME: (gettext_lazy("As it is"), "tone-neutral"),
}


class UploadForm(forms.Form):
    """A file to read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={"empty": gettext_lazy("This file is empty. Please choose another one.")},
    )


def sheet_page(
    request: SignedInRequest,
    flow: SheetFlow,
    *,
    crumbs: Sequence[tuple[str, str]],
    downloads: Sequence[tuple[Promise | str, str]],
) -> HttpResponse:
    """Hand a file in, look at its rows, bring exactly the chosen ones in.

    `crumbs`: (title, address), the last one where people come from and return to; `downloads`: (words, address) of the
    workbooks to fill in.
    """
    form, preview, status = UploadForm(), None, 200
    if "apply" in request.POST:
        outcome = flow.store(chosen_rows(request.POST, flow), state=request.POST.get("state", ""))
        if outcome.again is None:
            _tell(request, outcome)
            return redirect(crumbs[-1][1])
        messages.warning(request, _("Somebody was faster. Look at these rows again, then bring them in."))
        preview, status = outcome.again, 409
    elif request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                preview = flow.preview(upload, upload.name)
            except SheetError as problem:
                form.add_error("file", str(problem))
        status = 422 if form.errors else 200
    context: dict[str, Any] = {
        "flow": flow,
        "crumbs": crumbs,
        "downloads": downloads,
        "back": crumbs[-1][1],
        "form": form,
        "preview": preview,
    }
    if preview:
        context |= {"rows": _worded(preview.to_look_at), "counts": _counted(preview)}
    return render(request, "sheets/sheet_page.html", context, status=status)


def chosen_rows(data: QueryDict, flow: SheetFlow) -> list[Said]:
    """The rows that were ticked, as the preview had them, in their order; of a row that changed meanwhile the ticked cells."""
    cells = {name.removeprefix("cell-"): set(data.getlist(name)) for name in data if name.startswith("cell-")}
    keys = list(dict.fromkeys([*data.getlist("row"), *cells]))[: 2 * flow.most]
    found = []
    for key in keys:
        said = said_in(data.get(f"payload-{key}", ""))
        if said is not None:
            found.append(said.only(cells[key] | flow.identity_of(said)) if key in cells else said)
    return sorted(found, key=lambda said: (said.sheet, said.number))


def _worded(lines: Sequence[Line]) -> list[tuple[Line, Promise, str]]:
    return [(line, *WORDS[line.status]) for line in lines]


def _counted(preview: Preview) -> list[tuple[Promise, str, int]]:
    return [(*WORDS[status], preview.counts[status]) for status in WORDS if preview.counts[status]]


def _tell(request: SignedInRequest, outcome: Outcome) -> None:
    if outcome.done:
        sentence = ngettext("%(count)d row was brought in.", "%(count)d rows were brought in.", outcome.done)
        messages.success(request, sentence % {"count": outcome.done})
    if outcome.left:
        names = ", ".join(f"“{name[:100]}”" for name in outcome.left[:5])
        sentence = ngettext(
            "%(count)d row was left as it is, because it does not fit what stands in Praja now: %(names)s. Upload the file again to see why.",
            "%(count)d rows were left as they are, because they do not fit what stands in Praja now: %(names)s. Upload the file again to see why.",
            len(outcome.left),
        )
        messages.warning(request, sentence % {"count": len(outcome.left), "names": names})
    if not outcome.done and not outcome.left:
        messages.info(request, _("Nothing was brought in: no row was chosen, or Praja says the same already."))
