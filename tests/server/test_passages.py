"""Passages in their surroundings, and whole texts in readable parts."""

from hypothesis import given
from hypothesis import strategies as st

from openbook.server.passages import parts_of, stretches_of
from openbook.types import Span, Version, utc_now

TEXT = "First part.\n\n" + "word " * 200 + "needle " + "word " * 200 + "\n\nThe end is near."


def version_of(text):
    return Version("doc_1", 1, "Title", "live", "", utc_now(), None, "", text)


def marked(stretches, number):
    return "".join(run.text for stretch in stretches for run in stretch.runs if run.span == number)


def test_a_passage_is_shown_with_some_words_around_it():
    start = TEXT.index("needle")
    [stretch] = stretches_of(version_of(TEXT), [Span(start, start + 6)])
    assert marked([stretch], 0) == "needle"
    assert (stretch.cut_before, stretch.cut_after) == (True, True)
    assert 100 < sum(len(run.text) for run in stretch.runs) < 600


def test_passages_far_apart_are_shown_apart_and_near_ones_together():
    version = version_of(TEXT)
    assert len(stretches_of(version, [Span(0, 5), Span(len(TEXT) - 5, len(TEXT))])) == 2
    assert len(stretches_of(version, [Span(0, 5), Span(6, 10)])) == 1


@given(
    st.text("ab.é𝄞 \n", max_size=300),
    st.lists(st.tuples(st.integers(-5, 320), st.integers(-5, 320)), max_size=5),
)
def test_any_spans_of_any_text_are_shown_as_they_stand_there(text, pairs):
    letters = "".join(text.split())
    for stretch in stretches_of(version_of(text), [Span(start, end) for start, end in pairs]):
        assert "".join("".join(run.text.split()) for run in stretch.runs) in letters


@given(st.text("ab.é𝄞 \n", max_size=300), st.integers(0, 320), st.integers(0, 320))
def test_a_whole_text_loses_nothing_but_white_space(text, start, end):
    parts = parts_of(version_of(text), Span(start, end))
    shown = "".join(run.text for part in parts for row in part.rows for cell in row for run in cell)
    assert "".join(shown.split()) == "".join(text.split())
