"""Fills the joint commitment of the demonstration: settled by the agencies, and signed in the three ways by their heads."""

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from praja.across.overview.demonstration_quick_wins import ADDRESS, People, clock_at
from praja.foundation.accounts import ciphers
from praja.foundation.accounts.models import Membership, Organisation, Position, User
from praja.foundation.documents import editions
from praja.foundation.documents.models import Edition
from praja.foundation.files.pages import draw
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import Plan
from praja.foundation.signing import electronic, opening, rounds, wet
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.gateway.client import PURPOSE
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.models import Gateway, Signatory, SigningRound, Way
from praja.foundation.signing.paper import layout
from praja.stages.commitment import actions, settling
from praja.stages.commitment.models import AgencyList, Commitment, Obligation
from praja.stages.masterplan.editions.freezing import book_to_freeze
from praja.stages.masterplan.outlines.books import MASTERPLAN

BY_GATEWAY, BY_OWN, IN_INK = 20, 7, 3
UNSETTLED = 2  # agencies that follow by an addendum
PLACE = "Pendopo Kabupaten Contoh"
NUMBER = "119/214/Diskominfo/2026"
CONTESTED = "Anggaran tahun pertama belum masuk KUA-PPAS. Mohon dipastikan sebelum kami setujui."
ANSWER = "Sudah dipastikan bersama Bapperida: masuk dalam perubahan KUA-PPAS tahun ini, jadi butirnya tetap."


def fill(plan: Plan, people: People) -> None:
    """Everything; outside of transactions, because files are made and a gateway is asked."""
    filling = _Filling(plan, people)
    edition = filling.edition()
    commitment = filling.settled(edition)
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

    def settled(self, edition: Edition) -> Commitment:
        """The commitment on that edition: one obligation contested and answered, all lists but some accepted, frozen."""
        by, today = self.people.coordinator, self.plan.today
        with clock_at(self.people.moment(6, 1)):
            commitment = actions.start(self.plan, edition, by=by)
            commitment.number, commitment.place = NUMBER, PLACE
            commitment.held_on = commitment.settle_until = today
            commitment.save()
            actions.open_to_agencies(commitment, by=by, version=commitment.version)
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
        return commitment

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

    def signed(self, commitment: Commitment) -> None:
        """One round of thirty heads: through the gateway, with Praja's own signature, and in ink on the printed sheet."""
        round_ = self._opened(commitment)
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
        Notice.objects.filter(
            at__gte=round_.opened_at, user__person__positions__in=[one.position_id for one in signatories]
        ).update(read_at=F("at"))

    def _opened(self, commitment: Commitment) -> SigningRound:
        by = self.people.coordinator
        assert commitment.document is not None
        round_ = rounds.prepare(
            commitment.document, plan=self.plan, by=by, title=commitment.title, number=NUMBER, place=PLACE,
            held_on=self.plan.today,
        )  # fmt: skip
        heads, _without = rounds.heads_of(self.plan)
        ways = [Way.GATEWAY] * BY_GATEWAY + [Way.OWN] * BY_OWN + [Way.WET] * IN_INK
        chosen = _with_lists(heads, commitment)[: len(ways)]
        for way in (Way.GATEWAY, Way.OWN, Way.WET):
            own = [one for one, other in zip(chosen, ways, strict=False) if other == way]
            rounds.add(round_, own, way=way, by=by, version=round_.version)
        for one in round_.signatories.select_related("organisation"):
            self._account(one.organisation)
        papers = opening.made(round_, address=ADDRESS, by=by)
        with transaction.atomic():
            opening.open_with(round_, papers, by=by, version=round_.version)
        return round_

    def _in_ink(self, round_: SigningRound, signatories: Sequence[Signatory]) -> None:
        """The pages of the sheet with these boxes signed: handed in by one person, confirmed by another."""
        by, second = self.people.coordinator, self.people.users["sekretariat"]
        for page in sorted({one.page for one in signatories if one.page}):
            own = {one.slot: one for one in signatories if one.page == page}
            upload = ContentFile(_scan(round_, page, own), name=f"lembar-{page}.jpg")
            for scan in wet.hand_in(round_, upload, by=by).taken:
                wet.confirm(scan, {one.pk: 0 for one in own.values()}, by=second, version=scan.version)


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


def _scan(round_: SigningRound, page: int, slots: Any) -> bytes:
    """A page of the printed sheet as it comes back from a scanner, with ink in these boxes."""
    from PIL import Image, ImageDraw

    assert round_.sheet is not None
    paper = Image.open(io.BytesIO(draw(round_.sheet, page).jpeg)).convert("RGB")
    pen, scale = ImageDraw.Draw(paper), paper.width / layout.WIDTH
    for slot in slots:
        x0, y0, x1, y1 = (edge * scale for edge in layout.box(slot))
        bottom = layout.HEIGHT * scale
        line = [
            (
                x0 + (0.25 + 0.5 * step / 80) * (x1 - x0),
                bottom - (y0 + y1) / 2 + math.sin(step / (3 + slot % 3)) * (y1 - y0) * 0.28 * math.cos(step / 29),
            )
            for step in range(81)
        ]
        pen.line(line, fill=(28, 44, 140), width=round(1.6 * scale), joint="curve")
    made = io.BytesIO()
    paper.rotate(1.1, expand=False, fillcolor="white", resample=Image.Resampling.BICUBIC).save(made, "JPEG", quality=82)
    return made.getvalue()
