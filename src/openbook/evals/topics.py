"""Groups questions by what they ask, where no queue and no tag says it, and names the groups.

Questions whose vectors have at least a given cosine are neighbours. The question with the most
neighbours founds the first group, all of them its members; of what is left the next one founds the
next, and so on (greedy community detection). Equal numbers go by the question's words, so the same
questions give the same groups in any order. Likenesses are computed in blocks: memory grows with the
number of questions, never with its square.

A group is named by its most telling words, by class-based TF-IDF (Grootendorst, "BERTopic: Neural topic
modeling with a class-based TF-IDF procedure", 2022): a word's share of the group's words, times
ln(1 + mean words of a group / how often the word occurs in all groups). It knows no encoder.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from openbook.models.passage import Matrix
from openbook.search.words import is_common, words_of
from openbook.types import Record

LIKENESS = 0.6
"""From which cosine on two questions are neighbours."""
SMALLEST = 3
"""The fewest questions that are shown as a group."""
_NAME_WORDS = 3
_BLOCK = 512
_WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Topic(Record):
    """Questions that ask about the same.

    Attributes:
        name: Its most telling words.
        question: The most typical one of its questions.
        members: The places of its questions, rising.
    """

    name: str
    question: str
    members: tuple[int, ...]


def find_topics(
    questions: Sequence[str], vectors: Matrix, *, likeness: float = LIKENESS, smallest: int = SMALLEST
) -> tuple[Topic, ...]:
    """The groups of these questions, the largest first; a question is in one group or in none.

    Args:
        questions: What is grouped.
        vectors: One row of length 1 for each question.
        likeness: From which cosine on two questions are neighbours.
        smallest: The fewest questions that make a group.
    """
    groups = list(_groups(questions, vectors, likeness, smallest))
    names = _names([[questions[place] for place in group] for group in groups])
    found = [
        Topic(name, questions[_medoid(group, questions, vectors)], tuple(sorted(group)))
        for name, group in zip(names, groups, strict=True)
    ]
    return tuple(sorted(found, key=lambda topic: (-len(topic.members), topic.name, topic.question)))


def _groups(questions: Sequence[str], vectors: Matrix, likeness: float, smallest: int) -> Iterator[list[int]]:
    """The places of the members of each group, as they are found."""
    counts = np.zeros(len(questions), dtype=np.int64)
    for start in range(0, len(questions), _BLOCK):
        counts[start : start + _BLOCK] = (vectors[start : start + _BLOCK] @ vectors.T >= likeness).sum(axis=1)
    founders = sorted(np.flatnonzero(counts >= smallest).tolist(), key=lambda place: (-counts[place], questions[place]))
    free = np.ones(len(questions), dtype=bool)
    while founders := [place for place in founders if free[place]]:
        block, founders = founders[:_BLOCK], founders[_BLOCK:]
        left = np.flatnonzero(free)
        near = vectors[block] @ vectors[left].T >= likeness
        for place, row in zip(block, near, strict=True):
            members = left[row & free[left]]
            if free[place] and len(members) >= smallest:
                free[members] = False
                yield members.tolist()


def _medoid(group: Sequence[int], questions: Sequence[str], vectors: Matrix) -> int:
    """The question that is most like all others of its group; of equals the first by its words."""
    likeness = np.round(vectors[group] @ vectors[group].mean(axis=0), 6)
    return min(zip(-likeness, (questions[place] for place in group), group, strict=True))[2]


def _names(groups: Sequence[Sequence[str]]) -> list[str]:
    """The most telling words of each group, as they are written there most often."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    counts = [Counter(_stems(group, spellings)) for group in groups]
    everywhere = {stem: spelt.total() for stem, spelt in spellings.items()}
    average = sum(everywhere.values()) / max(1, len(groups))

    def telling(stem: str, count: Counter[str]) -> float:
        return count[stem] / count.total() * math.log(1 + average / everywhere[stem])

    best = [sorted(count, key=lambda stem: (-telling(stem, count), stem))[:_NAME_WORDS] for count in counts]
    return [", ".join(_usual(spellings[stem]) for stem in stems) for stems in best]


def _stems(texts: Sequence[str], spellings: dict[str, Counter[str]]) -> Iterator[str]:
    """The stems of the texts' telling words, each noted with its spelling."""
    for text in texts:
        for word in _WORD.findall(text.lower()):
            if not is_common(word):
                stem = " ".join(words_of(word))
                spellings[stem][word] += 1
                yield stem


def _usual(spelt: Counter[str]) -> str:
    return min(spelt, key=lambda word: (-spelt[word], word))
