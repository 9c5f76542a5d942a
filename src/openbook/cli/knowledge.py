"""The commands that bring knowledge in, list it and take it out."""

from pathlib import Path
from typing import Annotated

import typer

from openbook.cli import display
from openbook.cli.program import DeskOption, JsonOption, TenantOption, app, opened, say, say_plain
from openbook.errors import UserError
from openbook.settings import FILE_NAME, file_template
from openbook.types import MAIN_TENANT


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
    source: Annotated[list[str], typer.Argument(help="Files or folders of help articles.")],
    audience: Annotated[str, typer.Option(help="Who may see them: public, internal, or a name.")] = "",
    locale: Annotated[str, typer.Option(help="Their language, where they do not say it, such as en.")] = "",
    product: Annotated[str, typer.Option(help="What they are about, where they do not say it.")] = "",
    title: Annotated[str, typer.Option(help="A title for a single file.")] = "",
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read files and folders into the knowledge; the next answer already uses them.

    Reads Markdown, HTML, text, CSV and PDF. What did not change costs nothing.
    """
    with opened(desk, create=True) as here, display.progress_bar() as progress:
        options = {"audience": audience, "locale": locale, "product": product, "title": title}
        report = here.add(*source, tenant=tenant, progress=progress, **options)
    say(report, display.show_sync, as_json=as_json)


@app.command()
def sync(
    source: Annotated[str, typer.Argument(help="A source's id or location; all by default.")] = "",
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read registered sources again; what is gone is removed."""
    with opened(desk) as here, display.progress_bar() as progress:
        report = here.sync(source, tenant=tenant, progress=progress)
    say(report, display.show_sync, as_json=as_json)


@app.command()
def sources(tenant: TenantOption = MAIN_TENANT, desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """List where documents come from."""
    with opened(desk) as here:
        say(here.sources(tenant=tenant), display.show_sources, as_json=as_json)


@app.command()
def documents(tenant: TenantOption = MAIN_TENANT, desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """List what is known, with version, age, audience and the answers that rest on it."""
    with opened(desk) as here:
        say(here.documents(tenant=tenant), display.show_documents, as_json=as_json)


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
        say(here.remove(name, tenant=tenant, erase=erase), display.show_deletion, as_json=as_json)
