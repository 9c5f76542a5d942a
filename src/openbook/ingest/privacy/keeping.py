"""What the caller calls public: a company's own domains, its support address, its hotline, its people's names.

The module knows nothing about how details are found.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

_FEWEST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays in a text.

    Attributes:
        literals: Whole details, in small letters.
        domains: The literals that may be domains, each with its addresses and subdomains.
        numbers: The digits of the literals that are numbers.
    """

    literals: frozenset[str] = frozenset()
    domains: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, keep: Collection[str]) -> "Kept":
        """Sorts what a caller wants to keep by what it looks like."""
        literals = frozenset(entry.strip().casefold().removeprefix("@") for entry in keep if entry.strip())
        domains = tuple(entry for entry in sorted(literals) if "." in entry and "@" not in entry and " " not in entry)
        numbers = frozenset(digits for entry in literals if len(digits := _digits(entry)) >= _FEWEST_DIGITS)
        return cls(literals, domains, numbers)

    def has(self, detail: str) -> bool:
        """Whether a detail, as it stands in a text, is public."""
        if not self.literals:
            return False
        folded = detail.casefold()
        if folded in self.literals or (self.numbers and _digits(folded) in self.numbers):
            return True
        host = folded.rpartition("@")[2]
        return "@" in folded and any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
