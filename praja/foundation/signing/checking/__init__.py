"""What anyone can check: the verdicts, the evidence file, the archive of a region."""
