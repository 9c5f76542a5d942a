"""Confidence: a probability from named parts, by fixed arithmetic, never asked of a model.

A logistic function of parts in [0, 1]. The weights were fitted by `benchmarks/fit_confidence.py`
on the tuning half of public questions (CLAPNQ and questions on AWS's guides), each also asked with
its document hidden and of a collection that cannot know the answer. On a team's own articles they
promise no error rate. The same parts give the same number, to the last bit.
"""

import math
from collections.abc import Sequence
from statistics import median

from openbook.answer.draft import Draft, context
from openbook.answer.words import coverage
from openbook.types import Hit

WEIGHTS = {
    "similarity": 7.65,
    "question_coverage": 1.95,
    "context_coverage": 1.28,
    "agreement": 1.67,
    "retrieval_margin": 4.34,
}
BIAS = -10.36
_DECIMALS = 6


def confidence_parts(draft: Draft, hits: Sequence[Hit]) -> dict[str, float]:
    """The parts of the confidence, each in [0, 1].

    `similarity`: cosine of question and cited chunk (its fused score where there is no encoder).
    `question_coverage`: share of the question's telling words, by rarity, in the quoted text.
    `context_coverage`: the same with title, headings and the rest of the chunk.
    `agreement`: whether both retrievers returned the cited chunk.
    `retrieval_margin`: lead of the cited chunk over the middle one of the hits from other documents;
    the middle, since in a help centre a second article often says the same.
    """
    if not draft.quotes:
        return dict.fromkeys(WEIGHTS, 0.0)
    cited = draft.quotes[0].hit
    quoted = " ".join(f"{quote.header_text} {quote.text}" for quote in draft.quotes)
    others = [hit.score for hit in hits if hit.document_id != cited.document_id]
    return {
        "similarity": _unit(cited.dense if cited.dense is not None else cited.score),
        "question_coverage": _unit(coverage(draft.weights, quoted)),
        "context_coverage": _unit(coverage(draft.weights, context(cited))),
        "agreement": 1.0 if len(cited.retrievers) > 1 else 0.0,
        "retrieval_margin": _unit(cited.score - (median(others) if others else 0.0)),
    }


def confidence(parts: dict[str, float]) -> float:
    """The probability that follows from the parts; 0 when nothing was drafted."""
    if not any(parts.values()):
        return 0.0
    total = BIAS + sum(WEIGHTS[name] * value for name, value in parts.items())
    return round(1.0 / (1.0 + math.exp(-total)), _DECIMALS)


def _unit(value: float) -> float:
    return round(min(1.0, max(0.0, value)), _DECIMALS)
