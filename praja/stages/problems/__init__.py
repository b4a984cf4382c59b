"""What agencies report, and why it is so."""
