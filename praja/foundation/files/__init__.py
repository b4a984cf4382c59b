"""Files that people hand in: checked, hashed, handed out through reach."""
