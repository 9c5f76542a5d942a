"""A visitor's conversation over HTTP: messages, people, streams; and nothing of anybody else's."""

import json
import logging
import threading
from contextlib import ExitStack, contextmanager

import pytest

from openbook.errors import Busy
from openbook.server.visitors import MOST_STREAMS
from server.running import events_of
from server.visiting import NONSENSE, QUESTION, site, write

PATIENCE_SECONDS = 10
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with site(tmp_path_factory.mktemp("conversations"), **{"behaviour.burst_seconds": 0.0}) as opened:
        yield opened


@pytest.fixture
def client(shop):
    with shop.visitor() as made:
        yield made


@pytest.fixture
def stranger(shop):
    with shop.visitor() as made:
        yield made


@contextmanager
def watching(client, conversation, last=""):
    """The events of a stream as they come."""
    headers = {"Last-Event-ID": last} if last else {}
    with client.stream("GET", f"/v1/conversations/{conversation}/events", headers=headers) as response:
        assert response.status_code == 200
        yield events_in(response.iter_lines())


def events_in(lines):
    found = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            found[name] = value
        elif "event" in found:
            yield found["event"], found.get("id", ""), json.loads(found["data"])
            found = {}


def handed_over(client):
    """A conversation that waits for a person, with its hand-off."""
    begun = write(client, NONSENSE).json()["conversation_id"]
    handoff = client.post(f"/v1/conversations/{begun}/handoff", json={}).json()["handoff"]
    return begun, handoff["id"]


# ---------------------------------------------------------------------- messages


def test_a_message_begins_a_conversation_and_gets_its_answer(client):
    result = write(client, page="https://www.shop.example/jackets?session=secret#top").json()
    assert list(result) == ["conversation_id", "message", "answer", "handoff"]
    assert result["answer"]["decision"] == "send"
    assert "30 degrees" in result["answer"]["text"]
    assert result["message"]["text"] == QUESTION
    assert (result["message"]["author"], result["message"]["ordinal"]) == ("customer", 0)
    assert result["handoff"] is None


def test_a_conversation_goes_on_and_can_be_read_again(client):
    begun = write(client).json()
    conversation = begun["conversation_id"]
    assert write(client, "And with a softener?", conversation=conversation).json()["conversation_id"] == conversation
    seen = client.get(f"/v1/conversations/{conversation}").json()
    assert [message["ordinal"] for message in seen["messages"]] == list(range(len(seen["messages"])))
    assert [message["author"] for message in seen["messages"]][:3] == ["customer", "bot", "customer"]
    assert seen["messages"][1]["answer"] == begun["answer"] | {
        "timings_ms": seen["messages"][1]["answer"]["timings_ms"]
    }
    assert "visitor_id" not in seen
    assert all("person_id" not in message for message in seen["messages"])


def test_the_events_of_a_turn_end_with_the_same_object(client):
    response = client.post("/v1/conversations/new/messages", json={"text": QUESTION}, headers=STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    assert [name for name, _ in events] == ["understood", "found", "drafted", "decided", "recorded"]
    last = json.loads(events[-1][1])
    assert list(last) == ["conversation_id", "message", "answer", "handoff"]
    assert client.get(f"/v1/conversations/{last['conversation_id']}").json()["messages"][0] == last["message"]


def test_the_same_key_is_one_message_whether_streamed_or_not(client):
    first = write(client, key="first").json()
    again = write(client, key="first").json()
    assert (again["message"], again["answer"]["id"]) == (first["message"], first["answer"]["id"])
    headers = STREAM | {"Idempotency-Key": "first"}
    streamed = client.post("/v1/conversations/new/messages", json={"text": QUESTION}, headers=headers)
    [(name, data)] = events_of(streamed.text)
    assert (name, json.loads(data)["message"]) == ("recorded", first["message"])
    assert write(client, key="second").json()["conversation_id"] != first["conversation_id"]


def test_the_key_of_another_visitor_is_another_message(client, stranger):
    mine, theirs = write(client, key="same").json(), write(stranger, key="same").json()
    assert mine["conversation_id"] != theirs["conversation_id"]


def test_the_token_may_come_in_the_body(shop, client):
    token = client.headers["Authorization"].removeprefix("Visitor ")
    with shop.client() as bare:
        conversation = write(bare, visitor=token).json()["conversation_id"]
    assert client.get(f"/v1/conversations/{conversation}").status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"text": 3}, "text"),
        ({"text": "x", "page": "a" * 4_001}, "page"),
        ({"text": "x", "audience": "internal"}, "audience"),
    ],
)
def test_a_message_that_does_not_fit_is_a_problem(client, body, field):
    response = client.post("/v1/conversations/new/messages", json=body)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field)


def test_long_and_strange_messages_are_kept_as_text(client):
    assert client.post("/v1/conversations/new/messages", content=b"a" * 1_000_001).status_code == 413
    half = b'{"text": "\\ud800"}'
    assert client.post("/v1/conversations/new/messages", content=half).status_code == 422
    text = "<script>alert(1)</script>\x00\x0b & 'quotes' \u202e ziew"
    said = write(client, text).json()["message"]["text"]
    assert said == "<script>alert(1)</script>   & 'quotes' \u202e ziew"
    longest = "jacket " * 2_857
    assert write(client, longest).json()["message"]["text"] == longest


def test_what_the_page_tells_is_kept_without_secrets(shop, client):
    conversation = write(client, page="https://ada:pw@www.shop.example/jackets?session=s#top").json()["conversation_id"]
    with shop.desk.parts.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT page FROM conversations WHERE id = ?", (conversation,)).all()
    assert rows == [("https://www.shop.example/jackets",)]


# ------------------------------------------------------------------ whose it is


def test_a_conversation_of_somebody_else_reads_as_absent(shop, client, stranger):
    mine = write(client).json()
    conversation, answer = mine["conversation_id"], mine["answer"]["id"]
    by_program = shop.desk.ask(QUESTION).conversation_id
    for place in (conversation, by_program, "con_none", "new", "../x", "a" * 5_000):
        about = f"/v1/conversations/{place}"
        refused = [
            stranger.get(about),
            stranger.get(f"{about}/events"),
            stranger.post(f"{about}/feedback", json={"answer_id": answer, "helpful": True}),
            stranger.post(f"{about}/contact", json={"email": "a@b.example"}),
        ]
        if place != "new":
            refused += [
                stranger.post(f"{about}/messages", json={"text": QUESTION}),
                stranger.post(f"{about}/handoff", json={}),
            ]
        assert {response.status_code for response in refused} == {404}
        assert {response.json()["code"] for response in refused} == {"not_found"}
    assert len(client.get(f"/v1/conversations/{conversation}").json()["messages"]) == 2


def test_a_passage_is_shown_to_the_visitor_who_got_the_answer(client, stranger):
    answer = write(client).json()["answer"]
    place = f"/v1/passages/{answer['id']}/0"
    found = client.get(place).json()
    assert found["quote"] == answer["citations"][0]["quote"]
    assert (found["title"], found["url"]) == ("Washing a jacket", "https://help.shop.example/washing")
    assert "Close the zip first." in found["before"]
    assert "Do not use a softener." in found["after"]
    assert found["updated_at"].startswith("2026-03-11")
    for client_, path in ((stranger, place), (client, f"/v1/passages/{answer['id']}/99"), (client, "/v1/passages/x/0")):
        assert (client_.get(path).status_code, client_.get(path).json()["code"]) == (404, "not_found")
    assert client.get(f"/v1/passages/{answer['id']}/-1").status_code == 422


def test_what_rests_on_an_article_that_is_gone_is_shown_without_its_proof(shop, client):
    document = shop.desk.put_document("lamp.md", "# Lamp\n\nThe bicycle lamp needs two batteries of the size AAA.\n")
    begun = write(client, "How many batteries does the bicycle lamp need?").json()
    assert begun["answer"]["citations"][0]["document_id"] == document.document_id
    shop.desk.remove(document.document_id)
    assert client.get(f"/v1/passages/{begun['answer']['id']}/0").status_code == 404
    seen = client.get(f"/v1/conversations/{begun['conversation_id']}").json()
    assert (seen["messages"][1]["answer"], seen["messages"][1]["author"]) == (None, "bot")


# --------------------------------------------------------------------- a person


def test_a_person_can_be_asked_for_before_and_after_the_first_message(client):
    first = client.post("/v1/conversations/new/handoff", json={"locale": "en"}).json()
    assert first["handoff"]["state"] == "waiting"
    assert first["handoff"]["notice"]
    again = client.post(f"/v1/conversations/{first['conversation_id']}/handoff").json()
    assert again["handoff"]["id"] == first["handoff"]["id"]
    begun, handoff = handed_over(client)
    assert handoff != first["handoff"]["id"]
    assert client.get(f"/v1/conversations/{begun}").json()["state"] == "waiting"


def test_while_a_person_has_the_conversation_the_bot_is_silent_and_the_person_has_a_name(shop, client):
    begun, handoff = handed_over(client)
    shop.desk.claim(handoff, person_id=shop.owner_id())
    shop.desk.note(handoff, "A difficult customer", person_id=shop.owner_id())
    shop.desk.reply(handoff, "Let me look.", person_id=shop.owner_id())
    result = write(client, QUESTION, conversation=begun).json()
    assert result["answer"] is None
    assert result["message"]["text"] == QUESTION
    assert result["handoff"]["id"] == handoff
    seen = client.get(f"/v1/conversations/{begun}")
    assert "difficult" not in seen.text
    assert shop.owner_id() not in seen.text
    said = [message for message in seen.json()["messages"] if message["author"] == "operator"]
    assert [(message["name"], message["text"]) for message in said] == [("Owner", "Let me look.")]
    assert seen.json()["claimed_by_name"] == "Owner"


def test_a_word_about_an_answer_is_taken_from_the_visitor_who_got_it(client, stranger):
    begun = write(client).json()
    about, word = f"/v1/conversations/{begun['conversation_id']}/feedback", {"answer_id": begun["answer"]["id"]}
    assert client.post(about, json={**word, "helpful": True}).status_code == 204
    assert client.post(about, json={"answer_id": "ans_none", "helpful": True}).status_code == 404
    theirs = write(stranger).json()["conversation_id"]
    assert stranger.post(f"/v1/conversations/{theirs}/feedback", json={**word, "helpful": False}).status_code == 404


def test_an_address_can_be_left(client):
    begun = write(client).json()["conversation_id"]
    about = f"/v1/conversations/{begun}/contact"
    given = client.post(about, json={"name": "Ada <b>", "email": "ada@shop.example"}).json()
    assert given == {"name": "Ada <b>", "email": "ada@shop.example"}
    assert client.post(about, json={"email": "nobody"}).status_code == 400
    assert client.get(f"/v1/conversations/{begun}").json()["contact"] == "ada@shop.example"


def test_where_no_contact_form_is_set_there_is_none(client):
    response = client.post("/v1/leads", json={"fields": {"email": "ada@shop.example"}})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert "leads.fields" in response.json()["fix"]


# ---------------------------------------------------- a message is never lost


@contextmanager
def full_house(door):
    """Every place for a turn taken, until the end."""
    gate, held = threading.Event(), []
    try:
        with pytest.raises(Busy):
            for _ in range(1_000):
                held.append(door.turns.start(lambda: gate.wait(PATIENCE_SECONDS)))
        yield
    finally:
        gate.set()
        for future in held:
            future.result(PATIENCE_SECONDS)


def test_a_message_to_a_full_house_goes_to_a_person(shop, client):
    with full_house(shop.app.state.door):
        result = write(client, key="full").json()
        headers = STREAM | {"Idempotency-Key": "streamed"}
        streamed = client.post("/v1/conversations/new/messages", json={"text": QUESTION}, headers=headers)
        assert write(client, key="full").json()["message"] == result["message"]
    assert (result["message"]["text"], result["answer"]["decision"]) == (QUESTION, "hand_off")
    assert result["handoff"]["state"] == "waiting"
    [(name, data)] = events_of(streamed.text)
    assert (name, json.loads(data)["answer"]["decision"]) == ("recorded", "hand_off")
    assert write(client, key="full").json()["answer"]["id"] == result["answer"]["id"]


def test_nothing_that_visitors_write_is_in_the_log(client, caplog):
    caplog.set_level(logging.DEBUG)
    write(client, "My secret word is Rumpelstiltskin", page="https://www.shop.example/Rumpelstiltskin")
    client.post("/v1/conversations/new/contact", json={"name": "Rumpelstiltskin", "email": "Rumpelstiltskin"})
    assert "Rumpelstiltskin" not in caplog.text


# ------------------------------------------------------------------- the stream


def test_a_stream_tells_what_was_said_and_what_is_said_from_now_on(shop, client):
    begun, handoff = handed_over(client)
    with watching(client, begun) as events:
        before = client.get(f"/v1/conversations/{begun}").json()["messages"]
        told = [next(events) for _ in before]
        assert [(name, int(place), data) for name, place, data in told] == [
            ("message", message["ordinal"], message) for message in before
        ]
        assert next(events) == ("state", "", {"state": "waiting", "claimed_by_name": ""})
        shop.desk.claim(handoff, person_id=shop.owner_id())
        seen = [next(events), next(events)]
        assert ("state", "", {"state": "claimed", "claimed_by_name": "Owner"}) in seen
        shop.desk.note(handoff, "Between us", person_id=shop.owner_id())
        shop.desk.reply(handoff, "Hello, I am here.", person_id=shop.owner_id())
        name, _, data = next(events)
        assert (name, data["author"], data["name"], data["text"]) == (
            "message",
            "operator",
            "Owner",
            "Hello, I am here.",
        )


def test_a_stream_goes_on_where_it_was_left(client):
    begun = write(client).json()["conversation_id"]
    with watching(client, begun, last="0") as events:
        assert [next(events)[:2], next(events)[0]] == [("message", "1"), "state"]
    with watching(client, begun, last="nonsense") as events:
        assert next(events)[:2] == ("message", "0")


def eventually(holds):
    """Whether something becomes so within a while."""
    pause = threading.Event()
    return any(holds() or pause.wait(0.02) for _ in range(250))


def test_a_stream_holds_no_worker_and_is_let_go_when_its_reader_goes(shop):
    hub = shop.app.state.door.hub
    assert eventually(lambda: hub.readers == 0)
    with ExitStack() as closing:
        kept = []  # a stream is closed when nobody holds its lines
        for _ in range(2):
            client = closing.enter_context(shop.visitor())
            begun = write(client).json()["conversation_id"]
            for _ in range(MOST_STREAMS):
                kept.append(closing.enter_context(watching(client, begun)))
                assert [next(kept[-1])[0] for _ in range(3)] == ["message", "message", "state"]
        assert hub.readers == 2 * MOST_STREAMS  # far more than there are workers to read
        assert client.get(f"/v1/conversations/{begun}").status_code == 200
    assert eventually(lambda: hub.readers == 0)


def test_a_visitor_has_only_so_many_streams(shop, client):
    begun = write(client).json()["conversation_id"]
    about = f"/v1/conversations/{begun}/events"
    open_ones = [client.stream("GET", about) for _ in range(MOST_STREAMS)]
    try:
        reading = [events_in(each.__enter__().iter_lines()) for each in open_ones]
        assert [next(events)[0] for events in reading] == ["message"] * MOST_STREAMS
        refused = client.get(about)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
        with shop.visitor() as other, watching(other, write(other).json()["conversation_id"]) as events:
            assert next(events)[0] == "message"
    finally:
        for each in open_ones:
            each.__exit__(None, None, None)


def test_a_stopping_server_ends_the_streams(tmp_path):
    with site(tmp_path) as opened, opened.visitor() as client:
        begun = write(client).json()["conversation_id"]
        with watching(client, begun) as events:
            assert next(events)[0] == "message"
            door = opened.app.state.door
            reader = next(iter(door.hub._readers))
            reader.loop.call_soon_threadsafe(door.hub.close)
            assert [name for name, _, _ in events][-1] == "state"
        assert client.get(f"/v1/conversations/{begun}/events").status_code == 503
