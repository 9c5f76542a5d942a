"""Fits the weights of the confidence on public data, and says how good they are on the other half.

Tuned on records whose `int(sha1(id).hexdigest(), 16)` is even, reported on the odd ones. Every
question is asked three ways, so that the weights learn what not knowing looks like: as it is, with
its gold document hidden, and to the other collection, which cannot know the answer. The weights that
were first set by hand are shown beside.

CLAPNQ: 300 passages are the collection; a sent answer would be right if the quoted text covers half
of a gold sentence. AWS: 2,809 pages; right if the quote is from the gold page and has at least half
of the short gold answer's telling words. Prints the weights for `answer/confidence.py`.
"""

import ast
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from measure import CACHE, aws_desk, data_folder, heading, parser, row
from openbook import Desk
from openbook.answer import draft
from openbook.answer.confidence import WEIGHTS, confidence, confidence_parts
from openbook.answer.words import telling_words, words_of
from openbook.conversation.understand import understand
from openbook.evals.metrics import auroc, bootstrapped, mean
from openbook.evals.right import quote_cover
from openbook.types import Hit

_HITS = 8
_PENALTY = 1.0
_STEPS = 20_000
_BY_HAND_BIAS = -6.2
_BY_HAND = {
    "similarity": 5.0,
    "question_coverage": 3.0,
    "context_coverage": 2.5,
    "agreement": 0.8,
    "retrieval_margin": 0.7,
}
_MASS = {"as it is": 2.0, "hidden": 1.0, "elsewhere": 1.0}
_SPACED = (re.compile(r" ([.,;:?!)\]])"), re.compile(r"([(\[]) "))


@dataclass(frozen=True)
class Question:
    """A question of one collection with what judges a quote."""

    id: str
    text: str
    collection: str
    page: str
    gold: tuple[str, ...]

    @property
    def tuning(self) -> bool:
        """Whether it may be tuned on."""
        return int(hashlib.sha1(self.id.encode()).hexdigest(), 16) % 2 == 0


@dataclass(frozen=True)
class Example:
    """The parts of one confidence, whether a sent answer would have been right, and how it was asked."""

    parts: dict[str, float]
    right: bool
    way: str
    tuning: bool


def main() -> None:
    """Fits on the even half, reports on the odd one, prints both."""
    parser(__doc__ or "").parse_args()
    questions = [*_clapnq_questions(), *_aws_questions()]
    with Desk.open(_clapnq_desk()) as clapnq, Desk.open(aws_desk()) as aws:
        desks = {"clapnq": clapnq, "aws": aws}
        examples = [example for question in questions for example in _examples(question, desks)]
    tuning = [example for example in examples if example.tuning]
    weights, bias = _fit(tuning)
    rounded = {name: round(value, 2) for name, value in weights.items()}
    sys.stdout.write(f"\nBIAS = {bias:.2f}\nWEIGHTS = {json.dumps(rounded)}\n")
    held_out = [example for example in examples if not example.tuning]
    heading(f"Confidence, fitted on {len(tuning)} examples, reported on {len(held_out)}")
    _report("fitted now", held_out, lambda parts: _probability(parts, weights, bias))
    _report("in the code", held_out, confidence)
    _report("first set by hand", held_out, lambda parts: _probability(parts, _BY_HAND, _BY_HAND_BIAS))


def _report(name: str, examples: Sequence[Example], probability: Callable[[dict[str, float]], float]) -> None:
    sure = [probability(example.parts) for example in examples]
    right = [example.right for example in examples]
    ranked = bootstrapped("auroc", len(sure), lambda i: auroc([sure[k] for k in i], [right[k] for k in i]), draws=500)
    row(f"{name}: AUROC of right", "-", f"{ranked.value:.3f} [{ranked.low:.3f}, {ranked.high:.3f}]")
    sent = [was for was, chance in zip(right, sure, strict=True) if chance >= 0.7]
    if sent:
        share = bootstrapped("right", len(sent), lambda i: mean([sent[k] for k in i]), draws=500)
        row(
            f"{name}: right among those >= 0.70",
            "-",
            f"{share.value:.3f} [{share.low:.3f}, {share.high:.3f}], {len(sent)}",
        )
    asked = [chance for chance, example in zip(sure, examples, strict=True) if example.way == "as it is"]
    row(f"{name}: share >= 0.70 of questions as they are", "-", f"{mean([chance >= 0.7 for chance in asked]):.3f}")
    row(f"{name}: calibration error (ECE, 10 bins)", "-", f"{_calibration_error(sure, right):.3f}")


def _calibration_error(sure: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error, Naeini et al. (2015): mean gap of confidence and accuracy over ten bins."""
    bins = np.minimum(9, (np.asarray(sure) * 10).astype(int))
    gaps = [
        (bins == place).mean() * abs(np.asarray(sure)[bins == place].mean() - np.asarray(right)[bins == place].mean())
        for place in range(10)
        if (bins == place).any()
    ]
    return float(sum(gaps))


def _examples(question: Question, desks: dict[str, Desk]) -> Iterator[Example]:
    """The question as it is, with its gold document hidden, and asked of the other collection."""
    text = understand(question.text)
    for name, desk in desks.items():
        hits = desk.search(text, limit=3 * _HITS).hits
        if name != question.collection:
            yield _example(question, text, hits, "elsewhere")
            continue
        yield _example(question, text, hits, "as it is")
        yield _example(question, text, [hit for hit in hits if not hit.path.endswith(question.page)], "hidden")


def _example(question: Question, text: str, hits: Sequence[Hit], way: str) -> Example:
    near = [replace(hit, rank=rank) for rank, hit in enumerate(hits[:_HITS], start=1)]
    drafted = draft(text, near)
    quoted = [f"{quote.header_text} {quote.text}" for quote in drafted.quotes]
    right = way == "as it is" and bool(quoted) and _right(question, quoted, drafted.quotes[0].hit)
    return Example(confidence_parts(drafted, near), right, way, question.tuning)


def _right(question: Question, quoted: Sequence[str], cited: Hit) -> bool:
    if question.collection == "clapnq":
        return max(quote_cover(question.gold, quoted), default=0.0) >= 0.5
    wanted = telling_words(question.gold[0])
    found = set(words_of(" ".join(quoted)))
    return cited.path.endswith(question.page) and mean([word in found for word in wanted]) >= 0.5


def _clapnq_questions() -> Iterator[Question]:
    folder = data_folder() / "clapnq"
    for line in (folder / "answerable.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        gold = record["output"][0]["selected_sentences"]
        gold = ast.literal_eval(gold) if isinstance(gold, str) else gold
        yield Question(record["id"], record["input"], "clapnq", f"/{record['id']}.md", tuple(gold))
    for line in (folder / "unanswerable.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        yield Question(record["id"], record["input"], "clapnq", f"/{record['id']}.md", ())


def _aws_questions() -> Iterator[Question]:
    for line in (data_folder() / "aws-docs" / "questions.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        page = record["Document_True"].strip().rpartition("/")[2]
        yield Question(record["Question"], record["Question"], "aws", f"/{page}", (record["Answer_True"],))


def _clapnq_desk() -> Path:
    """A desk with the 300 passages as articles; made once and kept in `.cache`."""
    folder = CACHE / "clapnq-desk"
    with Desk.open(folder) as desk:
        if not desk.documents():
            for name in ("answerable", "unanswerable"):
                for line in (data_folder() / "clapnq" / f"{name}.jsonl").read_text("utf-8").splitlines():
                    record = json.loads(line)
                    passage = record["passages"][0]
                    desk.put_document(
                        f"clapnq/{record['id']}.md", f"# {passage['title']}\n\n{_unspaced(passage['text'])}"
                    )
    return folder


def _unspaced(text: str) -> str:
    """Text as people write it, from text whose marks stand apart."""
    for pattern in _SPACED:
        text = pattern.sub(r"\1", text)
    return text.replace(" 's", "'s").replace("`` ", '"').replace(" ''", '"').replace(" - ", "-")


def _fit(examples: Sequence[Example]) -> tuple[dict[str, float], float]:
    """Logistic regression with a ridge and no negative weight, by projected gradient descent.

    Half of the mass lies on questions as they are, half on those that cannot be answered.
    """
    names = list(WEIGHTS)
    features = np.array([[example.parts[name] for name in names] for example in examples])
    labels = np.array([example.right for example in examples], dtype=float)
    mass = np.array([_MASS[example.way] for example in examples])
    weights, bias = np.zeros(len(names)), 0.0
    for _ in range(_STEPS):
        error = mass * (1 / (1 + np.exp(-(features @ weights + bias))) - labels)
        weights = np.maximum(0.0, weights - 0.5 * (features.T @ error + _PENALTY * weights * 0.1) / len(labels))
        bias -= 0.5 * error.mean()
    return dict(zip(names, weights.tolist(), strict=True)), bias


def _probability(parts: dict[str, float], weights: dict[str, float], bias: float) -> float:
    return float(1 / (1 + np.exp(-(bias + sum(weights[name] * value for name, value in parts.items())))))


if __name__ == "__main__":
    sys.exit(main())
