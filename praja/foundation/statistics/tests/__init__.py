"""Tests of the figures of a region."""
