"""What a layout makes of a record of a help desk: a ticket as it was written, and who is named in it.

Nothing here is masked yet; only `knowledge` turns a case into what leaves this package.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from openbook.types import Part, Ticket


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket with the details of private persons, and what the export says beside it.

    Attributes:
        ticket: Its `resolution` is still empty.
        people: Names, addresses and phone numbers in fields of their own.
        accepted: The answer that a person marked as the one that solved it.
        updated_at: When it last changed.
    """

    ticket: Ticket
    people: tuple[str, ...] = ()
    accepted: str = ""
    updated_at: datetime | None = None


class Layout(Protocol):
    """How one product writes its tickets and articles."""

    def fits(self, names: Collection[str]) -> bool:
        """Whether a record with fields of these names is one of its kind."""
        ...

    def read(self, record: Mapping[str, Any]) -> Iterator[Case | Part]:
        """The ticket in a record, or its article in each language.

        Raises:
            ReadError: The record lacks what it needs.
        """
        ...
