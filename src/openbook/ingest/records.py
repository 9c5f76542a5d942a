"""Reads the records of a data file one after another: JSON, JSON Lines, CSV and TSV of any size.

Only the record that is being read is held in memory. JSON is first cut at its brackets, then each
record is parsed alone, so that one damaged record does not cost the others. Numbers that are not
finite become None; of a name that stands twice in one object the last value counts.

It does not know what a record means.
"""

import codecs
import csv
import io
import json
import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from openbook.errors import ReadError
from openbook.ingest.decoding import decode, looks_binary
from openbook.ingest.record_texts import record_texts
from openbook.types import BrokenPart

RECORD_LIMIT = 10_000_000
"""The characters one record may have; a larger one is a `BrokenPart`."""

Record = Mapping[str, Any]

_CHUNK_BYTES = 262_144
_SHOWN_CHARACTERS = 80
_ROW_LINES = 5_000
_DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED = re.compile("[\udc80-\udcff]+")


def read_records(stream: BinaryIO, *, path: str, limit_characters: int = RECORD_LIMIT) -> Iterator[Record | BrokenPart]:
    """The records of a file in their order, and in the place of each damaged one a `BrokenPart`.

    JSON may be a list of objects, an object that holds such a list under one of `LIST_NAMES`, one
    object, which is then the only record, or several of these one after another. A table's first
    row names its columns; every value is text, and a missing cell is empty.

    Args:
        stream: The file, from its start.
        path: Its name: the ending decides where the content could be read in two ways.
        limit_characters: A larger record is refused.

    Raises:
        ReadError: The file is binary, or holds no records.
    """
    sample = stream.read(_CHUNK_BYTES)
    texts = _texts(sample, stream, encoding=_encoding(sample, path=path))
    start = next(texts, "")
    found = False
    for record in _form(start, path=path)(chain([start], texts), limit_characters):
        found = True
        yield record
    if not found:
        raise ReadError(
            f"{path} holds no records.",
            fix="Save it as a JSON list of objects, as one JSON object a line, or as a table with a header row.",
        )


def first_records(sample: bytes, *, path: str, limit: int) -> list[Record]:
    """The sound ones of a file's first records, from how it starts; none where it holds no records.

    Args:
        sample: The start of the file, which may end in the middle of a record.
        path: See `read_records`.
        limit: How many records are looked at.
    """
    try:
        found = list(islice(read_records(io.BytesIO(sample), path=path), limit))
    except ReadError:
        return []
    return [record for record in found if not isinstance(record, BrokenPart)]


def _encoding(sample: bytes, *, path: str) -> str:
    """The encoding of a file that starts like this; the sample may end inside a character."""
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if looks_binary(sample):
        raise ReadError(f"{path} is not a text file: it holds binary data.", fix="Save it as JSON or CSV in UTF-8.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        lines = sample[: sample.rfind(b"\n") + 1] or sample
        notices = decode(lines, path=path).notices
        return notices[0].removeprefix("decoded as ") if notices else "utf-8"
    return "utf-8"


def _texts(sample: bytes, stream: BinaryIO, *, encoding: str) -> Iterator[str]:
    """The file as pieces of text whose lines end in a line feed; no character is lost.

    Bytes that are no UTF-8 in a file that began as such are taken for Windows-1252, as in `decoding`.
    """
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    for data in chain([sample], iter(lambda: stream.read(_CHUNK_BYTES), b"")):
        text = decoder.decode(data)
        yield text if text.isascii() else _ESCAPED.sub(_western, text)
    yield _ESCAPED.sub(_western, decoder.decode(b"", final=True))


def _western(escaped: re.Match[str]) -> str:
    return escaped[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _form(start: str, *, path: str) -> Callable[[Iterable[str], int], Iterator[Record | BrokenPart]]:
    """What reads a file that starts like this: lines of JSON, JSON, or a table."""
    suffix = PurePosixPath(path).suffix.lower()
    first, _, rest = start.lstrip().partition("\n")
    if suffix in (".csv", ".tsv") or (first[:1] not in ("{", "[") and suffix not in (".json", ".jsonl", ".ndjson")):
        return _table
    if suffix == ".json":
        is_lines = _is_object(first) and rest.lstrip().startswith("{")
    else:
        is_lines = first.strip() not in ("{", "[")
    return _json_lines if is_lines else _json


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False


def _json(texts: Iterable[str], limit: int) -> Iterator[Record | BrokenPart]:
    for number, text in enumerate(record_texts(texts, limit), start=1):
        yield _parsed(text, name=f"record {number}", limit=limit)


def _json_lines(texts: Iterable[str], limit: int) -> Iterator[Record | BrokenPart]:
    """One value a line: a record, or a whole page of an interface with its list of records."""
    for number, line in enumerate(_lines(texts, limit), start=1):
        if line is None:
            yield _too_large(f"line {number}", limit)
        elif line.strip():
            for text in list(record_texts([line], limit)) or [line]:
                yield _parsed(text, name=f"line {number}", limit=limit)


def _parsed(text: str | None, *, name: str, limit: int) -> Record | BrokenPart:
    """The object in a JSON text; None stands for a text that is too large."""
    if text is None:
        return _too_large(name, limit)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        shown = " ".join(text[max(0, error.pos - _SHOWN_CHARACTERS // 2) :][:_SHOWN_CHARACTERS].split())
        return BrokenPart(name, f"damaged or cut off JSON: {error.msg} at: {shown or 'its end'}")
    except RecursionError:
        return BrokenPart(name, "its JSON is nested too deeply")
    except ValueError:
        return BrokenPart(name, "it holds a number of too many digits")
    return (
        value if isinstance(value, dict) else BrokenPart(name, f"it is not a JSON object: {text[:_SHOWN_CHARACTERS]}")
    )


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


_DECODER = json.JSONDecoder(strict=False, parse_float=_finite, parse_constant=lambda _: None)


def _too_large(name: str, limit: int) -> BrokenPart:
    return BrokenPart(name, f"it is larger than {limit:,} characters")


def _lines(texts: Iterable[str], limit: int) -> Iterator[str | None]:
    """The lines with their line feeds; None stands for one that is too large."""
    kept: list[str] = []
    size = 0
    for text in texts:
        for line in io.StringIO(text):
            size += len(line)
            if size <= limit:
                kept.append(line)
            if line.endswith("\n"):
                yield "".join(kept) if size <= limit else None
                kept, size = [], 0
    if size:
        yield "".join(kept) if size <= limit else None


def _table(texts: Iterable[str], limit: int) -> Iterator[Record | BrokenPart]:
    rows = _rows(_Feed(_lines(texts, limit)), limit)
    header = _column_names(next(rows, []))
    for number, row in enumerate(rows, start=2):
        if isinstance(row, str):
            yield BrokenPart(f"row {number}", row)
        elif any(cell.strip() for cell in row[len(header) :]):
            yield BrokenPart(f"row {number}", f"it has {len(row)} cells, the header has {len(header)}")
        elif any(cell.strip() for cell in row):
            yield dict(zip(header, row + [""] * (len(header) - len(row)), strict=False))


def _column_names(row: list[str] | str) -> list[str]:
    """The cells of a header row; one without a name, or with that of an earlier one, is numbered."""
    names: dict[str, None] = {}
    for number, cell in enumerate([] if isinstance(row, str) else row, start=1):
        name = " ".join(cell.split())
        names[f"{name} ({number})".strip() if not name or name in names else name] = None
    return list(names)


def _rows(feed: "_Feed", limit: int) -> Iterator[list[str] | str]:
    """The rows of a table as cells, or why one is left out.

    A quote that is never closed would swallow the lines after it; such a line is read alone.
    """
    csv.field_size_limit(max(csv.field_size_limit(), limit))
    delimiter = feed.delimiter()
    reader = csv.reader(feed, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        feed.taken.clear()
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            line = feed.give_back()
            yield line.rstrip("\n").split(delimiter) if line else f"it is larger than {limit:,} characters"


class _Feed:
    """The lines of a table for one `csv.reader`, which can be given back.

    Attributes:
        taken: The lines that were read since this list was last cleared.
    """

    def __init__(self, lines: Iterator[str | None]) -> None:
        self.taken: list[str | None] = []
        self._lines = lines
        self._waiting: deque[str | None] = deque()

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if len(self.taken) > _ROW_LINES:
            raise csv.Error
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        self.taken.append(line)
        if line is None:
            raise csv.Error
        return line

    def give_back(self) -> str | None:
        """The first of the lines that were taken; the others will be read again."""
        self._waiting.extendleft(reversed(self.taken[1:]))
        return self.taken[0]

    def delimiter(self) -> str:
        """What the first line holds most of outside quotes, or what a line such as `sep=;` before it says."""
        first = next(self._lines, None) or ""
        declared = re.fullmatch(r'"?sep=(.)"?\n', first)
        if declared:
            return declared[1]
        self._waiting.append(first)
        unquoted = re.sub(r'"[^"]*"', "", first)
        return max(_DELIMITERS, key=unquoted.count)
