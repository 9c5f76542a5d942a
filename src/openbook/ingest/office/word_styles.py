"""What the styles and the numbering of a Word file say about a paragraph: heading, list, code, hidden.

Styles have names in the language of whoever wrote the file, but headings also carry an
outline level and built-in styles an English name inside (ECMA-376 part 1, 17.7 and 17.9).
It knows nothing about where the paragraphs stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHAIN_LIMIT = 20
_LEVELS = 6
_BODY_LEVEL = 9
_HEADING_NAME = re.compile(r"heading ([1-9])")
_CODE_NAME = re.compile(r"\bcode\b|source ?code|preformatted|listing|verbatim")
_CONTENTS_NAME = re.compile(r"toc \d|toc heading|table of figures|index \d")
_CONTINUED_NAME = re.compile(r"list continue.*|list paragraph")
_NESTED_NAME = re.compile(r"list(?: bullet| number| continue)? ([2-5])")
_LEVEL_TEXT = re.compile(r"%([1-9])")
_ROMAN = "1000m 900cm 500d 400cd 100c 90xc 50l 40xl 10x 9ix 5v 4iv 1i"
_LETTERS_LIMIT = 26
_ROMAN_LIMIT = 4_000


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is by its style and its own properties.

    Attributes:
        level: Heading level 1 to 6, else 0.
        numbering: The id of its numbering, empty if it is in no list.
        depth: Its level in that numbering, from 0.
        indent: How deep it lies in other items, from 0: the depth, or what the style's name says.
        is_code, is_contents, is_continued: Whether it is code, a line of a table of contents,
            or goes on with the list item before it.
    """

    level: int = 0
    numbering: str = ""
    depth: int = 0
    indent: int = 0
    is_code: bool = False
    is_contents: bool = False
    is_continued: bool = False


class Styles:
    """The styles of a file; `root` is its styles part, None if it has none."""

    def __init__(self, root: Any | None) -> None:
        elements = () if root is None else root.iterchildren(f"{WORD}style")
        self._styles: dict[str, Any] = {element.get(f"{WORD}styleId", ""): element for element in elements}

    def look(self, paragraph: Any) -> Look:
        """What a `w:p` element is."""
        own = paragraph.find(f"{WORD}pPr")
        chain = list(self._chain(value_of(own, "pStyle")))
        names = [value_of(style, "name").casefold() for style in chain]
        sources = [each for each in (own, *(style.find(f"{WORD}pPr") for style in chain)) if each is not None]
        numbering = next(filter(None, (_number(source, "numId") for source in sources)), "")
        raw_depth = next(filter(None, (_number(source, "ilvl") for source in sources)), "0")
        depth = min(int(raw_depth), _BODY_LEVEL - 1) if raw_depth.isdecimal() else 0
        nested = next(filter(None, map(_NESTED_NAME.fullmatch, names)), None)
        return Look(
            level=_heading_level(sources, names),
            numbering="" if numbering == "0" else numbering,
            depth=depth,
            indent=int(nested[1]) - 1 if nested and not depth else depth,
            is_code=any(_CODE_NAME.search(name) for name in names[:1]),
            is_contents=any(_CONTENTS_NAME.fullmatch(name) for name in names),
            is_continued=any(_CONTINUED_NAME.fullmatch(name) for name in names[:1]),
        )

    def hides(self, run: Any) -> bool:
        """Whether the text of a `w:r` element is formatted as hidden, by itself or by its style."""
        own = run.find(f"{WORD}rPr")
        if own is None:
            return False
        sources = [own, *(style.find(f"{WORD}rPr") for style in self._chain(value_of(own, "rStyle")))]
        switches = (source.find(f"{WORD}vanish") for source in sources if source is not None)
        switch = next((each for each in switches if each is not None), None)
        return switch is not None and switch.get(f"{WORD}val", "1") not in ("0", "false", "off")

    def _chain(self, name: str) -> Iterator[Any]:
        """A style and those it is based on."""
        for _ in range(_CHAIN_LIMIT):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value_of(style, "basedOn")


class Numbering:
    """Counts the items of a file's lists as Word does; `root` is its numbering part, None if it has none."""

    def __init__(self, root: Any | None) -> None:
        self._formats: dict[str, dict[int, Any]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            self._load(root)

    def marker(self, numbering: str, depth: int) -> str:
        """The marker of the next item, such as "2." or "b)"; "-" where it has a bullet or none is known."""
        key = self._lists.get(numbering, numbering)
        levels = self._formats.get(numbering, {})
        counts = self._counts.setdefault(key, [None] * (_BODY_LEVEL + 1))
        before = counts[depth]
        counts[depth] = _start(levels.get(depth)) if before is None else before + 1
        counts[depth + 1 :] = [None] * (_BODY_LEVEL - depth)
        level = levels.get(depth)
        if level is None or value_of(level, "numFmt") in ("bullet", "none", ""):
            return "-"

        def shown(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            number = counts[place] if counts[place] is not None else _start(levels.get(place))
            return _written(number or 0, value_of(levels.get(place), "numFmt"))

        text = _LEVEL_TEXT.sub(shown, value_of(level, "lvlText")).strip()
        return text or f"{counts[depth]}."

    def _load(self, root: Any) -> None:
        abstract = {each.get(f"{WORD}abstractNumId", ""): each for each in root.iterchildren(f"{WORD}abstractNum")}
        linked = {value_of(each, "styleLink"): each for each in abstract.values()}
        for number in root.iterchildren(f"{WORD}num"):
            name = number.get(f"{WORD}numId", "")
            key = value_of(number, "abstractNumId")
            link = value_of(abstract.get(key), "numStyleLink")
            levels = dict(_levels(linked.get(link) if link else abstract.get(key)))
            overrides = list(number.iterchildren(f"{WORD}lvlOverride"))
            for override in overrides:
                levels.update(_levels(override))
            self._formats[name] = levels
            self._lists[name] = name if overrides else f"abstract {key}"


def value_of(element: Any | None, tag: str) -> str:
    """The `w:val` of a child element, empty where either is missing."""
    child = None if element is None else element.find(f"{WORD}{tag}")
    return "" if child is None else child.get(f"{WORD}val", "")


def _number(properties: Any, tag: str) -> str:
    return value_of(properties.find(f"{WORD}numPr"), tag)


def _heading_level(sources: list[Any], names: list[str]) -> int:
    """1 to 6 by the outline level, else by the name of the style, else 0."""
    outline = next(filter(None, (value_of(source, "outlineLvl") for source in sources)), "")
    if outline.isdecimal():
        return 0 if int(outline) >= _BODY_LEVEL else min(int(outline) + 1, _LEVELS)
    if "title" in names[:1]:
        return 1
    found = next(filter(None, (_HEADING_NAME.fullmatch(name) for name in names)), None)
    return min(int(found[1]), _LEVELS) if found else 0


def _levels(element: Any | None) -> Iterator[tuple[int, Any]]:
    for level in () if element is None else element.iterchildren(f"{WORD}lvl"):
        place = level.get(f"{WORD}ilvl", "")
        if place.isdecimal() and int(place) < _BODY_LEVEL:
            yield int(place), level


def _start(level: Any | None) -> int:
    start = value_of(level, "start")
    return int(start) if start.isascii() and start.isdecimal() and len(start) <= 6 else 1


def _written(number: int, form: str) -> str:
    """A number in one of the forms that Word counts in; digits for those not known here."""
    if form in ("lowerLetter", "upperLetter") and number > 0:
        text = chr(ord("a") + (number - 1) % _LETTERS_LIMIT) * min((number - 1) // _LETTERS_LIMIT + 1, 9)
        return text.upper() if form == "upperLetter" else text
    if form in ("lowerRoman", "upperRoman") and 0 < number < _ROMAN_LIMIT:
        text = _roman(number)
        return text.upper() if form == "upperRoman" else text
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in re.findall(r"(\d+)([a-z]+)", _ROMAN):
        times, number = divmod(number, int(value))
        text += letters * times
    return text
