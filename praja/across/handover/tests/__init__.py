"""Tests of handing a role over."""
