"""Order numbers: random, so that nobody can tell how many there are or guess a neighbour's."""

import secrets

# Crockford's base 32: no I, L, O or U, so that a number survives the telephone and handwriting.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_GROUPS, _GROUP_LENGTH = 3, 4


def new_number() -> str:
    """Return a fresh order number of 60 random bits, such as `7QK2-M9TD-4HXA`."""
    # A byte is a sign eight times over, so each sign is as likely as any other.
    return _grouped(
        "".join([_ALPHABET[byte % len(_ALPHABET)] for byte in secrets.token_bytes(_GROUPS * _GROUP_LENGTH)])
    )


def canonical_number(typed: str) -> str:
    """Return a typed number as it is stored: upper case, grouped, letters that look like digits read as those."""
    plain = "".join(char for char in typed.upper().translate(_READ_AS) if char in _ALPHABET)
    return _grouped(plain)


def _grouped(signs: str) -> str:
    return "-".join([signs[start : start + _GROUP_LENGTH] for start in range(0, len(signs), _GROUP_LENGTH)])
