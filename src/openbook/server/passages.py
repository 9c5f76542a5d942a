"""Shows cited passages where they stand: in a stretch of their surroundings, or in the whole text.

Works on the stored text of a version and its chunks; knows no guest and no HTML.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from openbook.types import BlockKind, Record, Sentence, Span, Version

_ROOM = 220
BREAK = "\n\n"
_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")
_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)
_CELL = " | "


@dataclass(frozen=True, slots=True)
class Run(Record):
    """Characters that all belong to one cited span, or all to none.

    Attributes:
        span: Which of the asked spans, counted from 0; None for what is around them.
    """

    text: str
    span: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch(Record):
    """A piece of a source text around one or more cited spans.

    Attributes:
        heading_path: The headings above the first span, outermost first.
        runs: Its characters in order; a blank line is a run of its own, `BREAK`.
        cut_before: Whether it begins inside a paragraph; `cut_after` likewise for its end.
    """

    heading_path: tuple[str, ...]
    runs: tuple[Run, ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A readable part of a whole source text.

    Attributes:
        rows: Lines, each of cells, each of runs; only tables have more than one cell in a line.
        level: Of a heading: 1 for the title, else 2 to 6.
    """

    kind: Literal["heading", "paragraph", "lines", "table", "code"]
    rows: list[list[list[Run]]]
    level: int = 0


def stretches_of(version: Version, spans: Sequence[Span]) -> list[Stretch]:
    """Spans with about `_ROOM` characters around them; those that are near share a stretch."""
    text = version.source_text or ""
    numbered = _in_order(spans, len(text))
    groups: list[list[tuple[int, Span]]] = []
    for item in numbered:
        near = groups and item[1].start - groups[-1][-1][1].end <= 2 * _ROOM
        groups[-1].append(item) if near else groups.append([item])
    return [_stretch(version, text, group) for group in groups]


def parts_of(version: Version, marked: Span) -> list[Part]:
    """The whole text in readable parts, with one span marked; an empty span marks nothing."""
    text = version.source_text or ""
    spans = _in_order([marked], len(text))
    headings, kinds = _headings(version, text), _kinds(version)
    return [
        _part(text, Span(*found.span()), spans, headings, kinds.get(found.start()))
        for found in _PARAGRAPH.finditer(text)
    ]


def _in_order(spans: Sequence[Span], length: int) -> list[tuple[int, Span]]:
    """Spans with their numbers, sorted, within the text and clear of each other; empty ones left out."""
    kept: list[tuple[int, Span]] = []
    place = 0
    for number, span in sorted(enumerate(spans), key=lambda item: (item[1].start, item[1].end)):
        clear = Span(max(span.start, place), min(span.end, length))
        if clear.start < clear.end:
            kept.append((number, clear))
            place = clear.end
    return kept


def _stretch(version: Version, text: str, spans: list[tuple[int, Span]]) -> Stretch:
    start, end = spans[0][1].start, spans[-1][1].end
    first, last = _cut_start(text, start), _cut_end(text, end, _headings(version, text))
    return Stretch(
        heading_path=_heading_path(version, text, start),
        runs=tuple(piece for run in _runs(text, Span(first, last), spans) for piece in _with_breaks(run)),
        cut_before=bool(text[:first].strip()) and not text[:first].endswith("\n"),
        cut_after=bool(text[last:].strip()) and not text[last:].startswith("\n"),
    )


def _with_breaks(run: Run) -> list[Run]:
    """A run with its blank lines as runs of their own."""
    broken = [piece for part in _BLANK_LINES.split(run.text) for piece in (Run(part, run.span), Run(BREAK))][:-1]
    return [piece for piece in broken if piece.text]


def _cut_start(text: str, start: int) -> int:
    """Where a stretch begins: at a paragraph where one begins near by, else at a word."""
    earliest = max(0, start - _ROOM)
    if earliest == 0:
        return 0
    if (paragraph := _BLANK_LINES.search(text, earliest, start)) is not None:
        return paragraph.end()
    space = text.find(" ", earliest, start)
    return start if space < 0 else space + 1


def _cut_end(text: str, end: int, headings: Collection[str]) -> int:
    """Where a stretch ends: with a paragraph that ends near by and is no heading, else with a word."""
    latest = min(len(text), end + _ROOM)
    if latest == len(text):
        return latest
    breaks = [end, *(found.start() for found in _BLANK_LINES.finditer(text, end, latest))]
    while len(breaks) > 1 and text[breaks[-2] : breaks[-1]].strip() in headings:
        breaks.pop()
    if breaks[-1] > end:
        return breaks[-1]
    space = text.rfind(" ", end, latest)
    return end if space < 0 or "\n" in text[end:latest] else space


def _heading_path(version: Version, text: str, start: int) -> tuple[str, ...]:
    """The headings above a place: those above its chunk, and the last one before it inside the chunk."""
    chunk = next((chunk for chunk in version.chunks if chunk.span.start <= start < chunk.span.end), None)
    if chunk is None:
        return ()
    inside = [item.of(text) for item in chunk.sentences if item.kind is BlockKind.HEADING and item.end <= start]
    last = [name for name in inside[-1:] if name != version.title and name not in chunk.heading_path]
    return (*chunk.heading_path, *last)


def _sentences(version: Version) -> list[Sentence]:
    return [sentence for chunk in version.chunks for sentence in chunk.sentences]


def _headings(version: Version, text: str) -> dict[str, int]:
    """The level of every heading by its text."""
    inside = {item.of(text): 2 for item in _sentences(version) if item.kind is BlockKind.HEADING}
    above = {name: depth + 2 for chunk in version.chunks for depth, name in enumerate(chunk.heading_path)}
    return {**inside, **above, version.title: 1}


def _kinds(version: Version) -> dict[int, BlockKind]:
    """What begins at each place."""
    return {sentence.start: sentence.kind for sentence in _sentences(version)}


def _part(
    text: str, place: Span, spans: list[tuple[int, Span]], headings: dict[str, int], kind: BlockKind | None
) -> Part:
    lines = _between(text, place, "\n")
    rows = [[_runs(text, line, spans)] for line in lines]
    if len(lines) == 1 and place.of(text) in headings:
        return Part("heading", rows, min(headings[place.of(text)], 6))
    if kind is BlockKind.CODE:
        return Part("code", rows)
    cells = [_between(text, line, _CELL) for line in lines]
    if kind is BlockKind.TABLE and len(cells[0]) > 1 and len({len(row) for row in cells}) == 1:
        return Part("table", [[_runs(text, cell, spans) for cell in row] for row in cells])
    return Part("paragraph" if len(lines) == 1 else "lines", rows)


def _between(text: str, place: Span, separator: str) -> list[Span]:
    """The spans between separators within a span."""
    found, start = [], place.start
    while (end := text.find(separator, start, place.end)) >= 0:
        found.append(Span(start, end))
        start = end + len(separator)
    return [*found, Span(start, place.end)]


def _runs(text: str, place: Span, spans: list[tuple[int, Span]]) -> list[Run]:
    """A stretch of text cut where cited spans begin and end."""
    runs, start = [], place.start
    for number, span in spans:
        first, last = max(span.start, start), min(span.end, place.end)
        if first < last:
            runs += [Run(text[start:first]), Run(text[first:last], number)]
            start = last
    runs.append(Run(text[start : place.end]))
    return [run for run in runs if run.text]
