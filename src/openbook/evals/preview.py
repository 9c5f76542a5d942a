"""Asks past questions of two states of the knowledge and says which answers differ.

It knows neither how the states are made nor where the questions come from.
"""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from openbook.types import Answer, AskRequest, Compared, Decision, Progress, ProgressListener

Ask = Callable[[AskRequest], Answer]
UNCHANGED = "unchanged"
_ORDER = ("answered no more", "another answer", "answered now", "other words", UNCHANGED)


def compare_answers(
    requests: Sequence[AskRequest], *, before: Ask, after: Ask, progress: ProgressListener = lambda _: None
) -> tuple[Compared, ...]:
    """Every question with both answers, what changes most first.

    Args:
        requests: The past questions.
        before: Answers from the knowledge as it is.
        after: Answers from the edited knowledge.
        progress: Told how many are done.
    """
    compared = []
    for done, request in enumerate(requests, start=1):
        old, new = before(request), after(request)
        compared.append(Compared(request.question, request.audiences, old, new, change_between(old, new)))
        progress(Progress(done, len(requests), "questions"))
    return tuple(sorted(compared, key=lambda item: _ORDER.index(item.change)))


def change_between(before: Answer, after: Answer) -> str:
    """What is different for the customer, in words; see `Compared.change`."""
    sent = before.decision is Decision.SEND, after.decision is Decision.SEND
    if sent == (True, False):
        return "answered no more"
    if sent == (False, True):
        return "answered now"
    if before.text == after.text and before.decision is after.decision:
        return UNCHANGED
    pairs = list(zip_longest(before.citations, after.citations))
    same_places = all(old and new and old.document_id == new.document_id for old, new in pairs)
    return "other words" if same_places and before.decision is after.decision else "another answer"
