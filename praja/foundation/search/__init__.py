"""Finding any row that a person may see by the words in it: Indonesian stems, ranked, kept right by following the history."""
