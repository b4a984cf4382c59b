"""What runs by itself and when; the worker reads this table."""

from datetime import time

from praja.foundation.audit.sealing import seal
from praja.foundation.jobs.leases import reap
from praja.foundation.jobs.schedule import Every, Nightly, Schedule
from praja.foundation.search.indexing import catch_up
from praja.foundation.signing.checking.full_check import ask_again
from praja.foundation.signing.electronic import settle_left

SCHEDULE: Schedule = (
    Every(15, reap),  # jobs whose worker died
    Every(60, settle_left),  # electronic signatures that a crash interrupted: whether they count
    Every(60, ask_again),  # signed documents of which no validation counts any more
    Every(2, catch_up),  # what was written since can be found
    Every(60, seal),  # events of the history enter the tamper-evident log
    Nightly(time(0, 1), "audit.note_root"),  # of the day that has just ended, to be published
    Nightly(time(0, 20), "reminders.keep_weeks"),  # how each plan stands on Monday; a later night makes up for it
    Nightly(time(0, 5), "jobs.end_acting"),  # they open nothing since midnight; papers name the holder again
    Nightly(time(0, 30), "commitment.ask_hand_overs"),  # offices whose days began or ended at midnight too
    Nightly(time(0, 40), "masterplan.remind_reviewers"),
    Nightly(time(2, 30), "jobs.clear_sessions"),
    Nightly(time(2, 40), "drafts.clear_stranded"),
    Nightly(time(2, 50), "sheets.clear_exports"),
    Nightly(time(3, 0), "search.mend"),
)
