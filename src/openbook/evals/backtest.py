"""What would have happened on past tickets: answered or not, how sure, from where, why not, and beside the replies.

It is given callables and knows no desk. Whether the answers come from what was known at the time, or
from the articles of today, is for whoever gives them; the result says which. How many of the answers
were right nobody knows: that they agree with the reply of the past is a hint (see `agreement`).
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from openbook.errors import UserError
from openbook.evals.agreement import Embed, agreements
from openbook.evals.material import question_of
from openbook.evals.metrics import Metric, wilson
from openbook.evals.ticket_outcome import TicketOutcome, outcome_of
from openbook.evals.topics import find_topics
from openbook.types import Progress, ProgressListener, Record, Rehearsal, Ticket

Rehearse = Callable[[Sequence[Ticket]], Iterable[Rehearsal]]
"""Answers tickets without leaving a trace: one rehearsal each, in their order."""

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Thresholds at which the share of answers is told, beside the one that counts."""
EXAMPLES = 20
_WITHOUT = "none"


@dataclass(frozen=True, slots=True)
class AtThreshold(Record):
    """What would have been answered at a threshold.

    Attributes:
        answered: The share of all tickets.
        agreeing: The share of those answers that agree with the reply of the past, of those that can be
            compared; `differing` likewise. What is neither is doubtful.
    """

    threshold: float
    answered: Metric
    agreeing: Metric
    differing: Metric


@dataclass(frozen=True, slots=True)
class Group(Record):
    """Tickets of one month, queue or topic, at the threshold that counts."""

    name: str
    tickets: int
    at: AtThreshold


@dataclass(frozen=True, slots=True)
class Examples(Record):
    """The ids of tickets to look at, the surest first.

    Attributes:
        differing: Answered, and the reply of the past says something else: the ones to look at first.
        agreeing: Answered, and the reply of the past says the same.
        withheld: Not answered, although the confidence was high.
    """

    differing: tuple[str, ...]
    agreeing: tuple[str, ...]
    withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backtest(Record):
    """What would have happened on past tickets.

    Attributes:
        by_time: Whether each answer came only from what was known when its question was asked.
        threshold: The one that counts.
        left_out: How many tickets could not be tried, by why.
        now: What is answered at the threshold that counts.
        thresholds: What would have been answered at others, rising.
        decisions: How many tickets by decision.
        kinds: How many tickets by reason, the most frequent first.
        sources: How many answers each document would have given, the most first.
        months: By the month of the question; `queues` by queue, else first tag, else topic.
        seconds: How long answering took, in all; without comparing the replies and finding topics.
    """

    tickets: int
    by_time: bool
    threshold: float
    left_out: dict[str, int]
    now: AtThreshold
    thresholds: tuple[AtThreshold, ...]
    decisions: dict[str, int]
    kinds: dict[str, int]
    sources: dict[str, int]
    months: tuple[Group, ...]
    queues: tuple[Group, ...]
    examples: Examples
    seconds: float
    outcomes: tuple[TicketOutcome, ...]

    @property
    def tickets_per_second(self) -> float:
        """How many tickets were answered in a second; not a number where it took no time."""
        return self.tickets / self.seconds if self.seconds else float("nan")


def backtest(
    tickets: Sequence[Ticket],
    *,
    rehearse: Rehearse,
    embed: Embed | None,
    threshold: float,
    by_time: bool = False,
    left_out: Mapping[str, int] | None = None,
    progress: ProgressListener = lambda _: None,
) -> Backtest:
    """Asks every ticket's question once and says what would have happened.

    Args:
        tickets: In the order in which they are to be asked; those that ask nothing are left out.
        rehearse: Answers them, in order.
        embed: Makes vectors, to compare meanings and find topics; None: by words alone, without topics.
        threshold: The one that counts.
        by_time: Whether `rehearse` answers from nothing later than the question.
        left_out: How many tickets were left out before, by why.
        progress: Told how many are done.

    Raises:
        UserError: No ticket asks anything.
    """
    asking = [ticket for ticket in tickets if question_of(ticket).strip()]
    if not asking:
        raise UserError(
            f"None of {len(tickets)} tickets asks anything.", fix="Give tickets with a subject or a customer's message."
        )
    started = time.perf_counter()
    outcomes = list(_outcomes(asking, rehearse, progress))
    seconds = time.perf_counter() - started
    outcomes = _with_topics(_compared(outcomes, threshold, embed), asking, embed)
    empty = {"ask nothing": len(tickets) - len(asking)} if len(asking) < len(tickets) else {}
    return _summed_up(outcomes, threshold, seconds, by_time=by_time, left_out=dict(left_out or {}) | empty)


def _outcomes(tickets: Sequence[Ticket], rehearse: Rehearse, progress: ProgressListener) -> Iterator[TicketOutcome]:
    for done, (ticket, rehearsal) in enumerate(zip(tickets, rehearse(tickets), strict=True), start=1):
        yield outcome_of(ticket, rehearsal)
        progress(Progress(done, len(tickets), "tickets"))


def _compared(outcomes: list[TicketOutcome], threshold: float, embed: Embed | None) -> list[TicketOutcome]:
    """The outcomes with their agreement, where some threshold of the report would send the answer."""
    least = min(threshold, *THRESHOLDS)
    places = [place for place, each in enumerate(outcomes) if each.sent_at(least)]
    found = agreements([(outcomes[place].text, outcomes[place].reply) for place in places], embed=embed)
    compared = list(outcomes)
    for place, each in zip(places, found, strict=True):
        compared[place] = replace(outcomes[place], agreement=each.score, agrees=each.word)
    return compared


def _with_topics(outcomes: list[TicketOutcome], tickets: Sequence[Ticket], embed: Embed | None) -> list[TicketOutcome]:
    """The outcomes with a topic each, where neither a queue nor a tag says it."""
    places = [place for place, each in enumerate(outcomes) if not each.queue and not each.tags]
    if embed is None or not places:
        return outcomes
    questions = [question_of(tickets[place]) for place in places]
    named = list(outcomes)
    for topic in find_topics(questions, embed(questions)):
        for member in topic.members:
            named[places[member]] = replace(outcomes[places[member]], topic=topic.name)
    return named


def _summed_up(
    outcomes: Sequence[TicketOutcome], threshold: float, seconds: float, *, by_time: bool, left_out: dict[str, int]
) -> Backtest:
    sent = [each for each in outcomes if each.sent]
    return Backtest(
        tickets=len(outcomes),
        by_time=by_time,
        threshold=threshold,
        left_out=left_out,
        now=_at(outcomes, threshold),
        thresholds=tuple(_at(outcomes, each) for each in sorted({*THRESHOLDS, threshold})),
        decisions=_counted(each.decision for each in outcomes),
        kinds=_counted(each.kind for each in outcomes),
        sources=_counted(source for each in sent for source in each.sources),
        months=_grouped(outcomes, lambda each: each.created_at.strftime("%Y-%m") if each.created_at else "", threshold),
        queues=tuple(
            sorted(
                _grouped(outcomes, lambda each: each.queue or next(iter(each.tags), each.topic), threshold),
                key=lambda group: -group.tickets,
            )
        ),
        examples=_examples(outcomes),
        seconds=seconds,
        outcomes=tuple(outcomes),
    )


def _at(outcomes: Sequence[TicketOutcome], threshold: float) -> AtThreshold:
    sent = [each for each in outcomes if each.sent_at(threshold)]
    judged = [each for each in sent if each.agreement is not None]
    return AtThreshold(
        threshold,
        _share("answered", len(sent), len(outcomes)),
        _share("agreeing", sum(each.agrees == "agrees" for each in judged), len(judged)),
        _share("differing", sum(each.agrees == "differs" for each in judged), len(judged)),
    )


def _share(name: str, count: int, cases: int) -> Metric:
    """A share with Wilson's interval; not a number of no cases."""
    ends = wilson(count, cases)
    return Metric(name, count / cases if cases else float("nan"), ends.low, ends.high, cases)


def _counted(names: Iterable[str]) -> dict[str, int]:
    """How often each name occurs, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _grouped(
    outcomes: Sequence[TicketOutcome], name_of: Callable[[TicketOutcome], str], threshold: float
) -> tuple[Group, ...]:
    """The groups in the order of their names."""
    groups: dict[str, list[TicketOutcome]] = {}
    for each in outcomes:
        groups.setdefault(name_of(each) or _WITHOUT, []).append(each)
    return tuple(Group(name, len(members), _at(members, threshold)) for name, members in sorted(groups.items()))


def _examples(outcomes: Sequence[TicketOutcome]) -> Examples:
    surest = sorted(outcomes, key=lambda each: (-each.confidence, each.id))
    return Examples(
        differing=_first(each for each in surest if each.sent and each.agrees == "differs"),
        agreeing=_first(each for each in surest if each.sent and each.agrees == "agrees"),
        withheld=_first(each for each in surest if each.sendable and not each.sent),
    )


def _first(outcomes: Iterable[TicketOutcome]) -> tuple[str, ...]:
    return tuple(each.id for each in outcomes)[:EXAMPLES]
