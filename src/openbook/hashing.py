"""Hashes and canonical bytes: how texts are named and how two values are proved equal.

Knows nothing of what it hashes.
"""

import hashlib
import json
from typing import Any


def hash_bytes(data: bytes) -> str:
    """SHA-256 of `data` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def hash_text(text: str) -> str:
    """SHA-256 of the text in UTF-8; lone surrogates are kept apart rather than refused."""
    return hash_bytes(text.encode("utf-8", "surrogatepass"))


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
