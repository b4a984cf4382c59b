"""Names that a data file gives in several languages."""

from collections.abc import Mapping

from django.utils import translation


def in_language(names: Mapping[str, str]) -> str:
    """The name in the language of the page, else in Indonesian, else any."""
    language = (translation.get_language() or "id")[:2]
    return names.get(language) or names.get("id") or next(iter(names.values()), "")
