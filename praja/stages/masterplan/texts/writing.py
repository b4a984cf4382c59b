"""What can be done with a text: save it beside what others wrote, bring back a version, be seen at it, put a picture in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import User
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.documents.pictures import picture_of
from praja.foundation.files import actions as files
from praja.foundation.files import contents
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.models import Narrative, NarrativeVersion, Presence
from praja.stages.masterplan.texts.narratives import Content, words_of

HERE = timedelta(seconds=70)  # three pings of the page; one of them may be lost
MOST_PIXELS = 30_000_000  # of a picture for a book; a page at 300 dots an inch has nine million
MOST_PICTURE_BYTES = 12 * 1024 * 1024


def narrative_of(plan: Plan, book: str, key: str) -> Narrative:
    """The text at one place of a book; one that is not stored, with version 0, where nobody has written yet."""
    stored = Narrative.objects.filter(plan=plan, book=book, key=key).first()
    return stored or Narrative(plan=plan, book=book, key=key, version=0)


@transaction.atomic
def save(narrative: Narrative, content: Content, *, by: Any, version: int, reason: str = "") -> None:
    """Write a validated content if nobody was faster (else TooLate), and keep it as a version of its own.

    What says the same as before writes nothing.
    """
    if narrative.pk is None:
        _begin(narrative, by=by)
    if narrative.version != version and not (version == 0 and narrative.version == 1 and not narrative.content):
        raise TooLate
    if narrative.content == content:
        return
    before = {"words": narrative.words}
    update_if_unchanged(narrative, {"content": content, "words": words_of(content)}, by=by, version=narrative.version)
    last = narrative.versions.aggregate(number=Max("number"))["number"] or 0
    narrative.versions.create(number=last + 1, content=content, saved_by=by, reason=reason[:200])
    record("write text", narrative, by=by, before=before, after={"words": narrative.words}, remark=reason)


def _begin(narrative: Narrative, *, by: Any) -> None:
    """Store the empty text, or take the one that somebody else began meanwhile."""
    stored, _is_new = Narrative.objects.get_or_create(
        plan=narrative.plan,
        book=narrative.book,
        key=narrative.key,
        defaults={"created_by": by, "updated_by": by},
    )
    narrative.pk, narrative.version, narrative.content = stored.pk, stored.version, stored.content
    narrative.words, narrative.organisation_path = stored.words, stored.organisation_path
    narrative._state.adding = False  # noqa: SLF001  from here on it is the stored row


def restore(narrative: Narrative, old: NarrativeVersion, *, by: Any, version: int, reason: str = "") -> None:
    """Make a version the text again, as a new version; nothing that came after it is lost."""
    words = _("Version %(number)s brought back") % {"number": old.number}
    save(narrative, old.content, by=by, version=version, reason=f"{words}: {reason}" if reason else words)


def be_here(narrative: Narrative, *, by: User) -> None:
    """Note that somebody has the page open now."""
    if narrative.pk is None:
        _begin(narrative, by=by)
    Presence.objects.update_or_create(narrative=narrative, user=by, defaults={"seen_at": timezone.now()})


def people_at(narrative: Narrative, *, but: Any = None) -> Iterable[Presence]:
    """Who has the page open now, other than the reader."""
    if narrative.pk is None:
        return []
    here = Presence.objects.filter(narrative=narrative, seen_at__gt=timezone.now() - HERE)
    return here.exclude(user=but).select_related("user__person").order_by("user_id")


def store_picture(upload: File, *, plan: Plan, by: Any) -> StoredFile:
    """A picture for a text as a light JPEG without place and camera; raises FileRefused with a sentence.

    What was handed in is kept beside it.
    """
    is_markup = upload.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")  # an SVG, whatever it is called
    kind = "" if is_markup else contents.kind_of(upload)
    if kind not in contents.IMAGES:
        raise FileRefused(_("A figure is a picture. Please send a PNG, JPEG or WebP file."))
    width, height = contents.dimensions(upload, kind)
    if width * height > MOST_PIXELS:
        raise FileRefused(
            _(
                "This picture has %(millions)d million pixels; a page of a book shows nine. Please make it smaller, at most %(most)d million, and send it again."
            )
            % {"millions": width * height // 1_000_000, "most": MOST_PIXELS // 1_000_000}
        )
    if upload.size > MOST_PICTURE_BYTES:
        raise FileRefused(_("This picture is larger than 12 MB. Please make it smaller."))
    upload.seek(0)
    original = files.store(upload, by=by, organisation_path=plan.organisation_path)
    light = files.keep(
        picture_of(original), name=original.name, kind=contents.JPEG, by=by, organisation_path=plan.organisation_path
    )
    with transaction.atomic():
        light.save()
        record("store", light, by=by, after={"name": light.name, "sha256": light.sha256})
    return light
