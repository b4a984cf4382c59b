"""Tests of values, columns, reading and writing of sheets."""
