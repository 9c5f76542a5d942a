"""How soon an edited article is in the next answer, on a desk that holds 2,809 pages already.

From the call to its return (written, indexed, durable); the next answer is then asked for and
must come from the new version. Pages of one chunk and of ten, each edit with new text.
"""

import sys

from measure import aws_desk, heading, parser, row, seconds, shown
from openbook import Desk

_FILLER = (
    "The courier keeps parcels for pick-up at the depot on the edge of town, where a clerk checks the name on the "
    "label against a passport or a driving licence. Parcels that nobody collects go back after nine working days, "
    "and the sender is told by e-mail. "
)


def main() -> None:
    """Edits pages of two sizes and prints the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--edits", type=int, default=40)
    edits = arguments.parse_args().edits
    heading(f"Freshness, {edits} edits of each size beside the pages of aws-docs")
    with Desk.open(aws_desk(), must_hold=True) as desk:
        for sections, goal in ((1, "<= 50 ms"), (10, "<= 200 ms")):
            times = [_edit(desk, sections, number) for number in range(edits)]
            chunks = desk.document(_document(desk)).chunks
            row(f"edit of a page of {chunks} chunk(s), p50", goal, shown(times, unit="ms"))
            row(f"edit of a page of {chunks} chunk(s), p95", "-", shown(times, 0.95, unit="ms"))
        desk.remove(_document(desk), erase=True)


def _edit(desk: Desk, sections: int, number: int) -> float:
    fact = f"The zorblax fee is {number + 17} crowns and 40 pence."
    parts = [f"## Part {place} of edit {number}\n\n{_FILLER * 3}" for place in range(sections)]
    parts[0] = f"## The zorblax fee\n\n{fact}" if sections == 1 else f"{parts[0]}\n\n## The zorblax fee\n\n{fact}"
    text = "# Zorblax parcels\n\n" + "\n\n".join(parts[: sections - 1] if sections > 1 else parts)
    spent = 1e3 * seconds(lambda: desk.put_document("benchmark/zorblax.md", text))
    hits = desk.search("How much is the zorblax fee?").hits
    assert any(fact in hit.text for hit in hits), f"the new version is not found after edit {number}"
    return spent


def _document(desk: Desk) -> str:
    return next(item.id for item in desk.documents() if item.path == "benchmark/zorblax.md")


if __name__ == "__main__":
    sys.exit(main())
