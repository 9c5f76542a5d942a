"""Results as text for people: tables, answers, receipts. Knows no command and changes nothing."""

import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar
from rich.table import Table

from openbook.answer.explanation import shortfalls
from openbook.types import (
    Answer,
    Check,
    Decision,
    Health,
    Progress,
    ProgressListener,
    Receipt,
    Replay,
    SearchResult,
)

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

_COLOURS = {"ok": "green", "warning": "yellow", "fault": "red"}
_DECIDED = {
    Decision.SEND: "[green]sent[/green]",
    Decision.CLARIFY: "[yellow]asked back[/yellow]",
    Decision.ABSTAIN: "[yellow]not answered[/yellow]",
    Decision.HAND_OFF: "[magenta]handed to a person[/magenta]",
}


def table_of(*headings: str, right: Sequence[str] = ()) -> Table:
    """An empty table; the columns named in `right` are for numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    return table


def day_of(moment: datetime | None) -> str:
    """The day of a moment, in UTC."""
    return moment.date().isoformat() if moment else "-"


@contextmanager
def progress_bar() -> Iterator[ProgressListener]:
    """Shows progress on standard error while inside; only at a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with ProgressBar(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Reading", total=None)

        def listen(progress: Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total or None)

        yield listen


def show_answer(answer: Answer, *, explain: bool = False) -> None:
    """What the customer reads, then what it rests on."""
    out.print(escape(answer.text), soft_wrap=True)
    out.print()
    sure = f"confidence {_percent(answer.confidence)} (threshold {_percent(answer.threshold)})"
    out.print(f"{_DECIDED[answer.decision]} · {sure}")
    for number, citation in enumerate(answer.citations, start=1):
        place = " ".join(part for part in (citation.url, citation.locator) if part)
        dated = f", {day_of(citation.updated_at)}" if citation.updated_at else ""
        out.print(f"  [{number}] {escape(citation.title)}{dated}  [dim]{escape(place)}[/dim]", soft_wrap=True)
        out.print(f"      “{escape(' '.join(citation.quote.split()))}”", style="dim", soft_wrap=True)
    if explain:
        _show_explanation(answer)
    out.print(f"[dim]{answer.id} · {answer.timings_ms.get('total', 0.0):.0f} ms[/dim]")


def _percent(share: float) -> str:
    """A share in whole percent, never rounded up to a threshold that was missed."""
    return f"{math.floor(100 * share + 1e-9)}%"


def _show_explanation(answer: Answer) -> None:
    out.print()
    out.print(escape(answer.reason), soft_wrap=True)
    if answer.decision is Decision.SEND and (why := shortfalls(answer.confidence_parts)):
        out.print("It would be surer, but:")
        for reason in why:
            out.print(f"  - {escape(reason)}", soft_wrap=True)
    if answer.understood:
        out.print(f"Understood as: {escape(' | '.join(answer.understood))}", soft_wrap=True)
    for name, value in answer.confidence_parts.items():
        out.print(f"  {name:<20} {value:6.3f}")
    stages = ", ".join(f"{name} {value:.1f}" for name, value in answer.timings_ms.items())
    out.print(f"  milliseconds: {stages}", soft_wrap=True)


def show_search(result: SearchResult) -> None:
    """Hits with every part of their scores."""
    if result.keyword_only:
        err.print("Keyword search only; `openbook doctor` says why.", style="yellow")
    if not result.hits:
        out.print("Nothing found.")
    for hit in result.hits:
        if len(result.parts) > 1:
            out.print(f"[dim]for “{escape(result.parts[hit.part])}”[/dim]", soft_wrap=True)
        place = " › ".join((hit.title, *hit.heading_path))
        terms = " + ".join(f"{value:.3f} {name.replace('_', ' ')}" for name, value in hit.parts.items())
        cosine = "-" if hit.dense is None else f"{hit.dense:.3f}"
        words = "-" if hit.keyword is None else f"{hit.keyword:.2f}"
        out.print(f"[bold]{hit.rank}. {escape(place)}[/bold]", soft_wrap=True)
        alone = f"cosine {cosine}, BM25 {words}, plain rank fusion {hit.rrf:.4f}"
        out.print(f"   score {hit.score:.3f} = {terms}   [dim]({alone})[/dim]", soft_wrap=True)
        if hit.same_as:
            out.print(f"   [dim]says the same as {len(hit.same_as)} other documents, left out[/dim]")
        out.print(f"   [dim]{escape(hit.path)} {escape(hit.locator)}[/dim]", soft_wrap=True)
        out.print(f"   {escape(' '.join(hit.text.split())[:300])}", soft_wrap=True)


def show_receipt(receipt: Receipt) -> None:
    """Everything behind one answer."""
    question = "(erased)" if receipt.question is None else receipt.question
    out.print(f"[bold]{receipt.id}[/bold] · {receipt.created_at:%Y-%m-%d %H:%M:%S} UTC · {receipt.channel}")
    out.print(f"Question: {escape(question)}", soft_wrap=True)
    if receipt.answer is None:
        out.print(f"Answer: (erased) · {_DECIDED[receipt.decision]} · confidence {_percent(receipt.confidence)}")
    else:
        show_answer(receipt.answer, explain=True)
    out.print(f"Made by Openbook {receipt.openbook_version}, {', '.join(receipt.model_ids) or 'no model'},")
    out.print(f"from generation {receipt.generation} of the knowledge, with {_settings(receipt)}.")
    for hit in receipt.hits:
        place = f"{hit['document_id']} version {hit['version']}, {hit['start']}-{hit['end']}"
        out.print(f"  {hit['rank']}. {place}, score {hit['score']:.3f}", style="dim")


def _settings(receipt: Receipt) -> str:
    return ", ".join(f"{name} {value}" for name, value in receipt.settings.items())


def show_replay(replay: Replay) -> None:
    """Whether the answer came out the same."""
    same = "[green]identical[/green]" if replay.identical else "[red]different[/red]"
    out.print(f"Answer, confidence and decision made again: {same}.")
    if replay.differences:
        out.print(f"Different: {', '.join(replay.differences)}")
    out.print(replay.search_note)
    show_answer(replay.answer)


def show_health(health: Health) -> None:
    """Every part, then every setting."""
    for check in health.checks:
        _show_check(check)
    out.print()
    table = table_of("setting", "value", "from")
    for setting in health.settings:
        table.add_row(setting.name, escape(setting.value) or "-", escape(setting.origin))
    out.print(table)


def _show_check(check: Check) -> None:
    colour = _COLOURS[check.state]
    out.print(f"[{colour}]{check.state:<8}[/{colour}] {check.name}: {escape(check.detail)}", soft_wrap=True)
    if check.fix:
        out.print(f"         Fix: {escape(check.fix)}", soft_wrap=True)
