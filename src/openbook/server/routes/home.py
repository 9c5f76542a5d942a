"""`/`: the answer page. Works without a script; with one, the same form streams."""

from functools import partial
from typing import TYPE_CHECKING

from openbook.errors import OpenbookError
from openbook.server.answer_view import cards_of, in_words, lines_of
from openbook.server.asking import ask_request
from openbook.server.bodies import LONGEST_NAME, AskBody
from openbook.server.door import Door
from openbook.server.examples import Examples
from openbook.server.problems import Problem, problem_of
from openbook.server.rendering import Pages

if TYPE_CHECKING:
    from fastapi import APIRouter


def home_routes(door: Door, pages: Pages) -> "APIRouter":
    """The route of the answer page."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import Response

    router = APIRouter(include_in_schema=False)
    examples = Examples(door.desk)

    @router.get("/")
    async def home(request: Request, q: str = "", conversation: str = "") -> Response:
        guest = await door.guest(request)
        articles, questions = await door.read(examples.look)
        answer, cards, problem = None, [], None
        if q.strip():
            try:
                body = AskBody(question=q, conversation_id=conversation[:LONGEST_NAME], channel="web")
                answer = await door.answer(ask_request(body, guest))
                cards = await door.read(partial(cards_of, door.desk, guest, answer.citations))
            except OpenbookError as error:
                problem = _counted(door, problem_of(error))
        return pages.show(
            "home.html",
            status=problem.status if problem else 200,
            question=q,
            articles=articles,
            examples=questions,
            threshold=answer.threshold if answer else door.desk.settings.values.threshold,
            answer=answer,
            lines=lines_of(answer) if answer else [],
            sureness=in_words(answer) if answer else "",
            cards=cards,
            problem=problem,
        )

    return router


def _counted(door: Door, problem: Problem) -> Problem:
    door.metrics.count_error(problem.code)
    return problem
