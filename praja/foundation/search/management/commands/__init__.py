"""Commands about places, one a file."""
