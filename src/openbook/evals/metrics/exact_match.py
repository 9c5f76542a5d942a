"""Exact match: whether an answer says the same words as a gold answer, in the same order.

1 if the normalised texts (`squad.py`) are equal for any accepted answer, else 0. Rajpurkar et al.,
"SQuAD: 100,000+ Questions for Machine Comprehension of Text" (2016).
"""

from collections.abc import Sequence

from openbook.evals.metrics.squad import tokens, wordings


def exact_match(answer: str, gold: str | Sequence[str]) -> float:
    """1 or 0; not a number where no gold answer is given.

    Args:
        answer: What was answered.
        gold: One accepted answer, or several of which any will do.
    """
    accepted = wordings(gold)
    return float(tokens(answer) in accepted) if accepted else float("nan")
