"""Instruments tested: loading, answers in their states, and scores in decimals."""
