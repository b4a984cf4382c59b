"""Books frozen as editions, proved to be unchanged, and compared."""
