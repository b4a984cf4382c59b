"""A file or a link behind a claim."""
