"""How good answers are on public questions: the odd halves of three collections.

Confidence, decisions and the choice of sentences were tuned on the even halves; the weights of the
ranking on all `aws` questions and on the even halves of the others.

Each question is asked as a customer would ask it; nothing is recorded. Drafts are judged whether or
not they are sent, so that choosing sentences and knowing when not to answer are seen apart. For
`aws` right means that the gold page is cited and half of the short gold answer's telling words are
quoted; elsewhere that half of a gold quote is quoted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from measure import heading, parser, row
from openbook import Desk
from openbook.answer import Draft, Proposal, draft, propose
from openbook.conversation.understand import understand
from openbook.evals.metrics import auroc, bootstrapped, mean
from openbook.evals.right import normalised
from openbook.types import Decision
from questions import Question, desk_of, questions

_COLLECTIONS = ("aws", "clapnq", "logingov")


@dataclass(frozen=True)
class Asked:
    """A question, what would be answered, and what was decided."""

    question: Question
    draft: Draft
    proposal: Proposal

    @property
    def right(self) -> bool:
        """Whether the draft would be right if it were sent."""
        quoted = [f"{quote.header_text} {quote.text}" for quote in self.draft.quotes]
        return self.question.right(quoted, [quote.hit.path for quote in self.draft.quotes])

    @property
    def sent(self) -> bool:
        """Whether it would be sent."""
        return self.proposal.decision is Decision.SEND


def main() -> None:
    """Asks everything and prints a table for each collection."""
    parser(__doc__ or "").parse_args()
    for collection in _COLLECTIONS:
        asked = ask(collection)
        held_out = [item for item in asked if not item.question.tuning]
        heading(f"Answers on {collection}: the {len(held_out)} questions of the odd half")
        _report_answers(held_out)
        if collection == "clapnq":
            _report_answerable("odd half", held_out)
            _report_answerable("both halves", asked)
            _report_citations(held_out)
        if collection == "logingov":
            _report_decisions(held_out)


def ask(collection: str) -> list[Asked]:
    """Asks every question of a collection."""
    asked = []
    with Desk.open(desk_of(collection)) as desk:
        threshold, limit = desk.settings.values.threshold, desk.settings.values.search.limit
        for question in questions(collection):
            message = understand(question.text)
            result = desk.search(message, limit=limit) if message else None
            drafted = draft(result.parts, result.hits) if result else draft((), ())
            asked.append(Asked(question, drafted, propose(message, drafted, threshold=threshold)))
    return asked


def _report_answers(asked: Sequence[Asked]) -> None:
    answerable = [item for item in asked if item.question.expected == "send"]
    row("gold answer in the quoted text, sent or not", "-", _share([item.right for item in answerable]))
    row("share sent of those that can be answered", "-", _share([item.sent for item in answerable]))
    others = [item.sent for item in asked if item.question.expected != "send"]
    if others:
        row("share sent of those that cannot", "0", _share(others))
    row("right among sent", ">= .95", _share([item.right for item in asked if item.sent]))


def _report_answerable(name: str, asked: Sequence[Asked]) -> None:
    can = [item.question.expected == "send" for item in asked]
    for part in ("confidence", "similarity"):
        sure = [_number(item, part) for item in asked]
        found = bootstrapped("", len(asked), lambda i, sure=sure: auroc([sure[k] for k in i], [can[k] for k in i]))
        figure = f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}], {len(asked)}"
        row(f"AUROC of {part} for answerable or not, {name}", ">= .92", figure)


def _number(item: Asked, part: str) -> float:
    return item.proposal.confidence if part == "confidence" else item.proposal.confidence_parts[part]


def _report_citations(asked: Sequence[Asked]) -> None:
    """Precision, recall and F1 of the quoted sentences against the gold ones, the mean over questions."""
    scores = [_citation_scores(item) for item in asked if item.question.expected == "send"]
    for place, name in enumerate(("precision", "recall", "F1")):
        row(f"citation sentences, {name}", "-", _share([score[place] for score in scores]))


def _citation_scores(item: Asked) -> tuple[float, float, float]:
    gold = [normalised(quote) for quote in item.question.quotes]
    quoted = [normalised(quote.text) for quote in item.draft.quotes]
    hits = sum(any(_same(text, quote) for quote in gold) for text in quoted)
    found = sum(any(_same(text, quote) for text in quoted) for quote in gold)
    precision = hits / len(quoted) if quoted else 0.0
    recall = found / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall) if hits and found else 0.0


def _same(quoted: str, gold: str) -> bool:
    return bool(quoted) and (quoted in gold or gold in quoted)


def _report_decisions(asked: Sequence[Asked]) -> None:
    counts = Counter((item.question.expected, item.proposal.decision.value) for item in asked)
    for (expected, decided), count in sorted(counts.items()):
        row(f"decided {decided} where {expected} was due", "-", str(count))


def _share(values: Sequence[float]) -> str:
    found = bootstrapped("", len(values), lambda chosen: mean([values[index] for index in chosen]))
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}], {len(values)}"


if __name__ == "__main__":
    main()
