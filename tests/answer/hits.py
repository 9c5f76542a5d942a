"""Real hits made from real Markdown, for the tests of the answer floor."""

from openbook.answer import draft
from openbook.ingest import chunk, read
from openbook.models import HashEmbedder
from openbook.types import Hit, Sentence

SCORES = (0.8, 0.6, 0.5, 0.4, 0.3, 0.2)
_EMBEDDER = HashEmbedder()


def hits_from(*pages: str, question: str = "", part: int = 0, scores: tuple[float, ...] = SCORES) -> tuple[Hit, ...]:
    """The chunks of pages as hits in their order, with these scores.

    Sentences are scored by their likeness in wording to the question; without a question not at all.
    """
    pieces = [
        (f"doc_{page}", extract, piece)
        for page, extract in enumerate(map(_read, pages), start=1)
        for piece in chunk(extract)
    ]
    return tuple(
        Hit(
            chunk_id=rank,
            document_id=document_id,
            version=1,
            rank=rank,
            part=part,
            score=score,
            dense=score,
            keyword=score * 10,
            parts={"dense": score / 2, "keyword": score / 2},
            retrievers=("dense", "keyword"),
            rrf=0.0,
            sentence_scores=_likeness(question, extract.text, piece.sentences),
            same_as=(),
            title=extract.metadata.title,
            path=f"{document_id}.md",
            url="",
            updated_at=None,
            heading_path=piece.heading_path,
            kind=piece.kind.value,
            locator=piece.locator,
            start=piece.span.start,
            end=piece.span.end,
            text=piece.span.of(extract.text),
            sentences=piece.sentences,
            header=piece.header,
            header_text=piece.header.of(extract.text) if piece.header else "",
        )
        for rank, ((document_id, extract, piece), score) in enumerate(zip(pieces, scores, strict=False), start=1)
    )


def drafted(question: str, *pages: str):
    """A draft of pages for a question that asks one thing."""
    return draft((question,), hits_from(*pages, question=question))


def source_of(markdown: str) -> str:
    """The source text that the hits of the same page point into."""
    return _read(markdown).text


def _read(markdown: str):
    return read(markdown.encode(), path="page.md")


def _likeness(question: str, text: str, sentences: tuple[Sentence, ...]) -> tuple[float, ...]:
    if not question:
        return ()
    asked = _EMBEDDER.embed_query(question)
    return tuple(float(asked @ _EMBEDDER.embed_query(sentence.of(text))) for sentence in sentences)
