"""Tests of remarks: at fields, answered, settled."""
