"""Real hits made from real Markdown, for the tests of the answer floor."""

from openbook.ingest import chunk, read
from openbook.types import Hit


def hits_from(
    markdown: str, *, scores: tuple[float, ...] = (0.8, 0.6, 0.5, 0.4), name: str = "page"
) -> tuple[Hit, ...]:
    """The chunks of a page as hits in their order, with these scores."""
    extract = read(markdown.encode(), path=f"{name}.md")
    found = []
    for place, (piece, score) in enumerate(zip(chunk(extract), scores, strict=False), start=1):
        header = piece.header
        found.append(
            Hit(
                chunk_id=place,
                document_id=f"doc_{name}",
                version=1,
                rank=place,
                score=score,
                dense=score,
                keyword=score * 10,
                parts={"dense": score / 2, "keyword": score / 2},
                retrievers=("dense", "keyword"),
                title=extract.metadata.title,
                path=f"{name}.md",
                url="",
                updated_at=None,
                heading_path=piece.heading_path,
                kind=piece.kind.value,
                locator=piece.locator,
                start=piece.span.start,
                end=piece.span.end,
                text=piece.span.of(extract.text),
                sentences=piece.sentences,
                header=header,
                header_text=header.of(extract.text) if header else "",
            )
        )
    return tuple(found)


def source_of(markdown: str, *, name: str = "page") -> str:
    """The source text that the hits of the same page point into."""
    return read(markdown.encode(), path=f"{name}.md").text
