"""Sources over HTTP: adding with options, progress, stopping, taking out."""

import json
import threading

import pytest

from openbook.errors import Busy
from openbook.server.pace import Pace, Step, time_left
from openbook.server.readings import Readings
from openbook.types import Progress
from server.running import events_of

EVENTS = {"Accept": "text/event-stream"}
PATIENCE_SECONDS = 30


def add(client, folder, **options):
    response = client.post("/v1/sources", json={"location": str(folder), **options})
    [source_id] = response.json()["source_ids"]
    return response, source_id


def test_a_source_is_added_with_its_options_and_listed_with_them(boss, articles):
    folder = articles(kites="# Kites\n\nA kite costs 12 pounds.")
    response, source_id = add(boss, folder, review=True, every_minutes=60)
    assert (response.status_code, response.json()["waiting"], response.json()["read"]) == (201, 1, 0)
    [source] = [item for item in boss.get("/v1/sources").json()["sources"] if item["id"] == source_id]
    assert source["options"] == {"crawl": False, "review": True, "private": False, "every_minutes": 60}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"location": "http://"}, "bad_request"),
        ({"location": "/nowhere/at/all"}, "bad_request"),
        ({"location": "x" * 3_000}, "bad_request"),
        ({"location": "/tmp", "every_minutes": -1}, "invalid_request"),
        ({"location": "/tmp", "crwal": True}, "invalid_request"),
    ],
)
def test_a_source_that_is_none_is_refused_with_the_mend(boss, said, code):
    problem = boss.post("/v1/sources", json=said).json()
    assert (problem["code"], bool(problem["fix"])) == (code, True)


def test_the_progress_of_a_reading_comes_as_events_and_the_report_last(boss, articles):
    folder = articles(rafts="# Rafts\n\nA raft carries six.", oars="# Oars\n\nAn oar costs 9 pounds.")
    told = events_of(boss.post("/v1/sources", json={"location": str(folder)}, headers=EVENTS).text)
    assert [name for name, _ in told[:-1]] == ["progress"] * (len(told) - 1) and len(told) > 1
    step = json.loads(told[-2][1])
    assert (step["done"], step["total"], step["seconds_left"]) == (2, 2, 0)
    assert told[-1][0] == "report" and json.loads(told[-1][1])["read"] == 2
    [source_id] = json.loads(told[-1][1])["source_ids"]
    again = events_of(boss.post(f"/v1/sources/{source_id}/sync", headers=EVENTS).text)
    assert json.loads(again[-1][1])["unchanged"] == 2


def test_a_failure_is_the_last_event(boss):
    told = events_of(boss.post("/v1/sources", json={"location": "/nowhere/at/all"}, headers=EVENTS).text)
    assert [name for name, _ in told] == ["error"]
    assert json.loads(told[0][1])["code"] == "bad_request"


@pytest.mark.parametrize("what", ["sync", "stop"])
def test_a_source_that_is_not_there_is_said(boss, what):
    for source_id in ("src_none", "x" * 2_000):
        response = boss.post(f"/v1/sources/{source_id}/{what}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_stopping_what_is_not_read_says_so(boss, articles):
    _, source_id = add(boss, articles(skis="# Skis\n\nSkis cost 90 pounds."))
    assert boss.post(f"/v1/sources/{source_id}/stop").json() == {"stopped": False}


def test_a_removed_source_serves_nobody_and_proves_it(boss, stranger, articles):
    _, source_id = add(boss, articles(sleds="# Sleds\n\nA sled costs 41 pounds."))
    assert "41 pounds" in stranger.post("/v1/search", json={"query": "sled"}).text
    receipt = boss.delete(f"/v1/sources/{source_id}", params={"erase": True}).json()
    assert (receipt["erased"], receipt["texts_left"], receipt["searches_that_find_it"]) == (True, 0, 0)
    assert "41 pounds" not in stranger.post("/v1/search", json={"query": "sled"}).text
    assert boss.delete(f"/v1/sources/{source_id}").status_code == 404


def test_a_document_is_no_source(boss, workshop):
    outcome = workshop.put_document("sails.md", "# Sails\n\nA sail costs 80 pounds.")
    assert boss.delete(f"/v1/sources/{outcome.document_id}").status_code == 404
    assert boss.get(f"/v1/documents/{outcome.document_id}").status_code == 200


def test_one_place_is_read_once_at_a_time_and_can_be_stopped(workshop, articles):
    folder = articles(**{f"boat-{number}": f"# Boat {number}\n\nIt carries {number}." for number in range(40)})
    readings = Readings(workshop, closing=threading.Event())
    told, go_on = threading.Event(), threading.Event()

    def tell(step):
        told.set()
        go_on.wait(PATIENCE_SECONDS)

    reading = threading.Thread(target=readings.add, args=("main", str(folder)), kwargs={"tell": tell})
    reading.start()
    assert told.wait(PATIENCE_SECONDS)
    assert readings.under_way("main")[str(folder)].done > 0
    with pytest.raises(Busy, match="being read already"):
        readings.add("main", str(folder))
    readings.stop()
    go_on.set()
    reading.join(PATIENCE_SECONDS)
    assert readings.under_way("main") == {}
    assert "stopped" in readings.brought("main")[str(folder)].notices[0]
    readings.forget("main")
    assert readings.brought("main") == {}


def test_nothing_is_read_once_the_server_stops(workshop, articles):
    closing = threading.Event()
    closing.set()
    with pytest.raises(Busy, match="stopping"):
        Readings(workshop, closing=closing).add("main", str(articles(ropes="# Ropes")))


def test_the_time_left_is_told_by_the_pace_so_far():
    seconds = iter([0.0, 10.0, 20.0, 21.0, 24.0])
    pace = Pace(clock=lambda: next(seconds))
    assert pace.step(Progress(0, 100, "files")).seconds_left is None
    assert pace.step(Progress(20, 100, "files")).seconds_left == 80
    assert pace.step(Progress(1, 11, "questions")).seconds_left is None
    assert pace.step(Progress(7, 11, "questions")).seconds_left == 2


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step(), "Beginning …"),
        (Step(1_200, 0, "files"), "1,200 files"),
        (Step(3, 10, "files", "", 1), "3 of 10 files, about 1 second left"),
        (Step(3, 10, "files", "", 0), "3 of 10 files, nearly done"),
    ],
)
def test_a_step_is_said_in_words(step, words):
    assert step.words == words
    assert (time_left(150), time_left(9_000)) == ("about 2 minutes left", "about 2 hours left")
