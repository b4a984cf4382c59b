"""Tests of the joint commitment."""
