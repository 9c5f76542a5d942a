"""Past tickets written as material: one JSON value a line, in the form that is wanted."""

import json
from datetime import UTC, datetime

import pytest

from openbook.errors import UserError
from openbook.evals import read_dataset
from openbook.evals.material import write_tickets
from openbook.ingest import read_parts
from openbook.types import Ticket, TicketMessage

SAID = (
    TicketMessage("customer", "How do I open the box?", datetime(2026, 3, 1, tzinfo=UTC)),
    TicketMessage("operator", "Pull the red strip at the side of the box."),
    TicketMessage("customer", "Thank you, that worked."),
)
CONFIRMED = Ticket(
    "T-1",
    "Box",
    SAID,
    solved=True,
    resolution="Pull the red strip at the side of the box.",
    queue="shop",
    tags=("box",),
    csat=1.0,
)
CLOSED = Ticket("T-2", "", SAID[:1], solved=True, csat=0.0)
SILENT = Ticket("T-3", "Ünread", (), solved=False)


def written(place, form):
    count = write_tickets([CONFIRMED, CLOSED, SILENT], place / "out.jsonl", form=form)
    lines = [json.loads(line) for line in (place / "out.jsonl").read_text("utf-8").splitlines()]
    assert count == len(lines)
    return lines


def test_tickets_are_written_as_they_can_be_read_again(tmp_path):
    confirmed, closed, silent = written(tmp_path, "tickets")
    read = [item for item in read_parts(tmp_path / "out.jsonl", path="out.jsonl") if isinstance(item, Ticket)]
    assert read[:2] == [CONFIRMED, CLOSED]
    assert confirmed["messages"][0] == {"from": "customer", "at": "2026-03-01T00:00:00Z", "text": SAID[0].text}
    assert closed == {"id": "T-2", "messages": confirmed["messages"][:1], "solved": True, "csat": 0.0}
    assert silent == {"id": "T-3", "subject": "Ünread", "solved": False}


def test_only_what_a_person_confirmed_is_a_case_and_can_be_evaluated(tmp_path):
    [case] = written(tmp_path, "evaluation")
    assert case == {
        "id": "T-1",
        "question": "Box\nHow do I open the box?",
        "answer": "Pull the red strip at the side of the box.",
        "answerable": True,
        "group": "shop",
        "tags": ["box"],
    }
    [read] = read_dataset(tmp_path / "out.jsonl")
    assert (read.id, read.question) == (case["id"], case["question"])


def test_only_what_a_person_confirmed_is_an_example(tmp_path):
    [example] = written(tmp_path, "training")
    assert [turn["role"] for turn in example["messages"]] == ["user", "assistant"]
    assert [turn["content"] for turn in example["messages"]] == [
        "Box\nHow do I open the box?",
        "Pull the red strip at the side of the box.",
    ]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    (tmp_path / "out.jsonl").write_text("old", "utf-8")

    def broken():
        yield CONFIRMED
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match="cannot be written: No space left on device"):
        write_tickets(broken(), tmp_path / "out.jsonl", form="tickets")
    assert [place.name for place in tmp_path.iterdir()] == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text("utf-8") == "old"


def test_what_cannot_be_written_says_what_mends_it(tmp_path):
    with pytest.raises(UserError, match="There is no form 'csv'") as caught:
        write_tickets([], tmp_path / "out.jsonl", form="csv")
    assert "tickets, evaluation, training" in caught.value.fix
    for target in (tmp_path, tmp_path / "nowhere" / "out.jsonl"):
        with pytest.raises(UserError, match="cannot be written"):
            write_tickets([CONFIRMED], target, form="tickets")
