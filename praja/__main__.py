"""`python -m praja` is the command line of cli.py."""

from praja.cli import main

main()
