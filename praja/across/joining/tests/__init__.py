"""Tests of joining and changing hands."""
