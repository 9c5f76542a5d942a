"""What carries a visitor's message: patience that ends with a person, and what of a page is kept."""

import asyncio
import threading

import pytest

from openbook.server.conversing import answered, message_request, page_without_secrets, turn_events
from openbook.server.door import open_door
from openbook.server.visitor_bodies import MessageBody
from openbook.server.visitors import Visitor
from server.visiting import QUESTION

PATIENCE_SECONDS = 10


@pytest.mark.parametrize("page", ["", "javascript:alert(1)", "/jackets", "https://", "http://[::1", "https://x:y/"])
def test_what_is_no_address_of_a_page_is_left_out(page):
    assert page_without_secrets(page) == ""


def test_a_pages_language_narrows_nothing():
    request = message_request(MessageBody(text=QUESTION, locale="en"), Visitor("vis_any"), "new")
    assert (request.locale, request.language) == ("", "en")


@pytest.fixture
def one_worker(workshop):
    door = open_door(workshop, turns=1)
    yield door
    door.close()


def asked_by(key):
    return message_request(MessageBody(text=QUESTION), Visitor("vis_slow"), "new", key=key)


def test_an_answer_that_takes_too_long_is_handed_over_and_the_late_one_finds_it(workshop, one_worker):
    gate = threading.Event()
    one_worker.turns.start(lambda: gate.wait(PATIENCE_SECONDS))

    async def wait():
        answer = await answered(one_worker, asked_by("slow"), patience_seconds=0.05)
        events = [event async for event in turn_events(one_worker, asked_by("slower"), patience_seconds=0.05)]
        gate.set()
        late = await answered(one_worker, asked_by("slow"))
        return answer, events, late

    answer, events, late = asyncio.run(wait())
    assert answer.decision == "hand_off"
    assert "too long" in answer.reason
    assert [(event.name, event.data.decision) for event in events] == [("recorded", "hand_off")]
    assert late.id == answer.id
    assert len(workshop.messages_behind(answer.conversation_id, -1)) == len(
        workshop.messages_behind(events[0].data.conversation_id, -1)
    )
