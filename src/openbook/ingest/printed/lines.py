"""Turns the lines printed on pages back into headings, paragraphs and lists.

A page knows no paragraphs, only lines with a place and a size. Lines are joined where the
next word would not have fitted, split where the gap or the size changes; what repeats at
the edges of pages is dropped. The module knows nothing about the file the lines come from.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from openbook.ingest.composer import Composer
from openbook.ingest.printed.columns import arrange
from openbook.ingest.printed.page import LINES_LIMIT, Line, Page
from openbook.ingest.printed.tables import PrintedTable
from openbook.ingest.readers.plain import compose_group, starts_item

_EDGE_LINES = 2
_HEADER_DISTANCE = 3.0  # of a line's height
_REPEATED_PAGES = 3
_PAGE_NUMBER = re.compile(r"(?:page|seite|p\.|-|–)?\s*\d{1,4}(?:\s*(?:of|von|/)\s*\d{1,4})?\s*[-–]?", re.IGNORECASE)
_DOT_LEADER = re.compile(r"(?:\. ?){4}")
_SAYS_PAGE = re.compile(r"page|seite|of|von|/", re.IGNORECASE)
_HEADING_RATIO = 1.15
_HEADING_CHARACTERS = 160
_BOLD_HEADING_CHARACTERS = 80
_GAP = 0.75
_HYPHENS = ("-", "\u00ad", "\u2010")
_COLUMN_TOLERANCE = 36.0
_WRAP_MINIMUM = 30


def compose_pages(printed: list[Page], composer: Composer) -> None:
    """Writes the blocks of pages into a composer, each with the locator "page N"."""
    pages = without_furniture([page.lines for page in printed])
    levels = _heading_levels(pages)
    last: PrintedTable | None = None
    for number, (lines, page) in enumerate(zip(pages, printed, strict=True), start=1):
        composer.locator = f"page {number}"
        lines_between: list[Line] = []
        for index, item in enumerate(arrange(lines, page.rulings)):
            if isinstance(item, Line):
                lines_between.append(item)
                last = None
                continue
            _compose_lines(lines_between, levels, composer)
            lines_between = []
            last = item.after(last) if last and index == 0 else item
            composer.table(last.rows, has_header=last.has_header)
        _compose_lines(lines_between, levels, composer)
    composer.locator = ""


def _compose_lines(lines: list[Line], levels: dict[float, int], composer: Composer) -> None:
    """Headings, paragraphs and lists."""
    is_page = len(lines) <= LINES_LIMIT
    for group in _groups(lines, levels):
        level = _level(group, levels)
        if level:
            composer.heading(" ".join(line.text for line in group), level=level)
        else:
            compose_group(join_lines(group, page=lines if is_page else group), composer)


def without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without the headers and footers that repeat, and without page numbers."""
    levels = _heading_levels(pages)
    edges = [_edge_lines(lines) for lines in pages]
    repeats = Counter(key for found in edges for key in {_key(line, levels) for line in found})
    needed = min(_REPEATED_PAGES, max(2, len(pages)))
    kept = []
    for lines, found in zip(pages, edges, strict=True):
        again = [line for line in found if repeats[_key(line, levels)] >= needed and not _heads_columns(line, lines)]
        dropped = again + [line for line in found if _is_page_number(line, len(pages))]
        kept.append([line for line in lines if not any(line is each for each in dropped)])
    return kept


def _edge_lines(lines: list[Line]) -> list[Line]:
    """The lines at the top and the bottom of a page, by place and by order."""
    if len(lines) <= 1:
        return list(lines)
    by_place = sorted(lines, key=lambda line: -line.top)
    picked = [*by_place[:_EDGE_LINES], *by_place[-_EDGE_LINES:], lines[0], lines[-1]]
    return list({id(line): line for line in picked}.values())


def _key(line: Line, levels: dict[float, int]) -> str:
    """What repeated headers and footers have in common: their text, whatever the number in it.

    In letters as large as a heading's the number counts: "Chapter 1" and "Chapter 2" are headings.
    """
    text = " ".join(line.text.split()).casefold()
    return text if _rounded(line.size) in levels else re.sub(r"\d+", "#", text)


def _is_page_number(line: Line, pages: int) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text)) and (pages > 1 or bool(_SAYS_PAGE.search(line.text)))


def _heads_columns(line: Line, lines: list[Line]) -> bool:
    """Whether a line is the repeated header of a table: parts of what stands right below it stand under its parts."""
    near = _HEADER_DISTANCE * (line.top - line.bottom)
    below = [piece for other in lines if 0 < line.bottom - other.bottom < near for piece in (other.pieces or (other,))]
    headed = {
        index
        for index, head in enumerate(line.pieces)
        if any(piece.left < head.right and piece.right > head.left for piece in below)
    }
    return len(headed) > 1 and len(below) > 1


def _heading_levels(pages: list[list[Line]]) -> dict[float, int]:
    """A heading level for every letter size that is clearly larger than most of the text's."""
    weights: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            weights[_rounded(line.size)] += len(line.text)
    if not weights:
        return {}
    body = weights.most_common(1)[0][0]
    larger = sorted((size for size in weights if body and size >= body * _HEADING_RATIO), reverse=True)
    return {size: min(rank, 6) for rank, size in enumerate(larger, start=1)}


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _level(group: list[Line], levels: dict[float, int]) -> int:
    """The heading level of a group of lines, or 0: large letters, or one short bold line."""
    characters = sum(len(line.text) for line in group)
    first = group[0]
    if _DOT_LEADER.search(first.text) or (starts_item(first.text) and len(group) > 1):
        return 0
    level = levels.get(_rounded(first.size), 0)
    if level:
        return level if characters <= _HEADING_CHARACTERS else 0
    is_title_like = first.text[-1:] not in ".,;:!" and characters <= _BOLD_HEADING_CHARACTERS
    deepest = max(levels.values(), default=0)
    return min(deepest + 1, 6) if first.is_bold and len(group) == 1 and is_title_like else 0


def _groups(lines: list[Line], levels: dict[float, int]) -> Iterator[list[Line]]:
    """Runs of lines that belong together."""
    group: list[Line] = []
    for line in lines:
        if group and _is_apart(group[-1], line, levels):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _is_apart(above: Line, below: Line, levels: dict[float, int]) -> bool:
    """Whether a new paragraph starts: another size or weight, a gap, or the top of a column."""
    if not (above.size and below.size):
        return False
    sizes = _rounded(above.size), _rounded(below.size)
    if sizes[0] != sizes[1] and (sizes[0] in levels or sizes[1] in levels):
        return True
    if above.is_bold != below.is_bold:
        return True
    if below.top > above.top + above.size:
        return not (above.text[-1:].isalnum() and below.text[:1].islower())
    return above.bottom - below.top > _GAP * max(above.size, below.size)


def join_lines(lines: list[Line], *, page: list[Line]) -> list[str]:
    """The texts of lines, joined where a line was full, and words put together at their hyphen.

    Args:
        lines: The lines of one paragraph or list.
        page: The lines around them, which show how wide a column is.
    """
    left = min(line.left for line in lines)
    edge = max(line.right for line in page if abs(line.left - left) < _COLUMN_TOLERANCE)
    joined = [lines[0].text]
    for above, below in pairwise(lines):
        if starts_item(below.text) or not _was_full(above, below, edge):
            joined.append(below.text)
        elif joined[-1].endswith(_HYPHENS) and joined[-1][-2:-1].isalpha() and below.text[:1].islower():
            joined[-1] = joined[-1][:-1] + below.text
        else:
            joined[-1] += f" {below.text}"
    return joined


def _was_full(above: Line, below: Line, edge: float) -> bool:
    """Whether the first word of `below` would not have fitted behind `above` in its column."""
    if above.text.endswith(_HYPHENS) and below.text[:1].islower():
        return True
    if not above.size:
        return above.text[-1:] not in ".!?:" and below.text[:1].islower()
    width = (below.right - below.left) / len(below.text) * (len(below.text.split(maxsplit=1)[0]) + 1)
    return len(above.text) >= _WRAP_MINIMUM and above.right + width > edge
