"""What is known as text for people: sources, documents, what became of each, what would change."""

import textwrap
from collections import Counter
from collections.abc import Sequence

from rich.markup import escape

from openbook.cli.display import day_of, out, table_of
from openbook.types import (
    Answer,
    Compared,
    Decision,
    DeletionReceipt,
    Dispute,
    Document,
    FileOutcome,
    Preview,
    Source,
    Stale,
    Statement,
    SyncReport,
    TicketCount,
)
from openbook.types.sync import OUTCOMES

_MOST_ROWS = 60
_QUOTED = 300
_ALWAYS = ("read", "unchanged", "removed", "skipped")


def show_sync(report: SyncReport) -> None:
    """The files that need a person's eye, then the counts."""
    rows = [
        (file.path, file.outcome, file.reason) for file in report.files if file.outcome not in ("read", "unchanged")
    ]
    rows += [(file.path, file.outcome, "; ".join(file.notices)) for file in report.files if _is_noticed(file)]
    table = table_of("file", "outcome", "why")
    for row in rows[:_MOST_ROWS]:
        table.add_row(*map(escape, row))
    if rows:
        out.print(table)
        out.print()
    if len(rows) > _MOST_ROWS:
        _show_rest(rows[_MOST_ROWS:])
    for notice in report.notices:
        out.print(f"[yellow]{escape(notice)}[/yellow]", soft_wrap=True)
    counts = ", ".join(f"{report.count(name)} {name}" for name in OUTCOMES if report.count(name) or name in _ALWAYS)
    chunks = sum(file.chunks for file in report.files)
    out.print(f"{len(report.files)} files: {counts}. {chunks} chunks in {report.seconds:.1f} s.")
    if report.count("waiting"):
        out.print("Some wait for a person: openbook documents --waiting")
    if report.old_chunks_left:
        out.print(f"[red]{report.old_chunks_left} old chunks are left in the index. Fix: openbook rebuild-index[/red]")


def _is_noticed(file: FileOutcome) -> bool:
    return bool(file.notices) and file.outcome in ("read", "unchanged")


def _show_rest(rows: Sequence[tuple[str, str, str]]) -> None:
    """The rows that are too many to show, counted by reason."""
    out.print(f"… and {len(rows)} more; --json lists them all:")
    for (outcome, reason), count in Counter((outcome, reason) for _, outcome, reason in rows).most_common(8):
        out.print(f"  {count} {outcome}: {escape(textwrap.shorten(reason, _QUOTED))}", soft_wrap=True)
    out.print()


def show_sources(sources: Sequence[Source]) -> None:
    """Every source on a line."""
    if not sources:
        out.print("No sources yet. Add some: openbook add FOLDER")
        return
    table = table_of("id", "location", "documents", "audience", "read", "notice", right=("documents",))
    for source in sources:
        audience = ", ".join(source.audiences) or "public"
        notice = escape(source.notice)
        table.add_row(
            source.id, escape(source.location), str(source.documents), audience, day_of(source.synced_at), notice
        )
    out.print(table)


def show_documents(documents: Sequence[Document]) -> None:
    """Every document on a line."""
    if not documents:
        out.print("No documents yet. Add some: openbook add FOLDER")
        return
    columns = ("document", "title", "version", "updated", "audience", "status", "chunks", "answers")
    table = table_of(*columns, right=("version", "chunks", "answers"))
    for item in documents:
        audience = ", ".join(item.audiences)
        numbers = (str(item.chunks), str(item.answers))
        dated = (str(item.version), day_of(item.updated_at))
        table.add_row(escape(item.path), escape(item.title), *dated, audience, item.status, *numbers)
    out.print(table)


def show_waiting(documents: Sequence[Document]) -> None:
    """What waits for a person, and why."""
    if not documents:
        out.print("Nothing waits for approval.")
        return
    table = table_of("document", "title", "version", "why it waits", right=("version",))
    for item in documents:
        table.add_row(escape(item.path), escape(item.title), str(item.version), escape(item.hold))
    out.print(table)
    out.print("\nLook at one: openbook preview FILE. Publish it: openbook approve DOCUMENT", markup=False)


def show_live(document: Document) -> None:
    """Which version serves now."""
    out.print(f"{document.path}: version {document.version} serves now.", markup=False, soft_wrap=True)


def show_stale(found: Sequence[Stale]) -> None:
    """What may be out of date, the most harmful first."""
    if not found:
        out.print("No article is known to be out of date.")
        return
    table = table_of(
        "document", "title", "age in days", "answers", "damage", "why", right=("age in days", "answers", "damage")
    )
    for item in found:
        age = "-" if item.age_days is None else str(item.age_days)
        numbers = (age, str(item.document.answers), f"{item.damage:.1f}")
        table.add_row(escape(item.document.path), escape(item.document.title), *numbers, "; ".join(item.reasons))
    out.print(table)


def show_disputes(found: Sequence[Dispute]) -> None:
    """Statements that seem to contradict each other, with the questions that meet both."""
    if not found:
        out.print("No contradictions were found.")
    for number, item in enumerate(found, start=1):
        out.print(f"[bold]{number}. {escape(item.subject)}[/bold]  {escape(item.reason)}", soft_wrap=True)
        for statement in (item.one, item.other):
            _show_statement(statement)
        for question in item.questions[:3]:
            out.print(f"   [dim]asked: {escape(textwrap.shorten(question, _QUOTED))}[/dim]", soft_wrap=True)


def _show_statement(statement: Statement) -> None:
    place = " › ".join((statement.title, *statement.heading_path))
    out.print(f"   “{escape(' '.join(statement.text.split()))}”", soft_wrap=True)
    out.print(f"   [dim]{escape(statement.path)}: {escape(place)}[/dim]", soft_wrap=True)


def show_tickets(counts: Sequence[TicketCount]) -> None:
    """How many past tickets each source brought."""
    if not counts:
        out.print("No tickets yet. Add a help-desk export: openbook add EXPORT")
        return
    table = table_of("source", "tickets", "solved", "confirmed", right=("tickets", "solved", "confirmed"))
    for item in counts:
        table.add_row(escape(item.location), str(item.tickets), str(item.solved), str(item.confirmed))
    out.print(table)


def show_preview(preview: Preview) -> None:
    """The answers that would change, before and after."""
    for notice in preview.notices:
        out.print(f"[yellow]{escape(notice)}[/yellow]", soft_wrap=True)
    if preview.hold:
        out.print(f"[yellow]It would wait for approval: {escape(preview.hold)}[/yellow]", soft_wrap=True)
    for item in preview.changes:
        _show_change(item)
    new = "" if preview.document_id else " (a new document)"
    counts = f"{len(preview.changes)} of {len(preview.compared)} past questions would be answered differently"
    out.print(f"{escape(preview.path)}{new}: {counts}; {preview.known} are known.", soft_wrap=True)


def _show_change(item: Compared) -> None:
    out.print(f"[bold]{escape(textwrap.shorten(item.question, _QUOTED))}[/bold]  {item.change}", soft_wrap=True)
    for name, answer in (("now", item.before), ("then", item.after)):
        out.print(f"   {name:<5}{_in_short(answer)}", soft_wrap=True)


def _in_short(answer: Answer) -> str:
    sure = f"{answer.decision.value} at {answer.confidence:.2f}"
    said = escape(textwrap.shorten(answer.text, _QUOTED)) if answer.decision is Decision.SEND else ""
    return f"[dim]{sure}[/dim] {said}"


def show_deletion(receipt: DeletionReceipt) -> None:
    """What a removal left behind."""
    out.print(f"{len(receipt.documents)} documents withdrawn, {receipt.chunks_removed} chunks taken out of the index.")
    left = f"{receipt.live_versions_left} live versions, {receipt.index_points_left} index entries"
    found = f"{receipt.searches_that_find_it} searches for its words find it"
    out.print(f"Looked again after {receipt.seconds:.2f} s: {left} left; {found}.")
    if receipt.erased:
        texts = f"{receipt.texts_left} texts, {receipt.vectors_left} vectors left"
        out.print(f"Erased from history: {texts}; {receipt.receipts_erased} answers that quoted it are blank now.")
    else:
        out.print(f"History keeps {receipt.texts_left} texts for auditors; --erase destroys them too.")
