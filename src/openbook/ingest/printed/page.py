"""What is printed on a page: lines, their pieces, and the straight strokes between them."""

from dataclasses import dataclass, field
from typing import NamedTuple

LINES_LIMIT = 2_000
"""A page with more lines is a drawing or an attack, and is not looked at for columns."""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its text and, in points, its edges and the size of its letters.

    The text is never empty and has no white space around it. A size of 0 means that the place is not known.
    `pieces` are the parts of it between wide gaps, themselves lines; empty if there is only one.
    """

    text: str
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    size: float = 0.0
    is_bold: bool = False
    pieces: tuple["Line", ...] = ()


class Ruling(NamedTuple):
    """A straight stroke, or an edge of a box, level or upright; in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_level(self) -> bool:
        """Whether it runs from left to right, not upwards."""
        return self.right - self.left >= self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Page:
    """A printed page.

    Attributes:
        lines: In the order in which they were written.
        rulings: Strokes and edges of boxes.
        width: In points.
        height: In points.
        pictures: The share of the page that pictures cover.
        is_cut: Whether it holds more than was read.
    """

    lines: list[Line] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    pictures: float = 0.0
    is_cut: bool = False
