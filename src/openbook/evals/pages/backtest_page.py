"""The page of a backtest: what would have happened on past tickets, in words, plots and cases to read.

Written for whoever leads the support and knows no statistics. Everything on it follows from the
backtest; it holds customers' words, without private details, and loads nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from markupsafe import Markup

from openbook.evals.backtest import AtThreshold, Backtest, Group
from openbook.evals.pages.page import render
from openbook.evals.pages.plots import Bar, bar_plot, histogram, line_plot
from openbook.evals.pages.series import Series
from openbook.evals.pages.words import count, interval, percent
from openbook.evals.ticket_outcome import ANSWERED, TicketOutcome

_ROWS = 15
OPEN = 5
"""How many examples of a kind are shown at once; the others on demand."""


def backtest_page(backtest: Backtest, *, name: str, made_at: datetime) -> str:
    """A whole page as text, to be written in UTF-8; it needs nothing else.

    Args:
        backtest: What is shown.
        name: Of the tickets.
        made_at: When the backtest ended.
    """
    by_id = {each.id: each for each in backtest.outcomes}
    return render(
        "backtest.html",
        name=name,
        made_at=made_at,
        backtest=backtest,
        verdict=_verdict(backtest),
        confidences=_confidences(backtest),
        choices=_choices(backtest),
        reasons=_reasons(backtest),
        sources=_sources(backtest),
        months=_months(backtest.months),
        queues=backtest.queues[:_ROWS],
        more_queues=len(backtest.queues) - _ROWS,
        differing=_found(backtest.examples.differing, by_id),
        agreeing=_found(backtest.examples.agreeing, by_id),
        withheld=_found(backtest.examples.withheld, by_id),
        open=OPEN,
    )


def _verdict(backtest: Backtest) -> list[str]:
    """What came of it, in two or three sentences."""
    now = backtest.now
    sent = round(now.answered.value * backtest.tickets)
    said = [
        f"Of {count(backtest.tickets, 'past ticket')}, {sent:,} would have been answered "
        f"({percent(now.answered.value)}); people would have got the others."
    ]
    if now.agreeing.cases:
        said.append(
            f"{count(now.agreeing.cases, 'answer')} can be compared with what customers were told then: "
            f"{percent(now.agreeing.value)} agree with it ({_likely(now)}), {percent(now.differing.value)} differ."
        )
    elif sent:
        said.append("None of these answers can be compared with what customers were told then.")
    return said


def _likely(at: AtThreshold) -> str:
    return f"likely {interval(at.agreeing.low, at.agreeing.high)}"


def _confidences(backtest: Backtest) -> Markup:
    """How sure it was of what it could have sent."""
    ready = [each.confidence for each in backtest.outcomes if each.sendable]
    return histogram(
        ready, title="How sure it was of its answers", x_label="Confidence", y_label="Tickets with an answer"
    )


def _choices(backtest: Backtest) -> Markup:
    """What other thresholds would have meant."""
    rows = backtest.thresholds
    answered = Series("Answered, of all tickets", tuple((row.threshold, row.answered.value) for row in rows))
    agreeing = Series(
        "Agree with the reply of the past",
        tuple((row.threshold, row.agreeing.value) for row in rows),
        tuple(row.agreeing.low for row in rows),
        tuple(row.agreeing.high for row in rows),
    )
    return line_plot(
        [answered, agreeing],
        title="Fewer answers or more that agree",
        x_label="At least so sure",
        y_label="Share",
    )


def _reasons(backtest: Backtest) -> Markup:
    """Why tickets would have gone to people."""
    kinds = {kind: amount for kind, amount in backtest.kinds.items() if kind != ANSWERED}
    return bar_plot(_bars(kinds, backtest.tickets), title="Why it would not have answered")


def _sources(backtest: Backtest) -> Markup:
    """Which documents would have answered most."""
    sent = sum(each.sent for each in backtest.outcomes)
    return bar_plot(
        _bars(dict(list(backtest.sources.items())[:_ROWS]), sent), title="What the answers would have come from"
    )


def _bars(amounts: dict[str, int], total: int) -> list[Bar]:
    return [Bar(name, amount / total, f"{amount:,}") for name, amount in amounts.items()]


def _months(months: Sequence[Group]) -> Markup:
    bars = [
        Bar(
            month.name,
            month.at.answered.value,
            f"of {month.tickets:,}",
            month.at.answered.low,
            month.at.answered.high,
        )
        for month in months
    ]
    return bar_plot(bars, title="Answered, by month of the question")


def _found(ids: Iterable[str], by_id: dict[str, TicketOutcome]) -> list[TicketOutcome]:
    return [by_id[each] for each in ids]
