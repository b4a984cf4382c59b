"""How one page is measured: alone for its latency, with sixteen clients for throughput and processor time."""

import os
import sys

from benchmarks.client import Measured, measure

SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))  # for each measurement
CLIENTS = 16


def page(server, cookies, title, paths, post=None, status="200") -> dict[str, str]:
    """One client for the latency, sixteen for the throughput and the processor time."""
    measure(server.port, cookies, paths, clients=1, seconds=1, post=post)  # warm
    alone = measure(server.port, cookies, paths, clients=1, seconds=SECONDS, post=post)
    cpu = server.cpu_seconds()
    many = measure(server.port, cookies, paths, clients=CLIENTS, seconds=SECONDS, post=post)
    cpu = (server.cpu_seconds() - cpu) * 1000 / len(many.milliseconds)
    for measured in (alone, many):
        if set(measured.statuses) != {status}:
            raise RuntimeError(f"{title} answered {measured.statuses}")
    say(f"{title}: {latency(alone)}, {many.per_second:.0f}/s")
    return {
        f"{title}: p50, p95 alone": latency(alone),
        f"{title}: answers a second at {CLIENTS} clients, CPU each": f"{many.per_second:.0f}/s, {cpu:.1f} ms",
    }


def alone(server, cookies, title, paths, post=None) -> dict[str, str]:
    """One client for the latency, and nothing else."""
    measure(server.port, cookies, paths, clients=1, seconds=1, post=post)  # warm
    measured = measure(server.port, cookies, paths, clients=1, seconds=SECONDS, post=post)
    if set(measured.statuses) != {"200"}:
        raise RuntimeError(f"{title} answered {measured.statuses}")
    say(f"{title}: {latency(measured)}")
    return {f"{title}: p50, p95 alone": latency(measured)}


def latency(measured: Measured) -> str:
    """Median and 95th percentile in words."""
    return f"{measured.percentile(0.5):.1f} ms, {measured.percentile(0.95):.1f} ms"


def say(sentence: str) -> None:
    """How far the measuring is, apart from its result."""
    print(f"· {sentence}", file=sys.stderr, flush=True)
