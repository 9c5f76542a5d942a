"""Shows what other weights and limits for choosing sentences would give, on the tuning halves.

Every question that can be answered is searched for once; its answer is then drafted anew with each
change, one at a time. Printed for each: the share of drafts that would be right, the mean over three
collections (`benchmarks/questions.py`), and how many sentences and characters a draft has.
"""

import sys
from collections.abc import Sequence
from types import ModuleType

import numpy as np

from measure import heading, parser, row
from openbook import Desk
from openbook.answer import draft, quote
from openbook.conversation.understand import understand
from openbook.types import Hit
from questions import Question, desk_of, questions

_DRAFTING = sys.modules["openbook.answer.draft"]
_COLLECTIONS = ("aws", "clapnq", "logingov")
_WEIGHTS = ("SENTENCE_WEIGHT", "COVERAGE_WEIGHT", "HEADINGS_WEIGHT", "CHUNK_WEIGHT")
_OTHER_WEIGHTS = ((0.55, 0.1, 0.05, 0.3), (0.35, 0.1, 0.05, 0.5), (0.45, 0.2, 0.05, 0.3), (0.3, 0.1, 0.0, 0.6))
_OTHERS: tuple[tuple[ModuleType, str, tuple[float, ...]], ...] = (
    (quote, "STEPS_BONUS", (0.0, 0.08, 0.15)),
    (quote, "KIND_BONUS", (0.0, 0.1)),
    (_DRAFTING, "FROM_HITS", (3, 8)),
    (_DRAFTING, "MOST_SENTENCES", (2, 4)),
    (_DRAFTING, "CLOSE", (0.75, 0.95)),
    (_DRAFTING, "GAIN", (0.1, 0.3)),
    (_DRAFTING, "NEAR", (0.65, 0.85)),
)
Found = tuple[Question, tuple[str, ...], tuple[Hit, ...]]


def main() -> None:
    """Drafts with the values in the code, then with each other one."""
    parser(__doc__ or "").parse_args()
    found = [item for collection in _COLLECTIONS for item in _search(collection)]
    heading(f"Choosing sentences, {len(found)} questions of the tuning halves")
    row("in the code", "-", _figures(found))
    in_code = [getattr(quote, name) for name in _WEIGHTS]
    for weights in _OTHER_WEIGHTS:
        _set(quote, _WEIGHTS, weights)
        row(f"weights {weights}", "-", _figures(found))
    _set(quote, _WEIGHTS, in_code)
    for module, name, values in _OTHERS:
        before = getattr(module, name)
        for value in values:
            _set(module, [name], [value])
            row(f"{name} {value}", "-", _figures(found))
        _set(module, [name], [before])


def _search(collection: str) -> list[Found]:
    with Desk.open(desk_of(collection)) as desk:
        chosen = [item for item in questions(collection) if item.expected == "send" and item.tuning]
        results = [(item, desk.search(understand(item.text))) for item in chosen]
        return [(item, result.parts, result.hits) for item, result in results]


def _figures(found: Sequence[Found]) -> str:
    by_collection: dict[str, list[tuple[float, int, int]]] = {name: [] for name in _COLLECTIONS}
    for question, parts, hits in found:
        quotes = draft(parts, hits).quotes
        texts = [f"{item.header_text} {item.text}" for item in quotes]
        right = question.right(texts, [item.hit.path for item in quotes])
        by_collection[question.collection].append((right, len(quotes), sum(map(len, texts))))
    right, sentences, characters = np.mean([np.mean(values, axis=0) for values in by_collection.values()], axis=0)
    return f"right {right:.3f}, {sentences:.1f} sentences, {characters:.0f} characters"


def _set(module: ModuleType, names: Sequence[str], values: Sequence[float]) -> None:
    for name, value in zip(names, values, strict=True):
        setattr(module, name, value)


if __name__ == "__main__":
    main()
