"""Rows that say the same, joined or kept, and rows that change hands."""
