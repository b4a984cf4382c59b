"""The plan of a region: dimensions, deadlines, what is asked, and the one place of money and of targets."""
