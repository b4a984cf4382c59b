"""Rules about several fields of one entry, as pure functions: the page's form and the sheet call the same ones."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

# From the values of an entry, as its form gives them, to (field, sentence) of what does not fit. A field that is
# wrong by itself is missing from the values.
Rule = Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]


class WithRules:
    """A form that applies its `rules` once its fields are read."""

    rules: ClassVar[tuple[Rule, ...]] = ()

    def clean(self) -> dict[str, Any]:
        """The values; what does not fit together becomes the error of its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc,attr-defined]
        for rule in self.rules:
            for name, sentence in list(rule(cleaned)):
                self.add_error(name, sentence)  # type: ignore[attr-defined]
        return cleaned
