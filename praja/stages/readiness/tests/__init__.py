"""Readiness tested: its pages, its workbook, its result and what it says in the book."""
