"""What comes in from the page of a text: its content as nodes of the editor or as markup, and a Word file."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.stages.masterplan.texts.markup import read, written
from praja.stages.masterplan.texts.narratives import MOST_CHARACTERS, Content, NarrativeRefused, validated
from praja.stages.masterplan.texts.pasting import LONGEST_PASTE, read_html

LONGEST_REASON = 200


def typed_content(data: Mapping[str, Any]) -> Content:
    """The validated content of a posted page: `nodes` of the editor, else `html`, else `text` in markup.

    Raises NarrativeRefused with sentences.
    """
    if nodes := data.get("nodes", "").strip():
        return validated(_loaded(nodes))
    if html := data.get("html", "").strip():
        if len(html) > LONGEST_PASTE:
            raise too_long(len(html))
        return validated(read_html(html))
    text = data.get("text", "")
    if len(text) > 2 * MOST_CHARACTERS:  # signs of the markup come on top; a longer one need not be read
        raise too_long(len(text))
    return validated(read(text))


def _loaded(nodes: str) -> Any:
    try:
        return json.loads(nodes)
    except (ValueError, RecursionError) as problem:
        raise NarrativeRefused([_("The text did not arrive whole. Please save it once more.")]) from problem


def too_long(size: int) -> NarrativeRefused:
    """The refusal of a text that nobody needs to read to know that it is too long."""
    return NarrativeRefused(
        [
            _("This text is too long: %(size)s characters, and a section holds %(most)s. Please divide it.")
            % {"size": size, "most": MOST_CHARACTERS}
        ]
    )


def shown_again(data: Mapping[str, Any]) -> tuple[str, str]:
    """What was typed as (markup, nodes) for the page, also where it is not taken: nothing typed is lost."""
    try:
        content = typed_content(data)
    except NarrativeRefused:
        return data.get("text", "") or data.get("html", ""), data.get("nodes", "")
    return written(content), json.dumps(content, ensure_ascii=False)


class WordForm(forms.Form):
    """A Word file that comes back."""

    file = forms.FileField(label=gettext_lazy("Word file"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".docx"
