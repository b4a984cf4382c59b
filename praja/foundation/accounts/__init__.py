"""People, organisations, positions, permissions, and how far each person reaches."""
