"""What the confidence is worth: accuracy, share sent, risk and coverage, calibration, on what it was not fitted on.

The odd halves of three public collections (`benchmarks/questions.py`) and the later tickets of the
sample shop, each by itself and pooled, at the shipped weights and threshold. Nothing is recorded. For
`aws` right means that the gold page is cited and half of the short gold answer's telling words are
quoted; elsewhere that half of a gold quote is cited. `--curves FILE` writes the pooled risk-coverage
curve as a page.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from measure import CACHE, ROOT, heading, parser, row
from openbook import AskRequest, Desk
from openbook.conversation import rehearse
from openbook.evals import Case, Outcome, read_dataset
from openbook.evals.dataset import history_of
from openbook.evals.metrics import Metric
from openbook.evals.outcome import judge
from openbook.evals.pages.evaluation_page import evaluation_page
from openbook.evals.report import report
from openbook.types import Rehearsal
from questions import Question, desk_of, questions

_PUBLIC = ("aws", "clapnq", "logingov")
_FIGURES = {
    "right_among_sent": "guides: .89, .94, .68",
    "share_sent": "-",
    "right_sent_of_answerable": "-",
    "not_sent_of_unanswerable": "1",
    "coverage_at_2_percent_risk": "-",
    "coverage_at_5_percent_risk": "-",
    "coverage_at_10_percent_risk": "-",
    "aurc": "-",
    "augrc": "-",
    "right_auroc": "-",
    "answerable_auroc": "-",
    "brier": "-",
    "spiegelhalter_p": "> .05",
    "calibration_error": "-",
    "calibration_error_if_perfect": "-",
}


def main() -> None:
    """Asks everything and prints a table for each set and for all of them."""
    options = _options()
    sets = {name: list(_public(name)) for name in _PUBLIC} | {"shop tickets": list(_shop())}
    pooled = [outcome for outcomes in sets.values() for outcome in outcomes]
    for name, outcomes in (*sets.items(), ("pooled", pooled)):
        heading(f"Trust, {name}: {len(outcomes)} questions that nothing was fitted on")
        _print(outcomes)
    if options.curves:
        page = evaluation_page(report(pooled), name="pooled, held back", gates={}, made_at=datetime.now(UTC))
        options.curves.write_text(page, "utf-8")


def _options() -> argparse.Namespace:
    options = parser(__doc__ or "")
    options.add_argument("--curves", type=Path, help="write a page with the pooled curves into this file")
    return options.parse_args()


def _public(collection: str) -> Iterator[Outcome]:
    """What becomes of the odd half of a public collection."""
    with Desk.open(desk_of(collection)) as desk:
        for question in questions(collection):
            if not question.tuning:
                rehearsal = rehearse(desk.parts.turn, AskRequest(question.text, channel="evaluation"))
                yield _judged(question, rehearsal)


def _judged(question: Question, rehearsal: Rehearsal) -> Outcome:
    """The outcome by the collection's own rule of what is right."""
    case = Case(
        id=f"{question.collection} {question.id}",
        question=question.text,
        documents=question.pages if question.expected == "send" else (),
        quotes=question.quotes if question.collection != "aws" else (),
        answerable=question.expected == "send",
        decision=question.expected,
        group=question.collection,
    )
    outcome = judge(case, rehearsal)
    if question.collection != "aws":
        return outcome
    paths = {hit.document_id: hit.path for hit in rehearsal.hits}
    cited = [paths.get(citation.document_id, "") for citation in rehearsal.draft.citations]
    right = rehearsal.sendable and question.right(outcome.cited, cited)
    return replace(outcome, would_be_right=right, right=right and outcome.sent)


def _shop() -> Iterator[Outcome]:
    """What becomes of the shop's tickets after September 2025."""
    shop = ROOT / "examples" / "shop"
    with Desk.open(CACHE / "shop-desk") as desk:
        if not desk.documents():
            desk.add(shop / "articles")
            desk.add(shop / "internal", audience="internal")
        for name in ("labels-2025.jsonl", "labels-2026.jsonl"):
            for case in read_dataset(shop / "tickets" / name):
                if case.split == "test":
                    request = AskRequest(case.question, channel="evaluation", history=history_of(case))
                    yield judge(case, rehearse(desk.parts.turn, request))


def _print(outcomes: Sequence[Outcome]) -> None:
    found = {metric.name: metric for metric in report(outcomes).metrics}
    for name, goal in _FIGURES.items():
        row(name.replace("_", " "), goal, _shown(found[name]))


def _shown(metric: Metric) -> str:
    interval = "" if metric.low == metric.high == metric.value else f" [{metric.low:.3f}, {metric.high:.3f}]"
    return f"{metric.value:.3f}{interval}, {metric.cases}"


if __name__ == "__main__":
    main()
