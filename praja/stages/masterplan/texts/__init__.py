"""What people write into the books: the editor, references, the check of numbers, versions, Word there and back."""
