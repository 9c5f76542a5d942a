"""The commands that search, answer, and show what an answer rests on."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from openbook.cli import display
from openbook.cli.program import DeskOption, JsonOption, TenantOption, app, opened, say
from openbook.errors import UserError
from openbook.types import INTERNAL, MAIN_TENANT, PUBLIC, AskRequest, Query

AudienceOption = Annotated[
    str, typer.Option("--audience", help="Who asks: public, internal, or names separated by commas.")
]
LocaleOption = Annotated[str, typer.Option("--locale", help="Only articles of this language, and of none.")]
ProductOption = Annotated[str, typer.Option("--product", help="Only articles about this product, and about none.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="Only articles that were changed on this day or later."),
]


def _audiences(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip()) or (PUBLIC,)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    audience: AudienceOption = f"{PUBLIC},{INTERNAL}",
    locale: LocaleOption = "",
    product: ProductOption = "",
    since: SinceOption = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many hits for each part of the question.")] = 8,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show hits with every part of the score: why this one is first.

    A question that asks two things is searched for part by part. A code, a setting's name or words
    in quotation marks are looked for as they stand.
    """
    wanted = Query(query, tenant, _audiences(audience), locale, product, limit, since=_begin(since))
    with opened(desk) as here:
        result = here.search(wanted)
    say(result, display.show_search, as_json=as_json)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The customer's words; - reads them from standard input.")],
    conversation: Annotated[str, typer.Option(help="Go on with this conversation.")] = "",
    audience: AudienceOption = PUBLIC,
    locale: LocaleOption = "",
    product: ProductOption = "",
    since: SinceOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why the confidence is what it is.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer one question, with the sentence each answer rests on."""
    request = AskRequest(
        question=sys.stdin.read() if question == "-" else question,
        conversation_id=conversation,
        tenant=tenant,
        audiences=_audiences(audience),
        locale=locale,
        product=product,
        since=_begin(since),
        channel="terminal",
    )
    with opened(desk) as here:
        answer = here.ask(request)
    say(answer, lambda result: display.show_answer(result, explain=explain), as_json=as_json)


def _begin(day: datetime | None) -> datetime | None:
    """The first moment of a day, in the world's time."""
    return day and day.replace(tzinfo=UTC)


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
