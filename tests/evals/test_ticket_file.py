"""Past tickets out of a file: what is broken costs only itself, what is private is masked."""

import json

import pytest

from openbook.errors import UserError
from openbook.evals.ticket_file import read_ticket_file

TICKET = {
    "id": "T-1",
    "subject": "Red box",
    "messages": [
        {"from": "customer", "text": "How do I open it? Write to ann.smith@smith-family.example.", "at": "2025-03-01"},
        {"from": "operator", "text": "Pull the red strip."},
    ],
    "solved": True,
    "resolution": "Pull the red strip at the side.",
}


def read(tmp_path, *lines):
    (tmp_path / "tickets.jsonl").write_text("\n".join(lines), "utf-8")
    broken = []
    return list(read_ticket_file(tmp_path / "tickets.jsonl", broken=broken.append)), broken


def test_a_broken_record_costs_only_itself_and_is_named(tmp_path):
    second = json.dumps({**TICKET, "id": "T-2"})
    tickets, broken = read(tmp_path, "garbage", json.dumps(TICKET), '{"id": ', second, '{"colour": "red"}')
    assert [ticket.id for ticket in tickets] == ["T-1", "T-2"]
    assert [item.name for item in broken] == ["line 1", "line 3", "record 5"]


def test_private_details_are_masked_and_the_resolution_is_kept(tmp_path):
    [ticket], broken = read(tmp_path, json.dumps(TICKET))
    assert ticket.messages[0].text == "How do I open it? Write to [email]."
    assert (ticket.resolution, broken) == ("Pull the red strip at the side.", [])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "holds no records"),
        (b"only words\n", "holds no ticket; 1 of its records cannot be read"),
        (bytes(range(256)) * 8, "is not a text file"),
        (b"name,colour\nbox,red\n", "holds no ticket"),
    ],
)
def test_a_file_without_tickets_says_so(tmp_path, content, problem):
    place = tmp_path / "tickets.jsonl"
    place.write_bytes(content)
    with pytest.raises(UserError, match=problem) as caught:
        list(read_ticket_file(place))
    assert str(place) in caught.value.message
    assert caught.value.fix


def test_a_file_that_is_not_there_or_a_folder_says_so(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere.jsonl"):
        with pytest.raises(UserError, match="cannot be read"):
            list(read_ticket_file(place))
