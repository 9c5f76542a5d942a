"""A year of a public support forum asked again, strictly by time: 8,886 threads of 2025.

Each thread is a ticket; the accepted solution, where somebody else than the asker wrote it, is its
resolution. A question is answered only from solutions of threads that were over on an earlier day. The
default settings and confidence decide; nothing is tuned on these threads. No person judged these answers:
agreement with the past reply is a hint by words, facts and meaning.

`--agreement` shows how well the two limits of the agreement part texts that say the same from others:
WiCE (a claim and the sentences that support it; as the negative other sentences of the same page) and
accepted solutions of different threads of one topic. The limits were chosen on the records whose
`int(sha1(id).hexdigest(), 16)` is even; the table is of the odd ones.

`--sample FILE` writes 50 answered threads for a person to judge; the forum's text is for internal
evaluation and stays outside the repository. `--page FILE` writes the page, likewise.
"""

import gzip
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from measure import ROOT, data_folder, heading, parser, row
from openbook.desk.parts import Parts, open_parts
from openbook.desk.past_desk import in_time, past_desk
from openbook.errors import UserError
from openbook.evals.agreement import agreements
from openbook.evals.backtest import AtThreshold, Backtest, backtest
from openbook.evals.metrics import Metric
from openbook.evals.pages.backtest_page import backtest_page
from openbook.evals.ticket_outcome import TicketOutcome
from openbook.models import Embedder
from openbook.settings import load_settings
from openbook.stores import Folder
from openbook.types import MAIN_TENANT, Ticket, TicketMessage, to_plain

_GOAL = 100
_SAMPLE = 50
_LEAST_WORDS = 6
Pair = tuple[str, str, str]
"""The id of a record, and two texts."""


def threads() -> list[dict]:
    """Every thread that is no spam."""
    place = data_folder() / "sumo-thunderbird" / "threads_2025.jsonl.gz"
    with gzip.open(place, "rt", encoding="utf-8") as file:
        return [thread for thread in map(json.loads, file) if not thread["is_spam"]]


def as_ticket(thread: dict) -> Ticket:
    """A thread as a ticket: whoever did not ask answers as an operator."""
    asked_at = _moment(thread["created"])
    replies = [reply for reply in thread["replies"] if not reply["spam"]]
    told = [
        TicketMessage("customer" if reply["by_asker"] else "operator", reply["text"], _moment(reply["created"]))
        for reply in replies
    ]
    return Ticket(
        id=thread["id"],
        subject=thread["title"],
        messages=(TicketMessage("customer", thread["question"], asked_at), *told),
        created_at=asked_at,
        tags=tuple(thread["tags"]),
        queue=thread["topic"],
        solved=thread["is_solved"],
        resolution=_solution(thread),
    )


def _solution(thread: dict) -> str:
    """The accepted solution by somebody else than the asker, or nothing."""
    wanted = thread["solution_id"]
    accepted = (reply["text"] for reply in thread["replies"] if reply["id"] == wanted and not reply["by_asker"])
    return next(accepted, "")


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)


def main() -> None:
    """Asks every thread again, or shows the limits of the agreement."""
    options = parser(__doc__)
    options.add_argument("--limit", type=int, default=0, help="only so many threads, spread over the year")
    options.add_argument("--sample", type=Path, help=f"write {_SAMPLE} answered threads to judge, as JSON")
    options.add_argument("--page", type=Path, help="write the page")
    options.add_argument("--agreement", action="store_true", help="show how well the agreement parts texts")
    options.add_argument("--verdicts", action="store_true", help="count what somebody said of fifty answers")
    chosen = options.parse_args()
    if chosen.verdicts:
        print_verdicts()
        return
    for place in filter(None, (chosen.sample, chosen.page)):
        if place.absolute().is_relative_to(ROOT):
            raise UserError(f"{place} lies in the repository.", fix="Forum text stays outside: name another folder.")
    found = threads()
    with tempfile.TemporaryDirectory() as folder:
        parts = _parts(Path(folder))
        try:
            if chosen.agreement:
                print_agreement(found, parts.embedder)
                return
            result, wall, spent = run(parts, [as_ticket(thread) for thread in found], limit=chosen.limit)
        finally:
            parts.close()
    print_rows(result, wall, spent)
    if chosen.page:
        page = backtest_page(result, name="Thunderbird 2025", made_at=datetime.now(UTC))
        chosen.page.write_text(page, "utf-8")
    if chosen.sample:
        sample = [to_plain(each) for each in sampled(result.outcomes)]
        chosen.sample.write_text(json.dumps(sample, ensure_ascii=False, indent=1), "utf-8")


def print_verdicts() -> None:
    """What somebody else than their author said of fifty answers, by whether they were sent."""
    read = [json.loads(line) for line in (ROOT / "benchmarks/data/thunderbird_verdicts.jsonl").read_text().splitlines()]
    heading("Fifty answers read closely")
    for sent in (True, False):
        counted = Counter(item["verdict"] for item in read if item["sent"] is sent)
        row("sent" if sent else "not sent", "-", ", ".join(f"{name} {count}" for name, count in counted.most_common()))


def _parts(folder: Path) -> Parts:
    held = Folder(folder / "data")
    held.hold("benchmark")
    return open_parts(held, load_settings(folder))


def run(parts: Parts, tickets: Sequence[Ticket], *, limit: int) -> tuple[Backtest, float, float]:
    """The backtest with its wall time and its processor time in seconds."""
    asked = in_time(tickets)
    if limit:
        asked = asked[:: max(1, len(asked) // limit)][:limit]
    wall, spent = time.perf_counter(), time.process_time()
    with past_desk(parts, MAIN_TENANT, tickets) as past:
        result = backtest(
            asked,
            rehearse=past.rehearse_all,
            embed=parts.embedder.embed if parts.embedder else None,
            threshold=parts.turn.threshold,
            by_time=True,
            progress=lambda step: step.done % 100 or sys.stderr.write(f"\r{step.done} of {step.total} {step.unit}"),
        )
    return result, time.perf_counter() - wall, time.process_time() - spent


def print_rows(result: Backtest, wall: float, spent: float) -> None:
    """The table of figures.

    Raises:
        AssertionError: An answer cites what is not older than its question.
    """
    heading(f"{result.tickets:,} threads of a support forum, strictly by time")
    load = os.getloadavg()[0]
    row("tickets answered a second", f">= {_GOAL}", f"{result.tickets_per_second:.1f} (machine's load {load:.1f})")
    row("processor milliseconds a ticket, all threads", "", f"{1e3 * spent / result.tickets:.1f}")
    row("seconds with comparing the replies", "", f"{wall:.1f}")
    for at in result.thresholds:
        row(f"answered from {at.threshold:.2f} on", "", f"{_shown(at.answered)}; {_agreeing(at)}")
    late = violations(result.outcomes)
    citing = sum(each.newest_source_at is not None for each in result.outcomes)
    row(f"drafts with a source not of an earlier day, of {citing:,}", "0", str(len(late)))
    for kind, amount in result.kinds.items():
        row(f"threads: {kind}", "", f"{amount:,}")
    assert not late, f"answers from the future: {late[:5]}"


def _agreeing(at: AtThreshold) -> str:
    return f"of {at.agreeing.cases:,} compared agree {_shown(at.agreeing)}, differ {_shown(at.differing)}"


def _shown(share: Metric) -> str:
    return f"{share.value:.2%} [{share.low:.2%}, {share.high:.2%}]"


def violations(outcomes: Sequence[TicketOutcome]) -> list[str]:
    """The threads whose answer cites something that was not over on an earlier day than the question's."""
    dated = ((each.id, each.newest_source_at, each.created_at) for each in outcomes)
    return [name for name, source, asked in dated if source and asked and source.date() >= asked.date()]


def sampled(outcomes: Sequence[TicketOutcome]) -> list[TicketOutcome]:
    """Answered threads to judge, one out of each of `_SAMPLE` equal stretches of those answered, by time.

    Where the threshold answers fewer than that, those just below it are taken as well, the surest first.
    """
    ready = sorted((each for each in outcomes if each.sendable), key=lambda each: -each.confidence)
    sent = sum(each.sent for each in outcomes)
    pool = sorted(ready[: max(_SAMPLE, sent)], key=lambda each: (each.created_at or datetime.max, each.id))
    draw = random.Random(0)
    edges = [round(number * len(pool) / _SAMPLE) for number in range(_SAMPLE + 1)]
    return [draw.choice(pool[low:high]) for low, high in pairwise(edges) if low < high]


def print_agreement(found: Sequence[dict], embedder: Embedder | None) -> None:
    """How often each kind of pair is said to agree or to differ, on the odd half."""
    heading("What the agreement says of pairs of texts, on the odd half")
    pairs: dict[str, list[Pair]] = {"claim and its evidence": [], "claim and other sentences of the page": []}
    for same, other in _claims():
        pairs["claim and its evidence"].append(same)
        pairs["claim and other sentences of the page"].append(other)
    pairs["solutions of two threads of a topic"] = list(_solutions(found))
    for name, every in pairs.items():
        odd = [pair for pair in every if int(hashlib.sha1(pair[0].encode()).hexdigest(), 16) % 2]
        judged = agreements([pair[1:] for pair in odd], embed=embedder.embed if embedder else None)
        shares = [
            f"{word} {sum(each.word == word for each in judged) / len(judged):.1%}"
            for word in ("agrees", "differs", "cannot say")
        ]
        row(f"{name} ({len(odd)})", "", ", ".join(shares))


def _claims() -> Iterator[tuple[Pair, Pair]]:
    """Supported claims with their evidence, and with as many other sentences of the page."""
    place = data_folder() / "wice" / "data" / "entailment_retrieval" / "claim" / "dev.jsonl"
    draw = random.Random(0)
    for record in map(json.loads, place.read_text("utf-8").splitlines()):
        if record["label"] != "supported":
            continue
        evidence, claim = record["evidence"], record["claim"]
        used = set().union(*record["supporting_sentences"])
        others = [text for place, text in enumerate(evidence) if place not in used and _is_long(text)]
        wanted = record["supporting_sentences"][0]
        if len(others) >= len(wanted):
            told = " ".join(evidence[place] for place in wanted)
            yield (claim, claim, told), (claim, claim, " ".join(draw.sample(others, len(wanted))))


def _is_long(text: str) -> bool:
    return len(text.split()) >= _LEAST_WORDS


def _solutions(found: Sequence[dict]) -> Iterator[Pair]:
    """The accepted solutions of threads that follow each other within a topic."""
    by_topic: dict[str, list[dict]] = defaultdict(list)
    for thread in found:
        if _solution(thread):
            by_topic[thread["topic"]].append(thread)
    for group in by_topic.values():
        for one, other in pairwise(group):
            yield one["id"], _solution(one), _solution(other)


if __name__ == "__main__":
    main()
