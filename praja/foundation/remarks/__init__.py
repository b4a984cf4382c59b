"""Notes on any row, its field, a chapter or a paragraph."""
