"""Tests of quick wins."""
