"""The code by which a paper is known beside its number."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without what a hand or an eye mistakes for another sign
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")  # months, as offices write them


def new_code() -> str:
    """Eight signs in two groups, "K7QM-3XPD", that nobody can guess from another paper's."""
    signs = "".join(secrets.choice(ALPHABET) for _each in range(8))
    return f"{signs[:4]}-{signs[4:]}"
