"""Run B: whether customers and operators lose anything when the server is killed under load, ten times.

Visitors write and wish for people, operators claim, note, reply, return and resolve, all over HTTP. The
server is ended by `kill -9` at random moments and started again on the same folder. Whoever has no response
sends the same again, with the same `Idempotency-Key` where there is one, as the widget does. At the end every
acknowledged message, answer, hand-off, reply and note must be there exactly once, on disk and on its
visitor's stream; nothing twice, no conversation that nobody knows; and the log of every hand-off must
follow `TRANSITIONS` of `openbook.types.handoff` to the state that it has.

A claim, a release and an end have no key: sent again after a crash, they are refused or change nothing.
A kill ends a process and not the machine, so nothing here tests what a power cut does to the disk.
Goal: no promise broken.

    python benchmarks/kill.py                                   # ten kills
    python benchmarks/kill.py --kills 1 --visitors 6            # a short look
"""

import asyncio
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import select

from measure import heading, parser, row, shown
from openbook import Desk
from openbook.errors import OpenbookError
from openbook.stores.conversations import BOT_HAS_IT
from openbook.stores.schema import conversations
from openbook.types import Conversation, HandoffDetail, HandoffEvent, HandoffState
from openbook.types.handoff import after
from visiting import Response, ShopServer, Visitor, call, insistent, serving, shop_copy, shop_questions

LATEST_SECONDS = 4.0
_OPERATORS = ("ann", "ben", "cleo")
_WISH_SHARE = 0.1
_MOST_WISHES = 4
_OPERATOR_PAUSE_SECONDS = 0.15
_SETTLE_SECONDS = 15.0
_RELEASE_SHARE = 0.15
_ENDS = (("resolve", HandoffEvent.RESOLVE), ("return", HandoffEvent.RETURN), None)
_SETTINGS = {"WIDGET__MESSAGES_PER_HOUR": 100_000, "BEHAVIOUR__BURST_SECONDS": 0}


@dataclass(frozen=True, slots=True)
class Kept:
    """Something with words that was acknowledged.

    Attributes:
        author: As the message must have it.
        id: Of the message.
    """

    author: str
    id: str
    conversation_id: str
    text: str


@dataclass(slots=True)
class Ledger:
    """What was sent, what was acknowledged, and what must be true of it.

    Attributes:
        texts: Everything that was sent, acknowledged or not; each text is unique.
        handoffs: Acknowledged hand-offs with their conversations.
        answers: Acknowledged answers with their conversations.
        deeds: What operators did: hand-off, event, person.
        count: How often what was acknowledged, refused and sent again.
    """

    texts: set[str] = field(default_factory=set)
    kept: list[Kept] = field(default_factory=list)
    handoffs: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    deeds: list[tuple[str, HandoffEvent, str]] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Scene:
    """Everything that goes on while the server is killed.

    Attributes:
        keys: The operators' API keys, by the ids that they act under.
        over: Set when nobody begins anything new.
    """

    server: ShopServer
    chance: random.Random
    visitors: list[Visitor]
    keys: dict[str, str]
    ledger: Ledger = field(default_factory=Ledger)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    restarts: list[float] = field(default_factory=list)

    async def sent(self, method: str, path: str, headers: dict[str, str], body: object = None) -> Response:
        """The response to a request that is sent until there is one."""
        send = partial(call, self.server.port, method, path, headers=headers, body=body)
        return await insistent(send, tries=self.ledger.count)


# ---------------------------------------------------------------- customers


async def customer(scene: Scene, visitor: Visitor, *, pause_seconds: float) -> None:
    """Writes and wishes for people until it is over; what was begun is carried through."""
    questions, ledger, chance = shop_questions(), scene.ledger, scene.chance
    wishes, place = 0, 0
    await visitor.arrive()
    while not scene.over.is_set():
        place += 1
        if visitor.conversation_id and wishes < _MOST_WISHES and chance.random() < _WISH_SHARE:
            wishes += 1
            await _wish(scene, visitor)
        else:
            text = f"{chance.choice(questions)} (message {visitor.number}-{place})"
            ledger.texts.add(text)
            send = partial(visitor.write, text, f"key-{place}")
            _note_message(ledger, await insistent(send, tries=ledger.count), text)
        await asyncio.sleep(chance.uniform(0, 2 * pause_seconds))


def _note_message(ledger: Ledger, response: Response, text: str) -> None:
    if not response.ok:
        ledger.count[f"refused: message, {response.code}"] += 1
        return
    data = response.data
    ledger.count["messages"] += 1
    ledger.kept.append(Kept("customer", data["message"]["id"], data["conversation_id"], text))
    if data["answer"]:
        ledger.count["answers"] += 1
        ledger.answers[data["answer"]["id"]] = data["conversation_id"]
    if data["handoff"]:
        ledger.handoffs[data["handoff"]["id"]] = data["conversation_id"]


async def _wish(scene: Scene, visitor: Visitor) -> None:
    path = f"/v1/conversations/{visitor.conversation_id}/handoff"
    response = await scene.sent("POST", path, visitor.headers, {})
    if response.ok:
        scene.ledger.count["wishes for a person"] += 1
        scene.ledger.handoffs[response.data["handoff"]["id"]] = visitor.conversation_id
    else:
        scene.ledger.count[f"refused: wish, {response.code}"] += 1


async def listen(visitor: Visitor) -> None:
    """Listens as soon as there is a conversation."""
    while not visitor.conversation_id:
        await asyncio.sleep(0.05)
    await visitor.listen()


# ---------------------------------------------------------------- operators


async def operator(scene: Scene, person_id: str) -> None:
    """Takes what waits, writes a note and a reply, and mostly brings it to an end."""
    place = 0
    headers = {"Authorization": f"Bearer {scene.keys[person_id]}"}
    while not scene.over.is_set():
        await asyncio.sleep(scene.chance.uniform(0, 2 * _OPERATOR_PAUSE_SECONDS))
        waiting = await scene.sent("GET", "/v1/handoffs?state=waiting,reopened&limit=20", headers)
        rows = waiting.data["handoffs"] if waiting.ok else []
        if rows:
            place += 1
            await _work(scene, person_id, headers, scene.chance.choice(rows), place)


async def _work(scene: Scene, person_id: str, headers: dict[str, str], found: dict[str, str], place: int) -> None:
    handoff = found["id"]
    if not await _deed(scene, headers, handoff, "claim", HandoffEvent.CLAIM, person_id):
        return
    if scene.chance.random() < _RELEASE_SHARE:
        await _deed(scene, headers, handoff, "release", HandoffEvent.RELEASE, person_id)
        return
    conversation = found["conversation_id"]
    for what, author in (("note", "note"), ("reply", "operator")):
        text = f"{what} {place} of {person_id}"
        scene.ledger.texts.add(text)
        keyed = {**headers, "Idempotency-Key": text}
        response = await scene.sent("POST", f"/v1/handoffs/{handoff}/{what}", keyed, {"text": text})
        if response.ok:
            scene.ledger.count["notes" if what == "note" else "replies"] += 1
            scene.ledger.kept.append(Kept(author, response.data["id"], conversation, text))
        else:
            scene.ledger.count[f"refused: {what}, {response.code}"] += 1
    if end := scene.chance.choice(_ENDS):
        await _deed(scene, headers, handoff, *end, person_id)


async def _deed(
    scene: Scene, headers: dict[str, str], handoff: str, name: str, event: HandoffEvent, person_id: str
) -> bool:
    response = await scene.sent("POST", f"/v1/handoffs/{handoff}/{name}", headers)
    if response.ok:
        scene.ledger.count[f"done: {name}"] += 1
        scene.ledger.deeds.append((handoff, event, person_id))
    else:
        scene.ledger.count[f"refused: {name}, {response.code}"] += 1
    return response.ok


# -------------------------------------------------------------------- kills


async def play(scene: Scene, *, kills: int, rate: float) -> None:
    """Everybody works while the server is killed so often; then all that was begun is carried through."""
    pause = len(scene.visitors) / rate
    streams = [asyncio.create_task(listen(visitor)) for visitor in scene.visitors]
    working = [
        *(asyncio.create_task(customer(scene, visitor, pause_seconds=pause)) for visitor in scene.visitors),
        *(asyncio.create_task(operator(scene, person)) for person in scene.keys),
    ]
    try:
        for done in range(kills):
            await asyncio.sleep(scene.chance.uniform(0, LATEST_SECONDS))
            scene.server.kill()
            scene.restarts.append(await asyncio.to_thread(scene.server.start))
            sys.stderr.write(f"\r{done + 1} kills, {sum(scene.ledger.count.values())} requests")
        await asyncio.sleep(LATEST_SECONDS / 2)
        scene.over.set()
        await asyncio.gather(*working)
        await _settle(scene)
    finally:
        for task in (*working, *streams):
            task.cancel()
        await asyncio.gather(*working, *streams, return_exceptions=True)


async def _settle(scene: Scene) -> None:
    """Waits until the streams have had the time to bring what was written last."""
    ends = asyncio.get_running_loop().time() + _SETTLE_SECONDS
    while asyncio.get_running_loop().time() < ends and any(unheard(scene)):
        await asyncio.sleep(0.1)


def unheard(scene: Scene) -> Iterator[str]:
    """What was acknowledged and did not come in over its visitor's stream exactly once; notes must not come at all."""
    streams = defaultdict(Counter, {visitor.conversation_id: visitor.heard for visitor in scene.visitors})
    for kept in scene.ledger.kept:
        times, wanted = streams[kept.conversation_id][kept.id], int(kept.author != "note")
        if times != wanted:
            yield f"the {kept.author} message {kept.id} came {times} times over its stream"
    for answer, conversation in scene.ledger.answers.items():
        if streams[conversation][answer] != 1:
            yield f"the answer {answer} came {streams[conversation][answer]} times over its stream"


# ------------------------------------------------------------------- checks


def violations(desk: Desk, ledger: Ledger) -> Iterator[str]:
    """Everything in the folder that breaks a promise, by what was acknowledged."""
    with desk.parts.database.read() as connection:
        ids = list(connection.execute(select(conversations.c.id)).scalars())
    found = {name: desk.conversation(name) for name in ids}
    known = {kept.conversation_id for kept in ledger.kept}
    yield from (f"nobody knows the conversation {name}" for name in sorted(set(ids) - known))
    yield from _message_faults(found, ledger)
    yield from _answer_faults(desk, found, ledger)
    details = [desk.handoff(one.id) for one in desk.handoffs(states=[*HandoffState], limit=100_000)]
    yield from _handoff_faults(details, found, ledger)
    yield from (f"doctor: {check.detail}" for check in desk.doctor().checks if check.state == "fault")


def _message_faults(found: dict[str, Conversation], ledger: Ledger) -> Iterator[str]:
    said = [message for conversation in found.values() for message in conversation.messages]
    times = Counter(message.text for message in said)
    yield from (f"{times[text]} times: {text!r}" for text in ledger.texts if times[text] > 1)
    places = {(name, message.id): message for name, one in found.items() for message in one.messages}
    for kept in ledger.kept:
        message = places.get((kept.conversation_id, kept.id))
        if message is None or (message.author, message.text) != (kept.author, kept.text):
            yield f"the {kept.author} message {kept.id} is not as it was acknowledged: {message}"
    for name, one in found.items():
        if [message.ordinal for message in one.messages] != list(range(len(one.messages))):
            yield f"the messages of {name} have gaps"


def _answer_faults(desk: Desk, found: dict[str, Conversation], ledger: Ledger) -> Iterator[str]:
    for answer, conversation in ledger.answers.items():
        said = found[conversation].messages if conversation in found else ()
        times = sum(message.answer_id == answer for message in said)
        if times != 1:
            yield f"the answer {answer} is {times} times in {conversation}"
        try:
            desk.receipt(answer)
        except OpenbookError as error:
            yield f"the answer {answer} has no receipt: {error.message}"


def _handoff_faults(details: list[HandoffDetail], found: dict[str, Conversation], ledger: Ledger) -> Iterator[str]:
    by_id = {detail.id: detail for detail in details}
    for name, conversation in ledger.handoffs.items():
        if name not in by_id or by_id[name].conversation_id != conversation:
            yield f"the hand-off {name} of {conversation} is gone"
    for name, event, person in ledger.deeds:
        steps = by_id[name].steps if name in by_id else ()
        if not any((step.event, step.person_id) == (event, person) for step in steps):
            yield f"the hand-off {name} has no step {event} of {person}"
    for detail in details:
        yield from log_faults(detail)
    for name, one in found.items():
        mine = [detail for detail in details if detail.conversation_id == name]
        open_now = [detail.state.value for detail in mine if detail.state.is_open]
        if len(open_now) > 1 or one.state != (open_now or [BOT_HAS_IT])[0]:
            yield f"{name} is {one.state}, its open hand-offs are {open_now}"
        replies = sum(step.event is HandoffEvent.REPLY for detail in mine for step in detail.steps)
        if replies != sum(message.author == "operator" for message in one.messages):
            yield f"{name} has not as many replies as its hand-offs have steps for"


def log_faults(detail: HandoffDetail) -> Iterator[str]:
    """Where a hand-off's log leaves the machine of its states, or does not lead to the state that it has."""
    first, *others = detail.steps
    if (first.event, first.state) != (HandoffEvent.OPEN, HandoffState.WAITING):
        yield f"the hand-off {detail.id} begins with {first.event} to {first.state}"
    state = first.state
    for step in others:
        if after(state, step.event) is not step.state:
            yield f"the hand-off {detail.id} went from {state} by {step.event} to {step.state}"
        state = step.state
    if state is not detail.state:
        yield f"the hand-off {detail.id} is {detail.state}, its log ends in {state}"


# ---------------------------------------------------------------- the report


def main() -> int:
    """Kills, checks, prints the table; 1 when a promise was broken."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--kills", type=int, default=10)
    arguments.add_argument("--visitors", type=int, default=40)
    arguments.add_argument("--rate", type=float, default=8, help="messages a second")
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    with shop_copy() as folder:
        with Desk.open(folder) as desk:
            made = [desk.add_key(name, "operator", ("public",)) for name in _OPERATORS]
        keys = {one.key.id: one.secret for one in made}
        with serving(folder, _SETTINGS) as server:
            visitors = [Visitor(server.port, number) for number in range(given.visitors)]
            scene = Scene(server, random.Random(given.seed), visitors, keys)
            asyncio.run(play(scene, kills=given.kills, rate=given.rate))
        broken = [*unheard(scene), *_checked(folder, scene.ledger)]
        logged = server.faults()
    _print(scene, broken, logged=logged)
    return 1 if broken else 0


def _checked(folder: Path, ledger: Ledger) -> list[str]:
    with Desk.open(folder, must_hold=True) as desk:
        return list(violations(desk, ledger))


def _print(scene: Scene, broken: list[str], *, logged: int) -> None:
    heading(f"Run B: {len(scene.restarts)} times kill -9 under load, {len(scene.visitors)} visitors, 3 operators")
    row("promises broken", "0", str(len(broken)))
    for what, times in sorted(scene.ledger.count.items()):
        row("requests sent again" if what == "again" else what, "-", str(times))
    row("hand-offs", "-", str(len(scene.ledger.handoffs)))
    row("streams opened again", "-", str(sum(visitor.reopened for visitor in scene.visitors)))
    if scene.restarts:
        row("from start to ready, p50", "-", shown(scene.restarts, unit="s"))
    row("faults in the server's log", "0", str(logged))
    for fault in broken[:20]:
        sys.stdout.write(f"\n- {fault}\n")


if __name__ == "__main__":
    sys.exit(main())
