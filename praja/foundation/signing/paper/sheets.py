"""The signing sheet: which box is whose, and its pages as PDF, for wet ink and behind the electronic original alike."""

import base64
import datetime
import json
import math
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.documents import qr
from praja.foundation.documents.child import TIME_LIMIT, NotMade
from praja.foundation.documents.outline import kind_of_image
from praja.foundation.documents.tables import breakable
from praja.foundation.signing.models import SheetVersion, Signatory, SigningRound
from praja.foundation.signing.paper import layout
from praja.foundation.ui.formats import long_date

LANGUAGE = "id"  # of the paper, whatever the reader's pages are in
LOCAL = "http://localhost:8000"  # where a demonstration is served
LONGEST_WORD = 30  # letters; longer ones may break anywhere
SIDES = tuple(layout.CODES)


def places(signatories: Iterable[Signatory]) -> dict[int, tuple[int, int]]:
    """The page (from 1) and the slot (from 0) of each signatory by key: signatories in their order, then witnesses."""
    ordered = sorted(signatories, key=lambda one: (one.role == Signatory.Role.WITNESS, one.order, one.pk))
    return {
        one.pk: (number // layout.SLOTS_PER_PAGE + 1, number % layout.SLOTS_PER_PAGE)
        for number, one in enumerate(ordered)
    }


def page_count(signatories: Sequence[Signatory]) -> int:
    """How many pages the sheet has for so many."""
    return math.ceil(len(signatories) / layout.SLOTS_PER_PAGE)


def versions(round_: SigningRound) -> list[SheetVersion]:
    """The settings of the sheet of a round that was opened, the newest last; one query.

    Of a sheet from before versions were kept the first one is told from who had a box by then, and has no row yet.
    """
    found = list(round_.sheet_versions.select_related("file").order_by("number"))
    if found or round_.sheet is None:
        return found
    rows = round_.signatories.exclude(page=None).filter(created_at__lte=round_.sheet.created_at)
    return [SheetVersion(round=round_, number=1, file=round_.sheet, places=boxes(rows))]


def boxes(signatories: Iterable[Signatory]) -> dict[str, list[int | None]]:
    """What a SheetVersion keeps of who has a box on it."""
    return {str(one.pk): [one.page, one.slot] for one in signatories}


def sheet_pdf(
    round_: SigningRound, signatories: Sequence[Signatory], *, address: str = LOCAL, version: int = 1
) -> bytes:
    """The signing pages as PDF: the same bytes for the same rows. Raises NotMade, FileNotFoundError for lost arms.

    Each signatory stands at its `page` and `slot`; where those are not set yet, at the one of `places`. `address` is where
    this Praja is reached, without a slash at its end; the QR codes lead to the round's public page there. `version` is
    that of the sheet: 1 when the round is opened, more with further pages.
    """
    with translation.override(LANGUAGE):
        sheet = _sheet(round_, signatories, address, version)
    command = [sys.executable, "-m", "praja.foundation.signing.paper.sheet_process"]
    try:
        done = subprocess.run(
            command, input=json.dumps(sheet).encode(), capture_output=True, timeout=TIME_LIMIT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotMade(f"The signing sheet took more than {TIME_LIMIT} seconds.") from error
    if done.returncode:
        raise NotMade(f"The signing sheet ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def link(address: str, code: str, page: int, side: str, version: int = 1) -> str:
    """What a QR code holds: the public page of the round; behind it page, corner and, of a later one, version of the sheet."""
    return f"{public_page(address, code)}?h={page}&s={side}" + (f"&l={version}" if version > 1 else "")


def public_page(address: str, code: str) -> str:
    """Where anybody checks the round."""
    return f"{address}/v/{code}/"


def _sheet(round_: SigningRound, signatories: Sequence[Signatory], address: str, version: int) -> dict[str, Any]:
    found = places(signatories)
    spots = {
        one.pk: (one.page, one.slot) if one.page is not None and one.slot is not None else found[one.pk]
        for one in signatories
    }
    pages: dict[int, list[dict[str, Any]]] = {}
    seen: list[str] = []
    for one in sorted(signatories, key=lambda each: spots[each.pk]):
        page, slot = spots[one.pk]
        heading = ""
        if one.role not in seen[-1:] or page not in pages:
            heading = _heading(one.role, is_new=one.role not in seen)
        seen.append(one.role)
        pages.setdefault(page, []).append(_row(one, number_of(page, slot), slot, heading=heading))
    arms = round_.plan.arms
    content = b""
    if arms is not None:
        with arms.open() as file:
            content = file.read()
    day = round_.held_on or round_.edition.dated_on
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=round_.plan.time_zone)
    data = {
        "width": layout.WIDTH,
        "height": layout.HEIGHT,
        "margin": layout.MARGIN,
        "gap": layout.GAP,
        "rows_top": layout.ROWS_TOP,
        "codes": layout.CODES,
        "title": breakable(round_.title, LONGEST_WORD),
        "author": round_.plan.government.name,
        "arms": kind_of_image(content),
        "marks": [_("DEMONSTRATION")] if is_demonstration() else [],
        "date": [day.year, day.month, day.day],
        "moment": int(noon.timestamp()),
        "code": round_.code,
        "facts": _facts(round_),
        "sha256": [round_.edition.sha256[start : start + 8] for start in range(0, 64, 8)],
        "place_and_date": _place_and_date(round_),
        "address": breakable(public_page(address, round_.code), LONGEST_WORD),
        "words": {
            "sheet": _("Signing sheet"),
            "box": _("Signature and stamp of the office"),
            "check": _("Check this document:"),
        },
        "advice": [
            _("Sign in ink inside the box. A stamp may touch the frame, but please cover neither of the two QR codes."),
            _(
                "A box may be empty because its office signed on the other original: the sheet on paper or the electronic document. Both belong to the edition with the SHA-256 above."
            ),
        ],
        "pages": [
            {
                "number": number,
                "words": _page_of(number, max(pages), version),
                "rows": rows,
            }
            for number, rows in sorted(pages.items())
        ],
    }
    codes = {
        f"qr-{number}-{side}": qr.picture(link(address, round_.code, number, side, version))
        for number in pages
        for side in SIDES
    }
    return {"data": data, "codes": codes, "arms": base64.b64encode(content).decode()}


def _page_of(number: int, count: int, version: int) -> str:
    words = _("Page %(number)d of %(count)d") % {"number": number, "count": count}
    return words if version == 1 else words + " · " + _("version %(number)d of the sheet") % {"number": version}


def _facts(round_: SigningRound) -> list[str]:
    edition = round_.edition
    found = [
        _("Edition %(number)s") % {"number": edition.number},
        edition.get_status_display(),
        long_date(edition.dated_on),
    ]
    if round_.number:
        number = pgettext("of a paper", "Number")
        found.insert(0, f"{number}: {breakable(round_.number, LONGEST_WORD)}")
    return found


def _place_and_date(round_: SigningRound) -> str:
    """The line before signatures; what is not known yet is written by hand."""
    place = round_.place or "…" * 14
    day = long_date(round_.held_on) if round_.held_on else "…" * 16
    return f"{breakable(place, LONGEST_WORD)}, {day}"


def number_of(page: int, slot: int) -> int:
    """The number that is printed beside a box: it stays the same when further pages are set behind."""
    return (page - 1) * layout.SLOTS_PER_PAGE + slot + 1


def _heading(role: str, *, is_new: bool) -> str:
    """The words above a group: where it begins, and again on top of each page."""
    words = _("Witnesses") if role == Signatory.Role.WITNESS else _("Signatories")
    return words if is_new else f"{words} ({_('continued')})"


def _row(one: Signatory, number: int, slot: int, *, heading: str) -> dict[str, Any]:
    person = one.position.person
    name = one.printed_name or (person.full_name if person else "")
    below = []
    # Rank and number stand below the name they belong to, never below another's.
    if person is not None and name == person.full_name:
        rank = ", ".join(filter(None, (person.rank, person.grade)))
        below = [words for words in (rank, f"NIP {person.nip}" if person.nip else "") if words]
    return {
        "number": f"{number}.",
        "heading": heading,
        "office": breakable(one.printed_title or one.position.title_in_full, LONGEST_WORD),
        "name": breakable(name, LONGEST_WORD),
        "below": [breakable(words, LONGEST_WORD) for words in below],
        "text": layout.text(slot),
        "box": layout.box(slot),
        "note": _("Replaced: see the further pages") if one.state == Signatory.State.REPLACED else "",
    }
