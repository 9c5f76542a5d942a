"""Whatever is printed on a page, and wherever: nothing of it gets lost when it is put into order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.ingest.printed.columns import arrange
from openbook.ingest.printed.page import Line, Ruling
from openbook.ingest.printed.tables import PrintedTable

PLACES = st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(1, 4), st.sampled_from([8, 10, 14]))
CORNERS = st.tuples(st.integers(0, 41), st.integers(0, 10), st.integers(1, 41), st.booleans())


def line_of(number: int, place: tuple[int, int, int, int]) -> Line:
    row, column, width, size = place
    left, bottom = 40 + 50.0 * column, 780 - 18.0 * row
    return Line(f"w{number}.", left, left + 45 * width, bottom + size, bottom, size)


def ruling_of(corner: tuple[int, int, int, bool]) -> Ruling:
    row, column, length, is_level = corner
    left, bottom = 38 + 50.0 * column, 778 - 18.0 * row
    return (
        Ruling(left, bottom, left + 15 * length, bottom)
        if is_level
        else Ruling(left, bottom, left, bottom + 18 * length)
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(PLACES, max_size=60), st.lists(CORNERS, max_size=40))
def test_no_word_of_a_page_is_lost(places, corners):
    lines = [line_of(number, place) for number, place in enumerate(places)]
    words = []
    for item in arrange(lines, list(map(ruling_of, corners))):
        texts = [cell for row in item.rows for cell in row] if isinstance(item, PrintedTable) else [item.text]
        words.extend(word for text in texts for word in text.split())
    assert set(words) == {line.text for line in lines}


def test_lines_without_anything_beside_them_stay_as_they_were_written():
    lines = [line_of(number, (row, 0, 4, 10)) for number, row in enumerate([5, 3, 9])]
    assert arrange(lines, [Ruling(30, 100, 300, 100)]) == lines


def test_a_page_on_which_a_table_would_swallow_its_neighbours_stays_as_it_was_written():
    lines = [
        line_of(number, place)
        for number, place in enumerate([(7, 1, 1, 8), (16, 0, 1, 8), (16, 2, 1, 8), (17, 1, 1, 8)])
    ]
    assert arrange(lines, list(map(ruling_of, [(16, 1, 5, True), (16, 2, 10, False)]))) == lines
