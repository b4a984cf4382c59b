"""Tests that cross folders."""
