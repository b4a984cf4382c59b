"""What the region wants to become; in this edition its vision."""
