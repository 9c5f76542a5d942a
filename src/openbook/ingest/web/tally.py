"""Counts the addresses that were seen and left alone, by reason, so that nothing is left out silently."""

from collections import Counter
from dataclasses import dataclass, field

_EXAMPLES = 5
_REMEMBERED = 200_000


@dataclass(slots=True)
class Tally:
    """How many addresses were left alone, for each reason, and a few of them.

    Each address counts once, as long as fewer than 200,000 are remembered.
    """

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def add(self, address: str, reason: str) -> None:
        """Counts an address that is left alone."""
        mark = hash((address, reason))
        if mark in self._seen:
            return
        if len(self._seen) < _REMEMBERED:
            self._seen.add(mark)
        self.counts[reason] += 1
        shown = self.examples.setdefault(reason, [])
        if len(shown) < _EXAMPLES:
            shown.append(address)
