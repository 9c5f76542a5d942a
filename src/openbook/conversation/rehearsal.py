"""Answers a question without leaving a trace, and says what would be sent if no confidence were required."""

from dataclasses import replace
from functools import partial

from openbook.codec import decode
from openbook.conversation.replay import made_again
from openbook.conversation.turn import Basis, TurnParts, run_turn
from openbook.stores.turns import TurnRecord
from openbook.types import Answer, AskRequest, ConfidenceModel, Query, Rehearsal, Signals


def rehearse(parts: TurnParts, request: AskRequest, *, model: ConfidenceModel | None = None) -> Rehearsal:
    """One question as `ask` would answer it, of which nothing is kept.

    Args:
        parts: What a turn works with.
        request: The question.
        model: What makes the confidence, instead of what counts for the tenant.

    Raises:
        UserError: The question is too long, or the conversation is unknown.
    """
    records: list[TurnRecord] = []

    def keep(turn: TurnRecord) -> Answer:
        records.append(turn)
        return turn.answer

    *_, last = run_turn(replace(parts, keep=keep), replace(request, idempotency_key=""))
    answer: Answer = last.data
    [record] = records
    query = decode(Query, {**record.query, "text": request.question})
    signals = decode(Signals, record.settings.get("signals", {}))
    basis = Basis(parts.calibrations.active(request.tenant), parts.threshold, parts.behaviour, signals)
    again = partial(made_again, answer, request.question, query, record.hits)
    if model is not None:
        basis = replace(basis, calibration=replace(basis.calibration, model=model))
        answer = again(basis=basis)
    unbound = replace(basis, calibration=replace(basis.calibration, threshold=0.0, state="active"))
    return Rehearsal(answer, again(basis=unbound), record.hits)
