"""A server under measurement: started as people start it, with its processor time and memory read from /proc."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server with all its processes."""

    process: subprocess.Popen
    port: int

    def processes(self) -> list[int]:
        """Its process ids: the one that was started and everything below it."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text()
            except OSError:  # ended meanwhile
                continue
            parents[int(stat.parent.name)] = int(text.rpartition(")")[2].split()[1])
        family = [self.process.pid]
        for parent in family:
            family += [pid for pid, its_parent in parents.items() if its_parent == parent]
        return family

    def cpu_seconds(self) -> float:
        """Processor time that its processes have used so far."""
        return sum(_cpu(pid) for pid in self.processes())

    def open_connections(self) -> int:
        """How many connections to its port are open now."""
        lines = Path(f"/proc/{self.process.pid}/net/tcp").read_text().splitlines()[1:]
        ends = (line.split()[1:4] for line in lines)
        return sum(state == "01" and int(local.rpartition(":")[2], 16) == self.port for local, _remote, state in ends)

    def resident_megabytes(self) -> tuple[float, float]:
        """Memory of the processes that serve pages, and of the others: the one that was started, and the worker (RSS)."""
        sizes = {pid: _resident(pid) / 1024 for pid in self.processes()}
        website = sum(size for pid, size in sizes.items() if b"granian" in _command(pid))
        return website, sum(sizes.values()) - website


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)
    return int(found.group(1)) if found else 0


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """`praja serve` with its worker on a state folder."""
    port = free_port()
    environment = os.environ | {"PRAJA_HOME": str(home), "PRAJA_LOG": "WARNING"}
    with started([sys.executable, "-m", "praja", "serve", "--port", str(port)], environment, port=port) as server:
        yield server


@contextmanager
def started(command: list[str], environment: dict[str, str], *, port: int) -> Iterator[Server]:
    """A server that listens on `port`; ended with SIGINT."""
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr)
    try:
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended with {process.returncode}")
            with suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
                break
            time.sleep(0.2)
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
