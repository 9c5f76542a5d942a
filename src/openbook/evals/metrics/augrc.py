"""AUGRC: the mean risk of a silent failure over all coverages; lower is better, 0.5 is worst.

    generalised risk = answered and wrong / cases
    AUGRC = area under the generalised risk over the coverage, with straight lines between thresholds
          = (1 - AUROC) * e * (1 - e) + e^2 / 2    for a share e of wrong cases

where AUROC says how well confidence parts right from wrong. Traub et al., "Overcoming Common Flaws in
the Evaluation of Selective Classification Systems" (2024), arXiv:2407.01032. Unlike AURC it weighs
every mistake the same.
"""

import numpy as np

from openbook.evals.metrics.inputs import Numbers, Truths, judged
from openbook.evals.metrics.selective_risk import answered_of, falling


def augrc(confidences: Numbers, wrong: Truths) -> float:
    """AUGRC in [0, 0.5]; not a number without cases; arguments and errors as `risk_coverage`."""
    sure, mistaken = judged(confidences, wrong)
    if not len(sure):
        return float("nan")
    _, steps = falling(sure)
    coverages = np.concatenate([[0.0], answered_of(steps, np.ones_like(mistaken)) / len(sure)])
    risks = np.concatenate([[0.0], answered_of(steps, mistaken) / len(sure)])
    return float(np.trapezoid(risks, coverages))
