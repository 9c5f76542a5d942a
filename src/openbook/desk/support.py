"""The verbs of a support desk: conversations, hand-offs, what operators and visitors do in them."""

from collections.abc import Sequence
from typing import Protocol

from openbook.desk import support_verbs as verbs
from openbook.desk.behaving import preview_behaviour
from openbook.desk.quality import QualityVerbs
from openbook.search.intake import quiet
from openbook.stores.ids import new_id
from openbook.types import (
    MAIN_TENANT,
    Answer,
    AskRequest,
    Behaviour,
    Compared,
    Conversation,
    HandoffDetail,
    Message,
    Packet,
    ProgressListener,
)


class SupportVerbs(QualityVerbs, Protocol):
    """One method a verb; `Desk` says where each is done."""

    # ---------------------------------------------------------- conversations

    def conversation(self, conversation_id: str, *, with_notes: bool = True, tenant: str = MAIN_TENANT) -> Conversation:
        """A conversation with its messages.

        Raises:
            NotFound: There is none of that id.
        """
        return self._do(verbs.conversation, tenant=tenant, conversation_id=conversation_id, with_notes=with_notes)

    def messages_behind(
        self, conversation_id: str, ordinal: int, *, with_notes: bool = False, tenant: str = MAIN_TENANT
    ) -> tuple[Message, ...]:
        """The messages of a conversation behind a place, oldest first; none for an unknown one."""
        return self._do(
            verbs.messages_behind,
            tenant=tenant,
            conversation_id=conversation_id,
            ordinal=ordinal,
            with_notes=with_notes,
        )

    def fetch_person(
        self,
        conversation_id: str,
        *,
        visitor_id: str = "",
        channel: str = "web",
        locale: str = "",
        begins: bool = False,
        tenant: str = MAIN_TENANT,
    ) -> HandoffDetail:
        """Hands a conversation over because its customer wishes so; an open hand-off stays the one it is.

        Args:
            conversation_id: The conversation; empty begins one.
            visitor_id: Whose a new one is.
            channel: Of a new one.
            locale: Of the customer, for the words of the notice.
            begins: Makes the conversation if there is none of that id.
            tenant: Whose it is.
        """
        return self._do(
            verbs.fetch_person,
            tenant=tenant,
            conversation_id=conversation_id or new_id("con"),
            begins=begins or not conversation_id,
            visitor_id=visitor_id,
            channel=channel,
            locale=locale,
        )

    def leave_contact(
        self, conversation_id: str, *, name: str = "", contact: str = "", tenant: str = MAIN_TENANT
    ) -> Conversation:
        """Keeps how a customer can be reached.

        Raises:
            UserError: The address is no e-mail address.
        """
        return self._do(verbs.leave_contact, tenant=tenant, conversation_id=conversation_id, name=name, contact=contact)

    def feedback(self, answer_id: str, *, helpful: bool, visitor_id: str = "", tenant: str = MAIN_TENANT) -> None:
        """Keeps what the customer says of an answer that was sent; the last word counts.

        Raises:
            NotFound: There is no such answer of this visitor.
        """
        self._do(verbs.feedback, tenant=tenant, answer_id=answer_id, helpful=helpful, visitor_id=visitor_id)

    def rescue(self, request: AskRequest, *, why: str) -> Answer:
        """Keeps a message that could not be answered, and hands it over.

        Args:
            request: The message; give it an idempotency key, so that a late answer is not a second one.
            why: `busy` or `slow`.
        """
        return self._do(verbs.rescue, request=request, why=why)

    def preview_behaviour(
        self,
        behaviour: Behaviour,
        *,
        questions: Sequence[str] = (),
        audiences: Sequence[str] | None = None,
        tenant: str = MAIN_TENANT,
        progress: ProgressListener = quiet,
    ) -> tuple[Compared, ...]:
        """Which answers another behaviour would change; nothing is kept.

        Args:
            behaviour: The one to try.
            questions: What is asked; by default what customers asked last.
            audiences: Only past questions that were asked with these; by default all.
            tenant: Whose knowledge.
            progress: Told how many are done.
        """
        return self._do(
            preview_behaviour,
            tenant=tenant,
            behaviour=behaviour,
            questions=tuple(questions),
            audiences=None if audiences is None else tuple(audiences),
            progress=progress,
        )

    def erase_conversation(self, conversation_id: str, *, person_id: str = "", tenant: str = MAIN_TENANT) -> int:
        """Destroys every word of a conversation: messages, notes, answers, name, address, contact forms.

        What stays names no word: hashes, times, scores, steps of its hand-off. Returns how many texts were destroyed.

        Raises:
            NotFound: There is none of that id.
        """
        return self._do(verbs.erase_conversation, tenant=tenant, conversation_id=conversation_id, person_id=person_id)

    # --------------------------------------------------------------- hand-offs

    def handoffs(
        self, *, states: Sequence[str] = (), limit: int = 200, tenant: str = MAIN_TENANT
    ) -> tuple[HandoffDetail, ...]:
        """Hand-offs in these states, by default all that are open; those that wait longest come first."""
        return self._do(verbs.list_handoffs, tenant=tenant, states=tuple(states), limit=limit)

    def handoff(self, handoff_id: str, *, tenant: str = MAIN_TENANT) -> HandoffDetail:
        """One hand-off with its steps.

        Raises:
            NotFound: There is none of that id.
        """
        return self._do(verbs.handoff, tenant=tenant, handoff_id=handoff_id)

    def retry_deliveries(self, *, tenant: str = MAIN_TENANT) -> int:
        """Lets every delivery that failed for good be tried anew; returns how many."""
        return self._do(verbs.retry_deliveries, tenant=tenant)

    def packet(self, handoff_id: str, *, tenant: str = MAIN_TENANT) -> Packet:
        """Everything a person needs to take a hand-off over."""
        return self._do(verbs.packet, tenant=tenant, handoff_id=handoff_id)

    def claim(
        self, handoff_id: str, *, person_id: str, take_over: bool = False, tenant: str = MAIN_TENANT
    ) -> HandoffDetail:
        """Takes a hand-off; from now on the bot is silent there.

        Args:
            handoff_id: Which.
            person_id: Who takes it.
            take_over: Take it from whoever has it.
            tenant: Whose it is.

        Raises:
            UserError: Somebody else has it, or it is over.
        """
        return self._do(verbs.claim, handoff_id=handoff_id, person_id=person_id, take_over=take_over, tenant=tenant)

    def release(self, handoff_id: str, *, person_id: str, tenant: str = MAIN_TENANT) -> HandoffDetail:
        """Puts a hand-off back among those that wait."""
        return self._do(verbs.release, handoff_id=handoff_id, person_id=person_id, tenant=tenant)

    def reply(
        self, handoff_id: str, text: str, *, person_id: str, idempotency_key: str = "", tenant: str = MAIN_TENANT
    ) -> Message:
        """Writes to the customer, and takes the hand-off if nobody has it.

        Raises:
            UserError: Somebody else has it, or the text is empty or too long.
        """
        return self._do(
            verbs.reply,
            tenant=tenant,
            handoff_id=handoff_id,
            text=text,
            person_id=person_id,
            idempotency_key=idempotency_key or new_id("req"),  # else a verb that is done twice would say it twice
        )

    def note(
        self, handoff_id: str, text: str, *, person_id: str, idempotency_key: str = "", tenant: str = MAIN_TENANT
    ) -> Message:
        """Writes an internal note, which no customer sees; anybody may, whoever has the hand-off."""
        return self._do(
            verbs.note,
            tenant=tenant,
            handoff_id=handoff_id,
            text=text,
            person_id=person_id,
            idempotency_key=idempotency_key or new_id("req"),  # else a verb that is done twice would say it twice
        )

    def return_to_bot(self, handoff_id: str, *, person_id: str, tenant: str = MAIN_TENANT) -> HandoffDetail:
        """Lets the bot answer again."""
        return self._do(verbs.return_to_bot, handoff_id=handoff_id, person_id=person_id, tenant=tenant)

    def resolve(self, handoff_id: str, *, person_id: str, tenant: str = MAIN_TENANT) -> HandoffDetail:
        """Ends a hand-off; the same need within `handoff.reopen_days` reopens it."""
        return self._do(verbs.resolve, handoff_id=handoff_id, person_id=person_id, tenant=tenant)
