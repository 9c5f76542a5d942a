"""The words of a question and how much of them a text covers.

Plain and language-light: lower-case words without the commonest ones, compared by their first
letters so that "returned" meets "returns". Which words are rare is judged by the hits at hand.
This module knows no index and no model.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[-.'’][^\W_]+)*")
_SUFFIXES = ("ings", "ing", "edly", "ed", "ies", "es", "s", "er", "ly", "en", "e")
_STEM = 4

# The commonest words of questions, which say nothing about what is asked for.
_COMMON = """
a about after all also am an and any are as at be been before but by can could did do does doing for from get give
had has have having hello help her here hi him his how i if in into is it its just know like make may me might mine
much must my need of on one or our out over please shall she should so some tell than thank thanks that the their
them then there these they this those to too under up us use using very want was way we were what when where which
while who whom whose why will with would you your yours aber als am an auch auf aus bei bin bis bitte da das dass
dein dem den der des die dies diese du durch ein eine einem einen einer es für gibt habe haben hat ich ihr im in ist
ja kann kein können man mein meine mich mir mit muss nach nicht noch nur oder sich sie sind so und uns vom von vor
wann warum was weil welche wenn wer wie wieder wir wird wo zu zum zur über
"""
COMMON = frozenset(_COMMON.split())


def words_of(text: str) -> list[str]:
    """The words of a text in order, lower-case, each cut to its stem."""
    return [_stem(word) for word in _WORD.findall(text.lower())]


def telling_words(question: str) -> tuple[str, ...]:
    """The words of a question that say what is asked, each once, in order; all of them if none would be left."""
    every = _WORD.findall(question.lower())
    telling = [word for word in every if word not in COMMON] or every
    return tuple(dict.fromkeys(_stem(word) for word in telling))


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    """Cuts one common English ending off a word of letters; words with digits stay whole."""
    if any(letter.isdigit() for letter in word):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _STEM - (suffix == "s"):
            return word[: -len(suffix)]
    return word


def rarity(telling: Iterable[str], texts: Iterable[str]) -> dict[str, float]:
    """How much each word says, from how few of these texts have it: ln(1 + n / (1 + having))."""
    bags = [frozenset(words_of(text)) for text in texts]
    having = Counter(word for word in telling for bag in bags if word in bag)
    return {word: math.log(1 + (len(bags) + 1) / (1 + having[word])) for word in telling}


def coverage(weights: Mapping[str, float], text: str) -> float:
    """The share, by weight, of the question's words that the text has; 0 without words."""
    total = sum(weights.values())
    if not total:
        return 0.0
    present = frozenset(words_of(text))
    return sum(weight for word, weight in weights.items() if word in present) / total
