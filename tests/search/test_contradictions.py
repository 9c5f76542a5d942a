"""What is listed as a contradiction, and what only looks like one. Vectors are given by hand."""

import numpy as np

from openbook.search.contradictions import find_contradictions
from openbook.types import INTERNAL, PUBLIC, Span, Statement


def said(document, text, *, title="Returns", audiences=(PUBLIC,), start=0):
    return Statement(document, 1, f"{document}.md", title, (), text, Span(start, start + len(text)), audiences)


def listed(*statements, limit=10):
    """What is found where all statements mean nearly the same."""
    vectors = np.ones((len(statements), 4), dtype=np.float32) / 2
    return find_contradictions(statements, vectors, limit=limit)


def test_two_refund_windows_are_listed_with_both_amounts_as_they_are_written():
    [found] = listed(
        said("a", "You can return items within 14 days."),
        said("b", "Items can be returned within 45 days."),
    )
    assert found.reason == "14 days here, 45 days there"
    assert {found.one.document_id, found.other.document_id} == {"a", "b"}
    assert "return" in found.subject.lower()


def test_equal_amounts_in_other_units_are_no_contradiction():
    assert listed(said("a", "Send it back within 14 days."), said("b", "Send it back within two weeks.")) == []
    assert listed(said("a", "The bag weighs 1 kg."), said("b", "The bag weighs 1,000 g.")) == []


def test_a_value_within_the_other_sides_span_is_no_contradiction():
    assert listed(said("a", "Delivery takes 3 days."), said("b", "Delivery takes 2-4 days.")) == []


def test_a_denial_of_the_same_is_listed():
    [found] = listed(said("a", "Opened software can be returned."), said("b", "Opened software cannot be returned."))
    assert found.reason == "one says that it is so, the other that it is not"


def test_another_address_to_write_to_is_listed():
    [found] = listed(said("a", "Write to help@shop.example."), said("b", "Write to service@shop.example."))
    assert found.reason == "help@shop.example here, service@shop.example there"


def test_parallel_articles_on_different_things_come_after_a_clash_on_one_thing():
    statements = (
        said("a", "Standard delivery costs £4.", title="Delivery to Spain"),
        said("b", "Standard delivery costs £6.", title="Delivery to France"),
        said("c", "A replacement key costs £9.", title="Keys"),
        said("d", "A replacement key costs £7.", title="Keys"),
    )
    vectors = np.repeat(np.eye(2, dtype=np.float32), 2, axis=0)
    assert [item.one.document_id for item in find_contradictions(statements, vectors, limit=5)] == ["c", "a"]


def test_statements_of_one_document_or_for_different_readers_are_not_compared():
    assert listed(said("a", "It takes 3 days."), said("a", "It takes 5 days.", start=40)) == []
    staff = said("b", "It takes 5 days.", audiences=(INTERNAL,))
    assert listed(said("a", "It takes 3 days."), staff) == []


def test_statements_that_mean_something_else_are_not_compared():
    statements = said("a", "Delivery takes 3 days."), said("b", "The guarantee runs 5 days.")
    assert find_contradictions(statements, np.eye(2, dtype=np.float32), limit=5) == []


def test_a_statement_is_listed_once_and_the_list_is_as_long_as_asked():
    many = [
        said(name, f"Returns are free for {days} days.") for name, days in zip("abcd", (10, 20, 30, 40), strict=True)
    ]
    assert len(listed(*many)) == 2
    assert len(listed(*many, limit=1)) == 1
