"""One contract for every `VectorIndex`: what holds for the exact one in memory holds for the engine."""

import threading

import pytest

from openbook.stores import EdgeIndex, MemoryIndex
from openbook.stores.index import Scope
from stores.points import ACCOUNTS, REFUNDS, SHIPPING, SIZE, found, found_ids, point, vector


def _in_memory(_):
    return MemoryIndex()


def _in_qdrant_edge(folder):
    return EdgeIndex(folder, size=SIZE)


@pytest.fixture(params=[_in_memory, _in_qdrant_edge], ids=["memory", "edge"])
def index(request, tmp_path):
    opened = request.param(tmp_path / "index")
    yield opened
    opened.close()


def test_what_is_written_is_found_by_the_next_search(index):
    for identifier in range(1, 6):
        index.upsert("main", [point(identifier)])
        assert identifier in found_ids(index)


def test_a_point_found_both_ways_has_both_scores(index):
    index.upsert("main", [point(1, "refund of an order"), point(2, "parcel", towards=SHIPPING)])
    [refund] = [candidate for candidate in found(index) if candidate.id == 1]
    assert refund.dense == pytest.approx(1.0, abs=1e-5)
    assert refund.keyword > 0


def test_a_point_without_the_words_is_found_by_meaning_alone(index):
    index.upsert("main", [point(1, "money back")])
    [candidate] = found(index, "refund")
    assert candidate.keyword is None
    assert candidate.dense == pytest.approx(1.0, abs=1e-5)


def test_meaning_is_scored_by_cosine(index):
    index.upsert("main", [point(1, towards=vector(3, 4)), point(2, towards=vector(4, 3))])
    scores = {candidate.id: candidate.dense for candidate in found(index)}
    assert scores == {1: pytest.approx(0.6, abs=1e-5), 2: pytest.approx(0.8, abs=1e-5)}


def test_writing_an_id_again_replaces_its_words_its_vector_and_its_scope(index):
    index.upsert("main", [point(1, "refund")])
    index.upsert("main", [point(1, "parcel", towards=SHIPPING, audiences=["staff"])])
    assert index.count("main") == 1
    assert found_ids(index, "parcel", towards=SHIPPING) == []
    [candidate] = found(index, "refund", scope=Scope(("staff",)))
    assert candidate.keyword is None
    assert candidate.dense == pytest.approx(0.0, abs=1e-5)


def test_replacing_a_point_by_one_without_a_vector_forgets_the_vector(index):
    index.upsert("main", [point(1)])
    index.upsert("main", [point(1, towards=None)])
    [candidate] = found(index)
    assert candidate.dense is None


def test_what_is_deleted_is_found_no_more(index):
    index.upsert("main", [point(1), point(2)])
    index.delete("main", [1])
    assert found_ids(index) == [2]
    assert index.ids("main") == {2}


def test_deleting_unknown_ids_or_from_an_unknown_tenant_does_nothing(index):
    index.upsert("main", [point(1)])
    index.delete("main", [7, 8])
    index.delete("main", [])
    index.delete("nobody", [1])
    assert index.ids("main") == {1}


def test_writing_no_points_does_nothing(index):
    index.upsert("main", [])
    assert index.count("main") == 0


def test_one_shared_audience_is_enough(index):
    index.upsert("main", [point(1, audiences=["public", "staff"]), point(2, audiences=["staff"])])
    assert found_ids(index) == [1]
    assert found_ids(index, scope=Scope(("staff", "partner"))) == [1, 2]
    assert found_ids(index, scope=Scope(("partner",))) == []


def test_who_has_no_audience_sees_nothing(index):
    index.upsert("main", [point(1), point(2, audiences=[])])
    assert found_ids(index, scope=Scope(())) == []


def test_a_locale_also_finds_what_has_none(index):
    index.upsert("main", [point(1, locale="en"), point(2, locale="de"), point(3)])
    assert found_ids(index, scope=Scope(("public",), locale="de")) == [2, 3]
    assert found_ids(index) == [1, 2, 3]


def test_a_product_also_finds_what_is_about_none(index):
    index.upsert("main", [point(1, product="app"), point(2, product="web"), point(3)])
    assert found_ids(index, scope=Scope(("public",), product="app")) == [1, 3]


def test_every_part_of_a_scope_must_fit(index):
    index.upsert(
        "main",
        [
            point(1, locale="de", product="app"),
            point(2, locale="de", product="web"),
            point(3, locale="en", product="app"),
            point(4, locale="de", product="app", audiences=["staff"]),
        ],
    )
    assert found_ids(index, scope=Scope(("public",), locale="de", product="app")) == [1]


def test_hidden_points_never_move_a_visible_score(index):
    index.upsert("main", [point(1, "refund refund order"), point(2, "refund of a parcel and an order")])
    index.upsert("main", [point(3, "parcel on its way", towards=SHIPPING)])
    before = found(index, "refund order")
    hidden = [point(100 + number, "refund order " * 9, audiences=["internal"]) for number in range(200)]
    index.upsert("main", hidden)
    assert found(index, "refund order") == before
    index.delete("main", [item.id for item in hidden])
    assert found(index, "refund order") == before


def test_a_rare_word_counts_more_than_a_common_one(index):
    index.upsert("main", [point(number, "order") for number in range(1, 9)])
    index.upsert("main", [point(9, "voucher")])
    scores = {candidate.id: candidate.keyword for candidate in found(index, "order voucher", towards=None)}
    assert scores[9] > scores[1]


def test_limit_is_taken_of_each_retriever(index):
    index.upsert("main", [point(number, "parcel") for number in range(1, 4)])
    index.upsert("main", [point(number, "refund " * number, towards=SHIPPING) for number in range(4, 7)])
    candidates = found(index, "refund", limit=2)
    assert sum(candidate.keyword is not None for candidate in candidates) == 2
    assert sum(candidate.dense is not None for candidate in candidates) == 2
    assert sum(candidate.dense == pytest.approx(1.0, abs=1e-5) for candidate in candidates) == 2


def test_candidates_come_in_order_of_id(index):
    index.upsert("main", [point(number, "refund " * number) for number in (5, 3, 9, 1)])
    assert found_ids(index) == [1, 3, 5, 9]


def test_the_same_search_gives_the_same_candidates(index):
    index.upsert("main", [point(number, f"refund {number}", towards=vector(1, number)) for number in range(1, 30)])
    first = found(index, "refund 7", limit=5)
    assert all(found(index, "refund 7", limit=5) == first for _ in range(5))


def test_tenants_are_apart(index):
    index.upsert("main", [point(1), point(2)])
    index.upsert("other", [point(2, "parcel", towards=SHIPPING)])
    index.delete("other", [1])
    assert index.ids("main") == {1, 2}
    assert index.ids("other") == {2}
    assert found_ids(index, tenant="main") == [1, 2]
    [candidate] = found(index, "parcel", tenant="other", towards=SHIPPING)
    assert candidate.dense == pytest.approx(1.0, abs=1e-5)


def test_another_tenants_points_never_move_a_score(index):
    index.upsert("main", [point(1, "refund order"), point(2, "order")])
    before = found(index, "refund order")
    index.upsert("other", [point(number, "refund") for number in range(50)])
    assert found(index, "refund order") == before


@pytest.mark.parametrize("tenant", ["../main", "main/", "MAIN", "mäin", "", "con", "a" * 300, "x\x00y"])
def test_any_name_of_a_tenant_is_a_name_of_its_own(index, tenant):
    index.upsert("main", [point(1)])
    index.upsert(tenant, [point(2)])
    assert index.ids("main") == {1}
    assert index.ids(tenant) == {2}


def test_dropping_a_tenant_takes_all_of_it_and_nothing_else(index):
    index.upsert("main", [point(1)])
    index.upsert("other", [point(2)])
    index.drop("main")
    index.drop("nobody")
    assert index.count("main") == 0
    assert found_ids(index) == []
    assert index.ids("other") == {2}


def test_a_dropped_tenant_can_be_written_again(index):
    index.upsert("main", [point(1)])
    index.drop("main")
    index.upsert("main", [point(2)])
    assert found_ids(index) == [2]


def test_count_is_how_many_ids_there_are(index):
    index.upsert("main", [point(number) for number in range(1, 31)])
    index.upsert("main", [point(number) for number in range(21, 41)])
    index.delete("main", range(1, 6))
    assert index.count("main") == 35
    assert index.ids("main") == set(range(6, 41))


def test_ids_may_be_zero_and_very_large(index):
    index.upsert("main", [point(0), point(2**62)])
    assert found_ids(index) == [0, 2**62]


def test_without_a_vector_a_point_is_found_by_words_alone(index):
    index.upsert("main", [point(1, towards=None), point(2)])
    scores = {candidate.id: candidate.dense for candidate in found(index)}
    assert scores == {1: None, 2: pytest.approx(1.0, abs=1e-5)}


def test_a_search_without_a_vector_asks_for_words_alone(index):
    index.upsert("main", [point(1), point(2, "parcel")])
    [candidate] = found(index, "refund", towards=None)
    assert (candidate.id, candidate.dense) == (1, None)
    assert candidate.keyword > 0


def test_searching_an_unknown_tenant_finds_nothing_and_leaves_nothing(index, tmp_path):
    assert found_ids(index, tenant="nobody") == []
    assert index.count("nobody") == 0
    assert index.ids("nobody") == set()
    assert list(tmp_path.glob("index/*")) == []


@pytest.mark.parametrize("words", ["", "   ", "?!…", "zebra", "\x00", "\x00\x1b\u202e", "\U0001f600", "漢字", "\ud800"])
def test_words_that_say_nothing_leave_the_search_by_meaning(index, words):
    index.upsert("main", [point(1), point(2, "parcel", towards=SHIPPING)])
    candidates = found(index, words)
    assert [candidate.id for candidate in candidates] == [1, 2]
    assert all(candidate.keyword is None for candidate in candidates)
    assert found(index, words, towards=None) == []


@pytest.mark.parametrize("words", ["", "\x00\x1b", "\u202e refund \x07", "refund " * 5000, "\ud800 refund"])
def test_odd_words_can_be_written_and_taken_out(index, words):
    index.upsert("main", [point(1, words), point(2, "refund")])
    assert found_ids(index) == [1, 2]
    index.delete("main", [1])
    assert index.ids("main") == {2}


def test_searches_and_writes_at_once_see_whole_points(index):
    index.upsert("main", [point(number) for number in range(20)])
    failures = []

    def write(first):
        for number in range(first, first + 20):
            index.upsert("main", [point(number, "refund", towards=ACCOUNTS)])
            index.delete("main", [number])

    def search():
        for _ in range(25):
            ids = found_ids(index, limit=200)
            if not set(range(20)) <= set(ids) or ids != sorted(ids):
                failures.append(ids)

    def tell(work, *arguments):
        try:
            work(*arguments)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=tell, args=(write, first)) for first in (1000, 2000)]
    threads += [threading.Thread(target=tell, args=(search,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert index.ids("main") == set(range(20))
    assert index.count("main") == 20


def test_first_writes_of_one_tenant_from_many_threads_all_count(index):
    threads = [threading.Thread(target=index.upsert, args=("main", [point(number)])) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert index.ids("main") == set(range(8))
    assert index.count("main") == 8


def test_both_implementations_find_the_same_points_by_meaning(tmp_path):
    exact, engine = MemoryIndex(), EdgeIndex(tmp_path / "index", size=SIZE)
    points = [point(number, f"word{number}", towards=vector(number % 7, number % 5, 1, number)) for number in range(60)]
    for index in (exact, engine):
        index.upsert("main", points)
    for towards in (REFUNDS, SHIPPING, vector(1, 2, 3, 4)):
        expected = {item.id: item.dense for item in found(exact, "", towards=towards, limit=60)}
        actual = {item.id: item.dense for item in found(engine, "", towards=towards, limit=60)}
        assert actual == pytest.approx(expected, abs=1e-5)
    engine.close()
