"""What answers the problems, IT or not."""
