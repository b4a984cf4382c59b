"""Slow work: asked for by name, done by the worker exactly once in effect, with progress."""
