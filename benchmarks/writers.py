"""People who type at once: each saves a page of an own row again and again, and counts what was acknowledged.

`python -m benchmarks.writers` reads {"port", "sessions", "rows", "seconds"} as JSON and prints a tally for each writer.
A save counts as acknowledged when the server answered it with a redirect. After a broken connection the writer does what
a person does: it opens the page again, looks whether the last text arrived, and goes on from the version it finds.
"""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from benchmarks.client import header_of

SHOWN = re.compile(rb'name="version" value="([0-9]+)')
PATIENCE = 60  # seconds that a writer waits for a server that went away


@dataclass
class Tally:
    """What one writer knows about its row: the version it saw last, and what became of its saves."""

    path: str
    version: int
    acknowledged: int = 0
    arrived_unanswered: int = 0
    conflicts: int = 0
    errors: list[str] = field(default_factory=list)
    broken: int = 0
    last_text: str = ""
    milliseconds: list[float] = field(default_factory=list)


class Writer:
    """One signed-in person at one page."""

    def __init__(self, port: int, cookies: dict[str, str], number: int, path: str, version: int) -> None:
        self.port, self.number = port, number
        self.tally = Tally(path, version)
        self.headers = {
            "Cookie": header_of(cookies),
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{port}",
            "X-CSRFToken": cookies["csrftoken"],
        }
        self.connection = http.client.HTTPConnection("localhost", port, timeout=60)

    def write(self, until: float) -> None:
        """Save until the time is over."""
        turn = 0
        while time.perf_counter() < until:
            turn += 1
            text = f"penulis {self.number} simpanan {turn}"
            try:
                self.save(text)
            except (OSError, http.client.HTTPException):
                self.tally.broken += 1
                self.look_again(text)

    def save(self, text: str) -> None:
        """Send the page once."""
        tally, began = self.tally, time.perf_counter()
        body = urlencode({"design": text, "version": tally.version})
        self.connection.request("POST", tally.path, body, self.headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status == 302:
            tally.milliseconds.append((time.perf_counter() - began) * 1000)
            tally.acknowledged, tally.version, tally.last_text = tally.acknowledged + 1, tally.version + 1, text
        elif answer.status == 409:
            tally.conflicts += 1
        else:
            tally.errors.append(f"{answer.status}")

    def look_again(self, text: str) -> None:
        """Open the page until it answers: the save in flight either arrived as a whole or not at all."""
        ends = time.perf_counter() + PATIENCE
        while time.perf_counter() < ends:
            self.connection.close()
            self.connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
            try:
                self.connection.request("GET", self.tally.path, headers=self.headers)
                answer = self.connection.getresponse()
                page = answer.read()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            found = SHOWN.search(page)
            if answer.status != 200 or found is None:
                self.tally.errors.append(f"looking again: {answer.status}")
                return
            version = int(found[1])
            if version == self.tally.version + 1:
                self.tally.arrived_unanswered, self.tally.last_text = self.tally.arrived_unanswered + 1, text
            elif version != self.tally.version:
                self.tally.errors.append(f"version {version} after {self.tally.version}")
            self.tally.version = version
            return
        self.tally.errors.append("the server did not come back")


def write_at_once(
    port: int, sessions: list[dict[str, str]], rows: list[tuple[str, int]], seconds: float
) -> list[Tally]:
    """Let one writer for each row save for so many seconds; `rows`: (address of a page with "design", version)."""
    order = {"port": port, "sessions": sessions, "rows": rows, "seconds": seconds}
    command = [sys.executable, "-m", "benchmarks.writers"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=True)
    return [Tally(**tally) for tally in json.loads(done.stdout)]


def main() -> None:
    """Run the writers as threads and print their tallies."""
    order = json.load(sys.stdin)
    sessions = order["sessions"]
    writers = [
        Writer(order["port"], sessions[number % len(sessions)], number, path, version)
        for number, (path, version) in enumerate(order["rows"])
    ]
    until = time.perf_counter() + order["seconds"]
    threads = [threading.Thread(target=writer.write, args=(until,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps([asdict(writer.tally) for writer in writers]))


if __name__ == "__main__":
    main()
