"""AUROC: the chance that a right case has a higher score than a wrong one; ties count half.

    AUROC = (sum of the ranks of the right cases - r (r + 1) / 2) / (r * w)

for r right and w wrong cases, ranks from the lowest score up, the mean rank for ties. Hanley &
McNeil, "The meaning and use of the area under a receiver operating characteristic curve" (1982).
"""

import numpy as np

from openbook.evals.metrics.inputs import Numbers, Truths, numbers, same_length, truths


def auroc(scores: Numbers, labels: Truths) -> float:
    """AUROC in [0, 1]; not a number where one of the two kinds is missing.

    Args:
        scores: Any numbers, higher for what seems more right.
        labels: Whether each case was right.

    Raises:
        UserError: A score or a label is none, or the lists differ in length.
    """
    same_length({"scores": scores, "labels": labels})
    found, right = numbers(scores, "score"), truths(labels, "label")
    positives, negatives = int(right.sum()), int((~right).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(found, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[right].sum() - positives * (positives + 1) / 2) / (positives * negatives))
