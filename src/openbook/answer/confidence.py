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
    "similarity": 1.28,
    "sentence_similarity": 1.28,
    "question_coverage": 0.23,
    "context_coverage": 1.17,
    "known_words": 1.17,
    "agreement": 1.17,
    "keyword_share": 1.1,
    "retrieval_margin": 1.42,
    "sentence_margin": 1.21,
    "same_subject": 2.31,
    "answer_type": 1.16,
    "exact_terms": 2.31,
    "scope": 1.22,
    "rank_agreement": 1.26,
    "says_enough": 1.19,
    "freshness": 0.87,
}
BIAS = -16.14
SHIPPED = ConfidenceModel(WEIGHTS, BIAS)
"""What counts until a team's own labels are there."""

_DECIMALS = 6


def confidence(parts: Mapping[str, float], *, model: ConfidenceModel = SHIPPED) -> float:
    """The probability that follows from the parts; 0 when nothing was drafted."""
    if not any(parts.values()):
        return 0.0
    total = model.bias + sum(weight * parts.get(name, 0.0) for name, weight in model.weights.items())
    return round(0.5 * (1.0 + math.tanh(total / 2)), _DECIMALS)
