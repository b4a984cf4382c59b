"""Secrets at rest can be read for their purpose under their SECRET_KEY, and not otherwise."""

import pytest

from praja.foundation.accounts import ciphers


def test_a_secret_comes_back_for_its_purpose():
    stored = ciphers.enciphered("gateway", "rahasia")
    assert "rahasia" not in stored
    assert ciphers.deciphered("gateway", stored) == "rahasia"


def test_another_purpose_or_key_cannot_read_it(settings):
    stored = ciphers.enciphered("gateway", "rahasia")
    with pytest.raises(ciphers.Unreadable):
        ciphers.deciphered("second factor", stored)
    settings.SECRET_KEY = "another one that is long enough to be a secret"
    with pytest.raises(ciphers.Unreadable):
        ciphers.deciphered("gateway", stored)


def test_a_former_key_still_reads_and_no_longer_writes(settings):
    before = settings.SECRET_KEY
    stored = ciphers.enciphered("gateway", "rahasia")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one that is long enough to be a secret", [before]
    assert ciphers.deciphered("gateway", stored) == "rahasia"
    written = ciphers.enciphered("gateway", "baru")
    settings.SECRET_KEY_FALLBACKS = []
    assert ciphers.deciphered("gateway", written) == "baru"


def test_what_was_never_enciphered_is_unreadable():
    with pytest.raises(ciphers.Unreadable):
        ciphers.deciphered("gateway", "rahasia")
