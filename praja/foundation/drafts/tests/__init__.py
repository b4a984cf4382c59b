"""What is typed and not saved: kept, given back, cleared."""
