"""A program that reads one PDF with PDFium and says what is printed where: a line of JSON for each page.

It is started by `pdf.py` in a process of its own, because a few hundred bytes of PDF, such as a drawing that
draws itself twice, can make PDFium hang, take all memory or abort. It ends itself where a page takes too long
or the memory is used up. So that it starts fast it imports nothing of Openbook. It knows places and letters;
what they mean is decided elsewhere.

Input: the file. Output: first `{"pages": ..., "title": ..., "changed": ...}` or `{"problem": "encrypted" |
"damaged"}`, then for each page an object, or `null` where the page is damaged:

    {"width", "height",                   in points
     "pictures": 0.97,                    share of the page that pictures cover
     "lines": [[text, left, right, top, bottom, size, is_bold, pieces], ...],
     "rulings": [[left, bottom, right, top], ...],     straight strokes and the edges of boxes
     "is_cut": false}                     whether the page holds more than is read

`pieces` are the parts of a line between wide gaps, in the form of lines; empty if there is only one.
"""

import contextlib
import faulthandler
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from ctypes import c_float, c_int, c_ushort, create_string_buffer
from itertools import pairwise
from typing import Any

PAGE_SECONDS = 30
MEMORY_BYTES = 1_000_000_000
CHARACTER_LIMIT = 200_000
OBJECT_LIMIT = 20_000
BROKEN_WORD = "\ufffe"  # what PDFium puts in place of a hyphen and the line break after it

_SEGMENT_LIMIT = 2_000
_BOLD_WEIGHT = 600
_FONT_NAME_BYTES = 128
_WIDE = 0.3  # of a line's height: what a wide gap has beyond a blank's own width,
_UNUSUAL = 1.6  # if it is so much wider than the line's least gap;
_VERY_WIDE = 0.5  # of a line's height: or whatever the line's other gaps are
_STEP_BACK = -0.5
_SHORTEST_RULING = 4.0
_SLANT = 0.5
_PRINTED_LINE = re.compile(f"[^\r\n{BROKEN_WORD}]+{BROKEN_WORD}?")
_WORD = re.compile(r"\S+")

Box = tuple[float, float, float, float]


def main() -> int:
    """Reads the file from the standard input, from the page whose index is the first argument."""
    _limit_memory()
    faulthandler.dump_traceback_later(PAGE_SECONDS, exit=True)
    import pypdfium2  # deferred: the constants above are for a process that must not load PDFium

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        secret = (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
        _say({"problem": "encrypted" if error.err_code in secret else "damaged"})
        return 0
    title, changed = (document.get_metadata_value(key) for key in ("Title", "ModDate"))
    _say({"pages": len(document), "title": title, "changed": changed})
    for index in range(int(sys.argv[1]), len(document)):
        faulthandler.dump_traceback_later(PAGE_SECONDS, exit=True)
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            _say(None)
            continue
        _say(_PageReader(page).read())
        page.close()
    return 0


def _limit_memory() -> None:
    """A lower limit than the machine's, where the system has limits; no file is written if it is met."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # deferred: not on every system

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _say(record: object) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


class _PageReader:
    """Reads one page; places are those that a reader sees after the page was turned."""

    def __init__(self, page: Any) -> None:
        import pypdfium2.raw  # deferred: see above

        self._raw = pypdfium2.raw
        self._page = page
        self._text_page = page.get_textpage()
        self._turns = page.get_rotation() // 90
        left, bottom, right, top = page.get_mediabox()
        self._origin = (left, bottom)
        self._paper = (right - left, top - bottom)
        self._rulings: list[Sequence[float]] = []

    def read(self) -> dict[str, Any]:
        """What is printed on the page."""
        pictures = self._read_objects()
        count = self._text_page.count_chars()
        units = self._code_units(min(count, CHARACTER_LIMIT))
        has_places = len(units) == min(count, CHARACTER_LIMIT)
        lines = [
            self._line(line, start if has_places else -1)
            for start, line in ((found.start(), found[0]) for found in _PRINTED_LINE.finditer(units))
            if line.strip()
        ]
        self._text_page.close()
        width, height = self._paper if self._turns % 2 == 0 else self._paper[::-1]
        return {
            "width": round(width, 1),
            "height": round(height, 1),
            "pictures": pictures,
            "lines": lines,
            "rulings": self._rulings,
            "is_cut": count > CHARACTER_LIMIT,
        }

    def _code_units(self, count: int) -> str:
        """The text as PDFium counts it: a character outside the basic plane is two."""
        buffer = (c_ushort * (count + 1))()
        written = self._raw.FPDFText_GetText(self._text_page, 0, count, buffer) if count else 1
        return "".join(map(chr, buffer[: written - 1]))

    def _line(self, line: str, start: int) -> list[Any]:
        """One line with its place, measured at its first and last visible characters, and its pieces."""
        if start < 0:
            return [_readable(line), 0, 0, 0, 0, 0, False, []]
        pieces = [self._place(line[first:last], start + first) for first, last in self._pieces(line, start)]
        first = start + len(line) - len(line.lstrip())
        whole = self._place(line.strip(), first)
        return [*whole[:-1], pieces if len(pieces) > 1 else []]

    def _place(self, text: str, first: int) -> list[Any]:
        last = first + len(text) - 1
        left, bottom, _, top = self._box(first)
        right = self._box(last)[2]
        size = self._raw.FPDFText_GetFontSize(self._text_page, first)
        is_bold = self._is_bold(first) and self._is_bold(last)
        return [_readable(text), *_rounded(left, right, top, bottom, size), is_bold, []]

    def _pieces(self, line: str, start: int) -> Iterator[tuple[int, int]]:
        """The ranges of a line between its wide gaps, and where it crosses a ruling or steps back."""
        words = [found.span() for found in _WORD.finditer(line)]
        spaces = [self._space(start + end, start + following) for (_, end), (following, _) in pairwise(words)]
        usual = min((gap for gap, _, _ in spaces if gap > 0), default=0.0)
        first = words[0][0]
        for (gap, height, is_cut), ((_, end), (following, _)) in zip(spaces, pairwise(words), strict=True):
            is_wide = gap > _VERY_WIDE * height or (gap > _WIDE * height and gap > _UNUSUAL * usual)
            if is_cut or is_wide or gap < _STEP_BACK * height:
                yield first, end
                first = following
        yield first, words[-1][1]

    def _space(self, end: int, following: int) -> tuple[float, float, bool]:
        """The space between two words beyond a blank's own width, the line's height, and whether a ruling is there."""
        before, blank, after = self._box(end - 1), self._box(end), self._box(following)
        gap = after[0] - before[2] - max(0.0, blank[2] - blank[0])
        return gap, max(before[3] - before[1], 1.0), self._is_ruled_off(before, after)

    def _is_ruled_off(self, before: Box, after: Box) -> bool:
        middle = (before[1] + before[3]) / 2
        return any(
            right - left < _SLANT and before[2] - 1 <= left <= after[0] + 1 and bottom <= middle <= top
            for left, bottom, right, top in self._upright
        )

    def _box(self, position: int) -> Box:
        left, bottom, right, top = self._text_page.get_charbox(position, loose=True)
        return self._turned(left, bottom, right, top)

    def _turned(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box as it lies on the page after its rotation, clockwise in quarter turns."""
        left, right = left - self._origin[0], right - self._origin[0]
        bottom, top = bottom - self._origin[1], top - self._origin[1]
        width, height = self._paper
        for _ in range(self._turns):
            left, bottom, right, top = bottom, width - right, top, width - left
            width, height = height, width
        return left, bottom, right, top

    def _is_bold(self, position: int) -> bool:
        """Whether a character is bold by its font's weight or, where that is not given, its name."""
        if self._raw.FPDFText_GetFontWeight(self._text_page, position) >= _BOLD_WEIGHT:
            return True
        name = create_string_buffer(_FONT_NAME_BYTES)
        self._raw.FPDFText_GetFontInfo(self._text_page, position, name, _FONT_NAME_BYTES, c_int())
        return b"bold" in name.value.lower()

    def _read_objects(self) -> float:
        """Collects the rulings; returns the share of the page that pictures cover."""
        covered = 0.0
        for number, each in enumerate(self._page.get_objects(max_depth=2)):
            if number >= OBJECT_LIMIT:
                self._rulings = []  # a map or a drawing
                break
            if each.type == self._raw.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = each.get_bounds()
                covered += max(0.0, right - left) * max(0.0, top - bottom)
            elif each.type == self._raw.FPDF_PAGEOBJ_PATH:
                self._rulings.extend(self._strokes(each))
        self._upright = [ruling for ruling in self._rulings if ruling[2] - ruling[0] < _SLANT]
        area = self._paper[0] * self._paper[1]
        return round(min(1.0, covered / area), 2) if area > 0 else 0.0

    def _strokes(self, path: Any) -> Iterator[Sequence[float]]:
        """The straight level and upright lines of a path that is painted."""
        fill, stroke = c_int(), c_int()
        self._raw.FPDFPath_GetDrawMode(path, fill, stroke)
        if not fill.value and not stroke.value:
            return
        matrix = path.get_matrix()
        here = begin = (0.0, 0.0)
        x, y = c_float(), c_float()
        for index in range(min(self._raw.FPDFPath_CountSegments(path), _SEGMENT_LIMIT)):
            segment = self._raw.FPDFPath_GetPathSegment(path, index)
            self._raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = matrix.on_point(x.value, y.value)
            kind = self._raw.FPDFPathSegment_GetType(segment)
            if kind == self._raw.FPDF_SEGMENT_MOVETO:
                begin = point
            elif kind == self._raw.FPDF_SEGMENT_LINETO:
                yield from self._ruling(here, point)
            here = point
            if self._raw.FPDFPathSegment_GetClose(segment):
                yield from self._ruling(here, begin)
                here = begin

    def _ruling(self, start: tuple[float, float], end: tuple[float, float]) -> Iterator[Sequence[float]]:
        (left, right), (bottom, top) = sorted((start[0], end[0])), sorted((start[1], end[1]))
        width, height = right - left, top - bottom
        if min(width, height) < _SLANT and max(width, height) >= _SHORTEST_RULING:
            yield _rounded(*self._turned(left, bottom, right, top))


def _readable(units: str) -> str:
    text = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.strip().replace(BROKEN_WORD, "-")


def _rounded(*places: float) -> list[float]:
    return [round(place, 2) for place in places]


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)
