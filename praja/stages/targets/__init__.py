"""What the region's five-year plan (RPJMD) promises, and which innovation serves which of its targets."""
