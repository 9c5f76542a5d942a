"""The commands that run, check and mend a desk."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from openbook.cli import display, knowledge_display
from openbook.cli.program import DeskOption, JsonOption, app, opened, say, say_plain
from openbook.desk import Desk
from openbook.errors import UserError
from openbook.models.weights import fetch
from openbook.types import INTERNAL

_SAMPLE_QUESTION = "How much is standard delivery to Ireland?"


@app.command("rebuild-index")
def rebuild_index(desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """Make the search index anew from the database; it is derived and nothing is lost."""
    with opened(desk) as here, display.progress_bar() as progress:
        chunks = here.rebuild_index(progress=progress)
    say_plain({"chunks": chunks}, f"The index was made anew: {chunks} chunks.", as_json=as_json)


@app.command("fetch-encoder")
def fetch_encoder(as_json: JsonOption = False) -> None:
    """Install the encoder's weights, so that search understands meaning and not only words."""
    folder = str(fetch().folder)
    say_plain({"folder": folder}, f"The encoder's weights are in {folder}.", as_json=as_json)


@app.command()
def doctor(desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """Show every setting with its origin, every part with its health, the mend for each fault."""
    with opened(desk) as here:
        health = here.doctor()
    say(health, display.show_health, as_json=as_json)
    if not health.ok:
        raise typer.Exit(1)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; others than loopback need a password.")] = "",
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0: any free one.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty desk with the sample shop first.")] = False,
    password: Annotated[bool, typer.Option("--set-password", help="Ask for the owner's password, then serve.")] = False,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the answer page and the HTTP interface until Ctrl-C.

    With --json the address and the owner's link are printed as one value once it is ready.
    """
    # deferred: the web framework takes a quarter of a second, which no other command should wait for
    from openbook.server import owner_link, serve, set_owner_password

    with opened(desk, create=True, purpose="openbook serve", must_hold=True) as here:
        if password:
            set_owner_password(here, typer.prompt("New owner password", hide_input=True, confirmation_prompt=True))
        if demo:
            _fill(here, quiet=as_json)

        def ready(address: str) -> None:
            link = owner_link(here, address)
            if as_json:
                sys.stdout.write(json.dumps({"address": address, "owner_link": link}) + "\n")
                sys.stdout.flush()
                return
            display.err.print(f"Serving {here.path} at {address} (Ctrl-C stops)", soft_wrap=True)
            if link:
                display.err.print(f"The owner comes in once, within 24 hours, by {link}", soft_wrap=True)

        chosen = here.settings.values.server
        serve(here, host=host or chosen.host, port=chosen.port if port is None else port, ready=ready)


def _fill(desk: Desk, *, quiet: bool) -> None:
    """Puts the sample shop into a desk that holds nothing yet, and answers one question to show it."""
    if desk.documents():
        return
    shop = sample_shop()
    with display.progress_bar() as progress:
        report = desk.add(shop / "articles", progress=progress)
        desk.add(shop / "internal", audience=INTERNAL, progress=progress)
    if quiet:
        return
    knowledge_display.show_sync(report)
    display.out.print(f'\n$ openbook ask "{_SAMPLE_QUESTION}"', markup=False)
    display.show_answer(desk.ask(_SAMPLE_QUESTION, channel="terminal"))
    display.out.print()


def sample_shop() -> Path:
    """The folder of the sample shop: beside the source in a checkout, inside the package when installed.

    Raises:
        UserError: It is in neither place.
    """
    package = Path(__file__).parents[1]
    for place in (package / "sample_shop", package.parents[1] / "examples" / "shop"):
        if (place / "articles").is_dir():
            return place
    raise UserError("The sample shop is not installed.", fix="Use a checkout, or add your own folder: openbook add.")
