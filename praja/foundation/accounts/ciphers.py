"""Secrets at rest: enciphered with keys that follow from settings.SECRET_KEY, another one for each purpose.

What was enciphered under a key of SECRET_KEY_FALLBACKS stays readable; new secrets take the present one.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """The text was enciphered for another purpose or under a key that is not known here, or is no such text at all."""


def enciphered(purpose: str, text: str) -> str:
    """What may be stored of a secret; `purpose` is a few words that never change."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def deciphered(purpose: str, stored: str) -> str:
    """The secret again; raises Unreadable, as after a change of SECRET_KEY that forgets the one before."""
    try:
        return _cipher(purpose).decrypt(stored.encode()).decode()
    except InvalidToken as problem:
        raise Unreadable(purpose) from problem


def _cipher(purpose: str) -> MultiFernet:
    """The first key enciphers; each of them is tried on what is stored."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(f"praja {purpose} {secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
