"""The exact interval for a share: never holds the true share less often than promised.

With k successes in n cases and a = 1 - level, the ends are quantiles of beta distributions:

    low = a/2 quantile of Beta(k, n - k + 1), 0 for k = 0
    high = 1 - a/2 quantile of Beta(k + 1, n - k), 1 for k = n

Clopper & Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial"
(1934). Wider than Wilson's, hence for promises rather than for description.
"""

from openbook.evals.metrics.inputs import share_of
from openbook.evals.metrics.metric import Interval


def clopper_pearson(successes: int, cases: int, *, level: float = 0.95) -> Interval:
    """The exact interval for the share `successes / cases`; arguments and errors as `wilson`."""
    from scipy.special import betaincinv  # deferred: slow to import

    share = share_of(successes, cases, level=level)
    if not cases:
        return Interval(share, share)
    tail, failures = (1 - level) / 2, cases - successes
    low = float(betaincinv(successes, failures + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, failures, 1 - tail)) if failures else 1.0
    return Interval(low, high)
