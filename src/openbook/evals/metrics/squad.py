"""How SQuAD compares answers: lower case, no ASCII punctuation, no English articles, single spaces.

Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text" (2016).
Made for English; the articles of other languages stay.
"""

import re
import string
from collections.abc import Sequence

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def tokens(text: str) -> list[str]:
    """The normalised words of a text, in order."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def wordings(gold: str | Sequence[str]) -> list[list[str]]:
    """The normalised words of each accepted answer; one text is one answer."""
    return [tokens(text) for text in ([gold] if isinstance(gold, str) else gold)]
