"""Walks an HTML tree and writes its blocks into a composer, without recursion.

HTML pages and Markdown (rendered to HTML first) take this one way, so both get the same
source text for the same structure. What is boilerplate or hidden is decided in
`visibility`; this module only knows what each element means for the text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from openbook.ingest.cleaning import clean
from openbook.ingest.composer import Composer, table_row

HEADING_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LIST_TAGS = ("ul", "ol", "menu", "dir", "dl")
_ITEM_TAGS = ("li", "dt")
_CELL_TAGS = ("td", "th")
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details dialog div fieldset figcaption figure footer form header "
    "hgroup hr html legend main nav option p search section summary tbody tfoot thead"
)
_BLOCK_TAGS = _BLOCK_NAMES.split()
_INDENT = "  "
_INDENT_LIMIT = 6
_SPACES = re.compile(r"[ \t]+")
_NAMELESS_IMAGE = re.compile(r"\[.*\]|\S+\.(?:png|jpe?g|gif|svg|webp)", re.IGNORECASE)


@dataclass(slots=True)
class _List:
    """A list that is open. A layout list is one that holds headings: its items are sections."""

    ordered: bool
    number: int
    is_layout: bool


@dataclass(slots=True)
class _Table:
    """A table that is open, with the rows read so far."""

    element: Any
    rows: list[list[str]] = field(default_factory=list)
    row_is_header: bool = True
    has_header: bool = False


class Walker:
    """Reads elements in document order: `walk` one tree, or several one after another.

    Args:
        composer: Takes the blocks.
        is_dropped: Says which elements are passed over with all they hold.

    Attributes:
        dropped: The elements that were passed over.
    """

    def __init__(self, composer: Composer, *, is_dropped: Callable[[Any], bool]) -> None:
        self.dropped: list[Any] = []
        self._composer = composer
        self._is_dropped = is_dropped
        self._buffer: list[str] = []
        self._has_words = False
        self._heading_level = 0
        self._verbatim = 0
        self._lists: list[_List] = []
        self._items: list[list[str]] = []
        self._marker = ""
        self._table: _Table | None = None
        self._openers = _by_tag(self, "open")
        self._closers = _by_tag(self, "close")

    def walk(self, root: Any) -> None:
        """Writes the blocks of the tree under `root`, an lxml element without comments."""
        from lxml import etree  # deferred: 80 ms that a start without HTML or Markdown does not need

        context = etree.iterwalk(root, events=("start", "end"))
        for event, element in context:
            if event == "start":
                if self._is_dropped(element):
                    self.dropped.append(element)
                    context.skip_subtree()
                else:
                    self._open(element)
                continue
            if not self.dropped or element is not self.dropped[-1]:
                self._close(element)
            if element.tail and element is not root:
                self._say(element.tail)
        self._flush()

    def _open(self, element: Any) -> None:
        opener = self._openers.get(element.tag)
        if opener:
            opener(element)
        if element.text:
            self._say(element.text)

    def _close(self, element: Any) -> None:
        closer = self._closers.get(element.tag)
        if closer:
            closer(element)

    # ------------------------------------------------------------ running text

    def _say(self, text: str) -> None:
        self._buffer.append(text if self._verbatim else text.replace("\r", " ").replace("\n", " "))
        if not self._has_words and not text.isspace():
            self._has_words = True

    def _take(self) -> str:
        """The text since the last block; nothing if it is only images."""
        text = clean("".join(self._buffer)) if self._has_words else ""
        self._buffer.clear()
        self._has_words = False
        return text

    def _flush(self, _element: Any = None) -> None:
        """Ends the running text: what has gathered becomes a block, or a line of an item."""
        if self._table is not None:
            self._buffer.append(" ")
            return
        text = _SPACES.sub(" ", self._take()).strip()
        if not text:
            return
        if self._in_list():
            self._add_lines(text.split("\n"))
        elif self._heading_level:
            self._composer.heading(text, level=self._heading_level)
        else:
            self._composer.paragraph(text)

    def _break_line(self, _element: Any) -> None:
        self._buffer.append("\n")

    def _open_image(self, element: Any) -> None:
        """Alternative text stands in for an image inside a sentence, unless it is a mere file name."""
        words = " ".join((element.get("alt") or "").split())
        if words and not _NAMELESS_IMAGE.fullmatch(words):
            self._buffer.append(f" {words} ")

    # ---------------------------------------------------------------- headings

    def _open_heading(self, element: Any) -> None:
        self._flush()
        self._heading_level = HEADING_LEVELS[element.tag]

    def _close_heading(self, _element: Any) -> None:
        self._flush()
        self._heading_level = 0

    # -------------------------------------------------------------------- code

    def _open_code(self, _element: Any) -> None:
        self._flush()
        self._verbatim += 1

    def _close_code(self, _element: Any) -> None:
        self._verbatim -= 1
        if self._verbatim or self._table is not None:
            return
        text = self._take()
        if self._in_list():
            self._add_lines(text.strip("\n").split("\n"))
        else:
            self._composer.code(text)

    # ------------------------------------------------------------------- lists

    def _in_list(self) -> bool:
        return bool(self._lists) and not self._lists[-1].is_layout

    def _depth(self) -> int:
        """How deep the open list lies in others, from 0; counted up to a limit, so that indents stay small."""
        return min(sum(not each.is_layout for each in self._lists) - 1, _INDENT_LIMIT)

    def _open_list(self, element: Any) -> None:
        if self._table is not None:
            return
        self._flush()
        is_layout = not self._in_list() and next(element.iter(*HEADING_LEVELS), None) is not None
        self._lists.append(_List(element.tag == "ol", _whole(element.get("start"), otherwise=1), is_layout))

    def _close_list(self, _element: Any) -> None:
        if self._table is not None:
            return
        self._flush()
        closed = self._lists.pop()
        if not closed.is_layout and not self._in_list():
            self._composer.listing(["\n".join(lines) for lines in self._items], ordered=closed.ordered)
            self._items = []

    def _open_item(self, element: Any) -> None:
        self._flush()
        if self._table is not None or not self._in_list():
            return
        listing = self._lists[-1]
        depth = self._depth()
        if listing.ordered:
            number = _whole(element.get("value"), otherwise=listing.number)
            listing.number = number + 1
        self._marker = _INDENT * depth + (f"{number}. " if listing.ordered else "- ")
        if depth == 0 or not self._items:
            self._items.append([])

    def _close_item(self, _element: Any) -> None:
        self._flush()
        if self._table is None:
            self._marker = ""

    def _add_lines(self, lines: list[str]) -> None:
        """Adds lines to the item that is open, the first of them behind its marker."""
        if not self._items:
            self._items.append([])
        for line in lines:
            if not line.strip() and not self._verbatim:
                continue
            start = self._marker or _INDENT * (self._depth() + 1)
            self._items[-1].append(f"{start}{line.strip() if self._marker else line.rstrip()}")
            self._marker = ""

    # ------------------------------------------------------------------ tables

    def _open_table(self, element: Any) -> None:
        if self._table is not None:
            return
        self._flush()
        inner = element.iter("table", *HEADING_LEVELS)
        is_layout = any(found is not element for found in inner)
        if not is_layout:
            self._table = _Table(element)

    def _close_table(self, element: Any) -> None:
        if self._table is None or self._table.element is not element:
            self._flush()
            return
        table, self._table = self._table, None
        self._take()
        if self._in_list():
            self._add_lines([table_row(row) for row in table.rows])
        else:
            self._composer.table(table.rows, has_header=table.has_header)

    def _close_caption(self, _element: Any) -> None:
        text = " ".join(self._take().split())
        if self._table is not None and not self._in_list():
            self._composer.paragraph(text)

    def _open_row(self, _element: Any) -> None:
        self._flush()
        if self._table is not None:
            self._table.rows.append([])
            self._table.row_is_header = True

    def _close_row(self, element: Any) -> None:
        self._flush()
        table = self._table
        if table is None or not table.rows:
            return
        parent = element.getparent()
        in_head = parent is not None and parent.tag == "thead"
        if not any(table.rows[-1]):
            table.rows.pop()
        elif len(table.rows) == 1 and (in_head or table.row_is_header):
            table.has_header = True

    def _open_cell(self, _element: Any) -> None:
        self._flush()

    def _close_cell(self, element: Any) -> None:
        self._flush()
        if self._table is None:
            return
        if not self._table.rows:
            self._table.rows.append([])
        text = " ".join(self._take().split())
        self._table.rows[-1].append(text)
        self._table.row_is_header &= element.tag == "th" or not text


def _by_tag(walker: Walker, event: str) -> dict[str, Callable[[Any], None]]:
    """What a walker does at each tag's start or end; tags that are absent are running text."""
    named = {
        "heading": HEADING_LEVELS,
        "list": _LIST_TAGS,
        "item": _ITEM_TAGS,
        "cell": _CELL_TAGS,
        "table": ("table",),
        "row": ("tr",),
        "caption": ("caption",),
        "code": ("pre", "listing", "xmp"),
        "image": ("img",),
    }
    methods: dict[str, Callable[[Any], None]] = dict.fromkeys(_BLOCK_TAGS, walker._flush)
    for name, tags in named.items():
        method = getattr(walker, f"_{event}_{name}", None)
        methods |= dict.fromkeys(tags, method) if method else {}
    return methods | ({"br": walker._break_line} if event == "open" else {})


def _whole(value: str | None, *, otherwise: int) -> int:
    """The number an attribute holds, if it is a plain one of at most six digits."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= 6 else otherwise
