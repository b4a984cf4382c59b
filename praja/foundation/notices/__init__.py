"""Who is told what, in the page and as text to copy."""
