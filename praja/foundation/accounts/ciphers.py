"""Secrets at rest: enciphered with keys that follow from settings.SECRET_KEY, another one for each purpose."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """The text was enciphered for another purpose or under another SECRET_KEY, or is no such text at all."""


def enciphered(purpose: str, text: str) -> str:
    """What may be stored of a secret; `purpose` is a few words that never change."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def deciphered(purpose: str, stored: str) -> str:
    """The secret again; raises Unreadable, as after a change of SECRET_KEY."""
    try:
        return _cipher(purpose).decrypt(stored.encode()).decode()
    except InvalidToken as problem:
        raise Unreadable(purpose) from problem


def _cipher(purpose: str) -> Fernet:
    key = hashlib.sha256(f"praja {purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
