"""An answer that was made without leaving a trace, with what would have been said if nothing were required."""

from dataclasses import dataclass

from openbook.types.answer import Answer, Decision
from openbook.types.record import Record
from openbook.types.search import Hit


@dataclass(frozen=True, slots=True)
class Rehearsal(Record):
    """What a question would get, and on what it would rest.

    Attributes:
        answer: As a customer would get it.
        draft: The same at a threshold of 0: what would be sent if no confidence were required. Its
            citations are there whether or not the confidence suffices.
        hits: What it was drawn from, the best first.
    """

    answer: Answer
    draft: Answer
    hits: tuple[Hit, ...]

    @property
    def sendable(self) -> bool:
        """Whether only a higher threshold could hold the answer back: no rule of decision does."""
        return self.draft.decision is Decision.SEND
