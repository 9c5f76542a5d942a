"""The cases worth reading: wrong answers that would be sent, and right ones that would be held back.

Why an answer is wrong is told from what is known of it: whether the articles answer the question,
whether the right one was found, whether the right sentence was cited. Nobody's judgement is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openbook.evals.dataset import Case
from openbook.evals.outcome import Outcome
from openbook.evals.pages.words import percent

OPEN, MOST = 5, 25
"""How many cases of each kind a page shows at once, and how many on demand."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One case to read.

    Attributes:
        case: What the dataset says of it, where that is at hand.
        why: Why it went as it did, in words.
    """

    outcome: Outcome
    case: Case | None
    why: str


def wrongly_sent(outcomes: Sequence[Outcome], cases: Sequence[Case] = ()) -> tuple[Exhibit, ...]:
    """Answers that customers would see and that are wrong, the surest first."""
    chosen = [item for item in outcomes if item.sent and not item.right]
    return _exhibits(chosen, cases)


def wrongly_held(outcomes: Sequence[Outcome], cases: Sequence[Case] = ()) -> tuple[Exhibit, ...]:
    """Answers that customers would not see and that are right, the surest first."""
    chosen = [item for item in outcomes if not item.sent and item.would_be_right]
    return _exhibits(chosen, cases)


def _exhibits(chosen: Sequence[Outcome], cases: Sequence[Case]) -> tuple[Exhibit, ...]:
    known = {case.id: case for case in cases}
    ordered = sorted(chosen, key=lambda item: (-item.confidence, item.id))
    return tuple(Exhibit(item, known.get(item.id), why_wrong(item) if item.sent else item.reason) for item in ordered)


def why_wrong(outcome: Outcome) -> str:
    """What is known of why an answer is wrong, in one sentence."""
    if not outcome.answerable:
        return "No article answers this question, so nothing should have been sent."
    if outcome.ndcg is None:
        return (
            "The dataset names no article that answers it, so only the answer can be compared with what was expected."
        )
    if outcome.page_rank is None:
        return "The right article was not among those found, so the answer comes from another one."
    if outcome.page_rank > 1:
        return f"The right article came only at place {outcome.page_rank}; another one looked more fitting."
    if outcome.cover > 0:
        return f"The right article came first, but only {percent(outcome.cover)} of the expected sentence is cited."
    return "The right article came first, but another sentence of it, or of another article, was cited."
