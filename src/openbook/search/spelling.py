"""Mends misspelt words of a question by what the texts at hand know.

"how to chnage my adress" is close to the right passages even so; their words then say what was
meant, and the question is searched for again as it was meant. A word is left alone if the encoder
knows it as a word of the language: nobody who asks for a contract means contact. Knows no index.
"""

import difflib
import re
from collections.abc import Callable, Collection

from openbook.search.identifiers import codes
from openbook.search.words import is_common, words_of

_WORD = re.compile(r"(?<![\w'’])[^\W\d_]{4,}(?![\w'’])")
_ALIKE = 0.79
_LONGER = 2
_TRIED = 5


def respelt(text: str, known: Collection[str], *, is_word: Callable[[str], bool]) -> str:
    """The text with each misspelt word replaced by the known one it is most like; codes stay as they are.

    Args:
        text: What was typed.
        known: Lower-case words as they are written in the texts at hand.
        is_word: Whether a lower-case word is one of the language.

    Likeness is that of Ratcliff & Obershelp (1988), at least 0.79, between words with the same
    first letter; of several so alike, the one that is the fewest slips away.
    """
    doubtful = doubtful_words(text, is_word=is_word)
    exact = codes(text)

    def mended(match: re.Match[str]) -> str:
        word = match[0].lower()
        if match[0] in exact or word not in doubtful:
            return match[0]
        begins_alike = sorted(other for other in known if other[0] == word[0])
        if any(words_of(other) == words_of(word) for other in begins_alike):
            return match[0]
        near = [other for other in begins_alike if abs(len(other) - len(word)) <= _LONGER]
        alike = difflib.get_close_matches(word, near, n=_TRIED, cutoff=_ALIKE)
        return min(alike, key=lambda other: (_slips(word, other), other), default=match[0])

    return re.sub("|".join([*map(re.escape, exact), _WORD.pattern]), mended, text)


def doubtful_words(text: str, *, is_word: Callable[[str], bool]) -> set[str]:
    """The longer words of a text that may be misspelt: neither they nor their stems are known to be words."""
    return {
        word
        for word in written_words(text)
        if not (is_common(word) or is_word(word) or any(map(is_word, words_of(word))))
    }


def written_words(text: str) -> set[str]:
    """The longer words of a text, lower-case, as they are written."""
    return {word.lower() for word in _WORD.findall(text)}


def _slips(typed: str, meant: str) -> int:
    """How many letters were left out, added, mistaken or swapped with the next (Damerau, 1964)."""
    before: list[int] = []
    above = list(range(len(meant) + 1))
    for row, letter in enumerate(typed, start=1):
        current = [row]
        for column, other in enumerate(meant, start=1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and typed[row - 2 : row] == meant[column - 2 : column][::-1]:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1]
