"""A help centre on this machine to crawl, with the traps of real ones, and what crawling it costs.

`--serve` only serves it, and prints its address. Otherwise it is served by a process of its own and
crawled three times over: first in full, then with nothing changed, then with one page in twenty
changed and one in a hundred gone. Printed are pages per second and what was left alone, and why.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import threading
import time
import urllib.request
import zlib
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

_SECTION = 50
_NOUNS = (
    *("parcel", "invoice", "battery", "account", "delivery", "refund"),
    *("voucher", "camera", "filter", "password", "address", "sensor"),
)
_VERBS = (
    *("return", "replace", "cancel", "charge", "clean", "renew"),
    *("change", "track", "repair", "export", "merge", "pause"),
)
_MODIFIED = "Mon, 02 Mar 2026 08:00:00 GMT"
_TRAPS = (
    "calendar/2026/01 list?page=1 shoes?colour=red&size=1 s-0a1b2c3d4e5f6071/faq-1 deeper/ missing/1 loop-a round?n=1 "
    "inside app slow heals busy login noindex bomb picture.png"
)


@dataclass(slots=True)
class Site:
    """What is served. Deterministic but for what `edition` and `gone` change.

    Attributes:
        pages: How many articles there are.
        edition: Raised to change one article in `every`.
        gone: Whether one article in a hundred is no longer there.
        has_traps: Whether the home page leads to the traps.
        asked: How often each path was asked for.
    """

    pages: int = 2_000
    edition: int = 1
    every: int = 20
    gone: bool = False
    has_traps: bool = True
    asked: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, target: str, origin: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a path with its query."""
        with self.lock:
            self.asked[target] += 1
        path, query = urlsplit(target).path, urlsplit(target).query
        if found := re.fullmatch(r"/help/section-\d+/article-(\d+)", path):
            return self._article(int(found[1]), origin)
        if found := re.fullmatch(r"/help/section-(\d+)/", path):
            first = int(found[1]) * _SECTION
            numbers = range(first, min(first + _SECTION, self.pages))
            return _page(f"Section {found[1]}", _list(map(_article_path, numbers)))
        if found := re.fullmatch(r"/help/old/(\d+)", path):
            return 301, {"Location": _article_path(int(found[1]))}, b""
        if path.startswith("/help/traps/"):
            return self._trap(path.removeprefix("/help/traps/"), query)
        return self._fixed(path, origin)

    def _fixed(self, path: str, origin: str) -> tuple[int, dict[str, str], bytes]:
        if path == "/help/":
            sections = (f"/help/section-{number}/" for number in range(-(-self.pages // _SECTION)))
            traps = [f"/help/traps/{trap}" for trap in _TRAPS.split()] if self.has_traps else []
            return _page("Help centre", _list([*sections, *traps, "/help/closed/plans", "https://other.example/"]))
        if path == "/robots.txt":
            text = f"User-agent: *\nDisallow: /help/closed/\nSitemap: {origin}/sitemap-index.xml\n"
            return 200, {"Content-Type": "text/plain"}, text.encode()
        if path == "/sitemap-index.xml":
            return _xml(f"<sitemapindex><sitemap><loc>{origin}/sitemap-1.xml</loc></sitemap></sitemapindex>")
        if path == "/sitemap-1.xml":
            numbers = (number for number in range(self.pages) if not number % 2 and not self._is_gone(number))
            urls = (
                f"<url><loc>{origin}{_article_path(number)}</loc>{self._lastmod(number)}</url>" for number in numbers
            )
            return _xml(f"<urlset>{''.join(urls)}</urlset>")
        return 404, {"Content-Type": "text/html"}, b"<h1>Not here</h1>"

    def _article(self, number: int, origin: str) -> tuple[int, dict[str, str], bytes]:
        if number >= self.pages or self._is_gone(number):
            return 410, {}, b""
        edition = self.edition if number % self.every == 0 else 1
        verb, noun = _VERBS[number % len(_VERBS)], _NOUNS[number // len(_VERBS) % len(_NOUNS)]
        text = (
            f"<p>To {verb} a {noun} of model {number}, open the page of your {noun} and choose {verb}. This takes "
            f"{number % 9 + 1} days. Edition {edition} of article {number}.</p>"
            f"<p>{_words(number)}</p><p>If it fails, write to us.</p>"
        )
        near = [f"{_article_path((number + 1) % self.pages)}?utm_source=footer", f"/help/old/{number}"][
            : 1 + (number % 50 == 0)
        ]
        crumbs = f'<ol class="breadcrumb"><li><a href="/help/">Help</a></li><li>Section {number // _SECTION}</li></ol>'
        head = f'<link rel="canonical" href="{origin}{_article_path(number)}">'
        status, headers, body = _page(f"How to {verb} {noun} {number}", text + _list(near), head=head, above=crumbs)
        return status, headers | {"ETag": f'"{number}-{edition}"', "Last-Modified": _MODIFIED}, body

    def _is_gone(self, number: int) -> bool:
        return self.gone and number % 100 == 7

    def _lastmod(self, number: int) -> str:
        return (
            "<lastmod>2099-01-01</lastmod>"
            if self.edition > 1 and number % self.every == 0
            else "<lastmod>2026-03-02</lastmod>"
        )

    def _trap(self, name: str, query: str) -> tuple[int, dict[str, str], bytes]:
        values = dict(parse_qsl(query))
        with self.lock:
            times = self.asked[f"/help/traps/{name}"]
        if found := re.fullmatch(r"calendar/(\d+)/(\d+)", name):
            year, month = divmod(int(found[1]) * 12 + int(found[2]), 12)
            return _page(
                "Events",
                f"<p>No events in {found[2]}/{found[1]}.</p>" + _list([f"/help/traps/calendar/{year}/{month + 1:02}"]),
            )
        if name == "list":
            page = int(values.get("page", "1"))
            return _page(
                f"News, page {page}", "<p>There is no news.</p>" + _list([f"?page={page + 1}", f"?page={page + 2}"])
            )
        if name == "shoes":
            return _page("Shoes", _words(query) + _list(_facets(values)))
        if found := re.fullmatch(r"s-([0-9a-f]+)/faq-(\d+)", name):
            session = hashlib.md5(found[1].encode(), usedforsecurity=False).hexdigest()[:16]
            return _page(
                f"FAQ {found[2]}",
                f"<p>{_words(int(found[2]))}</p>"
                + _list([f"/help/traps/s-{session}/faq-{number}" for number in (1, 2, 3)] + [f"faq-1?sid={session}"]),
            )
        if name.startswith("deeper/"):
            return _page("Deeper", f"<p>{_words(len(name))}</p>" + _list(["deeper/"]))
        return _single_trap(name, values, times)


def _single_trap(name: str, values: dict[str, str], times: int) -> tuple[int, dict[str, str], bytes]:
    count = int(values.get("n", "1"))
    text = f"<p>{_words(len(name) + ord(name[0]))}</p>"
    if name == "slow":
        time.sleep(0.3)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = {
        "loop-a": (302, {"Location": "loop-b"}, b""),
        "loop-b": (302, {"Location": "loop-a"}, b""),
        "round": (302, {"Location": f"round?n={count + 1}"}, b""),
        "inside": (302, {"Location": "http://127.0.0.2:9/admin"}, b""),
        "app": _page("App", "", head="<script src='/app.js'></script>", main="<div id='root'></div>"),
        "slow": _page("Slow", text),
        "heals": (500, {}, b"") if times <= 2 else _page("Healed", text),
        "busy": (429, {"Retry-After": "1"}, b"") if times <= 1 else _page("No longer busy", text),
        "login": _page("Log in", "<form><input name='user'><input type='password'></form>"),
        "noindex": _page("Not for search", text, head="<meta name='robots' content='noindex'>"),
    }
    if name == "bomb":
        return 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, _bomb()
    return answers.get(name) or _page("Page not found", "<p>Sorry, there is nothing here.</p>")


def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(50)) + packer.flush()


def _facets(values: dict[str, str]) -> list[str]:
    links = []
    for name, choices in {
        "colour": ("red", "blue", "green"),
        "size": range(40),
        "sort": ("price", "name"),
        "brand": range(9),
    }.items():
        for choice in choices:
            chosen = values | {name: str(choice)}
            links.append("?" + "&".join(f"{key}={chosen[key]}" for key in chosen))
    return links


def _page(
    title: str, text: str, *, head: str = "", above: str = "", main: str = ""
) -> tuple[int, dict[str, str], bytes]:
    body = main or f"{above}<main><h1>{title}</h1>{text}</main>"
    html = f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return 200, {"Content-Type": "text/html; charset=utf-8"}, html.encode()


def _xml(text: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


def _list(links) -> str:
    return "<ul>" + "".join(f'<li><a href="{link}">{link}</a></li>' for link in links) + "</ul>"


def _article_path(number: int) -> str:
    return f"/help/section-{number // _SECTION}/article-{number}"


def _words(seed: object) -> str:
    """Some text that is another one for every seed."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    return " ".join(f"{_VERBS[byte % 12]} the {_NOUNS[byte // 12 % 12]}" for byte in digest) + "."


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    site: Site

    def do_GET(self) -> None:
        status, headers, body = self.site.answer(self.path, f"http://{self.headers['Host']}")
        if status == 200 and headers.get("ETag") and headers["ETag"] == self.headers["If-None-Match"]:
            status, body = 304, b""
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Changes the site: `{"edition": 2, "gone": true}`."""
        for name, value in json.loads(self.rfile.read(int(self.headers["Content-Length"]))).items():
            setattr(self.site, name, value)
        self.send_response_only(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class Server:
    """Serves a site on this machine, on a port that is free, as long as the `with` block lasts."""

    def __init__(self, site: Site) -> None:
        handler = type("Handler", (_Handler,), {"site": site})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


def main() -> None:
    """Serves, or serves and crawls."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pages", type=int, default=2_000)
    arguments.add_argument("--serve", action="store_true", help="only serve, until standard input ends")
    options = arguments.parse_args()
    if options.serve:
        with Server(Site(options.pages)) as server:
            sys.stdout.write(f"{server.origin}/help/\n")
            sys.stdout.flush()
            sys.stdin.read()
        return
    command = [sys.executable, __file__, "--serve", "--pages", str(options.pages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdin is not None
        assert serving.stdout is not None
        measure_rounds(serving.stdout.readline().strip(), options.pages)
        serving.stdin.close()


def measure_rounds(start: str, pages: int) -> None:
    """Crawls a served site three times and prints the table."""
    from measure import heading, row
    from openbook.ingest.web import Crawler, MemoryFrontier, Plan

    frontier = MemoryFrontier()
    heading(f"Crawling a site of {pages} articles with traps, on this machine, no pause between requests")
    changes = ({}, {}, {"edition": 2, "gone": True})
    for name, change in zip(("first round", "nothing changed", "some changed, some gone"), changes, strict=True):
        body = json.dumps(change).encode()
        urllib.request.urlopen(urllib.request.Request(start, data=body, method="POST"), timeout=10).close()
        crawler = Crawler(Plan(start, delay_seconds=0.0, allow_private=True, second_look_seconds=0.1), frontier)
        outcomes: Counter[str] = Counter()
        started, busy = time.perf_counter(), time.process_time()
        for page in crawler.pages():
            outcomes[page.outcome] += 1
            crawler.done(page)
        spent, busy = time.perf_counter() - started, time.process_time() - busy
        row(
            f"{name}: addresses per second",
            "-",
            f"{outcomes.total() / spent:.0f} ({spent:.1f} s, {busy:.1f} s of it ours)",
        )
        row(f"{name}: outcomes", "-", ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
        for reason, count in crawler.left_alone.counts.most_common():
            row(f"{name}: left alone, {reason}", "-", str(count))


if __name__ == "__main__":
    main()
