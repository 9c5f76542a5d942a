"""What a message takes over from what the customer said before, as in "And how much does it cost?".

The less a message says by itself and the less it finds alone, the more of the earlier messages is
searched for with it, back to the last one that says enough. One that says much is searched for
alone, and so is one that was said before: who asks again begins again. Only the customer's own
words count: taking in the answers found nothing more. A message that says nothing by itself, "how
do I fix it?", takes over identifiers too, such as the code that "it" stands for.

The figures were chosen on what `benchmarks/conversations.py` names as tuned on, between following a
conversation and not being dragged back to what it was about before. Rules of form are for English
and German. Knows no index; whether the message alone finds something better is for the search to see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from openbook.models.passage import Vector, unit
from openbook.search.identifiers import identifiers
from openbook.search.languages import indexable
from openbook.search.question import points_back, read_question
from openbook.search.words import uncommon_words, words_of

CLEARLY_BETTER = 0.35
"""By how much of a score the message alone must find something better for all before it to be forgotten."""

_FEW_WORDS = 2
_FINDS_ENOUGH, _FINDS_LITTLE = 0.85, 0.45
_LEAST_SHARE = 0.3
_WORDS_FROM_SHARE = 0.9
_TELLING_WORDS = 4
_FEWEST, _MOST = 2, 4
_LONGEST = 400
_WORD_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a message takes over.

    Attributes:
        share: How much of it counts, in (0, 1].
        readings: The message read together with the one before it, and with all that are taken over.
        words: What the search by words looks for as well, or empty.
        telling: Stems of earlier words with what each counts beside a word of the message.
        needed: The message says nothing by itself, so that what it finds alone is chance.
        wanted: The identifiers that are taken over.
    """

    share: float
    readings: tuple[str, ...]
    words: str
    telling: dict[str, float]
    needed: bool
    wanted: tuple[str, ...]

    def mixed(self, vector: Vector, embed: Callable[[str], Vector]) -> Vector:
        """The message's vector mixed with those of its readings; of length 1."""
        together = np.sum([embed(reading) for reading in self.readings], axis=0) * (2 / len(self.readings))
        return unit((vector + self.share * together).astype(np.float32))


def taken_over(text: str, history: Sequence[str], *, alone: float, language: str = "") -> Earlier | None:
    """What a message takes over from earlier ones, or None where it stands alone.

    Args:
        text: The message, or the part of it that is searched for.
        history: What the customer said before, oldest first.
        alone: The best score of what the message finds by itself, 0 where that is nothing.
        language: Of the message, such as "es"; empty where it is not known.
    """
    says = _says(text, language)
    share = _share(says, alone)
    is_new = share < _LEAST_SHARE or words_of(text) in map(words_of, history)
    before = () if is_new else _reaching_back(history, language)
    if not before:
        return None
    telling: dict[str, float] = {}
    for place, words in enumerate(_telling(said, language) for said in reversed(before)):
        telling = dict.fromkeys(words, share * _WORD_SHARE ** (place + 1)) | telling
    last, everything = f"{before[-1]} {text}", " ".join((*before, text))
    return Earlier(
        share=share,
        readings=tuple(dict.fromkeys((last, everything))),
        words=before[-1] if share >= _WORDS_FROM_SHARE else "",
        telling=telling,
        needed=says <= 0,
        wanted=identifiers(_meant(before, language)) if says <= 0 else (),
    )


def _share(says: int, alone: float) -> float:
    """How much of what was said before counts for a message that says so much and finds so much alone."""
    if says <= 0:
        return 1.0
    missing = (_FINDS_ENOUGH - alone) / (_FINDS_ENOUGH - _FINDS_LITTLE)
    return min(1.0, _FEW_WORDS / says) * min(1.0, max(0.0, missing))


def _says(text: str, language: str) -> int:
    """How much a text says by itself: its telling words, less one where it points back."""
    return len(_telling(text, language)) - points_back(text)


def _reaching_back(history: Sequence[str], language: str) -> tuple[str, ...]:
    """The last messages that say something, back to one that says enough, oldest first."""
    found: list[str] = []
    for said in reversed(history):
        line = _shortened(said)
        if _telling(line, language):
            found.append(line)
        if len(found) == _MOST or (len(found) >= _FEWEST and _says(line, language) >= _TELLING_WORDS):
            break
    return tuple(reversed(found))


def _meant(before: Sequence[str], language: str) -> str:
    """The last message that says something by itself; the last one where none does."""
    return next((said for said in reversed(before) if _says(said, language) > 0), before[-1])


def _shortened(said: str) -> str:
    """An earlier message in one line; of a long one what it asks."""
    line = " ".join(said.split())
    return line if len(line) <= _LONGEST else " ".join(part.searched for part in read_question(said))[:_LONGEST]


def _telling(text: str, language: str) -> tuple[str, ...]:
    return uncommon_words(indexable(text, language))
