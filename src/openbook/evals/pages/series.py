"""One line of a plot: its points, how it is drawn and how it is told apart from others.

A line has a dash, a mark and a colour of its own; a series of one point is a dot with its name beside
it; a quiet one is a thin line to compare with. Knows no axes' labels and no figure around it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from openbook.errors import UserError
from openbook.evals.pages.frame import RIGHT, cut, joined, line, text
from openbook.evals.pages.scale import Scale
from openbook.evals.pages.words import count

Point = tuple[float, float]
_DASHES = ("none", "7 4", "2 3.5", "10 3 2 3")
_MARKED = 24
"""Up to how many points each has its own mark."""
_SAID = 12
"""Up to how many points a description names each."""
_LINE_HEIGHT = 17


@dataclass(frozen=True, slots=True)
class Series:
    """A line through points, in the order given.

    Attributes:
        name: What the line is, in words.
        points: Pairs of x and y; where one is not a number, the line has a gap.
        low: The lower end of the band around each point, one for each, or empty for no band.
        high: Its upper end.
        quiet: Whether it is only there to compare with, such as a diagonal or a limit.

    Raises:
        UserError: The band has not as many ends as there are points.
    """

    name: str
    points: tuple[Point, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    quiet: bool = False

    def __post_init__(self) -> None:
        if {len(self.low), len(self.high)} not in ({0}, {len(self.points)}):
            raise UserError(
                f"The band of {self.name!r} has {len(self.low)} lower and {len(self.high)} upper ends "
                f"for {len(self.points)} points.",
                fix="Give one lower and one upper end for each point, or none.",
            )

    @property
    def known(self) -> tuple[Point, ...]:
        """The points of which both values are numbers."""
        return tuple(point for point in self.points if _finite(point))


def _finite(point: Sequence[float]) -> bool:
    return all(map(math.isfinite, point))


def drawn(series: Sequence[Series], x: Scale, y: Scale) -> Markup:
    """Every series: bands lowest, then lines, then dots and their names."""
    styles = styled(series)
    bands = [_band(each, style, x, y) for each, style in styles]
    lines = [_curve(each, style, x, y) for each, style in styles if len(each.known) > 1]
    alone = [(each, style) for each, style in styles if len(each.known) == 1]
    dots = [_mark(x.at(each.known[0][0]), y.at(each.known[0][1]), style, 5.5) for each, style in alone]
    return joined([*bands, *lines, *dots, _names([each for each, _ in alone], x, y)])


def styled(series: Sequence[Series]) -> list[tuple[Series, int]]:
    """Each series with the number of its look, from 1; 0 for a quiet one."""
    looks, found = 0, []
    for each in series:
        looks += not each.quiet
        found.append((each, 0 if each.quiet else (looks - 1) % len(_DASHES) + 1))
    return found


def _curve(series: Series, style: int, x: Scale, y: Scale) -> Markup:
    if not style:
        return Markup('<path class="plot-quiet" fill="none" stroke-dasharray="3 3" d="{}"/>').format(
            _path(series.points, x, y)
        )
    path = Markup('<path class="plot-line plot-look-{}" fill="none" stroke-dasharray="{}" d="{}"/>').format(
        style, _DASHES[style - 1], _path(series.points, x, y)
    )
    few = series.known if len(series.known) <= _MARKED else ()
    return path + joined(_mark(x.at(across), y.at(up), style, 3.5) for across, up in few)


def _path(points: Sequence[Point], x: Scale, y: Scale) -> str:
    """A line that begins anew after each gap."""
    steps, pen_down = [], False
    for point in points:
        if _finite(point):
            steps.append(f"{'L' if pen_down else 'M'}{x.at(point[0])} {y.at(point[1])}")
        pen_down = _finite(point)
    return "".join(steps)


def _band(series: Series, style: int, x: Scale, y: Scale) -> Markup:
    """The band as a surface for each stretch without a gap, or as an upright stroke where that is one point."""
    ends = [(*point, low, high) for point, low, high in zip(series.points, series.low, series.high, strict=False)]
    stretches = [list(members) for known, members in groupby(ends, key=_finite) if known]
    return joined(_stretch(stretch, style, x, y) for stretch in stretches)


def _stretch(ends: Sequence[tuple[float, float, float, float]], style: int, x: Scale, y: Scale) -> Markup:
    if len(ends) == 1:
        across, _, low, high = ends[0]
        return line(x.at(across), y.at(low), x.at(across), y.at(high), f"plot-whisker plot-look-{style}")
    around = [(across, high) for across, _, _, high in ends] + [(across, low) for across, _, low, _ in reversed(ends)]
    return Markup('<path class="plot-band plot-look-{}" fill-opacity="0.16" stroke="none" d="{}Z"/>').format(
        style, _path(around, x, y)
    )


def _mark(across: float, up: float, style: int, size: float) -> Markup:
    """A disc, a square, a triangle or a diamond, by the number of the look."""
    shapes = {
        2: f"M{-size} {-size}H{size}V{size}H{-size}Z",
        3: f"M0 {-1.3 * size:g}L{1.2 * size:g} {size}H{-1.2 * size:g}Z",
        4: f"M0 {-1.4 * size:g}L{1.4 * size:g} 0L0 {1.4 * size:g}L{-1.4 * size:g} 0Z",
    }
    round_one = f"M{-size} 0a{size} {size} 0 1 0 {2 * size} 0a{size} {size} 0 1 0 {-2 * size} 0Z"
    return Markup('<path class="plot-mark plot-look-{}" transform="translate({} {})" d="{}"/>').format(
        style, across, up, shapes.get(style, round_one)
    )


def _names(series: Sequence[Series], x: Scale, y: Scale) -> Markup:
    """The names of single points, each beside its dot, towards the middle and clear of other names."""
    found, used = [], list[float]()
    for each in series:
        across, up = x.at(each.known[0][0]), y.at(each.known[0][1])
        step = _LINE_HEIGHT if up < (y.start + y.end) / 2 else -_LINE_HEIGHT
        place = up + step / 3
        while any(abs(place - other) < _LINE_HEIGHT for other in used):
            place += step
        used.append(place)
        if across < (x.start + x.end) / 2:
            found.append(text(across + 9, place, cut(each.name, RIGHT - across), "start", "plot-name"))
        else:
            found.append(text(across - 9, place, cut(each.name, across - x.start), "end", "plot-name"))
    return joined(found)


def keys(series: Sequence[Series]) -> Markup:
    """What each line looks like, with its name; nothing for one line alone."""
    lines = [(each, style) for each, style in styled(series) if len(each.known) > 1]
    if len(lines) < 2:
        return Markup("")
    return Markup('<ul class="plot-keys">{}</ul>').format(joined(_key(each.name, style) for each, style in lines))


def _key(name: str, style: int) -> Markup:
    dash, look = (_DASHES[style - 1], f"plot-line plot-look-{style}") if style else ("3 3", "plot-quiet")
    return Markup(
        '<li><svg viewBox="0 0 34 12" width="34" height="12" aria-hidden="true">'
        '<path class="{}" stroke-dasharray="{}" d="M1 6H33"/>{}</svg>{}</li>'
    ).format(look, dash, _mark(17, 6, style, 3.5) if style else "", name)


def said(series: Series, x: Scale, y: Scale) -> str:
    """One series in words: every point if they are few, else both ends, the lowest and the highest."""
    known = series.known
    if not known:
        return f"{series.name}: no value."
    if len(known) <= _SAID:
        return f"{series.name}: {', '.join(_said(point, x, y) for point in known)}."
    lowest, highest = min(known, key=lambda point: point[1]), max(known, key=lambda point: point[1])
    return (
        f"{series.name}: {count(len(known), 'point')}, from {_said(known[0], x, y)}, to {_said(known[-1], x, y)}; "
        f"lowest {_said(lowest, x, y)}, highest {_said(highest, x, y)}."
    )


def _said(point: Point, x: Scale, y: Scale) -> str:
    return f"{y.say(point[1])} at {x.say(point[0])}"
