"""How well a question is understood by what was said before: MTRAG-UN, pooled, and changes of topic.

The pool is every distinct passage that one of the 273 tasks cites, put as documents of their own
into one desk. A task is the last message of a conversation with what both sides said before it.
Searching is judged on the answerable and partly answerable tasks. R@5 is the share of a task's gold
passages among the first five distinct ones, the mean over tasks; a hit that stands for
near-duplicates counts as all of them, and each takes one of the five places. That is the R@5 of
the published floors (BM25 over the customer's messages .79, MiniLM of the last message .75, of the
last three .83, a mixture .91): plain cosine comes near them here by this measure, while "any gold
passage among the five" lies far above.

What cannot be answered: an UNANSWERABLE task names no passage, but the pool holds those of other
tasks of its collection, often about the same thing. Half of the UNDERSPECIFIED tasks name passages:
those that a question back would be about, so that much is found and nothing should be sent.

A change of topic: a question of another public collection, asked after two others of the same
collection that it has nothing to do with. What was said before should then do no harm.

MTRAG itself, an earlier collection whose messages mostly stand alone, is pooled in the same way; it
was tuned on as a whole, and shows that what was said before does no harm there.

Tuned on tasks whose `int(sha1(conversation_id).hexdigest(), 16)` is even, reported on the odd ones.
Every task is a conversation of its own, so the bootstrap over tasks is one over conversations.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from measure import CACHE, data_folder, heading, parser, row, seconds, shown
from openbook import AskRequest, Desk
from openbook.conversation import forget, run_turn
from openbook.evals.metrics import auroc, bootstrapped, mean, reciprocal_rank
from openbook.models import Embedder
from openbook.search.words import words_of
from openbook.stores.index import Point, Scope
from openbook.stores.memory_index import MemoryIndex
from openbook.types import PUBLIC, Hit, Query, TicketMessage
from questions import Question, desk_of, questions

_HITS = 24
_FIRST = 5
_ANSWERABLE = ("ANSWERABLE", "PARTIAL")
_CHANGES = ("clapnq", "logingov")
_MEANING = 0.7
Finder = Callable[["Task"], Sequence[str]]
Found = dict[str, dict["Task", float]]


@dataclass(frozen=True)
class Task:
    """The last message of a conversation and what was said before it.

    Attributes:
        gold: The names of the passages that it was answered from.
        kind: ANSWERABLE, PARTIAL, UNANSWERABLE or UNDERSPECIFIED.
    """

    id: str
    question: str
    history: tuple[TicketMessage, ...]
    gold: frozenset[str]
    kind: str

    @property
    def tuning(self) -> bool:
        """Whether it may be tuned on."""
        return int(hashlib.sha1(self.id.encode()).hexdigest(), 16) % 2 == 0

    @property
    def said(self) -> tuple[str, ...]:
        """Everything the customer said, the question last."""
        return (*(said.text for said in self.history if said.author == "customer"), self.question)


@dataclass(frozen=True)
class Pool:
    """Tasks of one collection with all the passages that they cite, by the names of their documents."""

    name: str
    tasks: tuple[Task, ...]
    passages: dict[str, str]

    @property
    def answerable(self) -> list[Task]:
        """The tasks that searching is judged on."""
        return [task for task in self.tasks if task.kind in _ANSWERABLE and task.gold]

    def desk(self) -> Path:
        """A desk with the passages; made once and kept in `.cache`."""
        folder = CACHE / f"{self.name}-desk"
        with Desk.open(folder) as desk:
            if not desk.documents():
                for name, text in self.passages.items():
                    desk.put_document(name, text)
        return folder


def mtrag_un() -> Pool:
    """MTRAG-UN: a task is a conversation."""
    path = data_folder() / "mtrag-un" / "reference_cloud_clapnq.jsonl"
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return _pool("mtrag-un", records, kind="answerability")


def mtrag() -> Pool:
    """MTRAG: tasks of the same conversation stand next to each other; passages are kept apart from them."""
    [path] = (data_folder() / "mtrag" / "mtrag-human" / "evaluations").glob("*.json")
    content = json.loads(path.read_text("utf-8"))
    texts = {document["document_id"]: document["text"] for document in content["documents"]}
    for record in content["tasks"]:
        record["conversation_id"] = record["task_id"]
        record["contexts"] = [{"text": texts[passage["document_id"]]} for passage in record["contexts"]]
    return _pool("mtrag", content["tasks"], kind="Answerability")


def _pool(name: str, records: Sequence[dict[str, Any]], *, kind: str) -> Pool:
    texts = {passage["text"] for record in records for passage in record["contexts"]}
    return Pool(name, tuple(_task(record, kind) for record in records), {_name(text): text for text in sorted(texts)})


def _task(record: dict[str, Any], kind: str) -> Task:
    *before, last = record["input"]
    return Task(
        id=record["conversation_id"],
        question=last["text"],
        history=tuple(
            TicketMessage("customer" if said["speaker"] == "user" else "bot", said["text"]) for said in before
        ),
        gold=frozenset(_name(passage["text"]) for passage in record["contexts"]),
        kind=record[kind][0],
    )


def _name(text: str) -> str:
    return f"{hashlib.sha1(text.encode()).hexdigest()[:16]}.md"


class Floors:
    """Plain ways to search the pool: exact cosine and BM25 over stems, without chunks or a closer look."""

    def __init__(self, passages: dict[str, str], embedder: Embedder) -> None:
        self._names = list(passages)
        self._embedder = embedder
        self._index = MemoryIndex()
        vectors = embedder.embed(list(passages.values()))
        points = [
            Point(place, vector, " ".join(words_of(text)), (PUBLIC,), "", "")
            for place, (text, vector) in enumerate(zip(passages.values(), vectors, strict=True))
        ]
        self._index.upsert("pool", points)

    def meaning(self, task: Task, *, last: int) -> Sequence[str]:
        """The nearest to the last so many messages of the customer, as one text."""
        return self._named(self._cosines(task, last))

    def words(self, task: Task) -> Sequence[str]:
        """The best by the words of all that the customer said."""
        return self._named(self._keywords(task))

    def mixture(self, task: Task) -> Sequence[str]:
        """The mean cosine of the last message and the last three, and the share of the best BM25, always so mixed."""
        cosines = (self._cosines(task, 1) + self._cosines(task, 3)) / 2
        keywords = self._keywords(task)
        return self._named(_MEANING * cosines + (1 - _MEANING) * keywords / (keywords.max() or 1.0))

    def _cosines(self, task: Task, last: int) -> np.ndarray:
        vector = self._embedder.embed_query(" ".join(task.said[-last:]))
        found = self._index.search("pool", vector=vector, words="", scope=Scope((PUBLIC,)), limit=len(self._names))
        return np.array([candidate.dense or 0.0 for candidate in found])

    def _keywords(self, task: Task) -> np.ndarray:
        words = " ".join(words_of(" ".join(task.said)))
        scores = np.zeros(len(self._names))
        for found in self._index.search(
            "pool", vector=None, words=words, scope=Scope((PUBLIC,)), limit=len(self._names)
        ):
            scores[found.id] = found.keyword or 0.0
        return scores

    def _named(self, scores: np.ndarray) -> list[str]:
        return [self._names[place] for place in np.argsort(-scores, kind="stable")]


class Ours:
    """The desk's own search, with or without what was said before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @cached_property
    def _paths(self) -> dict[str, str]:
        return {document.id: document.path for document in self._desk.documents()}

    def search(self, said: Sequence[str], *, remembers: bool) -> Sequence[Hit]:
        """The hits for the last of these messages."""
        *before, question = said
        return self._desk.search(Query(question, limit=_HITS, history=tuple(before) if remembers else ())).hits

    def passages(self, task: Task, *, remembers: bool) -> Sequence[str]:
        """The passages found, those that a hit stands for after it."""
        hits = self.search(task.said, remembers=remembers)
        return [path for hit in hits for path in (hit.path, *(self._paths[twin] for twin in hit.same_as))]

    def confidence(self, task: Task) -> float:
        """How sure the desk is of its answer, of which nothing is kept."""
        turn = replace(self._desk.parts.turn, keep=forget)
        *_, last = run_turn(turn, AskRequest(task.question, history=task.history))
        return float(last.data.confidence)


def main() -> None:
    """Prints how well is found, told apart and left behind."""
    parser(__doc__ or "").parse_args()
    pool = mtrag_un()
    with Desk.open(pool.desk()) as desk:
        ours = Ours(desk)
        found = _find_all(ours, Floors(pool.passages, desk.parts.embedder), pool.answerable)
        for half, tuning in (("the odd half", False), ("the even half, tuned on", True)):
            chosen = [task for task in pool.answerable if task.tuning == tuning]
            _report_found(f"MTRAG-UN, pooled, {half}", chosen, found, goal=">= .94")
        _report_confidence(ours, pool.tasks)
        _report_time(ours, [task for task in pool.tasks if len(task.said) > 1])
    pool = mtrag()
    with Desk.open(pool.desk()) as desk:
        found = _find_all(Ours(desk), Floors(pool.passages, desk.parts.embedder), pool.answerable)
        _report_found("MTRAG, pooled, tuned on", pool.answerable, found)
    for collection in _CHANGES:
        _report_change(collection)


def _find_all(ours: Ours, floors: Floors, answerable: Sequence[Task]) -> Found:
    """For each way of searching the share of each task's gold passages among the first five."""
    ways: dict[str, Finder] = {
        "BM25, all that the customer said": floors.words,
        "MiniLM, last message": partial(floors.meaning, last=1),
        "MiniLM, last three messages": partial(floors.meaning, last=3),
        "a plain mixture": floors.mixture,
        "ours, last message alone": partial(ours.passages, remembers=False),
        "ours": partial(ours.passages, remembers=True),
    }
    return {name: {task: _found(task, find(task)) for task in answerable} for name, find in ways.items()}


def _report_found(about: str, chosen: Sequence[Task], found: Found, *, goal: str = "-") -> None:
    heading(f"{about}: {len(chosen)} answerable tasks")
    for name, shares in found.items():
        row(f"{name}: R@5", goal if name == "ours" else "-", _interval([shares[task] for task in chosen]))
        row(f"{name}: any gold passage in five", "-", _interval([float(shares[task] > 0) for task in chosen]))


def _found(task: Task, names: Sequence[str]) -> float:
    """The share of the gold passages among the first five distinct ones."""
    first = list(dict.fromkeys(names))[:_FIRST]
    return len(task.gold.intersection(first)) / len(task.gold)


def _report_confidence(ours: Ours, every: Sequence[Task]) -> None:
    sure = {task.id: ours.confidence(task) for task in every}
    heading("MTRAG-UN: answerable and partly so against the others, by confidence")
    for name, others, goal in (
        ("UNANSWERABLE and UNDERSPECIFIED", ("UNANSWERABLE", "UNDERSPECIFIED"), ">= .85"),
        ("UNANSWERABLE", ("UNANSWERABLE",), "-"),
    ):
        for half, among in (("odd", (False,)), ("even", (True,)), ("both halves", (False, True))):
            judged = [task for task in every if task.kind in (*_ANSWERABLE, *others) and task.tuning in among]
            row(f"AUROC against {name}, {half}", goal, _auroc(judged, sure))


def _auroc(judged: Sequence[Task], sure: dict[str, float]) -> str:
    scores = [sure[task.id] for task in judged]
    can = [task.kind in _ANSWERABLE for task in judged]
    found = bootstrapped("", len(judged), lambda drawn: auroc([scores[k] for k in drawn], [can[k] for k in drawn]))
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}], {len(judged)}"


def _report_time(ours: Ours, followed: Sequence[Task]) -> None:
    """Each message is searched for in both ways one after the other, since a shared machine is noisy."""
    heading("MTRAG-UN: time of a search")
    spent = [
        [seconds(partial(ours.search, task.said, remembers=remembers)) * 1e3 for remembers in (False, True)]
        for task in followed
    ]
    alone, continued = zip(*spent, strict=True)
    row("last message alone", "-", shown(alone, unit="ms"))
    row("with what was said before", "-", shown(continued, unit="ms"))
    row("how many times as long", "-", shown([both / one for one, both in spent]))


def _report_change(collection: str) -> None:
    answerable = [question for question in questions(collection) if question.expected == "send"]
    with Desk.open(desk_of(collection)) as desk:
        ours = Ours(desk)
        ranks = {
            remembers: [_rank(ours, answerable, place, remembers=remembers) for place in range(len(answerable))]
            for remembers in (False, True)
        }
    for half, tuning in (("odd", False), ("even", True)):
        chosen = [place for place, question in enumerate(answerable) if question.tuning == tuning]
        heading(f"A change of topic on {collection}, {len(chosen)} questions of the {half} half")
        for name, remembers in (("asked alone", False), ("after two other questions", True)):
            found = [ranks[remembers][place] for place in chosen]
            row(f"{name}: R@5", "-", _interval([float(rank is not None and rank <= _FIRST) for rank in found]))
            row(f"{name}: MRR", "-", _interval([reciprocal_rank(rank) for rank in found]))


def _rank(ours: Ours, asked: Sequence[Question], place: int, *, remembers: bool) -> int | None:
    """The rank of the first gold hit for a question after two that stand a third of the collection away."""
    others = [asked[(place + step * len(asked) // 3) % len(asked)].text for step in (1, 2)]
    hits = ours.search((*others, asked[place].text), remembers=remembers)
    return next((hit.rank for hit in hits if asked[place].on_page(hit.path)), None)


def _interval(values: Sequence[float]) -> str:
    found = bootstrapped("", len(values), lambda drawn: mean([values[place] for place in drawn]))
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


if __name__ == "__main__":
    main()
