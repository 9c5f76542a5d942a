"""What the house itself says to a customer, in the customer's language and in the tone that is set.

The sentences are kept in `wordings/<language>.toml`, one table for each tone. What an answer quotes is
never worded here. None of them promises anything: `openbook.answer.promises` is held against every one.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from openbook.search.languages import ENGLISH, guess_language, language_of
from openbook.types.behaviour import Tone

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr")
"""The languages that there are wordings in."""

PLAIN: Tone = "plain"
_LOOKED_AT = 2_000


def say(key: str, *, language: str, tone: Tone, **values: str) -> str:
    """A sentence of the house; English where a language is not known, plain where it has no other tone.

    Args:
        key: Which sentence, such as "hand_off".
        language: Such as "de"; a locale is taken too.
        tone: Which of its wordings.
        values: What is put into its places.

    Raises:
        KeyError: There is no such sentence, or a value that it needs is missing.
    """
    return _template(key, language_of(language), tone).format(**values)


def joined(names: Sequence[str], *, word: str, language: str, tone: Tone) -> str:
    """Names with a word between: `“a” or “b”`.

    Args:
        names: As they are to stand, with their quotation marks.
        word: The key of the word: "and" or "or".
        language: Such as "de".
        tone: As in `say`.
    """
    return f" {say(word, language=language, tone=tone)} ".join(names)


def language_of_message(message: str, *, locale: str) -> str:
    """The language to answer a customer in: the message's if it tells, else the locale's, else English.

    Args:
        message: What the customer typed; its first 2,000 characters are looked at.
        locale: Of the request, such as "de-AT"; may be empty.
    """
    told = language_of(locale)
    return guess_language(message[:_LOOKED_AT], told) or told or ENGLISH


def every_key() -> tuple[str, ...]:
    """The name of every sentence."""
    return tuple(_tones(ENGLISH)[PLAIN])


def template(key: str, *, language: str, tone: Tone) -> str | None:
    """A sentence with its places left open, if this language has one of its own in this tone."""
    return _tones(language).get(tone, {}).get(key) if language in LANGUAGES else None


def _template(key: str, language: str, tone: Tone) -> str:
    """The nearest wording: this language before English, this tone before the plain one."""
    for spoken in (language, ENGLISH):
        for way in (tone, PLAIN):
            found = template(key, language=spoken, tone=way)
            if found is not None:
                return found
    raise KeyError(key)


@cache
def _tones(language: str) -> dict[str, dict[str, str]]:
    """Every sentence of a language by tone and key."""
    text = files("openbook.answer").joinpath("wordings", f"{language}.toml").read_text("utf-8")
    return {tone: {key: str(words) for key, words in table.items()} for tone, table in tomllib.loads(text).items()}
