"""What every plot has around its drawing: the figure with its words, the axes, the grid, the labels.

The drawing scales with the reader's letters and shrinks with a narrow screen; its colours are the
custom properties of `templates/style.css`. Without that style it is black on white and readable.
"""

from collections.abc import Iterable

from markupsafe import Markup

from openbook.evals.pages.scale import Scale
from openbook.hashing import hash_text

WIDTH, HEIGHT = 400, 264
LEFT, RIGHT, TOP, BOTTOM = 52, 380, 32, 222
_NO_KEYS = Markup("")
NOTHING = "There is nothing to show yet."
_LETTER = 7.2
"""The width of a letter on a narrow screen, in units of the drawing."""


def figure(title: str, description: str, drawing: Markup, *, height: float = HEIGHT, keys: Markup = _NO_KEYS) -> Markup:
    """A whole plot: its title above, the drawing, and below what tells its lines apart.

    Args:
        title: What is shown, in words.
        description: What is seen, in words and numbers, for those who do not see it.
        drawing: What goes into the picture.
        height: Of the picture, at a width of `WIDTH`.
        keys: What tells the lines apart, or nothing.
    """
    name = f"plot-{hash_text(title + description)[:10]}"
    return Markup(
        '<figure class="plot"><figcaption>{title}</figcaption>'
        '<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-title" aria-describedby="{name}-words">'
        '<title id="{name}-title">{title}</title><desc id="{name}-words">{description}</desc>'
        '<g aria-hidden="true">{drawing}</g></svg>{keys}</figure>'
    ).format(
        title=title, description=description, drawing=drawing, keys=keys, name=name, width=WIDTH, height=round(height)
    )


def axes(x: Scale, y: Scale) -> Markup:
    """The grid with the names of its values, and what is measured: along the foot, and above the left edge."""
    parts = [_row(y, value, x) for value in y.ticks()]
    parts += [text(x.at(value), y.start + 17, x.say(value), "middle") for value in x.ticks()]
    parts.append(line(x.start, y.start, x.end, y.start, "plot-axis"))
    parts.append(text(WIDTH / 2 + LEFT / 2, HEIGHT - 6, cut(x.label, WIDTH), "middle", "plot-label"))
    parts.append(text(4, 14, cut(y.label, WIDTH), "start", "plot-label"))
    return joined(parts)


def _row(y: Scale, value: float, x: Scale) -> Markup:
    place = y.at(value)
    return line(x.start, place, x.end, place, "plot-grid") + text(x.start - 7, place + 4, y.say(value), "end")


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> Markup:
    """A straight line."""
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(style, x1, y1, x2, y2)


def text(x: float, y: float, words: str, anchor: str, style: str = "plot-tick") -> Markup:
    """A line of words; `anchor` is `start`, `middle` or `end`."""
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(style, x, y, anchor, words)


def nothing_in(x: Scale, y: Scale) -> Markup:
    """Words in place of a drawing that has no values."""
    return text((x.start + x.end) / 2, (y.start + y.end) / 2, NOTHING, "middle", "plot-label")


def cut(words: str, room: float) -> str:
    """As much of the words as fits into so many units of the drawing."""
    letters = max(1, int(room / _LETTER))
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def joined(parts: Iterable[Markup]) -> Markup:
    """Pieces one after another."""
    return Markup("").join(parts)
