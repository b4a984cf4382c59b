"""Workbooks and CSV: one declaration of columns, typed validators, guarded reading, preview."""
