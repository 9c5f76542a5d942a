"""Pairs of vectors that are near each other, found block by block, so that memory stays bounded."""

from collections.abc import Callable, Iterator

import numpy as np

from openbook.stores.vectors import Matrix

Places = np.ndarray[tuple[int], np.dtype[np.intp]]
Kept = np.ndarray[tuple[int], np.dtype[np.bool_]]
_BLOCK = 512


def near_pairs(
    vectors: Matrix, *, least: float, most: int, keep: Callable[[Places, Places], Kept]
) -> Iterator[tuple[int, int, float]]:
    """Pairs of rows, the lower place first, whose cosine is high enough.

    Time grows with the square of the rows; memory with the rows, and with `most`.

    Args:
        vectors: Rows of unit length.
        least: The lowest cosine that counts.
        most: How many pairs at most each row has with later rows, the nearest.
        keep: For places of first and second rows, which of these pairs count; asked before `most` does.

    Yields:
        Both places and the cosine.
    """
    for begin in range(0, len(vectors), _BLOCK):
        cosines = vectors[begin : begin + _BLOCK] @ vectors[begin:].T
        rows, columns = np.nonzero(cosines >= least)
        later = columns > rows
        rows, columns = rows[later], columns[later]
        wanted = keep(rows + begin, columns + begin)
        rows, columns = rows[wanted], columns[wanted]
        found = cosines[rows, columns]
        for place in _nearest(rows, found, most):
            yield int(rows[place]) + begin, int(columns[place]) + begin, float(found[place])


def _nearest(rows: Places, cosines: Matrix, most: int) -> Places:
    """Places of the nearest `most` of each row."""
    order = np.lexsort((-cosines, rows))
    ordered = rows[order]
    starts = np.searchsorted(ordered, ordered)
    return order[np.arange(len(order)) - starts < most]
