"""Who has not delivered yet and why, what to do about each, who was reminded when, and the week on one page."""
