"""Exports of help desks as a source: past tickets, and the confirmed ones as documents for the staff."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from openbook.stores.schema import tickets
from openbook.stores.tickets import count_tickets, read_tickets
from openbook.types import INTERNAL, PUBLIC
from search.shelf import add, outcomes

EXPORTS = Path(__file__).parents[2] / "examples" / "exports"
TOLD = {
    "freshdesk-tickets.json": (2, 2, 1),
    "intercom-conversations.json": (2, 2, 1),
    "tickets.csv": (3, 2, 1),
    "tickets.jsonl": (4, 4, 3),
    "zendesk-tickets.json": (4, 3, 2),
}
"""By export how many tickets it holds, how many are solved, how many by a confirmed answer."""


@pytest.fixture
def exports(tmp_path):
    """A folder with a copy of every sample."""
    return Path(shutil.copytree(EXPORTS, tmp_path / "exports"))


def counts(shelf):
    with shelf.database.read() as connection:
        return [numbers for _, numbers in sorted(count_tickets(connection, "main").items())]


def kept(shelf):
    """By the help desk's id the id and the content under which each ticket is kept."""
    with shelf.database.read() as connection:
        rows = connection.execute(select(tickets.c.id, tickets.c.name_hash, tickets.c.body_hash, tickets.c.imported_at))
        return {row.name_hash: (row.id, row.body_hash, row.imported_at) for row in rows}


def texts(shelf):
    with shelf.database.read() as connection:
        return {ticket.id: ticket for ticket in read_tickets(connection, "main")}


def test_every_layout_of_an_export_is_counted(shelf, exports):
    report = add(shelf, exports)
    assert report.count("skipped") == 0
    words = {file.path: file.notices[0] for file in report.files if file.path in TOLD}
    assert words == {
        name: f"{every} tickets, {solved} solved, {confirmed} of them by a person's confirmed answer"
        for name, (every, solved, confirmed) in TOLD.items()
    }
    assert counts(shelf) == [tuple(map(sum, zip(*TOLD.values(), strict=True)))]
    assert len(texts(shelf)) == 15
    assert texts(shelf)["3101"].subject == "Ember 300 will not pair with my phone"


def test_confirmed_tickets_are_documents_that_only_the_staff_finds(shelf, exports):
    add(shelf, exports)
    confirmed = [item for item in shelf.documents() if item.kind == "ticket"]
    assert len(confirmed) == sum(number for *_, number in TOLD.values())
    assert {item.audiences for item in confirmed} == {(INTERNAL,)}
    question = "Ember 300 will not pair with my phone"
    assert shelf.search(question, audiences=(INTERNAL,))[0].document_id in {item.id for item in confirmed}
    for item in confirmed:
        found = {hit.document_id for hit in shelf.search(item.title, audiences=(PUBLIC,), limit=50)}
        assert not found & {item.id for item in confirmed}


def test_importing_again_changes_nothing(shelf, exports):
    add(shelf, exports)
    before, versions = kept(shelf), {item.path: item.version for item in shelf.documents()}
    for name in TOLD:
        (exports / name).write_bytes((exports / name).read_bytes() + b"\n")
    report = shelf.sync.sync("main")
    assert {name: outcomes(report)[name] for name in TOLD} == dict.fromkeys(TOLD, "read")
    assert kept(shelf) == before
    assert {item.path: item.version for item in shelf.documents()} == versions
    assert set(outcomes(shelf.sync.sync("main")).values()) <= {"unchanged", "read"}


def test_a_ticket_that_was_answered_meanwhile_replaces_what_was_known_of_it(shelf, exports):
    add(shelf, exports)
    before = kept(shelf)
    lines = [json.loads(line) for line in (exports / "tickets.jsonl").read_text("utf-8").splitlines()]
    lines[-1]["messages"].append({"from": "operator", "text": "Hold both buttons for ten seconds."})
    (exports / "tickets.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    shelf.sync.sync("main")
    after = kept(shelf)
    assert before.keys() == after.keys()
    assert len(set(after.values()) - set(before.values())) == 1
    assert texts(shelf)[lines[-1]["id"]].messages[-1].text == "Hold both buttons for ten seconds."


@pytest.mark.parametrize("erase", [False, True])
def test_the_tickets_of_a_removed_source_are_gone_with_their_words(shelf, exports, erase):
    add(shelf, exports)
    add(shelf, exports, tenant="other")
    receipt = shelf.removal.remove("main", str(exports), erase=erase)
    assert receipt.live_versions_left == receipt.index_points_left == receipt.searches_that_find_it == 0
    assert (receipt.texts_left == 0, receipt.vectors_left == 0) == (erase, erase)
    assert counts(shelf) == []
    assert texts(shelf) == {}
    with shelf.database.read() as connection:
        assert len(list(read_tickets(connection, "other"))) == 15
    shelf.removal.remove("other", str(exports), erase=True)
    if erase:
        files = [place.read_bytes() for place in shelf.folder.rglob("*") if place.is_file()]
        assert not any(b"Batterie pour un vol" in data or b"will not pair" in data for data in files)
