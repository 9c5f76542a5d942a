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
from openbook.answer.confidence import WEIGHTS, confidence, confidence_parts
from openbook.conversation.understand import understand
from openbook.evals.metrics import auroc, bootstrapped, mean
from openbook.types import Hit, SearchResult
from questions import Question, desk_of, questions

COLLECTIONS = ("aws", "clapnq", "logingov")
_HITS = 8
_PENALTY = 3.0
_EXPECTED = 1.0
_SET = {"exact_terms": 2.0, "same_subject": 2.0}
_STEPS = 20_000
_THRESHOLD = 0.7
_ANSWERABLE = 1 / 2


@dataclass(frozen=True)
class Example:
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
    weights, bias = fit_for_others(tuning)
    rounded = {name: round(value, 2) for name, value in weights.items()}
    sys.stdout.write(f"\nBIAS = {bias:.2f}\nWEIGHTS = {json.dumps(rounded, indent=4)}\n")
    right = [example.parts for example in tuning if example.right]
    usual = {name: round(float(np.median([parts[name] for parts in right])), 2) for name in WEIGHTS}
    sys.stdout.write(f"USUAL = {json.dumps(usual, indent=4)}\n")
    held_out = [example for example in examples if not example.question.tuning]
    for name in ("all", *COLLECTIONS):
        chosen = [example for example in held_out if name in ("all", example.question.collection)]
        heading(f"Confidence on {name}, {len(chosen)} examples of the odd half, fitted on {len(tuning)}")
        report("fitted now", chosen, lambda parts: _probability(parts, weights, bias))
        report("in the code", chosen, confidence)
        report("similarity alone", chosen, lambda parts: parts["similarity"])


def collect() -> list[Example]:
    """Every question of every collection, asked all three ways."""
    every = {name: questions(name) for name in COLLECTIONS}
    examples: list[Example] = []
    for place, name in enumerate(COLLECTIONS):
        neighbour = COLLECTIONS[(place + 1) % len(COLLECTIONS)]
        with Desk.open(desk_of(name)) as desk:
            for question in every[name]:
                examples += _own(question, desk)
            examples += [_elsewhere(question, desk) for question in every[neighbour]]
    return examples


def _own(question: Question, desk: Desk) -> Iterator[Example]:
    """The question as it is, and with the documents that answer it hidden."""
    result = desk.search(understand(question.text), limit=3 * _HITS)
    yield _example(question, result, result.hits, "as it is")
    if question.pages:
        yield _example(question, result, [hit for hit in result.hits if not question.on_page(hit.path)], "hidden")


def _elsewhere(question: Question, desk: Desk) -> Example:
    result = desk.search(understand(question.text), limit=3 * _HITS)
    return _example(question, result, result.hits, "elsewhere")


def _example(question: Question, result: SearchResult, hits: Sequence[Hit], way: str) -> Example:
    drafted = draft(result.parts, _nearest(hits))
    quoted = [f"{quote.header_text} {quote.text}" for quote in drafted.quotes]
    right = way == "as it is" and question.right(quoted, [quote.hit.path for quote in drafted.quotes])
    return Example(confidence_parts(drafted), right, way, question)


def _nearest(hits: Sequence[Hit]) -> list[Hit]:
    """The first eight hits of each part, ranked anew."""
    by_part = groupby(sorted(hits, key=lambda hit: (hit.part, hit.rank)), key=lambda hit: hit.part)
    kept = [hit for _, group in by_part for hit in list(group)[:_HITS]]
    return [replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1)]


def report(name: str, examples: Sequence[Example], probability: Callable[[dict[str, float]], float]) -> None:
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
    row(f"{name}: calibration error (ECE, 10 bins)", "-", f"{_calibration_error(sure, right):.3f}")


def _calibration_error(sure: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error, Naeini et al. (2015): mean gap of confidence and accuracy over ten bins."""
    chances, labels = np.asarray(sure), np.asarray(right)
    bins = np.minimum(9, (chances * 10).astype(int))
    gaps = [
        (bins == place).mean() * abs(chances[bins == place].mean() - labels[bins == place].mean())
        for place in range(10)
        if (bins == place).any()
    ]
    return float(sum(gaps))


def fit(examples: Sequence[Example]) -> tuple[dict[str, float], float]:
    """Logistic regression without negative weights, by projected gradient descent.

    A ridge pulls every weight towards 1, not 0: each part is known to matter, and the few questions
    that would show it for unknown words are not enough to say how much. Those of codes and subjects are set.
    The collections weigh the same, and in each, half of the mass lies on questions that can be answered.
    """
    names = list(WEIGHTS)
    features = np.array([[example.parts[name] for name in names] for example in examples])
    labels = np.array([example.right for example in examples], dtype=float)
    mass = _mass(examples)
    weights, bias = np.array([_SET.get(name, _EXPECTED) for name in names]), 0.0
    free = np.array([name not in _SET for name in names])
    for _ in range(_STEPS):
        error = mass * (1 / (1 + np.exp(-(features @ weights + bias))) - labels)
        slope = (features.T @ error + _PENALTY * (weights - _EXPECTED)) / len(labels)
        weights = np.maximum(0.0, weights - 0.5 * free * slope)
        bias -= 0.5 * error.mean()
    return dict(zip(names, weights.tolist(), strict=True)), bias


def fit_for_others(examples: Sequence[Example]) -> tuple[dict[str, float], float]:
    """The same weights, made as sure as they may be on a collection that they were not fitted on.

    Every collection is judged by weights fitted on the others alone; slope and intercept that make
    those judgements right (Platt, 1999) then make the weights fitted on all. A team's articles are
    such another collection.
    """
    judged, labels = [], []
    for name in COLLECTIONS:
        others = [example for example in examples if example.question.collection != name]
        weights, bias = fit(others)
        left_out = [example for example in examples if example.question.collection == name]
        judged += [_total(example.parts, weights, bias) for example in left_out]
        labels += left_out
    slope, intercept = _platt(np.array(judged), labels)
    sys.stdout.write(f"\nslope {slope:.2f}, intercept {intercept:.2f}, by leaving one collection out\n")
    weights, bias = fit(examples)
    return {name: slope * weight for name, weight in weights.items()}, slope * bias + intercept


def _platt(totals: np.ndarray, examples: Sequence[Example]) -> tuple[float, float]:
    """Slope and intercept of a logistic regression on one number."""
    labels, mass = np.array([example.right for example in examples], dtype=float), _mass(examples)
    slope, intercept = 1.0, 0.0
    for _ in range(_STEPS):
        error = mass * (1 / (1 + np.exp(-(slope * totals + intercept))) - labels)
        slope -= 0.05 * float((error * totals).mean())
        intercept -= 0.05 * float(error.mean())
    return slope, intercept


def _mass(examples: Sequence[Example]) -> np.ndarray:
    """How much each example weighs, one in the mean."""
    kinds = [(example.question.collection, example.answerable) for example in examples]
    counted = Counter(kinds)
    mass = np.array([(_ANSWERABLE if kind[1] else 1 - _ANSWERABLE) / counted[kind] for kind in kinds])
    return mass / mass.mean()


def _probability(parts: dict[str, float], weights: dict[str, float], bias: float) -> float:
    return float(1 / (1 + np.exp(-_total(parts, weights, bias)))) if any(parts.values()) else 0.0


def _total(parts: dict[str, float], weights: dict[str, float], bias: float) -> float:
    return bias + sum(weights[name] * value for name, value in parts.items())


if __name__ == "__main__":
    main()
