"""Run A: how fast the server answers while 200 visitors listen and 20 messages a second come in, and where it breaks.

One `openbook serve` in a process of its own holds the sample shop's articles, with the real encoder. Each
visitor has an open event stream. Messages go out on a fixed schedule whatever the server does (an open
loop), the visitors in turn, and a time is counted from the scheduled moment, so that waiting behind slow
answers counts. Nothing may be lost: every acknowledged message and every answer must be read back from
its conversation and must have come in over its visitor's stream, each once.

Then the rate rises by 20 a second, with new visitors for each step, until the 95th percentile passes 150 ms
or a message is not answered: that a full house hands messages to people instead is one way to break.

The visitors run in this process, beside the server on the same machine: they take processor time from it.
Goal: nothing lost, p95 <= 150 ms at 20 messages a second.

    python benchmarks/load.py                                          # 120 seconds, then the steps
    python benchmarks/load.py --seconds 5 --visitors 20 --most 0       # a short look
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from measure import heading, parser, row, shown
from openbook.conversation.rescue import REASONS
from visiting import Broken, Response, ShopServer, Visitor, insistent, serving, shop_copy, shop_questions

GOAL_MS = 150.0
STEP = 20
_LEAD_SECONDS = 0.5
_ARRIVING_AT_ONCE = 4
_SETTLE_SECONDS = 15.0
_SPREAD = 7
"""Neighbours among the visitors ask questions so far from each other."""

_FULL = {REASONS["busy"]: "kept for a person: every place taken", REASONS["slow"]: "kept for a person: too slow"}
_FAILED = REASONS["failed"].partition("{")[0]
_BUDGET = 100_000
_numbers = count()


@dataclass(slots=True)
class Sent:
    """One message and what came of it.

    Attributes:
        due: The moment it was scheduled for, by the event loop's clock; `begun` when it went out.
        done: When its response was there; 0 where there is none.
        trouble: How it was not answered; empty where it was.
        kept: Ids that must be found again: of the message and of its answer.
        decision: What was decided.
    """

    visitor: Visitor
    due: float
    begun: float = 0.0
    done: float = 0.0
    trouble: str = ""
    kept: tuple[str, ...] = ()
    decision: str = ""

    @property
    def answer_ms(self) -> float:
        """From the scheduled moment to the response."""
        return (self.done - self.due) * 1e3

    @property
    def stream_ms(self) -> float:
        """From the scheduled moment until the answer came in over the stream."""
        return (self.visitor.heard_at[self.kept[-1]] - self.due) * 1e3


@dataclass(slots=True)
class Phase:
    """Messages at one rate.

    Attributes:
        sent: Those that were scheduled, not those with which conversations began.
        faults: What was lost or came twice, in words, with how often.
        busy_ms: Processor time of the server for each message, its streams included.
    """

    rate: int
    visitors: list[Visitor]
    sent: list[Sent] = field(default_factory=list)
    begun: list[Sent] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    busy_ms: float = 0.0

    @property
    def acknowledged(self) -> list[Sent]:
        """Those that were."""
        return [each for each in self.sent if each.kept]

    @property
    def troubles(self) -> Counter[str]:
        """How messages were not answered, with how often."""
        return Counter(each.trouble for each in self.sent if each.trouble)

    @property
    def answer_ms(self) -> list[float]:
        """Times of all that were acknowledged."""
        return [each.answer_ms for each in self.acknowledged]

    @property
    def breaks(self) -> str:
        """How the server breaks at this rate; empty where it does not."""
        reasons = [f"{times} {what}" for what, times in (self.troubles + self.faults).items()]
        if not self.answer_ms or _share(self.answer_ms, 0.95) > GOAL_MS:
            reasons.append("slow")
        return ", ".join(reasons)


# ---------------------------------------------------------------- one phase


async def phase(server: ShopServer, *, visitors: int, rate: int, seconds: float, questions: Sequence[str]) -> Phase:
    """Lets new visitors arrive and listen, sends at a rate for so long, and looks for what was lost."""
    here = [Visitor(server.port, next(_numbers)) for _ in range(visitors)]
    done = Phase(rate, here)
    gate = asyncio.Semaphore(_ARRIVING_AT_ONCE)
    done.begun = list(await asyncio.gather(*(_arrive(visitor, questions, gate) for visitor in here)))
    streams = [asyncio.create_task(visitor.listen()) for visitor in here]
    try:
        await asyncio.gather(*(visitor.opened.wait() for visitor in here))
        before = server.busy_seconds()
        done.sent = await _send_all(here, rate=rate, seconds=seconds, questions=questions)
        await _settle(done)
        done.busy_ms = (server.busy_seconds() - before) * 1e3 / max(1, len(done.sent))
        await _look_for_losses(done)
    finally:
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    return done


async def _arrive(visitor: Visitor, questions: Sequence[str], gate: asyncio.Semaphore) -> Sent:
    async with gate:
        await visitor.arrive()
        begun = Sent(visitor, asyncio.get_running_loop().time())
        question = questions[visitor.number * _SPREAD % len(questions)]
        _note(begun, await insistent(lambda: visitor.write(question, f"begin-{visitor.number}")))
    return begun


async def _send_all(here: list[Visitor], *, rate: int, seconds: float, questions: Sequence[str]) -> list[Sent]:
    """Sends on schedule, without waiting for any answer."""
    loop = asyncio.get_running_loop()
    start = loop.time() + _LEAD_SECONDS
    sent, tasks = [], []
    for place in range(round(rate * seconds)):
        one = Sent(here[place % len(here)], start + place / rate)
        await asyncio.sleep(max(0.0, one.due - loop.time()))
        question = questions[(place * _SPREAD + rate) % len(questions)]
        tasks.append(asyncio.create_task(_send(one, question, f"{rate}-{place}")))
        sent.append(one)
    await asyncio.gather(*tasks)
    return sent


async def _send(one: Sent, question: str, key: str) -> None:
    loop = asyncio.get_running_loop()
    one.begun = loop.time()
    try:
        response = await one.visitor.write(question, key)
    except Broken as error:
        one.trouble = f"no response: {error}"[:80]
        return
    one.done = loop.time()
    _note(one, response)


def _note(one: Sent, response: Response) -> None:
    """Takes in what came of a message."""
    data = response.data
    if not response.ok or not data["message"]:
        one.trouble = f"refused: {response.status} {response.code}"
        return
    answer = data["answer"] or {}
    one.kept = tuple(filter(None, (data["message"]["id"], answer.get("id"))))
    one.decision = answer.get("decision", "")
    reason = answer.get("reason", "no answer")
    if reason == "no answer" or reason.startswith(_FAILED):
        one.trouble = reason
    else:
        one.trouble = _FULL.get(reason, "")


async def _settle(done: Phase) -> None:
    """Waits until the streams have had the time to bring everything."""
    ends = asyncio.get_running_loop().time() + _SETTLE_SECONDS
    while asyncio.get_running_loop().time() < ends and any(_unheard(each) for each in done.begun + done.sent):
        await asyncio.sleep(0.1)


def _unheard(one: Sent) -> bool:
    return any(name not in one.visitor.heard for name in one.kept)


async def _look_for_losses(done: Phase) -> None:
    """Reads every conversation back and holds it and the stream against what was acknowledged."""
    kept: dict[int, Counter[str]] = {}
    for visitor in done.visitors:
        messages = await visitor.look()
        kept[visitor.number] = Counter(
            name for message in messages for name in (message["id"], message["answer_id"]) if name
        )
    for one in done.begun + done.sent:
        done.faults.update(_losses(one, kept[one.visitor.number]))


def _losses(one: Sent, kept: Counter[str]) -> Iterator[str]:
    for name in one.kept:
        if not kept[name]:
            yield "acknowledged and not kept"
        if not one.visitor.heard[name]:
            yield "acknowledged and not on the stream"
        if kept[name] > 1:
            yield "kept twice"
        if one.visitor.heard[name] > 1:
            yield "twice on the stream"


# ---------------------------------------------------------------- the report


def main() -> int:
    """Runs both parts and prints the tables; 1 when something was lost."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--seconds", type=float, default=120, help="how long the first part is")
    arguments.add_argument("--visitors", type=int, default=200)
    arguments.add_argument("--rate", type=int, default=20, help="messages a second in the first part")
    arguments.add_argument("--step-seconds", type=float, default=20, help="how long each step is")
    arguments.add_argument("--most", type=int, default=400, help="the last rate to try; 0: no steps")
    arguments.add_argument("--turns", type=int, default=3, help="the setting server.turns")
    given = arguments.parse_args()
    questions = shop_questions()
    settings = {
        "SERVER__TURNS": given.turns,
        "WIDGET__MESSAGES_PER_HOUR": _BUDGET,
        "BEHAVIOUR__BURST_SECONDS": 0,  # else a visitor's quick messages would be read as one question
    }
    faults: Counter[str] = Counter()
    with shop_copy() as folder, serving(folder, settings) as server:

        def run(rate: int, seconds: float) -> Phase:
            return asyncio.run(phase(server, visitors=given.visitors, rate=rate, seconds=seconds, questions=questions))

        first = run(given.rate, given.seconds)
        faults += first.faults
        _print_first(first, given.seconds, ", ".join(f"{name} = {value}" for name, value in settings.items()))
        row("memory of the server", "-", f"{server.megabytes():.0f} MB")
        for step in _steps(run, given.step_seconds, first=given.rate, most=given.most):
            faults += step.faults
        row("memory of the server at the end", "-", f"{server.megabytes():.0f} MB")
        row("faults in the server's log", "0", str(server.faults()))
    return 1 if faults else 0


def _steps(run: Callable[[int, float], Phase], seconds: float, *, first: int, most: int) -> Iterator[Phase]:
    """Steps at rising rates until one breaks; prints each."""
    if most:
        heading(f"Rising by {STEP} a second, {seconds:g} s a step")
    for rate in range(first, most + 1, STEP):
        step = run(rate, seconds)
        _print_step(step)
        yield step
        if step.breaks:
            row("breaks at", "-", f"{rate} a second: {step.breaks}")
            return
    if most:
        row("breaks at", "-", f"not up to {most} a second")


def _print_first(done: Phase, seconds: float, settings: str) -> None:
    heading(f"Run A: {len(done.visitors)} visitors listening, {done.rate} messages a second for {seconds:g} s")
    row("settings", "-", f"{settings}; a connection for each message; the rest as it comes")
    row("sent, acknowledged", "the same", f"{len(done.sent)}, {len(done.acknowledged)}")
    row("lost or twice, kept or on the stream", "0", _counts(done.faults))
    row("not answered", "0", _counts(done.troubles))
    decisions = Counter(each.decision for each in done.acknowledged)
    row("decisions", "-", ", ".join(f"{name} {times}" for name, times in decisions.most_common()))
    if done.answer_ms:
        _print_times(done)
    row("processor time of the server for each message", "-", f"{done.busy_ms:.1f} ms")
    row("streams opened again", "0", str(sum(visitor.reopened for visitor in done.visitors)))


def _print_times(done: Phase) -> None:
    for share, goal in ((0.5, "-"), (0.95, f"<= {GOAL_MS:.0f} ms"), (0.99, "-")):
        row(f"answer p{share * 100:.0f}", goal, shown(done.answer_ms, share, unit="ms", digits=1))
    heard = [each.stream_ms for each in done.acknowledged if not _unheard(each)]
    for share in (0.5, 0.95, 0.99):
        row(f"answer on the stream p{share * 100:.0f}", "-", shown(heard, share, unit="ms", digits=1))
    late = [(each.begun - each.due) * 1e3 for each in done.sent]
    row("sent later than scheduled, p99", "-", shown(late, 0.99, unit="ms", digits=1))


def _print_step(step: Phase) -> None:
    values = [f"{_share(step.answer_ms, share):.0f}" for share in (0.5, 0.95, 0.99)] if step.answer_ms else ["-"]
    times = f"p50 / p95 / p99 {' / '.join(values)} ms; processor {step.busy_ms:.1f} ms a message"
    measured = f"{times}; not answered {_counts(step.troubles)}; lost or twice {_counts(step.faults)}"
    row(f"{step.rate} a second", "-", measured)


def _counts(found: Counter[str]) -> str:
    parts = "; ".join(f"{times} {what}" for what, times in found.most_common())
    return f"{found.total()} ({parts})" if found else "0"


def _share(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    sys.exit(main())
