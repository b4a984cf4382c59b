"""What a person typed and has not saved yet, so that nothing is lost."""
