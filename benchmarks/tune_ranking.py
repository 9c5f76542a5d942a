"""Chooses the weights of the ranking on public questions, and says what they gain where they were not chosen.

Every question is searched for once with 24 hits; a grid of weights then ranks the same hits
anew. A hit is gold if it is of a page that answers. Chosen by the mean of MRR over the tuning halves
of `clapnq` and `logingov` and over all `aws` questions. Reported: the odd halves, and `aws` by leaving
one guide out (weights chosen on the rest), each beside BM25, MiniLM, reciprocal rank fusion and the
plain mixture with its best weight chosen in the same way, with the paired gain over that mixture.
The grid ends where every signal still has a say: sentences alone, or none of the keywords, might do
better here, and worse on knowledge that is not like this.
"""

import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from measure import heading, parser, row
from openbook import Desk
from openbook.conversation.understand import understand
from openbook.evals.metrics import bootstrapped, mean
from openbook.search import ranking
from openbook.settings import SearchSettings
from openbook.types import Hit
from questions import Question, desk_of, questions

COLLECTIONS = ("aws", "clapnq", "logingov")
_HITS = 24
Weights = tuple[float, float, float]
Ranker = Callable[["Searched"], np.ndarray]


@dataclass(frozen=True)
class Searched:
    """A question with the features of its hits (see `_features`), and which of them are gold."""

    question: Question
    features: np.ndarray
    gold: np.ndarray

    def rank(self, scores: np.ndarray) -> int | None:
        """The rank of the first gold hit by these scores."""
        places = np.flatnonzero(self.gold[np.argsort(-scores, kind="stable")])
        return int(places[0]) + 1 if len(places) else None


def main() -> None:
    """Chooses, and reports."""
    parser(__doc__ or "").parse_args()
    searched = [item for collection in COLLECTIONS for item in search(collection)]
    share, sentence, covered = choose(searched_for_tuning(searched), GRID, mixed)
    sys.stdout.write(f"\nchosen: dense_weight {share}, sentences' share {sentence}, coverage's share {covered}\n")
    for collection in COLLECTIONS:
        held_out = [item for item in searched if item.question.collection == collection and reported(item.question)]
        heading(f"Ranking on {collection}, {len(held_out)} questions, {_how(collection)}")
        report(searched, held_out)


def _how(collection: str) -> str:
    return "one guide left out" if collection == "aws" else "odd half"


def reported(question: Question) -> bool:
    """Whether a question is reported on: those that can be answered and are not tuned on."""
    return question.expected == "send" and (question.collection == "aws" or not question.tuning)


def search(collection: str) -> list[Searched]:
    """Searches for every question that can be answered."""
    with Desk.open(desk_of(collection)) as desk:
        found = []
        for question in questions(collection):
            if question.expected == "send":
                hits = desk.search(understand(question.text), limit=_HITS).hits
                gold = np.array([question.on_page(hit.path) for hit in hits])
                found.append(Searched(question, np.array([_features(hit) for hit in hits]), gold))
        return found


def _features(hit: Hit) -> tuple[float, ...]:
    """What a score is made of.

    The shares of dense, sentence, keyword and coverage; then the rest of the score, which no
    weight changes; then reciprocal rank fusion's score.
    """
    meaning, words = SearchSettings().dense_weight, 1 - SearchSettings().dense_weight
    weighed = {
        "dense": meaning * (1 - ranking.SENTENCE_SHARE),
        "sentence": meaning * ranking.SENTENCE_SHARE,
        "keyword": words * (1 - ranking.COVERAGE_SHARE),
        "coverage": words * ranking.COVERAGE_SHARE,
    }
    rest = sum(value for name, value in hit.parts.items() if name not in weighed)
    return (*(hit.parts[name] / weight for name, weight in weighed.items()), rest, hit.rrf)


def mixed(weights: Weights) -> Ranker:
    """Scores by these weights: dense_weight, the sentences' share in it, that of coverage in the rest."""
    share, sentence, covered = weights
    meaning = [share * part for part in (1 - sentence, sentence)]
    words = [(1 - share) * part for part in (1 - covered, covered)]
    terms = np.array([*meaning, *words, 1.0, 0.0])
    return lambda item: np.asarray(item.features @ terms)


def plainly_mixed(weights: Weights) -> Ranker:
    """Scores by cosine and BM25 alone."""
    share = weights[0]
    return lambda item: np.asarray(share * item.features[:, 0] + (1 - share) * item.features[:, 2])


GRID: list[Weights] = list(itertools.product((0.4, 0.5, 0.6, 0.7), (0.0, 0.2, 0.4, 0.6), (0.0, 0.2, 0.4, 0.6)))
PLAIN: list[Weights] = [(share / 10, 0.0, 0.0) for share in range(2, 9)]


def searched_for_tuning(searched: Sequence[Searched], *, without: str = "") -> list[Searched]:
    """The questions that may be tuned on, less those of one guide."""
    return [
        item
        for item in searched
        if (item.question.collection == "aws" and item.question.group != without)
        or (item.question.collection != "aws" and item.question.tuning)
    ]


def choose(tuning: Sequence[Searched], grid: Sequence[Weights], ranker: Callable[[Weights], Ranker]) -> Weights:
    """The weights with the best mean of the collections' MRR; the first of equals."""

    def quality(weights: Weights) -> float:
        scores = ranker(weights)
        found: dict[str, list[float]] = {name: [] for name in COLLECTIONS}
        for item in tuning:
            found[item.question.collection].append(_reciprocal(item.rank(scores(item))))
        return round(mean([mean(values) for values in found.values() if values]), 6)

    return max(grid, key=quality)


def _reciprocal(rank: int | None) -> float:
    return 1.0 / rank if rank else 0.0


def report(searched: Sequence[Searched], held_out: Sequence[Searched]) -> None:
    """One row for each way of ranking, and the gain of ours over the plain mixture."""
    ours = _held_out_rankers(searched, held_out, GRID, mixed)
    plain = _held_out_rankers(searched, held_out, PLAIN, plainly_mixed)
    ways: dict[str, Sequence[Ranker]] = {
        "BM25": [lambda item: item.features[:, 2]] * len(held_out),
        "MiniLM": [lambda item: item.features[:, 0]] * len(held_out),
        "reciprocal rank fusion": [lambda item: item.features[:, 5]] * len(held_out),
        "plain mixture": plain,
        "ours": ours,
    }
    ranks = {
        name: [item.rank(ranker(item)) for item, ranker in zip(held_out, rankers, strict=True)]
        for name, rankers in ways.items()
    }
    for name, found in ranks.items():
        row(f"{name}: R@1 / R@5 / MRR", "-", " / ".join(_figure(kind, found) for kind in (_at_1, _at_5, _reciprocal)))
    gains = [
        _reciprocal(one) - _reciprocal(other) for one, other in zip(ranks["ours"], ranks["plain mixture"], strict=True)
    ]
    row("paired gain of ours in MRR over the plain mixture", "> 0", _interval(gains, signed=True))


def _held_out_rankers(
    searched: Sequence[Searched],
    held_out: Sequence[Searched],
    grid: Sequence[Weights],
    ranker: Callable[[Weights], Ranker],
) -> list[Ranker]:
    """For each question the weights that were chosen without it."""
    groups = [item.question.group if item.question.collection == "aws" else "" for item in held_out]
    chosen = {
        group: ranker(choose(searched_for_tuning(searched, without=group), grid, ranker))
        for group in sorted(set(groups))
    }
    return [chosen[group] for group in groups]


def _at_1(rank: int | None) -> float:
    return float(rank == 1)


def _at_5(rank: int | None) -> float:
    return float(bool(rank and rank <= 5))


def _figure(kind: Callable[[int | None], float], ranks: Sequence[int | None]) -> str:
    return _interval([kind(rank) for rank in ranks])


def _interval(values: Sequence[float], *, signed: bool = False) -> str:
    metric = bootstrapped("", len(values), lambda chosen: mean([values[index] for index in chosen]))
    sign = "+" if signed else ""
    return f"{metric.value:{sign}.3f} [{metric.low:{sign}.3f}, {metric.high:{sign}.3f}]"


if __name__ == "__main__":
    main()
