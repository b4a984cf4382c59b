"""What the region wants to become, and what becomes of what it had promised before."""
