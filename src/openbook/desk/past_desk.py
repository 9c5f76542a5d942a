"""A desk that only knows the past: answers come from tickets solved before the question was asked.

Every solved ticket with a resolution becomes a document, as the import of an export makes one, when the
ticket is over: at the time of its last message. Publishing goes by days (UTC): what was over on one day can
be found from the next day on, so no answer rests on its own day or on the future. A ticket without any
time is never published. Of a question longer than a heading the document's heading has the beginning,
so that an answer quotes the resolution and not the customer. It knows nothing of outcomes and pages.
"""

import textwrap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from openbook.conversation import TurnParts, forget, rehearse
from openbook.conversation.understand import LONGEST_QUESTION
from openbook.desk.parts import VECTOR_SIZE, Parts
from openbook.errors import UserError
from openbook.evals.material import question_of
from openbook.ingest.exports.case import Case
from openbook.ingest.exports.knowledge import ticket_part
from openbook.search import Batch, Publisher, Searcher
from openbook.search.drafting import draft_part
from openbook.stores import Database, EdgeIndex, open_engine
from openbook.stores.catalogue import register_source
from openbook.stores.library import DraftVersion
from openbook.types import INTERNAL, PUBLIC, UNSAID, AskRequest, Rehearsal, Ticket, TicketMessage

WORKERS = 2
"""How many tickets are answered side by side."""
_AT_ONCE = 256
_HEADING_LIMIT = 300


class PastDesk:
    """What was known at a moment of the past, which only moves on.

    Args:
        publisher: Puts documents into the temporary desk.
        turn: Answers from it.
        batch: What the documents belong to.
        solved: The tickets that become documents.
    """

    def __init__(self, publisher: Publisher, turn: TurnParts, batch: Batch, solved: Iterable[Ticket]) -> None:
        self._publisher = publisher
        self._turn = turn
        self._batch = batch
        dated = ((over, ticket) for ticket in solved if ticket.resolution and (over := over_at(ticket)))
        self._solved = sorted(dated, key=lambda pair: (pair[0], pair[1].id))
        self._next = self._known = 0
        self._day = date.min

    def until(self, moment: datetime) -> int:
        """Publishes what was over on earlier days than this moment's; returns how many documents are known then.

        Raises:
            UserError: An earlier day than one before: what is known by now would be its future.
        """
        day = _day(moment)
        if day < self._day:
            raise UserError(
                f"The past is known up to {self._day}; a ticket of {day} would be answered from its future.",
                fix="Give the tickets in order of time, as `in_time` returns them.",
            )
        self._day = day
        end = bisect_left(self._solved, day, lo=self._next, key=lambda pair: _day(pair[0]))
        drafts = [draft for over, ticket in self._solved[self._next : end] if (draft := self._draft(ticket, over))]
        self._next = end
        if drafts:
            tenant = self._batch.tenant
            placed = self._publisher.publish(tenant, drafts, self._publisher.embed(tenant, drafts))
            self._known += sum(not version.draft.hold for version in placed)
        return self._known

    def rehearse(self, ticket: Ticket) -> Rehearsal:
        """What an operator would have been shown when the ticket came in.

        Raises:
            UserError: The ticket has no time, or is of an earlier day than one before.
        """
        self.until(_asked_at(ticket))
        return self._answer(ticket)

    def rehearse_all(self, tickets: Sequence[Ticket]) -> Iterator[Rehearsal]:
        """The same for many tickets in order of time, those of one day side by side; in their order.

        Raises:
            UserError: As `rehearse`.
        """
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="past-desk") as pool:
            for _, group in groupby(tickets, key=lambda ticket: _day(_asked_at(ticket))):
                of_day = list(group)
                self.until(_asked_at(of_day[0]))
                yield from pool.map(self._answer, of_day)

    def _answer(self, ticket: Ticket) -> Rehearsal:
        return rehearse(self._turn, _request(ticket, self._batch.tenant, (PUBLIC, INTERNAL)))

    def _draft(self, ticket: Ticket, over: datetime) -> DraftVersion | None:
        """The document of a solved ticket; None where nothing can be read in it."""
        asked = next((message.text for message in ticket.messages if message.author == "customer"), ticket.subject)
        heading = textwrap.shorten(asked, _HEADING_LIMIT, placeholder="") or asked[:_HEADING_LIMIT]
        told = replace(ticket, messages=(TicketMessage("customer", heading),))
        part = ticket_part(told, Case(told, updated_at=over))
        made = draft_part(self._batch, "tickets", part) if part else None
        return made if isinstance(made, DraftVersion) else None


@contextmanager
def past_desk(parts: Parts, tenant: str, tickets: Iterable[Ticket]) -> Iterator[PastDesk]:
    """A temporary desk with the encoder, settings and calibration of a desk, and with no knowledge yet.

    Args:
        parts: The desk, which stays as it is.
        tenant: Whose calibration counts.
        tickets: What becomes known as time goes on: those with a resolution and a time.
    """
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory(prefix="openbook-past-")))
        database = Database(open_engine(f"sqlite:///{folder / 'past.db'}"))
        closing.callback(database.close)
        source_id = database.write(lambda connection: register_source(connection, tenant, "tickets", "export", UNSAID))
        index = EdgeIndex(folder / "index", size=parts.embedder.size if parts.embedder else VECTOR_SIZE, tidy=True)
        closing.callback(index.close)
        publisher = Publisher(database, index, parts.embedder)
        searcher = Searcher(database, index, parts.embedder, dense_weight=parts.settings.values.search.dense_weight)
        turn = replace(parts.turn, database=database, searcher=searcher, keep=forget)
        yield PastDesk(publisher, turn, Batch(tenant, source_id, UNSAID), tickets)


def rehearse_today(parts: Parts, tenant: str, tickets: Sequence[Ticket]) -> Iterator[Rehearsal]:
    """What a customer would be told from the public articles of today, in the order of the tickets; not by time.

    Documents made of imported tickets are internal and take no part: each would answer its own question.
    """

    def answer(ticket: Ticket) -> Rehearsal:
        return rehearse(parts.turn, _request(ticket, tenant, (PUBLIC,)))

    with ThreadPoolExecutor(WORKERS, thread_name_prefix="backtest") as pool:
        for start in range(0, len(tickets), _AT_ONCE):
            yield from pool.map(answer, tickets[start : start + _AT_ONCE])


def _request(ticket: Ticket, tenant: str, audiences: tuple[str, ...]) -> AskRequest:
    question = question_of(ticket)[:LONGEST_QUESTION]
    return AskRequest(question, tenant=tenant, audiences=audiences, channel="evaluation")


def in_time(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """The tickets that say when they were asked, in order of time."""
    dated = (ticket for ticket in tickets if ticket.created_at)
    return tuple(sorted(dated, key=lambda ticket: (_asked_at(ticket), ticket.id)))


def over_at(ticket: Ticket) -> datetime | None:
    """When everything was said: the latest time in a ticket; None where it has none."""
    moments = [ticket.created_at, *(message.at for message in ticket.messages)]
    return max((_aware(moment) for moment in moments if moment), default=None)


def _asked_at(ticket: Ticket) -> datetime:
    if ticket.created_at is None:
        raise UserError(
            f"The ticket {ticket.id!r} does not say when it was asked.", fix="Leave it out, as `in_time` does."
        )
    return _aware(ticket.created_at)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(moment: datetime) -> date:
    return _aware(moment).date()
