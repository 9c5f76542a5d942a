"""A small real receiver of webhooks on a thread, which can be told to be difficult."""

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Hook:
    """What a receiver was sent, and where it is."""

    url: str
    bodies: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    written: int = 0


def status(number, **headers):
    """Answers with a status, an empty body and these headers."""

    def answer(handler, _):
        handler.send_response_only(number)
        for name, value in ({"Content_Length": "0"} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()

    return answer


def raw(data):
    """Writes these bytes and hangs up."""

    def answer(handler, _):
        handler.wfile.write(data)

    return answer


def hang(_, hook):
    """Says nothing until the end of the test."""
    hook.over.wait(60)


def dripping(start, drop, end, *, times):
    """Writes `start`, then a drop now and then, then `end`."""

    def answer(handler, hook):
        handler.wfile.write(start)
        for _ in range(times):
            if hook.over.wait(0.05):
                return
            handler.wfile.write(drop)
            hook.written += len(drop)
        handler.wfile.write(end)

    return answer


def huge(megabytes):
    """Answers 200 with a body of so many megabytes, and counts what it could get rid of."""

    def answer(handler, hook):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (megabytes * 1_000_000))
        for _ in range(megabytes * 10):
            handler.wfile.write(b"x" * 100_000)
            hook.written += 100_000

    return answer


@contextmanager
def hook_server(*answers, trust=None):
    """A receiver that gives these answers in turn, the last one for ever."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            hook.headers.append(dict(self.headers.items()))
            hook.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            hook.asked.set()
            self.close_connection = True
            with suppress(OSError):
                answers[min(len(hook.bodies), len(answers)) - 1](self, hook)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def finish_request(self, request, client_address):
            if trust is not None:
                request = trust.wrap_socket(request, server_side=True)
            with request:
                super().finish_request(request, client_address)

        def handle_error(self, request, client_address):
            """A client that gives up is no error here."""

    with Server(("127.0.0.1", 0), Handler) as http:
        hook = Hook(f"{'https' if trust else 'http'}://127.0.0.1:{http.server_port}/hook")
        threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield hook
        finally:
            hook.over.set()
            http.shutdown()
