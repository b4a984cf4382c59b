"""What is done with a signing round: prepare, name signatories, open, decline, replace, remind, close, cancel, and sign."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.files.models import StoredFile
from praja.foundation.signing.facts import of_signature
from praja.foundation.signing.models import Signatory, Signature, SigningRound
from praja.foundation.workflow.steps import Refused

State = SigningRound.State


# --- a signature ------------------------------------------------------------------------------------------------------


def store_signature(signatory: Signatory, *, values: dict[str, Any], file: StoredFile, by: Any) -> Signature:
    """Store one signature of whatever way: the one door through which a signatory becomes one who has signed.

    `values`: the columns of Signature without `signatory` and `file` (`Standing.columns()` gives those of the person);
    with `revision`, `file` becomes that revision of the electronic PDF. The content of `file` lies in the storage
    before; its row is stored here if it is not yet. One transaction, whose last write is the entry in the chain. Raises
    Refused with a sentence: the round is not open, the signatory does not wait any more, or somebody was faster.
    """
    is_new = file.pk is None
    try:
        with transaction.atomic():
            if is_new:
                file.save()
            _take_round(signatory, values.get("revision"), file, by=by)
            _take_place(signatory, by=by)
            signature = Signature.objects.create(signatory=signatory, file=file, created_by=by, updated_by=by, **values)
            after = {"way": signature.way, "office": signature.position_title, "sha256": signature.hash_after}
            record("sign", signatory, by=by, after=after)
            complete_if_nobody_waits(signatory.round, by=by)
            _to_chain(signature)
    except Refused:
        if is_new:  # undone with the transaction
            file.pk = None
        raise
    signatory.state = Signatory.State.SIGNED
    signatory.round.refresh_from_db(fields=["state", "revision", "signed", "ended_at", "ended_by"])
    return signature


def _take_round(signatory: Signatory, revision: int | None, file: StoredFile, *, by: Any) -> None:
    """Write to the row of the round, so that signatures and the end of a round follow each other; raises Refused."""
    rows = SigningRound.objects.filter(pk=signatory.round_id, state=State.OPEN)
    values: dict[str, Any] = {"updated_at": timezone.now(), "updated_by": by}
    if revision is not None:
        rows = rows.filter(revision=revision - 1)
        values |= {"revision": revision, "signed": file}
    if rows.update(**values):
        return
    if not SigningRound.objects.filter(pk=signatory.round_id, state=State.OPEN).exists():
        raise Refused([_("This round is not open any more, so nothing was signed.")])
    raise Refused([_("Somebody else signed at the same moment. Nothing of yours was stored; please sign again.")])


def _take_place(signatory: Signatory, *, by: Any) -> None:
    """From waiting to signed by compare-and-set; raises Refused."""
    waiting = Signatory.objects.filter(pk=signatory.pk, state=Signatory.State.WAITING)
    if not waiting.update(state=Signatory.State.SIGNED, updated_at=timezone.now(), updated_by=by):
        now = Signatory.objects.get(pk=signatory.pk)
        raise Refused([
            _("%(office)s does not wait for a signature any more: %(state)s.")
            % {"office": now, "state": now.get_state_display()}
        ])  # fmt: skip


def _to_chain(signature: Signature) -> None:
    from praja.foundation.audit import chain

    chain.append("signature", signature, of_signature(signature))


def complete_if_nobody_waits(round_: SigningRound, *, by: Any) -> bool:
    """Complete the round when all have signed; one who declined holds it open until replaced, or until it is closed."""
    if round_.signatories.exclude(state__in=(Signatory.State.SIGNED, Signatory.State.REPLACED)).exists():
        return False
    rows = SigningRound.objects.filter(pk=round_.pk, state=State.OPEN)
    if not rows.update(state=State.COMPLETE, ended_at=timezone.now(), ended_by=by):
        return False
    record("complete round", round_, by=by, before={"state": State.OPEN}, after={"state": State.COMPLETE})
    return True
