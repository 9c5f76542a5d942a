"""Reads any supported file: chooses the reader, guards the limits, turns damage into `ReadError`.

Most files are one document; API descriptions, exports, feeds and lists of articles hold many, which
come one after another, so that a file of any size needs no more memory than its largest record.
It knows neither folders nor storage: bytes and a name go in, documents and tickets come out.
"""

import io
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

from openbook.errors import ReadError
from openbook.types import BrokenPart, Extract, Part, Ticket

READER_VERSION = 2
"""Raised whenever the same bytes would give another extract: every file is then read anew."""

BYTES_LIMIT = 50_000_000

Reading = Part | BrokenPart | Ticket


class Collection(Protocol):
    """A reader of files that hold many documents."""

    def recognises(self, sample: bytes, *, path: str) -> bool:
        """Whether a file that starts like this is one of its kind."""
        ...

    def read_all(self, stream: BinaryIO, *, path: str) -> Iterator[Reading]:
        """Every document and ticket of the file, in its order."""
        ...


_READERS = {
    "markdown": "markdown",
    "rst": "rst",
    "html": "html",
    "text": "plain",
    "csv": "table",
    "xlsx": "xlsx",
    "pdf": "pdf",
    "docx": "docx",
    "subtitles": "subtitles",
}
"""By kind the module in `readers` that reads it as one document: `read(data, path=...)`."""

_COLLECTIONS = ("openapi", "export", "feed", "articles")
"""The readers of files that hold many documents, in the order in which they are asked whether a file is theirs."""

_KINDS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".rst": "rst",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".text": "text",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".pdf": "pdf",
    ".docx": "docx",
    ".vtt": "subtitles",
    ".srt": "subtitles",
}

_RECORDS = {".json": "articles", ".jsonl": "articles", ".ndjson": "articles", ".yaml": "openapi", ".yml": "openapi"}
"""Endings of which the content decides; what they are in doubt."""

SUFFIXES = (*_KINDS, *_RECORDS)
"""The file name endings that can be read, in lower case with their dot."""

_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MARKDOWN_SIGN = re.compile(rb"\A---[ \t]*\r?\n|^#{1,6} \S|^```|\]\([^)\s]+\)", re.M)
_SAMPLE_BYTES = 65_536


def read(data: bytes, *, path: str, limit_bytes: int = BYTES_LIMIT) -> Extract:
    """The extract of a file that is one document.

    Args:
        data: The whole file.
        path: Its name or path: decides the reader by its ending, is named in errors, and
            gives the title where the document has none. Without an ending, or with one like
            the `.4` of a version number, the content decides.
        limit_bytes: A larger file is refused.

    Raises:
        ReadError: The file is empty, too large, of an unsupported kind, damaged, encrypted,
            binary, in an unknown encoding, holds no text, or holds many documents.
    """
    kind = kind_of(path, data)
    if kind not in _READERS:
        raise ReadError(f"{path} holds many documents.", fix="Add it by its name.")
    return _extract(kind, data, path=path, limit_bytes=limit_bytes)


def read_parts(source: Path | bytes, *, path: str, limit_bytes: int = BYTES_LIMIT) -> Iterator[Reading]:
    """Every document and ticket of a file; one that is damaged does not stop the others.

    Args:
        source: The file, or its content.
        path: See `read`.
        limit_bytes: A larger file is refused, unless it is a list of records, which is streamed.

    Raises:
        ReadError: As in `read`, for the file as a whole.
    """
    with _opened(source) as stream:
        sample = stream.read(_SAMPLE_BYTES)
        kind = kind_of(path, sample)
        stream.seek(0)
        if kind in _READERS:
            data = stream.read(limit_bytes + 1)
            yield Part("", kind, _extract(kind, data, path=path, limit_bytes=limit_bytes))
            return
        _refuse_empty(sample, path=path)
        yield from _collection(kind).read_all(stream, path=path)


def _collection(name: str) -> Collection:
    """A reader of files that hold many documents."""
    reader: Collection = _loaded(name)
    return reader


def _loaded(name: str) -> Any:
    """A module of `readers`, imported when its first file comes.

    Fifteen readers with their patterns take a fifth of a second, which a question need not wait for.
    """
    return import_module(f"openbook.ingest.readers.{name}")


def _opened(source: Path | bytes) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror}", fix="Check that it exists and may be read.") from error


def _extract(kind: str, data: bytes, *, path: str, limit_bytes: int) -> Extract:
    _refuse_empty(data, path=path)
    if len(data) > limit_bytes:
        raise ReadError(
            f"{path} is too large: the limit is {limit_bytes / 1e6:.1f} MB.",
            fix="Split the file into smaller ones.",
        )
    extract: Extract = _loaded(_READERS[kind]).read(data, path=path)
    if not extract.blocks:
        raise ReadError(
            f"{path} holds no text that a visitor could see.",
            fix="Check that the file shows text when it is opened, or take it out of the folder.",
        )
    return extract


def _refuse_empty(data: bytes, *, path: str) -> None:
    if not data:
        raise ReadError(f"{path} is empty.", fix="Write some text into the file, or take it out of the folder.")


def kind_of(path: str, sample: bytes) -> str:
    """How a file is read: "markdown", "pdf", "export" and so on, by its name and how it starts.

    Raises:
        ReadError: The name has an ending that is not supported.
    """
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _RECORDS or suffix in (".csv", ".tsv"):
        fitting = (name for name in _COLLECTIONS if _collection(name).recognises(sample, path=path))
        return next(fitting, _RECORDS.get(suffix, "csv"))
    if suffix in _KINDS:
        return _KINDS[suffix]
    if re.fullmatch(r"\.[a-z]\w{0,9}", suffix):
        raise ReadError(
            f"{path} is of an unsupported kind: {suffix}.",
            fix=f"Convert it to one of {', '.join(SUFFIXES)}.",
        )
    return _kind_of_content(sample)


def _kind_of_content(sample: bytes) -> str:
    if sample.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if _HTML_START.match(sample.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return "markdown" if _MARKDOWN_SIGN.search(sample) else "text"
