"""Tests of the interface: formats, components, style, navigation."""
