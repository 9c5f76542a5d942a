"""Hits as they are shown and as they come back from a receipt."""

from collections.abc import Mapping
from typing import Any

from openbook.codec import decode
from openbook.search.ranking import Ranked
from openbook.stores.chunks import StoredChunk
from openbook.types import Hit
from openbook.types.search import Selection


def to_hit(item: Ranked, *, rank: int, part: int) -> Hit:
    """One ranked candidate with everything a person may want to see of it."""
    candidate = item.looked_at.fused.candidate
    scores = {"dense": candidate.dense, "keyword": candidate.keyword}
    return _hit(
        item.looked_at.stored,
        {
            "rank": rank,
            "part": part,
            "score": round(item.score, 9),
            "dense": item.dense,
            "keyword": candidate.keyword,
            "parts": item.parts,
            "retrievers": tuple(name for name, score in scores.items() if score is not None),
            "rrf": item.looked_at.fused.rrf,
            "sentence_scores": item.sentence_scores,
            "same_as": item.same_as,
            "selection": item.selection,
        },
    )


def recorded_to_hit(recorded: Mapping[str, Any], stored: StoredChunk) -> Hit:
    """The hit that a receipt recorded, with its text from the tables."""
    lists = ("retrievers", "sentence_scores", "same_as")
    kept = ("rank", "part", "score", "dense", "keyword", "parts", "rrf")
    scores = {name: recorded[name] for name in kept} | {name: tuple(recorded[name]) for name in lists}
    chosen = recorded.get("selection")
    return _hit(stored, scores | {"selection": decode(Selection, chosen) if chosen else None})


def _hit(found: StoredChunk, scores: Mapping[str, Any]) -> Hit:
    chunk = found.chunk
    return Hit(
        chunk_id=found.id,
        document_id=found.document_id,
        version=found.version,
        title=found.title,
        path=found.path,
        url=found.url,
        updated_at=found.updated_at,
        heading_path=chunk.heading_path,
        kind=chunk.kind.value,
        locator=chunk.locator,
        start=chunk.span.start,
        end=chunk.span.end,
        text=found.text,
        sentences=chunk.sentences,
        header=chunk.header,
        header_text=found.header_text,
        following=found.following,
        **scores,
    )
