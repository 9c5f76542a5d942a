"""Watches a certificate with reviewed answers, and withdraws it when they show that the world has changed.

A bet against "at most `max_error` of the sent answers are wrong": wealth starts at 1, and what is bet is multiplied at
each review by 1 + bet * (wrong - max_error). As long as the claim holds, no bet makes wealth grow in the mean, so by
Ville's inequality it reaches 1 / (1 - certainty), at any time and however often one looks, with a probability of
at most 1 - certainty. Testing by betting: Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables
by betting". Wealth is spread over a fixed grid of bets, since the best one depends on how far the error has
risen, and over the review at which betting begins, since nobody knows when: what was bet throughout a long good time
is all but lost when that time ends.

It promises no more than that few alarms are false. It does not promise to see a change soon, least of all a small
one. And it sees reviewed answers only: they must be chosen by chance, or all be reviewed. Reviewing only what
customers complained about raises alarms over nothing; reviewing only what looked good raises none.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from openbook.errors import UserError
from openbook.evals.certificate import check_promise
from openbook.types import Record

BETS = 12
PATIENCE = 2.0
_LONGEST = 1e9
_BOLDEST = 0.99
_LARGEST_LOG = 700.0


@dataclass(frozen=True, slots=True)
class Watch(Record):
    """What the reviews so far say about a certificate.

    Attributes:
        reviewed: How many sent answers were reviewed.
        wrong: How many of them were wrong.
        wealth: Of the bet after the last review; 1 says nothing, large speaks against the certificate.
        peak: The largest wealth after any review, or the 1 of the beginning.
        withdrawn: Whether wealth ever reached 1 / (1 - certainty); the certificate is not to be used any more.
        at: Which review withdrew it, counted from 1, or None.
    """

    reviewed: int
    wrong: int
    wealth: float
    peak: float
    withdrawn: bool
    at: int | None


def watch(reviews: Iterable[bool], *, max_error: float, certainty: float) -> Watch:
    """Bets against the certificate with every review since it was granted.

    Args:
        reviews: For each reviewed answer, in the order of sending, whether it was wrong. Which answers are reviewed
            may not depend on whether they are wrong.
        max_error: What the certificate promises.
        certainty: An alarm is false with a probability of at most 1 - certainty.

    Raises:
        UserError: A number does not lie between 0 and 1, or a review is neither wrong nor right.
    """
    check_promise(max_error, certainty)
    wrong = np.cumsum(np.fromiter(_checked(reviews), dtype=np.int64))
    if not len(wrong):
        return Watch(reviewed=0, wrong=0, wealth=1.0, peak=1.0, withdrawn=False, at=None)
    wealth = _log_wealth(wrong, max_error)
    reached = np.flatnonzero(wealth >= -math.log(1 - certainty))
    return Watch(
        reviewed=len(wrong),
        wrong=int(wrong[-1]),
        wealth=_plain(float(wealth[-1])),
        peak=_plain(max(0.0, float(wealth.max()))),
        withdrawn=bool(len(reached)),
        at=int(reached[0]) + 1 if len(reached) else None,
    )


def _checked(reviews: Iterable[bool]) -> Iterator[bool]:
    for place, wrong in enumerate(reviews, start=1):
        if not isinstance(wrong, bool | np.bool_):
            raise UserError(f"Review {place} is {wrong!r}, neither wrong nor right.", fix="Give true or false.")
        yield bool(wrong)


def _log_wealth(wrong: np.ndarray, max_error: float) -> np.ndarray:
    """The logarithm of the wealth after each review: what every bet has become, and what is not bet yet.

    Before review s = 0, 1, ... the share patience / ((s + patience) * (s + patience + 1)) of the first wealth
    is bet, so that patience / (t + patience) is left after t reviews. Half is bet within twice as many reviews
    as bring one error at the limit.

    Args:
        wrong: How many answers were wrong up to each review.
        max_error: What is bet against.
    """
    patience = min(_LONGEST, PATIENCE / max_error)
    before = np.arange(len(wrong))
    right = before + 1 - wrong
    stakes = math.log(patience) - np.log(before + patience) - np.log(before + patience + 1)
    total = math.log(BETS * patience) - np.log(before + 1 + patience)
    for after_wrong, after_right in _bets(max_error):
        grown = wrong * after_wrong + right * after_right
        grown_before = np.concatenate(([0.0], grown[:-1]))
        total = np.logaddexp(total, grown + np.logaddexp.accumulate(stakes - grown_before))
    wealth: np.ndarray = total - math.log(BETS)
    return wealth


def _bets(max_error: float) -> Iterator[tuple[float, float]]:
    """For each bet, the logarithms of what a wrong and what a right answer multiply its wealth by.

    A bet is best if the true error rate is max_error + bet * max_error * (1 - max_error); these rates lie
    evenly, on a scale of ratios, between `max_error` and 1. The boldest bets stay short of 1 / max_error, at which
    one right answer would cost everything.
    """
    for number in range(1, BETS + 1):
        rate = max_error ** (1 - number / (BETS + 1))
        share = min(_BOLDEST, (rate - max_error) / (1 - max_error))
        yield math.log(max_error + share * (1 - max_error)) - math.log(max_error), math.log1p(-share)


def _plain(log_wealth: float) -> float:
    """Wealth as a finite number; JSON knows no infinity."""
    return math.exp(min(log_wealth, _LARGEST_LOG))
