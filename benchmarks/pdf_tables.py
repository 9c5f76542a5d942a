"""Tables in PDF files: which share of the cells is found in its row, in its column, under its header.

Ten kinds of tables that the reader was tuned on, five that it was not, and prose that holds none, all made by
`pdf_samples`. A cell counts if the extract has a table whose header names its column and in whose row, named by
its first cells, exactly its text stands in that column. With `--compare` the same is asked of pdfplumber, with
its own settings, and of its search by the places of words.
"""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from measure import heading, parser, row, seconds
from openbook.ingest.readers.pdf import read
from openbook.types import BlockKind
from pdf_cells import Cells
from pdf_samples import HELD_OUT, PROSE_HELD_OUT, PROSE_TUNED, TUNED, Sample

Found = list[list[list[str]]]
_DRAWS = 2_000
_REPETITIONS = 3


def main() -> int:
    """Prints a table of figures for each set of files."""
    options = _arguments()
    for name, tables_of in _readers(compare=options.compare).items():
        heading(f"PDF tables, {name}")
        for title, samples in (("tuned", TUNED), ("held out", HELD_OUT)):
            _report(title, samples, tables_of)
        for title, samples in (("tuned", PROSE_TUNED), ("held out", PROSE_HELD_OUT)):
            false = [len(tables_of(sample.make())) for sample in samples]
            row(f"{title}: tables in {len(samples)} files of prose", "0", str(sum(false)))
        _report_speed(tables_of)
    return 0


def _arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    options.add_argument("--compare", action="store_true", help="also measure pdfplumber, if it is installed")
    options.add_argument("--write", type=Path, help="a folder in which to write the files, to look at them")
    chosen = options.parse_args()
    if chosen.write:
        chosen.write.mkdir(parents=True, exist_ok=True)
        for sample in (*TUNED, *HELD_OUT, *PROSE_TUNED, *PROSE_HELD_OUT):
            (chosen.write / f"{sample.kind}.pdf").write_bytes(sample.make())
    return chosen


def _readers(*, compare: bool) -> dict[str, Callable[[bytes], Found]]:
    readers = {"this reader": _own_tables}
    if compare and find_spec("pdfplumber"):
        readers["pdfplumber"] = lambda data: _plumbed(data, "lines")
        readers["pdfplumber by words"] = lambda data: _plumbed(data, "text")
    return readers


def _own_tables(data: bytes) -> Found:
    """The tables of an extract."""
    extract = read(data, path="sample.pdf")
    tables = [block for block in extract.blocks if block.kind is BlockKind.TABLE]
    return [[[cell.strip() for cell in part.of(extract.text).split("|")] for part in table.parts] for table in tables]


def _plumbed(data: bytes, strategy: str) -> Found:
    """The tables that pdfplumber finds."""
    import pdfplumber  # deferred: only to compare

    settings = {"vertical_strategy": strategy, "horizontal_strategy": strategy}
    with pdfplumber.open(io.BytesIO(data)) as document:
        tables = [table for page in document.pages for table in page.extract_tables(settings)]
    return [[[" ".join((cell or "").split()) for cell in cells] for cells in table] for table in tables]


def _report(title: str, samples: Sequence[Sample], tables_of: Callable[[bytes], Found]) -> None:
    """One row for each file and one for all of them, its interval by drawing files."""
    hits = []
    for sample in samples:
        found = _found_cells(tables_of(sample.make()), keys=sample.keys)
        wanted = _cells(sample.rows, keys=sample.keys)
        hits.append((sum(cell in found for cell in wanted), len(wanted)))
        row(f"{title}: {sample.kind}", "1", f"{hits[-1][0] / hits[-1][1]:.3f} of {hits[-1][1]} cells")
    counts = np.asarray(hits, dtype=float)
    drawn = np.random.default_rng(0).integers(len(counts), size=(_DRAWS, len(counts)))
    sums = counts[drawn].sum(axis=1)
    low, high = np.quantile(sums[:, 0] / sums[:, 1], [0.025, 0.975])
    right, total = counts.sum(axis=0)
    row(f"**{title}: all**", "1", f"**{right / total:.3f} [{low:.3f}, {high:.3f}]** of {total:.0f} cells")


def _cells(rows: Cells, *, keys: int) -> set[tuple[str, ...]]:
    """Every cell that is not empty: what names its row, its header, its text."""
    return {
        (*cells[:keys], name, cell) for cells in rows[1:] for name, cell in zip(rows[0], cells, strict=True) if cell
    }


def _found_cells(tables: Found, *, keys: int) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for table in tables:
        width = max(map(len, table))
        found |= _cells(tuple((*cells, *[""] * (width - len(cells))) for cells in table), keys=keys)
    return found


def _report_speed(tables_of: Callable[[bytes], Found]) -> None:
    files = [sample.make() for sample in TUNED]
    pages = len(files) + 1  # one table goes on over a second page
    spent = min(seconds(lambda: [tables_of(data) for data in files]) for _ in range(_REPETITIONS))
    row("milliseconds a page, best of three", "-", f"{spent / pages * 1000:.0f}")


if __name__ == "__main__":
    sys.exit(main())
