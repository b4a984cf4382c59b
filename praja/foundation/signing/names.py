"""Whether the name in a certificate is that of the person who signed, however titles, degrees and capitals are written."""

import re
import unicodedata
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

# Before a name and behind it, without dots: what says nothing about who somebody is.
_TITLES = """
ac ak akp alm amd ap apt bba brigjen bsc ca cpa dipl dr dra drg drh drs dt h hc hj ip ipm ipu ir irjen jenderal kapten kh kol
kombes kompol kp letkol letda lettu llm ma mag mars mayjen mayor mba mcs med meng mh mhi mhkes mhum mi mkeb mkep mkes mkn mkom mkp
mm mmar mmpd mn mp mpa mpd mpdi mph mphil mps mpsi mpwk ms msak msc mse msi msn msos mssi mst mstp mstr mt mth mud ners pdt pgdip
phd prof qia r ra rr rd sag sak sakt san sap sars sab scom sds se sei sf sfarm sgz sh shi shum shut si sik sikom sip sked skep skg
skh skm skom sos sp spa spb spd spdi spdk spi spog spp spsi spt ss ssi ssit ssos sst sstp sstpi st sth stp strkeb strkep tb ust
"""
TITLES = frozenset(_TITLES.split())
_BREAK = re.compile(r"[\s,;/()]+")


class Match(StrEnum):
    """What a comparison found; stored with the signature."""

    SAME = "same"
    DIFFERS = "differs"
    EMPTY = "empty"
    NUMBER = "number"  # the name fits or not, but the NIK in the certificate is not the one that was typed


def compared(in_certificate: str, person_name: str, *, titles: str = "") -> Match:
    """Whether both name the same person; `titles` are further ones of that person, to be passed over in either."""
    if not in_certificate.strip():
        return Match.EMPTY
    extra = frozenset(_letters(part) for part in _BREAK.split(titles))
    found, wanted = _core(in_certificate, extra), _core(person_name, extra)
    return Match.SAME if found and found == wanted else Match.DIFFERS


def what_to_do(validation: dict[str, Any]) -> str:
    """The sentence for the secretariat about a signature's certificate; empty when its name fits or was not compared."""
    name = str(validation.get("certificate_name", ""))
    match validation.get("name"):
        case Match.DIFFERS:
            said = _("Name in the certificate differs: %(name)s.") % {"name": name}
        case Match.EMPTY:
            said = _("The certificate names nobody.")
        case Match.NUMBER:
            said = _("The NIK in the certificate of %(name)s is not the one that was typed.") % {"name": name}
        case _:
            return ""
    more = _(
        "The signature counts as it was given. Ask the signatory whose certificate it is: if it is the own one, mend the name in Praja; if it is somebody else's, tell the gateway's administrator and have the office sign in a further round."
    )
    return f"{said} {more}"


def _core(name: str, extra: frozenset[str]) -> list[str]:
    """The name's own parts, in letters alone: without titles before it, and degrees behind it."""
    parts = []
    for word in _BREAK.split(name.partition(",")[0] if _core_is_before_comma(name, extra) else name):
        whole = _letters(word)
        if whole in TITLES | extra:
            continue
        parts += [part for part in map(_letters, word.split(".")) if part and part not in TITLES | extra]
    return parts


def _core_is_before_comma(name: str, extra: frozenset[str]) -> bool:
    """Whether what stands before the first comma is more than titles ("Dr., Siti Rahayu" is written so too)."""
    return any(_letters(word) not in TITLES | extra for word in _BREAK.split(name.partition(",")[0]) if _letters(word))


def _letters(text: str) -> str:
    """Small letters without accents and signs."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
