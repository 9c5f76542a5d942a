"""Turns products that a question chose into ranked chunks: their names, and the rows that say why they fit."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from openbook.search.fusion import unfused
from openbook.search.product_rows import has_name, rows_in, shown, variants_of
from openbook.search.products import Choice
from openbook.search.ranking import LookedAt, Ranked
from openbook.stores.chunks import StoredChunk, live_places, load_chunks
from openbook.stores.library import chunk_ids
from openbook.stores.products import StoredProduct
from openbook.types import Query


def chosen(connection: Connection, query: Query, choice: Choice) -> list[Ranked]:
    """The best products of a choice, at most `query.limit`; one has a chunk or several that follow each other.

    They pass the same gate as every hit: live, valid, allowed.
    """
    products = choice.best[: query.limit]
    ids = chunk_ids(connection, query.tenant, [(product.document_id, product.version) for product in products])
    places = live_places(connection, query.tenant, ids, audiences=query.audiences, at=query.at, since=query.since)
    chunks = load_chunks(connection, query.tenant, sorted(places)).values()
    return [item for product in products for item in _showing(choice, product, chunks)]


def _showing(choice: Choice, product: StoredProduct, chunks: Iterable[StoredChunk]) -> Iterator[Ranked]:
    own = {chunk.id: chunk for chunk in chunks if chunk.document_id == product.document_id}
    rows = rows_in(own[identifier] for identifier in sorted(own))
    places = {identifier: [0] for identifier in sorted(own) if has_name(own[identifier])}
    for row in shown(rows, choice.names, choice.variant(variants_of(rows, product.attributes))):
        places.setdefault(row.chunk_id, []).append(row.place)
    for identifier, sentences in places.items():
        found = LookedAt(unfused(identifier), own[identifier], frozenset())
        yield Ranked(found, 1.0, {"fits": 1.0}, None, (), selection=choice.selection(sentences))
