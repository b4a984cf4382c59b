"""Slow work about sheets: long lists as files, and clearing them after some days."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.sheets.export_views import stored_name
from praja.foundation.sheets.exports import BLOCK, exports, made

KEPT = datetime.timedelta(days=3)


def make_export(progress: Progress, what: str, slug: str, query: str, kind: str) -> None:
    """Write a list to a file that its asker fetches; with the reach that the asker has now."""
    job, user = progress.job, progress.job.created_by
    try:
        listed = exports()[what].listed(user, slug, QueryDict(query))
    except (KeyError, Http404):
        raise JobError(_("You can no longer see this list, so no file was made.")) from None

    def counted() -> Iterator[Any]:
        for number, row in enumerate(listed.rows(), 1):
            yield row
            if number % BLOCK == 0:
                # The last row is not the end: the file has to be put in its place.
                progress(number, max(listed.count, number) + 1, _("Row %(row)d") % {"row": number})

    name = stored_name(job)
    try:
        with made(listed, str(exports()[what].title), kind, counted()) as file:
            default_storage.delete(name)  # of an attempt that was killed
            default_storage.save(name, File(file))
    except OSError as problem:
        sentence = _("The server has no room for this file. Please tell the administrator, and try again later.")
        raise JobError(sentence) from problem
    with progress.effect() as job:
        address = reverse("export-download", args=[job.uid])
        job.result = {"address": address, "name": f"{listed.name}.{kind}", "paths": sorted(listed.paths)}


def clear_exports(_progress: Progress) -> None:
    """Delete the files that were made some days ago: whoever needs a list again takes it as it is then."""
    if not default_storage.exists("exports"):
        return
    for name in default_storage.listdir("exports")[1]:
        if default_storage.get_modified_time(f"exports/{name}") < timezone.now() - KEPT:
            default_storage.delete(f"exports/{name}")
