"""McNemar's test: are two runs right equally often on the same cases?

Only cases matter in which one run is right and the other is not: b of one kind and c of the other. If
both runs are equally good, each such case is a fair coin:

    p = min(1, 2 * P(X <= min(b, c)))    for X binomial with b + c trials of 1/2

McNemar, "Note on the sampling error of the difference between correlated proportions or percentages"
(1947), in its exact form.
"""

from dataclasses import dataclass

from openbook.evals.metrics.inputs import Truths, same_length, truths
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class McNemar(Record):
    """In how many cases only one of two runs is right, and the exact two-sided p-value."""

    only_baseline: int
    only_candidate: int
    p: float


def mcnemar(baseline: Truths, candidate: Truths) -> McNemar:
    """Tests two runs on the same cases; p is 1 if they never differ, and not a number without cases.

    Args:
        baseline: Whether each case was right in the run to compare with.
        candidate: Whether the same cases were right in the other run.

    Raises:
        UserError: A label is neither true nor false, or the lists differ in length.
    """
    from scipy.special import bdtr  # deferred: slow to import

    same_length({"labels of the baseline": baseline, "of the candidate": candidate})
    first, second = truths(baseline, "label of the baseline"), truths(candidate, "label of the candidate")
    losses, gains = int((first & ~second).sum()), int((second & ~first).sum())
    if not len(first):
        return McNemar(0, 0, float("nan"))
    return McNemar(losses, gains, min(1.0, 2 * float(bdtr(min(losses, gains), losses + gains, 0.5))))
