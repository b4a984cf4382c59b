"""Proposal sheets: what an agency proposes, printed for its head, signed, scanned and confirmed by a second person."""
