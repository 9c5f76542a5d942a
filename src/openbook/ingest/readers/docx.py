"""Reads Word files (.docx): headings, lists, tables, text boxes, footnotes, in the order they are seen.

The XML is read with lxml as ECMA-376 describes it. Text that is hidden or struck out by a
tracked change is not read, inserted text is; headers, footers, comments and tables of
contents are furniture. It knows no pages: Word lays them out anew each time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openbook.ingest.composer import Composer
from openbook.ingest.metadata import describe
from openbook.ingest.office.archives import damaged
from openbook.ingest.office.package import Package
from openbook.ingest.office.word_styles import WORD, Look, Numbering, Styles, value_of
from openbook.ingest.readers.table import has_header
from openbook.types import Extract

_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN = (f"{WORD}{name}" for name in ("p", "tbl", "tr", "tc", "r"))
_BOX = f"{WORD}txbxContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FOREIGN = f"{WORD}altChunk"
_REMOVED = frozenset(f"{WORD}{name}" for name in ("del", "moveFrom"))
_PROPERTIES = "pPr rPr tblPr tblGrid tblPrEx trPr tcPr sectPr sdtPr sdtEndPr rt instrText delText"
_PASSED_OVER = frozenset(f"{WORD}{name}" for name in _PROPERTIES.split())
_WRITTEN = {f"{WORD}tab": " ", f"{WORD}ptab": " ", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "-"}
_TEXT, _BREAK = f"{WORD}t", f"{WORD}br"
_NOTES = {f"{WORD}footnoteReference": "footnote", f"{WORD}endnoteReference": "endnote"}
_IN_RUN = frozenset({_TEXT, _BREAK, _BOX, *_WRITTEN, *_NOTES})
_INDENT = "  "
_INDENT_LIMIT = 6
_COLUMNS_LIMIT = 64
_FIRST_ROW = 0x0020  # w:tblLook, ECMA-376 part 1, 17.4.55


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a Word file.

    Raises:
        ReadError: It is no such file, encrypted, damaged, or not safe to unpack.
    """
    package = Package(data, path=path, suffix=".docx")
    relations = package.relations(package.main)
    body = package.root(package.main).find(f"{WORD}body")
    if body is None:
        raise damaged(path, "it has no body")
    composer = Composer()
    described = describe(package.properties())
    composer.notices.extend(described.notices)
    notes = {
        (kind, element.get(f"{WORD}id", "")): element
        for kind in ("footnote", "endnote")
        for element in _children(package.optional_root(relations, f"{kind}s"))
    }
    styles = Styles(package.optional_root(relations, "styles"))
    numbering = Numbering(package.optional_root(relations, "numbering"))
    pages = _Pages(composer, styles, numbering, notes)
    pages.read(body)
    composer.notices.extend(pages.notices())
    return composer.finish(described.metadata, path=path)


@dataclass(slots=True)
class _Listing:
    """A list that is open: the lines of each item, and where it began."""

    numbering: str
    indent: int
    ordered: bool
    items: list[list[str]] = field(default_factory=list)


class _Pages:
    """Reads paragraphs and tables one after another into a composer."""

    def __init__(
        self, composer: Composer, styles: Styles, numbering: Numbering, notes: dict[tuple[str, str], Any]
    ) -> None:
        self._composer = composer
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._listing: _Listing | None = None
        self._code: list[str] = []
        self._pending_notes: list[tuple[int, Any]] = []
        self._pending_boxes: list[Any] = []
        self._noted = 0
        self._hidden = 0
        self._removed = 0
        self._foreign = 0

    def read(self, container: Any) -> None:
        """Writes the blocks of a body, a cell or a text box."""
        for element in self._walk(container, frozenset({_PARAGRAPH, _TABLE})):
            if element.tag == _PARAGRAPH:
                self._read_paragraph(element)
            else:
                self._read_table(element)
        self._flush()

    def notices(self) -> Iterator[str]:
        """What was left out."""
        if self._hidden:
            places = "1 place" if self._hidden == 1 else f"{self._hidden} places"
            yield f"hidden text was left out in {places}"
        if self._removed:
            yield "there are tracked changes: insertions were read, deletions were not"
        if self._foreign:
            yield "another file is embedded; it was not read"

    # -------------------------------------------------------------- paragraphs

    def _read_paragraph(self, paragraph: Any) -> None:
        look = self._styles.look(paragraph)
        marker = self._numbering.marker(look.numbering, look.depth) if look.numbering else ""
        if look.is_contents or next(filter(_has_text, paragraph.iter(_TEXT, _MATH)), None) is None:
            return
        if look.numbering and not look.level:
            self._add_item(paragraph, marker, look)
        elif look.is_continued and self._listing is not None and self._listing.items:
            self._listing.items[-1].append(_INDENT + self._text(paragraph).replace("\n", f"\n{_INDENT}"))
        elif look.is_code:
            self._close_listing()
            self._code.append(self._text(paragraph))
        else:
            self._flush()
            text = self._text(paragraph)
            if look.level:
                self._composer.heading(f"{marker} {text}".removeprefix("- "), level=look.level)
            else:
                self._composer.paragraph(text)
            self._flush()

    def _add_item(self, paragraph: Any, marker: str, look: Look) -> None:
        ordered = marker != "-"
        listing = self._listing
        is_other = listing is not None and listing.numbering != look.numbering and (ordered or listing.ordered)
        if listing is None or self._code or (is_other and look.indent <= listing.indent):
            self._flush()
            listing = self._listing = _Listing(look.numbering, look.indent, ordered)
        text = self._text(paragraph).strip()
        if not text:
            return
        level = min(max(look.indent - listing.indent, 0), _INDENT_LIMIT)
        line = _INDENT * level + f"{marker} " + text.replace("\n", "\n" + _INDENT * (level + 1))
        if level and listing.items:
            listing.items[-1].append(line)
        else:
            listing.items.append([line])

    def _close_listing(self) -> None:
        if self._listing is not None:
            items = ["\n".join(lines) for lines in self._listing.items]
            self._composer.listing(items, ordered=self._listing.ordered)
            self._listing = None

    def _flush(self) -> None:
        """Ends the list or code that is open; notes and text boxes that belong to it follow."""
        self._close_listing()
        if self._code:
            self._composer.code("\n".join(self._code))
            self._code = []
        notes, self._pending_notes = self._pending_notes, []
        for number, element in notes:
            words = " ".join(self._text(each).strip() for each in self._walk(element, frozenset({_PARAGRAPH})))
            self._composer.paragraph(f"[{number}] {words}" if words.strip() else "")
        boxes, self._pending_boxes = self._pending_boxes, []
        for box in boxes:
            self.read(box)

    # -------------------------------------------------------------------- text

    def _text(self, paragraph: Any) -> str:
        """The text of a paragraph; the notes and text boxes in it are put aside for later.

        The mark of a note stands before the full stop, so that a sentence keeps its notes when it is quoted.
        """
        pieces: list[str] = []
        hides = False
        noted = self._noted
        for element in self._walk(paragraph, frozenset({_RUN, _MATH})):
            if element.tag == _MATH:
                pieces.append(element.text or "")
            elif self._styles.hides(element):
                hides = hides or any(map(_has_text, element.iter(_TEXT)))
            else:
                pieces.extend(map(self._written, self._walk(element, _IN_RUN)))
        self._hidden += hides
        text = "".join(pieces)
        for number in range(noted + 1, self._noted + 1):
            text = re.sub(rf"([.!?]+)\[{number}\]", rf"[{number}]\1", text, count=1)
        return text

    def _written(self, element: Any) -> str:
        """What an element inside a run shows."""
        if element.tag == _TEXT:
            return element.text or ""
        if element.tag == _BREAK:
            return "\n" if element.get(f"{WORD}type", "textWrapping") == "textWrapping" else " "
        if element.tag == _BOX:
            self._pending_boxes.append(element)
            return ""
        if element.tag in _NOTES:
            note = self._notes.pop((_NOTES[element.tag], element.get(f"{WORD}id", "")), None)
            if note is None:
                return ""
            self._noted += 1
            self._pending_notes.append((self._noted, note))
            return f"[{self._noted}]"
        return _WRITTEN[element.tag]

    def _walk(self, root: Any, wanted: frozenset[str]) -> Iterator[Any]:
        """The wanted elements below another one that are seen, in order; nothing inside them."""
        stack = [_children(root)]
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
            elif element.tag in wanted:
                yield element
            elif element.tag in _REMOVED:
                self._removed += 1
            elif element.tag == _FOREIGN:
                self._foreign += 1
            elif element.tag == _ALTERNATE:
                stack.append(_children(next(iter(element), None)))
            elif element.tag not in _PASSED_OVER and not _is_placeholder(element):
                stack.append(_children(element))

    # ------------------------------------------------------------------ tables

    def _read_table(self, table: Any) -> None:
        self._flush()
        rows = [row for row in self._walk(table, frozenset({_ROW})) if not self._is_row_left_out(row)]
        if self._is_layout(rows):
            for row in rows:
                for cell in self._walk(row, frozenset({_CELL})):
                    self.read(cell)
            return
        grid = self._grid(rows)
        self._composer.table(grid, has_header=bool(grid) and _has_header_row(table, rows, grid))
        self._flush()

    def _is_row_left_out(self, row: Any) -> bool:
        properties = row.find(f"{WORD}trPr")
        if properties is None:
            return False
        is_removed = properties.find(f"{WORD}del") is not None
        is_hidden = properties.find(f"{WORD}hidden") is not None
        self._removed += is_removed
        self._hidden += is_hidden
        return is_removed or is_hidden

    def _is_layout(self, rows: list[Any]) -> bool:
        """Whether a table only places its text: it has one cell, tables inside, or headings below its first row."""
        if len(rows) == 1 and len(list(self._walk(rows[0], frozenset({_CELL})))) == 1:
            return True
        if any(next(row.iterdescendants(_TABLE), None) is not None for row in rows):
            return True
        return any(self._styles.look(each).level for row in rows[1:] for each in row.iterdescendants(_PARAGRAPH))

    def _grid(self, rows: list[Any]) -> list[list[str]]:
        """The cells of each row. One merged over rows is repeated in each, one merged over columns stands first."""
        grid: list[list[str]] = []
        above: dict[int, str] = {}
        for row in rows:
            cells: list[str] = []
            for cell in self._walk(row, frozenset({_CELL})):
                properties = cell.find(f"{WORD}tcPr")
                merge = None if properties is None else properties.find(f"{WORD}vMerge")
                is_below = merge is not None and merge.get(f"{WORD}val", "continue") == "continue"
                text = above.get(len(cells), "") if is_below else self._cell(cell)
                above[len(cells)] = text
                cells += [text, *[""] * (_columns(properties) - 1)]
            grid.append(_without_empty_end(cells))
        return grid

    def _cell(self, cell: Any) -> str:
        lines = []
        for paragraph in self._walk(cell, frozenset({_PARAGRAPH})):
            look = self._styles.look(paragraph)
            marker = f"{self._numbering.marker(look.numbering, look.depth)} " if look.numbering else ""
            text = self._text(paragraph).strip()
            lines += [marker + text] if text else []
        return " ".join(lines)


def _children(element: Any | None) -> Iterator[Any]:
    return iter(()) if element is None else element.iterchildren("*")


def _has_text(element: Any) -> bool:
    return bool((element.text or "").strip())


def _is_placeholder(element: Any) -> bool:
    """Whether a form field still shows its invitation to enter something."""
    properties = element.find(f"{WORD}sdtPr") if element.tag == f"{WORD}sdt" else None
    return properties is not None and properties.find(f"{WORD}showingPlcHdr") is not None


def _columns(properties: Any | None) -> int:
    span = value_of(properties, "gridSpan")
    return min(max(int(span), 1), _COLUMNS_LIMIT) if span.isascii() and span.isdecimal() and len(span) < 6 else 1


def _without_empty_end(cells: list[str]) -> list[str]:
    """A row without empty cells at its end, so that a title merged over all columns is one cell."""
    end = next((index for index in range(len(cells), 0, -1) if cells[index - 1]), 0)
    return cells[:end]


def _has_header_row(table: Any, rows: list[Any], grid: list[list[str]]) -> bool:
    """Whether the first row is marked as one repeated on each page, or is set off and looks like one."""
    properties = rows[0].find(f"{WORD}trPr")
    if properties is not None and properties.find(f"{WORD}tblHeader") is not None:
        return True
    look = table.find(f"{WORD}tblPr/{WORD}tblLook")
    if look is None:
        return False
    bits = look.get(f"{WORD}val", "0")
    set_off = look.get(f"{WORD}firstRow") in ("1", "true") or bool(_hexadecimal(bits) & _FIRST_ROW)
    return set_off and has_header(grid)


def _hexadecimal(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0
