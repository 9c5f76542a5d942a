"""What "right" means: the label behind accuracy, confidence and certificates.

An answer is right if it was sent and its citations cover at least half of a gold quote, counted in
characters; without gold quotes, if its text contains the normalised gold answer. For a question
that cannot be answered, right is not to send. Whether only the page is right is reported apart.
"""

import re
from collections.abc import Sequence

from openbook.evals.dataset import Case
from openbook.types import Answer, Decision

ENOUGH = 0.5
_SPACE = re.compile(r"\s+")
_LOOSE = re.compile(r"[\s|*_`“”\"'’‘·•\-–—.,;:!?()\[\]]+")


def is_right(case: Case, answer: Answer) -> bool:
    """Whether the answer is right for the case; see the module."""
    sent = answer.decision is Decision.SEND
    if not case.answerable:
        return not sent
    if not sent:
        return False
    if case.quotes:
        return max(quote_cover(case.quotes, [citation.quote for citation in answer.citations])) >= ENOUGH
    return bool(case.answer) and normalised(case.answer) in normalised(answer.text)


def quote_cover(quotes: Sequence[str], cited: Sequence[str]) -> list[float]:
    """For each gold quote the share of its characters that the cited texts cover.

    Both are compared without white space, markers and punctuation, since a dataset quotes what a
    reader sees. A cited text that lies inside the quote covers its own length.
    """
    return [_cover(normalised(quote), [normalised(text) for text in cited]) for quote in quotes]


def _cover(quote: str, cited: Sequence[str]) -> float:
    if not quote:
        return 0.0
    covered = [False] * len(quote)
    for text in cited:
        if quote in text:
            return 1.0
        start = quote.find(text) if text else -1
        while start >= 0:
            covered[start : start + len(text)] = [True] * len(text)
            start = quote.find(text, start + 1)
    return sum(covered) / len(quote)


def normalised(text: str) -> str:
    """Lower case, without white space, markers and punctuation."""
    return _LOOSE.sub("", text.casefold())
