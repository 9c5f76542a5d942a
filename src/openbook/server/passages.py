"""Shows cited passages where they stand: in a stretch of their surroundings, or in the whole text.

Works on the stored text of a version and its chunks; knows no guest and no HTML.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openbook.types import BlockKind, Chunk, Record, Span, Version

_ROOM = 220
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
        runs: Its characters in order; put together they are the source text of this stretch.
        cut_before: Whether the text goes on before it; `cut_after` likewise.
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
    headings = _headings(version)
    return [_part(version, text, Span(*found.span()), spans, headings) for found in _PARAGRAPH.finditer(text)]


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
    first, last = _cut_start(text, start), _cut_end(text, end)
    return Stretch(
        heading_path=_heading_path(version.chunks, start),
        runs=tuple(_runs(text, Span(first, last), spans)),
        cut_before=bool(text[:first].strip()),
        cut_after=bool(text[last:].strip()),
    )


def _cut_start(text: str, start: int) -> int:
    """Where a stretch begins: at a word, and rather at a line than in the middle of one."""
    if start <= _ROOM:
        return 0
    line, space = text.find("\n", start - _ROOM, start), text.find(" ", start - _ROOM, start)
    found = line if line >= 0 else space
    return start if found < 0 else found + 1


def _cut_end(text: str, end: int) -> int:
    if len(text) - end <= _ROOM:
        return len(text)
    line, space = text.rfind("\n", end, end + _ROOM), text.rfind(" ", end, end + _ROOM)
    found = line if line >= 0 else space
    return end if found < 0 else found


def _heading_path(chunks: tuple[Chunk, ...], start: int) -> tuple[str, ...]:
    return next((chunk.heading_path for chunk in chunks if chunk.span.start <= start < chunk.span.end), ())


def _headings(version: Version) -> dict[str, int]:
    """The level of every heading by its text."""
    levels = {name: depth + 2 for chunk in version.chunks for depth, name in enumerate(chunk.heading_path)}
    return {**levels, version.title: 1}


def _kind_at(version: Version, start: int) -> BlockKind:
    return next((c.kind for c in version.chunks if c.span.start <= start < c.span.end), BlockKind.PARAGRAPH)


def _part(version: Version, text: str, place: Span, spans: list[tuple[int, Span]], headings: dict[str, int]) -> Part:
    lines = _between(text, place, "\n")
    rows = [[_runs(text, line, spans)] for line in lines]
    if len(lines) == 1 and place.of(text) in headings:
        return Part("heading", rows, min(headings[place.of(text)], 6))
    kind = _kind_at(version, place.start)
    if kind is BlockKind.CODE and len(lines) > 1:
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
