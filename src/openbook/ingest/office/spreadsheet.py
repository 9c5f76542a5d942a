"""Reads the sheets of an Excel file (.xlsx) as rows of the texts that a person sees in them.

SpreadsheetML is read with lxml as ECMA-376 part 1, 18 describes it, one row at a time.
Formulas count with the value they had when the file was saved. Rows, columns and sheets that
are hidden are left out and counted. It knows nothing about what the rows mean.
"""

import io
import math
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.office.archives import check_xml, damaged
from openbook.ingest.office.number_formats import format_code, general, shown
from openbook.ingest.office.package import RELATION_ID, Package, Relation

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELLS_LIMIT = 3_000_000
"""Cells with text in one file; more than this is a database."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ST_Xstring, 22.9.2.19
_COLUMNS_LIMIT = 16_384
_MERGES_LIMIT = 100_000
_MARKS_LIMIT = 40_000_000  # a sheet is read row by row and never held as a tree
_TIME = re.compile(r"T00:00(?::00)?(?:\.0+)?Z?$")
_DEFAULT_STYLE = 0


@dataclass(slots=True)
class Sheet:
    """One sheet that is seen.

    Attributes:
        name: As on its tab.
        rows: Its rows with text, in order: their number from 1, and the texts by column from 1.
        hidden_rows, hidden_columns: How many with text were left out.
        uncomputed: How many formulas have no value.
    """

    name: str
    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    uncomputed: int = 0


class Workbook:
    """The sheets of an Excel file.

    Args:
        package: The file.

    Attributes:
        hidden: The names of its hidden sheets.

    Raises:
        ReadError: The workbook is damaged or not safe to read.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._relations = package.relations(package.main)
        root = package.root(package.main)
        sheets = root.findall(f"{SHEET}sheets/{SHEET}sheet")
        self.hidden = [each.get("name", "") for each in sheets if each.get("state", "visible") != "visible"]
        self._seen = [each for each in sheets if each.get("state", "visible") == "visible"]
        properties = root.find(f"{SHEET}workbookPr")
        self._since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._codes = _codes(package.optional_root(self._relations, "styles"))
        self._texts = list(self._shared_texts())
        self._cells = 0

    def sheets(self) -> Iterator[Sheet]:
        """The sheets that are seen, in the order of their tabs; charts have no cells.

        Raises:
            ReadError: A sheet is damaged, not safe to read, or holds too many cells.
        """
        for element in self._seen:
            relation = self._relations.get(element.get(RELATION_ID, ""), Relation("", ""))
            if relation.kind == "worksheet":
                yield self._read(element.get("name", ""), relation.target)

    def _shared_texts(self) -> Iterator[str]:
        target = next((each.target for each in self._relations.values() if each.kind == "sharedStrings"), "")
        if target:
            for item in self._elements(target, f"{SHEET}si"):
                yield _rich_text(item)

    def _elements(self, name: str, *tags: str) -> Iterator[Any]:
        """The elements of a part with one of the tags, each forgotten once the next is asked for."""
        from lxml import etree  # deferred: 80 ms that a start without such files does not need

        data = self._package.data(name)
        check_xml(data, path=self._package.path, name=name, limit_marks=_MARKS_LIMIT)
        found = etree.iterparse(
            io.BytesIO(data), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            for _, element in found:
                yield element
                element.clear(keep_tail=False)
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except (etree.LxmlError, SyntaxError, ValueError) as error:
            raise damaged(self._package.path, f"{name} is not valid XML") from error

    def _read(self, name: str, target: str) -> Sheet:
        sheet = Sheet(name)
        hidden_columns: set[int] = set()
        merges: list[str] = []
        left_out: set[int] = set()
        for element in self._elements(target, *(f"{SHEET}{tag}" for tag in ("col", "row", "mergeCell"))):
            if element.tag == f"{SHEET}row":
                self._add_row(sheet, element)
            elif element.tag == f"{SHEET}col" and element.get("hidden") in ("1", "true"):
                hidden_columns |= set(_range(element))
            elif element.tag == f"{SHEET}mergeCell" and len(merges) < _MERGES_LIMIT:
                merges.append(element.get("ref", ""))
        _repeat_merged(sheet.rows, merges)
        for _, cells in sheet.rows:
            left_out |= cells.keys() & hidden_columns
            for column in cells.keys() & hidden_columns:
                del cells[column]
        sheet.rows = [(number, cells) for number, cells in sheet.rows if cells]
        sheet.hidden_columns = len(left_out)
        return sheet

    def _add_row(self, sheet: Sheet, element: Any) -> None:
        before = sheet.rows[-1][0] if sheet.rows else 0
        number = _whole(element.get("r"), otherwise=before + 1)
        cells: dict[int, str] = {}
        column = 0
        for cell in element.iterchildren(f"{SHEET}c"):
            column = _column(cell.get("r", ""), otherwise=column + 1)
            text = self._text(cell, sheet)
            if text.strip() and column <= _COLUMNS_LIMIT:
                cells[column] = text
        if not cells:
            return
        if element.get("hidden") in ("1", "true"):
            sheet.hidden_rows += 1
            return
        self._cells += len(cells)
        if self._cells > CELLS_LIMIT:
            raise ReadError(
                f"{self._package.path} has more than {CELLS_LIMIT} cells with text.",
                fix="Split it into smaller files.",
            )
        sheet.rows.append((number, cells))

    def _text(self, cell: Any, sheet: Sheet) -> str:
        """What a cell shows."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _rich_text(cell.find(f"{SHEET}is"))
        value = cell.findtext(f"{SHEET}v") or ""
        if not value:
            sheet.uncomputed += cell.find(f"{SHEET}f") is not None and kind != "str"
            return ""
        if kind == "s":
            place = _whole(value, otherwise=-1)
            return self._texts[place] if 0 <= place < len(self._texts) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return _TIME.sub("", value).replace("T", " ")
        return _unescaped(value) if kind in ("str", "e") else self._number(value, cell.get("s"))

    def _number(self, value: str, style: str | None) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return value
        code = self._codes.get(_whole(style, otherwise=_DEFAULT_STYLE), "")
        return shown(number, code, since_1904=self._since_1904) if code else general(number)


def _codes(styles: Any | None) -> dict[int, str]:
    """The format code of each cell style, by its place."""
    if styles is None:
        return {}
    formats = styles.iterfind(f"{SHEET}numFmts/{SHEET}numFmt")
    custom = {_whole(each.get("numFmtId"), otherwise=-1): each.get("formatCode", "") for each in formats}
    cells = styles.iterfind(f"{SHEET}cellXfs/{SHEET}xf")
    return {place: format_code(_whole(each.get("numFmtId"), otherwise=0), custom) for place, each in enumerate(cells)}


def _rich_text(item: Any | None) -> str:
    """The text of a string in one or more runs, without the reading aids of Japanese."""
    if item is None:
        return ""
    texts = (element.text or "" for element in item.iter(f"{SHEET}t") if element.getparent().tag != f"{SHEET}rPh")
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _repeat_merged(rows: list[tuple[int, dict[int, str]]], merges: list[str]) -> None:
    """Writes the text of cells merged over rows into each of these rows that holds any other text."""
    numbers = [number for number, _ in rows]
    budget = CELLS_LIMIT
    for merge in merges:
        corners = [_REFERENCE.fullmatch(corner) for corner in merge.split(":")]
        if len(corners) != 2 or corners[0] is None or corners[1] is None:
            continue
        column, first, last = _column(corners[0][0], otherwise=0), int(corners[0][2]), int(corners[1][2])
        start, end = bisect_left(numbers, first), bisect_left(numbers, last + 1)
        budget -= end - start
        if start == end or numbers[start] != first or budget < 0:
            continue
        text = rows[start][1].get(column, "")
        for _, cells in rows[start + 1 : end] if text else ():
            cells.setdefault(column, text)


def _column(reference: str, *, otherwise: int) -> int:
    """The number of the column that a cell's name begins with: 3 for C7."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _range(element: Any) -> range:
    """The columns that a `col` element is about."""
    last = min(_whole(element.get("max"), otherwise=0), _COLUMNS_LIMIT)
    return range(_whole(element.get("min"), otherwise=1), last + 1)


def _whole(text: str | None, *, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 9 else otherwise
