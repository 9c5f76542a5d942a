"""Holm's correction: p-values that may be read together, though many things were tested.

With the p-values in rising order p(1) .. p(m):

    adjusted p(i) = the largest of min(1, (m - j + 1) * p(j)) over j <= i

The chance of any false finding among the m tests stays below the level that the adjusted values are
held against, however the tests depend on each other. Holm, "A simple sequentially rejective multiple
test procedure" (1979).
"""

import numpy as np

from openbook.evals.metrics.inputs import Numbers, probabilities


def holm(p_values: Numbers) -> tuple[float, ...]:
    """The adjusted p-values, in the order given.

    Raises:
        UserError: A p-value lies outside [0, 1] or is not a number.
    """
    found = probabilities(p_values, "p-value")
    order = np.argsort(found, kind="stable")
    raised = found[order] * np.arange(len(found), 0, -1)
    adjusted = np.empty_like(found)
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return tuple(adjusted.tolist())
