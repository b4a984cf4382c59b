"""Regions and districts with their official codes."""
