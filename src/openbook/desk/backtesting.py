"""Tries a desk out on past tickets, from a file or as they were imported."""

from collections.abc import Sequence
from pathlib import Path

from openbook.desk.parts import Parts
from openbook.desk.past_desk import in_time, past_desk, rehearse_today
from openbook.errors import UserError
from openbook.evals.backtest import Backtest, backtest
from openbook.evals.ticket_file import read_ticket_file
from openbook.stores.tickets import read_tickets
from openbook.types import BrokenPart, ProgressListener, Ticket


def backtest_tickets(parts: Parts, tenant: str, path: str, *, by_time: bool, progress: ProgressListener) -> Backtest:
    """What would have happened on past tickets.

    Args:
        parts: The desk, of which nothing is changed.
        tenant: Whose knowledge, and whose tickets where no file is named.
        path: A file of tickets, or empty for those that were imported.
        by_time: Answer from the tickets solved before each question instead of from the articles of today.
        progress: Told how many tickets are done.

    Raises:
        UserError: The file cannot be read, or there is no ticket.
    """
    broken: list[BrokenPart] = []
    tickets = list(read_ticket_file(Path(path), broken=broken.append)) if path else _imported(parts, tenant)
    left_out = {"cannot be read": len(broken)} if broken else {}
    embed = parts.embedder.embed if parts.embedder else None
    threshold = parts.turn.calibrations.active(tenant).threshold_or(parts.turn.threshold)
    if not by_time:
        return backtest(
            tickets,
            rehearse=lambda asking: rehearse_today(parts, tenant, asking),
            embed=embed,
            threshold=threshold,
            left_out=left_out,
            progress=progress,
        )
    dated = in_time(tickets)
    if tickets and not dated:
        raise UserError(
            f"None of {len(tickets)} tickets says when it was asked, so none comes before another.",
            fix="Give tickets with `created_at`, or leave --by-time out.",
        )
    if len(dated) < len(tickets):
        left_out["do not say when they were asked"] = len(tickets) - len(dated)
    with past_desk(parts, tenant, dated) as past:
        return backtest(
            dated,
            rehearse=past.rehearse_all,
            embed=embed,
            threshold=threshold,
            by_time=True,
            left_out=left_out,
            progress=progress,
        )


def _imported(parts: Parts, tenant: str) -> Sequence[Ticket]:
    with parts.database.read() as connection:
        found = list(read_tickets(connection, tenant))
    if not found:
        raise UserError(
            "No tickets were imported yet.", fix="Name a file, or add a help-desk export: openbook add FILE"
        )
    return found
