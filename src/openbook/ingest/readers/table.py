"""Reads CSV: lists of questions and answers as headed sections, anything else as one table.

The delimiter is the one of `, ; tab |` that splits the first lines most evenly. The first
row is a header unless a cell is repeated, is a number, or is empty (the first may be). It knows nothing
about spreadsheets' own formats.
"""

import csv
import io
from collections.abc import Sequence

from openbook.errors import ReadError
from openbook.ingest.composer import Composer
from openbook.ingest.decoding import decode
from openbook.types import Extract, Metadata

_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 50
_CELL_LIMIT = 1_000_000
_QUESTION_WORDS = "question questions q frage fragen title titel pregunta domanda vraag"
_ANSWER_WORDS = "answer answers a antwort antworten réponse reponse respuesta risposta antwoord body content"
_QUESTION_NAMES = frozenset(_QUESTION_WORDS.split())
_ANSWER_NAMES = frozenset(_ANSWER_WORDS.split())
_LIMITING = frozenset(("audience", "audiences", "visibility", "zielgruppe"))


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a CSV file.

    Raises:
        ReadError: The bytes are no text.
    """
    decoded = decode(data, path=path)
    composer = Composer()
    composer.notices.extend(decoded.notices)
    rows = parse_rows(decoded.text)
    uneven = [number for number, row in enumerate(rows, start=1) if len(row) != len(rows[0])]
    if uneven:
        composer.notices.append(f"{len(uneven)} rows have more or fewer cells than the first, such as row {uneven[0]}")
    compose_rows(rows, composer)
    return composer.finish(Metadata(), path=path)


def compose_rows(rows: Sequence[Sequence[str]], composer: Composer, *, level: int = 2) -> None:
    """Writes rows of cells: questions with their answers as sections, anything else as a table.

    Args:
        rows: The first is the header if it looks like one.
        composer: Takes the blocks.
        level: Of the headings that questions become.

    Raises:
        ReadError: A column says who may see each row, which one document cannot keep apart.
    """
    names = [cell.strip().casefold().rstrip(":?") for cell in rows[0]] if rows else []
    if limiting := _LIMITING.intersection(names):
        raise ReadError(
            f"a column is called {min(limiting)!r}, and a table is one document for one audience; it is not published.",
            fix="Split it by audience, take the column out, and add each part with --audience.",
        )
    question = next((index for index, name in enumerate(names) if name in _QUESTION_NAMES), None)
    answer = next((index for index, name in enumerate(names) if name in _ANSWER_NAMES), None)
    if question is None or answer is None:
        composer.table(rows, has_header=has_header(rows))
        return
    for row in rows[1:]:
        if len(row) > question:
            composer.heading(row[question], level=level)
        if len(row) > answer:
            composer.paragraph(row[answer])


def parse_rows(text: str) -> list[list[str]]:
    """The rows that hold any text, as cells; quoted cells may span lines."""
    csv.field_size_limit(max(csv.field_size_limit(), _CELL_LIMIT))
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text), skipinitialspace=True)
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in reader if any(cell.strip() for cell in row))
    except csv.Error:
        return [line.split(_delimiter(text)) for line in text.split("\n") if line.strip()]
    return rows


def _delimiter(text: str) -> str:
    """The delimiter that most of the first lines hold equally often; a comma if none does."""
    lines = [line for line in text.split("\n", _SNIFFED_LINES)[:_SNIFFED_LINES] if line.strip()]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        expected = counts[0] if counts else 0
        return (sum(count == expected for count in counts) if expected else 0, expected)

    return max(_DELIMITERS, key=evenness)


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of several rows names their columns, by how its cells look."""
    if len(rows) < 2:
        return False
    cells = [cell.strip() for cell in rows[0]]
    return len(set(cells)) == len(cells) and not any(_is_number(cell) for cell in cells) and all(cells[1:])


def _is_number(cell: str) -> bool:
    return any(character.isdigit() for character in cell) and not any(character.isalpha() for character in cell)
