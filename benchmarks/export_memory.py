"""How much memory reading a large help-desk export takes, and how fast it goes.

Writes a synthetic export of tickets with comments, in Zendesk's form, reads it in a fresh process
through `ingest.reader.read_parts`, and compares the peak of its resident memory with what the process
held after its imports. Two sizes show whether the peak grows with the file.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure import heading, parser, row

_READ = """
import json, re, sys, time
from pathlib import Path
from openbook.ingest.reader import read_parts
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1_000
imported, started, counts = peak(), time.perf_counter(), {}
for reading in read_parts(Path(sys.argv[1]), path=sys.argv[1]):
    name = type(reading).__name__
    counts[name] = counts.get(name, 0) + 1
seconds = time.perf_counter() - started
json.dump({"seconds": seconds, "imported": imported, "peak": peak(), "tickets": counts["Ticket"]}, sys.stdout)
"""
_VOCABULARY = (
    "the tent pole jacket zip boots battery charge firmware order parcel refund label store size wash dry hold button "
    "code display app phone account card invoice address delivery exchange return days please when how after before"
)
_WORDS = _VOCABULARY.split()
_TIMEOUT_SECONDS = 3_600


def main() -> None:
    """Writes both exports, reads them, prints the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--megabytes", type=int, nargs="+", default=[100, 500])
    sizes = arguments.parse_args().megabytes
    heading("Reading a help-desk export")
    for megabytes in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tickets.json"
            _write(path, megabytes * 1_000_000)
            found = _read(path)
            size = path.stat().st_size / 1e6
        tickets = found["tickets"]
        row(f"peak memory above import, {size:.0f} MB", "<= 300 MB", f"{found['peak'] - found['imported']:.0f} MB")
        row(f"tickets per second, {size:.0f} MB", "-", f"{tickets / found['seconds']:.0f}")
        row(f"MB per second, {size:.0f} MB", "-", f"{size / found['seconds']:.1f}")


def _write(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('{"tickets": [')
        for number, ticket in enumerate(_tickets(), start=1):
            file.write(("" if number == 1 else ",\n") + json.dumps(ticket))
            if file.tell() >= size:
                break
        file.write('], "next_page": null}')


def _tickets() -> Iterator[dict[str, object]]:
    """Tickets without end, always the same: a question, a note, an answer of some paragraphs, thanks."""
    chance = random.Random(0)

    def prose(words: int) -> str:
        return " ".join(chance.choices(_WORDS, k=words)).capitalize() + "."

    number = 0
    while True:
        number += 1
        customer = {"id": 10_000 + number, "name": f"Ada Thornbury{number}", "email": f"ada{number}@mail.example"}
        operator = {"id": number % 50, "name": f"Mira Fennick{number % 50}", "email": "mira@fernhill.example"}
        said = (
            (customer, True, f"<p>{prose(60)}</p>"),
            (operator, False, f"<p>{prose(30)}</p>"),
            (operator, True, "".join(f"<p>{prose(80)}</p>" for _ in range(4))),
            (customer, True, f"<p>Thank you, it works now.</p><blockquote type='cite'>{prose(300)}</blockquote>"),
        )
        yield {
            "id": number,
            "subject": prose(8),
            "status": "closed",
            "requester_id": customer["id"],
            "requester": customer,
            "assignee": operator,
            "via": {"channel": "email"},
            "tags": chance.choices(_WORDS, k=3),
            "custom_fields": [{"id": each, "value": None} for each in range(20)],
            "comments": [
                {"id": number * 10 + place, "author_id": who["id"], "public": public, "html_body": html}
                for place, (who, public, html) in enumerate(said)
            ],
        }


def _read(path: Path) -> dict[str, float]:
    """Seconds, tickets, and resident memory in MB after the imports and at its peak, of a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True, timeout=_TIMEOUT_SECONDS
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
