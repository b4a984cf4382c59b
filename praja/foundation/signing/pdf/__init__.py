"""Signatures in a PDF: given, and judged."""
