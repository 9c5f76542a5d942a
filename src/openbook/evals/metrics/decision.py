"""Which decision was due and which was taken.

    precision of a decision = times it was due and taken / times it was taken
    recall of a decision    = times it was due and taken / times it was due

A confusion matrix over send, clarify, abstain and hand_off; precision and recall by class as in
van Rijsbergen, "Information Retrieval" (1979), chapter 7.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from openbook.errors import UserError
from openbook.evals.metrics.inputs import same_length
from openbook.types import Decision, Record


@dataclass(frozen=True, slots=True)
class DecisionScores(Record):
    """How well one decision is taken.

    Attributes:
        due: In how many cases it should be taken.
        taken: In how many cases it was.
        precision: Not a number where it was never taken.
        recall: Not a number where it was never due.
    """

    decision: str
    due: int
    taken: int
    precision: float
    recall: float


def confusion(expected: Sequence[str], decided: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each decision was taken (inner key) where each was due (outer key); zeros included.

    Raises:
        UserError: A decision is unknown, or there are not as many of both.
    """
    same_length({"expected decisions": expected, "decisions": decided})
    counts = Counter(zip(map(_known, expected), map(_known, decided), strict=True))
    return {due.value: {taken.value: counts[due, taken] for taken in Decision} for due in Decision}


def decision_scores(expected: Sequence[str], decided: Sequence[str]) -> tuple[DecisionScores, ...]:
    """Precision and recall of each of the four decisions; errors as `confusion`."""
    matrix = confusion(expected, decided)
    return tuple(_scores(decision.value, matrix) for decision in Decision)


def _scores(decision: str, matrix: dict[str, dict[str, int]]) -> DecisionScores:
    due = sum(matrix[decision].values())
    taken = sum(row[decision] for row in matrix.values())
    agreed = matrix[decision][decision]
    return DecisionScores(decision, due, taken, _share(agreed, taken), _share(agreed, due))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _known(decision: str) -> Decision:
    try:
        return Decision(decision)
    except ValueError as error:
        raise UserError(f"{decision!r} is no decision.", fix=f"Write one of {', '.join(Decision)}.") from error
