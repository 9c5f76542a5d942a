"""The commands that bring knowledge in, list it and take it out."""

from pathlib import Path
from typing import Annotated

import typer

from openbook.cli import display, knowledge_display
from openbook.cli.program import DeskOption, JsonOption, TenantOption, app, opened, say, say_plain
from openbook.desk import QUESTIONS
from openbook.errors import UserError
from openbook.settings import FILE_NAME, file_template
from openbook.types import MAIN_TENANT, SourceOptions


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The folder.", envvar="OPENBOOK_DESK")] = Path("desk"),
    as_json: JsonOption = False,
) -> None:
    """Write openbook.toml with comments and create the data folder."""
    place = folder.absolute() / FILE_NAME
    if place.exists():
        raise UserError(f"{place} exists already; nothing was changed.", fix="Edit it, or name another folder.")
    with opened(place.parent, create=True):
        place.write_text(file_template(), "utf-8")
    said = f"Wrote {place}. Next: openbook add FOLDER --desk {place.parent}"
    say_plain({"settings": str(place)}, said, as_json=as_json)


@app.command()
def add(
    source: Annotated[list[str], typer.Argument(help="Files, folders, or addresses of web pages and sitemaps.")],
    crawl: Annotated[bool, typer.Option("--crawl", help="Follow the links of a web page through its site.")] = False,
    audience: Annotated[str, typer.Option(help="Who may see them: public, internal, or a name.")] = "",
    locale: Annotated[str, typer.Option(help="Their language, where they do not say it, such as en.")] = "",
    product: Annotated[str, typer.Option(help="What they are about, where they do not say it.")] = "",
    title: Annotated[str, typer.Option(help="A title for a single file.")] = "",
    review: Annotated[bool, typer.Option("--review", help="New and changed articles wait for approval.")] = False,
    private: Annotated[bool, typer.Option("--private", help="The site may lie in your own network.")] = False,
    every: Annotated[int, typer.Option(help="Minutes after which a running server reads it again.", min=0)] = 0,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read files, folders, web pages and exports into the knowledge; the next answer already uses them.

    Reads Markdown, reStructuredText, HTML, text, Word, Excel, CSV, PDF, subtitles, API descriptions, product feeds,
    lists of articles, and exports of help desks. What did not change costs nothing. Ctrl-C stops; the same command,
    or `openbook sync`, goes on from there.
    """
    options = SourceOptions(crawl=crawl, review=review, private=private, every_minutes=every)
    with opened(desk, create=True) as here, display.progress_bar() as progress:
        report = here.add(
            *source,
            tenant=tenant,
            audience=audience,
            locale=locale,
            product=product,
            title=title,
            options=options,
            progress=progress,
        )
    say(report, knowledge_display.show_sync, as_json=as_json)


@app.command()
def sync(
    source: Annotated[str, typer.Argument(help="A source's id or location; all by default.")] = "",
    stop: Annotated[bool, typer.Option("--stop", help="Stop a reading that goes on in another process.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read registered sources again; what is gone is removed after a second look.

    A source that cannot be read keeps its last good state. Ctrl-C stops, and the next sync goes on from there.
    """
    with opened(desk) as here:
        if stop:
            stopped = here.stop(source, tenant=tenant)
            words = "It stops after the page at hand." if stopped else "Nothing was being read."
            say_plain({"stopped": stopped}, words, as_json=as_json)
            return
        with display.progress_bar() as progress:
            report = here.sync(source, tenant=tenant, progress=progress)
    say(report, knowledge_display.show_sync, as_json=as_json)


@app.command()
def sources(tenant: TenantOption = MAIN_TENANT, desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """List where documents come from."""
    with opened(desk) as here:
        say(here.sources(tenant=tenant), knowledge_display.show_sources, as_json=as_json)


@app.command()
def documents(
    stale: Annotated[
        bool, typer.Option("--stale", help="Those that may be out of date, the most harmful first.")
    ] = False,
    contradictions: Annotated[
        bool, typer.Option("--contradictions", help="Statements that seem to contradict each other.")
    ] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Versions that wait for approval, and why.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is known, with version, age, audience and the answers that rest on it."""
    with opened(desk) as here:
        if stale:
            say(here.stale(tenant=tenant), knowledge_display.show_stale, as_json=as_json)
        elif contradictions:
            with display.progress_bar() as progress:
                found = here.contradictions(tenant=tenant, progress=progress)
            say(found, knowledge_display.show_disputes, as_json=as_json)
        elif waiting:
            say(here.documents(waiting=True, tenant=tenant), knowledge_display.show_waiting, as_json=as_json)
        else:
            say(here.documents(tenant=tenant), knowledge_display.show_documents, as_json=as_json)


DocumentArgument = Annotated[str, typer.Argument(help="A document's id, path or address.")]
VersionOption = Annotated[int | None, typer.Option("--version", help="Which version.", min=1)]


@app.command()
def approve(
    document: DocumentArgument,
    version: VersionOption = None,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a version live that waits for approval, or a draft.

    `openbook documents --waiting` lists what waits and why. Undo it with `openbook revert`.
    """
    with opened(desk) as here:
        say(here.approve(document, version=version, tenant=tenant), knowledge_display.show_live, as_json=as_json)


@app.command()
def revert(
    document: DocumentArgument,
    version: VersionOption = None,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring an older version of a document back, the last one by default.

    It serves until its source brings another. Undo it with `openbook revert DOCUMENT --version N`.
    """
    with opened(desk) as here:
        say(here.revert(document, version=version, tenant=tenant), knowledge_display.show_live, as_json=as_json)


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(help="The edited file.")],
    document: Annotated[str, typer.Option(help="The document that it replaces; found by the file's name.")] = "",
    limit: Annotated[int, typer.Option(help="How many past questions are asked.", min=1)] = QUESTIONS,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which past answers would change if this edit were published. Nothing is published.

    Past questions are those that customers asked, and the first words of imported tickets.
    """
    with opened(desk) as here, display.progress_bar() as progress:
        found = here.preview(file, document=document, limit=limit, tenant=tenant, progress=progress)
    say(found, knowledge_display.show_preview, as_json=as_json)


@app.command()
def tickets(
    out: Annotated[Path | None, typer.Option(help="Write them into this file, one JSON value a line.")] = None,
    form: Annotated[str, typer.Option("--form", help="tickets, evaluation or training.")] = "tickets",
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the past tickets that exports brought, or write them as material for evaluation and training.

    Names, e-mail addresses, phone numbers and other private details were masked when they came in.
    """
    with opened(desk) as here:
        if out is None:
            say(here.tickets(tenant=tenant), knowledge_display.show_tickets, as_json=as_json)
            return
        count = here.export_tickets(out, form=form, tenant=tenant)
    say_plain({"file": str(out), "written": count}, f"Wrote {count} lines into {out}.", as_json=as_json)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A document's id, path or address, or a source.")],
    erase: Annotated[bool, typer.Option("--erase", help="Also destroy its text in history and receipts.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Withdraw a document or source from everything that serves, and prove it.

    Without --erase, adding it again brings it back. --erase cannot be undone.
    """
    with opened(desk) as here:
        say(here.remove(name, tenant=tenant, erase=erase), knowledge_display.show_deletion, as_json=as_json)
