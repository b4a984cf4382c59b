"""Sixteen people save at once while the server and the worker are killed: what was acknowledged stands, nothing doubles."""

import os
import signal
import threading
import time

import pytest

from benchmarks.client import sign_in
from benchmarks.country import PASSWORD, USERNAME
from benchmarks.server import serving
from benchmarks.writers import write_at_once
from tests.served import PLAN, part, together

WRITERS, SECONDS = 16, 10


def kill_again_and_again(server, until):
    """SIGKILL to whatever serves or works, every three seconds; `praja serve` starts it again."""
    while time.monotonic() < until:
        time.sleep(3)
        for pid in server.processes()[1:]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


@together
@pytest.mark.slow
def test_what_was_acknowledged_survives_that_server_and_worker_are_killed(home):
    rows = part("writers", PLAN, str(WRITERS))["rows"]
    before = part("written", *(path for path, _version in rows))
    with serving(home) as server:
        cookies = sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
        killer = threading.Thread(target=kill_again_and_again, args=(server, time.monotonic() + SECONDS))
        killer.start()
        tallies = write_at_once(server.port, [cookies], rows, SECONDS)
        killer.join()
        stored = part("written", *(path for path, _version in rows))

    assert [tally.errors for tally in tallies] == [[]] * WRITERS
    assert [tally.conflicts for tally in tallies] == [0] * WRITERS
    assert sum(tally.broken for tally in tallies), "nobody was interrupted"
    for (path, first), tally in zip(rows, tallies, strict=True):
        arrived = tally.acknowledged + tally.arrived_unanswered
        wanted = {
            "version": first + arrived,
            "text": tally.last_text or before[path]["text"],
            "edits": before[path]["edits"] + arrived,
        }
        assert stored[path] == wanted
