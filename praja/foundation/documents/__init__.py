"""Books as blocks, rendered as web page, PDF and Word."""
