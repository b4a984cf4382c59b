"""The fake gateway in a demonstration: where it listens, and what the page of a signatory may tell about it."""

import sys
from dataclasses import dataclass

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.models import Gateway

FIRST_PORT = 8790


@dataclass(frozen=True)
class Example:
    """What works at the fake gateway, for whoever tries the demonstration."""

    nik: str
    passphrase: str
    code: str


def command(port: int) -> list[str]:
    """How the fake gateway is started as a process of its own."""
    return [sys.executable, "-m", "praja.foundation.signing.gateway.fake", "--port", str(port)]


def point_at(port: int) -> None:
    """Tell the regions of the demonstration where the fake gateway listens since the last start."""
    if is_demonstration():
        rows = Gateway.objects.filter(username=fake.USERNAME, withdrawn_at=None)
        rows.update(address=f"http://127.0.0.1:{port}")


def example_of(gateway: Gateway | None) -> Example | None:
    """What to type, when this is a demonstration and the gateway is the fake one; else None."""
    if gateway is None or gateway.username != fake.USERNAME or not is_demonstration():
        return None
    return Example("3205010101700001", fake.PASSPHRASE, fake.CODE)
