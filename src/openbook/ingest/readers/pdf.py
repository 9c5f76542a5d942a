"""Reads PDF: starts `pdfium.py` in a process of its own, page by page, and names what could not be read.

A page at which that process dies or takes too long is left out with a notice, and the next one is read by a
new process; so no file, however damaged or hostile, takes more than bounded time and memory, nor this process
with it. What the lines mean is decided in `printed_lines`.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.composer import Composer
from openbook.ingest.metadata import describe
from openbook.ingest.printed import pdfium
from openbook.ingest.printed.lines import compose_pages
from openbook.ingest.printed.page import Line, Page, Ruling
from openbook.types import Extract

PAGES_LIMIT = 20_000
_CHARACTERS_LIMIT = 20_000_000
_DEATHS_LIMIT = 3
_FILE_SECONDS = 600.0
_SCAN_SHARE = 0.5
_SCAN_CHARACTERS = 50
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([+-]\d\d)'?(\d\d)?)?")  # ISO 32000-1, 7.9.4
_RECOGNISE = "run text recognition (OCR) over it"


@dataclass(slots=True)
class _Print:
    """What the processes said: the first record, a page or the reason why it is missing for each page."""

    about: dict[str, Any] = field(default_factory=dict)
    pages: list[Page | str] = field(default_factory=list)
    characters: int = 0


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a PDF file; its blocks carry the locator "page N".

    Raises:
        ReadError: The file is encrypted, damaged, has too many pages, or has no text on any page.
    """
    printed = _print(data, path=path)
    pages = [page if isinstance(page, Page) else Page() for page in printed.pages]
    if not any(isinstance(page, Page) for page in printed.pages):
        raise ReadError(
            f"{path} is not a readable PDF: page 1 {printed.pages[0]}.", fix="Export it again, or as Markdown."
        )
    if not any(page.lines for page in pages):
        raise ReadError(
            f"{path} has no text on any of its {len(pages)} pages: it seems to be scanned.",
            fix="Run text recognition (OCR) over it, or add the text as Markdown.",
        )
    composer = Composer()
    compose_pages(pages, composer)
    composer.notices.extend(_notices(printed.pages))
    described = describe(_properties(printed.about))
    composer.notices.extend(described.notices)
    return composer.finish(described.metadata, path=path)


def _print(data: bytes, *, path: str) -> _Print:
    """Everything that is printed, by as many processes as it takes; a page that kills three is the last."""
    printed = _Print()
    until = time.monotonic() + _FILE_SECONDS
    deaths = 0
    while True:
        _continue_print(data, printed, until=until)
        _refuse(printed, path=path)
        if len(printed.pages) == printed.about["pages"]:
            return printed
        deaths += 1
        is_late = time.monotonic() > until or printed.characters > _CHARACTERS_LIMIT
        if deaths == _DEATHS_LIMIT or is_late:
            missing = printed.about["pages"] - len(printed.pages)
            printed.pages.extend(["was not read: the file takes too long or is too large"] * missing)
            return printed
        printed.pages.append("could not be read: it takes too long, too much memory, or is damaged")


def _continue_print(data: bytes, printed: _Print, *, until: float) -> None:
    """Starts a process at the first page that is missing and takes what it says until it ends."""
    command = [sys.executable, "-P", pdfium.__file__, str(len(printed.pages))]
    with subprocess.Popen(  # noqa: S603 (our own program)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(data)
            process.stdin.close()
        for record in _records(process.stdout):
            if isinstance(record, dict) and not {"pages", "problem"}.isdisjoint(record):
                printed.about = record
                if record.get("pages", 0) > PAGES_LIMIT:
                    break
                continue
            printed.pages.append(_page(record) if record else "is damaged and was left out")
            printed.characters += sum(len(line[0]) for line in record["lines"]) if record else 0
            if time.monotonic() > until or printed.characters > _CHARACTERS_LIMIT:
                break
        process.kill()


def _records(stream: Any) -> Iterator[Any]:
    """The records that are whole; the last one is cut off where the process died."""
    for line in stream:
        if line.endswith(b"\n"):
            yield json.loads(line)


def _refuse(printed: _Print, *, path: str) -> None:
    about = printed.about
    if about.get("problem") == "encrypted":
        raise ReadError(
            f"{path} is encrypted and asks for a password.", fix="Save it without a password and add it again."
        )
    if not about.get("pages"):
        raise _damaged(path)
    if about["pages"] > PAGES_LIMIT:
        raise ReadError(f"{path} says that it has {about['pages']} pages: the limit is {PAGES_LIMIT}.", fix="Split it.")


def _damaged(path: str) -> ReadError:
    return ReadError(f"{path} is not a readable PDF: it is damaged or cut off.", fix="Export or download it again.")


def _page(record: dict[str, Any]) -> Page:
    return Page(
        lines=[_line(values) for values in record["lines"]],
        rulings=[Ruling(*edges) for edges in record["rulings"]],
        width=record["width"],
        height=record["height"],
        pictures=record["pictures"],
        is_cut=record["is_cut"],
    )


def _line(values: list[Any]) -> Line:
    *place, pieces = values
    text, left, right, top, bottom, size, is_bold = place
    return Line(text, left, right, top, bottom, size, is_bold, tuple(map(_line, pieces)))


def _properties(about: dict[str, Any]) -> dict[str, str]:
    """Title and last change, as far as the document says them."""
    title = about["title"].strip()
    values = {} if title.casefold() in ("", "untitled") else {"title": title}
    changed = _DATE.match(about["changed"])
    if changed:
        year, month, day, hour, minute, second, zone, zone_minutes = changed.groups()
        offset = f"{zone}:{zone_minutes or '00'}" if zone else ""
        values["updated_at"] = f"{year}-{month}-{day}T{hour}:{minute}:{second}{offset}"
    return values


def _notices(pages: list[Page | str]) -> Iterator[str]:
    for number, page in enumerate(pages, start=1):
        notice = page if isinstance(page, str) else _notice(page)
        if notice:
            yield f"page {number} {notice}"


def _notice(page: Page) -> str:
    """What is to be said about a page that was read, or nothing."""
    if page.is_cut:
        return f"holds more than {pdfium.CHARACTER_LIMIT} characters; the rest was not read"
    if sum(len(line.text) for line in page.lines) >= _SCAN_CHARACTERS:
        return ""
    if page.pictures >= _SCAN_SHARE:
        text = "with hardly any text" if page.lines else "without text"
        return f"is a scanned picture {text}; {_RECOGNISE}"
    return "" if page.lines else "has no text (scanned?)"
