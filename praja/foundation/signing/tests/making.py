"""Rounds as tests want them: heads of agencies as signatories, a frozen edition with a small real PDF, and their accounts."""

import datetime
import re
from functools import cache

from django.utils import timezone

from praja.foundation.accounts.models import Membership, Organisation, Person, Position, User
from praja.foundation.documents import editions
from praja.foundation.documents.blocks import Document, Heading, Paragraph
from praja.foundation.documents.codes import new_code
from praja.foundation.documents.models import Edition
from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.signing.models import SheetVersion, Signatory, SigningRound
from praja.foundation.signing.paper import sheets
from praja.foundation.signing.paper.layout import SLOTS_PER_PAGE

TITLE = "Komitmen Bersama Kabupaten Uji"


def round_of(plan, count=3, way="wet", opened=True) -> SigningRound:
    """A round of the plan with `count` heads of agencies who wait, as `way`; without `opened` it is being prepared.

    The agencies are new ones: "Dinas Uji 01", headed by "Kepala Dinas Uji 01", held by "Pejabat 01". The original is the
    edition's PDF with empty signing pages behind it, as an incremental update; nothing heavy makes them.
    """
    edition = edition_of(plan)
    round_ = SigningRound.objects.create(
        plan=plan, edition=edition, title=TITLE, code=new_code(), place="Pendopo", held_on=plan.today
    )
    first = Organisation.objects.filter(parent=plan.government, name__startswith="Dinas Uji ").count() + 1
    for order in range(1, count + 1):
        position = head_of(plan.government, first + order - 1)
        page, slot = divmod(order - 1, SLOTS_PER_PAGE)
        Signatory.objects.create(
            round=round_, order=order, organisation=position.organisation, position=position, way=way,
            **({"printed_name": position.person.full_name, "printed_title": position.title_in_full,
                "page": page + 1, "slot": slot} if opened else {}),
        )  # fmt: skip
    return open_quickly(round_, count) if opened else round_


def head_user(signatory) -> User:
    """The account of who holds the signatory's office."""
    return User.objects.get(person=signatory.position.person_id)


def head_of(government, number) -> Position:
    """An agency "Dinas Uji 01" with its head and the head's account."""
    agency = Organisation.objects.create(
        kind="agency",
        agency_kind="agency",
        parent=government,
        name=f"Dinas Uji {number:02}",
        abbreviation=f"DU{number:02}",
    )
    person = Person.objects.create(name=f"Pejabat {number:02}", nip=f"1970010119900310{number:02}")
    user = User.objects.create(username=f"kepala{government.pk}.{number:02}", person=person)
    Membership.objects.create(user=user, organisation=agency, role="agency_head")
    return Position.objects.create(
        organisation=agency, title=f"Kepala Dinas Uji {number:02}", person=person, is_head=True
    )


def edition_of(plan) -> Edition:
    """A frozen edition of the plan with a small real PDF of two pages."""
    document = Document(
        title=TITLE,
        region_name="Kabupaten Uji",
        region_kind="Kabupaten",
        year="2026–2035",
        made_at=timezone.now(),
        blocks=[Heading(1, "Komitmen"), Paragraph("Kami berkomitmen melaksanakan rencana aksi.")],
    )
    edition = editions.freeze(document, subject=plan, name="commitment", dated_on=datetime.date(2026, 11, 22), by=None)
    stored = keep(
        small_pdf(2, edition.number), name="komitmen.pdf", kind=contents.PDF, by=None,
        organisation_path=plan.organisation_path,
    )  # fmt: skip
    editions.attach(edition, {"pdf": stored}, by=None)
    return edition


def open_quickly(round_, count) -> SigningRound:
    """The round open, with an original and a sheet whose signing pages are empty."""
    pages = max(1, -(-count // SLOTS_PER_PAGE))
    with round_.edition.pdf.open() as file:
        original = with_empty_pages(file.read(), pages)
    values = {"kind": contents.PDF, "by": None, "organisation_path": round_.organisation_path}
    round_.original = keep(original, name="asli.pdf", **values)
    round_.sheet = keep(small_pdf(pages, round_.pk), name="lembar.pdf", **values)
    round_.original.save()
    round_.sheet.save()
    by = User.objects.order_by("pk").first()
    round_.state, round_.sheet_pages = SigningRound.State.OPEN, pages
    round_.opened_at, round_.opened_by = timezone.now(), by
    round_.save()
    places = sheets.boxes(round_.signatories.all())
    SheetVersion.objects.create(round=round_, number=1, file=round_.sheet, places=places)
    return round_


@cache
def small_pdf(pages, salt=0) -> bytes:
    """A valid PDF of so many empty A4 pages; another `salt` gives other bytes."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", _tree(range(3, 3 + pages)), *[_page()] * pages]
    out, places = b"%%PDF-1.7\n%%\xe2\xe3\xcf\xd3 %d\n" % salt, []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start, size = len(out), len(objects) + 1
    head = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return out + f"{head}startxref\n{start}\n%%EOF\n".encode()


def with_empty_pages(pdf, count) -> bytes:
    """The small PDF with empty pages behind it, as an incremental update: its own bytes stay the first ones."""
    size, start = (int(re.findall(pattern, pdf)[-1]) for pattern in (rb"/Size (\d+)", rb"startxref\n(\d+)"))
    new, out = range(size, size + count), pdf
    places = {}
    for number, content in [(2, _tree(range(3, size + count))), *((number, _page()) for number in new)]:
        places[number] = len(out)
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = f"xref\n2 1\n{places[2]:010} 00000 n \n{size} {count}\n"
    table += "".join(f"{places[number]:010} 00000 n \n" for number in new)
    trailer = f"trailer\n<< /Size {size + count} /Root 1 0 R /Prev {start} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + (table + trailer).encode()


def _tree(pages) -> str:
    return f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{number} 0 R' for number in pages)}] >>"


def _page() -> str:
    return "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>"
