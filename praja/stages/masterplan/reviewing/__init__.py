"""Opinions asked by a date, and remarks on chapters and paragraphs."""
