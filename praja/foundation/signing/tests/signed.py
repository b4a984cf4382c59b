"""Signed rounds for the tests of what is read later: appended bytes instead of signatures, scans of nothing."""

import datetime
from hashlib import sha256

from django.utils import timezone

from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.signing.models import SheetScan, SigningRound
from praja.foundation.signing.rounds import store_signature
from praja.foundation.signing.standing import standing_of
from praja.foundation.signing.tests.making import head_user, round_of

CERTIFICATE = {
    "subject": "Pejabat", "issuer": "Praja (tidak tersertifikasi)", "serial": "2a",
    "not_before": "2026-01-01T00:00:00+00:00", "not_after": "2036-01-01T00:00:00+00:00",
}  # fmt: skip


def signed_round(country, ways=("own", "own", "wet")) -> SigningRound:
    """A round whose signatories have signed in these ways, "real" with a certificate; None leaves one waiting."""
    one = round_of(country.plan, count=len(ways))
    for signatory, way in zip(one.signatories.all(), ways, strict=True):
        signatory.round = one
        if way == "wet":
            on_paper(signatory, country)
        elif way == "real":
            with_a_certificate(signatory)
        elif way:
            electronically(signatory, way)
    return SigningRound.objects.get(pk=one.pk)


def electronically(signatory, way="own"):
    """Sign with an update that holds no more than the signatory's number."""
    one = SigningRound.objects.get(pk=signatory.round_id)
    before = read(one.head)
    after = before + b"%% tanda tangan %d oleh pejabat\n%%%%EOF\n" % signatory.order
    hashes = {"hash_before": sha256(before).hexdigest(), "hash_after": sha256(after).hexdigest()}
    values = {**_who(signatory), **hashes, "way": way, "signed_at": timezone.now(), "revision": one.revision + 1}
    values |= {"certificate": CERTIFICATE, "time_stamp": {"missing": "unreachable"}}
    return store_signature(signatory, values=values, file=_kept(one, after, "ttd.pdf"), by=head_user(signatory))


def with_a_certificate(signatory, way="own"):
    """Sign with a certificate of Praja's own authority, as a real PDF signature."""
    from praja.foundation.signing.paper import layout
    from praja.foundation.signing.pdf import authority, pades

    one = SigningRound.objects.get(pk=signatory.round_id)
    person = head_user(signatory).person
    before, signer, now = read(one.head), authority.signer_of(person), timezone.now()
    made = pades.sign(
        before, field=f"TTD-{signatory.order:03}", box=layout.box(signatory.slot), page=-1, signer=signer, moment=now,
        text=pades.stamp_text(str(person), signatory.printed_title, now, "Asia/Jakarta"), reason=one.title, place="", tsa=None,
    )  # fmt: skip
    hashes = {"hash_before": sha256(before).hexdigest(), "hash_after": sha256(made.pdf).hexdigest()}
    values = {**_who(signatory), **hashes, "way": way, "signed_at": now, "revision": one.revision + 1}
    values |= {"certificate": signer.facts, "time_stamp": made.time_stamp}
    return store_signature(signatory, values=values, file=_kept(one, made.pdf, "ttd.pdf"), by=head_user(signatory))


def on_paper(signatory, country):
    """Sign in wet ink: a scan that one hands in and another confirms."""
    one = signatory.round
    content = b"%%PDF-1.4 pindaian %d %d\n%%%%EOF\n" % (one.pk, signatory.order)
    stored = _kept(one, content, "pindaian.pdf")
    stored.save()
    first, second = country.coordinator, country.ministry_admin
    scan = SheetScan.objects.create(
        round=one, file=stored, file_page=1, sheet_page=1, match="qr", state="confirmed", created_by=first,
        decided_by=second, decided_at=timezone.now(),
    )  # fmt: skip
    values = {
        **_who(signatory), "way": "wet", "signed_at": timezone.now() - datetime.timedelta(hours=1), "scan": scan,
        "hash_before": one.edition.sha256, "hash_after": stored.sha256, "scanned_by": first, "confirmed_by": second,
        "confirmed_at": timezone.now(),
    }  # fmt: skip
    return store_signature(signatory, values=values, file=stored, by=second)


def read(stored) -> bytes:
    """The bytes of a stored file."""
    with stored.open() as file:
        return file.read()


def _who(signatory):
    return standing_of(head_user(signatory), signatory, signatory.round.plan.today).columns()


def _kept(one, content, name):
    return keep(content, name=name, kind=contents.PDF, by=None, organisation_path=one.organisation_path)
