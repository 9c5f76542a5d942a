"""Identifiers: a readable prefix and 26 characters that sort by time of making.

The first 48 bits are milliseconds since 1970, the other 80 are random, in Crockford's base 32,
as in ULID (https://github.com/ulid/spec): new rows land at the end of every index.
"""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """A fresh identifier such as `doc_01jd5m6k0v3z8r2q4t7w9y1b5c`."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    letters = [_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5)]
    return f"{prefix}_{''.join(letters)}"
