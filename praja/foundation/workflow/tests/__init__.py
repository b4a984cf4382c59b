"""Tests of the way of a row: the approval table, words, many rows at once, and any interleaving of steps."""
