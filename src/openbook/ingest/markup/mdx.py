"""Turns MDX into Markdown: imports, exports, expressions and component tags go, their text stays.

The notation is that of mdxjs.com. Nothing is run, so what a component or an expression would
compute is not known; the titles that components are given as attributes are text and stay.
"""

import re
from html import escape
from textwrap import dedent

from openbook.ingest.markup.dialects import outside_code

_IMPORT = re.compile(r"import\s+(?:[\"']|\{[^}]*\Z|[\w*{][^\n]*\bfrom\s*[\"'])")
_EXPORT = re.compile(r"export\s+(?:const|let|var|default|function|async|class|type|interface|\{|\*)")
_SPECIAL = re.compile(r"[\\`{<]")
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][\w.:-]*|(?=\s*>))")
_ATTRIBUTE = re.compile(r"\s*(?P<name>[A-Za-z_@:][\w:.@-]*)(?:\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|(?=\{)))?|\s*(?=\{)")
_TAG_END = re.compile(r"\s*/?>")
_STRING = re.compile(r"\s*(?:\"([^\"\n]*)\"|'([^'\n]*)'|`([^`$]*)`)\s*")
_ESCAPABLE = re.compile(r"[\\`*_{}\[\]<>#|!~]|(?<=^\d)\.|(?<=^\d\d)\.|^[-+]")
_SHOWN = ("title", "label", "heading", "header", "question", "summary", "caption", "description", "subtitle")
_FIELD_SHOWN = ("name", "path", "query", "body", "type")
_KEPT = ("href", "src", "alt", "start", "value", "hidden", "aria-hidden")
_BOUNDARY = "\x00"  # stands where a component begins or ends; read text holds no such character
_DEEP = "    "
_EXPRESSION_LIMIT = 20_000
_LINE_LIMIT = 2_000
_ATTRIBUTES_LIMIT = 60
_FAILURES_LIMIT = 100
_DECLARATION_LINES = 1_000
_LOOK_AHEAD_LINES = 100_000


def mdx_to_markdown(text: str) -> str:
    """The Markdown that a visitor of an MDX page sees, as far as its text says it."""
    marked = outside_code(text, lambda part: _Scanner(_without_declarations(part)).scan())
    return "".join(map(_moved_out, marked.split(_BOUNDARY)))


def _moved_out(text: str) -> str:
    """The text between two component tags without the indent that components give to what they hold."""
    moved = dedent(text)
    is_deep = any(line.startswith(_DEEP) for line in text.split("\n") if line.strip())
    return moved if is_deep else text


def _without_declarations(text: str) -> str:
    """The text without the imports and exports at the starts of its paragraphs."""
    lines = text.split("\n")
    kept: list[str] = []
    place = 0
    is_start = True
    look_ahead = _LOOK_AHEAD_LINES
    while place < len(lines):
        if is_start and (_EXPORT.match(lines[place]) or _IMPORT.match(lines[place])):
            end = _end_of_declaration(lines, place, limit=min(_DECLARATION_LINES, look_ahead))
            look_ahead -= end - place + _DECLARATION_LINES
            place = end
            continue
        kept.append(lines[place])
        is_start = not lines[place].strip()
        place += 1
    return "\n".join(kept)


def _end_of_declaration(lines: list[str], start: int, *, limit: int) -> int:
    """Where a declaration ends: at an empty line, or at a later one if brackets are open until then."""
    depth = 0
    empty: list[int] = []
    for place in range(start, min(len(lines), start + max(limit, 1))):
        line = lines[place]
        if not line.strip():
            if depth <= 0:
                return place
            empty.append(place)
        depth += sum(map(line.count, "{[(")) - sum(map(line.count, "}])"))
    if empty:
        return empty[0]
    return next((place for place in range(start + 1, len(lines)) if not lines[place].strip()), len(lines))


class _Scanner:
    """Reads a text without fenced code from mark to mark."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._failures = 0
        self._written: list[str] = []

    def scan(self) -> str:
        """The text as Markdown."""
        while found := _SPECIAL.search(self._text, self._place):
            if found.start() > self._place:
                self._written.append(self._text[self._place : found.start()])
            self._place = found.start()
            mark = found[0]
            if mark == "\\":
                self._copy(2)
            elif mark == "`":
                self._copy_code()
            elif mark == "{":
                self._drop_expression()
            else:
                self._read_tag()
        return "".join([*self._written, self._text[self._place :]])

    def _copy(self, count: int) -> None:
        self._written.append(self._text[self._place : self._place + count])
        self._place += count

    def _copy_code(self) -> None:
        """Copies a code span; backticks that none closes are text."""
        rest = self._text[self._place : self._place + _EXPRESSION_LIMIT]
        ticks = len(rest) - len(rest.lstrip("`"))
        closing = re.search(rf"(?<!`)`{{{ticks}}}(?!`)", rest[ticks:])
        self._copy(ticks + closing.end() if closing else ticks)

    def _drop_expression(self) -> None:
        end = self._end_of_braces(self._place)
        if end is None:
            self._copy(1)
            return
        text = _string(self._text[self._place + 1 : end - 1])
        self._written += [text] if text else []
        self._place = end

    def _end_of_braces(self, start: int) -> int | None:
        """Where the braces that open at `start` are closed; None if that is nowhere near."""
        if self._failures >= _FAILURES_LIMIT:
            return None
        depth = 0
        for found in _BRACE.finditer(self._text, start, start + _EXPRESSION_LIMIT):
            depth += 1 if found[0] == "{" else -1
            if depth == 0:
                return found.end()
        self._failures += 1
        return None

    def _read_tag(self) -> None:
        found = _NAME.match(self._text, self._place)
        parsed = self._attributes(found.end()) if found else None
        if found is None or parsed is None:
            self._copy(1)
            return
        attributes, end = parsed
        is_block = self._is_block(found["name"], end)
        line = self._line_before()
        indent = line if not line.strip() else ""
        self._place = end
        if found["name"][:1].islower() and "." not in found["name"]:
            closing = "/" if self._text[end - 2] == "/" and not found["slash"] else ""
            tag = f"<{found['slash']}{found['name']}{_kept(attributes)}{closing}>"
            self._written.append(f"{_BOUNDARY}\n\n{tag}\n\n{_BOUNDARY}{indent}" if is_block else tag)
            return
        shown = _SHOWN + _FIELD_SHOWN if found["name"].endswith("Field") else _SHOWN
        titles = [_ESCAPABLE.sub(r"\\\g<0>", attributes[name]) for name in shown if attributes.get(name, "").strip()]
        if titles:
            self._written.append("".join(f"{_BOUNDARY}\n\n{indent}{title}" for title in titles))
        if titles or is_block:
            self._written.append(f"{_BOUNDARY}\n\n{indent}")

    def _attributes(self, place: int) -> tuple[dict[str, str], int] | None:
        """The attributes of a tag that are strings, and where the tag ends; None if it is no tag."""
        attributes: dict[str, str] = {}
        for _ in range(_ATTRIBUTES_LIMIT):
            end = _TAG_END.match(self._text, place)
            if end:
                return attributes, end.end()
            found = _ATTRIBUTE.match(self._text, place)
            if not found:
                return None
            place = found.end()
            value = found["value"]
            if value == "" or not found["name"]:
                closed = self._end_of_braces(place)
                if closed is None:
                    return None
                value = f'"{_string(self._text[place + 1 : closed - 1])}"'
                place = closed
            if found["name"]:
                attributes[found["name"]] = value[1:-1] if value else ""
        return None

    def _line_before(self) -> str:
        """What the line holds before the present place, or the end of it if that is text."""
        pieces: list[str] = []
        for piece in reversed(self._written):
            head, line_feed, tail = piece.rpartition("\n")
            pieces.append(tail if line_feed else head + tail)
            if line_feed or piece.strip():
                break
        return "".join(reversed(pieces))

    def _is_block(self, name: str, end: int) -> bool:
        """Whether a tag stands alone on its line, or with all that it holds."""
        rest = self._text[end : end + _LINE_LIMIT].partition("\n")[0].strip()
        return not self._line_before().strip() and (not rest or rest.endswith(f"</{name}>"))


def _string(expression: str) -> str:
    """The text of an expression that is a mere string; nothing of any other."""
    found = _STRING.fullmatch(expression)
    return next(filter(None, found.groups()), "") if found else ""


def _kept(attributes: dict[str, str]) -> str:
    """The attributes of an HTML element that decide what is seen, as they are written in HTML."""
    values = {name: escape(" ".join(attributes[name].split())) for name in _KEPT if name in attributes}
    return "".join(f' {name}="{value}"' for name, value in values.items())
