"""Whether a desk comes back whole after `kill -9`, at random moments and at each step of publishing.

A child process puts, asks and removes on a desk and says before and after each operation what it
does. The parent kills it, or has it kill itself at a named step, then opens the folder and holds
what it finds against what was acknowledged. One folder lives through all kills. A kill ends a
process and not the machine, so nothing here tests what a power cut does to the disk.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measure import CACHE, heading, parser, row, shown
from openbook import Desk
from openbook.errors import OpenbookError
from openbook.stores.library import chunk_ids, versions_in
from openbook.types import MAIN_TENANT, Document

STEPS = ("place", "index", "flip", "retire", "settle", "done")
MOMENT, OPENING = "moment", "opening"
GONE = 0
SECTIONS = {"shop-1.md": 1, "shop-2.md": 1, "shop-3.md": 4, "shop-4.md": 4}
_MOST_OPERATIONS = 300
_PATIENCE_SECONDS = 60.0
_LATEST_SECONDS = {MOMENT: 0.6, OPENING: 0.5}
_READY = "ready\n"
_FILLER = (
    "The courier keeps parcels for pick-up at the depot on the edge of town, where a clerk checks the name on the "
    "label against a passport or a driving licence. Parcels that nobody collects go back after nine working days. "
)


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: at a random `moment` of work, while `opening`, or at a step of publishing; all else by the seed."""

    mode: str
    seed: int


@dataclass(slots=True)
class Ledger:
    """What may be true after a kill, by what the child said before it.

    Attributes:
        possible: By path the version numbers that may be live; `GONE` where none may be.
        answers: By id the text of every acknowledged answer.
        unchecked: Answers that no check has looked at yet.
        acknowledged: How many operations, by verb.
        last_number: The highest number that any version was given.
    """

    possible: dict[str, set[int]] = field(default_factory=lambda: {path: {GONE} for path in SECTIONS})
    answers: dict[str, str] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)
    acknowledged: Counter[str] = field(default_factory=Counter)
    last_number: int = 0

    def hear(self, said: dict[str, Any]) -> None:
        """Takes in one line of the child."""
        verb, done = said["verb"], said["done"]
        self.acknowledged[verb] += done
        if verb == "ask" and done:
            self.answers[said["id"]] = said["text"]
            self.unchecked.append(said["id"])
        elif verb != "ask":
            self.possible[said["path"]] = {said["number"]} | (set() if done else self.possible[said["path"]])
            self.last_number = max(self.last_number, said["number"])


@dataclass(slots=True)
class Tally:
    """What a run of kills gave."""

    kills: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    recoveries_ms: list[float] = field(default_factory=list)
    mended: int = 0
    ledger: Ledger = field(default_factory=Ledger)


# ------------------------------------------------------------------ the child


def work_until_killed(folder: Path) -> None:
    """The child: waits for its orders, opens the desk and works on it until it is killed."""
    orders = json.loads(sys.stdin.readline())
    with Desk.open(folder, must_hold=True) as desk:
        desk.parts.publisher.on_step = _killer(orders["step"], orders["passes"])
        print("ready", flush=True)
        chance = random.Random(orders["seed"])
        live = {document.path for document in desk.documents()}
        for number in range(orders["number"], orders["number"] + _MOST_OPERATIONS):
            _operate(desk, chance, live, number)


def _killer(step: str, passes: int) -> Callable[[str], None]:
    """A listener that kills this process when a step comes for the so-manieth time."""
    left = iter(range(passes - 1, -1, -1))

    def on_step(name: str) -> None:
        if name == step and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_step


def _operate(desk: Desk, chance: random.Random, live: set[str], number: int) -> None:
    path = chance.choice(list(SECTIONS))
    verb = chance.choices(("put", "ask", "remove"), (5, 4, 1))[0]
    if verb == "ask":
        _say(verb="ask", done=False)
        answer = desk.ask(f"What is the fee of {path.removesuffix('.md')}?")
        _say(verb="ask", done=True, id=answer.id, text=answer.text)
    elif verb == "put" or path not in live:
        _say(verb="put", done=False, path=path, number=number)
        desk.put_document(path, text_of(path, number))
        live.add(path)
        _say(verb="put", done=True, path=path, number=number)
    else:
        _say(verb="remove", done=False, path=path, number=GONE)
        desk.remove(path)
        live.remove(path)
        _say(verb="remove", done=True, path=path, number=GONE)


def text_of(path: str, number: int) -> str:
    """A document whose every section carries the mark of its shop and number, such as `zorb-3-17`."""
    shop = path.removesuffix(".md")
    fee = f"The fee of {shop} is {number} crowns, as notice {mark_of(path, number)} says."
    parts = [f"## Part {part} of {shop}\n\n{fee} {_FILLER * 3}" for part in range(SECTIONS[path])]
    return f"# The {shop}\n\n" + "\n\n".join(parts) + "\n"


def mark_of(path: str, number: int) -> str:
    """The mark of one version."""
    return f"zorb-{path[5]}-{number}"


def _say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


# ----------------------------------------------------------------- the parent


def planned(kills: int) -> list[Kill]:
    """Half of the kills at the steps in turn; of the others one in five while opening, the rest at any moment."""
    modes = (STEPS[turn // 2 % len(STEPS)] if turn % 2 else _any_time(turn) for turn in range(kills))
    return [Kill(mode, seed) for seed, mode in enumerate(modes)]


def _any_time(turn: int) -> str:
    return OPENING if turn % 10 == 8 else MOMENT


def run(folder: Path, kills: Sequence[Kill], *, heard: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Kills and checks, kill by kill, in one folder.

    A kill while opening strikes the recovery from the kill before it, so no check comes between.
    """
    tally = Tally()
    following = [*(kill.mode for kill in kills[1:]), ""]
    waiting = _start(folder)
    try:
        for kill, next_mode in zip(kills, following, strict=True):
            tally.violations += _strike(waiting, kill, tally.ledger)
            tally.kills[kill.mode] += 1
            waiting = _start(folder)
            if next_mode != OPENING:
                _check(folder, kill, tally)
            heard(tally)
        _check_all_answers(folder, tally)
    finally:
        _end(waiting)
    return tally


def _start(folder: Path) -> subprocess.Popen[str]:
    """The next child; it waits for its orders, so that its imports cost nobody time."""
    command = [sys.executable, __file__, "--child", str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _strike(process: subprocess.Popen[str], kill: Kill, ledger: Ledger) -> list[str]:
    """Gives a child its orders, sees it die, and takes in what it said until then."""
    chance = random.Random(kill.seed)
    step = kill.mode if kill.mode in STEPS else ""
    orders = {"seed": kill.seed, "number": ledger.last_number + 1, "step": step, "passes": chance.randint(1, 3)}
    patience = threading.Timer(_PATIENCE_SECONDS, process.kill)
    blow = threading.Timer(chance.uniform(0, _LATEST_SECONDS.get(kill.mode, 0)), process.kill)
    patience.start()
    print(json.dumps(orders), file=process.stdin, flush=True)
    if kill.mode == OPENING:
        blow.start()
    for line in process.stdout or ():
        if line != _READY:
            ledger.hear(json.loads(line))
        elif kill.mode == MOMENT:
            blow.start()
    status, hung = process.wait(), not patience.is_alive()
    patience.cancel()
    _end(process)
    return [] if status == -signal.SIGKILL and not hung else [f"{kill}: the child was not killed in time ({status})"]


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def _check(folder: Path, kill: Kill, tally: Tally) -> None:
    """Opens the folder as the next process would, and notes whatever is not as it was promised."""
    started = time.perf_counter()
    try:
        with Desk.open(folder, must_hold=True) as desk:
            tally.recoveries_ms.append((time.perf_counter() - started) * 1e3)
            tally.mended += bool(desk.parts.mended)
            tally.violations += [f"{kill}: {fault}" for fault in faults(desk, tally.ledger)]
    except OpenbookError as error:
        tally.violations.append(f"{kill}: {error}")


def _check_all_answers(folder: Path, tally: Tally) -> None:
    tally.ledger.unchecked = list(tally.ledger.answers)
    with Desk.open(folder, must_hold=True) as desk:
        tally.violations += [f"at the end: {fault}" for fault in _answer_faults(desk, tally.ledger)]


# ----------------------------------------------------------------- the checks


def faults(desk: Desk, ledger: Ledger) -> list[str]:
    """Everything about an opened desk that breaks a promise; what is live then is what must stay live."""
    documents = {document.path: document for document in desk.documents()}
    return [
        *(fault for path in SECTIONS for fault in _document_faults(desk, path, documents.get(path), ledger)),
        *_unfinished(desk),
        *_answer_faults(desk, ledger),
        *(f"doctor: {check.name}: {check.detail}" for check in desk.doctor().checks if check.state == "fault"),
    ]


def _document_faults(desk: Desk, path: str, document: Document | None, ledger: Ledger) -> Iterator[str]:
    number = GONE if document is None else _number(desk, path, document)
    if number not in ledger.possible[path]:
        yield f"{path}: number {number} is live, not one of {sorted(ledger.possible[path])}"
    ledger.possible[path] = {number}
    hits = [hit for hit in desk.search(mark_of(path, number), limit=50).hits if hit.path == path]
    if document is None:
        if hits:
            yield f"{path}: removed, and still found"
        return
    if {hit.version for hit in hits} != {document.version} or len(hits) != document.chunks:
        yield f"{path}: found {len(hits)} of {document.chunks} chunks of version {document.version}"
    if any(set(_marks(hit.text)) != {mark_of(path, number)} for hit in hits):
        yield f"{path}: a chunk of version {document.version} carries another version's mark"
    yield from _index_faults(desk, document)


def _number(desk: Desk, path: str, document: Document) -> int:
    """The number a live version was given by its writer; below zero where its text is not what was sent."""
    text = desk.version(document.id, document.version).source_text or ""
    number = int((_marks(text) or ["zorb-0-0"])[0].rpartition("-")[2])
    return number if _marks(text) == [mark_of(path, number)] * SECTIONS[path] else -1


def _marks(text: str) -> list[str]:
    return re.findall(r"zorb-\d+-\d+", text)


def _index_faults(desk: Desk, document: Document) -> Iterator[str]:
    with desk.parts.database.read() as connection:
        ids = set(chunk_ids(connection, MAIN_TENANT, [(document.id, document.version)]))
        numbers = [(document.id, version.number) for version in desk.versions(document.id)]
        every = set(chunk_ids(connection, MAIN_TENANT, numbers))
    here = desk.parts.index.ids(MAIN_TENANT) & every
    if here != ids or len(ids) != document.chunks:
        yield f"{document.path}: {len(here)} chunks in the index, {len(ids)} in the tables, {document.chunks} promised"


def _unfinished(desk: Desk) -> Iterator[str]:
    with desk.parts.database.read() as connection:
        for state in ("building", "retiring"):
            for pair in versions_in(connection, MAIN_TENANT, state):
                yield f"version {pair} is left {state}"


def _answer_faults(desk: Desk, ledger: Ledger) -> Iterator[str]:
    for identifier in ledger.unchecked:
        try:
            receipt = desk.receipt(identifier)
            same = desk.replay(identifier).identical
        except OpenbookError as error:
            yield f"answer {identifier}: {error.message}"
            continue
        if receipt.answer is None or receipt.answer.text != ledger.answers[identifier] or not same:
            yield f"answer {identifier}: its receipt or its replay differs from what was said"
    ledger.unchecked = []


# ------------------------------------------------------------------ the table


def main() -> int:
    """Kills, checks, prints the table; 1 when a promise was broken."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.child:
        work_until_killed(given.child)
        return 0
    os.environ.setdefault("OPENBOOK_ENCODER__CACHE", str(CACHE / "encoder"))
    with tempfile.TemporaryDirectory(prefix="openbook-crash-") as folder:
        tally = run(Path(folder) / "desk", planned(given.kills), heard=_show_progress)
    _print(tally)
    return 1 if tally.violations else 0


def _show_progress(tally: Tally) -> None:
    sys.stderr.write(f"\r{sum(tally.kills.values())} kills, {len(tally.violations)} violations")
    sys.stderr.flush()


def _print(tally: Tally) -> None:
    heading(f"{sum(tally.kills.values())} times kill -9")
    for mode in (MOMENT, OPENING, *STEPS):
        where = f"at the step `{mode}`" if mode in STEPS else f"while {mode}" if mode == OPENING else "at any moment"
        row(f"killed {where}", "-", str(tally.kills[mode]))
    row("promises broken", "0", str(len(tally.violations)))
    for verb, times in sorted(tally.ledger.acknowledged.items()):
        row(f"acknowledged: {verb}", "-", str(times))
    row("openings that had index entries to mend", "-", str(tally.mended))
    row("recovery, from opening to ready, p50", "-", shown(tally.recoveries_ms, unit="ms", digits=0))
    for violation in tally.violations[:20]:
        sys.stdout.write(f"\n- {violation}\n")


if __name__ == "__main__":
    sys.exit(main())
