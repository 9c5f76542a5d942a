"""How well contradictions between articles are found, and how long the list is for a real help centre.

- Judging set (`benchmarks/data/contradictions.jsonl`): pairs of articles that contradict each other or
  only look so, written without knowledge of the method. All articles together are one help centre; a
  pair counts as reported if any two of its sentences are. Totals of the odd half alone, by the SHA-1 of
  the id.
- Development set (`contradictions_dev.jsonl`): invented before tuning and tuned on, so its figures flatter.
- logingov: the English articles of a public help centre; how many pairs are reported there.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from measure import CACHE, data_folder, heading, parser, row
from openbook.errors import ReadError
from openbook.ingest import chunk, embedding_text, read
from openbook.models import Embedder, Passage
from openbook.models.minilm import open_embedder
from openbook.search.contradictions import find_contradictions
from openbook.types import PUBLIC, BlockKind, Chunk, Dispute, Extract, Span, Statement

_OWN = Path(__file__).parent / "data"
_DRAWS, _LIMIT = 2_000, 10_000
Made = tuple[list[Statement], list[np.ndarray[Any, Any]]]


def main() -> None:
    """Prints the table."""
    arguments = _arguments()
    embedder = open_embedder(arguments.weights, cache_folder=CACHE / "encoder")
    heading("Contradictions between articles")
    judged = [record for record in _records("contradictions.jsonl") if _is_odd(record["id"])]
    _report("judging set, odd half", judged, embedder)
    _report("development set", _records("contradictions_dev.jsonl"), embedder)
    _logingov(embedder)


def _arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    options.add_argument("--weights", type=Path, help="the model folder; found as usual by default")
    return options.parse_args()


def _records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_OWN / name).read_text("utf-8").splitlines()]


def _is_odd(identifier: str) -> bool:
    return int(hashlib.sha1(identifier.encode()).hexdigest(), 16) % 2 == 1


def _report(name: str, records: Sequence[dict[str, Any]], embedder: Embedder) -> None:
    true = np.array([bool(record["contradicts"]) for record in records])
    found = {frozenset((item.one.document_id, item.other.document_id)) for item in _found(records, embedder)}
    reported = np.array([frozenset(_names(record)) in found for record in records])
    row(f"{name}: pairs, of them contradictions", "", f"{len(records)}, {true.sum()}")
    for figure, measure in (("precision", _precision), ("recall", _recall), ("F1", _f1)):
        row(f"{name}: {figure}", "", _with_interval(measure, true, reported))


def _found(records: Sequence[dict[str, Any]], embedder: Embedder) -> list[Dispute]:
    """What is reported of all articles of these records together."""
    sides = ((name, record[side]) for record in records for name, side in zip(_names(record), "ab", strict=True))
    articles = (statements_of(name, f"# {side['title']}\n\n{side['text']}\n", embedder) for name, side in sides)
    return find_contradictions(*_joined(articles), limit=_LIMIT)


def _names(record: dict[str, Any]) -> tuple[str, str]:
    return f"{record['id']}-a", f"{record['id']}-b"


def statements_of(name: str, markdown: str, embedder: Embedder) -> Made:
    """The sentences of an article with their vectors, as publishing makes them."""
    extract = read(markdown.encode(), path=f"{name}.md")
    pieces = chunk(extract)
    title = extract.metadata.title
    texts = [embedding_text(title, extract.text, piece) for piece in pieces]
    shifts = [len(text) - piece.span.end for text, piece in zip(texts, pieces, strict=True)]
    passages = [
        Passage(text, tuple((item.start + shift, item.end + shift) for item in piece.sentences))
        for text, shift, piece in zip(texts, shifts, pieces, strict=True)
    ]
    statements, vectors = [], []
    for piece, shift, made in zip(pieces, shifts, embedder.embed_passages(passages), strict=True):
        for statement in _statements(name, extract, piece):
            vector = made.pieces.get((statement.span.start + shift, statement.span.end + shift))
            if vector is not None:
                statements.append(statement)
                vectors.append(vector)
    return statements, vectors


def _statements(name: str, extract: Extract, piece: Chunk) -> Iterator[Statement]:
    for sentence in piece.sentences:
        if sentence.kind not in (BlockKind.HEADING, BlockKind.CODE):
            above = piece.heading_path + ((sentence.header.of(extract.text),) if sentence.header else ())
            text = sentence.of(extract.text)
            span = Span(sentence.start, sentence.end)
            yield Statement(name, 1, name, extract.metadata.title, above, text, span, (PUBLIC,))


def _joined(parts: Iterator[Made]) -> tuple[list[Statement], np.ndarray[Any, Any]]:
    statements: list[Statement] = []
    vectors: list[np.ndarray[Any, Any]] = []
    for some, made in parts:
        statements += some
        vectors += made
    return statements, np.array(vectors, dtype=np.float32)


def _logingov(embedder: Embedder) -> None:
    content = data_folder() / "logingov-help" / "content"
    statements, vectors = _joined(_pages(content, embedder))
    started = time.perf_counter()
    found = find_contradictions(statements, vectors, limit=_LIMIT)
    spent = time.perf_counter() - started
    documents = len({statement.document_id for statement in statements})
    row("logingov, English: articles, sentences", "", f"{documents}, {len(statements)}")
    row("logingov, English: contradictions reported", "≤ 10", f"{len(found)}")
    row("logingov, English: seconds, without encoding", "", f"{spent:.2f}")


def _pages(content: Path, embedder: Embedder) -> Iterator[Made]:
    for page in sorted(content.rglob("*_en.md")):
        try:
            yield statements_of(page.relative_to(content).as_posix(), page.read_text("utf-8"), embedder)
        except ReadError:  # a page without text
            continue


def _precision(true: np.ndarray[Any, Any], reported: np.ndarray[Any, Any]) -> float:
    return float(true[reported].mean()) if reported.any() else 0.0


def _recall(true: np.ndarray[Any, Any], reported: np.ndarray[Any, Any]) -> float:
    return float(reported[true].mean()) if true.any() else 0.0


def _f1(true: np.ndarray[Any, Any], reported: np.ndarray[Any, Any]) -> float:
    precision, recall = _precision(true, reported), _recall(true, reported)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _with_interval(measure: Callable[..., float], true: np.ndarray[Any, Any], reported: np.ndarray[Any, Any]) -> str:
    """The figure with its 95 % bootstrap interval over pairs (fixed seed)."""
    drawn = np.random.default_rng(0).integers(0, len(true), size=(_DRAWS, len(true)))
    low, high = np.quantile([measure(true[rows], reported[rows]) for rows in drawn], [0.025, 0.975])
    return f"{measure(true, reported):.2f} [{low:.2f}, {high:.2f}]"


if __name__ == "__main__":
    main()
