"""The words of a question and how much of them a text covers.

Plain and language-light: lower-case words without the commonest ones, compared by their Snowball
stems so that "returned" meets "returns". Which words are rare is judged by the texts at hand. Knows
no index and no model.
"""

import math
import re
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+(?:[-‐‑.'’][^\W_]+)*")
_HYPHEN = re.compile(r"[-‐‑]")
_DIGIT = re.compile(r"\d")

# The commonest words of questions, which say nothing about what is asked for.
_COMMON = """
a about after all also am an and any are as at be been before but by can could did do does doing done for from get give
go going got had has have having he hello help her here hey hi him his how i if in into is it its just know let like
make may me might mine much must my need of on one or our out over please possible really she should so some tell than
thank thanks that the their them then there these they this those to too under up us use using very want was way we were
what when where which while who whom whose why will with would wondering yes you your yours aber als am an auch auf aus
bei bin bis bitte da das dass dein dem den der des die dies diese du durch ein eine einem einen einer es für gibt habe
haben hallo hat ich ihm ihn ihnen ihr ihre im in ist ja kann kein können könnte man mein meine meinen mich mir mit muss
möchte nach nicht noch nur oder sich sie sind so und uns vom von vor wann war warum was weil welche wenn wer werden wie
wieder wir wird wo würde zu zum zur über
"""
_DEGREE = re.compile(
    r"\b(how (long|many|much|often|far|soon|quickly|fast|big|large|old)|"
    r"wie (lange?|viele?|oft|weit|schnell|groß|alt))\b",
    re.IGNORECASE,
)
COMMON = frozenset(_COMMON.split())
_STEMMING = threading.Lock()


def words_of(text: str) -> list[str]:
    """The words of a text in order, lower-case, each cut to its stem."""
    return [stem for word in _WORD.findall(text.lower()) for stem in _stems(word)]


def bag_of(*texts: str) -> frozenset[str]:
    """The words of all these texts, without order: what `words_of` gives, quicker."""
    written = {word for text in texts for word in _WORD.findall(text.lower())}
    return frozenset(stem for word in written for stem in _stems(word))


def telling_words(question: str) -> tuple[str, ...]:
    """The words of a question that say what is asked, each once, in order; all of them if none would be left."""
    return uncommon_words(question) or tuple(dict.fromkeys(words_of(question)))


def uncommon_words(text: str) -> tuple[str, ...]:
    """The words of a text that are none of the commonest, each once, in order, cut to their stems.

    "How long" and the like ask for an amount, and no answer says "long".
    """
    words = _written(_DEGREE.sub(" ", text))
    return tuple(dict.fromkeys(_stem(word) for word in words if not is_common(word)))


def rarity(telling: Collection[str], bags: Collection[Collection[str]]) -> dict[str, float]:
    """How much each word says, from how few of these bags of words have it: ln(1 + (n + 1) / (1 + having))."""
    having = Counter(word for word in telling for bag in bags if word in bag)
    return {word: math.log(1 + (len(bags) + 1) / (1 + having[word])) for word in telling}


def coverage(weights: Mapping[str, float], words: Collection[str]) -> float:
    """The share, by weight, of the question's words that are among these; 0 without words."""
    total = sum(weights.values())
    if not total:
        return 0.0
    return sum(weight for word, weight in weights.items() if word in words) / total


def _written(text: str) -> list[str]:
    """The words of a text in order, lower-case, as they are written."""
    return [part for word in _WORD.findall(text.lower()) for part in _parts(word)]


@lru_cache(maxsize=16_384)
def _parts(word: str) -> tuple[str, ...]:
    """A word as it counts; a hyphen parts words of letters, but holds codes and e-mail together."""
    if _DIGIT.search(word):
        is_code = any(letter.isalpha() for letter in word)
        return (_HYPHEN.sub("", word) if is_code else word,)
    parts = re.split(r"[-‐‑.]", word)
    return tuple(parts) if all(len(part) > 1 for part in parts) else ("".join(parts),)


@lru_cache(maxsize=16_384)
def is_common(word: str) -> bool:
    """Whether a lower-case word is one of those that say nothing about what is asked for."""
    begin, mark, rest = word.replace("’", "'").partition("'")
    return word in COMMON or (bool(mark) and (begin in COMMON or rest == "t"))


@lru_cache(maxsize=32_768)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(_stem(part) for part in _parts(word))


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    """The word's stem; words with digits stay whole."""
    if _DIGIT.search(word):
        return word
    with _STEMMING:
        return str(_stemmer().stemWord(word.replace("’", "'")))


@cache
def _stemmer() -> Any:
    import Stemmer  # deferred: only a search needs it

    return Stemmer.Stemmer("english")
