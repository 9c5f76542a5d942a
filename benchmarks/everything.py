"""Adds every folder of public data, and the sample shop as a web site: what is read, what is left out and why.

Readers, chunker, tables and index are the real ones; the encoder is the quick one of the tests, since its
speed is measured elsewhere. The shop's folder is served on this machine as a plain list of files.
"""

import tempfile
import threading
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from measure import ROOT, data_folder, heading, parser, row, seconds
from openbook import Desk
from openbook.models import HashEmbedder
from openbook.types import SourceOptions, SyncReport

_FRIENDLY = {"crawl.delay_seconds": 0.0, "crawl.private": True}
_SHOP = ROOT / "examples" / "shop" / "articles"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


def main() -> None:
    """Prints one row for each folder, and one for the crawled shop."""
    parser(__doc__ or "").parse_args()
    heading("Everything that is at hand, added")
    for folder in sorted(place for place in data_folder().iterdir() if place.is_dir()):
        _add(folder.name, str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(_SHOP))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _add("the sample shop, crawled", f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
    files = sum(1 for path in _SHOP.rglob("*") if path.is_file())
    row("files that the shop's folder holds", "-", str(files))


def _add(name: str, location: str) -> None:
    with (
        tempfile.TemporaryDirectory() as place,
        Desk.open(place, must_hold=True, settings=_FRIENDLY, embedder=HashEmbedder()) as desk,
    ):
        reports: list[SyncReport] = []
        options = SourceOptions(crawl="://" in location)
        spent = seconds(lambda: reports.append(desk.add(location, options=options)))
        [report] = reports
        counts = ", ".join(f"{report.count(kind)} {kind}" for kind in ("read", "waiting", "skipped"))
        row(name, "-", f"{counts} in {spent:.1f} s")
        for reason, count in Counter(_short(file.reason) for file in report.files if file.outcome == "skipped").items():
            row(f"{name}: left out", "-", f"{count}: {reason}")


def _short(reason: str) -> str:
    """A reason without the names of files, as far as it stands before the first colon, or else its first words."""
    return " ".join(Path(word).suffix or word for word in reason.split()[:12])


if __name__ == "__main__":
    main()
