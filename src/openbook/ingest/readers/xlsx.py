"""Reads Excel files (.xlsx): every sheet is a section with its tables, or its questions and answers.

Rows that stand apart under other columns are tables of their own, and a line that fills one
cell above a table is its title. It knows nothing about how cells are stored or formatted.
"""

from collections.abc import Iterator

from openbook.errors import ReadError
from openbook.ingest.composer import Composer
from openbook.ingest.metadata import describe
from openbook.ingest.office.package import Package
from openbook.ingest.office.spreadsheet import Sheet, Workbook
from openbook.ingest.readers.table import compose_rows, has_header
from openbook.types import Extract

_PADDED_LIMIT = 10_000_000
_Rows = list[tuple[int, dict[int, str]]]


def read(data: bytes, *, path: str) -> Extract:
    """The extract of an Excel file; its blocks carry the locator "sheet NAME".

    Raises:
        ReadError: It is no such file, encrypted, damaged, not safe to unpack, or too large.
    """
    package = Package(data, path=path, suffix=".xlsx")
    composer = Composer()
    described = describe(package.properties())
    composer.notices.extend(described.notices)
    workbook = Workbook(package)
    composer.notices.extend(f"the sheet {name} is hidden; it was left out" for name in workbook.hidden)
    for sheet in workbook.sheets():
        composer.notices.extend(_notices(sheet))
        composer.locator = f"sheet {sheet.name}"
        if sheet.rows:
            composer.heading(sheet.name, level=2)
        for rows in _tables(sheet.rows):
            titles, cells = _dense(rows, path=path)
            for title in titles:
                composer.paragraph(title)
            compose_rows(cells, composer, level=3)
    return composer.finish(described.metadata, path=path)


def _notices(sheet: Sheet) -> Iterator[str]:
    """What of a sheet was left out."""
    for count, what in ((sheet.hidden_rows, "row"), (sheet.hidden_columns, "column")):
        if count:
            number = f"1 hidden {what} was" if count == 1 else f"{count} hidden {what}s were"
            yield f"{number} left out of the sheet {sheet.name}"
    if sheet.uncomputed:
        formulas = "1 formula has" if sheet.uncomputed == 1 else f"{sheet.uncomputed} formulas have"
        yield f"{formulas} no value in the sheet {sheet.name}; opening and saving the file computes them"


def _tables(rows: _Rows) -> Iterator[_Rows]:
    """The rows of a sheet table by table.

    Rows after an empty one begin another table only if they fill other columns than the one
    before and have a header of their own: many lists have empty rows inside.
    """
    table: _Rows = []
    columns: set[int] = set()
    for run in _runs(rows):
        used = _columns(run)
        if len(columns) > 1 and used != columns and _has_own_header(run):
            yield table
            table, columns = [], set()
        table.extend(run)
        columns |= used
    yield table


def _runs(rows: _Rows) -> Iterator[_Rows]:
    """Rows that follow each other without an empty one between."""
    run: _Rows = []
    for row in rows:
        if run and row[0] != run[-1][0] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _has_own_header(run: _Rows) -> bool:
    body = run[_title_rows(run) :]
    columns = sorted(_columns(body))
    return has_header([[cells.get(column, "") for column in columns] for _, cells in body[:2]])


def _columns(rows: _Rows) -> set[int]:
    """The columns that hold any text."""
    return set().union(*(cells.keys() for _, cells in rows))


def _title_rows(rows: _Rows) -> int:
    """How many rows at the start fill one cell only, above rows that fill more."""
    return next((place for place, (_, cells) in enumerate(rows) if len(cells) > 1), 0)


def _dense(rows: _Rows, *, path: str) -> tuple[list[str], list[list[str]]]:
    """The titles above a table, and its rows as cells of the columns in use, without the empty ends."""
    start = _title_rows(rows)
    titles = [next(iter(cells.values())) for _, cells in rows[:start]]
    columns = sorted(_columns(rows[start:]))
    if len(columns) * len(rows) > _PADDED_LIMIT:
        raise ReadError(
            f"{path} has a table of {len(rows)} rows and {len(columns)} columns, which is too large.",
            fix="Split it into smaller files.",
        )
    dense = []
    for _, cells in rows[start:]:
        last = max(cells)
        dense.append([cells.get(column, "") for column in columns if column <= last])
    return titles, dense
