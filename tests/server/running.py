"""A real server on a thread, for tests that speak HTTP to it."""

import threading
import time
from contextlib import contextmanager

import uvicorn
from lxml import html

from openbook.server.run import _listen

PATIENCE_SECONDS = 30


@contextmanager
def running(app):
    """The address of the application while it is served."""
    with _listen("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, log_level="critical", access_log=False, timeout_graceful_shutdown=5)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)


def events_of(text):
    """The names and data lines of a stream of server-sent events."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block.startswith("event: ")]
    return [(block[0].removeprefix("event: "), block[1].removeprefix("data: ")) for block in blocks]


def page_of(response):
    """What a browser shows of a page: everything but its templates."""
    page = html.fromstring(response.text)
    for template in page.xpath("//template"):
        template.drop_tree()
    return page
