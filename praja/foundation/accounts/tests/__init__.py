"""Tests of signing in, inviting, and reach."""
