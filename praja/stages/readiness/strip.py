"""A strip: the elements of a component side by side, each in the tone of its level."""

from collections import Counter
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from praja.stages.readiness.figures import Element

SIDE, GAP = 12, 3


def strip(elements: Sequence[Element]) -> SafeString:
    """One field for each element as an SVG picture; the style sheet gives the colours, words say the same."""
    fields = []
    for place, element in enumerate(elements):
        tone = element.tone or ("neutral" if element.is_answered else "none")
        words = f"{element.node.name}: {word_of(element)}"
        fields.append(
            f'<g><title>{escape(words)}</title><rect class="strip-field tone-{escape(tone)}" x="{place * (SIDE + GAP) + 0.5}" '
            f'y="0.5" width="{SIDE}" height="{SIDE}" rx="2"/></g>'
        )
    counts = Counter(word_of(element) for element in elements)
    words = ", ".join(f"{number} {word.lower()}" for word, number in counts.most_common())
    width = len(elements) * (SIDE + GAP) + 1
    return mark_safe(  # noqa: S308  numbers of ours, and escaped texts
        f'<svg class="strip" role="img" aria-label={quoteattr(words)} viewBox="0 0 {width} {SIDE + 1}" '
        f'width="{width}" height="{SIDE + 1}">{"".join(fields)}</svg>'
    )


def word_of(element: Element) -> str:
    """The level of an element in words, or that nobody has answered."""
    return str(element.level_name or _("not answered yet"))
