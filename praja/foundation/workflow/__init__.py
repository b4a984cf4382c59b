"""A table of steps per stage and the one engine that takes them."""
