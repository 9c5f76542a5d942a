"""Plots: what they say to those who do not see them, and what they make of poor values."""

import math
import re

import pytest
from lxml import etree

from openbook.errors import UserError
from openbook.evals.metrics import reliability
from openbook.evals.pages import Bar, Series, bar_plot, histogram, line_plot, reliability_plot

LABELS = {"title": "A plot", "x_label": "Labels", "y_label": "Right"}


def words_of(plot):
    return re.search(r"<desc[^>]*>(.*?)</desc>", plot)[1].replace("\u00a0", " ")


def drawing_of(plot):
    return etree.fromstring(plot).find("{*}svg")


def paths_of(plot, style):
    return [path.get("d") for path in drawing_of(plot).iter("{*}path") if style in path.get("class")]


def test_a_line_says_its_points_in_words():
    plot = line_plot([Series("Retrieval", ((0.1, 0.5), (0.9, 0.75)))], **LABELS)
    assert words_of(plot) == "Right by Labels. Retrieval: 50 % at 10 %, 75 % at 90 %."


def test_a_long_line_says_its_ends_and_its_extremes():
    points = tuple((step / 100, abs(step - 30) / 100) for step in range(101))
    assert words_of(line_plot([Series("Error", points)], **LABELS)) == (
        "Right by Labels. Error: 101 points, from 30 % at 0 %, to 70 % at 100 %; "
        "lowest 0 % at 30 %, highest 70 % at 100 %."
    )


def test_lines_are_told_apart_without_colour():
    points = ((0.0, 0.0), (1.0, 1.0))
    plot = line_plot([Series(name, points) for name in ("one", "two", "three", "four")], **LABELS)
    lines = [path for path in drawing_of(plot).iter("{*}path") if "plot-line" in path.get("class")]
    assert len({path.get("stroke-dasharray") for path in lines}) == 4
    assert re.findall(r"</svg>(\w+)</li>", plot) == ["one", "two", "three", "four"]


def test_a_value_that_is_no_number_leaves_a_gap():
    points = ((0.0, 0.1), (0.2, 0.2), (0.4, math.nan), (0.6, 0.3), (0.8, 0.4))
    (path,) = paths_of(line_plot([Series("a", points)], **LABELS), "plot-line")
    assert (path.count("M"), path.count("L")) == (2, 2)


def test_one_point_is_a_dot_with_its_name_beside_it():
    plot = line_plot(
        [Series("Today", ((3.0, 12.0),))], x_range=None, y_range=None, x_as="number", y_as="number", **LABELS
    )
    assert paths_of(plot, "plot-line") == []
    assert len(paths_of(plot, "plot-mark")) == 1
    assert ">Today</text>" in plot


@pytest.mark.parametrize(
    "plot",
    [
        line_plot([], **LABELS),
        line_plot([Series("a", ((math.nan, 1.0),))], x_range=None, y_range=None, **LABELS),
        bar_plot([], title="A plot"),
        histogram([], title="A plot", x_label="v"),
        histogram([math.nan], title="A plot", x_label="v", x_range=None),
        reliability_plot(()),
    ],
)
def test_a_plot_without_values_says_so(plot):
    assert "There is nothing to show yet." in "".join(drawing_of(plot).itertext())
    assert not re.search(r"\b(nan|inf)\b", plot)


def test_bars_say_value_note_and_interval():
    plot = bar_plot([Bar("Right", 0.62, "62 of 100", 0.52, 0.71), Bar("Unknown", math.nan)], title="Bars")
    assert words_of(plot) == "Right: 62 %, 62 of 100, likely 52 % to 71 %. Unknown: –."


def test_a_histogram_counts_values_beyond_its_ends_to_the_outermost():
    plot = histogram([-5, 0.05, 0.5, 9, math.nan], title="Spread", x_label="Confidence", bins=2)
    assert words_of(plot) == "Confidence. 4 values. 0 % to 50 %: 2. 50 % to 100 %: 2. 1 value left out: no number."


def test_a_reliability_diagram_says_what_was_said_and_what_was_true():
    plot = reliability_plot(reliability([0.9] * 10, [True] * 9 + [False]))
    assert words_of(plot) == "10 answers said to be 90 % sure: 90 % were right, likely 60 % to 98 %."


def test_what_is_drawn_stays_within_the_frame():
    plot = line_plot([Series("a", ((-9.0, 40.0), (0.5, -3.0), (7.0, 0.5)))], **LABELS)
    (path,) = paths_of(plot, "plot-line")
    places = [float(place) for place in re.findall(r"[\d.]+", path)]
    assert all(0 <= place <= 400 for place in places)


@pytest.mark.parametrize("ends", [(-1.7e308, 1.7e308), (0.0, 5e-324), (1e16, 1e16 + 2), (1.0, 1.0 + 1e-15)])
def test_extreme_values_are_drawn_as_well(ends):
    points = tuple((end, end) for end in ends)
    plot = line_plot([Series("a", points)], x_range=None, y_range=None, x_as="number", y_as="number", **LABELS)
    assert not re.search(r"\b(nan|inf)\b", paths_of(plot, "plot-line")[0])


def test_hostile_names_are_text():
    plot = line_plot([Series("<script>1</script>", ((0.5, 0.5),))], title="<b>", x_label="<i>", y_label="'\"")
    assert not re.search(r"<(script|b|i)>", plot)


def test_a_band_that_does_not_fit_its_points_is_refused():
    with pytest.raises(UserError, match="1 lower and 0 upper ends for 2 points"):
        Series("a", ((0, 0), (1, 1)), low=(0.0,))
