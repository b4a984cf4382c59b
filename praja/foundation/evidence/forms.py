"""Handing in evidence: a file or a link."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.evidence.models import Evidence
from praja.foundation.files.actions import store
from praja.foundation.files.contents import FileRefused


class EvidenceForm(forms.Form):
    """Title, kind, and either a file or a link."""

    title = forms.CharField(label=gettext_lazy("What it is"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Evidence.Kind.choices)
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    link = forms.URLField(label=gettext_lazy("or link"), required=False, max_length=500, assume_scheme="https")

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("link")):
            raise forms.ValidationError(_("Choose a file or write a link, one of the two."))
        return cleaned

    def store(self, *, by: Any, organisation_path: str) -> dict[str, Any] | None:
        """The values of the evidence, its file stored; None (with an error in the form) when the file is refused."""
        values = {key: self.cleaned_data[key] for key in ("title", "kind", "link")}
        if upload := self.cleaned_data.get("file"):
            try:
                values["file"] = store(upload, by=by, organisation_path=organisation_path)
            except FileRefused as problem:
                self.add_error("file", str(problem))
                return None
        return values
