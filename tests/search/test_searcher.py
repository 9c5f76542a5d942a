"""What a search shows: only what is live, valid and allowed, the best first, in an order that no id decides."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from openbook.errors import NotFound
from openbook.stores.index import Point, Scope
from openbook.types import Metadata, Query
from search.shelf import REFUNDS, Shelf

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


def test_a_search_for_nothing_finds_nothing(shelf):
    shelf.publish(("refunds.md", REFUNDS))
    for nothing in ("", "  \n "):
        found = shelf.searcher.search(Query(nothing))
        assert (found.parts, found.hits) == ((), ())


def test_equal_scores_come_in_order_of_path_and_place(tmp_path):
    shelf = Shelf.open(tmp_path / "shelf", keyword_only=True)
    _put(shelf, "cedar.txt", "Refund apples bring plums.")
    _put(shelf, "amber.txt", "Refund cats chase dogs.")
    _put(shelf, "basil.txt", "Refund ships carry wood.")
    _put(shelf, "0.md", "# Refund\n\nStones sink deep.\n\n# Refund\n\nBirds sing loud.\n\n# Refund\n\nMaps show towns.")
    hits = shelf.search("refund", limit=20)
    shelf.close()
    for first, second in pairwise(hits):
        assert (-first.score, first.path, first.start) < (-second.score, second.path, second.start)
    equal = [hit for hit in hits if hit.path.endswith(".txt")]
    assert len({hit.score for hit in equal}) == 1
    assert [hit.path for hit in equal] == ["amber.txt", "basil.txt", "cedar.txt"]


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


@pytest.mark.parametrize(
    "text", ["", " ", "?", "\x00\x1b", "\u202e", "\ud800", '"\ud800 full"', "E\ud800-21", '"%_"', "refund " * 3000]
)
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


def test_only_what_changed_since_is_shown(shelf):
    _put(shelf, "old.txt", "An old refund is slow.", updated_at=NOW - 2 * DAY)
    _put(shelf, "new.txt", "The new refund comes quick.", updated_at=NOW)
    _put(shelf, "undated.txt", "Some undated refund may come.")
    assert _paths(shelf) == ["new.txt", "old.txt", "undated.txt"]
    assert _paths(shelf, since=NOW - DAY) == ["new.txt"]
    assert _paths(shelf, since=NOW) == ["new.txt"]
    assert _paths(shelf, since=NOW + DAY) == []


SIEVE = (
    "When a machine speaks of filter full, rinse its sieve under warm water and let it dry overnight. " + "Tea. " * 60
)
NAMED = 'What is "filter full"?'


def _put_filters(shelf):
    """Many articles that have both words more often than the one that has them side by side."""
    for word in ("amber", "basil", "cedar", "delta", "ember", "fjord", "grove", "heron", "ivory", "jewel", "koala"):
        _put(shelf, f"{word}.txt", f"What a full {word}: is the filter too full of {word}? The {word} filter is full.")


def test_an_identifier_that_no_retriever_returns_is_found_in_the_texts(shelf):
    _put_filters(shelf)
    _put(shelf, "sieve.txt", SIEVE)
    [hit] = shelf.search(NAMED, limit=1)
    assert (hit.path, hit.retrievers, hit.keyword, hit.rrf) == ("sieve.txt", (), None, 0.0)
    assert hit.parts["exact"] == 0.5
    assert hit.dense == pytest.approx(_near(shelf, "sieve.txt").dense, abs=1e-5)


def _near(shelf, path):
    """The hit of a document in a search that returns everything."""
    return next(hit for hit in shelf.search(NAMED, limit=40) if hit.path == path)


@pytest.mark.parametrize("hidden", [{"audiences": ("staff",)}, {"status": "draft"}, {"valid_until": NOW}])
def test_what_may_not_be_shown_is_not_found_by_its_identifiers_either(shelf, hidden):
    _put_filters(shelf)
    _put(shelf, "sieve.txt", SIEVE, **hidden)
    hits = shelf.search(NAMED, limit=1)
    assert [hit.parts["exact"] for hit in hits] == [0.0]
    assert hits[0].path != "sieve.txt"


def test_a_narrowed_search_finds_no_identifier_outside_of_it(shelf):
    _put_filters(shelf)
    _put(shelf, "sieve.txt", SIEVE, locale="de", product="app", updated_at=NOW)
    for narrowed in ({"locale": "en"}, {"product": "web"}, {"since": NOW + DAY}):
        assert all(hit.path != "sieve.txt" for hit in shelf.search(NAMED, limit=1, **narrowed))
    assert shelf.search(NAMED, limit=1, locale="de", product="app", since=NOW)[0].path == "sieve.txt"


def test_a_hit_found_by_words_alone_has_its_cosine_too(shelf):
    _put_filters(shelf)
    _put(shelf, "sieve.txt", SIEVE)
    text = "Is the filter full, what a full filter, or rinse the sieve?"
    [hit], every = shelf.search(text, limit=1), shelf.search(text, limit=40)
    [returned] = [other for other in every if other.path == "sieve.txt"]
    assert (hit.path, hit.retrievers, returned.retrievers) == ("sieve.txt", ("keyword",), ("dense", "keyword"))
    assert hit.dense == pytest.approx(returned.dense, abs=1e-5)


REFUND_AND_PARCEL = "How long does a refund take? Where is the parcel handed over?"


def _put_refunds_and_parcels(shelf):
    for number, word in enumerate(["card", "bank", "voucher", "cash"]):
        _put(shelf, f"refund-{number}.txt", f"A refund by {word} takes {number + 2} days.")
        _put(shelf, f"parcel-{number}.txt", f"The parcel paid by {word} is handed over at the {word} office.")


def test_the_parts_of_a_question_are_searched_for_one_by_one_and_shown_in_turn(shelf):
    _put_refunds_and_parcels(shelf)
    result = shelf.searcher.search(Query(REFUND_AND_PARCEL, limit=3))
    assert result.parts == ("How long does a refund take?", "Where is the parcel handed over?")
    assert [(hit.rank, hit.part, hit.path.split("-")[0]) for hit in result.hits] == [
        (1, 0, "refund"),
        (2, 1, "parcel"),
        (3, 0, "refund"),
        (4, 1, "parcel"),
        (5, 0, "refund"),
        (6, 1, "parcel"),
    ]
    for place, text in enumerate(result.parts):
        alone = shelf.searcher.search(Query(text, limit=3)).hits
        assert [hit.path for hit in result.hits if hit.part == place] == [hit.path for hit in alone]


def test_a_part_that_finds_less_leaves_its_turns_to_the_others(tmp_path):
    shelf = Shelf.open(tmp_path / "shelf", keyword_only=True)
    _put_refunds_and_parcels(shelf)
    hits = shelf.search("How long does a refund take? Can zebras wear quilts?", limit=2)
    shelf.close()
    assert [(hit.rank, hit.part) for hit in hits] == [(1, 0), (2, 0)]


def test_a_misspelt_question_finds_what_the_right_one_finds(shelf):
    _put(shelf, "address.txt", "Change the address of an order in your account.")
    _put(shelf, "contact.txt", "Contact the hotline about an invoice.")
    wrong, right = (shelf.searcher.search(Query(text)) for text in ("chnage my adress", "change my address"))
    assert wrong.parts == right.parts == ("change my address",)
    assert wrong.hits == right.hits
    assert wrong.query == "chnage my adress"


def test_no_word_is_mended_by_what_may_not_be_shown(shelf):
    _put(shelf, "public.txt", "A parcel takes two days.")
    _put(shelf, "staff.txt", "The quokka project begins.", audiences=("staff",))
    said = {
        audience: shelf.searcher.search(Query("quoka", audiences=(audience,))).parts for audience in ("public", "staff")
    }
    assert said == {"public": ("quoka",), "staff": ("quokka",)}
