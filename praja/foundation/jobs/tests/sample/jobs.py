"""Jobs whose effects can be counted."""

import os
import signal
import time

from praja.foundation.audit.models import Event


def add_event(progress, number):
    """One lasting row, with time before, in and after the transaction to be killed in."""
    time.sleep(0.01)
    progress(1, 2, "half way")
    with progress.effect() as job:
        Event.objects.create(verb="sample", subject="jobs.job", subject_id=number)
        time.sleep(0.02)
        job.result = {"address": "/"}
    time.sleep(0.05)


def die(progress):
    """The process ends without a word, as when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)
