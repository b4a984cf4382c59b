"""The one way an electronic signature is given: in series within a round, outside of transactions, and never twice.

An attempt is committed before a gateway or a key is asked, and ends in the transaction that stores the signature. A crash
leaves it going; whoever comes when its lease is over adopts what it had already kept, or ends it as left behind.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.signing import names, rounds
from praja.foundation.signing.checking import full_check
from praja.foundation.signing.gateway.client import Client, Place, client_of
from praja.foundation.signing.gateway.problems import GatewayError, Problem
from praja.foundation.signing.gateway.secret import Secrets
from praja.foundation.signing.models import Gateway, Signatory, Signature, SigningAttempt, SigningRound, Way
from praja.foundation.signing.paper import layout
from praja.foundation.signing.pdf import authority, judging
from praja.foundation.signing.standing import Standing, standing_of
from praja.foundation.workflow.steps import Refused

LEASE = timedelta(minutes=3)  # a gateway may take half a minute, the checks and the storage some seconds
SECONDS_TO_WAIT = 4.0  # for somebody else who signs; a gateway may take longer, and threads of the website are few
PAUSE_BETWEEN_LOOKS = 0.1
MOST_WRONG, PAUSE = 3, timedelta(minutes=15)
MOST_DECLINED = 10  # answers whose words Praja does not know: a wrong passphrase may be among them
GUESSES = (Problem.PASSPHRASE, Problem.CODE)
State = SigningAttempt.State


@dataclass(frozen=True)
class Made:
    """A PDF with one signature more, judged, and what is known of that signature."""

    pdf: bytes
    judged: judging.Added
    time_stamp: dict[str, str]
    name: dict[str, str] = field(
        default_factory=dict
    )  # how the certificate's name fits (names.Match), for the validation


@sensitive_variables("secrets")
def sign(
    signatory: Signatory, *, by: Any, way: str, secrets: Secrets | None = None, moment: datetime | None = None
) -> Signature:
    """Sign in the place of `signatory`, now or as of `moment`, through the gateway or with Praja's own certificate.

    Sent twice it signs once: the second answers the signature of the first. Raises Refused (GatewayError when it was the
    gateway) with a sentence that says what to do next; then no signature counts.
    """
    moment = moment or timezone.now()
    try:
        attempt = _begun(signatory, by=by, way=way, moment=moment)
        if isinstance(attempt, Signature):
            return attempt
        try:
            signature = _finished(attempt, secrets or Secrets(), moment)
        except GatewayError as problem:
            _end(attempt, State.FAILED, problem.problem)
            raise
        except Refused:
            _end(attempt, State.FAILED, "refused")
            raise
        except Exception:
            _end(attempt, State.FAILED, "broken")
            raise
    finally:
        if secrets:
            secrets.wipe()
    return signature


@sensitive_variables("secrets")
def ask_code(signatory: Signatory, *, by: Any, secrets: Secrets) -> None:
    """Have a one-time code for this document sent to the person by the gateway; raises Refused with a sentence."""
    try:
        signatory = _fresh(signatory.pk)
        _standing(signatory, by, timezone.now())
        check_way(signatory, Way.GATEWAY)
        client = _client_for(signatory.round)
        if not client.has_codes:
            raise Refused([_("This gateway knows no one-time codes. Sign with your passphrase.")])
        request = HttpRequest()
        request.method = "POST"
        if not ratelimit.consume(request, action="signing_code", user=by):
            raise Refused([_("You have asked for many codes. Wait 15 minutes, or sign with your passphrase.")])
        client.ask_code(secrets)
    finally:
        secrets.wipe()


def gateway_of(round_: SigningRound) -> Gateway | None:
    """The gateway of the region whose round it is; None when there is none."""
    return Gateway.objects.filter(government=round_.plan.government_id, withdrawn_at=None).first()


def settle(round_pk: int) -> None:
    """Give an attempt that a crash left behind its end, once its lease is over: the signature counts, or it never was."""
    left = SigningAttempt.objects.filter(round=round_pk, state=State.GOING, lease_until__lte=timezone.now())
    for attempt in left.select_related("by"):
        if not _adopted(attempt):
            _end(attempt, State.ABANDONED, "left")


def settle_left() -> None:
    """The same in every round; the clock asks for it, so that a round knows what counts though nobody comes."""
    left = SigningAttempt.objects.filter(state=State.GOING, lease_until__lte=timezone.now())
    for round_pk in left.values_list("round", flat=True).order_by():
        settle(round_pk)


def check_turn(signatory: Signatory) -> None:
    """Nothing when this place waits and may be signed now; raises Refused. Witnesses wait for nobody."""
    round_ = signatory.round
    if round_.state != SigningRound.State.OPEN:
        raise Refused([_("This round is not open, so nothing can be signed in it now.")])
    rounds.check_document(round_)
    if signatory.state != Signatory.State.WAITING:
        raise Refused([
            _("%(office)s does not wait for a signature any more: %(state)s.")
            % {"office": signatory, "state": signatory.get_state_display()}
        ])  # fmt: skip
    now = rounds.waiting_now(round_)
    if signatory.pk not in {one.pk for one in now}:
        raise Refused([_("It is not your turn yet: %(office)s signs before you.") % {"office": now[0]}])


def check_way(signatory: Signatory, way: str) -> None:
    """Nothing when the round lets this place be signed in that way; raises Refused."""
    if not signatory.may_use(way):
        raise Refused(
            [
                _("In this round your place is signed in one way only: %(way)s; or in ink on the printed sheet.")
                % {"way": signatory.get_way_display()}
            ]
        )


# --- beginning --------------------------------------------------------------------------------------------------------


def _fresh(signatory_pk: int) -> Signatory:
    """The row as it is now, with what signing asks of it."""
    rows = Signatory.objects.select_related(
        "round__plan__government__region",
        "round__edition",
        "round__original",
        "round__signed",
        "position__organisation",
        "organisation",
    )
    return rows.get(pk=signatory_pk)


def _begun(signatory: Signatory, *, by: Any, way: str, moment: datetime) -> SigningAttempt | Signature:
    """The attempt that holds the round for itself, committed; or the signature that this person has given already."""
    if way not in (Way.GATEWAY, Way.OWN):
        raise ValueError(way)
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while True:
        settle(signatory.round_id)
        found = _fresh(signatory.pk)
        if given := Signature.objects.filter(signatory=found, created_by=by).exclude(way=Way.WET).first():
            return given
        check_way(found, way)
        _standing(found, by, moment)
        if attempt := _taken(found, by, way):
            return attempt
        if time.monotonic() > deadline:
            raise Refused(
                [
                    _(
                        "Somebody else signs this document at this moment. Wait a few seconds, then press the button again."
                    )
                ]
            )
        time.sleep(PAUSE_BETWEEN_LOOKS)


def _standing(signatory: Signatory, by: Any, moment: datetime) -> Standing:
    """As what this person signs here; raises Refused when it is not the time, the turn or the person."""
    check_turn(signatory)
    return standing_of(by, signatory, moment.astimezone(signatory.round.plan.time_zone).date())


def _taken(signatory: Signatory, by: Any, way: str) -> SigningAttempt | None:
    """A new attempt on the round's head; None while another one goes on."""
    try:
        with transaction.atomic():
            attempt = SigningAttempt.objects.create(
                round=signatory.round,
                signatory=signatory,
                way=way,
                by=by,
                revision=0,
                lease_until=timezone.now() + LEASE,
            )
            # Read after the row stands: whoever held the round before has let go, so this head lasts.
            round_ = SigningRound.objects.select_related("original", "signed").get(pk=signatory.round_id)
            attempt.revision, attempt.hash_before = round_.revision + 1, round_.head.sha256
            attempt.save(update_fields=["revision", "hash_before"])
    except IntegrityError:
        return None
    return attempt


# --- signing ----------------------------------------------------------------------------------------------------------


@sensitive_variables("secrets")
def _finished(attempt: SigningAttempt, secrets: Secrets, moment: datetime) -> Signature:
    """The attempt brought to its end: signed, judged, kept, stored."""
    signatory = _fresh(attempt.signatory_id)
    standing = _standing(signatory, attempt.by, moment)  # once more: it may have changed while this one waited
    before = _content(signatory.round.head)
    ask = _by_gateway if attempt.way == Way.GATEWAY else _by_own
    made = ask(attempt, signatory, standing, before, secrets, moment)
    file = _kept(made.pdf, signatory.round, attempt.by)
    going = SigningAttempt.objects.filter(pk=attempt.pk, state=State.GOING)
    if not going.update(hash_after=file.sha256):
        raise Refused([_("Signing took too long, and no signature counts. Please press the button again.")])
    attempt.hash_after = file.sha256
    return _stored(attempt, signatory, standing, made, file, moment)


@sensitive_variables("secrets")
def _by_gateway(
    attempt: SigningAttempt,
    signatory: Signatory,
    standing: Standing,
    before: bytes,
    secrets: Secrets,
    _moment: datetime,
) -> Made:
    """Signed by the region's e-sign gateway."""
    _pause_after_wrong_ones(attempt)
    client = _client_for(signatory.round)
    box = layout.box(signatory.slot or 0)
    page = judging.pages_in(before) + _page_from_end(signatory) + 1
    place = Place(page, box, judging.picture_of(standing.person_name, standing.title, box))
    pdf = client.sign(before, secrets, place, reason=_reason(signatory.round), location=signatory.round.place)
    try:
        judged = judging.added(before, pdf)
    except judging.NotOneMore:
        raise GatewayError(Problem.RUBBISH) from None
    is_other = bool(secrets.nik and judged.nik and judged.nik != secrets.nik.reveal().strip())
    secrets.wipe()
    return Made(pdf, judged, judged.time_stamp, _name(judged, standing, is_other_number=is_other))


def _name(judged: judging.Added, standing: Standing, *, is_other_number: bool = False) -> dict[str, str]:
    """How the name in the gateway's certificate fits who signs: kept with the signature, which counts all the same."""
    person = standing.person
    titles = f"{person.title_before} {person.title_after}" if person else ""
    match = names.Match.NUMBER if is_other_number else names.compared(judged.name, standing.person_name, titles=titles)
    return {"name": str(match), "certificate_name": judged.name}


def _by_own(
    attempt: SigningAttempt,
    signatory: Signatory,
    standing: Standing,
    before: bytes,
    _secrets: Secrets,
    moment: datetime,
) -> Made:
    """Signed with the person's certificate of Praja's own authority, which is not certified."""
    from praja.foundation.signing.pdf import pades

    try:
        signed = pades.sign(
            before,
            field=f"TTD-{signatory.order:03}-{attempt.revision:03}",
            box=layout.box(signatory.slot or 0),
            page=_page_from_end(signatory),
            text=pades.stamp_text(standing.person_name, standing.title, moment, signatory.round.plan.time_zone.key),
            signer=authority.signer_of(standing.person, signatory.organisation),
            reason=_reason(signatory.round),
            place=signatory.round.place,
            moment=moment,
            tsa=settings.TIME_STAMP_AUTHORITY or None,
        )
    except pades.NotSigned:
        raise Refused(
            [
                _(
                    "This PDF cannot take one more signature. Please tell the administrator; the printed sheet works meanwhile."
                )
            ]
        ) from None
    judged = judging.added(before, signed.pdf)
    return Made(signed.pdf, judged, signed.time_stamp)


def _page_from_end(signatory: Signatory) -> int:
    """The page of the electronic original that has the box, from its end as -1, -2; raises Refused when none has it."""
    if not rounds.has_electronic_box(signatory):
        raise Refused([
            _("Others signed the electronic document before your box came to it, so here only ink is possible.")
        ])  # fmt: skip
    return int(signatory.page or 1) - signatory.round.sheet_pages - 1


def _client_for(round_: SigningRound) -> Client:
    """What speaks with the region's gateway; raises Refused when it has none."""
    gateway = gateway_of(round_)
    if gateway is None:
        raise Refused(
            [_("This region has no e-sign gateway yet. Sign on the printed sheet, or with Praja's own signature.")]
        )
    return client_of(gateway)


def _pause_after_wrong_ones(attempt: SigningAttempt) -> None:
    """Raises Refused when this person was wrong three times within a quarter of an hour, in whatever rounds.

    Counted in the attempts themselves: they are committed before the gateway is asked, for all processes alike, and
    those that go on at the same time count as well.
    """
    since = timezone.now() - PAUSE
    mine = SigningAttempt.objects.filter(by=attempt.by).exclude(pk=attempt.pk)
    wrong = mine.filter(problem__in=GUESSES, ended_at__gt=since).count()
    if mine.filter(problem=Problem.DECLINED, ended_at__gt=since).count() >= MOST_DECLINED:
        raise Refused([_("The e-sign gateway declined many times. Wait 15 minutes, then try again; the printed sheet works meanwhile.")])  # fmt: skip
    going = mine.filter(state=State.GOING, way=Way.GATEWAY, lease_until__gt=timezone.now()).count()
    if wrong + going >= MOST_WRONG:
        raise Refused([
            _("Three times the passphrase or the code was not right. Wait 15 minutes, then try again; the printed sheet works meanwhile.")
        ])  # fmt: skip


def _reason(round_: SigningRound) -> str:
    return round_.title[:200]


def _content(file: StoredFile) -> bytes:
    """The bytes of the head, as they were stored; raises Refused when the storage has lost or changed them."""
    try:
        with file.open() as opened:
            content: bytes = opened.read()
    except OSError:
        content = b""
    if sha256(content).hexdigest() != file.sha256:
        raise Refused([
            _("The document cannot be read from the storage as it was stored, so nothing was signed. Please tell the administrator.")
        ])  # fmt: skip
    return content


# --- storing, and the end of an attempt -------------------------------------------------------------------------------


def _stored(
    attempt: SigningAttempt, signatory: Signatory, standing: Standing, made: Made, file: StoredFile, moment: datetime
) -> Signature:
    """The signature in its rows, and the attempt done, in one transaction; raises Refused when it came too late."""
    values = {
        **standing.columns(),
        "way": attempt.way,
        "signed_at": moment,
        "hash_before": attempt.hash_before,
        "hash_after": file.sha256,
        "revision": attempt.revision,
        "certificate": made.judged.certificate,
        "time_stamp": made.time_stamp,
        "validation": {**made.judged.as_validation(), **made.name},
    }
    with transaction.atomic():
        if attempt.way == Way.OWN and authority.is_revoked(made.judged.certificate["serial"]):
            raise Refused([_("The certificate was taken back at this moment, so nothing was signed. Sign once more with a new one.")])  # fmt: skip
        if not _end(attempt, State.DONE):
            if adopted := Signature.objects.filter(signatory=signatory, hash_after=file.sha256).first():
                return adopted
            raise Refused([_("Signing took too long, and no signature counts. Please press the button again.")])
        signature = rounds.store_signature(signatory, values=values, file=file, by=attempt.by)
        full_check.ask(file)
        return signature


def _end(attempt: SigningAttempt, state: str, problem: str = "") -> bool:
    """End the attempt if it still goes on; whether it did."""
    going = SigningAttempt.objects.filter(pk=attempt.pk, state=State.GOING)
    return bool(going.update(state=state, problem=problem, ended_at=timezone.now()))


def _adopted(attempt: SigningAttempt) -> bool:
    """Store what a crash kept from being stored: a PDF that was judged and kept for the head as it still is."""
    if not attempt.hash_after:
        return False
    signatory = _fresh(attempt.signatory_id)
    head = signatory.round.head
    if head.sha256 != attempt.hash_before or signatory.round.revision + 1 != attempt.revision:
        return False
    try:
        standing = _standing(signatory, attempt.by, attempt.started_at)
        after = _content(StoredFile(sha256=attempt.hash_after))
        judged = judging.added(_content(head), after)
        file = _kept(after, signatory.round, attempt.by)
        name = _name(judged, standing) if attempt.way == Way.GATEWAY else {}
        _stored(attempt, signatory, standing, Made(after, judged, judged.time_stamp, name), file, attempt.started_at)
    except (Refused, FileRefused, judging.NotOneMore):
        return False
    return True


def _kept(pdf: bytes, round_: SigningRound, by: Any) -> StoredFile:
    """The PDF in the storage; its row is not stored yet."""
    return keep(
        pdf, name=f"{round_.title[:120]}.pdf", kind=contents.PDF, by=by, organisation_path=round_.organisation_path
    )
