"""AURC: the mean selective risk over all coverages; lower is better.

    AURC = mean over the cases of the selective risk at the threshold that just answers the case

Geifman & El-Yaniv, "Selective Classification for Deep Neural Networks" (2017), for the curve; Geifman,
Uziel & El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers" (2019), for the
area. Cases of equal confidence come in together and count with the risk they come in with. The first
few cases weigh much; see `augrc`.
"""

import numpy as np

from openbook.evals.metrics.inputs import Numbers, Truths, judged
from openbook.evals.metrics.selective_risk import answered_of, falling


def aurc(confidences: Numbers, wrong: Truths) -> float:
    """AURC in [0, 1]; not a number without cases; arguments and errors as `risk_coverage`."""
    sure, mistaken = judged(confidences, wrong)
    if not len(sure):
        return float("nan")
    _, steps = falling(sure)
    risks = answered_of(steps, mistaken) / answered_of(steps, np.ones_like(mistaken))
    return float(risks[steps].mean())
