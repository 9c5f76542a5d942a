"""Coverage at a risk: how much can be answered if no more than a share of the answers may be wrong.

    the largest coverage of any threshold whose selective risk (`selective_risk.py`) is at most the risk

Geifman & El-Yaniv, "Selective Classification for Deep Neural Networks" (2017), whose threshold also
holds for questions to come; this one is chosen and judged on the same cases and is therefore a
description, no guarantee.
"""

import numpy as np

from openbook.errors import UserError
from openbook.evals.metrics.inputs import Numbers, Truths, judged, same_length, truths
from openbook.evals.metrics.selective_risk import answered_of, falling


def coverage_at_risk(confidences: Numbers, wrong: Truths, risk: float, *, of: Truths | None = None) -> float:
    """The largest coverage at which the share of wrong answers is at most `risk`; 0 if none is.

    Args:
        confidences: What the threshold is held against, in [0, 1].
        wrong: Whether answering each case is a mistake.
        risk: The share of wrong ones among the answered that is borne, in [0, 1].
        of: Which cases coverage is a share of, such as those that can be answered; all, if not given.
            A wrong answer counts in the risk whether or not it is one of them.

    Returns:
        A share in [0, 1]; not a number if there are no cases to cover.

    Raises:
        UserError: A confidence or the risk lies outside [0, 1], a label is none, or the lists differ in length.
    """
    if not 0 <= risk <= 1:
        raise UserError(f"`risk` is {risk}.", fix="Set `risk` between 0 and 1, such as 0.05.")
    sure, mistaken = judged(confidences, wrong)
    eligible = np.ones_like(mistaken) if of is None else truths(of, "label of what is to be covered")
    same_length({"confidences": sure, "labels of what is to be covered": eligible})
    if not eligible.any():
        return float("nan")
    _, steps = falling(sure)
    risks = answered_of(steps, mistaken) / answered_of(steps, np.ones_like(mistaken))
    coverages = answered_of(steps, eligible) / eligible.sum()
    return float(coverages[risks <= risk].max(initial=0.0))
