"""`/owner/behaviour`: how the bot behaves, and what a change would do before anybody makes it."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.answer.policies import ALWAYS, RULES
from openbook.answer.promises import promises_in
from openbook.errors import OpenbookError, UserError
from openbook.server.door import Door
from openbook.server.examples import Examples
from openbook.server.guests import Guest
from openbook.server.long_work import listener, wants_events
from openbook.server.owner_pages import HOME, OwnerPages
from openbook.server.problems import problem_of
from openbook.server.readings import StepListener
from openbook.server.rendering import Pages
from openbook.settings import settings_lines
from openbook.types import Behaviour, Compared

if TYPE_CHECKING:
    from fastapi import APIRouter

_TEMPLATE = "owner_behaviour.html"
_LONGEST = 500
_MOST_FAILURES = 20


def owner_behaviour_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the page of behaviour."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import Response

    router = APIRouter(include_in_schema=False, prefix=f"{HOME}/behaviour")
    owner = OwnerPages(door, pages)
    examples = Examples(door.desk)

    @router.get("")
    async def shown(request: Request) -> Response:
        guest = await owner.guest(request, action="see_behaviour")
        _, questions = await door.read(examples.look)
        return await owner.show(guest, _TEMPLATE, compared=None, **_filled(_form_of(door, questions)))

    @router.post("")
    async def tried(request: Request) -> Response:
        guest, form = await owner.form(request, action="change_behaviour")
        filled = _filled(form)
        try:
            behaviour = behaviour_of(form)
            work = partial(_compared, door, guest, behaviour, form)
            burst = {"burst_seconds": door.desk.settings.values.behaviour.burst_seconds}
            lines = settings_lines("behaviour", behaviour.to_dict() | burst)
            return await owner.show_long(
                request, guest, _TEMPLATE, work, called="compared", **(filled | {"lines": lines})
            )
        except OpenbookError as error:
            if wants_events(request):
                raise
            problem = problem_of(error)
            shown = {**filled, "problem": problem}
            return await owner.show(guest, _TEMPLATE, status=problem.status, compared=None, **shown)

    return router


def behaviour_of(form: Mapping[str, str]) -> Behaviour:
    """The behaviour that a form describes.

    Raises:
        UserError: A field does not fit.
    """
    tone, length = form.get("tone", "plain"), form.get("length", "full")
    if tone not in ("plain", "warm") or length not in ("full", "short"):
        raise UserError(f"Tone {tone!r} with length {length!r} cannot be had.", fix="Choose from the lists.")
    failures = form.get("failures", "2").strip() or "0"
    if not failures.isdecimal() or int(failures) > _MOST_FAILURES:
        raise UserError(f"{failures[:40]!r} is no number of messages.", fix=f"Write 0 to {_MOST_FAILURES}.")
    for name in ("greeting", "closing"):
        if promised := promises_in(form.get(name, "")):
            raise UserError(f"The {name} promises something: {promised[0]!r}.", fix="Say it without a promise.")
    off = tuple(name for name in RULES if name != ALWAYS and form.get(f"off_{name}"))
    return Behaviour(
        tone="warm" if tone == "warm" else "plain",
        length="short" if length == "short" else "full",
        greeting=form.get("greeting", "").strip()[:_LONGEST],
        closing=form.get("closing", "").strip()[:_LONGEST],
        never=_lines(form.get("never", "")),
        off=off,
        failures=int(failures),
    )


def _compared(
    door: Door, guest: Guest, behaviour: Behaviour, form: Mapping[str, str], tell: StepListener
) -> tuple[Compared, ...]:
    return door.desk.preview_behaviour(
        behaviour,
        questions=_lines(form.get("questions", "")),
        audiences=None if guest.owner else guest.audiences,
        tenant=guest.tenant,
        progress=listener(door, tell),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _form_of(door: Door, questions: list[str]) -> dict[str, str]:
    """The form with the behaviour that counts now."""
    now = door.desk.settings.values.behaviour
    return {
        "tone": now.tone,
        "length": now.length,
        "greeting": now.greeting,
        "closing": now.closing,
        "never": "\n".join(now.never),
        "failures": str(now.failures),
        "questions": "\n".join(questions),
        **{f"off_{name}": "on" for name in now.off},
    }


def _filled(form: Mapping[str, str]) -> dict[str, Any]:
    may_be_off = {name: words for name, words in RULES.items() if name != ALWAYS}
    return {"form": defaultdict(str, form), "rules": may_be_off, "problem": None, "lines": ""}
