"""Wilson's score interval for a share: good down to few cases and shares near 0 and 1.

    (p + z^2 / 2n  ±  z * square root of (p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)

with p = successes / n and z the normal quantile of the level. Wilson, "Probable inference, the law of
succession, and statistical inference" (1927).
"""

from math import sqrt
from statistics import NormalDist

from openbook.evals.metrics.inputs import share_of
from openbook.evals.metrics.metric import Interval


def wilson(successes: int, cases: int, *, level: float = 0.95) -> Interval:
    """The interval for the share `successes / cases`; not a number without cases.

    Args:
        successes: How many cases have it.
        cases: How many there are.
        level: How often such an interval should hold the true share.

    Raises:
        UserError: The successes are not between 0 and the cases, or the level not inside (0, 1).
    """
    share = share_of(successes, cases, level=level)
    if not cases:
        return Interval(share, share)
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    middle = share + z2 / (2 * cases)
    reach = sqrt(z2 * (share * (1 - share) / cases + z2 / (4 * cases**2)))
    scale = 1 + z2 / cases
    return Interval(max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale))
