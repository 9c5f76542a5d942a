"""Runs any `ask` and `search` over a dataset and reports metrics with their uncertainty.

Knows no desk: it is given two callables. No language model judges anything here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from openbook.evals.dataset import Case
from openbook.evals.metrics import Metric, auroc, bootstrapped, mean, reciprocal_rank
from openbook.evals.right import is_right, quote_cover
from openbook.types import Answer, Decision, Progress, ProgressListener, Record, SearchResult

Ask = Callable[[Case], Answer]
Search = Callable[[Case], SearchResult]
LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """What became of one case.

    Attributes:
        expected: What should have been decided.
        page_rank: Rank of the first hit from a gold document among the first ten, or None.
        cover: The largest share of a gold quote that the citations cover.
        quote_found: Whether a gold quote lies in the first five hits.
    """

    id: str
    group: str
    question: str
    expected: str
    decision: str
    confidence: float
    right: bool
    page_rank: int | None
    cover: float
    quote_found: bool
    text: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Report(Record):
    """Figures over a dataset, and every case behind them."""

    cases: int
    metrics: tuple[Metric, ...]
    groups: dict[str, dict[str, float]]
    confusion: dict[str, int]
    outcomes: tuple[Outcome, ...]

    def value(self, name: str) -> float:
        """A metric's value by its name."""
        return next(metric.value for metric in self.metrics if metric.name == name)


def evaluate(cases: Sequence[Case], *, ask: Ask, search: Search, progress: ProgressListener = lambda _: None) -> Report:
    """Asks every question once and reports."""
    outcomes = []
    for done, case in enumerate(cases, start=1):
        outcomes.append(judge(case, ask(case), search(case)))
        progress(Progress(done, len(cases), "questions"))
    return report(cases, outcomes)


def judge(case: Case, answer: Answer, result: SearchResult) -> Outcome:
    """Holds one answer and one search against what the case says."""
    cited = [citation.quote for citation in answer.citations]
    texts = [f"{hit.text} {hit.header_text}" for hit in result.hits[:5]]
    return Outcome(
        id=case.id,
        group=case.group,
        question=case.question,
        expected=case.decision or (Decision.SEND if case.answerable else Decision.HAND_OFF).value,
        decision=answer.decision.value,
        confidence=answer.confidence,
        right=is_right(case, answer),
        page_rank=_page_rank(case, result),
        cover=max(quote_cover(case.quotes, cited), default=0.0),
        quote_found=any(share >= 1.0 for share in quote_cover(case.quotes, texts)),
        text=answer.text,
        milliseconds=answer.timings_ms.get("total", 0.0),
    )


def _page_rank(case: Case, result: SearchResult) -> int | None:
    for hit in result.hits[:LOOKED_AT]:
        if any(hit.path == name or hit.url == name or hit.path.endswith(f"/{name}") for name in case.documents):
            return hit.rank
    return None


def report(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Report:
    """Every figure that the outcomes carry."""
    return Report(
        cases=len(cases),
        metrics=tuple(_metrics(cases, outcomes)),
        groups=_by_group(outcomes),
        confusion=dict(sorted(Counter(f"{item.expected} → {item.decision}" for item in outcomes).items())),
        outcomes=tuple(outcomes),
    )


def _metrics(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Iterable[Metric]:
    pairs = list(zip(cases, outcomes, strict=True))
    paged = [outcome for case, outcome in pairs if case.answerable and case.documents]
    quoted = [outcome for case, outcome in pairs if case.answerable and case.quotes]
    sent = [outcome for outcome in outcomes if outcome.decision == Decision.SEND]
    for depth in (1, 5):
        yield _share(f"recall_at_{depth}", [bool(item.page_rank and item.page_rank <= depth) for item in paged])
    yield _share("mrr", [reciprocal_rank(item.page_rank) for item in paged])
    yield _share("quote_in_five_hits", [item.quote_found for item in quoted])
    yield _share("share_sent", [item.decision == Decision.SEND for item in outcomes])
    yield _share("right_among_sent", [item.right for item in sent])
    yield _share("right_sent_of_answerable", [outcome.right for case, outcome in pairs if case.answerable])
    yield _share("not_sent_of_unanswerable", [outcome.right for case, outcome in pairs if not case.answerable])
    yield _share("decision_as_expected", [item.decision == item.expected for item in outcomes])
    yield _share("citation_cover", [item.cover for item in quoted if item.decision == Decision.SEND])
    yield _auroc(pairs)


def _share(name: str, values: Sequence[float]) -> Metric:
    return bootstrapped(name, len(values), lambda chosen: mean([values[index] for index in chosen]))


def _auroc(pairs: Sequence[tuple[Case, Outcome]]) -> Metric:
    """Whether confidence ranks questions that can be answered above those that cannot."""
    scores = [outcome.confidence for _, outcome in pairs]
    labels = [case.answerable for case, _ in pairs]

    def figure(chosen: Sequence[int]) -> float:
        return auroc([scores[index] for index in chosen], [labels[index] for index in chosen])

    return bootstrapped("answerable_auroc", len(pairs), figure)


def _by_group(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group or "all", []).append(outcome)
    return {
        name: {
            "cases": len(members),
            "right": round(mean([item.right for item in members]), 3),
            "sent": round(mean([item.decision == Decision.SEND for item in members]), 3),
        }
        for name, members in sorted(groups.items())
    }
