"""A passage and the pieces in it that get vectors of their own.

A piece's vector is pooled from the passage's own word pieces, so a sentence such as "It costs
£4.99." is read in the light of what stands around it, at no further pass through the encoder; the
pooling of Günther et al., "Late Chunking" (2024, arXiv:2409.04701), from chunk to sentence.
"""

from dataclasses import dataclass

import numpy as np

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Offsets = np.ndarray[tuple[int, int], np.dtype[np.int64]]
Range = tuple[int, int]
_TINY = np.float32(1e-12)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with the ranges in it, in code points, that are to have vectors of their own."""

    text: str
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """What the encoder makes of a passage.

    Attributes:
        vector: The whole text's, of unit length; the same as `embed` gives.
        pieces: By range its vector, of unit length. A range beyond what the encoder reads of a
            text has none.
    """

    vector: Vector
    pieces: dict[Range, Vector]


def pool(vectors: Matrix, offsets: Offsets, ranges: tuple[Range, ...]) -> dict[Range, Vector]:
    """The mean of the word pieces that touch each range, brought to unit length.

    Args:
        vectors: Shape `(pieces, size)`, as `TokenVectors.vectors`.
        offsets: Shape `(pieces, 2)`, as `TokenVectors.offsets`.
        ranges: In the same text.
    """
    if not ranges:
        return {}
    places = np.array(ranges, dtype=np.int64)
    inside = (offsets[:, 0] < places[:, 1:]) & (offsets[:, 1] > places[:, :1])
    first, count = inside.argmax(axis=1), inside.sum(axis=1)
    running = np.zeros((len(vectors) + 1, vectors.shape[1]), dtype=np.float32)
    np.cumsum(vectors, axis=0, out=running[1:])  # the pieces of a range follow one another
    sums = running[first + count] - running[first]
    sums /= np.maximum(np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None], _TINY)
    return {place: row for place, row, pieces in zip(ranges, sums, count.tolist(), strict=True) if pieces}


def unit(vector: Vector) -> Vector:
    """The vector brought to length 1; zeros stay zeros."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)
