"""The closer look: what adds up to a score, and what is put first, joined, or set back."""

from datetime import UTC, datetime

import pytest

from openbook.types import Metadata
from search.shelf import Shelf

OLD, NEW = datetime(2025, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
RETURNS = (
    "You can return a jacket within {} days of its delivery. Put it back into its bag, print the label in your "
    "account, stick it on the parcel and hand the parcel over at any post office in the country."
)
LIKE_RETURNS = (
    "You can return a jacket within thirty days of its delivery. Put it back into its bag, note the number in your "
    "account, and bring the parcel to one of our shops together with the receipt."
)


def _put(shelf, path, text, updated_at=None):
    return shelf.put(path, text, defaults=Metadata(updated_at=updated_at)).document_id


def _paths(hits):
    return [hit.path for hit in hits]


def test_the_terms_of_the_sum_add_up_to_the_score(shelf):
    _put(shelf, "returns.md", "# Returns\n\nReturn a jacket within 30 days.\n\n## Related articles\n\n- Return a lamp")
    _put(shelf, "old.txt", RETURNS.format("thirty"), OLD)
    _put(shelf, "new.txt", LIKE_RETURNS, NEW)
    _put(shelf, "code.txt", "E-21 means that the tank is empty.")
    hits = shelf.search("May I return the jacket that shows E-21?")
    assert {name for hit in hits for name in hit.parts} == {
        *("dense", "sentence", "keyword", "coverage", "exact"),
        *("leads_elsewhere", "older"),
    }
    assert all(hit.score == pytest.approx(sum(hit.parts.values())) for hit in hits)
    assert all(hit.score <= 1 for hit in hits)


def test_a_hit_knows_how_near_each_of_its_sentences_is(shelf):
    _put(shelf, "tea.txt", "Tea is kept dry. A refund takes three days. Lamps are bright.")
    [hit] = shelf.search("A refund takes three days.")
    assert len(hit.sentence_scores) == len(hit.sentences) == 3
    assert hit.sentence_scores[1] == pytest.approx(1, abs=0.01)
    assert max(hit.sentence_scores[0], hit.sentence_scores[2]) < hit.dense < hit.sentence_scores[1]
    assert hit.parts["sentence"] / hit.parts["dense"] == pytest.approx(1.5 * hit.sentence_scores[1] / hit.dense)


def test_what_has_the_exact_identifier_comes_first(shelf):
    for code in ("E-20", "E-21", "E-22", "E-23"):
        _put(shelf, f"{code}.txt", f"Machine shows error {code}: error {code} means machine error.")
    _put(
        shelf, "long.txt", "Of all that may befall it in a long life, e21 tells of an empty tank, as the manual has it."
    )
    hits = shelf.search("Which error of the machine is E-21?")
    assert {hit.path for hit in hits[:2]} == {"E-21.txt", "long.txt"}
    assert [hit.parts["exact"] for hit in hits] == [0.5, 0.5, 0, 0, 0]


def test_of_two_identifiers_each_counts_half(shelf):
    _put(shelf, "both.txt", "E-21 is followed by E-35 when the tank is empty.")
    _put(shelf, "one.txt", "E-35 says that the lid is open.")
    assert [hit.parts["exact"] for hit in shelf.search("E-21 and E-35")] == [0.5, 0.25]


def test_near_duplicates_are_shown_once_in_the_newer_words(shelf):
    old = _put(shelf, "old.txt", RETURNS.format("thirty"), OLD)
    _put(shelf, "new.txt", RETURNS.format("sixty"), NEW)
    [hit] = shelf.search("How can a jacket be returned?")
    assert (hit.path, hit.same_as) == ("new.txt", (old,))
    assert "sixty" in hit.text


def test_near_duplicates_of_one_age_are_shown_in_the_better_ones_words(shelf):
    _put(shelf, "a.txt", RETURNS.format("thirty"), NEW)
    sixty = _put(shelf, "b.txt", RETURNS.format("sixty"), NEW)
    [hit] = shelf.search("Are jackets returned within thirty days?")
    assert (hit.path, hit.same_as) == ("a.txt", (sixty,))


def test_articles_that_differ_in_what_is_asked_for_are_no_duplicates(shelf):
    steps = (
        "On {} the water tank is empty: take it out, fill it up to its mark, put it back and press the start button."
    )
    _put(shelf, "e21.txt", steps.format("E-21"), OLD)
    _put(shelf, "e22.txt", steps.format("E-22"), NEW)
    best, *_ = shelf.search("What do I do on E-21?")
    assert "E-21" in best.text


def test_an_older_article_on_much_the_same_is_set_back(shelf):
    _put(shelf, "old.txt", RETURNS.format("thirty"), OLD)
    _put(shelf, "new.txt", LIKE_RETURNS, NEW)
    by_path = {hit.path: hit for hit in shelf.search("How can a jacket be returned?")}
    assert by_path["old.txt"].parts["older"] < 0
    assert "older" not in by_path["new.txt"].parts
    assert by_path["old.txt"].same_as == by_path["new.txt"].same_as == ()


@pytest.mark.parametrize("dates", [(NEW, NEW), (None, NEW), (OLD, None)])
def test_without_a_newer_date_nothing_is_set_back(shelf, dates):
    for path, text, date in zip("ab", (RETURNS.format("thirty"), LIKE_RETURNS), dates, strict=True):
        _put(shelf, f"{path}.txt", text, date)
    hits = shelf.search("How can a jacket be returned?")
    assert len(hits) == 2
    assert all("older" not in hit.parts for hit in hits)


def test_an_older_article_on_something_else_is_not_set_back(shelf):
    _put(shelf, "lamps.txt", "A lamp is returned in its box, with the bulb taken out.", OLD)
    _put(shelf, "jackets.txt", RETURNS.format("thirty"), NEW)
    assert all("older" not in hit.parts for hit in shelf.search("How can a lamp be returned?"))


@pytest.mark.parametrize("heading", ["Related articles", "See also", "Siehe auch", "Weitere Hilfe"])
def test_a_list_of_links_comes_behind_what_it_leads_to(shelf, heading):
    links = f"# Lamps\n\nLamps are bright.\n\n## {heading}\n\n- Return a jacket\n"
    _put(shelf, "lamps.md", links)
    _put(shelf, "jackets.txt", "Return a jacket in its bag.")
    first, second, *_ = shelf.search("Return a jacket")
    assert (first.path, second.path) == ("jackets.txt", "lamps.md")
    assert second.score - second.parts["leads_elsewhere"] > first.score


def test_a_heading_that_only_begins_like_one_of_links_leads_nowhere(shelf):
    _put(shelf, "jackets.md", "# Jackets\n\n## Related costs of returns\n\nReturning a jacket costs two pounds.")
    assert all("leads_elsewhere" not in hit.parts for hit in shelf.search("Return a jacket"))


def test_without_vectors_words_alone_make_the_score(tmp_path):
    shelf = Shelf.open(tmp_path / "shelf", keyword_only=True)
    _put(shelf, "jackets.txt", "Return a jacket in its bag.")
    _put(shelf, "lamps.txt", "Return a lamp in its box.")
    best, other = shelf.search("Return a jacket")
    shelf.close()
    assert (best.path, best.score) == ("jackets.txt", pytest.approx(1))
    assert (best.parts["dense"], best.parts["sentence"], best.sentence_scores) == (0, 0, ())
    assert 0 < other.parts["coverage"] < best.parts["coverage"] == pytest.approx(0.6)
