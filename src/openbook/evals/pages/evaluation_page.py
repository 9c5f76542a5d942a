"""The page of an evaluation: its verdict in words, then figures, curves, tables and the cases worth reading.

Written for whoever leads the support and knows no statistics. Everything on it follows from the
report; what the report does not hold, such as the expected answers, is shown only where it is given.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from openbook.evals.certificate import Certificate
from openbook.evals.dataset import Case
from openbook.evals.outcome import Outcome
from openbook.evals.pages.curves import choices, risk_curve, sendable, sureness, sureness_in_words
from openbook.evals.pages.exhibits import MOST, OPEN, wrongly_held, wrongly_sent
from openbook.evals.pages.page import render
from openbook.evals.pages.plots import Bar, bar_plot
from openbook.evals.pages.scores import by_topic, gates_in_words, judged_gates, unsaid
from openbook.evals.pages.tally import Tally, by_group, in_words, tally
from openbook.evals.report import Report
from openbook.types import Decision


def evaluation_page(
    report: Report,
    *,
    name: str,
    gates: Mapping[str, float],
    made_at: datetime,
    certificate: Certificate | None = None,
    threshold: float | None = None,
    cases: Sequence[Case] = (),
) -> str:
    """A whole page as text, to be written in UTF-8; it needs nothing else.

    Args:
        report: What is shown.
        name: Of the dataset.
        gates: What each figure has to reach, by its name: at least, or at most where less is better; 0 is no gate.
        made_at: When the evaluation ended.
        certificate: What may be promised, if that was tested.
        threshold: From which confidence on answers are sent today, if it is to be named.
        cases: The dataset, so that the expected answers can be shown beside those given.
    """
    outcomes = report.outcomes
    total = tally(outcomes)
    judged = judged_gates(gates, report.metrics)
    reliable, spread = sureness(outcomes)
    return render(
        "evaluation.html",
        name=name,
        made_at=made_at,
        certificate=certificate,
        threshold=threshold,
        total=total,
        verdict=in_words(total),
        whole=_whole(total),
        gates=judged,
        gates_verdict=gates_in_words(judged),
        topics=by_topic(report.metrics),
        unsaid=unsaid(report.metrics),
        ready=len(sendable(outcomes)),
        risk_curve=risk_curve(outcomes, certificate),
        choices=choices(outcomes),
        reliability=reliable,
        spread=spread,
        sureness=sureness_in_words(outcomes),
        decisions=_decisions(outcomes),
        confusion=Counter((item.expected, item.decision) for item in outcomes),
        groups=by_group(outcomes),
        wrong=wrongly_sent(outcomes, cases),
        held=wrongly_held(outcomes, cases),
        open=OPEN,
        most=MOST,
    )


def _decisions(outcomes: Sequence[Outcome]) -> list[str]:
    """All decisions there are, and those that only the dataset knows."""
    found = {name for item in outcomes for name in (item.expected, item.decision)}
    known = [each.value for each in Decision]
    return known + sorted(found.difference(known))


def _whole(total: Tally) -> Markup:
    """All questions by what would become of them."""
    kinds = {
        "Answered, rightly": total.right,
        "Answered, wrongly": total.wrong,
        "Held back, though right": total.held_right,
        "Held back, no right answer": total.held,
    }
    bars = [Bar(kind, amount / total.cases, f"{amount:,}") for kind, amount in kinds.items() if total.cases]
    return bar_plot(bars, title="What would become of the questions")
