"""The commands about people, keys and the audit log. Whoever runs them has the desk's folder, and may do everything."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from openbook.cli import display
from openbook.cli.program import DeskOption, JsonOption, TenantOption, app, opened, say
from openbook.desk.people import ENTRIES
from openbook.types import MAIN_TENANT, PUBLIC
from openbook.types.people import CONTENT, KEY_ROLES, OPERATOR, ROLES, AuditEntry, Invitation, Key, NewKey, Person

people = typer.Typer(help="Who may sign in, and what each may do.", no_args_is_help=True, rich_markup_mode=None)
keys = typer.Typer(help="The API keys of programs.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(people, name="people")
app.add_typer(keys, name="keys")

Who = Annotated[str, typer.Argument(help="The e-mail address, or the id as `openbook people list` shows it.")]
RoleArgument = Annotated[str, typer.Argument(help=f"One of {', '.join(ROLES)}.")]
RoleOption = Annotated[str, typer.Option("--role", help=f"One of {', '.join(ROLES)}.")]
KeyRoleOption = Annotated[str, typer.Option("--role", help=f"One of {', '.join(KEY_ROLES)}.")]


@people.command("list")
def list_people(desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """List everybody with role and state."""
    with opened(desk) as here:
        say(here.people(), _show_people, as_json=as_json)


@people.command("add")
def add_person(
    email: Annotated[str, typer.Argument(help="The address to sign in with; capitals do not matter.")],
    name: Annotated[str, typer.Option("--name", help="As colleagues see it.")] = "",
    role: RoleOption = OPERATOR,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add somebody; `openbook people invite` then makes the link to set a password with."""
    with opened(desk) as here:
        say(here.add_person(email, name, role), _show_person, as_json=as_json)


@people.command("role")
def change_role(who: Who, role: RoleArgument, desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """Give somebody another role; who is signed in must sign in again."""
    with opened(desk) as here:
        say(here.change_role(who, role), _show_person, as_json=as_json)


@people.command()
def deactivate(who: Who, desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """Let somebody in no longer; what the person did stays noted."""
    with opened(desk) as here:
        say(here.deactivate(who), _show_person, as_json=as_json)


@people.command()
def activate(who: Who, desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """Let somebody in again who was deactivated."""
    with opened(desk) as here:
        say(here.activate(who), _show_person, as_json=as_json)


@people.command()
def invite(
    who: Who,
    address: Annotated[str, typer.Option("--address", help="The server's address. Default: as the settings say.")] = "",
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a link to set a password with: it is shown once, works once, and lasts a week."""
    with opened(desk) as here:
        chosen = here.settings.values.server
        server = address.rstrip("/") or f"http://{chosen.host}:{chosen.port}"
        invitation = here.invite(who)

    def show(made: Invitation) -> None:
        until = display.day_of(made.expires_at)
        display.err.print(f"For {made.person.called}, once, until {until}:", soft_wrap=True, markup=False)
        display.out.print(f"{server}{made.path}", soft_wrap=True, markup=False)

    say(invitation, show, as_json=as_json)


@keys.command("list")
def list_keys(tenant: TenantOption = MAIN_TENANT, desk: DeskOption = None, as_json: JsonOption = False) -> None:
    """List every key, without its secret."""
    with opened(desk) as here:
        say(here.keys(tenant=tenant), _show_keys, as_json=as_json)


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="The program that will use it, such as website.")],
    role: KeyRoleOption = CONTENT,
    audience: Annotated[list[str] | None, typer.Option(help="What it may see; may be given several times.")] = None,
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key; its secret is shown this once."""
    seen = tuple(part.strip() for name in audience or () for part in name.split(",") if part.strip())
    with opened(desk) as here:
        say(here.add_key(name, role, seen or (PUBLIC,), tenant=tenant), _show_new_key, as_json=as_json)


@keys.command("revoke")
def revoke_key(
    name: Annotated[str, typer.Argument(help="The key's name or id.")],
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a key in no longer."""
    with opened(desk) as here:
        say(here.revoke_key(name, tenant=tenant), lambda key: _show_keys([key]), as_json=as_json)


@app.command("audit")
def audit_log(
    limit: Annotated[int, typer.Option(help="How many entries, up to 1,000.")] = ENTRIES,
    before: Annotated[str, typer.Option(help="Only those older than the entry of this id.")] = "",
    person: Annotated[str, typer.Option(help="Only those of one person or key, by its id.")] = "",
    action: Annotated[str, typer.Option(help="Only one action such as people.invited, or one area: people.")] = "",
    tenant: TenantOption = MAIN_TENANT,
    desk: DeskOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who changed what, the newest first."""
    with opened(desk) as here:
        found = here.audit_log(limit, before, person_id=person, action=action, tenant=tenant)
    say(found, _show_audit, as_json=as_json)


def _show_person(person: Person) -> None:
    _show_people([person])


def _show_people(everybody: Sequence[Person]) -> None:
    table = display.table_of("address", "name", "role", "state", "id")
    for person in everybody:
        table.add_row(escape(person.email) or "-", escape(person.name) or "-", person.role, _state(person), person.id)
    if everybody:
        display.out.print(table)
    else:
        display.out.print("Nobody is here yet. Add somebody: openbook people add ADDRESS --role owner", soft_wrap=True)


def _state(person: Person) -> str:
    if not person.active:
        return "deactivated"
    if person.invited_until:
        return f"invited until {display.day_of(person.invited_until)}"
    return "active" if person.has_password else "no password yet"


def _show_keys(every: Sequence[Key]) -> None:
    table = display.table_of("name", "role", "sees", "made", "revoked", "id")
    for key in every:
        days = (display.day_of(key.created_at), display.day_of(key.revoked_at))
        table.add_row(escape(key.name), key.role, escape(", ".join(key.audiences)), *days, key.id)
    if every:
        display.out.print(table)
    else:
        display.out.print("There are no keys. Make one: openbook keys add website --audience public", soft_wrap=True)


def _show_new_key(made: NewKey) -> None:
    words = f"The secret of {made.key.name}, shown this once:"
    display.err.print(words, soft_wrap=True, markup=False)
    display.out.print(made.secret, soft_wrap=True, markup=False)


def _show_audit(entries: Sequence[AuditEntry]) -> None:
    table = display.table_of("when (UTC)", "who", "role", "what", "to what", "id")
    for entry in entries:
        facts = "".join(f" {name}={fact}" for name, fact in entry.detail.items())
        who = entry.name or entry.person_id or "-"
        told = (escape(who), entry.role, escape(entry.action + facts), escape(entry.object) or "-", entry.id)
        table.add_row(f"{entry.created_at:%Y-%m-%d %H:%M:%S}", *told)
    if entries:
        display.out.print(table)
    else:
        display.out.print("No entry is like that.")
