"""Small real web servers for tests of the crawler."""

import importlib.util
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HTML = {"Content-Type": "text/html; charset=utf-8"}


class Served:
    """What a test's server was asked, and where it is."""

    def __init__(self, origin, answers):
        self.origin = origin
        self.answers = answers
        self.asked = Counter()
        self.headers = {}


@contextmanager
def serving(answers, *, trust=None):
    """Serves `answers`: a path to (status, headers, body), or to a function that makes one of the count so far."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self):
            served.asked[self.path] += 1
            served.headers[self.path] = dict(self.headers.items())
            found = answers.get(self.path, (404, HTML, b""))
            status, headers, body = found(served.asked[self.path]) if callable(found) else found
            self.send_response_only(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        if trust is not None:
            http.socket = trust.wrap_socket(http.socket, server_side=True)
        served = Served(f"{'https' if trust else 'http'}://127.0.0.1:{http.server_port}", answers)
        threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield served
        finally:
            http.shutdown()


def html(title, text, *, head=""):
    """A page as a server sends it."""
    body = f"<body><main><h1>{title}</h1>{text}</main></body>"
    page = f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>{body}</html>"
    return 200, HTML, page.encode()


def help_site():
    """The module that makes the site of the benchmark."""
    if "help_site" not in sys.modules:
        path = Path(__file__).parents[3] / "benchmarks" / "help_site.py"
        spec = importlib.util.spec_from_file_location("help_site", path)
        sys.modules["help_site"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["help_site"])
    return sys.modules["help_site"]
