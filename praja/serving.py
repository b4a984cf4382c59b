"""`praja serve`: prepare the state, run website and worker as children, restart what dies, stop all with one Ctrl-C."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.management import call_command

PORTS_TO_TRY = 20
THREADS = 4  # of each process of the website; SQLite and Python's lock serve no more at once
SECONDS_TO_STOP = 15
PAUSE_BEFORE_RESTART = 1.0


def say(sentence: str) -> None:
    """One line about what happens now."""
    print(f"· {sentence}", flush=True)


def prepare() -> None:
    """Everything a fresh checkout or a new version needs before it can be served; twice changes nothing."""
    prepare_database()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    say("Style sheets, scripts and fonts are in place")


def prepare_database() -> None:
    """Bring the tables up to date, and the reference data of praja/data in."""
    from praja.foundation.instruments.loading import WrongInstrument, load_instruments
    from praja.foundation.places.loading import load_regions
    from praja.foundation.plans.loading import load_affairs, load_dimension_sets

    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    say(f"State is kept in {settings.HOME}")
    call_command("migrate", interactive=False, verbosity=0)
    say("Database is up to date")
    if count := load_regions():
        say(f"{count:,} regions and districts loaded")
    load_dimension_sets()
    load_affairs()
    try:
        load_instruments()
    except WrongInstrument as problem:
        raise SystemExit(str(problem)) from None


def fill_demonstration() -> None:
    """Fill an empty database with the invented province; ends the process with a sentence where real data is."""
    from praja.across.overview import demonstration

    say("Filling the demonstration")
    try:
        demonstration.load(say)
    except demonstration.RealDatabase as error:
        raise SystemExit(str(error)) from None


def free_port(host: str, first: int) -> int:
    """The first port from `first` on that nobody listens on; raises OSError when none of twenty is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, first + PORTS_TO_TRY):
        with socket.socket(family) as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind((host, port))
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
            else:
                return port
    raise OSError(f"Ports {first} to {first + PORTS_TO_TRY - 1} are all taken. Name another: praja serve --port 9000")


@dataclass
class Part:
    """A child process that has to be there."""

    name: str
    command: list[str]
    process: subprocess.Popen = field(init=False)

    def start(self) -> None:
        """Start it as a process group of its own: Ctrl-C reaches us alone, and we end the parts in order."""
        self.process = subprocess.Popen(self.command, process_group=0)

    def sweep(self) -> None:
        """Kill what is left of the group: the children of a part that was killed itself."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def serve(*, host: str, first_port: int, with_worker: bool) -> int:
    """Run until Ctrl-C or SIGTERM; answers the exit code."""
    try:
        port = free_port(host, first_port)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    if port != first_port:
        say(f"Port {first_port} is taken, {port} is free")
    parts = [Part("website", _website(host, port))]
    if with_worker:
        parts.append(Part("worker", [sys.executable, "-m", "praja", "worker"]))
    parts += _fake_gateway()
    is_stopping = False

    def stop(*_signal: Any) -> None:
        nonlocal is_stopping
        is_stopping = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    for part in parts:
        part.start()
    try:
        if not _wait_for(host, port, parts[0], lambda: is_stopping):
            return 0 if is_stopping else 1
        _greet(host, port)
        while not is_stopping:
            time.sleep(0.2)
            for part in parts:
                if part.process.poll() is not None and not is_stopping:
                    say(f"The {part.name} ended ({part.process.returncode}) and is started again")
                    part.sweep()
                    time.sleep(PAUSE_BEFORE_RESTART)
                    part.start()
    finally:
        _end(parts)
    say("Stopped")
    return 0


def _fake_gateway() -> list[Part]:
    """In a demonstration an e-sign gateway that signs with certificates of nobody; it listens on this machine only."""
    from praja.foundation.accounts.installation import is_demonstration
    from praja.foundation.signing.gateway import demonstration

    if not is_demonstration():
        return []
    try:
        port = free_port("127.0.0.1", demonstration.FIRST_PORT)
    except OSError:
        return []  # everything else works without
    demonstration.point_at(port)
    return [Part("fake e-sign gateway", demonstration.command(port))]


def _website(host: str, port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    limits = ["--blocking-threads", str(THREADS), "--backpressure", "256", "--workers-kill-timeout", "10"]
    processes = ["--workers", str(settings.WEB_PROCESSES), "--respawn-failed-workers"]
    return [*command, *processes, *limits, "--log-level", "warning", "praja.wsgi:application"]


def _wait_for(host: str, port: int, website: Part, is_stopping: Any) -> bool:
    """Whether the website answers before it gives up."""
    address = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compared, not bound
    while not is_stopping():
        if website.process.poll() is not None:
            print("The website did not start; the lines above say why.", file=sys.stderr)
            return False
        try:
            with socket.create_connection((address, port), timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def _greet(host: str, port: int) -> None:
    from praja.foundation.accounts.installation import is_demonstration

    name = "localhost" if host in ("127.0.0.1", "::1", "localhost", "0.0.0.0") else host  # noqa: S104 - shown, not bound
    print(f"\n  Praja is at  http://{name}:{port}/\n", flush=True)
    if is_demonstration():
        print("  This is the demonstration: the sign-in page offers one account of each role.\n", flush=True)
    print("  Ctrl-C stops it.\n", flush=True)


def _end(parts: list[Part]) -> None:
    """Ask each part to finish what it has in hand; kill what does not end in time."""
    for part in parts:
        part.process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for part in parts:
        with suppress(subprocess.TimeoutExpired):
            part.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        part.sweep()
        part.process.wait()
