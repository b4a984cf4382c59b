"""What the books say: one file per book, or per chapter that several books share."""
