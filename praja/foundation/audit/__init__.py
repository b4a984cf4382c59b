"""Who did what to which row, when, and what it said before and after; append-only."""
