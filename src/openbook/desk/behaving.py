"""Tries another behaviour out: the same questions, answered as the bot behaves now and as it would."""

from dataclasses import replace

from openbook.conversation import TurnParts, forget, run_turn
from openbook.desk.parts import Parts
from openbook.errors import UserError
from openbook.evals.preview import compare_answers
from openbook.search.intake import quiet
from openbook.stores.past import past_questions
from openbook.types import Answer, AskRequest, Behaviour, Compared, ProgressListener, to_plain

MOST_QUESTIONS = 50


def preview_behaviour(
    parts: Parts,
    tenant: str,
    behaviour: Behaviour,
    questions: tuple[str, ...],
    audiences: tuple[str, ...] | None,
    progress: ProgressListener = quiet,
) -> tuple[Compared, ...]:
    """Which answers another behaviour would change; nothing is kept, and the desk behaves as before.

    Args:
        parts: The desk.
        tenant: Whose knowledge.
        behaviour: The one to try.
        questions: What is asked, as the public; where it is empty, what customers asked last.
        audiences: Only past questions that were asked with these; None for all.
        progress: Told how many are done.

    Raises:
        UserError: More questions are given than are tried at once, or there is none to ask.
    """
    if len(questions) > MOST_QUESTIONS:
        raise UserError(f"{len(questions)} questions are too many.", fix=f"Give at most {MOST_QUESTIONS}.")
    requests = [AskRequest(question, tenant=tenant) for question in questions]
    if not requests:
        with parts.database.read() as connection:
            found, _ = past_questions(connection, tenant, near="", limit=MOST_QUESTIONS)
        requests = [one for one in found if audiences is None or set(one.audiences) <= set(audiences)]
    if not requests:
        raise UserError("No question was asked yet, so there is nothing to compare.", fix="Write some questions.")
    now = replace(parts.turn, keep=forget)
    then = replace(now, behaviour=behaviour, settings=now.settings | {"behaviour": to_plain(behaviour)})
    return compare_answers(
        requests,
        before=lambda request: _asked(now, request),
        after=lambda request: _asked(then, request),
        progress=progress,
    )


def _asked(turn: TurnParts, request: AskRequest) -> Answer:
    *_, last = run_turn(turn, request)
    answer: Answer = last.data
    return answer
