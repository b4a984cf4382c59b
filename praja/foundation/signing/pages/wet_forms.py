"""What is typed about scans of signing sheets: the files, and by hand which page a scan shows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from praja.foundation.signing.models import SheetVersion

ACCEPTED = "application/pdf,image/jpeg,image/png"
MOST_FILES = 30  # at a time


class ManyFiles(forms.FileInput):
    """A choice of several files; each is judged by itself when it is handed in."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        """Nothing for the field to judge: `ScansForm.uploads` gives the files."""


class ScansForm(forms.Form):
    """Scans and photos of the signed sheet: chosen from the device, or taken with its camera."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    photo = forms.FileField(
        label=gettext_lazy("Take a photo"),
        required=False,
        widget=ManyFiles(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=gettext_lazy("One page in one photo: the whole sheet, flat and in good light."),
    )
    file = forms.FileField(
        label=gettext_lazy("Choose scans or photos"),
        required=False,
        widget=ManyFiles(attrs={"accept": ACCEPTED, "multiple": True}),
        help_text=gettext_lazy("PDF, JPG or PNG, at most 20 MB each; a PDF may hold several pages, in any order."),
    )

    def uploads(self) -> list[UploadedFile]:
        """The files that came, those of the camera first."""
        return [*self.files.getlist("photo"), *self.files.getlist("file")]


class PlaceForm(forms.Form):
    """Which page a scan shows and how it lies, read by eye; which version of the sheet, where there are several."""

    fields: dict[str, Any]
    code = forms.CharField(
        label=gettext_lazy("Code of the sheet"),
        max_length=20,
        help_text=gettext_lazy("It stands below each QR code, such as K7QM-3XPD."),
    )
    page = forms.IntegerField(
        label=pgettext_lazy("of a sheet", "Page"),
        min_value=1,
        max_value=999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("It stands at the lower left: “Page 2 of 6”."),
    )
    sheet_version = forms.TypedChoiceField(
        label=gettext_lazy("Version of the sheet"),
        coerce=int,
        help_text=gettext_lazy("It stands behind the number of the page; where none stands, it is the first one."),
    )
    turns = forms.TypedChoiceField(
        label=gettext_lazy("How does the page lie in the picture below?"),
        coerce=int,
        choices=[
            (0, gettext_lazy("Upright")),
            (2, gettext_lazy("Upside down")),
            (1, gettext_lazy("On its side: its upper edge is on the right")),
            (3, gettext_lazy("On its side: its upper edge is on the left")),
        ],
        widget=forms.RadioSelect,
        initial=0,
    )

    def __init__(self, *args: Any, versions: Sequence[SheetVersion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(versions) > 1:
            self.fields["sheet_version"].choices = [(one.number, _version_in_words(one)) for one in reversed(versions)]
        else:
            del self.fields["sheet_version"]


def _version_in_words(one: SheetVersion) -> str:
    words = ngettext("Version %(number)d, %(count)d page", "Version %(number)d, %(count)d pages", one.page_count)
    return words % {"number": one.number, "count": one.page_count}
