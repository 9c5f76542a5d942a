"""Composes the source text of a document, block by block, and keeps every block's span.

All readers write through it, so the shape of a source text is decided here alone: blocks
are separated by a blank line, list items and table rows stand on their own lines, cells are
joined by ` | `. It knows nothing about formats or files.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from openbook.ingest.cleaning import clean
from openbook.types import Block, BlockKind, Extract, Metadata, Span

CELL_SEPARATOR = " | "
_HEADING_LIMIT = 300
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class Composer:
    """An `Extract` in the making.

    Attributes:
        locator: Put on every block that is added while it is set, such as "page 3".
        notices: What a person should know; readers append to it.
    """

    def __init__(self) -> None:
        self.locator = ""
        self.notices: list[str] = []
        self._pieces: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._title = ""

    def heading(self, text: str, *, level: int) -> None:
        """Adds a heading line; one too long to be a heading becomes a paragraph."""
        line = " ".join(clean(text).split())
        if len(line) > _HEADING_LIMIT:
            self.paragraph(line)
        elif line:
            self._block(BlockKind.HEADING, [line], level=level)
            if level == 1 and not self._title:
                self._title = line

    def paragraph(self, text: str) -> None:
        """Adds a paragraph; a blank line inside starts another one, a line feed is kept."""
        for paragraph in _BLANK_LINES.split(clean(text)):
            lines = "\n".join(line.strip() for line in paragraph.split("\n")).strip()
            if lines:
                self._block(BlockKind.PARAGRAPH, [lines])

    def listing(self, items: Sequence[str], *, ordered: bool) -> None:
        """Adds a list. An item carries its marker and may hold further, indented lines."""
        parts = [item for item in (clean(item).strip() for item in items) if item]
        kind = BlockKind.STEPS if ordered and len(parts) > 1 else BlockKind.LIST
        if parts:
            self._block(kind, parts, has_parts=True)

    def table(self, rows: Sequence[Sequence[str]], *, has_header: bool) -> None:
        """Adds a table of rows of cells; rows without any text are left out."""
        lines = [table_row(cells) for cells in rows if any(cell.strip() for cell in cells)]
        lines = [line for line in lines if line]
        if lines:
            self._block(BlockKind.TABLE, lines, has_parts=True, has_header=has_header)

    def code(self, text: str) -> None:
        """Adds lines verbatim, without blank lines before and after them."""
        lines = [line.rstrip() for line in clean(text).split("\n")]
        block = "\n".join(lines).strip("\n")
        if block.strip():
            self._block(BlockKind.CODE, [block])

    def finish(self, metadata: Metadata, *, path: str) -> Extract:
        """The finished extract. A missing title is the first level-1 heading, else the file's name."""
        title = " ".join(clean(metadata.title).split()) or self._title or readable_name(path)
        return Extract(
            text="".join(self._pieces),
            blocks=tuple(self._blocks),
            metadata=replace(metadata, title=title),
            notices=tuple(dict.fromkeys(self.notices)),
        )

    def _block(
        self, kind: BlockKind, parts: list[str], *, level: int = 0, has_parts: bool = False, has_header: bool = False
    ) -> None:
        """Adds one block, a line or more for each part. No part is empty or ends in white space."""
        if self._pieces:
            self._append("\n\n")
        indent = len(parts[0]) - len(parts[0].lstrip())
        self._append(parts[0][:indent])
        spans = [self._append(parts[0][indent:])]
        for part in parts[1:]:
            self._append("\n")
            spans.append(self._append(part))
        self._blocks.append(
            Block(
                kind=kind,
                span=Span(spans[0].start, spans[-1].end),
                level=level,
                parts=tuple(spans) if has_parts else (),
                header=spans[0] if has_header else None,
                locator=self.locator,
            )
        )

    def _append(self, text: str) -> Span:
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        return Span(start, self._length)


def table_row(cells: Sequence[str]) -> str:
    """The line of one table row: each cell's text on one line, joined by ` | `."""
    return CELL_SEPARATOR.join(" ".join(clean(cell).split()) for cell in cells).strip()


def readable_name(path: str) -> str:
    """A title made from a file's name: `reset-password.md` gives `Reset password`."""
    stem = PurePosixPath(clean(path).replace("\\", "/")).stem
    words = " ".join(re.sub(r"[-_.\s]+", " ", stem).split())
    return words[:1].upper() + words[1:]
