"""Plots as inline SVG, made here without a script: lines, bars, a histogram, a reliability diagram.

Each says what it shows in words and numbers for readers who do not see it, and tells its lines apart
by dashes and marks as well as by colour. Values that are not numbers are left out and leave a gap; a
plot without values says so. The pieces are `Markup`: put them into a template as they are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from openbook.evals.metrics import Bin
from openbook.evals.pages.frame import (
    BOTTOM,
    LEFT,
    NOTHING,
    RIGHT,
    TOP,
    WIDTH,
    axes,
    cut,
    figure,
    joined,
    line,
    nothing_in,
    text,
)
from openbook.evals.pages.scale import Range, Scale, spanned
from openbook.evals.pages.series import Series, drawn, keys, said
from openbook.evals.pages.words import UNKNOWN, Kind, count, interval, say

_SHARE: Range = (0.0, 1.0)
_ROW = 46
"""The height of one horizontal bar with its words, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar.

    Attributes:
        value: Its length; not a number where it is not known.
        note: What stands beside the value, such as "36 of 38".
        low: The lower end of the value's interval, where it is known.
        high: Its upper end.
    """

    name: str
    value: float
    note: str = ""
    low: float = math.nan
    high: float = math.nan


def line_plot(
    series: Sequence[Series],
    *,
    title: str,
    x_label: str,
    y_label: str,
    x_range: Range | None = _SHARE,
    y_range: Range | None = _SHARE,
    x_as: Kind = "percent",
    y_as: Kind = "percent",
) -> Markup:
    """Lines through points, with their bands; a series of one point is a dot with its name beside it.

    Args:
        series: The lines; four have looks of their own.
        title: What is shown.
        x_label: What is measured from left to right.
        y_label: What is measured upwards.
        x_range: The ends of that axis, or None for as wide as the points; points beyond lie at its edge.
        y_range: The same upwards.
        x_as: Whether its values are written as shares or as numbers.
        y_as: The same upwards.
    """
    points = [point for each in series for point in each.known]
    ends = [end for each in series for end in (*each.low, *each.high)]
    x = Scale(x_label, *spanned([point[0] for point in points], x_range), x_as, LEFT, RIGHT)
    y = Scale(y_label, *spanned([*(point[1] for point in points), *ends], y_range), y_as, BOTTOM, TOP)
    drawing = axes(x, y) + (drawn(series, x, y) if points else nothing_in(x, y))
    words = f"{y_label} by {x_label}. {' '.join(said(each, x, y) for each in series) if points else NOTHING}"
    return figure(title, words, drawing, keys=keys(series))


def bar_plot(
    bars: Sequence[Bar], *, title: str, value_as: Kind = "percent", value_range: Range | None = _SHARE
) -> Markup:
    """Horizontal bars, one under the other, each with its name, value, note and interval.

    Args:
        bars: From top to bottom.
        title: What is shown.
        value_as: Whether values are written as shares or as numbers.
        value_range: The values at both ends, or None for from 0 (or the least) to the greatest.
    """
    values = [0.0, *(value for bar in bars for value in (bar.value, bar.low, bar.high))]
    scale = Scale("", *spanned(values, value_range), value_as, 2, WIDTH - 2)
    rows = [_row(bar, index * _ROW, scale) for index, bar in enumerate(bars)]
    words = " ".join(_said_bar(bar, value_as) for bar in bars)
    drawing = joined(rows) if rows else text(WIDTH / 2, 26, NOTHING, "middle", "plot-label")
    return figure(title, words or NOTHING, drawing, height=max(_ROW, len(bars) * _ROW))


def _row(bar: Bar, top: float, scale: Scale) -> Markup:
    value = " · ".join(part for part in (say(bar.value, scale.kind), bar.note) if part)
    shown = cut(value, WIDTH * 0.6)
    parts = [
        text(2, top + 15, cut(bar.name, WIDTH - 16 - 7.6 * len(shown)), "start", "plot-name"),
        text(WIDTH - 2, top + 15, shown, "end", "plot-value"),
        _box("plot-track", scale.start, scale.end, top + 22, 11),
    ]
    if math.isfinite(bar.value):
        parts.append(_box("plot-bar", scale.at(max(0.0, scale.low)), scale.at(bar.value), top + 22, 11))
    if math.isfinite(bar.low) and math.isfinite(bar.high):
        low, high, middle = scale.at(bar.low), scale.at(bar.high), top + 27.5
        parts.append(line(low, middle, high, middle, "plot-whisker"))
        parts += [line(end, middle - 5, end, middle + 5, "plot-whisker") for end in (low, high)]
    return joined(parts)


def _box(style: str, start: float, end: float, top: float, height: float) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>').format(
        style, min(start, end), top, round(abs(end - start), 1), height
    )


def _said_bar(bar: Bar, kind: Kind) -> str:
    note = f", {bar.note}" if bar.note else ""
    ends = interval(bar.low, bar.high, kind)
    return f"{bar.name}: {say(bar.value, kind)}{note}{'' if ends == UNKNOWN else f', likely {ends}'}."


def histogram(
    values: Sequence[float],
    *,
    title: str,
    x_label: str,
    y_label: str = "How many",
    x_range: Range | None = _SHARE,
    x_as: Kind = "percent",
    bins: int = 10,
) -> Markup:
    """How many values lie in each of `bins` equal stretches; values beyond the range count to the outermost."""
    known = [value for value in values if math.isfinite(value)]
    low, high = spanned(known, x_range)
    counts = _counted(known, low, high, max(1, bins))
    x = Scale(x_label, low, high, x_as, LEFT, RIGHT)
    y = Scale(y_label, *spanned([0, 5, *counts], None), "number", BOTTOM, TOP)
    edges = [low + (high - low) * index / len(counts) for index in range(len(counts) + 1)]
    columns = joined(_column(x, y, edges[index : index + 2], amount) for index, amount in enumerate(counts) if amount)
    words = [count(len(known), "value") + "."]
    words += [
        f"{interval(edges[index], edges[index + 1], x_as)}: {amount}." for index, amount in enumerate(counts) if amount
    ]
    if left_out := len(values) - len(known):
        words.append(f"{count(left_out, 'value')} left out: no number.")
    drawing = axes(x, y) + (columns if known else nothing_in(x, y))
    return figure(title, f"{x_label}. {' '.join(words) if values else NOTHING}", drawing)


def _counted(values: Sequence[float], low: float, high: float, bins: int) -> list[int]:
    counts = [0] * bins
    for value in values:
        counts[min(max(int((value - low) / (high - low) * bins), 0), bins - 1)] += 1
    return counts


def _column(x: Scale, y: Scale, edges: Sequence[float], amount: int) -> Markup:
    left, right, top = x.at(edges[0]) + 1, x.at(edges[1]) - 1, y.at(amount)
    box = Markup('<rect class="plot-bar" x="{}" y="{}" width="{}" height="{}"/>').format(
        left, top, round(max(1.0, right - left), 1), round(y.start - top, 1)
    )
    return box + text((left + right) / 2, top - 5, str(amount), "middle", "plot-value")


def reliability_plot(bins: Sequence[Bin], *, title: str = "Does the confidence keep its word?") -> Markup:
    """How often answers were right, by how sure they were said to be; on the diagonal both agree.

    Args:
        bins: As `openbook.evals.metrics.reliability` gives them; those without cases are left out.
        title: What is shown.
    """
    known = sorted((each for each in bins if each.cases), key=lambda each: each.confidence)
    found = Series(
        "Openbook",
        tuple((each.confidence, each.right) for each in known),
        tuple(each.right_low for each in known),
        tuple(each.right_high for each in known),
    )
    x = Scale("How sure it said it was", *_SHARE, "percent", LEFT, RIGHT)
    y = Scale("How often it was right", *_SHARE, "percent", BOTTOM, TOP)
    diagonal = Series("Exactly as sure as right", ((0.0, 0.0), (1.0, 1.0)), quiet=True)
    sides = text(LEFT + 10, TOP + 18, "more often right than said", "start", "plot-label")
    sides += text(RIGHT - 10, BOTTOM - 12, "less often right than said", "end", "plot-label")
    drawing = axes(x, y) + sides + (drawn([diagonal, found], x, y) if found.known else nothing_in(x, y))
    words = [_said_bin(each) for each in known]
    return figure(title, " ".join(words) or NOTHING, drawing, keys=keys([diagonal, found]))


def _said_bin(each: Bin) -> str:
    ends = interval(each.right_low, each.right_high)
    return (
        f"{count(each.cases, 'answer')} said to be {say(each.confidence, 'percent')} sure: "
        f"{say(each.right, 'percent')} were right{'' if ends == UNKNOWN else f', likely {ends}'}."
    )
