"""The verbs of the inbox besides those of a hand-off: its list, ready-made replies, corrections and their export.

A correction is an evaluation case, a training example or the draft of an article. What leaves as a case or an
example is masked first, like tickets. The draft is a document of its own, which an owner of content approves; it
does not go when the conversation is erased.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import Connection

from openbook.desk.parts import Parts
from openbook.errors import NotFound, UserError
from openbook.ingest.privacy.masking import mask
from openbook.stores import corrections as kept
from openbook.stores import inbox as listed
from openbook.stores import macros as ready
from openbook.stores.audit import note
from openbook.stores.conversations import get_conversation
from openbook.stores.ids import new_id
from openbook.types import MAIN_TENANT, PUBLIC, Conversation, HandoffState, Message, Metadata, utc_now
from openbook.types.correction import Correction, CorrectionKind, InboxList, InboxQuery, Macro

LONGEST_REPLY = 20_000
LONGEST_TITLE = 200
LONGEST_MACRO_NAME = 80
LONGEST_MACRO = 5_000
MOST_MACROS = 500
MOST_LISTED = 500
EXPORTED = (CorrectionKind.EVALUATION, CorrectionKind.TRAINING)
_DRAFTS = "corrections"
_SAYS = {"customer": "user", "bot": "assistant", "operator": "assistant"}


# ------------------------------------------------------------------- the list


def inbox(parts: Parts, tenant: str, query: InboxQuery) -> InboxList:
    """Hand-offs for the list of the inbox."""
    known = {state.value for state in HandoffState}
    if unknown := [state for state in query.states if state not in known]:
        raise UserError(f"There is no state {unknown[0][:40]!r} of a hand-off.", fix=f"Use {', '.join(sorted(known))}.")
    if not 1 <= query.limit <= MOST_LISTED:
        raise UserError(f"{query.limit} hand-offs cannot be asked for.", fix=f"Ask for 1 to {MOST_LISTED}.")
    with parts.database.read() as connection:
        return listed.list_inbox(connection, tenant, query)


def staff(parts: Parts, tenant: str, ids: tuple[str, ...]) -> dict[str, str]:
    """What these people and keys are called."""
    with parts.database.read() as connection:
        return listed.staff_names(connection, tenant, ids)


# --------------------------------------------------------- ready-made replies


def macros(parts: Parts, tenant: str) -> tuple[Macro, ...]:
    """Every ready-made reply."""
    with parts.database.read() as connection:
        return ready.list_macros(connection, tenant)


def put_macro(parts: Parts, tenant: str, name: str, body: str, person_id: str, macro_id: str) -> Macro:
    """Keeps a ready-made reply, or changes one."""
    called = _checked(" ".join(name.split()), "The name of a ready-made reply", longest=LONGEST_MACRO_NAME)
    words = _checked(body, "The text of a ready-made reply", longest=LONGEST_MACRO)

    def work(connection: Connection) -> Macro:
        other = ready.find_macro(connection, tenant, called)
        if other is not None and other.id != macro_id:
            raise UserError(f"There is a ready-made reply {called!r} already.", fix="Choose another name, or edit it.")
        if macro_id:
            _known(ready.get_macro(connection, tenant, macro_id), macro_id)
            ready.change_macro(connection, tenant, macro_id, called, words, person_id=person_id)
        elif ready.count_macros(connection, tenant) >= MOST_MACROS:
            raise UserError(f"There are {MOST_MACROS} ready-made replies already.", fix="Remove one that nobody uses.")
        else:
            ready.add_macro(connection, tenant, called, words, person_id=person_id)
        macro = _known(ready.find_macro(connection, tenant, called), called)
        note(connection, tenant, person_id, "", "inbox.macro_saved", macro.id, name=called)
        return macro

    return parts.database.write(work)


def remove_macro(parts: Parts, tenant: str, macro_id: str, person_id: str) -> Macro:
    """Takes a ready-made reply away."""

    def work(connection: Connection) -> Macro:
        macro = _known(ready.get_macro(connection, tenant, macro_id), macro_id)
        ready.remove_macro(connection, tenant, macro_id)
        note(connection, tenant, person_id, "", "inbox.macro_removed", macro_id, name=macro.name)
        return macro

    return parts.database.write(work)


# ---------------------------------------------------------------- corrections


def correct(parts: Parts, tenant: str, answer_id: str, kind: str, reply: str, person_id: str, title: str) -> Correction:
    """Keeps what should have been answered; the one that is there where the answer has one of this kind."""
    chosen, words = _kind(kind), _checked(reply, "What should have been answered", longest=LONGEST_REPLY)
    with parts.database.read() as connection:
        found = kept.find_correction(connection, tenant, chosen, answer_id)
        asked = kept.what_was_asked(connection, tenant, answer_id)
    if found is not None:
        return found
    if asked is None:
        raise NotFound(f"There is no answer {answer_id[:80]!r} to correct.", fix="Use the `id` of an answer, ans_….")
    if asked.question is None:
        raise UserError("The question of this answer was erased.", fix="Correct another answer.")
    correction = Correction(
        id=new_id("cor"),
        kind=chosen,
        conversation_id=asked.conversation_id,
        answer_id=answer_id,
        question=asked.question,
        reply=words,
        document_id="",
        person_id=person_id,
        created_at=utc_now(),
    )
    if chosen is CorrectionKind.ARTICLE:
        correction = replace(correction, document_id=_draft(parts, tenant, correction, title))
    return _keep(parts, tenant, correction)


def corrections(parts: Parts, tenant: str, kind: str, conversation_id: str) -> tuple[Correction, ...]:
    """Corrections, the newest first."""
    chosen = _kind(kind) if kind else None
    with parts.database.read() as connection:
        return kept.list_corrections(connection, tenant, kind=chosen, conversation_id=conversation_id)


def export_corrections(parts: Parts, tenant: str, kind: str) -> tuple[str, ...]:
    """Corrections of one kind as lines of JSON, the oldest first; what was erased is left out."""
    chosen = _kind(kind)
    if chosen not in EXPORTED:
        raise UserError("Drafts of articles are no dataset.", fix=f"Choose one of {', '.join(EXPORTED)}.")
    line = _case if chosen is CorrectionKind.EVALUATION else _example
    with parts.database.read() as connection:
        found = kept.list_corrections(connection, tenant, kind=chosen)
        plain = [line(connection, tenant, one) for one in reversed(found) if one.question and one.reply]
    return tuple(json.dumps(item, ensure_ascii=False) for item in plain)


def path_of_draft(answer_id: str) -> str:
    """The path of the article that is drafted from an answer's correction."""
    return f"{_DRAFTS}/{answer_id}.md"


def _keep(parts: Parts, tenant: str, correction: Correction) -> Correction:
    def work(connection: Connection) -> Correction:
        standing = kept.put_correction(connection, tenant, correction)
        if standing.fresh:
            facts = {"kind": correction.kind.value, "document": correction.document_id}
            note(connection, tenant, correction.person_id, "", "inbox.corrected", correction.answer_id, **facts)
        return standing

    standing = parts.database.write(work)
    parts.bulletin.tell(tenant, correction.conversation_id, "correct")
    return standing


def _draft(parts: Parts, tenant: str, correction: Correction, title: str) -> str:
    """Sends the draft of an article, which serves nobody before it is approved; returns the document's id."""
    with parts.database.read() as connection:
        about = get_conversation(connection, tenant, correction.conversation_id)
        names = listed.staff_names(connection, tenant, [correction.person_id])
    asked = mask(correction.question or "", names=_names(about)).text
    called = " ".join((title or asked).split())[:LONGEST_TITLE] or "Correction"
    by = names.get(correction.person_id, correction.person_id)
    said = {
        "title": called,
        "status": "draft",
        "audience": PUBLIC,
        "provenance": f"By {by} on {correction.created_at:%Y-%m-%d}, from the conversation "
        f"{correction.conversation_id} and its answer {correction.answer_id}",
    }
    front = "\n".join(f"{name}: {json.dumps(value)}" for name, value in said.items())  # JSON is YAML as well
    text = f"---\n{front}\n---\n\n{correction.reply}\n"
    path = path_of_draft(correction.answer_id)
    outcome = parts.sync.put(tenant, path, text.encode("utf-8", "replace"), Metadata(title=called), allowed=None)
    return outcome.document_id


def _case(connection: Connection, tenant: str, correction: Correction) -> dict[str, Any]:
    """An evaluation case, in the shape of evaluation datasets."""
    about = get_conversation(connection, tenant, correction.conversation_id, with_notes=False)
    asked = kept.what_was_asked(connection, tenant, correction.answer_id)
    drafted = kept.find_correction(connection, tenant, CorrectionKind.ARTICLE, correction.answer_id)
    names = _names(about)
    case = {
        "id": correction.id,
        "question": mask(correction.question or "", names=names).text,
        "history": [
            {"from": said.author, "text": mask(said.text or "", names=names).text}
            for said in _before(about, correction.answer_id)
        ],
        "answer": mask(correction.reply or "", names=names).text,
        "answerable": True,
        "audience": ", ".join(asked.audiences if asked else (PUBLIC,)),
        "group": "corrections",
        "provenance": _provenance(correction),
    }
    return case | ({"documents": [path_of_draft(correction.answer_id)]} if drafted else {})


def _example(connection: Connection, tenant: str, correction: Correction) -> dict[str, Any]:
    """A training example: the conversation up to the question, and what should have been said."""
    about = get_conversation(connection, tenant, correction.conversation_id, with_notes=False)
    names = _names(about)
    told = [(_SAYS[said.author], said.text or "") for said in _before(about, correction.answer_id)]
    told += [("user", correction.question or ""), ("assistant", correction.reply or "")]
    messages = [{"role": role, "content": mask(text, names=names).text} for role, text in told]
    return {"id": correction.id, "messages": messages, "provenance": _provenance(correction)}


def _before(about: Conversation | None, answer_id: str) -> list[Message]:
    """What customer, bot and operators said before the question of an answer; what was erased is left out."""
    if about is None:
        return []
    place = next((said.ordinal for said in about.messages if said.answer_id == answer_id), 0)
    earlier = [said for said in about.messages if said.ordinal < place and said.author in _SAYS]
    while earlier and earlier[-1].author == "customer":
        earlier.pop()  # the question itself, which may have come in several messages
    return [said for said in earlier if said.text]


def _names(about: Conversation | None) -> tuple[str, ...]:
    return (about.name,) if about and about.name else ()


def _provenance(correction: Correction) -> dict[str, str]:
    return {
        "conversation_id": correction.conversation_id,
        "answer_id": correction.answer_id,
        "person_id": correction.person_id,
        "created_at": correction.created_at.isoformat(timespec="seconds"),
    }


def _kind(written: str) -> CorrectionKind:
    try:
        return CorrectionKind(written)
    except ValueError:
        fix = f"Use {', '.join(CorrectionKind)}."
        raise UserError(f"There is no kind of correction {written[:40]!r}.", fix=fix) from None


def _known(macro: Macro | None, name: str) -> Macro:
    if macro is None:
        raise NotFound(f"There is no ready-made reply {name[:80]!r}.", fix="/inbox/macros lists them.")
    return macro


def _checked(written: str, what: str, *, longest: int) -> str:
    words = written.strip()
    if not words:
        raise UserError(f"{what} is empty.", fix="Write something.")
    if len(words) > longest:
        raise UserError(f"{what} has {len(words):,} characters.", fix=f"Cut it to {longest:,}.")
    return words


CORRECTION_VERBS = (inbox, staff, macros, put_macro, remove_macro, correct, corrections, export_corrections)
"""Every verb of this module, to be called over the desk's line as well."""


class CorrectionVerbs(Protocol):
    """One method a verb; `Desk` says where each is done."""

    def _do(self, verb: Callable[..., Any], **arguments: Any) -> Any: ...

    def inbox(
        self,
        *,
        states: Sequence[str] = (),
        queue: str = "",
        holder: str = "",
        words: str = "",
        limit: int = 100,
        tenant: str = MAIN_TENANT,
    ) -> InboxList:
        """Hand-offs with what a list shows of them: those that wait longest come first.

        Args:
            states: Only these states; empty for all.
            queue: Only this queue; empty for all.
            holder: Only those that this person has; empty for anybody's.
            words: Only those in whose conversation, name or address these words stand, or that have this id.
            limit: The most, up to 500.
            tenant: Whose they are.

        Raises:
            UserError: There is no such state, or too many are asked for.
        """
        query = InboxQuery(tuple(states), queue, holder, words, limit)
        found: InboxList = self._do(inbox, tenant=tenant, query=query)
        return found

    def staff(self, ids: Sequence[str], *, tenant: str = MAIN_TENANT) -> dict[str, str]:
        """What the people and API keys of these ids are called today; those that nobody knows are left out."""
        names: dict[str, str] = self._do(staff, tenant=tenant, ids=tuple(ids))
        return names

    def macros(self, *, tenant: str = MAIN_TENANT) -> tuple[Macro, ...]:
        """Every ready-made reply, in order of their names."""
        found: tuple[Macro, ...] = self._do(macros, tenant=tenant)
        return found

    def put_macro(
        self, name: str, body: str, *, person_id: str, macro_id: str = "", tenant: str = MAIN_TENANT
    ) -> Macro:
        """Keeps a ready-made reply.

        Args:
            name: What operators find it by; no two have the same.
            body: Its text; `{name}` stands for the customer's name.
            person_id: Who writes it.
            macro_id: The one that is changed; empty for a new one.
            tenant: Whose it is.

        Raises:
            UserError: Name or text is empty or too long, or the name is taken.
            NotFound: There is none of that id.
        """
        saved: Macro = self._do(put_macro, tenant=tenant, name=name, body=body, person_id=person_id, macro_id=macro_id)
        return saved

    def remove_macro(self, macro_id: str, *, person_id: str, tenant: str = MAIN_TENANT) -> Macro:
        """Takes a ready-made reply away, and returns it.

        Raises:
            NotFound: There is none of that id.
        """
        removed: Macro = self._do(remove_macro, tenant=tenant, macro_id=macro_id, person_id=person_id)
        return removed

    def correct(
        self, answer_id: str, kind: str, reply: str, *, person_id: str, title: str = "", tenant: str = MAIN_TENANT
    ) -> Correction:
        """Keeps what should have been answered, once for each kind and answer.

        Args:
            answer_id: The answer, `ans_…`.
            kind: `evaluation`, `training`, or `article`, which drafts one that waits for approval.
            reply: What should have been said.
            person_id: Who corrects.
            title: Of the article; the question without personal details by default.
            tenant: Whose it is.

        Raises:
            NotFound: There is no such answer.
            UserError: The text is empty or too long, or the question was erased.
        """
        kept_one: Correction = self._do(
            correct, tenant=tenant, answer_id=answer_id, kind=kind, reply=reply, person_id=person_id, title=title
        )
        return kept_one

    def corrections(
        self, kind: str = "", *, conversation_id: str = "", tenant: str = MAIN_TENANT
    ) -> tuple[Correction, ...]:
        """Corrections, the newest first; of one kind, or of one conversation, where that is said."""
        found: tuple[Correction, ...] = self._do(corrections, tenant=tenant, kind=kind, conversation_id=conversation_id)
        return found

    def export_corrections(self, kind: str, *, tenant: str = MAIN_TENANT) -> tuple[str, ...]:
        """Corrections as lines of JSON: `evaluation` cases or `training` examples, without personal details.

        Raises:
            UserError: There is no such dataset.
        """
        lines: tuple[str, ...] = self._do(export_corrections, tenant=tenant, kind=kind)
        return lines
