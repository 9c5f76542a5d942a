"""Long work and the end of the server."""

import time

import pytest

from openbook.errors import Busy
from openbook.server import create_app
from openbook.server.long_work import listener
from openbook.types import Progress
from server.running import running

PATIENCE_SECONDS = 30


def test_the_end_of_the_server_ends_what_is_read_and_breaks_off_what_is_tried(workshop, articles):
    folder = articles(spades="# Spades\n\nA spade costs 23 pounds.")
    app = create_app(workshop, turns=1)
    door, publisher = app.state.door, workshop.parts.publisher
    before = publisher.on_step
    publisher.on_step = lambda _: door.closing.wait(PATIENCE_SECONDS)
    try:
        with running(app):
            reading = door.long.start(lambda: door.readings.add("main", str(folder)))
            deadline = time.monotonic() + PATIENCE_SECONDS
            while (
                not any(step.done for step in door.readings.under_way("main").values()) and time.monotonic() < deadline
            ):
                time.sleep(0.01)
            listen = listener(door, lambda _: None)
            listen(Progress(1, 2, "questions"))
        assert "stopped" in reading.result(PATIENCE_SECONDS).notices[0]
        with pytest.raises(Busy, match="stopping"):
            listen(Progress(2, 2, "questions"))
    finally:
        publisher.on_step = before
        workshop.remove(str(folder))
