"""What keeping 2,000 pages in step costs, in a folder and on a web site: first reading, second reading, one edit.

The first reading is compared with the encoder alone on the same chunks, the second, of pages that did
not change, with the first. An edited page is timed from the moment the sync begins until the new version
serves, seen from another thread. The site is served on this machine, without a pause between requests.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from help_site import Site
from measure import heading, parser, row, seconds, shown
from openbook import Desk
from openbook.ingest import chunk, embedding_text, read
from openbook.models import Passage
from openbook.types import SourceOptions

_SAMPLE = 300
_FRIENDLY = {"crawl.delay_seconds": 0.0, "crawl.private": True}


def main() -> None:
    """Measures both kinds of sources and prints the tables."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--pages", type=int, default=2_000)
    arguments.add_argument("--edits", type=int, default=7)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place:
        _folder(Path(place), options.pages, options.edits)
    with tempfile.TemporaryDirectory() as place:
        _site(Path(place), options.pages, options.edits)


def _folder(place: Path, pages: int, edits: int) -> None:
    articles = place / "articles"
    articles.mkdir()
    for number in range(pages):
        _write(articles, number, edition=1)
    heading(f"A folder of {pages} pages")
    with Desk.open(place / "desk", must_hold=True) as desk:
        _readings(desk, lambda: desk.add(articles), "the folder")

        def edit(edition: int) -> str:
            _write(articles, edition * 97 % pages, edition=edition)
            return f"article-{edition * 97 % pages}.html"

        _edits(desk, edit, edits)


def _write(folder: Path, number: int, *, edition: int) -> None:
    _, _, page = Site(10**9, edition=edition, every=1).answer(f"/help/section-0/article-{number}", "http://localhost")
    (folder / f"article-{number}.html").write_bytes(page)


def _site(place: Path, pages: int, edits: int) -> None:
    command = [sys.executable, str(Path(__file__).with_name("help_site.py")), "--serve", "--pages", str(pages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdin is not None
        assert serving.stdout is not None
        start = serving.stdout.readline().strip()
        _post(start, every=10**9, has_traps=False)
        heading(f"A site of {pages} pages, crawled")
        with Desk.open(place / "desk", must_hold=True, settings=_FRIENDLY) as desk:
            _readings(desk, lambda: desk.add(start, options=SourceOptions(crawl=True)), "the site")

            def edit(edition: int) -> str:
                _post(start, edition=edition)
                return f"{start}section-0/article-0"

            _edits(desk, edit, edits)
        serving.stdin.close()


def _post(start: str, **change: object) -> None:
    request = urllib.request.Request(start, data=json.dumps(change).encode(), method="POST")
    urllib.request.urlopen(request, timeout=10).close()


def _readings(desk: Desk, add: Callable[[], object], what: str) -> None:
    first = seconds(add)
    documents = desk.documents()
    chunks = sum(document.chunks for document in documents)
    alone = _encoding_seconds(desk) * chunks
    row(f"{what}: first reading", "-", f"{len(documents)} pages, {chunks} chunks, {len(documents) / first:.0f} pages/s")
    row(f"{what}: share of the encoder's own throughput", "-", f"{alone / first:.2f}")
    again = [seconds(desk.sync) for _ in range(3)]
    row(f"{what}: a second reading, nothing changed", "-", shown(again, unit="s"))
    row(f"{what}: the same, share of the first", "<= 0.05", shown([each / first for each in again], digits=3))


def _encoding_seconds(desk: Desk) -> float:
    """How long the encoder alone takes for one of these chunks, with its sentences."""
    embedder = desk.parts.embedder
    assert embedder is not None
    passages = []
    for document in desk.documents()[:_SAMPLE]:
        text = desk.version(document.id, document.version).source_text or ""
        extract = read(text.encode(), path="page.txt")
        for piece in chunk(extract):
            whole = embedding_text(document.title, extract.text, piece)
            shift = len(whole) - piece.span.end
            ranges = tuple((item.start + shift, item.end + shift) for item in piece.sentences)
            passages.append(Passage(f"{whole} ({document.id})", ranges))
    return seconds(lambda: embedder.embed_passages(passages)) / len(passages)


def _edits(desk: Desk, edit: Callable[[int], str], edits: int) -> None:
    times = []
    for edition in range(2, edits + 2):
        path = edit(edition)
        time.sleep(2.5)  # a file changed just before it was read is read again in any case
        times.append(_until_visible(desk, path, edition))
    row("one edited page, from the begin of the sync until it serves, p50", "<= 1 s", shown(times, unit="s"))
    row("the same, the slowest", "-", f"{max(times):.2f} s")


def _until_visible(desk: Desk, path: str, edition: int) -> float:
    before = next(document for document in desk.documents() if document.path == path)
    started = time.perf_counter()
    syncing = threading.Thread(target=desk.sync)
    syncing.start()
    while (now := desk.document(before.id)).version == before.version:
        if not syncing.is_alive() and time.perf_counter() - started > 60:
            raise SystemExit(f"no new version of {path}")
        time.sleep(0.002)
    spent = time.perf_counter() - started
    assert f"Edition {edition}" in (desk.version(now.id, now.version).source_text or "")
    syncing.join()
    return spent


if __name__ == "__main__":
    main()
