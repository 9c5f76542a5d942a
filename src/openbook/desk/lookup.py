"""What a diagnosis may ask of a desk, answered through the desk's own verbs."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from openbook.desk.knowledge import KnowledgeVerbs, names_in
from openbook.evals.dataset import Case
from openbook.evals.outcome import is_gold
from openbook.evals.right import quote_cover
from openbook.types import Document, Hit, Query, SearchResult, utc_now

DEEP = 50


class DeskLookup:
    """Looks into one tenant's knowledge; its documents and contradictions are listed once.

    Args:
        desk: Whose verbs are called.
        search: Its search.
        tenant: Whose knowledge.
    """

    def __init__(self, desk: KnowledgeVerbs, search: Callable[[Query], SearchResult], tenant: str) -> None:
        self._desk = desk
        self._search = search
        self._tenant = tenant

    def holds_document(self, case: Case) -> bool:
        """Whether a gold document is live for the case's audience."""
        return bool(self._gold(case))

    def holds_quote(self, case: Case) -> tuple[str, ...]:
        """The paths of live documents that hold a gold quote: the gold ones, and what a search for the quote finds."""
        if not case.quotes:
            return ()
        in_gold = (item.path for item in self._gold(case) if _has_quote(case, self._text(item, case)))
        found = (hit.path for quote in case.quotes for hit in self._hits(case, quote) if _has_quote(case, hit.text))
        return tuple(dict.fromkeys((*in_gold, *found)))

    def deep_rank(self, case: Case) -> int | None:
        """The rank among 50 hits of the first with a gold quote, or from a gold page where there are no quotes."""
        for hit in self._hits(case, case.question):
            if _has_quote(case, f"{hit.text} {hit.header_text}") if case.quotes else is_gold(case, hit.path, hit.url):
                return hit.rank
        return None

    def age_days(self, path: str) -> int | None:
        """How many days ago a document was changed, where that is known."""
        document = self._documents.get(path)
        return None if document is None or document.updated_at is None else (utc_now() - document.updated_at).days

    def disputed(self, paths: Sequence[str]) -> bool:
        """Whether one of these documents stands on the list of contradictions."""
        return not self._disputed.isdisjoint(paths)

    @cached_property
    def _documents(self) -> Mapping[str, Document]:
        return {document.path: document for document in self._desk.documents(tenant=self._tenant)}

    @cached_property
    def _disputed(self) -> frozenset[str]:
        found = self._desk.contradictions(tenant=self._tenant)
        return frozenset(side.path for dispute in found for side in (dispute.one, dispute.other))

    def _gold(self, case: Case) -> list[Document]:
        seen = names_in(case.audience)
        return [
            item
            for item in self._documents.values()
            if is_gold(case, item.path, item.url) and set(item.audiences).intersection(seen)
        ]

    def _text(self, document: Document, case: Case) -> str:
        version = self._desk.version(
            document.id, document.version, tenant=self._tenant, audiences=names_in(case.audience)
        )
        return version.source_text or ""

    def _hits(self, case: Case, words: str) -> tuple[Hit, ...]:
        query = Query(words[:2_000], self._tenant, names_in(case.audience), limit=DEEP)
        return self._search(query).hits


def _has_quote(case: Case, text: str) -> bool:
    return any(share >= 1.0 for share in quote_cover(case.quotes, [text]))
