"""Tests of the proposal sheets."""
