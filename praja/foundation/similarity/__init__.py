"""Texts that say the same in other words: stems, synonyms of the field, and likeness as a number."""
