"""Finds tables that are drawn with upright and level lines, and their merged cells.

It knows strokes and pieces of lines; what makes rows where no line is drawn between them is decided in
`printed_tables`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openbook.ingest.printed.gaps import Piece, rows_of
from openbook.ingest.printed.page import Ruling
from openbook.ingest.printed.tables import Cells, PrintedTable, joined, row_of, table_of, text_rows

_NEAR = 3.0  # points: strokes this near are one
_RULINGS_LIMIT = 1_500
_EDGES_LIMIT = 300
_LEAST_FILLED = 0.3  # of the cells; a drawing has fewer
_FEW_BANDS = 2
_DEEPEST_HEADER = 3

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Strokes that touch each other, as a lattice.

    Attributes:
        columns: The places of its upright edges, from left to right.
        bands: The places of its level edges, from top to bottom.
        rulings: The strokes.
    """

    columns: list[float]
    bands: list[float]
    rulings: list[Ruling]

    def holds(self, piece: Piece) -> bool:
        """Whether the middle of a piece lies inside."""
        x, y = (piece.line.left + piece.line.right) / 2, (piece.line.top + piece.line.bottom) / 2
        return self.columns[0] <= x <= self.columns[-1] and self.bands[-1] <= y <= self.bands[0]


def find_grids(rulings: Sequence[Ruling]) -> Iterator[Grid]:
    """Every lattice of at least two columns; none where there are as many strokes as in a drawing."""
    strokes = set(rulings)
    if len(strokes) > _RULINGS_LIMIT:
        return
    for touching in _touching(sorted(strokes)):
        columns = _edges([ruling.left for ruling in touching if not ruling.is_level])
        bands = _edges([ruling.top for ruling in touching if ruling.is_level])[::-1]
        if not columns or not bands:
            continue
        columns = _widened(columns, [end for each in touching for end in (each.left, each.right)])
        bands = _widened(bands[::-1], [end for each in touching for end in (each.bottom, each.top)])[::-1]
        if 3 <= len(columns) <= _EDGES_LIMIT and 2 <= len(bands) <= _EDGES_LIMIT:
            yield Grid(columns, bands, touching)


def _touching(rulings: Sequence[Ruling]) -> Iterator[list[Ruling]]:
    """The strokes in groups whose members touch."""
    groups: list[list[Ruling]] = []
    for ruling in rulings:
        met = [group for group in groups if any(_meet(ruling, other) for other in group)]
        groups = [group for group in groups if not any(group is each for each in met)]
        groups.append([ruling, *(each for group in met for each in group)])
    yield from groups


def _meet(one: Ruling, other: Ruling) -> bool:
    return (
        one.left <= other.right + _NEAR
        and other.left <= one.right + _NEAR
        and one.bottom <= other.top + _NEAR
        and other.bottom <= one.top + _NEAR
    )


def _edges(places: Iterable[float]) -> list[float]:
    """Places in order, those that are near each other once."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


def _widened(edges: list[float], ends: list[float]) -> list[float]:
    """Edges with the outer ones that are not drawn but reached by strokes."""
    first, last = min(ends), max(ends)
    before = [first] if edges[0] - first > _NEAR else []
    after = [last] if last - edges[-1] > _NEAR else []
    return [*before, *edges, *after]


def table_in(grid: Grid, pieces: Sequence[Piece], *, has_walls: bool = True) -> PrintedTable | None:
    """The table that a lattice holds, or nothing where it is a frame or a drawing around text.

    Args:
        grid: The lattice.
        pieces: What is printed around there.
        has_walls: Whether its upright edges are drawn; if not, there is one between any two columns.
    """
    inside = [piece for piece in pieces if grid.holds(piece)]
    if not inside:
        return None
    areas = _areas(grid, has_walls=has_walls)
    header = _header_bands(areas, grid)
    rows = _rows(grid, areas, inside, header=header)
    kept = [column for column in range(len(grid.columns) - 1) if any(row[column] for row in rows)]
    rows = [[row[column] for column in kept] for row in rows if any(row)]
    filled = sum(bool(cell) for row in rows for cell in row)
    if len(kept) < 2 or len(rows) < 2 or filled < _LEAST_FILLED * len(rows) * len(kept):
        return None
    edges = [*(grid.columns[column] for column in kept), grid.columns[-1]]
    return table_of(inside, rows, edges=edges, header=min(header, len(rows) - 1))


def _areas(grid: Grid, *, has_walls: bool) -> dict[Place, Place]:
    """For each band and column the first of those that it is merged with, which may be itself."""
    areas: dict[Place, Place] = {}
    for band in range(len(grid.bands) - 1):
        for column in range(len(grid.columns) - 1):
            areas[band, column] = (band, column)
            if column and has_walls and _is_open_left(grid, band, column):
                areas[band, column] = areas[band, column - 1]
            elif _is_open_above(grid, band, column):
                areas[band, column] = areas[band - 1, column]
    return areas


def _is_open_above(grid: Grid, band: int, column: int) -> bool:
    """Whether no stroke parts a cell from the one above it."""
    if not band:
        return False
    x = (grid.columns[column] + grid.columns[column + 1]) / 2
    return not any(
        each.is_level and abs(each.top - grid.bands[band]) <= _NEAR and each.left <= x <= each.right
        for each in grid.rulings
    )


def _is_open_left(grid: Grid, band: int, column: int) -> bool:
    """Whether no stroke parts a cell from the one on its left."""
    y = (grid.bands[band] + grid.bands[band + 1]) / 2
    return not any(
        not each.is_level and abs(each.left - grid.columns[column]) <= _NEAR and each.bottom <= y <= each.top
        for each in grid.rulings
    )


def _header_bands(areas: dict[Place, Place], grid: Grid) -> int:
    """How many bands the header takes by its merged cells; 0 if nothing is merged side by side in the first band."""
    columns = range(len(grid.columns) - 1)
    depth = 0
    while depth < _DEEPEST_HEADER and (depth, 0) in areas:
        starts = {areas[depth, column] for column in columns}
        if not 1 < len(starts) < len(columns):
            break
        depth += 1
    return depth + 1 if depth else 0


def _rows(grid: Grid, areas: dict[Place, Place], pieces: Sequence[Piece], *, header: int) -> list[Cells]:
    """The rows of cells: one for each band, or by the text where the bands are not the rows."""
    inside: dict[Place, list[Piece]] = {}
    for piece in pieces:
        inside.setdefault(areas[_place(piece, grid)], []).append(piece)
    texts = {place: joined([piece.line for piece in found]) for place, found in inside.items()}
    columns = range(len(grid.columns) - 1)
    bands = len(grid.bands) - 1
    rows: list[Cells] = []
    for band in range(bands):
        if bands - header <= _FEW_BANDS and band >= header:
            found = [piece for piece in pieces if _place(piece, grid)[0] == band]
            rows.extend(row_of(group, grid.columns) for group in text_rows(rows_of(found), grid.columns))
            continue
        starts = [areas[band, column] for column in columns]
        rows.append(
            [
                texts.get(start, "") if band < header or start[1] == column else ""
                for column, start in zip(columns, starts, strict=True)
            ]
        )
    return rows


def _place(piece: Piece, grid: Grid) -> Place:
    """The band and the column that the middle of a piece lies in."""
    x, y = (piece.line.left + piece.line.right) / 2, (piece.line.top + piece.line.bottom) / 2
    column = sum(x > edge for edge in grid.columns[1:-1])
    band = sum(y < edge for edge in grid.bands[1:-1])
    return band, column
