"""The first page of each role, coverage, and what waits for whom."""
