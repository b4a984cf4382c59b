"""The joint commitment: what each agency promises, settled, signed, changed by addenda, and held against what happened."""
