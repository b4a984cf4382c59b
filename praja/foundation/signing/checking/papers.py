"""Making what leaves Praja, in jobs: the evidence file of a round, the archive of a region."""

import tempfile
from typing import Any

from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.files import contents
from praja.foundation.files.actions import keep, keep_file
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.progress import Progress
from praja.foundation.plans.models import Plan
from praja.foundation.signing.checking import evidence_file, export, full_check
from praja.foundation.signing.models import SigningRound
from praja.foundation.signing.pdf import validating


def evidence(progress: Progress, round_pk: int, address: str) -> None:
    """The evidence file of a round as the job's file. Raises NotMade, FileRefused."""
    one = SigningRound.objects.select_related("edition", "original", "signed", "plan__government__region").get(
        pk=round_pk
    )
    by = progress.job.created_by
    progress(0, 3, _("Checking the signatures"))
    check = checked(one)
    progress(1, 3, _("Setting the pages"))
    content = evidence_file.made(check, address=address)
    progress(2, 3, _("Storing the file"))
    name = _("Evidence %(code)s %(title)s") % {"code": one.code, "title": one.title[:80]}
    stored = keep(content, name=name, kind=contents.PDF, by=by, organisation_path=one.organisation_path)
    _finish(progress, stored, one, "make evidence file", by=by)


def archive(progress: Progress, plan_pk: int, address: str) -> None:
    """The archive of a plan's region as the job's file. Raises NotMade, FileRefused."""
    plan = Plan.objects.select_related("government__region").get(pk=plan_pk)
    by = progress.job.created_by

    def of(one: SigningRound) -> bytes:
        return evidence_file.made(checked(one), address=address)

    with tempfile.TemporaryFile() as target:
        export.write(plan, target, of, lambda done, total: progress(done, total + 1, _("Writing the archive")))
        name = _("Signings of %(region)s") % {"region": plan.government.name}
        stored = keep_file(
            File(target), name=name, kind=contents.ZIP, by=by, organisation_path=plan.organisation_path
        )  # fmt: skip
    _finish(progress, stored, plan, "make archive of signings", by=by)


def checked(one: SigningRound) -> full_check.FullCheck:
    """What the validation says of the round's signed PDF, made now where nothing is kept; nothing when the PDF is lost."""
    stored = one.signed
    if stored is None:
        return full_check.of_round(one)

    def load() -> bytes:
        with stored.open() as file:
            return bytes(file.read())

    try:
        result = validating.remembered(stored.sha256, load)
    except (FileNotFoundError, validating.NotThatContent):  # the page of the round says so
        return full_check.FullCheck(one, None)
    return full_check.FullCheck(one, validating.Kept(result, timezone.now()))


def _finish(progress: Progress, stored: StoredFile, row: Any, verb: str, *, by: Any) -> None:
    with progress.effect() as job:
        stored.save()
        record(verb, row, by=by, after={"file": stored.name, "sha256": stored.sha256})
        job.file = stored
