"""The commands: words into calls on `Desk`, results into text or JSON."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from openbook.cli import display
from openbook.desk import DATA_FOLDER, Desk, find_folder
from openbook.errors import OpenbookError, UserError
from openbook.models.weights import fetch
from openbook.settings import FILE_NAME, file_template
from openbook.types import INTERNAL, MAIN_TENANT, PUBLIC, AskRequest, Record, to_plain
from openbook.version import VERSION

_SAMPLE_QUESTION = "How much is standard delivery to Ireland?"

app = typer.Typer(
    name="openbook",
    help="Answers customers' questions from your own help content, and cites the exact sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

DeskOption = Annotated[
    Path | None,
    typer.Option("--desk", help="The desk's folder. Default: OPENBOOK_DESK, the nearest with a settings file, ./desk."),
]
TenantOption = Annotated[str, typer.Option("--tenant", help="The brand whose knowledge is meant.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]
AudienceOption = Annotated[
    str, typer.Option("--audience", help="Who asks: public, internal, or names separated by commas.")
]


@contextmanager
def opened(
    folder: Path | None, *, create: bool = False, purpose: str = "openbook", must_hold: bool = False
) -> Iterator[Desk]:
    """A desk that is closed afterwards, whatever happens; made when absent only if that is meant."""
    place = find_folder(folder)
    if not create and not (place / DATA_FOLDER).is_dir():
        raise UserError(
            f"There is no desk in {place}.",
            fix=f"Name one with --desk, or make one: openbook add ARTICLES --desk {place}",
        )
    with Desk.open(place, purpose=purpose, must_hold=must_hold) as desk:
        yield desk


def say(result: Any, show: Callable[[Any], None], *, as_json: bool) -> None:
    """Prints a result: for a person, or as one JSON value."""
    if not as_json:
        show(result)
        return
    plain = result.to_dict() if isinstance(result, Record) else to_plain([to_dict(item) for item in result])
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def say_plain(plain: dict[str, Any], words: str, *, as_json: bool) -> None:
    """Prints a small fact: in words, or as one JSON value."""
    if as_json:
        sys.stdout.write(json.dumps(plain) + "\n")
    else:
        display.out.print(words, soft_wrap=True, markup=False)


def to_dict(item: Any) -> Any:
    """A value's public JSON."""
    return item.to_dict() if isinstance(item, Record) else item


def _audiences(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip()) or (PUBLIC,)


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


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    audience: AudienceOption = f"{PUBLIC},{INTERNAL}",
    locale: Annotated[str, typer.Option(help="Only this language.")] = "",
    product: Annotated[str, typer.Option(help="Only this product.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many hits.")] = 8,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show hits with every part of the score: why this one is first."""
    with opened(desk) as here:
        allowed = _audiences(audience)
        result = here.search(query, tenant=tenant, audiences=allowed, locale=locale, product=product, limit=limit)
    say(result, display.show_search, as_json=as_json)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The customer's words; - reads them from standard input.")],
    conversation: Annotated[str, typer.Option(help="Go on with this conversation.")] = "",
    audience: AudienceOption = PUBLIC,
    locale: Annotated[str, typer.Option(help="Only articles of this language.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Show the parts of the confidence.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer one question, with the sentence each answer rests on."""
    words = sys.stdin.read() if question == "-" else question
    request = AskRequest(words, conversation, tenant, _audiences(audience), locale, channel="terminal")
    with opened(desk) as here:
        answer = here.ask(request)
    say(answer, lambda result: display.show_answer(result, explain=explain), as_json=as_json)


@app.command()
def chat(
    audience: AudienceOption = PUBLIC,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold a conversation in the terminal; an empty line or Ctrl-D ends it.

    With --json nothing is shown on the way, and the answers are printed as one list at the end.
    """
    conversation, answers = "", []
    with opened(desk, purpose="openbook chat") as here:
        while question := _prompt(quiet=as_json):
            request = AskRequest(question, conversation, tenant, _audiences(audience), channel="terminal")
            try:
                answer = here.ask(request)
            except UserError as error:
                display.err.print(str(error), style="red", markup=False)
                continue
            conversation = answer.conversation_id
            answers.append(answer)
            if not as_json:
                display.show_answer(answer)
    if as_json:
        say(answers, display.show_answer, as_json=True)


def _prompt(*, quiet: bool) -> str:
    try:
        return input("" if quiet else "\nYou: ").strip()
    except (EOFError, KeyboardInterrupt):
        if not quiet:
            display.out.print()
        return ""


@app.command()
def receipt(
    answer: Annotated[str, typer.Argument(help="An answer's id, ans_….")],
    replay: Annotated[bool, typer.Option("--replay", help="Make the answer again and compare.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show everything behind one answer; exit 1 when a replay differs."""
    with opened(desk) as here:
        if not replay:
            say(here.receipt(answer, tenant=tenant), display.show_receipt, as_json=as_json)
            return
        result = here.replay(answer, tenant=tenant)
    say(result, display.show_replay, as_json=as_json)
    if not result.identical:
        raise typer.Exit(1)


@app.command()
def evaluate(
    dataset: Annotated[Path, typer.Argument(help="Questions as JSON Lines or CSV.")],
    wrong: Annotated[bool, typer.Option("--wrong", help="List every case that is not right.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure quality on a dataset, with confidence intervals; exit 1 when a gate of the settings is missed.

    Nothing is recorded: no receipts, no hand-offs. Right means that the citations of a sent answer
    cover at least half of a gold quote; for a question without an answer, that nothing was sent.
    """
    with opened(desk) as here, display.progress_bar() as progress:
        report = here.evaluate(dataset, tenant=tenant, progress=progress)
        gates = here.settings.values.gates.model_dump()
    say(report, lambda result: display.show_report(result, gates, wrong=wrong), as_json=as_json)
    if any(goal and not report.value(name) >= goal for name, goal in gates.items()):
        raise typer.Exit(1)


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
    display.show_sync(report)
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


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"openbook {VERSION}")
        raise typer.Exit


@app.callback()
def openbook(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Answers customers' questions from your own help content, and cites the exact sentence."""


def main() -> None:
    """Runs the command line; errors of ours become two lines and an exit status."""
    try:
        app()
    except OpenbookError as error:
        display.err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
