"""What runs by itself and when; the worker reads this table."""

SCHEDULE = ()
