"""Reads any supported file: chooses the reader, guards the limits, turns damage into `ReadError`.

It knows neither folders nor storage: bytes and a name go in, an `Extract` comes out.
"""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from openbook.errors import ReadError
from openbook.ingest.readers import html, markdown, pdf, plain, table
from openbook.types import Extract

READER_VERSION = 1
"""Raised whenever the same bytes would give another extract: every file is then read anew."""

BYTES_LIMIT = 50_000_000

_READERS: dict[str, Callable[..., Extract]] = {
    "markdown": markdown.read,
    "html": html.read,
    "text": plain.read,
    "csv": table.read,
    "pdf": pdf.read,
}

_KINDS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".text": "text",
    ".csv": "csv",
    ".pdf": "pdf",
}

SUFFIXES = tuple(_KINDS)
"""The file name endings that can be read, in lower case with their dot."""

_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MARKDOWN_SIGN = re.compile(rb"\A---[ \t]*\r?\n|^#{1,6} \S|^```|\]\([^)\s]+\)", re.M)
_SAMPLE_BYTES = 4_096


def read(data: bytes, *, path: str, limit_bytes: int = BYTES_LIMIT) -> Extract:
    """The extract of one file.

    Args:
        data: The whole file.
        path: Its name or path: decides the reader by its ending, is named in errors, and
            gives the title where the document has none. Without an ending, or with one like
            the `.4` of a version number, the content decides.
        limit_bytes: A larger file is refused.

    Raises:
        ReadError: The file is empty, too large, of an unsupported kind, damaged, encrypted,
            binary, in an unknown encoding, or holds no text.
    """
    if not data:
        raise ReadError(f"{path} is empty.", fix="Write some text into the file, or take it out of the folder.")
    if len(data) > limit_bytes:
        raise ReadError(
            f"{path} is too large: {len(data) / 1e6:.1f} MB, the limit is {limit_bytes / 1e6:.1f} MB.",
            fix="Split the file into smaller ones.",
        )
    extract = _READERS[kind_of(path, data)](data, path=path)
    if not extract.blocks:
        raise ReadError(
            f"{path} holds no text that a visitor could see.",
            fix="Check that the file shows text when it is opened, or take it out of the folder.",
        )
    return extract


def kind_of(path: str, data: bytes) -> str:
    """How `read` takes a file: "markdown", "html", "text", "csv" or "pdf".

    Raises:
        ReadError: The name has an ending that is not supported.
    """
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _KINDS:
        return _KINDS[suffix]
    if re.fullmatch(r"\.[a-z]\w{0,9}", suffix):
        raise ReadError(
            f"{path} is of an unsupported kind: {suffix}.",
            fix=f"Convert it to one of {', '.join(SUFFIXES)}.",
        )
    return _kind_of_content(data[:_SAMPLE_BYTES])


def _kind_of_content(sample: bytes) -> str:
    if sample.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if _HTML_START.match(sample.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return "markdown" if _MARKDOWN_SIGN.search(sample) else "text"
