"""Fills the joint commitment of the demonstration: its minutes signed all in ink, itself settled and signed in three ways."""

import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from praja.across.overview.demonstration_quick_wins import ADDRESS, People, clock_at
from praja.foundation.accounts import ciphers
from praja.foundation.accounts.models import Membership, Organisation, Position, User
from praja.foundation.documents import blocks as b
from praja.foundation.documents import editions
from praja.foundation.documents.models import Edition
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import Plan
from praja.foundation.signing import electronic, handing_in, opening, rounds, wet
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.gateway.client import PURPOSE
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.models import Gateway, SheetScan, Signatory, SigningRound, Way
from praja.foundation.signing.paper import layout
from praja.foundation.ui.formats import long_date
from praja.stages.commitment import actions, settling
from praja.stages.commitment.models import AgencyList, Commitment, Obligation
from praja.stages.masterplan.actions import arms_of
from praja.stages.masterplan.editions.freezing import book_to_freeze
from praja.stages.masterplan.outlines.books import MASTERPLAN

BY_GATEWAY, BY_OWN, IN_INK = 20, 7, 3
UNSETTLED = 2  # agencies that follow by an addendum
PLACE = "Pendopo Kabupaten Contoh"
NUMBER = "119/214/Diskominfo/2026"
MINUTES, MINUTES_NUMBER = "minutes", "119/207/Diskominfo/2026"
MINUTES_TITLE = "Berita Acara Kesepakatan Draf Masterplan"
AGREED = (
    "Draf masterplan dengan edisi dan sidik digital di bawah ini menjadi bahan komitmen bersama.",
    "Setiap perangkat daerah memeriksa daftar janjinya dan menyepakatinya, atau menyanggahnya dengan alasan, sebelum hari penandatanganan.",
    "Daftar yang belum disepakati sampai hari itu menyusul dengan adendum bernomor.",
)
PIXELS = 1100  # across a page of a scan: as sharp as a scanner with 130 dots an inch
CONTESTED = "Anggaran tahun pertama belum masuk KUA-PPAS. Mohon dipastikan sebelum kami setujui."
ANSWER = "Sudah dipastikan bersama Bapperida: masuk dalam perubahan KUA-PPAS tahun ini, jadi butirnya tetap."


def fill(plan: Plan, people: People) -> None:
    """Everything; outside of transactions, because files are made and a gateway is asked."""
    filling = _Filling(plan, people)
    edition = filling.edition()
    commitment = filling.begun(edition)
    filling.minutes_signed(edition, commitment)
    filling.settled(commitment)
    filling.signed(commitment)


@dataclass
class _Filling:
    """One run: the plan, and who does what."""

    plan: Plan
    people: People

    def edition(self) -> Edition:
        """The draft of the workshop, frozen a week ago."""
        with clock_at(self.people.moment(7, 2)):
            document = book_to_freeze(self.plan, MASTERPLAN, Edition.Status.DRAFT)
            return editions.freeze(
                document, subject=self.plan, name=MASTERPLAN, dated_on=self.plan.today, by=self.people.coordinator
            )

    def begun(self, edition: Edition) -> Commitment:
        """The commitment on that edition, put to the agencies."""
        by, today = self.people.coordinator, self.plan.today
        with clock_at(self.people.moment(6, 1)):
            commitment = actions.start(self.plan, edition, by=by)
            commitment.number, commitment.place = NUMBER, PLACE
            commitment.held_on = commitment.settle_until = today
            commitment.save()
            actions.open_to_agencies(commitment, by=by, version=commitment.version)
        return commitment

    def settled(self, commitment: Commitment) -> None:
        """One obligation contested and answered, all lists but some accepted, the commitment frozen."""
        by = self.people.coordinator
        rows = AgencyList.objects.filter(commitment=commitment).select_related("organisation", "commitment__plan")
        rows = rows.order_by("organisation__name", "pk")
        heads = {one.organisation_id: self._account(one.organisation) for one in rows}
        with clock_at(self.people.moment(4, 3)):
            self._contested(rows[0], heads[rows[0].organisation_id])
        with clock_at(self.people.moment(3, 2)):
            for row in rows.all()[: len(rows) - UNSETTLED]:  # read anew: what is contested opens a list again
                settling.accept(row, by=heads[row.organisation_id], version=row.version)
        with clock_at(self.people.moment(2, 4)):
            commitment.refresh_from_db()
            actions.freeze(commitment, by=by, version=commitment.version, without_unsettled=True)

    def _contested(self, row: AgencyList, head: User) -> None:
        obligation = Obligation.objects.select_related("list__commitment__plan").filter(list=row).order_by("number")[0]
        settling.contest(obligation, CONTESTED, by=head, version=obligation.version)
        obligation = Obligation.objects.select_related("list__commitment__plan").get(pk=obligation.pk)
        settling.answer(obligation, settling.KEEP, ANSWER, by=self.people.coordinator, version=obligation.version)

    def _account(self, organisation: Organisation) -> User:
        """The account of the head of an agency: the one there is, else a new one that signs in by button."""
        position = next(iter(actions.heads_of([organisation], self.plan).values()))
        person = position.person
        assert person is not None
        user = User.objects.filter(person=person).first()
        if user is None:
            name = re.sub(r"[^a-z0-9]+", "-", organisation.short_name.lower()).strip("-")
            user = User(username=f"kepala-{name}"[:60], person=person, is_demonstration=True)
            user.set_unusable_password()
            user.save()
        if not Membership.objects.current().filter(user=user, organisation=organisation, role="agency_head").exists():
            Membership.objects.create(user=user, organisation=organisation, role="agency_head")
        return user

    # --- signing ------------------------------------------------------------------------------------------------------

    def minutes_signed(self, edition: Edition, commitment: Commitment) -> None:
        """The minutes of the workshop, signed by thirty heads in ink alone: six pages that come back in one scan."""
        with clock_at(self.people.moment(5, 2)):
            minutes = editions.freeze(
                self._minutes(edition), subject=commitment, name=MINUTES, dated_on=self.plan.today,
                status=Edition.Status.FINAL, by=self.people.coordinator,
            )  # fmt: skip
            round_ = rounds.prepare(
                minutes, plan=self.plan, by=self.people.coordinator, title=MINUTES_TITLE, number=MINUTES_NUMBER,
                place=PLACE, held_on=self.plan.today,
            )  # fmt: skip
            heads, _without = rounds.heads_of(self.plan)
            self._opened(round_, {Way.WET: heads[: BY_GATEWAY + BY_OWN + IN_INK]})
            self._in_ink(round_, list(round_.signatories.order_by("order")))
        self._read(round_)

    def _minutes(self, edition: Edition) -> b.Letter:
        """What the heads agreed upon, on one page."""
        region = self.plan.government.region
        assert region is not None
        return b.Letter(
            title=MINUTES_TITLE,
            region_name=region.name,
            region_kind=str(region.get_kind_display()),
            year=str(self.plan.today.year),
            made_at=timezone.localtime(timezone=self.plan.time_zone),
            blocks=[
                b.Paragraph(
                    f"Pada hari ini, {long_date(self.plan.today)}, bertempat di {PLACE}, para kepala perangkat daerah yang bertanda tangan menyepakati:"
                ),
                b.Bullets(AGREED, ordered=True),
                b.Facts(
                    [
                        ("Dokumen", edition.title),
                        ("Edisi", f"{edition.number}, {long_date(edition.dated_on)}"),
                        ("Sidik digital (SHA-256)", edition.sha256),
                    ]
                ),
            ],
            is_demonstration=True,
            arms=arms_of(self.plan),
            letterhead=[self.plan.government.name],
            number=MINUTES_NUMBER,
        )  # fmt: skip

    def signed(self, commitment: Commitment) -> None:
        """One round of thirty heads: through the gateway, with Praja's own signature, and in ink on the printed sheet."""
        by = self.people.coordinator
        assert commitment.document is not None
        round_ = rounds.prepare(
            commitment.document, plan=self.plan, by=by, title=commitment.title, number=NUMBER, place=PLACE,
            held_on=self.plan.today,
        )  # fmt: skip
        heads, _without = rounds.heads_of(self.plan)
        chosen = iter(_with_lists(heads, commitment))
        ways = {Way.GATEWAY: BY_GATEWAY, Way.OWN: BY_OWN, Way.WET: IN_INK}
        self._opened(round_, {way: list(islice(chosen, count)) for way, count in ways.items()})
        signatories = list(round_.signatories.select_related("organisation", "position__person").order_by("order"))
        with fake.running() as server:
            server.fake.names.update(_names(signatories))
            Gateway.objects.create(
                government=self.plan.government, address=server.address, api=Gateway.Api.V2, username=fake.USERNAME,
                secret=ciphers.enciphered(PURPOSE, fake.PASSWORD), created_by=self.people.coordinator,
            )  # fmt: skip
            for number, one in enumerate(signatories):
                if one.way != Way.WET:
                    user = self._account(one.organisation)
                    electronic.sign(one, by=user, way=one.way, secrets=_secrets(number))
        self._in_ink(round_, [one for one in signatories if one.way == Way.WET])
        self._read(round_)

    def _opened(self, round_: SigningRound, offices: Mapping[str, Sequence[Position]]) -> None:
        """Open the round for these offices, each with its way to sign."""
        by = self.people.coordinator
        for way, own in offices.items():
            rounds.add(round_, own, way=way, by=by, version=round_.version)
        for one in round_.signatories.select_related("organisation"):
            self._account(one.organisation)
        papers = opening.made(round_, address=ADDRESS, by=by)
        with transaction.atomic():
            opening.open_with(round_, papers, by=by, version=round_.version)

    def _read(self, round_: SigningRound) -> None:
        """Who has signed has read the notices about it."""
        people = round_.signatories.values("position__person")
        Notice.objects.filter(at__gte=round_.opened_at, user__person__in=people).update(read_at=F("at"))

    def _in_ink(self, round_: SigningRound, signatories: Sequence[Signatory]) -> None:
        """The pages of the sheet with these boxes signed: handed in as one scan by one person, confirmed by another."""
        by, second = self.people.coordinator, self.people.users["sekretariat"]
        pages: dict[int, dict[int, Signatory]] = {}
        for one in signatories:
            if one.page is not None and one.slot is not None:
                pages.setdefault(one.page, {})[one.slot] = one
        upload = ContentFile(_scan(round_, pages), name="lembar-bertanda-tangan.pdf")
        job = handing_in.hand_in(round_, [upload], by=by).job
        assert job is not None
        handing_in.read_waiting(round_, job, lambda *_progress: None)
        for scan in round_.scans.filter(state=SheetScan.State.READ).order_by("sheet_page"):
            own = pages[scan.sheet_page or 0].values()
            wet.confirm(scan, {one.pk: 0 for one in own}, by=second, version=scan.version)


def _with_lists(heads: Sequence[Position], commitment: Commitment) -> list[Position]:
    """The heads whose agencies promise something and settled it come first; otherwise the order stays."""
    settled = set(
        AgencyList.objects.filter(commitment=commitment, addendum=None).values_list("organisation_id", flat=True)
    )
    return sorted(heads, key=lambda one: one.organisation_id not in settled)


def _secrets(number: int) -> Secrets:
    """What somebody types who signs through the gateway of the demonstration."""
    return Secrets(nik=Secret(_nik(number)), passphrase=Secret(fake.PASSPHRASE))


def _names(signatories: Sequence[Signatory]) -> dict[str, str]:
    """What stands in the certificates of those who sign through the gateway: their names without titles, as BSrE has them."""
    people = {number: one.position.person for number, one in enumerate(signatories)}
    return {_nik(number): person.name.upper() for number, person in people.items() if person}


def _nik(number: int) -> str:
    return f"99010101{number:08d}"


def _scan(round_: SigningRound, pages: Mapping[int, Iterable[int]]) -> bytes:
    """Pages of the printed sheet as they come back from a scanner, in one PDF, with ink in these boxes of each."""
    import pypdfium2

    assert round_.sheet is not None
    with round_.sheet.open() as file:
        sheet = pypdfium2.PdfDocument(file.read())
    papers = [
        _inked(sheet[page - 1].render(scale=PIXELS / layout.WIDTH).to_pil().convert("RGB"), page, slots)
        for page, slots in sorted(pages.items())
    ]
    made = io.BytesIO()
    dots = PIXELS / layout.WIDTH * 72
    papers[0].save(made, "PDF", save_all=True, append_images=papers[1:], resolution=dots, quality=80)
    return made.getvalue()


def _inked(paper: Any, page: int, slots: Iterable[int]) -> Any:
    """The paper with a line of ink in these boxes, none like another, and slightly turned as a scanner takes it."""
    from PIL import Image, ImageDraw

    pen, scale = ImageDraw.Draw(paper), paper.width / layout.WIDTH
    for slot in slots:
        x0, y0, x1, y1 = (edge * scale for edge in layout.box(slot))
        bottom, hand = layout.HEIGHT * scale, page * layout.SLOTS_PER_PAGE + slot
        line = [
            (
                x0 + (0.25 + 0.5 * step / 80) * (x1 - x0),
                bottom
                - (y0 + y1) / 2
                + math.sin(step / (2.5 + hand % 7 / 2)) * (y1 - y0) * 0.28 * math.cos(step / (23 + hand % 5 * 3)),
            )
            for step in range(81)
        ]
        pen.line(line, fill=(28, 44, 140), width=round(1.6 * scale), joint="curve")
    return paper.rotate(1.1, expand=False, fillcolor="white", resample=Image.Resampling.BICUBIC)
