"""Whether a desk comes back whole after `kill -9` in the middle of a sync.

A folder of small articles, a JSON file of many documents and a site on this machine are changed at
every round: edited, removed, moved, added to. A child process syncs them and publishes documents in
between, says what it was told is done, and is killed at a random moment. The folder is opened again,
by the parent or at once by the next child, and held against what was acknowledged; the next sync
must bring the expected state and read nothing again that was live already. At the end a desk made
of the same sources from scratch must hold the same documents.

Documents are encoded without weights, because what is tested is the order of writing. A kill ends a
process and not the machine, so nothing here tests what a power cut does to the disk.
"""

import argparse
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from changing_sources import FILE, FOLDER, SITE, Key, Marks, Site, World, text_of
from measure import heading, parser, row, shown
from openbook import Desk
from openbook.errors import OpenbookError
from openbook.models import HashEmbedder
from openbook.stores.library import chunk_ids, versions_in
from openbook.types import MAIN_TENANT, SourceOptions, SyncReport

_PUT, _NOTES = "sent", 4
_SETTINGS = {"crawl.delay_seconds": 0}
_SEARCHED = 10
_PATIENCE_SECONDS = 60.0
_PASSES = 40
_MARK = re.compile(r"zorb-[a-z]+\d+-\d+")


# ------------------------------------------------------------------ the child


def work_until_killed(folder: Path) -> None:
    """The child: waits for its orders, opens the desk, syncs and publishes until it is killed."""
    orders = json.loads(sys.stdin.readline())
    chance, number = random.Random(orders["seed"]), orders["number"]
    with opened(folder) as desk:
        _say(verb="ready")
        for _ in range(_PASSES):
            chores = [*orders["sources"].items(), (_PUT, ""), (_PUT, "")]
            chance.shuffle(chores)
            for source, location in chores:
                if source == _PUT:
                    number += 1
                    path, mark = f"note-{chance.randrange(_NOTES)}.md", f"zorb-n{number}-1"
                    _say(verb="put", path=path, mark=mark, done=False)
                    desk.put_document(path, text_of(mark))
                    _say(verb="put", path=path, mark=mark, done=True)
                else:
                    desk.sync(location)
                    _say(verb="sync", source=source)
            _say(verb="pass")


def opened(folder: Path) -> Desk:
    """The desk, as parent and child open it."""
    return Desk.open(folder, must_hold=True, settings=_SETTINGS, embedder=HashEmbedder())


def _say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


# ----------------------------------------------------------------- the parent


@dataclass(slots=True)
class Ledger:
    """What must be true, by what the child said.

    Attributes:
        possible: By document the marks that may be live; an empty one where it may be absent.
        moved: By old place the new one of articles that were live and moved since the last check.
        number: The highest number that a sent document was given.
        acknowledged: How many operations, by verb.
        pass_seconds: How long a whole pass over all sources takes.
    """

    possible: dict[Key, set[str]] = field(default_factory=dict)
    moved: dict[Key, Key] = field(default_factory=dict)
    number: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    pass_seconds: float = 2.0

    def change(self, world: World) -> None:
        """The sources changed: what they say now may be live as well."""
        there = {key for key, marks in self.possible.items() if "" not in marks} | set(self.moved.values())
        self.moved |= {old: new for old, new in world.moved.items() if old in there}
        for key in {*self.possible, *world.marks}:
            if key[0] != _PUT:
                self.possible.setdefault(key, {""}).add(world.marks.get(key, ""))

    def hear(self, said: Mapping[str, Any], world: World) -> None:
        """Takes in one line of the child."""
        if said["verb"] == "sync":
            self.acknowledged["sync"] += 1
            self.sync(said["source"], world)
        elif said["verb"] == "put":
            self.acknowledged["put"] += said["done"]
            key = (_PUT, said["path"])
            self.possible[key] = {said["mark"]} | (set() if said["done"] else self.possible.get(key, {""}))
            self.number = max(self.number, int(said["mark"].split("-")[1][1:]))

    def sync(self, source: str, world: World) -> None:
        """A source is in step."""
        for key in {*self.possible, *world.of(source)}:
            if key[0] == source:
                self.possible[key] = {world.marks.get(key, "")}


@dataclass(slots=True)
class Tally:
    """What a run of kills gave.

    Attributes:
        broken: The promises that were not kept.
        in_pass: Kills before all sources were in step.
        read: Documents that the syncs after kills read; `read_again` those of them that were live already.
        given_again: Pages given in full that were live already.
        mended: Openings that had index entries to mend.
        texts: What versions say, by document and number.
    """

    kills: int = 0
    in_pass: int = 0
    broken: list[str] = field(default_factory=list)
    synced: int = 0
    read: int = 0
    read_again: int = 0
    given_again: int = 0
    recoveries_ms: list[float] = field(default_factory=list)
    mended: int = 0
    texts: dict[tuple[str, int], str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)


def run(folder: Path, kills: int, *, heard: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Kills and checks, round by round, in one folder.

    After every fourth kill the next child opens the folder first, so that it strikes the recovery too.
    """
    tally, chance = Tally(), random.Random(3)
    with Site() as site, ExitStack() as ending:
        world = site.world = World(folder / "sources", site.origin)
        _add_all(folder / "desk", world, tally.ledger)
        for number in range(1, kills + 1):
            waiting = _start(folder / "desk", ending)
            world.change(number)
            tally.ledger.change(world)
            tally.broken += [f"kill {number}: {fault}" for fault in _strike(waiting, world, tally, chance)]
            tally.kills += 1
            if number % 4 or number == kills:
                tally.broken += [f"kill {number}: {fault}" for fault in _examine(folder / "desk", world, site, tally)]
            heard(tally)
        tally.broken += [f"at the end: {fault}" for fault in _unlike_a_fresh_desk(folder, world)]
    return tally


def _add_all(folder: Path, world: World, ledger: Ledger) -> None:
    with opened(folder) as desk:
        desk.add(world.sources[FOLDER])
        desk.add(world.sources[FILE])
        desk.add(world.sources[SITE], options=SourceOptions(crawl=True, private=True))
    for source in world.sources:
        ledger.sync(source, world)


def _start(folder: Path, ending: ExitStack) -> "subprocess.Popen[str]":
    """The next child; it waits for its orders, so that its imports cost nobody time."""
    command = [sys.executable, __file__, "--child", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ending.callback(_end, process)
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def _strike(process: "subprocess.Popen[str]", world: World, tally: Tally, chance: random.Random) -> list[str]:
    """Gives a child its orders, sees it die within about one pass, and takes in what it said until then."""
    ledger = tally.ledger
    orders = {"seed": chance.random(), "number": ledger.number, "sources": world.sources}
    patience = threading.Timer(_PATIENCE_SECONDS, process.kill)
    blow = threading.Timer(chance.uniform(0, 1.1 * ledger.pass_seconds), process.kill)
    patience.start()
    print(json.dumps(orders), file=process.stdin, flush=True)
    started, passes = time.perf_counter(), 0
    for line in process.stdout or ():
        said = json.loads(line)
        if said["verb"] == "ready":
            started = time.perf_counter()
            blow.start()
        elif said["verb"] == "pass":
            passes += 1
            if passes == 1:
                ledger.pass_seconds += 0.2 * (time.perf_counter() - started - ledger.pass_seconds)
        else:
            ledger.hear(said, world)
    status, hung = process.wait(), not patience.is_alive()
    patience.cancel()
    tally.in_pass += not passes
    ledger.pass_seconds *= 1.0 if passes else 1.04
    _end(process)
    return [] if status == -signal.SIGKILL and not hung else [f"the child was not killed in time ({status})"]


def _examine(folder: Path, world: World, site: Site, tally: Tally) -> list[str]:
    """Opens the folder as the next process would, checks it, syncs, checks that the expected state is there."""
    started = time.perf_counter()
    try:
        with opened(folder) as desk:
            tally.recoveries_ms.append((time.perf_counter() - started) * 1e3)
            tally.mended += bool(desk.parts.mended)
            live, under_way = live_marks(desk, tally.texts), set(tally.ledger.moved.values())
            faults = [*_lost(live, world, tally.ledger), *_torn(desk), *_half_visible(desk, live, world)]
            site.given.clear()
            report = desk.sync()
            right = {key[1] for key in live.keys() - under_way if live[key] == world.marks.get(key)}
            faults += _count(report, right, site, tally)
            after = live_marks(desk, tally.texts)
            expected = world.marks | {key: mark for key, mark in live.items() if key[0] == _PUT}
            faults += [f"after the sync: {fault}" for fault in (*_unlike(after, expected), *_torn(desk))]
            for source in world.sources:
                tally.ledger.sync(source, world)
            return faults
    except OpenbookError as error:
        return [str(error)]


# ----------------------------------------------------------------- the checks


def live_marks(desk: Desk, texts: dict[tuple[str, int], str]) -> Marks:
    """By document the mark of its live version; what has none, or more than one, shows all of its marks.

    Args:
        desk: The desk.
        texts: What versions say, which never changes; filled as they are read.
    """
    kinds = {source.id: _source_of(source.kind) for source in desk.sources()}
    found: Marks = {}
    for document in desk.documents():
        pair = (document.id, document.version)
        if pair not in texts:
            texts[pair] = desk.version(*pair).source_text or ""
        if (marks := " ".join(sorted(set(_MARK.findall(texts[pair]))))) or not document.path.endswith("/help/"):
            found[(kinds[document.source_id], document.path)] = marks
    return found


def _source_of(kind: str) -> str:
    return {"folder": FOLDER, "file": FILE, "site": SITE}.get(kind, _PUT)


def _lost(live: Marks, world: World, ledger: Ledger) -> Iterator[str]:
    """What was acknowledged and is not there, and what is there and was never meant to be; all that is now stays."""
    for key in sorted({*live, *ledger.possible}):
        mark, possible = live.get(key, ""), ledger.possible.get(key, {""})
        ledger.possible[key] = {mark}
        if mark not in possible:
            yield f"{key}: {mark or 'nothing'} is live, not one of {sorted(possible)}"
    for old in ledger.moved:
        places = [old]
        while places[-1] in ledger.moved:
            places.append(ledger.moved[places[-1]])
        if places[-1] in world.marks and live.keys().isdisjoint(places):
            yield f"{old}: neither there nor at {places[1:]}"
    ledger.moved.clear()


def _torn(desk: Desk) -> Iterator[str]:
    """Where tables and index differ, what is left unfinished, and what the doctor finds."""
    with desk.parts.database.read() as connection:
        wanted = set(chunk_ids(connection, MAIN_TENANT, versions_in(connection, MAIN_TENANT, "live")))
        for state in ("building", "retiring"):
            for pair in versions_in(connection, MAIN_TENANT, state):
                yield f"version {pair} is left {state}"
    here = desk.parts.index.ids(MAIN_TENANT)
    if here != wanted:
        yield f"{len(here - wanted)} chunks too many and {len(wanted - here)} too few in the index"
    promised = sum(document.chunks for document in desk.documents())
    if promised != len(wanted):
        yield f"{promised} chunks are promised, {len(wanted)} are in the tables"
    yield from (f"doctor: {check.name}: {check.detail}" for check in desk.doctor().checks if check.state == "fault")


def _half_visible(desk: Desk, live: Marks, world: World) -> Iterator[str]:
    """Changed documents that are not found by the text that is live, or by another."""
    changed = sorted(key for key, mark in world.marks.items() if not mark.endswith("-1"))
    for key in changed[:: max(1, len(changed) // _SEARCHED)]:
        stem, _, edition = world.marks[key].rpartition("-")
        for mark in (f"{stem}-{int(edition) - 1}", world.marks[key]):
            hits = [hit for hit in desk.search(f'"{mark}"', limit=5).hits if mark in _MARK.findall(hit.text)]
            if bool(hits) != (mark in live.values()):
                yield f"{key}: {mark} is found {len(hits)} times while {live.get(key, 'nothing')} is live"


def _count(report: SyncReport, right: Collection[str], site: Site, tally: Tally) -> list[str]:
    """Counts what the sync after a kill read although it was right already; returns what it refused."""
    read = [item.path for item in report.files if item.outcome == "read"]
    tally.synced += 1
    tally.read += len(read)
    tally.read_again += sum(path in right for path in read)
    tally.given_again += sum(times for address, times in site.given.items() if address in right)
    refused = [f"{item.path}: {item.reason}" for item in report.files if item.outcome in ("skipped", "waiting")]
    return [*refused, *report.notices, *(["old chunks are left"] if report.old_chunks_left else [])]


def _unlike(found: Marks, expected: Marks) -> list[str]:
    wrong = sorted(key for key in {*found, *expected} if found.get(key) != expected.get(key))
    return [f"{key}: {found.get(key, 'nothing')} is live, not {expected.get(key, 'nothing')}" for key in wrong]


def _unlike_a_fresh_desk(folder: Path, world: World) -> list[str]:
    """Where the desk that lived through it all differs from one that never died."""
    _add_all(folder / "fresh", world, Ledger())
    with opened(folder / "fresh") as fresh, opened(folder / "desk") as old:
        one, other = _described(fresh), {path: what for path, what in _described(old).items() if what[0] != _PUT}
    return [
        f"{path}: {other.get(path)} instead of {one.get(path)}"
        for path in sorted({*one, *other})
        if one.get(path) != other.get(path)
    ]


def _described(desk: Desk) -> dict[str, Sequence[object]]:
    kinds = {source.id: _source_of(source.kind) for source in desk.sources()}
    return {
        document.path: (
            kinds[document.source_id],
            document.title,
            document.kind,
            document.chunks,
            document.audiences,
            desk.version(document.id, document.version).source_text,
        )
        for document in desk.documents()
    }


# ------------------------------------------------------------------ the table


def main() -> int:
    """Kills, checks, prints the table; 1 when a promise was broken."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--kills", type=int, default=100)
    arguments.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.child:
        work_until_killed(given.child)
        return 0
    with tempfile.TemporaryDirectory(prefix="openbook-crash-") as folder:
        tally = run(Path(folder), given.kills, heard=_show_progress)
    _print(tally)
    return 1 if tally.broken else 0


def _show_progress(tally: Tally) -> None:
    sys.stderr.write(f"\r{tally.kills} kills, {len(tally.broken)} broken")
    sys.stderr.flush()


def _print(tally: Tally) -> None:
    heading(f"{tally.kills} times kill -9 during a sync")
    row("promises broken", "0", str(len(tally.broken)))
    row("killed before all sources were in step", "-", str(tally.in_pass))
    for verb, times in sorted(tally.ledger.acknowledged.items()):
        row(f"acknowledged: {verb}", "-", str(times))
    row("openings that had index entries to mend", "-", str(tally.mended))
    row("recovery, from opening to ready, p50", "-", shown(tally.recoveries_ms, unit="ms", digits=0))
    row("syncs after a kill, all completed", "-", str(tally.synced))
    row("documents they read", "-", str(tally.read))
    row("documents they read although they were live already", "0", str(tally.read_again))
    row("pages they were given in full although those were live already", "-", str(tally.given_again))
    for fault in tally.broken[:20]:
        sys.stdout.write(f"\n- {fault}\n")


if __name__ == "__main__":
    sys.exit(main())
