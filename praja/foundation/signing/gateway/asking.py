"""One question to a gateway over HTTP: within a time and a size, to addresses that Praja may ask, and without a trace."""

import http.client
import ipaddress
import json
import logging
import socket
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError, ReadTimeoutError

from praja.foundation.signing.gateway.problems import GatewayError, Problem
from praja.foundation.signing.gateway.secret import Secret

CONNECT_SECONDS = 5
SHORT_SECONDS = 10  # a status, a one-time code
SIGN_SECONDS = 30
VERIFY_SECONDS = 120
SMALL_BYTES = 256 * 1024  # an answer without a PDF in it
MOST_ADDED_BYTES = 2 * 1024 * 1024  # what one signature may add to a PDF: a picture, certificates, revocation lists
CHUNK_BYTES = 64 * 1024
PORTS = {"http": 80, "https": 443}
OK = 200

_silent = threading.local()


class _NotWhileAsking(logging.Filter):
    """Drops lines about a question to a gateway: the first generation has the NIK in its address."""

    def filter(self, _record: logging.LogRecord) -> bool:
        return not getattr(_silent, "is_asking", False)


for _name in ("connectionpool", "connection", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").addFilter(_NotWhileAsking())


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    body: bytes = field(repr=False)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; raises GatewayError (rubbish) for everything else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise GatewayError(Problem.RUBBISH)
        return value


def may_ask(address: str) -> bool:
    """Whether Praja may send secrets there: by https, or within this machine or a private network.

    Where the operator names networks (GATEWAY_NETWORKS), only within these.
    """
    parts = _parts(address)
    if parts is None:
        return False
    if parts.scheme == "https" and not settings.GATEWAY_NETWORKS:
        return True
    try:
        return bool(_places(parts))
    except GatewayError:
        return False


def _parts(address: str) -> SplitResult | None:
    """The parts of an address that has the shape of a gateway's."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return None
    is_plain = host and not (parts.username or parts.password or parts.query or parts.fragment)
    return parts if is_plain and parts.scheme in PORTS else None


def _places(parts: SplitResult) -> list[str]:
    """Every machine behind the name, by its IP address; raises GatewayError unless Praja may ask all of them."""
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM)
        places = [ipaddress.ip_address(str(place[4][0]).partition("%")[0]) for place in found]
    except (OSError, ValueError, UnicodeError):
        raise GatewayError(Problem.UNREACHABLE) from None
    if not all(_is_allowed(parts.scheme, place) for place in places):
        raise GatewayError(Problem.ADDRESS)
    return list(dict.fromkeys(map(str, places)))


def _is_allowed(scheme: str, named: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    # "::ffff:169.254.169.254" is that IPv4 address, and as private only in name.
    place = getattr(named, "ipv4_mapped", None) or named
    if settings.GATEWAY_NETWORKS and not any(place in network for network in settings.GATEWAY_NETWORKS):
        return False
    is_near = place.is_loopback or (place.is_private and not (place.is_link_local or place.is_unspecified))
    return scheme == "https" or is_near


class _To(requests.adapters.HTTPAdapter):
    """Connects to the places that were looked at, whatever the name says by now; certificate and Host are the name's."""

    def __init__(self, places: list[str]) -> None:
        self._places = places
        self._place = places[0]
        super().__init__()

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> tuple[Any, Any]:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        return {**host, "host": self._place}, {**pool, "server_hostname": host["host"]}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.headers["Host"] = urlsplit(request.url or "").netloc
        for place in self._places[:-1]:
            self._place = place
            try:
                return super().send(request, *args, **kwargs)
            except requests.ConnectionError as problem:
                reason = getattr(problem.args[0], "reason", None) if problem.args else None
                if not isinstance(reason, (NewConnectionError, ConnectTimeoutError)):  # something was sent
                    raise
        self._place = self._places[-1]
        return super().send(request, *args, **kwargs)


@dataclass(frozen=True)
class Door:
    """Where a gateway is and how Praja shows itself there."""

    address: str
    username: str = ""
    secret: Secret = field(default_factory=Secret)

    @sensitive_variables()
    def ask(self, method: str, path: str, *, seconds: float, most_bytes: int, **sent: Any) -> Answer:
        """One question and its whole answer; raises GatewayError. It is asked once: a repeated one might sign twice."""
        outcome: list[Answer | GatewayError] = []
        # In a thread, since only so the limit holds for a gateway that sends a byte now and then.
        thread = threading.Thread(
            target=self._ask, args=(outcome, method, path, seconds, most_bytes, sent), daemon=True
        )
        thread.start()
        thread.join(seconds)
        if not outcome:
            raise GatewayError(Problem.SLOW)
        if isinstance(outcome[0], GatewayError):
            raise GatewayError(outcome[0].problem)
        return outcome[0]

    @sensitive_variables()
    def _ask(
        self,
        outcome: list[Answer | GatewayError],
        method: str,
        path: str,
        seconds: float,
        most_bytes: int,
        sent: dict[str, Any],
    ) -> None:
        _silent.is_asking = True
        try:
            outcome.append(self._answer(method, path, seconds, most_bytes, sent))
        except GatewayError as problem:
            outcome.append(problem)
        except requests.exceptions.SSLError:
            outcome.append(GatewayError(Problem.UNTRUSTED))
        except requests.Timeout:
            outcome.append(GatewayError(Problem.SLOW))
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            outcome.append(GatewayError(Problem.RUBBISH))
        except requests.exceptions.ConnectionError as problem:
            outcome.append(GatewayError(_of_connection(problem)))
        except Exception:  # noqa: BLE001 - a hostile answer may break anything below, and its words stay here
            outcome.append(GatewayError(Problem.RUBBISH))

    @sensitive_variables()
    def _answer(self, method: str, path: str, seconds: float, most_bytes: int, sent: dict[str, Any]) -> Answer:
        parts = _parts(self.address)
        if parts is None:
            raise GatewayError(Problem.ADDRESS)
        places = _places(parts)
        with requests.Session() as session:
            session.mount(f"{parts.scheme}://", _To(places))
            session.trust_env = False  # no proxy and no netrc: what is sent goes there and nowhere else
            if self.username or self.secret:
                session.auth = HTTPBasicAuth(self.username.encode(), self.secret.reveal().encode())
            with session.request(
                method,
                self.address.rstrip("/") + path,
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
                stream=True,
                headers={"Accept-Encoding": "identity"},
                **sent,
            ) as response:
                body = bytearray()
                for chunk in response.iter_content(CHUNK_BYTES):
                    body += chunk
                    if len(body) > most_bytes:
                        raise GatewayError(Problem.RUBBISH)
                return Answer(response.status_code, bytes(body))


def _of_connection(problem: Exception) -> Problem:
    """Whether nobody was there, somebody fell silent in the middle, or spoke no HTTP."""
    cause: Any = problem.args[0] if problem.args else None
    if isinstance(cause, ReadTimeoutError):
        return Problem.SLOW
    spoken = cause.args[1] if isinstance(cause, ProtocolError) and len(cause.args) > 1 else None
    is_silence = isinstance(spoken, (http.client.RemoteDisconnected, OSError))
    return Problem.RUBBISH if isinstance(spoken, http.client.HTTPException) and not is_silence else Problem.UNREACHABLE
