"""Names texts and files by what they hold: SHA-256 in hexadecimal.

The same content has the same fingerprint on every machine. It knows nothing about what
the content means.
"""

import hashlib


def hash_text(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, 64 hexadecimal digits; lone surrogates are allowed."""
    return hash_bytes(text.encode("utf-8", "surrogatepass"))


def hash_bytes(data: bytes) -> str:
    """The SHA-256 of the bytes, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
