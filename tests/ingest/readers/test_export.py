import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.exports.samples import FILES, readings
from openbook.errors import ReadError
from openbook.ingest.readers import export
from openbook.types import BrokenPart, Part, Ticket

TICKET = {"id": "1", "subject": "Zip", "messages": [{"from": "customer", "text": "It jams."}]}


def read(data, *, path="a.json"):
    return list(export.read_all(io.BytesIO(data), path=path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sample_is_recognised_and_read_without_loss(path):
    data = path.read_bytes()
    assert export.recognises(data, path=path.name)
    assert export.recognises(data[: len(data) // 2], path=path.name)
    assert not [each for each in readings(path.name) if isinstance(each, BrokenPart)]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("faq.csv", b"question,answer\nHow long?,Two days\n"),
        ("products.json", b'[{"id": 1, "title": "Tent", "description": "Green", "price": 3, "status": "active"}]'),
        ("chat.jsonl", b'{"messages": [{"role": "user", "content": "x"}]}\n'),
        ("a.json", b"\x00\x01"),
        ("a.json", b""),
    ],
)
def test_other_files_are_left_to_other_readers(path, data):
    assert not export.recognises(data, path=path)


def test_of_two_records_with_one_id_the_first_counts_and_the_second_is_named():
    first, second = read(json.dumps([TICKET, {**TICKET, "subject": "Other"}]).encode())
    assert (first.id, first.subject) == ("1", "Zip")
    assert second == BrokenPart("ticket 1", "its id occurs more than once in the file; the first one was read")


def test_a_record_that_is_neither_ticket_nor_article_is_named_with_its_fields():
    _, broken = read(json.dumps([TICKET, {"id": 7, "colour": "red"}]).encode())
    assert broken.name == "7"
    assert broken.problem.endswith("its fields are id, colour.")


def test_a_ticket_alone_under_its_name_is_read():
    (ticket,) = read(
        b'{"ticket": {"id": 1, "subject": "Zip", "requester_id": 2, "via": {}, "description": "It jams."}}'
    )
    assert ticket.messages[0].text == "It jams."


def test_a_table_without_the_customers_words_is_refused_as_a_whole():
    with pytest.raises(ReadError, match="no column holds the customer's words"):
        read(b"Ticket ID,Requester,Status\n1,Ada,open\n", path="a.csv")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(FILES),
    st.integers(0, 10_000),
    st.binary(max_size=12) | st.sampled_from([b"[" * 3_000, b'"', b"null"]),
)
def test_a_damaged_export_ends_in_a_read_error_or_in_readings(path, place, inserted):
    data = path.read_bytes()
    place %= len(data)
    for damaged in (data[:place] + inserted + data[place:], data[:place] + inserted + data[place + len(inserted) :]):
        export.recognises(damaged[:2_000], path=path.name)
        try:
            found = read(damaged, path=path.name)
        except ReadError as error:
            assert error.fix
        else:
            assert all(isinstance(each, Part | Ticket | BrokenPart) for each in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
LEAST = st.sampled_from(
    [
        ["id", "subject", "requester_id", "comments"],
        ["id", "title", "body", "section_id"],
        ["id", "conversation_parts"],
        ["id", "title", "body", "state", "translated_content"],
        ["id", "subject", "status", "conversations"],
        ["id", "title", "description", "folder_id", "agent_id"],
        ["id", "messages", "subject"],
    ]
)
MORE = (
    "status requester via tags group draft source created_at updated_at csat satisfaction_rating conversation_rating "
    "email_cc_ids user_segment_id locale url language description"
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LEAST, st.dictionaries(st.sampled_from(MORE.split()), JSON, max_size=5), st.data())
def test_values_of_any_type_never_crash_a_layout(names, more, data):
    record = {**more, **{name: data.draw(JSON) for name in names}}
    found = read(json.dumps([record]).encode())
    assert found
    assert all(isinstance(each, Part | Ticket | BrokenPart) for each in found)
