"""The two sorts of line that praja/clock.py may hold, and the clock that follows them."""

import datetime
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils import timezone

from praja.foundation.jobs.actions import later

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Every:
    """Call `run` in the worker itself every so many seconds; it must be quick."""

    seconds: float
    run: Callable[[], object]


@dataclass(frozen=True)
class Nightly:
    """Ask for the job once a day, as soon after `at` (in settings.TIME_ZONE) as a worker runs."""

    at: datetime.time
    job: str


Schedule = Sequence[Every | Nightly]


class Clock:
    """Follows a schedule; `tick` is called often and does what is due."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._called: dict[int, float] = {}
        self._asked: dict[int, datetime.date] = {}

    def tick(self) -> None:
        """Do what is due; the database being busy or away is logged and tried again with the next tick."""
        for number, line in enumerate(self._schedule):
            try:
                if isinstance(line, Every):
                    self._every(number, line)
                else:
                    self._nightly(number, line)
            except DatabaseError as error:
                logger.warning("The clock could not do %s and tries again: %s", line, error)

    def _every(self, number: int, line: Every) -> None:
        now = time.monotonic()
        last = self._called.get(number)
        if last is None or now - last >= line.seconds:
            self._called[number] = now
            line.run()

    def _nightly(self, number: int, line: Nightly) -> None:
        now = timezone.localtime()
        day = now.date() if now.time() >= line.at else now.date() - datetime.timedelta(days=1)
        if self._asked.get(number) != day:
            later(line.job, key=f"{line.job} {day}")  # the key makes it once, however many workers there are
            self._asked[number] = day
