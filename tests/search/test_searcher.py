"""What a search shows: only what is live, valid and allowed, the best first, in an order that no id decides."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from openbook.errors import NotFound
from openbook.stores.index import Point, Scope
from openbook.types import Metadata, Query
from search.shelf import Shelf

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = "A refund takes three days."


def _paths(shelf, text="refund", **options):
    return sorted(hit.path for hit in shelf.search(text, **options))


def _put(shelf, path, text=TEXT, **metadata):
    return shelf.put(path, text, defaults=Metadata(**metadata))


def test_what_is_no_longer_or_not_yet_valid_is_not_shown(shelf):
    _put(shelf, "always.txt")
    _put(shelf, "over.txt", valid_until=NOW - DAY)
    _put(shelf, "soon.txt", valid_from=NOW + DAY)
    _put(shelf, "now.txt", valid_from=NOW - DAY, valid_until=NOW + DAY)
    assert _paths(shelf, at=NOW) == ["always.txt", "now.txt"]
    assert _paths(shelf, at=NOW + 2 * DAY) == ["always.txt", "soon.txt"]
    assert _paths(shelf, at=NOW - 3 * DAY) == ["always.txt", "over.txt"]


def test_validity_begins_with_its_first_moment_and_ends_before_its_last(shelf):
    _put(shelf, "day.txt", valid_from=NOW, valid_until=NOW + DAY)
    moment = timedelta(microseconds=1)
    assert _paths(shelf, at=NOW - moment) == []
    assert _paths(shelf, at=NOW) == ["day.txt"]
    assert _paths(shelf, at=NOW + DAY - moment) == ["day.txt"]
    assert _paths(shelf, at=NOW + DAY) == []


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_approved_is_not_shown(shelf, status):
    _put(shelf, "approved.txt", status="approved")
    _put(shelf, f"{status}.txt", status=status)
    assert _paths(shelf) == ["approved.txt"]


def test_what_other_audiences_may_see_is_not_shown(shelf):
    _put(shelf, "public.txt")
    _put(shelf, "staff.txt", audiences=("staff",))
    _put(shelf, "both.txt", audiences=("partner", "public"))
    assert _paths(shelf) == ["both.txt", "public.txt"]
    assert _paths(shelf, audiences=("staff",)) == ["staff.txt"]
    assert _paths(shelf, audiences=("staff", "public")) == ["both.txt", "public.txt", "staff.txt"]
    assert _paths(shelf, audiences=()) == []


def test_the_tables_decide_even_when_the_index_shows_what_it_must_not(shelf):
    """A point that the index still gives everybody is not shown when its version is for staff alone."""
    _put(shelf, "public.txt")
    _put(shelf, "staff.txt", audiences=("staff",))
    _loosen(shelf)
    assert len(_index_ids(shelf)) == 2
    assert _paths(shelf) == ["public.txt"]


def _loosen(shelf):
    vector = shelf.embedder.embed_query(TEXT)
    loosened = [Point(number, vector, TEXT, ("public",), "", "") for number in shelf.live_chunk_ids()]
    shelf.index.upsert("main", loosened)


def _index_ids(shelf):
    found = shelf.index.search("main", vector=None, words="refund", scope=Scope(("public",)), limit=9)
    return [candidate.id for candidate in found]


def test_a_language_and_a_product_narrow_what_is_shown(shelf):
    _put(shelf, "de-app.txt", locale="de", product="app")
    _put(shelf, "de-web.txt", locale="de", product="web")
    _put(shelf, "en-app.txt", locale="en", product="app")
    _put(shelf, "none.txt")
    assert _paths(shelf, locale="de") == ["de-app.txt", "de-web.txt", "none.txt"]
    assert _paths(shelf, locale="de", product="app") == ["de-app.txt", "none.txt"]


def test_what_is_left_is_found_when_most_candidates_are_hidden(shelf):
    drafts = [(f"draft-{number:03}.md", f"---\nstatus: draft\n---\n{'refund ' * 4}{number}") for number in range(120)]
    _put(shelf, "shown.txt", "Once a refund was mentioned here, among many other words about parcels.")
    shelf.publish(*drafts)
    assert _paths(shelf, limit=3) == ["shown.txt"]


def test_equal_scores_come_in_order_of_path_and_place(shelf):
    steps = "\n\n".join(["# Refund\n\nA refund takes three days."] * 3)
    for path in ("c.txt", "a.txt", "b.txt"):
        _put(shelf, path)
    _put(shelf, "0.md", steps)
    hits = shelf.search("refund", limit=20)
    for first, second in pairwise(hits):
        assert (-first.score, first.path, first.start) < (-second.score, second.path, second.start)
    assert [hit.path for hit in hits if hit.path.endswith(".txt")] == ["a.txt", "b.txt", "c.txt"]


def test_ranks_count_from_one_and_scores_fall(shelf):
    for number in range(6):
        _put(shelf, f"{number}.txt", f"A refund{' and an order' * number}.")
    hits = shelf.search("refund", limit=4)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score == pytest.approx(sum(hit.parts.values())) for hit in hits)


def test_a_hit_names_the_retrievers_that_returned_it(shelf):
    _put(shelf, "refund.txt")
    _put(shelf, "parcel.txt", "A parcel is on its way.")
    by_path = {hit.path: hit for hit in shelf.search("refund")}
    assert by_path["refund.txt"].retrievers == ("dense", "keyword")
    assert by_path["parcel.txt"].retrievers == ("dense",)
    assert by_path["parcel.txt"].keyword is None


def test_a_hit_holds_the_very_characters_of_its_version(shelf):
    sent = shelf.put("guide.md", f"# Guide\n\n## Refunds\n\n{TEXT}\n\n## Post\n\nParcels leave daily.")
    [version] = shelf.versions(sent.document_id)
    hits = shelf.search("refund parcels")
    assert hits
    for hit in hits:
        assert version.source_text[hit.start : hit.end] == hit.text
        assert all(hit.start <= sentence.start < sentence.end <= hit.end for sentence in hit.sentences)


def test_without_an_encoder_words_alone_are_searched(tmp_path):
    shelf = Shelf.open(tmp_path / "shelf", keyword_only=True)
    _put(shelf, "refund.txt")
    _put(shelf, "parcel.txt", "A parcel is on its way.")
    result = shelf.searcher.search(Query("refund"))
    assert result.keyword_only
    [hit] = result.hits
    assert (hit.path, hit.dense, hit.retrievers, hit.score) == ("refund.txt", None, ("keyword",), 1.0)
    shelf.close()


def test_knowledge_added_without_an_encoder_is_found_by_meaning_after_a_rebuild_with_one(tmp_path):
    bare = Shelf.open(tmp_path / "shelf", keyword_only=True)
    _put(bare, "refund.txt")
    bare.close()
    shelf = Shelf.open(tmp_path / "shelf")
    assert shelf.search("refund")[0].dense is None
    shelf.publisher.rebuild("main")
    assert shelf.search("refund")[0].dense > 0
    shelf.close()


def test_an_unknown_tenant_is_named_with_the_command_that_makes_it(shelf):
    _put(shelf, "refund.txt")
    with pytest.raises(NotFound, match="There is no tenant 'nobody'") as caught:
        shelf.search("refund", tenant="nobody")
    assert "--tenant nobody" in caught.value.fix
    assert [place.name for place in (shelf.folder / "index").iterdir()] == [shelf.index._place("main").name]


def test_a_search_before_anything_was_added_is_an_unknown_tenant(shelf):
    with pytest.raises(NotFound):
        shelf.search("refund")


@pytest.mark.parametrize("text", ["", " ", "?", "\x00\x1b", "\u202e", "\ud800", "refund " * 3000])
def test_any_question_can_be_searched(shelf, text):
    _put(shelf, "refund.txt")
    assert [hit.path for hit in shelf.search(text)] in ([], ["refund.txt"])


def test_the_generation_tells_every_change_of_what_is_live(shelf):
    sent = _put(shelf, "refund.txt")
    first = shelf.searcher.search(Query("refund")).generation
    assert shelf.searcher.search(Query("refund")).generation == first
    _put(shelf, "refund.txt", TEXT + " At most.")
    second = shelf.searcher.search(Query("refund")).generation
    shelf.publisher.withdraw("main", [sent.document_id])
    assert first < second < shelf.searcher.search(Query("refund")).generation


def test_hidden_documents_never_move_a_visible_score(shelf):
    _put(shelf, "refund.txt")
    _put(shelf, "parcel.txt", "A parcel takes two days.")
    before = [(hit.path, hit.score, hit.parts) for hit in shelf.search("refund days")]
    for number in range(12):
        _put(shelf, f"staff-{number}.txt", f"refund refund days {number}", audiences=("staff",))
    assert [(hit.path, hit.score, hit.parts) for hit in shelf.search("refund days")] == before
