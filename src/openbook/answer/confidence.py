"""Confidence: a probability from named parts, by fixed arithmetic, never asked of a language model.

A logistic function of parts in [0, 1], none with a negative weight, so that no part can be made
worse and the confidence better. The weights were fitted by `benchmarks/fit_confidence.py` on the
tuning halves of public questions, each also asked with its document hidden and of collections that
cannot know the answer; those of `exact_terms`, `same_subject` and `freshness` were set, for public
questions show too few codes, variants and dates to fit them. On a team's own articles they promise no
error rate; weights fitted on its own labels may take their place. The same parts give the same number,
to the last bit.
"""

import math
from collections.abc import Mapping

from openbook.types import ConfidenceModel

WEIGHTS = {
    "similarity": 1.51,
    "sentence_similarity": 1.66,
    "question_coverage": 0.0,
    "context_coverage": 1.07,
    "known_words": 1.21,
    "agreement": 0.93,
    "keyword_share": 1.09,
    "retrieval_margin": 0.95,
    "sentence_margin": 1.18,
    "same_subject": 0.81,
    "answer_type": 2.37,
    "exact_terms": 0.81,
    "scope": 1.73,
    "rank_agreement": 1.22,
    "says_enough": 2.14,
    "freshness": 0.3,
}
BIAS = -15.32
SHIPPED = ConfidenceModel(WEIGHTS, BIAS)
"""What counts until a team's own labels are there."""

_DECIMALS = 6


def confidence(parts: Mapping[str, float], *, model: ConfidenceModel = SHIPPED) -> float:
    """The probability that follows from the parts; 0 when nothing was drafted."""
    if not any(parts.values()):
        return 0.0
    total = model.bias + sum(weight * parts.get(name, 0.0) for name, weight in model.weights.items())
    return round(0.5 * (1.0 + math.tanh(total / 2)), _DECIMALS)
