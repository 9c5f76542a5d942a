"""What became of one question of a dataset: the rehearsal held against what the case says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan

from openbook.evals.dataset import Case
from openbook.evals.metrics import CitationScores, citation_scores, exact_match, ndcg_at, token_f1
from openbook.evals.right import is_right, quote_cover
from openbook.types import Decision, Hit, Record, Rehearsal

LOOKED_AT = 5
"""Among how many hits a gold quote counts as found."""


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """One case and what was made of it.

    Attributes:
        expected: What should have been decided.
        sendable: Whether no rule but the threshold keeps the answer back.
        right: Whether what was done is right; see `evals/right.py`.
        would_be_right: Whether the answer would be right if it were sent.
        page_rank: Rank of the first hit from a gold document, or None.
        pages: The paths of the hits, in order, each once.
        cover: The largest share of a gold quote that the draft's citations cover, sent or not.
        quote_rank: Rank of the first hit that holds a gold quote in full, or None.
        cited: The texts of the draft's citations.
        ndcg: Of the first five hits' documents; None without gold documents.
        citations: The draft's cited sentences against the gold quotes; None without a word in these.
        token_f1: Of the draft's words and the gold answer's; None without one. `exact` likewise.
        conversation: The same for all questions of one conversation, for resampling.
    """

    id: str
    conversation: str
    group: str
    question: str
    answerable: bool
    expected: str
    decision: str
    confidence: float
    parts: dict[str, float]
    sendable: bool
    right: bool
    would_be_right: bool
    page_rank: int | None
    pages: tuple[str, ...]
    cover: float
    quote_rank: int | None
    cited: tuple[str, ...]
    ndcg: float | None
    citations: CitationScores | None
    token_f1: float | None
    exact: float | None
    text: str
    reason: str
    milliseconds: float
    cost_micro_usd: int = 0

    @property
    def sent(self) -> bool:
        """Whether a customer would have got an answer."""
        return self.decision == Decision.SEND

    def sent_from(self, threshold: float) -> "Outcome":
        """The same as it would have been with this threshold."""
        sends = self.sendable and self.confidence >= threshold
        if sends == self.sent:
            return self
        decision = Decision.SEND if sends else Decision.HAND_OFF
        return replace(self, decision=decision.value, right=self.would_be_right if sends else not self.answerable)

    @property
    def page_found(self) -> bool:
        """Whether a gold document is among the first hits."""
        return self.page_rank is not None and self.page_rank <= LOOKED_AT

    @property
    def quote_found(self) -> bool:
        """Whether a gold quote stands in the first hits."""
        return self.quote_rank is not None and self.quote_rank <= LOOKED_AT


def judge(case: Case, rehearsal: Rehearsal) -> Outcome:
    """Holds one rehearsal against what the case says."""
    answer, draft = rehearsal.answer, rehearsal.draft
    cited = tuple(citation.quote for citation in draft.citations)
    pages = tuple(dict.fromkeys(hit.path for hit in rehearsal.hits))
    gold_pages = [hit.path for hit in rehearsal.hits if is_gold(case, hit.path, hit.url)]
    as_if_sent = replace(draft, decision=Decision.SEND)
    return Outcome(
        id=case.id,
        conversation=case.conversation or case.id,
        group=case.group,
        question=case.question,
        answerable=case.answerable,
        expected=case.decision or (Decision.SEND if case.answerable else Decision.HAND_OFF).value,
        decision=answer.decision.value,
        confidence=answer.confidence,
        parts=dict(answer.confidence_parts),
        sendable=rehearsal.sendable,
        right=is_right(case, answer),
        would_be_right=case.answerable and rehearsal.sendable and is_right(case, as_if_sent),
        page_rank=next((hit.rank for hit in rehearsal.hits if is_gold(case, hit.path, hit.url)), None),
        pages=pages,
        cover=max(quote_cover(case.quotes, cited), default=0.0),
        quote_rank=next((hit.rank for hit in rehearsal.hits if _holds_quote(case, hit)), None),
        cited=cited,
        ndcg=_ndcg(case, pages, gold_pages),
        citations=_citations(case, cited),
        token_f1=token_f1(draft.text, case.answer) if case.answer else None,
        exact=exact_match(draft.text, case.answer) if case.answer else None,
        text=draft.text if rehearsal.sendable else answer.text,
        reason=answer.reason,
        milliseconds=answer.timings_ms.get("total", 0.0),
        cost_micro_usd=answer.cost_micro_usd,
    )


def _ndcg(case: Case, pages: Sequence[str], found: Sequence[str]) -> float | None:
    """Of the documents of the hits; a gold one that was not found counts by its name in the dataset."""
    if not case.documents:
        return None
    missing = len(case.documents) - len(set(found))
    return ndcg_at(pages, {*found, *(f"not found {place}" for place in range(missing))}, LOOKED_AT)


def _citations(case: Case, cited: Sequence[str]) -> CitationScores | None:
    scores = citation_scores(cited, case.quotes)
    return None if isnan(scores.f1) else scores


def is_gold(case: Case, path: str, url: str) -> bool:
    """Whether a document of this path or address is one that answers the case."""
    return any(names(name, path, url) for name in case.documents)


def names(name: str, path: str, url: str) -> bool:
    """Whether a dataset means the document of this path or address by a name."""
    return name in (path, url) or path.endswith(f"/{name}")


def _holds_quote(case: Case, hit: Hit) -> bool:
    return any(share >= 1.0 for share in quote_cover(case.quotes, [f"{hit.text} {hit.header_text}"]))
