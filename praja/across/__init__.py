"""What looks at all stages at once; it may import everything, and nobody imports it."""
