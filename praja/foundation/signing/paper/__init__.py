"""Signing on paper: the printed sheet, and reading what comes back of it."""
