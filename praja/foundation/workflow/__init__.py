"""A table of steps per stage and the one engine that takes them; the way of a row over its offices; many rows at once."""
