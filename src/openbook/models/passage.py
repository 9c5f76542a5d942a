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
    pooled: dict[Range, Vector] = {}
    for start, end in ranges:
        inside = (offsets[:, 0] < end) & (offsets[:, 1] > start)
        if inside.any():
            pooled[(start, end)] = unit(vectors[inside].mean(axis=0))
    return pooled


def unit(vector: Vector) -> Vector:
    """The vector brought to length 1; zeros stay zeros."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)
