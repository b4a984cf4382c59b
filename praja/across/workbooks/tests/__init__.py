"""Tests of the workbooks that go out and come back."""
