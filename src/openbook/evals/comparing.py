"""Compares two runs on the same cases: how much better, and whether that can be chance.

Differences come with an interval from the paired bootstrap over conversations; yes-or-no figures also
with McNemar's exact test. All p-values of one comparison are corrected by Holm's method.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from openbook.errors import UserError
from openbook.evals.metrics import holm, mcnemar, mean, paired_difference, reciprocal_rank
from openbook.evals.outcome import Outcome
from openbook.types import Record

_FIGURES: dict[str, Callable[[Outcome], float | None]] = {
    "recall_at_1": lambda item: float(item.page_rank == 1) if item.ndcg is not None else None,
    "recall_at_5": lambda item: float(item.page_found) if item.ndcg is not None else None,
    "mrr": lambda item: reciprocal_rank(item.page_rank) if item.ndcg is not None else None,
    "quote_in_five_hits": lambda item: float(item.quote_found) if item.citations is not None else None,
    "share_sent": lambda item: float(item.sent),
    "right": lambda item: float(item.right),
    "draft_right_of_answerable": lambda item: float(item.would_be_right) if item.answerable else None,
}
_YES_OR_NO = frozenset(_FIGURES) - {"mrr"}


@dataclass(frozen=True, slots=True)
class Comparison(Record):
    """One figure of two runs.

    Attributes:
        difference: Of the later run from the earlier one, with its 95 % interval.
        p: How likely chance alone shows such a difference or more, corrected for the number of figures.
    """

    name: str
    earlier: float
    later: float
    difference: float
    low: float
    high: float
    p: float
    cases: int


def compare_outcomes(earlier: Sequence[Outcome], later: Sequence[Outcome]) -> tuple[Comparison, ...]:
    """Every figure of both runs over the cases that both have.

    Raises:
        UserError: They share no case.
    """
    before = {(item.id, item.question): item for item in earlier}
    pairs = [(before[item.id, item.question], item) for item in later if (item.id, item.question) in before]
    if not pairs:
        raise UserError("The two runs have no case in common.", fix="Compare runs of the same dataset.")
    found = [item for name in _FIGURES if (item := _compared(name, pairs)) is not None]
    corrected = holm([item.p for item in found])
    return tuple(replace(item, p=p) for item, p in zip(found, corrected, strict=True))


def _compared(name: str, pairs: Sequence[tuple[Outcome, Outcome]]) -> Comparison | None:
    """One figure over the cases that have it; None where none has."""
    figure = _FIGURES[name]
    known = [
        (before, after, pair[1].conversation)
        for pair in pairs
        if (before := figure(pair[0])) is not None and (after := figure(pair[1])) is not None
    ]
    if not known:
        return None
    old, new, clusters = zip(*known, strict=True)
    found = paired_difference(old, new, clusters=clusters)
    p = mcnemar([bool(value) for value in old], [bool(value) for value in new]).p if name in _YES_OR_NO else found.p
    return Comparison(name, mean(old), mean(new), found.difference, found.low, found.high, p, len(old))
