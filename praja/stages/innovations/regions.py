"""Finding the region that a cell of a foreign sheet means, by code or by a name as people write it."""

import re
from difflib import get_close_matches

from django.utils.translation import gettext as _

from praja.foundation.places.models import Region
from praja.foundation.sheets.values import ValueProblem, normalised

_KINDS = (
    (re.compile(r"^(?:pemerintah )?(?:kabupaten|kab) (?:administrasi |adm )?|^pemkab "), "regency"),
    (re.compile(r"^(?:pemerintah )?kota (?:administrasi |adm )?|^pemkot "), "city"),
    (re.compile(r"^(?:pemerintah )?(?:provinsi|propinsi|prov|prop) |^pemprov "), "province"),
)
_OTHER_NAMES = {
    "daerah khusus ibukota jakarta": ("dki jakarta", "jakarta"),
    "daerah istimewa yogyakarta": ("di yogyakarta", "diy"),
}


class RegionIndex:
    """Every region with a government, by code and by loose name; two queries' worth of rows, loaded once."""

    def __init__(self) -> None:
        self._by_code: dict[str, Region] = {}
        self._by_name: dict[tuple[str, str], Region] = {}
        self._by_bare_name: dict[str, list[Region]] = {}
        self._answers: dict[str, Region | str] = {}
        for region in Region.objects.with_government().select_related("parent").order_by("is_demonstration", "code"):
            self._by_code[region.code] = region
            bare = _kind_and_name(region.name)[1]
            for name in (bare, *map(_joined, _OTHER_NAMES.get(normalised(region.name), ()))):
                self._by_name.setdefault((region.kind, name), region)
                self._by_bare_name.setdefault(name, []).append(region)

    def find(self, text: str) -> Region:
        """The region; raises ValueProblem when there is none, or when the name fits several."""
        if text not in self._answers:
            try:
                self._answers[text] = self._find(text)
            except ValueProblem as problem:
                self._answers[text] = str(problem)
        answer = self._answers[text]
        if isinstance(answer, str):
            raise ValueProblem(answer)
        return answer

    def _find(self, text: str) -> Region:
        if text[:1].isdigit():
            if text in self._by_code:
                return self._by_code[text]
            raise ValueProblem(
                _("No province, regency or city has the code “%(code)s”. Please check it.") % {"code": text[:60]}
            )
        kind, name = _kind_and_name(text)
        if kind and (region := self._by_name.get((kind, name))):
            return region
        # "Kota Batu" is a city, but "Kotabaru" and "Lima Puluh Kota" are names: also try the whole.
        fitting = self._by_bare_name.get(_joined(normalised(text)), []) if kind else self._by_bare_name.get(name, [])
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise ValueProblem(
                _("“%(text)s” may be any of: %(names)s. Write the full name or the code.")
                % {"text": text[:60], "names": ", ".join(f"{region.name} ({region.code})" for region in fitting)}
            )
        near = [self._by_bare_name[form][0].name for form in get_close_matches(name[:60], self._by_bare_name, 3, 0.75)]
        if near:
            raise ValueProblem(
                _("There is no region “%(text)s”. Did you mean %(names)s?")
                % {"text": text[:60], "names": _(" or ").join(near)}
            )
        raise ValueProblem(
            _("There is no region “%(text)s”. Write the full name, for example Kabupaten Garut, or its code.")
            % {"text": text[:60]}
        )


def _kind_and_name(text: str) -> tuple[str, str]:
    """("regency", "gunungkidul") of "Kab. Gunung Kidul"; the kind is empty when the text does not say it."""
    words = normalised(text)
    for pattern, kind in _KINDS:
        if match := pattern.match(words):
            return kind, _joined(words[match.end() :])
    return "", _joined(words)


def _joined(words: str) -> str:
    # "Tanjung Pinang" and "Tanjungpinang" are the same city to everybody but a machine.
    return words.replace(" ", "")
