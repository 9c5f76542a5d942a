"""The commands of support: the honest numbers, and the hand-offs that wait. What operators do is done in the inbox."""

from typing import Annotated

import typer

from openbook.cli import support_display
from openbook.cli.program import DeskOption, JsonOption, TenantOption, app, opened, say, say_plain
from openbook.desk.stats import USUAL_DAYS
from openbook.types import MAIN_TENANT

handoffs = typer.Typer(
    help="List the hand-offs that are open, those that wait longest first; `handoffs show ID` shows one.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(handoffs, name="handoffs")

MOST_LISTED = 500


@app.command()
def stats(
    days: Annotated[int, typer.Option("--days", help="The last so many days.")] = USUAL_DAYS,
    since: Annotated[str, typer.Option("--since", help="From this day on, in UTC, such as 2026-03-01.")] = "",
    until: Annotated[str, typer.Option("--until", help="Up to this day, which is in it. Default: today.")] = "",
    meaning: Annotated[bool, typer.Option("--meaning", help="Say what each number means.")] = False,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what became of the conversations that began in a period, with 95 % intervals.

    What customers confirmed and what is only assumed of their silence are never added up, and no share is shown of
    fewer than 30 conversations.
    """
    with opened(desk) as here:
        found = here.stats(days=days, since=since, until=until, tenant=tenant)
    say(found, lambda result: support_display.show_stats(result, meaning=meaning), as_json=as_json)


@handoffs.callback()
def list_handoffs(
    context: typer.Context,
    state: Annotated[
        str, typer.Option("--state", help="Only these states, with commas between, such as waiting,claimed.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST_LISTED, help="The most.")] = 200,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the hand-offs that are open, those that wait longest first; `handoffs show ID` shows one."""
    if context.invoked_subcommand is not None:
        return
    states = tuple(name.strip() for name in state.split(",") if name.strip())
    with opened(desk) as here:
        found = here.handoffs(states=states, limit=limit, tenant=tenant)
    say(found, support_display.show_handoffs, as_json=as_json)


@handoffs.command("show")
def show_handoff(
    handoff: Annotated[str, typer.Argument(help="The id of a hand-off, hnd_….")],
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show everything that a person needs to take a hand-off over."""
    with opened(desk) as here:
        found = here.packet(handoff, tenant=tenant)
    say(found, support_display.show_packet, as_json=as_json)


@handoffs.command("retry")
def retry_deliveries(tenant: TenantOption = MAIN_TENANT, desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """Try every webhook and e-mail anew that failed for good; a running server sends them."""
    with opened(desk) as here:
        count = here.retry_deliveries(tenant=tenant)
    say_plain({"retried": count}, f"{count} will be tried anew.", as_json=as_json)


@handoffs.command("erase")
def erase_conversation(
    conversation: Annotated[str, typer.Argument(help="The id of a conversation, con_….")],
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Destroy every word of a conversation: messages, notes, answers, name, address. This cannot be undone."""
    with opened(desk) as here:
        count = here.erase_conversation(conversation, tenant=tenant)
    say_plain({"texts_destroyed": count}, f"{count} texts were destroyed.", as_json=as_json)
