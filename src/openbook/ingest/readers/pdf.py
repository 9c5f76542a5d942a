"""Reads PDF with PDFium: lines with their place and size, page by page.

PDFium is not thread safe, so one file is read at a time in a process. What the lines mean
is decided in `printed_lines`.
"""

import re
import threading
from collections.abc import Iterator
from ctypes import c_int, create_string_buffer
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.composer import Composer
from openbook.ingest.metadata import describe
from openbook.ingest.printed_lines import Line, compose_pages
from openbook.types import Extract

_PDFIUM = threading.Lock()
_BOLD_WEIGHT = 600
_FONT_NAME_BYTES = 128
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([+-]\d\d)'?(\d\d)?)?")  # ISO 32000-1, 7.9.4
_BROKEN_WORD = "\ufffe"  # what PDFium puts in place of a hyphen and the line break after it
_PRINTED_LINE = re.compile(f"[^\n{_BROKEN_WORD}]+{_BROKEN_WORD}?")


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a PDF file; its blocks carry the locator "page N".

    Raises:
        ReadError: The file is encrypted, damaged, or has no text on any page.
    """
    with _PDFIUM:
        pages, properties = _read_locked(data, path=path)
    composer = Composer()
    compose_pages(pages, composer)
    empty = [number for number, lines in enumerate(pages, start=1) if not lines]
    if len(empty) == len(pages):
        raise ReadError(
            f"{path} has no text on any of its {len(pages)} pages: it seems to be scanned.",
            fix="Run text recognition (OCR) over it, or add the text as Markdown.",
        )
    composer.notices.extend(f"page {number} has no text (scanned?)" for number in empty)
    described = describe(properties)
    composer.notices.extend(described.notices)
    return composer.finish(described.metadata, path=path)


def _read_locked(data: bytes, *, path: str) -> tuple[list[list[Line]], dict[str, str]]:
    """Every page's lines and the document's properties; the caller holds the lock."""
    import pypdfium2  # deferred: 120 ms and a native library that only PDF needs

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _unopened(error, path=path) from error
    try:
        pages = [_read_page(document, index) for index in range(len(document))]
        return pages, _properties(document)
    except pypdfium2.PdfiumError as error:
        raise _damaged(path) from error
    finally:
        document.close()


def _unopened(error: Any, *, path: str) -> ReadError:
    from pypdfium2 import raw  # deferred: see above

    if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return ReadError(
            f"{path} is encrypted and asks for a password.", fix="Save it without a password and add it again."
        )
    return _damaged(path)


def _damaged(path: str) -> ReadError:
    return ReadError(f"{path} is not a readable PDF: it is damaged or cut off.", fix="Export or download it again.")


def _properties(document: Any) -> dict[str, str]:
    """Title and last change, as far as the document says them."""
    title = document.get_metadata_value("Title").strip()
    values = {} if title.casefold() in ("", "untitled") else {"title": title}
    changed = _DATE.match(document.get_metadata_value("ModDate"))
    if changed:
        year, month, day, hour, minute, second, zone, zone_minutes = changed.groups()
        offset = f"{zone}:{zone_minutes or '00'}" if zone else ""
        values["updated_at"] = f"{year}-{month}-{day}T{hour}:{minute}:{second}{offset}"
    return values


def _read_page(document: Any, index: int) -> list[Line]:
    page = document[index]
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_range()
        has_places = len(text) == textpage.count_chars()
        return [_line(textpage, line, start if has_places else -1) for start, line in _lines(text)]
    finally:
        textpage.close()
        page.close()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a page that hold any text, each with the index of its first character."""
    for found in _PRINTED_LINE.finditer(text):
        if found[0].strip():
            yield found.start(), found[0]


def _line(textpage: Any, line: str, start: int) -> Line:
    """One line with its place, measured at its first and last visible characters."""
    text = line.strip().replace(_BROKEN_WORD, "-")
    if start < 0:
        return Line(text)
    from pypdfium2 import raw  # deferred: see above

    first = start + len(line) - len(line.lstrip())
    last = start + len(line.rstrip()) - 1
    left, bottom, _, top = textpage.get_charbox(first, loose=True)
    right = textpage.get_charbox(last, loose=True)[2]
    is_bold = _is_bold(textpage, first) and _is_bold(textpage, last)
    return Line(text, left, right, top, bottom, raw.FPDFText_GetFontSize(textpage, first), is_bold)


def _is_bold(textpage: Any, position: int) -> bool:
    """Whether the character is bold by its font's weight or, where that is not given, its name."""
    from pypdfium2 import raw  # deferred: see above

    if raw.FPDFText_GetFontWeight(textpage, position) >= _BOLD_WEIGHT:
        return True
    name = create_string_buffer(_FONT_NAME_BYTES)
    raw.FPDFText_GetFontInfo(textpage, position, name, _FONT_NAME_BYTES, c_int())
    return b"bold" in name.value.lower()
