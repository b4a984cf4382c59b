"""Loads instruments from praja/data/instruments, again and again; one that was answered never changes any more."""

import hashlib
import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from praja.foundation.instruments.models import Answer, Instrument, Node

FOLDER = settings.PACKAGE / "data" / "instruments"
ORIGINS = ("official", "published", "proposed", "background")


class WrongInstrument(ValueError):
    """A file that is no instrument, or another one than was answered; its text names the file and what to do."""


def load_instruments(folder: Path = FOLDER) -> int:
    """Store every instrument of the folder; returns how many there are. Raises WrongInstrument, and then stores none.

    A file that changed replaces its instrument as long as nobody has answered it.
    """
    files = sorted(folder.glob("*.toml"))
    with transaction.atomic():
        for file in files:
            _load(file)
    return len(files)


def _load(file: Path) -> None:
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    try:
        said = checked(tomllib.loads(content.decode("utf-8")))
    except (ValueError, KeyError, TypeError) as problem:  # also what tomllib and decoding raise
        raise WrongInstrument(f"{file.name} is not an instrument: {problem!r}.") from problem
    present = Instrument.objects.filter(key=said["key"]).first()
    if present is not None and present.sha256 == digest:
        return
    if present is not None and Answer.objects.filter(node__instrument=present).exists():
        raise WrongInstrument(
            f"{file.name} differs from the instrument {present.key} that was answered, and answers must keep their "
            "questions. Bring the file back as it was, and put the new version into a file with a key of its own."
        )
    values = {name: said[name] for name in ("names", "source", "origin", "scale", "bands")}
    instrument, _ = Instrument.objects.update_or_create(key=said["key"], defaults={**values, "sha256": digest})
    while deepest := list(instrument.nodes.filter(children=None).values_list("pk", flat=True)):
        Node.objects.filter(pk__in=deepest).delete()
    made: dict[str, Node] = {}
    for order, row in enumerate(said["node"], start=1):
        made[row["key"]] = Node.objects.create(
            instrument=instrument,
            parent=made[row["parent"]] if row.get("parent") else None,
            key=row["key"],
            names=row["names"],
            hints=row.get("hints", {}),
            unit=row.get("unit", ""),
            weight=row.get("weight", "1"),
            order=order,
        )


def checked(content: dict[str, Any]) -> dict[str, Any]:
    """What the file says, its lists under the names of the model; raises ValueError with a sentence, or KeyError."""
    if content["origin"] not in ORIGINS:
        raise ValueError(f"origin is {content['origin']!r}, not one of {', '.join(ORIGINS)}")
    scale, bands, nodes = content["level"], content.get("band", []), content["node"]
    for row in (content, *scale, *bands, *nodes):
        if not row["names"].get("id") or not row["names"].get("en"):
            raise ValueError(f"{row.get('key')!r} has no name in Indonesian and English")
    for rows in (scale, bands, nodes):
        keys = [row["key"] for row in rows]
        if len(set(keys)) < len(keys):
            raise ValueError("a key stands twice")
    values = [number(row["value"]) for row in scale]
    starts = [number(row["from"]) for row in bands]
    if not values or sorted(values) != values or sorted(starts) != starts:
        raise ValueError("levels and bands must climb")
    known: set[str] = set()
    for row in nodes:
        if row.get("parent") and row["parent"] not in known:
            raise ValueError(f"{row['key']!r} stands before its parent {row['parent']!r}")
        if number(row.get("weight", "1")) < 0:
            raise ValueError(f"{row['key']!r} has a weight below zero")
        known.add(row["key"])
    return {**content, "scale": scale, "bands": bands}


def number(text: Any) -> Decimal:
    """A decimal written as text, so that nothing is lost on the way; raises ValueError otherwise."""
    if not isinstance(text, str):
        raise ValueError(f'{text!r} must be a text, such as "1.5"')  # noqa: TRY004 - the file is wrong, not the call
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not found.is_finite():
        raise ValueError(f"{text!r} is not a number")
    return found
