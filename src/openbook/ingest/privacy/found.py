"""What a finder of personal data reports: a range and what kind of detail it holds.

This module knows no rules. The kinds are the words that stand in masked text: `[name]`, `[email]` ...
"""

import re
from typing import NamedTuple

KINDS = (
    "email",
    "url",
    "card",
    "iban",
    "identity",
    "ip",
    "birthdate",
    "serial",
    "reference",
    "address",
    "phone",
    "handle",
    "name",
)
"""Every kind of detail, the surest first: where two overlap, the first names the mark."""

MARK = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
"""What stands where a detail was."""


class Found(NamedTuple):
    """One detail: `text[start:end]` is of this kind."""

    start: int
    end: int
    kind: str
