"""A browser without a screen: signs in, then asks for pages over kept-alive connections, in a process of its own.

`python -m benchmarks.client` reads {"port", "cookie", "clients", "seconds", "paths", "post"} as JSON and prints what it
measured: latencies in milliseconds, answers by status, and the seconds that it took.
"""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Measured:
    """What one run of clients saw; milliseconds, sorted."""

    milliseconds: list[float]
    statuses: dict[str, int]
    seconds: float

    def percentile(self, share: float) -> float:
        """The latency that this share of the answers did not exceed."""
        return self.milliseconds[min(len(self.milliseconds) - 1, int(len(self.milliseconds) * share))]

    @property
    def per_second(self) -> float:
        """Answers per second of all clients together."""
        return len(self.milliseconds) / self.seconds


def sign_in(port: int, path: str, username: str, password: str) -> dict[str, str]:
    """Sign in through the form as a browser does; answers the cookies of the session."""
    connection = http.client.HTTPConnection("localhost", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode()).group(1)
    cookies = _cookies(answer)
    form = urlencode({"username": username, "password": password, "csrfmiddlewaretoken": token, "next": "/"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": header_of(cookies)}
    connection.request("POST", path, form, headers | {"Origin": f"http://localhost:{port}"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise RuntimeError(f"Signing in answered {answer.status}")
    return cookies | _cookies(answer)


def _cookies(answer: http.client.HTTPResponse) -> dict[str, str]:
    lines = answer.headers.get_all("Set-Cookie") or []
    return dict(line.split(";", 1)[0].split("=", 1) for line in lines)


def header_of(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def ask_once(port: int, cookies: dict[str, str], path: str, form: dict[str, str]) -> int:
    """Send a form as a browser does; answers the status."""
    connection = http.client.HTTPConnection("localhost", port, timeout=120)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": header_of(cookies)}
    headers |= {"Origin": f"http://localhost:{port}", "X-CSRFToken": cookies["csrftoken"]}
    connection.request("POST", path, urlencode(form), headers)
    return connection.getresponse().status


def measure(
    port: int, cookies: dict[str, str], paths: list[str], *, clients: int, seconds: float, post=None
) -> Measured:
    """Let `clients` ask for the paths in turn for so many seconds; `post` are values to send instead of asking."""
    order = {
        "port": port, "cookies": cookies, "paths": paths, "clients": clients, "seconds": seconds, "post": post,
    }  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.client"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=True)
    return Measured(**json.loads(done.stdout))


def _ask(order: dict, number: int, until: float, found: list[tuple[float, int]]) -> None:
    """One client: a connection that stays open, one request after the other."""
    connection = http.client.HTTPConnection("localhost", order["port"], timeout=120)
    headers = {"Cookie": header_of(order["cookies"]), "Accept-Encoding": "gzip"}
    if order["post"] is not None:
        headers |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{order['port']}",
            "X-CSRFToken": order["cookies"]["csrftoken"],
        }
    turn = number
    while time.perf_counter() < until:
        path = order["paths"][turn % len(order["paths"])]
        values = {name: value.format(number=f"{number}-{turn}") for name, value in (order["post"] or {}).items()}
        body = urlencode(values) if values else None
        began = time.perf_counter()
        connection.request("POST" if body else "GET", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        found.append(((time.perf_counter() - began) * 1000, answer.status))
        turn += 1


def main() -> None:
    """Run the clients as threads and print what they saw."""
    order = json.load(sys.stdin)
    found: list[tuple[float, int]] = []
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_ask, args=(order, number, began + order["seconds"], found))
        for number in range(order["clients"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses: dict[str, int] = {}
    for _, status in found:
        statuses[str(status)] = statuses.get(str(status), 0) + 1
    print(
        json.dumps(
            {
                "milliseconds": sorted(milliseconds for milliseconds, _ in found),
                "statuses": statuses,
                "seconds": time.perf_counter() - began,
            }
        )
    )


if __name__ == "__main__":
    main()
