"""Workbooks of these tests are short: what an office program reads and writes of free rows is most of their time."""

import pytest

from praja.across.workbooks import making


@pytest.fixture(autouse=True)
def few_free_rows(monkeypatch):
    """Eight on each sheet; in their real size workbooks are brought back by tests/browser and tests/test_half_and_half.py."""
    monkeypatch.setattr(making, "FREE", dict.fromkeys(making.FREE, 8))
