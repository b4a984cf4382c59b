"""Workbooks that agencies fill in without a network, and how they come back."""
