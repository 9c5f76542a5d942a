"""Ranks candidates by a second, closer look: sentences, rare words, exact identifiers, age.

The score is a convex sum of four shares in [0, 1]: meaning of the whole chunk and of its nearest
sentence, keywords and how much of the question's words it covers by their rarity. The weights were
chosen by `benchmarks/tune_ranking.py`. Where the question names an identifier, having it counts as
much as all of that. Of two articles that say much the same, the older is set back a little, and so
are lists of links under headings such as "Related articles".
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import numpy as np

from openbook.search.fusion import Fused
from openbook.search.identifiers import has_identifier
from openbook.search.words import coverage, rarity, telling_words
from openbook.stores.chunks import StoredChunk
from openbook.stores.index import Vector
from openbook.types.search import Selection

SENTENCE_SHARE = 0.6
COVERAGE_SHARE = 0.6
_EXACT_SHARE = 0.5
_OLDER = 0.05
_ELSEWHERE = 0.15
_SAME = 0.8
_ALIKE = 0.4
_COMPARED = 16
_LEADS_ELSEWHERE = re.compile(
    r"\A\W*(related( \w+)?|see also|further reading|read more|more (information|help|resources)|next steps|"
    r"useful links|links|on this page|(table of )?contents|siehe auch|verwandte (artikel|themen)|weitere \w+|mehr dazu)"
    r"\W*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A candidate with what the closer look needs: its text, its vectors, the stems of its words."""

    fused: Fused
    stored: StoredChunk
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score, the terms of the sum, and what the score was made of.

    Attributes:
        sentence_scores: Cosine of question and each sentence, in order; the chunk's own for a
            sentence without a vector, empty where there is no encoder.
        same_as: Documents that say the same and were left out for this one.
        selection: What the question chose among products, if it asks which of them fits.
    """

    looked_at: LookedAt
    score: float
    parts: dict[str, float]
    dense: float | None
    sentence_scores: tuple[float, ...]
    same_as: tuple[str, ...] = ()
    selection: Selection | None = None


def context(stored: StoredChunk) -> str:
    """A chunk's text with what stands above it: title, headings, table header."""
    return " ".join((stored.title, *stored.chunk.heading_path, stored.header_text, stored.text))


def ranked(
    question: str,
    candidates: Sequence[LookedAt],
    *,
    vector: Vector | None,
    wanted: Collection[str],
    dense_weight: float,
    earlier: Mapping[str, float] = MappingProxyType({}),
) -> list[Ranked]:
    """Scores candidates by the closer look, the best first; equal scores by path and place.

    Args:
        question: What is asked.
        candidates: The mixture's best, with their texts and vectors.
        vector: The question's, or None where there is no encoder: words alone count.
        wanted: The identifiers in the question.
        dense_weight: Share of meaning, in [0, 1].
        earlier: Words of earlier messages with what each counts beside a word of the question.
    """
    bags = [item.words for item in candidates]
    before = {word: earlier[word] * weight for word, weight in rarity(earlier, bags).items()}
    weights = before | rarity(telling_words(question), bags)
    has_meaning = any(item.stored.vectors or item.fused.candidate.dense is not None for item in candidates)
    share = dense_weight if vector is not None and has_meaning else 0.0
    scored = []
    for item in candidates:
        dense, sentences = _closeness(item, vector)
        parts = _parts(share, item.fused.keyword, dense or 0.0, sentences, coverage(weights, item.words))
        if wanted:
            found = sum(has_identifier(context(item.stored), name) for name in wanted) / len(wanted)
            parts = {name: (1 - _EXACT_SHARE) * value for name, value in parts.items()}
            parts["exact"] = _EXACT_SHARE * found
        headings = item.stored.chunk.heading_path
        if headings and _LEADS_ELSEWHERE.match(headings[-1]):
            parts["leads_elsewhere"] = -_ELSEWHERE
        scored.append(Ranked(item, sum(parts.values()), parts, dense, sentences))
    return _settled(sorted(scored, key=_order))


def _parts(share: float, keyword: float, dense: float, sentences: Sequence[float], covered: float) -> dict[str, float]:
    """The terms of the sum, by name; a chunk stands for its sentences where they have no vectors."""
    return {
        "dense": share * (1 - SENTENCE_SHARE) * max(0.0, dense),
        "sentence": share * SENTENCE_SHARE * max(0.0, max(sentences, default=dense)),
        "keyword": (1 - share) * (1 - COVERAGE_SHARE) * keyword,
        "coverage": (1 - share) * COVERAGE_SHARE * covered,
    }


def _closeness(item: LookedAt, vector: Vector | None) -> tuple[float | None, tuple[float, ...]]:
    """Cosine of the question with a chunk and with each of its sentences, in order.

    A sentence that the encoder did not reach is as close as the chunk.
    """
    dense = item.fused.candidate.dense
    if vector is None or item.stored.vectors is None:
        return dense, ()
    whole = float(np.dot(vector, item.stored.vectors.vector)) if dense is None else dense
    begin = item.stored.chunk.span.start
    near = item.stored.vectors.closeness(vector)
    places = ((sentence.start - begin, sentence.end - begin) for sentence in item.stored.chunk.sentences)
    return whole, tuple(round(near.get(place, whole), 6) for place in places)


def _order(item: Ranked) -> tuple[float, str, int]:
    return (-item.score, item.looked_at.stored.path, item.looked_at.stored.chunk.ordinal)


def _settled(items: list[Ranked]) -> list[Ranked]:
    """Near-duplicates as one, and older articles behind newer ones that say much the same."""
    near, far = items[:_COMPARED], items[_COMPARED:]
    kept: list[Ranked] = []
    for item in near:
        twin = next((place for place, other in enumerate(kept) if _says_the_same(item, other)), None)
        if twin is None:
            kept.append(item)
        else:
            kept[twin] = _joined(kept[twin], item)
    aged = [_set_back(item) if any(_outdates(other, item) for other in kept) else item for item in kept]
    return sorted(aged, key=_order) + far


def _says_the_same(one: Ranked, other: Ranked) -> bool:
    """Whether one document may stand for both: nearly the same words, and none that were asked for is lost."""
    return _are_two(one, other) and _likeness(one, other) >= _SAME and _answers_as_well(*_by_age(one, other))


def _are_two(one: Ranked, other: Ranked) -> bool:
    return one.looked_at.stored.document_id != other.looked_at.stored.document_id


def _by_age(one: Ranked, other: Ranked) -> tuple[Ranked, Ranked]:
    """The newer, then the older; the one that ranks first counts as newer where their dates do not say."""
    if _is_newer(other, one) or (not _is_newer(one, other) and _order(other) < _order(one)):
        return other, one
    return one, other


def _answers_as_well(newer: Ranked, older: Ranked) -> bool:
    """Whether the newer has as many of the question's words and codes; else it is about something else."""
    return all(newer.parts.get(name, 0.0) >= older.parts.get(name, 0.0) for name in ("coverage", "exact"))


def _joined(first: Ranked, second: Ranked) -> Ranked:
    """Two that say the same as one: the newer text, at the better one's score."""
    newer, older = _by_age(first, second)
    same_as = dict.fromkeys((*first.same_as, *second.same_as, older.looked_at.stored.document_id))
    same_as.pop(newer.looked_at.stored.document_id, None)
    return replace(newer, score=first.score, parts=first.parts, same_as=tuple(same_as))


def _set_back(item: Ranked) -> Ranked:
    return replace(item, score=item.score - _OLDER, parts=item.parts | {"older": -_OLDER})


def _outdates(newer: Ranked, older: Ranked) -> bool:
    """Whether the one is a newer article on what the other says."""
    alike = _are_two(newer, older) and _is_newer(newer, older) and _likeness(newer, older) >= _ALIKE
    return alike and _answers_as_well(newer, older)


def _is_newer(one: Ranked, other: Ranked) -> bool:
    first, second = one.looked_at.stored.updated_at, other.looked_at.stored.updated_at
    return first is not None and second is not None and _day(first) > _day(second)


def _day(moment: datetime) -> int:
    return moment.toordinal()


def _likeness(one: Ranked, other: Ranked) -> float:
    """The share of the words of both that are the same ones (Jaccard)."""
    first, second = one.looked_at.words, other.looked_at.words
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared or 1)
