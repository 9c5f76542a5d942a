"""Whether a reply of the past says the same as an answer, without a language model: a hint, never a label.

Of two texts three likenesses are taken, each in [0, 1]:

- words: the telling words that both have, weighed by rarity, as a share of the smaller weight of the
  two. A word's rarity is ln(1 + texts / texts that have it), over all texts that are compared.
- facts: of the numbers, codes and links of both, the share of the smaller set that both name; left out
  where either names none. The numbers of a list are none.
- meaning: for each sentence of the answer the cosine with the nearest sentence of the reply, on average,
  over the first twelve sentences of each; left out where no encoder is given.

The agreement is their mean, weighed by `WEIGHTS`, over those that are there. From `AGREES` on the texts
agree, below `DIFFERS` they differ; between the two, and where a text has too little to compare, nobody
can say. `benchmarks/thunderbird.py --agreement` prints on what the limits were chosen (the even half of
public records) and how well they part others (the odd half).

Two replies may both be right and have nothing in common, and a reply of the past may be wrong: so this
sorts what a person looks at first, and no certificate may rest on it. Negation it does not see.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from openbook.ingest.exports.resolution import tells_something
from openbook.ingest.sentences import split_sentences
from openbook.models.passage import Matrix, Vector
from openbook.search.identifiers import codes
from openbook.search.words import uncommon_words
from openbook.types import Record, Ticket

Embed = Callable[[Sequence[str]], Matrix]
"""From texts to one row of length 1 each."""
Word = Literal["agrees", "differs", "cannot say"]

WEIGHTS = {"words": 0.5, "facts": 0.15, "meaning": 0.35}
AGREES, DIFFERS = 0.5, 0.35
_FEWEST_WORDS = 3
_MOST_SENTENCES = 12
_AT_ONCE = 256
_FACT = re.compile(r"https?://[^\s<>\"')\]]+|\d+(?:[.,:]\d+)*")
_ITEM = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Agreement(Record):
    """How far two texts say the same; see the module.

    Attributes:
        score: In [0, 1], or None where a text has too little to compare.
        word: The score in words.
    """

    score: float | None
    word: Word


CANNOT_SAY = Agreement(None, "cannot say")


def agreements(pairs: Sequence[tuple[str, str]], *, embed: Embed | None) -> tuple[Agreement, ...]:
    """How far each answer agrees with the reply beside it; the rarity of words is that of all these texts.

    Args:
        pairs: Answers, each with a reply of the past; either may be empty.
        embed: Makes vectors of sentences, or None: by words and facts alone.
    """
    rarity, found = _rarity(pairs), list[Agreement]()
    for start in range(0, len(pairs), _AT_ONCE):
        some = [(_Text(answer), _Text(reply)) for answer, reply in pairs[start : start + _AT_ONCE]]
        vectors = _vectors(some, embed) if embed else {}
        found += [_agreement(likenesses(*pair, rarity=rarity, vectors=vectors)) for pair in some]
    return tuple(found)


def past_reply(ticket: Ticket) -> str:
    """What was told the customer: the answer that a person confirmed, else all that operators told; may be empty.

    Greetings, promises and questions back tell nothing.
    """
    told = (message.text for message in ticket.messages if message.author == "operator")
    return ticket.resolution or "\n".join(text for text in told if tells_something(text))


class _Text:
    """A text as it is compared."""

    def __init__(self, text: str) -> None:
        self.words = frozenset(uncommon_words(text))
        facts = (*_FACT.findall(_ITEM.sub("", text)), *codes(text))
        self.facts = frozenset(fact.rstrip(".,:").lower() for fact in facts)
        self.sentences = tuple(span.of(text) for span in split_sentences(text))[:_MOST_SENTENCES]


def likenesses(
    answer: _Text, reply: _Text, *, rarity: Mapping[str, float], vectors: Mapping[str, Vector]
) -> dict[str, float]:
    """The likenesses of the module's text by their names; none where a text has too little to compare."""
    if min(len(answer.words), len(reply.words)) < _FEWEST_WORDS:
        return {}
    smaller = min(_weight(answer.words, rarity), _weight(reply.words, rarity))
    found = {"words": _weight(answer.words & reply.words, rarity) / smaller}
    if answer.facts and reply.facts:
        found["facts"] = len(answer.facts & reply.facts) / min(len(answer.facts), len(reply.facts))
    if vectors:
        said, told = (np.stack([vectors[each] for each in text.sentences]) for text in (answer, reply))
        found["meaning"] = float(np.clip((said @ told.T).max(axis=1), 0.0, 1.0).mean())
    return found


def _agreement(found: Mapping[str, float]) -> Agreement:
    if not found:
        return CANNOT_SAY
    score = sum(WEIGHTS[name] * value for name, value in found.items()) / sum(WEIGHTS[name] for name in found)
    return Agreement(score, "agrees" if score >= AGREES else "differs" if score < DIFFERS else "cannot say")


def _rarity(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    texts = {text for pair in pairs for text in pair if text}
    having = Counter(word for text in texts for word in uncommon_words(text))
    return {word: math.log(1 + len(texts) / count) for word, count in having.items()}


def _weight(words: frozenset[str], rarity: Mapping[str, float]) -> float:
    return math.fsum(rarity[word] for word in words)


def _vectors(pairs: Sequence[tuple[_Text, _Text]], embed: Embed) -> dict[str, Vector]:
    """The vector of every sentence, each encoded once."""
    sentences = list(dict.fromkeys(sentence for pair in pairs for text in pair for sentence in text.sentences))
    return dict(zip(sentences, embed(sentences), strict=True))
