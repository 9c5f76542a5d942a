"""Words of other languages than English, as the keyword index takes them; and a guess which language it is.

The index cuts words at spaces and to their English stems. Texts in another language are cut to that
language's stems before (Snowball, snowballstem.org), without its commonest words, and without accents,
because customers leave them out. Scripts that are written without spaces are cut into pairs of
characters, as is usual for Chinese and Japanese. English goes to the index as it is.
"""

import re
import threading
import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache
from typing import Any

ENGLISH = "en"
_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
_RUN = re.compile(f"[{_SPACELESS}]+")
_WORD = re.compile(r"[^\W_]+")
_FREQUENT = {
    "de": "der die das und ist nicht ich mein meine wie kann ein eine mit für auf wenn zu von den wo was habe warum",
    "en": "the is a to and my i do how can what with for of in it on not when you where have why does this that",
    "es": "el la los las de que no mi se con para una un por como cómo qué puedo es en y lo cuando dónde tengo si me",
    "fr": "le la les des de que ne pas mon ma je est et pour avec une un comment puis quoi dans sur mes si où ai me ce",
    "it": "il lo la gli le di che non mio mia è per con una un come posso cosa dove quando ho se mi sono della del",
    "nl": "de het een en is niet mijn ik hoe kan wat met voor van op als waar heb te dat dit waarom wordt er aan",
    "pt": "o a os as de que não meu minha é para com uma um como posso onde quando tenho se eu em por do da no na",
}
_FEWEST, _CLEARLY_MORE = 2, 2

WORDS_REVISION = "2"
"""Raised whenever `indexable` gives other words: every index is then made anew."""

_LOCK = threading.Lock()


def language_of(locale: str) -> str:
    """The language of a locale: `pt` of `pt-BR`; empty of an empty one."""
    return re.split("[-_]", locale.lower(), maxsplit=1)[0]


@lru_cache(maxsize=4_096)
def guess_language(text: str, usual: str = "") -> str:
    """The language whose frequent words a text has most of; empty where too few tell.

    Scripts without spaces tell by themselves. Where somebody has said which language is to be expected, `usual`,
    another one must have clearly more: a few words tell little.
    """
    if _RUN.search(text):
        return "ja" if re.search("[\u3040-\u30ff]", text) else "th" if re.search("[\u0e00-\u0e7f]", text) else "zh"
    words = _WORD.findall(text.lower())
    counts = {name: sum(word in frequent for word in words) for name, frequent in _frequent().items()}
    best = max(counts, key=lambda name: (counts[name], name == ENGLISH))
    second = max(count for name, count in counts.items() if name != best)
    if counts[best] - counts.get(usual, counts[best]) >= _CLEARLY_MORE:
        return best
    if usual in counts:
        return usual if counts[usual] or not counts[best] else ""
    return best if counts[best] >= _FEWEST and counts[best] > second else ""


@cache
def _frequent() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in _FREQUENT.items()}


def locale_in(path: str, locales: Collection[str]) -> str:
    """Which of these locales a path names, as translated pages are kept: `faq.es.md`, `faq._es.md`, `es/faq.md`.

    Args:
        path: Relative, with `/`.
        locales: Those that the articles are written in, such as "es" or "pt-BR"; no other is found.
    """
    *folders, name = path.replace("_", "-").lower().split("/")
    marked = re.findall(r"[.-]([a-z]{2}(?:-[a-z]{2})?)(?=\.[a-z]+\Z)", name)
    named = {locale.replace("_", "-").lower(): locale for locale in locales}
    return next((named[part] for part in (*marked, *reversed(folders)) if part in named), "")


def indexable(text: str, language: str) -> str:
    """A text as the keyword index takes it.

    Args:
        text: Of a document or a question; both must be given the same language to meet.
        language: Such as "es"; empty and "en" change only what is written without spaces.
    """
    if not text.isascii():
        text = _RUN.sub(_pairs, text)
    stemmer = _STEMMERS.get(language)
    if stemmer is None:
        return text
    frequent = _frequent().get(language, frozenset())
    return _WORD.sub(lambda found: "" if found[0].lower() in frequent else _stem(found[0].lower(), stemmer), text)


def _pairs(found: re.Match[str]) -> str:
    """A run of characters as its overlapping pairs, apart from each other."""
    run = found[0]
    pairs = [run[place : place + 2] for place in range(len(run) - 1)] or [run]
    return f" {' '.join(pairs)} "


@lru_cache(maxsize=65_536)
def _stem(word: str, stemmer: str) -> str:
    with _LOCK:
        stem = str(_stemmer(stemmer).stemWord(word))
    return "".join(letter for letter in unicodedata.normalize("NFD", stem) if not unicodedata.combining(letter))


@cache
def _stemmer(name: str) -> Any:
    import Stemmer  # deferred: only other languages than English need it

    return Stemmer.Stemmer(name)
