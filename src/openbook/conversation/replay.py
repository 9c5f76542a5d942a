"""Recomputes an answer from its receipt: "why did it say that on 3 March?" has an exact answer.

Answer, confidence and decision are made again from the recorded scores and the texts they point
to; the search too, where neither the knowledge nor a model has changed since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from openbook.answer import draft
from openbook.codec import decode
from openbook.conversation.before import as_history
from openbook.conversation.turn import Basis, TurnParts, propose_by
from openbook.conversation.understand import understand
from openbook.errors import NotFound, UserError
from openbook.hashing import hash_text
from openbook.search.hits import recorded_to_hit
from openbook.stores import Database
from openbook.stores.chunks import StoredChunk, load_chunks
from openbook.stores.history import digest_form, get_receipt, recorded_hit, said_then
from openbook.stores.rows import counted
from openbook.types import Answer, Behaviour, Hit, Query, Receipt, Replay, SearchReplay, Signals, to_plain


def fetch_receipt(parts: TurnParts, tenant: str, receipt_id: str) -> Receipt:
    """The receipt of an answer.

    Raises:
        NotFound: There is none of that id.
    """
    with parts.database.read() as connection:
        receipt = get_receipt(connection, tenant, receipt_id)
    if receipt is None:
        raise NotFound(
            f"There is no receipt {receipt_id!r} for tenant {tenant!r}.", fix="Use the `id` of an answer, ans_…."
        )
    return receipt


def replay(parts: TurnParts, receipt: Receipt) -> Replay:
    """Makes the answer again and compares it with what was recorded.

    Raises:
        UserError: Its text was erased, so it cannot be made again.
    """
    if receipt.erased or receipt.answer is None or receipt.question is None:
        raise _erased(receipt)
    with parts.database.read() as connection:
        ids = [hit["chunk_id"] for hit in receipt.hits]
        found = load_chunks(connection, receipt.tenant, ids)
        generation = counted(connection, receipt.tenant, "generation")
        hashes = receipt.query.get("history", ())
        said = said_then(connection, receipt.tenant, receipt.answer.conversation_id, hashes)
    if len(found) < len(set(ids)) or said is None:
        raise _erased(receipt)
    if "failed" in receipt.settings:
        raise UserError(
            f"The receipt {receipt.id} is of an answer that could not be made: {receipt.settings['failed']}",
            fix="There is nothing to replay; ask again.",
        )
    if any("sentence_scores" not in hit for hit in receipt.hits):
        raise UserError(
            f"The receipt {receipt.id} was made by Openbook {receipt.openbook_version}, which recorded less.",
            fix="It can be read but not replayed; ask again for an answer of this version.",
        )
    query = _query(receipt, said)
    calibration = parts.calibrations.find(receipt.tenant, receipt.settings.get("calibration", ""))
    frozen = replace(calibration, threshold=receipt.answer.threshold, state="active")
    basis = Basis(frozen, receipt.answer.threshold, *_ways(receipt.settings))
    answer = made_again(receipt.answer, receipt.question, query, _hits(receipt, found), basis=basis)
    search, note = _search_again(parts, receipt, query, generation)
    return Replay(
        receipt_id=receipt.id,
        identical=hash_text(digest_form(_as_opened(answer))) == receipt.answer_hash,
        answer=answer,
        search=search,
        search_note=note,
        differences=_differences(receipt.answer, answer),
    )


def _as_opened(answer: Answer) -> Answer:
    """The answer as it was before it was known whether its hand-off is one that is opened again."""
    return replace(answer, handoff=answer.handoff and replace(answer.handoff, state="waiting"))


def _erased(receipt: Receipt) -> UserError:
    return UserError(
        f"The receipt {receipt.id} cannot be replayed: text that it rests on was erased.",
        fix="Nothing can bring it back; the receipt still shows hashes, spans, scores and the decision.",
    )


def found_then(database: Database, receipt: Receipt) -> tuple[Hit, ...]:
    """The hits that an answer was drawn from, with their texts; those that were erased since are missing."""
    with database.read() as connection:
        stored = load_chunks(connection, receipt.tenant, [hit["chunk_id"] for hit in receipt.hits])
    return tuple(
        recorded_to_hit(recorded, stored[recorded["chunk_id"]])
        for recorded in receipt.hits
        if recorded["chunk_id"] in stored
    )


def _ways(settings: Mapping[str, Any]) -> tuple[Behaviour, Signals]:
    """How the bot behaved then, and what the conversation had come to."""
    return decode(Behaviour, settings.get("behaviour", {})), decode(Signals, settings.get("signals", {}))


def _hits(receipt: Receipt, found: Mapping[int, StoredChunk]) -> tuple[Hit, ...]:
    return tuple(recorded_to_hit(recorded, found[recorded["chunk_id"]]) for recorded in receipt.hits)


def _query(receipt: Receipt, said: Sequence[str]) -> Query:
    """The search as it was made; with the words as they were understood where they continued a question.

    Args:
        receipt: Of the answer.
        said: The earlier messages that were read.
    """
    understood = receipt.answer.understood if receipt.answer else ()
    text = " ".join(understood) if receipt.query.get("whole") else understand(receipt.question or "")
    return decode(Query, {**receipt.query, "text": text, "history": as_history(said)})


def made_again(recorded: Answer, question: str, query: Query, hits: tuple[Hit, ...], *, basis: Basis) -> Answer:
    """An answer made anew from what was found, with the id of the recorded one.

    Args:
        recorded: The answer as it was.
        question: What the customer typed.
        query: What was searched for.
        hits: What was found.
        basis: What decides.
    """
    drafted = draft(recorded.understood, hits)
    proposal, _ = propose_by(basis, understand(question), drafted, query)
    return replace(
        recorded,
        decision=proposal.decision,
        text=proposal.text,
        confidence=proposal.confidence,
        threshold=proposal.threshold,
        claims=proposal.claims,
        citations=proposal.citations,
        confidence_parts=proposal.confidence_parts,
        reason=proposal.reason,
        options=proposal.options,
        handoff=recorded.handoff and replace(recorded.handoff, reason=proposal.reason),
    )


def _search_again(parts: TurnParts, receipt: Receipt, query: Query, generation: int) -> tuple[SearchReplay, str]:
    if not receipt.hits:
        return "not_replayed", "Nothing was found the first time."
    if generation != receipt.generation:
        return "not_replayed", f"The knowledge changed since: generation {receipt.generation}, now {generation}."
    if receipt.model_ids != parts.model_ids or _of_search(receipt.settings) != _of_search(parts.settings):
        return "not_replayed", "The encoder or a setting changed since."
    hits = [recorded_hit(hit) for hit in parts.searcher.search(query).hits]
    if hits == list(receipt.hits):
        return "identical", "The search was made again and gave the same hits and scores."
    return "different", "The search was made again and gave other hits or scores."


def _of_search(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that decide what is found."""
    return {name: value for name, value in settings.items() if name.startswith("search.")}


def _differences(recorded: Answer, again: Answer) -> tuple[str, ...]:
    before, after = to_plain(recorded), to_plain(again)
    return tuple(name for name in before if name != "timings_ms" and before[name] != after[name])
