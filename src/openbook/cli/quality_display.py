"""Measurements as text for people. Knows no command and changes nothing."""

import math
from collections.abc import Mapping, Sequence

from rich.markup import escape

from openbook.cli.display import day_of, out, table_of
from openbook.evals import CalibrationReport, Metric, Report
from openbook.evals.backtest import Backtest
from openbook.evals.certificate import Certificate
from openbook.evals.comparing import Comparison
from openbook.evals.diagnose import Diagnosis
from openbook.types import Calibration, Review

_SHOWN = 12


def show_report(report: Report, gates: Mapping[str, float], *, wrong: bool = False) -> None:
    """The figures with their intervals, by group, and what was decided wrongly."""
    table = table_of("figure", "value", "95 % interval", "cases", "gate", right=("value", "cases"))
    for metric in report.metrics:
        goal = gates.get(metric.name, 0.0)
        gate = "" if not goal else f"{goal:.2f} {'reached' if metric.value >= goal else 'missed'}"
        table.add_row(metric.name, _said(metric.value), _interval(metric), str(metric.cases), gate)
    out.print(table)
    out.print()
    groups = table_of("group", "cases", "right", "sent", right=("cases", "right", "sent"))
    for name, figures in report.groups.items():
        groups.add_row(escape(name), f"{figures['cases']:.0f}", f"{figures['right']:.2f}", f"{figures['sent']:.2f}")
    out.print(groups)
    out.print()
    for change, count in report.confusion.items():
        out.print(f"{count:5}  {change}")
    _show_comparisons(report.comparisons)
    for outcome in report.outcomes if wrong else ():
        if not outcome.right:
            out.print(f"\n[bold]{escape(outcome.id)}[/bold] {escape(outcome.question)}", soft_wrap=True)
            out.print(f"  {outcome.expected} → {outcome.decision} at {outcome.confidence:.2f}", soft_wrap=True)
            out.print(f"  {escape(' '.join(outcome.text.split())[:300])}", style="dim", soft_wrap=True)


def _show_comparisons(compared: Sequence[Comparison]) -> None:
    """What changed from one run to another, and whether that can be chance; nothing where nothing was compared."""
    if not compared:
        return
    table = table_of("figure", "before", "now", "difference", "95 % interval", "p", right=("before", "now", "p"))
    for item in compared:
        interval = f"{item.low:+.3f} to {item.high:+.3f}"
        table.add_row(
            item.name, _said(item.earlier), _said(item.later), f"{item.difference:+.3f}", interval, _p(item.p)
        )
    cases = max(item.cases for item in compared)
    out.print(f"\nAgainst the earlier run, {cases} cases in both; p corrected by Holm's method:")
    out.print(table)


def show_calibrated(found: CalibrationReport) -> None:
    """The promise first, then what it rests on."""
    show_certificate(found.certificate)
    out.print()
    calibration = found.calibration
    out.print(f"Confidence: {escape(calibration.method)}.", soft_wrap=True)
    fitted = f"{found.tuning} labels fitted it and planned the test, {found.certificate.labels} others tested."
    out.print(fitted, soft_wrap=True)
    table = table_of("confidence on the tested labels", "as it comes", "fitted", right=("as it comes", "fitted"))
    for before, after in zip(found.before, found.after, strict=True):
        table.add_row(after.name, _said(before.value), _said(after.value))
    out.print(table)
    for group in found.groups:
        out.print(f"\n[bold]{escape(group.group or 'no group')}[/bold]")
        show_certificate(group)
    out.print()
    if calibration.id:
        out.print(f"Kept as version {calibration.number}. Go back with: openbook calibrate --use NUMBER")
    else:
        out.print("Nothing was changed. What counts: openbook calibrate --history")


def show_certificate(certificate: Certificate) -> None:
    """Whether the promise is granted, and why."""
    colour = "green" if certificate.granted else "yellow"
    out.print(f"[{colour}]{escape(certificate.reason)}[/{colour}]", soft_wrap=True)


def show_calibrations(found: Sequence[Calibration]) -> None:
    """Every version, the newest first."""
    table = table_of("version", "made", "state", "threshold", "labels", "how", right=("version", "threshold", "labels"))
    for place, item in enumerate(found):
        state = item.state if item.id else ("active" if place == 0 else "at hand")
        threshold = "settings" if item.threshold is None else f"{item.threshold:.4f}"
        table.add_row(
            str(item.number), day_of(item.created_at), state, threshold, str(item.labels or "-"), escape(item.method)
        )
    out.print(table)
    for item in found:
        if item.reason:
            out.print(f"\nVersion {item.number}: {escape(item.reason)}", soft_wrap=True)


def show_calibration(calibration: Calibration) -> None:
    """The one that counts now."""
    limit = "the threshold of the settings" if calibration.threshold is None else f"{calibration.threshold:.4f}"
    out.print(f"Version {calibration.number} counts from now on; answers are sent from {limit} on.", soft_wrap=True)


def show_diagnosis(found: Diagnosis, *, every: bool = False) -> None:
    """The groups of failures with what mends them, then the failures."""
    if not found.failures:
        out.print(f"None of {found.cases} questions failed.")
        return
    out.print(f"{len(found.failures)} of {found.cases} questions failed.")
    for group in found.groups:
        head = f"{group.cause.words}: {group.size} ({group.share:.0%} of the failures)"
        out.print(f"\n[bold]{head}[/bold]; mending it would make up to {group.gain} more right", soft_wrap=True)
        out.print(f"  {escape(group.fix)}", soft_wrap=True)
        shown = [item for item in found.failures if every or item.id in group.examples]
        for item in shown:
            if item.cause is group.cause and item.remedy is group.remedy:
                question = escape(" ".join(item.question.split())[:120])
                out.print(f"  [dim]{escape(item.id)}[/dim] {question}", soft_wrap=True)
                out.print(f"    {escape(item.evidence)}", style="dim", soft_wrap=True)


def show_backtest(found: Backtest) -> None:
    """What would have been answered, at which threshold, from where, and why not."""
    table = table_of(
        "threshold", "answered", "tickets", "agree with the reply", "differ", right=("threshold", "answered", "tickets")
    )
    for at in found.thresholds:
        mark = " (counts)" if at.threshold == found.threshold else ""
        answered = round(at.answered.value * found.tickets)
        compared = f"{at.agreeing.value:.0%} of {at.agreeing.cases}" if at.agreeing.cases else "-"
        differing = f"{at.differing.value:.0%}" if at.differing.cases else "-"
        table.add_row(f"{at.threshold:.2f}{mark}", f"{at.answered.value:.1%}", str(answered), compared, differing)
    knowledge = "only earlier solved tickets" if found.by_time else "the articles of today"
    out.print(f"{found.tickets} past tickets, answered from {knowledge}; {found.tickets_per_second:.0f} a second.")
    for why, count in found.left_out.items():
        out.print(f"{count} left out: they {why}.")
    out.print(table)
    for heading, counts in (("why", found.kinds), ("answers from", found.sources)):
        rows = table_of(heading, "tickets", right=("tickets",))
        for name, count in list(counts.items())[:_SHOWN]:
            rows.add_row(escape(name), str(count))
        out.print()
        out.print(rows)
    groups = table_of("queue or topic", "tickets", "answered", right=("tickets", "answered"))
    for group in found.queues[:_SHOWN]:
        groups.add_row(escape(group.name), str(group.tickets), f"{group.at.answered.value:.0%}")
    out.print()
    out.print(groups)
    out.print("\n--report FILE.html shows months, topics and the tickets to read first.")


def show_review(found: Review) -> None:
    """What was said of an answer, and what follows."""
    out.print(f"Noted: {found.answer_id} was {'right' if found.right else 'wrong'}.")
    out.print(f"{found.wrong} of {found.reviewed} answers reviewed under this calibration were wrong.")
    if found.calibration.state == "withdrawn":
        out.print(f"[red]{escape(found.calibration.reason)}[/red]", soft_wrap=True)
        out.print("Label recent answers and run: openbook calibrate LABELS", soft_wrap=True)


def _interval(metric: Metric) -> str:
    if math.isnan(metric.low) or metric.low == metric.high == metric.value:
        return "-"
    return f"{_said(metric.low)} - {_said(metric.high)}"


def _said(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _p(value: float) -> str:
    return "-" if math.isnan(value) else "< .001" if value < 0.001 else f"{value:.3f}"
