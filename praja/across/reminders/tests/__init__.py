"""Tests of reasons, reminders, exceptions and the weekly page."""
