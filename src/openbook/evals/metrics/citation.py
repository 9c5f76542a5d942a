"""Citation precision, recall and F1, sentence by sentence.

    precision = cited sentences that are gold / cited sentences
    recall    = gold sentences that are cited / gold sentences
    F1        = their harmonic mean

Two sentences are the same if one lies inside the other, without white space, markers, punctuation
and case: cutting sentences differs between collections. The figures are those of Gao et al.,
"Enabling Large Language Models to Generate Text with Citations" (2023), with gold sentences in
place of a model that judges. An empty sentence is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openbook.evals.right import normalised
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class CitationScores(Record):
    """How far the cited sentences are the gold ones, each in [0, 1]."""

    precision: float
    recall: float
    f1: float


def citation_scores(cited: Sequence[str], gold: Sequence[str]) -> CitationScores:
    """Precision, recall and F1 of one answer's citations.

    Args:
        cited: The sentences that the answer cites; none scores 0.
        gold: The sentences that carry the answer; without any, all figures are not a number.
    """
    quoted, wanted = _normalised(cited), _normalised(gold)
    if not wanted:
        return CitationScores(float("nan"), float("nan"), float("nan"))
    precision = _share_in(quoted, wanted)
    recall = _share_in(wanted, quoted)
    both = precision + recall
    return CitationScores(precision, recall, 2 * precision * recall / both if both else 0.0)


def _normalised(sentences: Iterable[str]) -> list[str]:
    return [text for text in map(normalised, sentences) if text]


def _share_in(sentences: Sequence[str], others: Sequence[str]) -> float:
    """The share of the sentences that are the same as one of the others."""
    hits = sum(any(text in other or other in text for other in others) for text in sentences)
    return hits / len(sentences) if sentences else 0.0
