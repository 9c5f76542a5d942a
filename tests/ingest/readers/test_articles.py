import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbook.errors import ReadError
from openbook.ingest.readers.articles import read_all, recognises
from openbook.types import BrokenPart


def read(value, path="help.json"):
    text = value if isinstance(value, str) else json.dumps(value)
    return list(read_all(io.BytesIO(text.encode()), path=path))


def text_of(record):
    (part,) = read([{"title": "Returns", **record}])
    return part.extract.text


def metadata_of(**record):
    (part,) = read([{"title": "Returns", "body": "Send it back.", **record}])
    return part.extract.metadata


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"body": "<h1>Returns</h1><p>Within <b>30</b> days.</p>"}, "Returns\n\nWithin 30 days."),
        ({"body": "# How\n\n1. Pack it\n2. Send it"}, "Returns\n\nHow\n\n1. Pack it\n2. Send it"),
        ({"content": {"rendered": "<p>Within 30 days.</p>"}}, "Returns\n\nWithin 30 days."),
        ({"answer": "Within 30 days"}, "Returns\n\nWithin 30 days"),
        ({"text": "Costs 3 < 4.\n\nSecond paragraph."}, "Returns\n\nCosts 3 < 4.\n\nSecond paragraph."),
        ({"body": ["One.", "Two."]}, "Returns\n\nOne.\n\nTwo."),
        ({"acceptedAnswer": {"@type": "Answer", "text": "Within 30 days"}}, "Returns\n\nWithin 30 days"),
    ],
)
def test_a_body_is_read_as_what_it_is(record, text):
    assert text_of(record) == text


def test_sections_and_their_questions_stand_under_their_headings():
    (part,) = read(
        [{"title": "Returns", "sections": [{"heading": "Costs", "faqs": [{"question": "Free?", "answer": "Yes"}]}]}]
    )
    assert part.extract.text == "Returns\n\nCosts\n\nFree?\n\nYes"
    assert [block.level for block in part.extract.blocks] == [1, 2, 3, 0]


def test_an_article_brings_its_metadata():
    metadata = metadata_of(
        locale="en_GB",
        html_url="https://help.example/1",
        url="/api/1.json",
        updated_at=1_700_000_000,
        visibility="everyone",
        product={"name": "Jackets"},
        labels=["shipping", "shipping", "eu"],
    )
    assert (metadata.title, metadata.locale, metadata.product) == ("Returns", "en-GB", "Jackets")
    assert metadata.url == "https://help.example/1"
    assert metadata.updated_at.isoformat() == "2023-11-14T22:13:20+00:00"
    assert metadata.audiences == ("public",)
    assert metadata.attributes == (("label", "shipping"), ("label", "eu"))


@pytest.mark.parametrize(
    ("said", "status", "audiences"),
    [
        ({"status": "published"}, "published", ()),
        ({"draft": True}, "draft", ()),
        ({"published": False}, "draft", ()),
        ({"state": "In review"}, "draft", ()),
        ({"status": "Trashed"}, "archived", ()),
        ({"visibility": "Staff"}, "", ("internal",)),
        ({"audience": ["gold", "public"]}, "", ("gold", "public")),
        ({"body": "---\naudience: internal\n---\nSend it back."}, "", ("internal",)),
    ],
)
def test_what_is_not_for_everyone_stays_so(said, status, audiences):
    metadata = metadata_of(**said)
    assert (metadata.status, metadata.audiences) == (status, audiences)


def test_an_article_whose_end_of_validity_is_unreadable_is_not_published():
    (part,) = read([{"id": 4, "title": "Sale", "body": "Half price.", "valid_until": "next spring"}])
    assert part == BrokenPart(
        "4", "valid_until: next spring is not a date such as 2026-01-31; the document is not published."
    )


def test_articles_are_named_by_id_and_of_two_with_one_name_the_first_counts():
    lines = [
        {"id": 1, "title": "A", "body": "x"},
        {"id": 1, "title": "B", "body": "y"},
        {"slug": "c", "title": "C", "body": "z"},
    ]
    first, second, third = read("\n".join(map(json.dumps, lines)), "help.jsonl")
    assert (first.name, first.extract.metadata.title, third.name) == ("1", "A", "c")
    assert second == BrokenPart("1", "another article before it is called 1; the first one counts")


def test_json_that_nobody_knows_is_refused_with_its_keys():
    with pytest.raises(ReadError) as caught:
        read([{"lat": 1, "lon": 2}])
    assert caught.value.message == "help.json holds no articles: its records have the keys lat, lon."
    assert caught.value.fix.startswith("Give each record a title (title, question, heading, name) and a text (")


@pytest.mark.parametrize(
    ("text", "path", "is_one"),
    [
        ('{"articles": [{"title": "A", "body": "x"}, {"title": ', "a.json", True),
        ('{"question": "A?", "answer": "x"}\n{"question": "B?"', "a.ndjson", True),
        ('[{"lat": 1}]', "a.json", False),
        ("title,body\nA,x\n", "a.csv", False),
        ("", "a.json", False),
    ],
)
def test_lists_of_articles_are_recognised(text, path, is_one):
    assert recognises(text.encode(), path=path) is is_one


WORDS = "id title name body html content text sections faqs question answer status audience updated_at labels rendered"
KEYS = st.sampled_from(WORDS.split())
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["<p>a", "---\na", "# b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES), max_size=5))
def test_every_record_of_any_shape_is_an_article_or_has_a_reason(records):
    try:
        parts = read([{"title": "x", "body": "y"}, *records])
    except ReadError as error:
        assert "help.json" in error.message
        return
    names = [part.name for part in parts if not isinstance(part, BrokenPart)]
    assert len(set(names)) == len(names)
    assert len(parts) == len(records) + 1


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200) | st.text('"{}[]:,ab1 \n', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    for path in ("a.json", "a.jsonl"):
        recognises(data, path=path)
        try:
            list(read_all(io.BytesIO(data), path=path))
        except ReadError as error:
            assert path in error.message


def test_a_text_with_lines_of_nothing_but_spaces_is_read():
    text = "A line that is long enough to have been broken by an editor.\n   \n\t\nAnother line."
    [part] = read([{"title": "Wrapped", "text": text}])
    assert part.extract.text.split("\n")[-1] == "Another line."
