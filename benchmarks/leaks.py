"""Whether anybody is told anything of documents that they may not see.

A desk holds articles for customers, for staff and for three groups, feeds of products, tickets, and
what nobody is served: drafts, what waits, what is over or to come, what was removed. Each forbidden
document has words, numbers and a code that stand nowhere else, so that any trace of it is known.
Every caller asks for what it may not see, in many forms, at every door. An attempt is one response:

- it leaks if any byte of it, headers included, holds a trace that the caller did not write itself;
- it differs if another desk, from which all that is forbidden to this caller is simply absent, gives
  another response: ids, times and timings apart. A difference in nothing but `generation`, the
  number of the state of the knowledge, is counted for itself.

The other desk of a caller with a key keeps drafts, what waits, what is over or to come and the
history of what its audiences may see, because lists show these to the holders of keys; they must
not be answered from even so. As a control the same questions are searched for by those who may see:
a leak test whose questions find nothing proves nothing. How long a response takes is not looked at.
"""

import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from forbidden import CALLERS, EVERYBODY, Caller, Paper, Question, Stand, material, questions_about, stand
from measure import CACHE, heading, parser, row
from openbook.cli.commands import app as program
from openbook.models import Embedder
from openbook.types import Record

_MOST_SHOWN = 15

# ------------------------------------------------------------------- the doors


Door = Callable[[Stand, Caller, Question], str]


def _said(response: httpx.Response) -> str:
    """A whole response: status, headers, body."""
    head = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()) if name not in _PASSING)
    return f"{response.status_code}\n{head}\n\n{response.text}"


_PASSING = ("date", "content-length")


def _post(place: str, field_name: str, accept: str = "*/*", **usual: Any) -> Door:
    def door(at: Stand, caller: Caller, asked: Question) -> str:
        body = {field_name: asked.text, **usual, **dict(asked.more)}
        return _said(at.client.post(place, json=body, headers={"Accept": accept, **at.keys[caller.name]}))

    return door


def _page(place: str) -> Door:
    def door(at: Stand, caller: Caller, asked: Question) -> str:
        parameters = {"q": asked.text, **dict(asked.more)}
        return _said(at.client.get(place, params=parameters, headers=at.keys[caller.name]))

    return door


def _follow_up(at: Stand, caller: Caller, asked: Question) -> str:
    """Asked as the second message of a conversation that begins with what has several readings."""
    headers = at.keys[caller.name]
    first = at.client.post("/v1/ask", json={"question": asked.text.split()[-1]}, headers=headers)
    body = {"question": asked.text, "conversation_id": first.json()["conversation_id"]}
    return _said(first) + _said(at.client.post("/v1/ask", json=body, headers=headers))


def _by_desk(verb: str, **usual: Any) -> Door:
    def door(at: Stand, caller: Caller, asked: Question) -> str:
        options = {name: value for name, value in asked.more if name != "audience"}
        found: Record = getattr(at.desk, verb)(asked.text, audiences=caller.audiences, **usual, **options)
        return json.dumps(found.to_dict())

    return door


def _by_command(at: Stand, caller: Caller, asked: Question) -> str:
    words = [
        "ask",
        "--explain",
        "--desk",
        str(at.desk.path),
        "--audience",
        ",".join(caller.audiences),
        "--",
        asked.text,
    ]
    return CliRunner().invoke(program, words).output


ASKING: dict[str, Door] = {
    "POST /v1/ask": _post("/v1/ask", "question"),
    "POST /v1/ask, events": _post("/v1/ask", "question", "text/event-stream"),
    "POST /v1/ask, second message": _follow_up,
    "POST /v1/search, 50 hits": _post("/v1/search", "query", limit=50),
    "page /?q=": _page("/"),
    "page /search?q=": _page("/search"),
    "Desk.ask": _by_desk("ask"),
    "Desk.search, 50 hits": _by_desk("search", limit=50),
    "openbook ask --explain": _by_command,
}


# ------------------------------------------------------------------ the checks


@dataclass(frozen=True, slots=True)
class Attempt:
    """One response, held against what its caller may know.

    Attributes:
        traces: What it holds of what is forbidden and the caller did not write.
        difference: Empty, `generation` alone, or `differs`.
    """

    door: str
    form: str
    caller: str
    request: str
    traces: tuple[str, ...]
    difference: str


@dataclass(slots=True)
class Tally:
    """What a run gave; `control` are the shares of questions that find a secret for those who may see it."""

    attempts: list[Attempt] = field(default_factory=list)
    control: Counter[bool] = field(default_factory=Counter)

    @property
    def leaks(self) -> list[Attempt]:
        """The attempts that told something."""
        return [attempt for attempt in self.attempts if attempt.traces]


_ID = re.compile(r"\b([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}\b")
_GENERATION = re.compile(r'"generation": ?\d+')
_PASSED = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)?|\"timings_ms\": ?{[^}]*}|\"(?:elapsed_ms|seconds|chunk_id)\": ?[\d.e-]+|"
    r"\d+ ms\b|milliseconds: .*|\b[0-9a-f]{64}\b|openbook_form=[^;]*"
)


def neutral(said: str, documents: Mapping[str, str]) -> str:
    """A response without ids, times and timings; documents under names that are the same on every desk."""
    named = _ID.sub(lambda found: documents.get(found[0], found[1]), said)
    return _PASSED.sub("*", named)


def difference(here: str, there: str, documents: Mapping[str, str]) -> str:
    """In what two responses differ."""
    one, other = neutral(here, documents), neutral(there, documents)
    if one == other:
        return ""
    return "generation" if _GENERATION.sub("", one) == _GENERATION.sub("", other) else "differs"


def traces_in(said: str, forbidden: Sequence[str], *, written: str) -> tuple[str, ...]:
    """The forbidden words, numbers, codes and ids in a response that its caller did not write."""
    text, own = said.lower(), written.lower()
    found = [trace for trace in forbidden if trace in text and trace not in own]
    return tuple(trace for trace in found if re.search(rf"(?<![\w.]){re.escape(trace)}(?!\d)", text) or trace.isalpha())


# ----------------------------------------------------------------- the attempts


@dataclass(frozen=True, slots=True)
class Witness:
    """One caller before both desks: that with everything, and that without what is forbidden to it."""

    caller: Caller
    full: Stand
    bare: Stand
    papers: Sequence[Paper]
    tally: Tally

    @property
    def hidden(self) -> list[Paper]:
        """What the caller may not learn of at any door."""
        return [paper for paper in self.papers if not paper.is_known_to(self.caller)]

    def forbidden(self, *, answering: bool) -> list[str]:
        """The traces and ids of what the caller may not be answered from, or may not learn of."""
        told = Paper.answers if answering else Paper.is_known_to
        papers = [paper for paper in self.papers if not told(paper, self.caller)]
        return [trace for paper in papers for trace in (*paper.traces, *ids_of(self.full, paper))]

    def hold(
        self, door: str, form: str, written: str, send: Callable[[Stand], str], *, answering: bool, alone: bool = False
    ) -> None:
        """Sends a request to both desks, or to the full one alone, and notes what comes of it."""
        here = send(self.full)
        found = traces_in(here, self.forbidden(answering=answering), written=written)
        other = "" if alone else difference(here, send(self.bare), self.full.documents | self.bare.documents)
        self.tally.attempts.append(Attempt(door, form, self.caller.name, written, found, other))


def ids_of(at: Stand, paper: Paper) -> list[str]:
    """The ids of a paper's documents, former ones among them."""
    marks = (paper.words[3], paper.code)
    return [identifier for identifier, name in at.documents.items() if any(mark in name for mark in marks)]


def run(
    folder: Path,
    *,
    each: int,
    callers: Sequence[Caller] = CALLERS,
    embedder: Embedder | None = None,
    doors: int = 1,
    step: int = 1,
) -> Tally:
    """Asks a desk with all documents, and for each caller one without what is forbidden to it.

    Args:
        folder: An empty folder.
        each: How many forbidden documents of each kind there are.
        callers: Who asks.
        embedder: Instead of the encoder that the settings name.
        doors: At how many of the doors each question is asked; all doors take turns.
        step: One question in so many is asked about a document, others about the next.
    """
    papers, tally = material(each), Tally()
    with ExitStack() as stack:
        full = stack.enter_context(stand(folder / "full", papers, (), embedder=embedder))
        witnesses = []
        for number, caller in enumerate(callers):
            hidden = [paper for paper in papers if not paper.is_known_to(caller)]
            bare = stack.enter_context(stand(folder / f"bare-{number}", papers, hidden, embedder=embedder))
            witnesses.append(Witness(caller, full, bare, papers, tally))
        served = [paper for paper in papers if paper.kind.state == "live"]
        searched = [(paper, asked) for paper in served for asked in questions_about(paper)][::step]
        tally.control.update(_finds(full, paper, asked) for paper, asked in searched)
        for witness in witnesses:  # before anybody asks: lists count the answers that rest on a document
            _look_around(witness)
        for witness in witnesses:
            _ask_everything(witness, doors=doors, step=step)
        for witness in witnesses:
            _meet_others(witness)
            _send_over(witness)
    return tally


def _finds(full: Stand, paper: Paper, asked: Question) -> bool:
    """Whether a question finds a paper for those who may see it."""
    hits = full.desk.search(asked.text, audiences=EVERYBODY).hits
    return not set(ids_of(full, paper)).isdisjoint(hit.document_id for hit in hits)


_PAGES = ("/", "/search", "/owner", "/openapi.json", "/nothing/here", "/v1/documents?waiting=true")
_COUNTING = ("/metrics",)
"""Counts what all callers did, so that two desks never say the same."""


def _look_around(witness: Witness) -> None:
    """Every list and page, and every document by its id."""
    paths = witness.full.client.get("/openapi.json").json()["paths"]
    readable = [path for path, ways in paths.items() if "get" in ways]
    for path in (*_PAGES, *(path for path in readable if "{" not in path)):
        _get(witness, "lists and pages", path, alone=path in _COUNTING)
    by_id = [path for path in readable if "{document_id}" in path] + [
        "/source/{document_id}/1",
        "/source/{document_id}/1/passages?span=0-80",
    ]
    for identifier in _hidden_ids(witness):
        for path in by_id:
            _get(witness, "a document by its id", path.replace("{document_id}", identifier).replace("{version}", "1"))
        _change(
            witness, "a change by id", "PUT", f"/v1/documents/{identifier}", {"text": "# Changed\n\nBy a stranger."}
        )
        _change(witness, "a change by id", "DELETE", f"/v1/documents/{identifier}", None)
        edit = {"document": identifier, "path": "edit.md", "text": "# Changed\n\nBy a stranger."}
        _change(witness, "preview of an edit", "POST", "/v1/preview", edit)


def _hidden_ids(witness: Witness) -> list[str]:
    return [identifier for paper in witness.hidden for identifier in ids_of(witness.full, paper)]


def _get(witness: Witness, form: str, path: str, *, alone: bool = False) -> None:
    door = "GET " + _ID.sub("{id}", path)

    def send(at: Stand) -> str:
        return _said(at.client.get(path, headers=at.keys[witness.caller.name]))

    witness.hold(door, form, path, send, answering=False, alone=alone)


def _change(witness: Witness, form: str, method: str, path: str, body: dict[str, str] | None) -> None:
    def send(at: Stand) -> str:
        return _said(at.client.request(method, path, json=body, headers=at.keys[witness.caller.name]))

    witness.hold(f"{method} {_ID.sub('{id}', path)}", form, f"{path} {body}", send, answering=False)


def _ask_everything(witness: Witness, *, doors: int, step: int) -> None:
    """Every question about what the caller may not be answered from; every form comes to every door in turn."""
    names = list(ASKING)
    papers = [paper for paper in witness.papers if not paper.answers(witness.caller)]
    for place, paper in enumerate(papers):
        for number, asked in list(enumerate(questions_about(paper)))[place % step :: step]:
            for turn in range(doors):
                name = names[(place + number // step + turn * len(names) // doors) % len(names)]
                send = _asking(ASKING[name], witness.caller, asked)
                witness.hold(name, asked.form, f"{asked.text} {asked.more}", send, answering=True)


def _asking(door: Door, caller: Caller, asked: Question) -> Callable[[Stand], str]:
    return lambda at: door(at, caller, asked)


def _meet_others(witness: Witness) -> None:
    """The receipts and conversations of those who may see what is hidden from the caller."""
    for paper in witness.hidden:
        if paper.kind.state != "live":
            continue
        answer = witness.full.desk.ask(paper.title, audiences=paper.kind.audiences)
        for path in (f"/v1/receipts/{answer.id}", f"/v1/receipts/{answer.id}?replay=true"):
            _get(witness, "another's answer", path)
        unclear = witness.full.desk.ask(f"{paper.family} {paper.noun}", audiences=paper.kind.audiences)
        body = {"question": "the first one", "conversation_id": unclear.conversation_id}

        def send(at: Stand, body: dict[str, str] = body) -> str:
            return _said(at.client.post("/v1/ask", json=body, headers=at.keys[witness.caller.name]))

        witness.hold("POST /v1/ask", "another's conversation", str(body), send, answering=True, alone=True)
    for path in ("/v1/documents", "/v1/documents/stale", "/v1/documents/contradictions", "/metrics", "/"):
        _get(witness, "lists and pages, afterwards", path, alone=True)


def _send_over(witness: Witness) -> None:
    """Sends a document under the path of a hidden one."""
    for paper in witness.hidden:
        if paper.kind.folder == "sent":
            body = {"path": paper.path, "text": "# Changed\n\nBy a stranger."}
            _change(witness, "sent over another's", "POST", "/v1/documents", body)


# ------------------------------------------------------------------- the table


def main() -> int:
    """Asks, prints the table; 1 when anything was told."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--each", type=int, default=2, help="forbidden documents of each kind")
    arguments.add_argument("--doors", type=int, default=1, help="doors at which each question is asked")
    given = arguments.parse_args()
    os.environ.setdefault("OPENBOOK_ENCODER__CACHE", str(CACHE / "encoder"))
    os.environ.setdefault("COLUMNS", "200")
    with tempfile.TemporaryDirectory(prefix="openbook-leaks-") as folder:
        tally = run(Path(folder), each=given.each, doors=given.doors)
    _print(tally)
    return 1 if tally.leaks else 0


def _print(tally: Tally) -> None:
    heading(f"{len(tally.attempts)} attempts to learn what is forbidden, by {len(CALLERS)} callers")
    row("attempts that were told anything", "0", str(len(tally.leaks)))
    for difference, about in (("differs", "responses other than without it"), ("generation", "`generation` alone")):
        row(about, "0", str(sum(attempt.difference == difference for attempt in tally.attempts)))
    found, every = tally.control[True], tally.control.total()
    row("control: questions that find it for those who may see it", "-", f"{found} of {every}")
    for what in ("caller", "door", "form"):
        names = dict.fromkeys(getattr(attempt, what) for attempt in tally.attempts)
        for name in names:
            mine = [attempt for attempt in tally.attempts if getattr(attempt, what) == name]
            leaks, differ = sum(bool(each.traces) for each in mine), sum(each.difference == "differs" for each in mine)
            row(f"{what}: {name}", "0 told", f"{leaks} told, {differ} differ, of {len(mine)}")
    shown = [each for each in tally.attempts if each.traces or each.difference == "differs"]
    for attempt in sorted(shown, key=lambda each: not each.traces)[:_MOST_SHOWN]:
        told = f"told {', '.join(attempt.traces)}" if attempt.traces else "differs"
        sys.stdout.write(f"\n- {attempt.caller}, {attempt.door}, {attempt.form}: {attempt.request!r}: {told}\n")


if __name__ == "__main__":
    sys.exit(main())
