"""Fits the weights of the confidence on public questions, and says how good they are on the other halves.

Tuned on the even halves of three collections (`benchmarks/questions.py`), reported on the odd ones.
Every question is asked three ways, so that the weights learn what not knowing looks like: as it is,
with its gold documents hidden, and to another collection, which cannot know the answer. How sure the
weights may be is judged by leaving each collection out in turn. Prints the weights for
`answer/confidence.py` and, for `answer/explanation.py`, the usual parts of right answers.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from measure import heading, parser, row
from openbook import Desk
from openbook.answer import draft
from openbook.answer.confidence import WEIGHTS, confidence
from openbook.answer.parts import confidence_parts
from openbook.conversation.understand import understand
from openbook.evals.fitting import Example, fitted
from openbook.evals.metrics import auroc, bootstrapped, calibration_error, mean
from openbook.types import ConfidenceModel, Hit, SearchResult
from questions import Question, desk_of, questions

COLLECTIONS = ("aws", "clapnq", "logingov")
_HITS = 8
_RIDGE = 1_000.0
_EXPECTED = 0.8
_LEAST_SPREAD = 0.05
_SET = {"exact_terms": 2.0, "same_subject": 2.0, "freshness": 0.75, "question_coverage": 0.0}
_THRESHOLD = 0.7
_ANSWERABLE = 1 / 3


@dataclass(frozen=True)
class Asked:
    """The parts of one confidence, whether a sent answer would have been right, and how it was asked."""

    parts: dict[str, float]
    right: bool
    way: str
    question: Question

    @property
    def answerable(self) -> bool:
        """Whether the knowledge that was asked holds the answer."""
        return self.way == "as it is" and self.question.expected == "send"


def main() -> None:
    """Fits on the even halves, reports on the odd ones, prints both."""
    parser(__doc__ or "").parse_args()
    examples = collect()
    tuning = [example for example in examples if example.question.tuning]
    model = fit_for_others(tuning)
    rounded = {name: round(value, 2) for name, value in model.weights.items()}
    sys.stdout.write(f"\nBIAS = {model.bias:.2f}\nWEIGHTS = {json.dumps(rounded, indent=4)}\n")
    right = [example.parts for example in tuning if example.right]
    usual = {name: round(float(np.median([parts[name] for parts in right])), 2) for name in WEIGHTS}
    sys.stdout.write(f"USUAL = {json.dumps(usual, indent=4)}\n")
    held_out = [example for example in examples if not example.question.tuning]
    for name in ("all", *COLLECTIONS):
        chosen = [example for example in held_out if name in ("all", example.question.collection)]
        heading(f"Confidence on {name}, {len(chosen)} examples of the odd half, fitted on {len(tuning)}")
        report("fitted now", chosen, lambda parts: confidence(parts, model=model))
        report("in the code", chosen, confidence)
        report("similarity alone", chosen, lambda parts: parts["similarity"])


def collect() -> list[Asked]:
    """Every question of every collection, asked all three ways."""
    every = {name: questions(name) for name in COLLECTIONS}
    examples: list[Asked] = []
    for place, name in enumerate(COLLECTIONS):
        neighbour = COLLECTIONS[(place + 1) % len(COLLECTIONS)]
        with Desk.open(desk_of(name)) as desk:
            for question in every[name]:
                examples += _own(question, desk)
            examples += [_elsewhere(question, desk) for question in every[neighbour]]
    return examples


def _own(question: Question, desk: Desk) -> Iterator[Asked]:
    """The question as it is, and with the documents that answer it hidden."""
    result = desk.search(understand(question.text), limit=3 * _HITS)
    yield _example(question, result, result.hits, "as it is")
    if question.pages:
        yield _example(question, result, [hit for hit in result.hits if not question.on_page(hit.path)], "hidden")


def _elsewhere(question: Question, desk: Desk) -> Asked:
    result = desk.search(understand(question.text), limit=3 * _HITS)
    return _example(question, result, result.hits, "elsewhere")


def _example(question: Question, result: SearchResult, hits: Sequence[Hit], way: str) -> Asked:
    drafted = draft(result.parts, _nearest(hits))
    quoted = [f"{quote.header_text} {quote.text}" for quote in drafted.quotes]
    right = way == "as it is" and question.right(quoted, [quote.hit.path for quote in drafted.quotes])
    return Asked(confidence_parts(drafted), right, way, question)


def _nearest(hits: Sequence[Hit]) -> list[Hit]:
    """The first eight hits of each part, ranked anew."""
    by_part = groupby(sorted(hits, key=lambda hit: (hit.part, hit.rank)), key=lambda hit: hit.part)
    kept = [hit for _, group in by_part for hit in list(group)[:_HITS]]
    return [replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1)]


def report(name: str, examples: Sequence[Asked], probability: Callable[[dict[str, float]], float]) -> None:
    """One row a figure: ranking, share and rightness above the threshold, calibration."""
    sure = [probability(example.parts) for example in examples]
    right = [example.right for example in examples]
    ranked = bootstrapped("auroc", len(sure), lambda i: auroc([sure[k] for k in i], [right[k] for k in i]), draws=500)
    row(f"{name}: AUROC of right", "-", f"{ranked.value:.3f} [{ranked.low:.3f}, {ranked.high:.3f}]")
    if name == "similarity alone":
        return
    sent = [was for was, chance in zip(right, sure, strict=True) if chance >= _THRESHOLD]
    if sent:
        share = bootstrapped("right", len(sent), lambda i: mean([sent[k] for k in i]), draws=500)
        figure = f"{share.value:.3f} [{share.low:.3f}, {share.high:.3f}], {len(sent)}"
        row(f"{name}: right among those >= {_THRESHOLD}", "-", figure)
    answerable = [chance >= _THRESHOLD for chance, example in zip(sure, examples, strict=True) if example.answerable]
    row(f"{name}: share of the answerable >= {_THRESHOLD}", "-", f"{mean(answerable):.3f}")
    row(f"{name}: calibration error (ECE, 10 bins)", "-", f"{calibration_error(sure, right):.3f}")


def fit(examples: Sequence[Asked]) -> ConfidenceModel:
    """Logistic regression without negative weights, of parts that are measured by how much they vary.

    Each part is known to matter, and on a collection that was not fitted on, parts that weigh the same
    order answers better than parts weighed freely (Dawes, 1979): so a strong ridge pulls all weights
    towards one number, where a part counts by its standard deviation. Weights of codes, subjects and age
    are set, since public questions show too little of them, and `question_coverage`, most of which
    `context_coverage` says too, has none. The collections weigh the same, and in each, a third of the
    mass lies on questions that can be answered: an answer too many costs more than one too few.
    """
    spread = {name: _spread(examples, name) for name in WEIGHTS}
    scaled = [
        replace(item, parts={name: item.parts[name] / spread[name] for name in WEIGHTS}) for item in _weighted(examples)
    ]
    expected = ConfidenceModel({name: _SET.get(name, _EXPECTED) for name in WEIGHTS}, 0.0)
    model = fitted(scaled, expected, ridge=_RIDGE, held=tuple(_SET))
    return ConfidenceModel({name: weight / spread[name] for name, weight in model.weights.items()}, model.bias)


def _spread(examples: Sequence[Asked], name: str) -> float:
    """The standard deviation of a part; 1 for those whose weights are set."""
    return 1.0 if name in _SET else max(_LEAST_SPREAD, float(np.std([example.parts[name] for example in examples])))


def fit_for_others(examples: Sequence[Asked]) -> ConfidenceModel:
    """The same weights, made as sure as they may be on a collection that they were not fitted on.

    Every collection is judged by weights fitted on the others alone; slope and intercept that make
    those judgements right (Platt, 1999) then make the weights fitted on all. A team's articles are
    such another collection.
    """
    judged: list[Example] = []
    for name in COLLECTIONS:
        left_out = [example for example in examples if example.question.collection == name]
        model = fit([example for example in examples if example.question.collection != name])
        totals = [{"total": _total(example.parts, model)} for example in left_out]
        weighted = _weighted(left_out)
        judged += [replace(item, parts=total) for item, total in zip(weighted, totals, strict=True)]
    sure = fitted(judged, ConfidenceModel({"total": 1.0}, 0.0), ridge=0.0)
    slope, intercept = sure.weights["total"], sure.bias
    sys.stdout.write(f"\nslope {slope:.2f}, intercept {intercept:.2f}, by leaving one collection out\n")
    model = fit(examples)
    weights = {name: slope * weight for name, weight in model.weights.items()}
    return ConfidenceModel(weights, slope * model.bias + intercept)


def _weighted(examples: Sequence[Asked]) -> list[Example]:
    """Examples for the fit, weighing one in the mean: each collection the same, a third of it on the answerable."""
    kinds = [(example.question.collection, example.answerable) for example in examples]
    counted = Counter(kinds)
    mass = np.array([(_ANSWERABLE if kind[1] else 1 - _ANSWERABLE) / counted[kind] for kind in kinds])
    mass /= mass.mean()
    return [
        Example(item.parts, item.right, item.question.id, weight)
        for item, weight in zip(examples, mass.tolist(), strict=True)
    ]


def _total(parts: dict[str, float], model: ConfidenceModel) -> float:
    return model.bias + sum(weight * parts[name] for name, weight in model.weights.items())


if __name__ == "__main__":
    main()
