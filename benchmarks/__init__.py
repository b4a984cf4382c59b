"""What `make bench` measures, over HTTP with all middleware on, beside a plain Django that does the same."""
