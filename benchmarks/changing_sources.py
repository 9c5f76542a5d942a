"""A folder, a JSON file and a site on this machine that change from round to round, for `crash_sync.py`.

Every document carries a mark, such as `zorb-i17-3`: which document, and which edition of it. The
same rounds bring the same changes. It knows no desk.
"""

import json
import random
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from openbook.search.drafting import PART_MARK

FOLDER, FILE, SITE = "articles", "faq.json", "site"
_WANTED = {FOLDER: 250, FILE: 100, SITE: 30}
_FIRST = 20
_GONE_PAGE_EVERY = 12
_WORDS = (
    *("parcel", "invoice", "battery", "account", "delivery", "refund", "voucher", "camera", "filter", "sensor"),
    *("return", "replace", "cancel", "charge", "clean", "renew", "change", "track", "repair", "export", "merge"),
)

Key = tuple[str, str]
"""A document: its source and its path there."""
Marks = dict[Key, str]
"""By document the mark that its text carries."""


def text_of(mark: str, *, is_titled: bool = True) -> str:
    """A small article of two sections, each with its mark; without a title it is called by its file."""
    title = f"# How the fee of {mark.split('-')[1]} is paid\n\n" if is_titled else ""
    return f"{title}{_said(mark)}\n\n## Receipts\n\nA receipt names {mark}.\n"


def _said(mark: str) -> str:
    """Text that is another one for every mark, as pages that are all alike are taken for a trap."""
    words = random.Random(mark).choices(_WORDS, k=24)
    return f"The fee is due as notice {mark} says. {' '.join(words).capitalize()}."


class World:
    """The sources as they are, and how they change from round to round, the same at every run.

    Attributes:
        marks: What every document must say once all is synced.
        moved: By old place the new one of the articles that moved in this round.
    """

    def __init__(self, root: Path, origin: str) -> None:
        self.root, self.origin = root, origin
        self.marks: Marks = {}
        self.moved: dict[Key, Key] = {}
        self._chance = random.Random(7)
        self._made = 0
        (root / FOLDER).mkdir(parents=True)
        for source in (FOLDER, FILE, SITE):
            for _ in range(_FIRST):
                self._add(source)
        self._write_file()

    @property
    def sources(self) -> dict[str, str]:
        """The locations of the sources."""
        return {
            FOLDER: str(self.root / FOLDER),
            FILE: str(self.root / FILE),
            SITE: f"{self.origin}/help/",
        }

    def change(self, number: int) -> None:
        """One round of changes: about one document in six of each source."""
        self.moved = {}
        for source, wanted in _WANTED.items():
            mine = self.of(source)
            picked = self._chance.sample(mine, len(mine) // 6)
            for place, key in enumerate(picked):
                if place % 6 == 0 and source != SITE:
                    self._remove(key)
                elif place % 6 == 1 and source == FOLDER:
                    self._move(key)
                else:
                    self._edit(key)
            if source == SITE and number % _GONE_PAGE_EVERY == 1:
                del self.marks[picked[0]]
            for _ in range(max(2, (wanted - len(mine)) // 2)):
                self._add(source)
        self._write_file()

    def of(self, source: str) -> list[Key]:
        """The documents of a source."""
        return sorted(key for key in self.marks if key[0] == source)

    def _add(self, source: str) -> None:
        self._made += 1
        names = {
            FOLDER: f"shelf-{self._made % 7}/item-{self._made}.md",
            FILE: f"{FILE}{PART_MARK}item-{self._made}",
            SITE: f"{self.origin}/help/item-{self._made}",
        }
        self._set((source, names[source]), f"zorb-i{self._made}-1")

    def _edit(self, key: Key) -> None:
        stem, _, edition = self.marks[key].rpartition("-")
        self._set(key, f"{stem}-{int(edition) + 1}")

    def _set(self, key: Key, mark: str) -> None:
        self.marks[key] = mark
        if key[0] == FOLDER:
            place = self.root / FOLDER / key[1]
            place.parent.mkdir(exist_ok=True)
            place.write_text(text_of(mark, is_titled=int(mark.split("-")[1][1:]) % 3 > 0), "utf-8")

    def _remove(self, key: Key) -> None:
        del self.marks[key]
        if key[0] == FOLDER:
            (self.root / FOLDER / key[1]).unlink()

    def _move(self, key: Key) -> None:
        self._made += 1
        other = (FOLDER, f"shelf-{self._made % 7}/moved-{self._made}.md")
        place = self.root / FOLDER / other[1]
        place.parent.mkdir(exist_ok=True)
        (self.root / FOLDER / key[1]).rename(place)
        self.marks[other] = self.marks.pop(key)
        self.moved[key] = other

    def _write_file(self) -> None:
        keys = self.of(FILE)
        records = [
            {
                "id": key[1].partition(PART_MARK)[2],
                "title": key[1],
                "body_markdown": text_of(self.marks[key], is_titled=False),
            }
            for key in keys
        ]
        (self.root / FILE).write_text(json.dumps({"articles": records}), "utf-8")

    def page(self, address: str) -> tuple[str, str]:
        """The tag and the body of a page of the site; both empty where there is none."""
        if address == f"{self.origin}/help/":
            links = "".join(f'<li><a href="{key[1]}">{key[1]}</a></li>' for key in self.of(SITE))
            return str(
                hash(links)
            ), f"<html><body><main><h1>Help</h1><p>Contents</p><ul>{links}</ul></main></body></html>"
        mark = self.marks.get((SITE, address), "")
        text = f"<main><h1>How the fee of {mark} is paid</h1><p>{_said(mark)}</p></main>"
        return (mark, f"<html><body>{text}</body></html>") if mark else ("", "")


class Site:
    """Serves a world's pages on this machine as long as the `with` block lasts; counts pages given in full."""

    def __init__(self) -> None:
        self.world: World | None = None
        self.given: Counter[str] = Counter()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                tag, body = site.world.page(f"{site.origin}{self.path}") if site.world else ("", "")
                same = bool(tag) and self.headers["If-None-Match"] == f'"{tag}"'
                self.send_response_only(304 if same else 200 if tag else 404)
                self.send_header("ETag", f'"{tag}"')
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if not same:
                    site.given[f"{site.origin}{self.path}"] += bool(tag)
                    self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(b"" if same else body.encode())

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """Says nothing: whoever asked was killed."""

        self._http = Server(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> "Site":
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
