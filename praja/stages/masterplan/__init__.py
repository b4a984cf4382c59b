"""The books, compiled from what was typed."""
