"""Token F1: how many words an answer shares with a gold answer, counted as a bag.

    precision = shared words / words of the answer
    recall    = shared words / words of the gold answer
    F1        = 2 * shared / (words of the answer + words of the gold answer)

Words as in `squad.py`; the best of several accepted answers counts. Rajpurkar et al., "SQuAD:
100,000+ Questions for Machine Comprehension of Text" (2016). Where one side has no
word, F1 is 1 if the other has none either: Rajpurkar et al., "Know What You Don't Know" (2018).
"""

from collections import Counter
from collections.abc import Sequence

from openbook.evals.metrics.squad import tokens, wordings


def token_f1(answer: str, gold: str | Sequence[str]) -> float:
    """F1 in [0, 1]; not a number where no gold answer is given.

    Args:
        answer: What was answered.
        gold: One accepted answer, or several of which the nearest counts.
    """
    words = tokens(answer)
    return max((_f1(words, wording) for wording in wordings(gold)), default=float("nan"))


def _f1(words: list[str], wording: list[str]) -> float:
    if not words or not wording:
        return float(words == wording)
    shared = (Counter(words) & Counter(wording)).total()
    return 2 * shared / (len(words) + len(wording))
