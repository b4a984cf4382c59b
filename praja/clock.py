"""What runs by itself and when; the worker reads this table."""

from datetime import time

from praja.foundation.jobs.leases import reap
from praja.foundation.jobs.schedule import Every, Nightly, Schedule

SCHEDULE: Schedule = (
    Every(15, reap),  # jobs whose worker died
    Nightly(time(0, 20), "reminders.keep_weeks"),  # how each plan stands on Monday; a later night makes up for it
    Nightly(time(2, 30), "jobs.clear_sessions"),
    Nightly(time(2, 40), "drafts.clear_stranded"),
)
