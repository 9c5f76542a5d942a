"""Hand-offs as verbs: open, claim, reply, return, resolve; and what the clock does with those nobody touches.

Each is one transaction; who listens is told after it is durable. The states and their steps are those of
`openbook.types.handoff`. Knows no door and sends nothing: what is to be told outside goes to the jobs.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from openbook.answer import wording
from openbook.conversation.bulletin import Bulletin
from openbook.conversation.handoff_rules import HandoffRules
from openbook.errors import NotFound, UserError
from openbook.stores import Database, handoffs
from openbook.stores.audit import note
from openbook.stores.conversations import (
    append_message,
    find_message,
    get_conversation,
    names_of,
    open_conversation,
)
from openbook.stores.jobs import put_job
from openbook.types import HandoffDetail, HandoffEvent, HandoffState, Message, utc_now

LONGEST_REPLY = 20_000
WISH = "wants_person"
_LIGHT = ("", "failed", "failures", WISH)
"""Reasons that give way to a policy about what the customer says."""

T = TypeVar("T")


def tell_outside(
    connection: Connection, tenant: str, rules: HandoffRules, event: str, handoff_id: str, key: str
) -> None:
    """Puts into the outbox that something happened to a hand-off, once for each kind of delivery.

    Args:
        connection: Of the transaction in which it happens.
        tenant: Whose it is.
        rules: Who is told.
        event: Such as "handoff.waiting" or "handoff.alarm".
        handoff_id: Which.
        key: Makes the telling unique within the hand-off, such as the number of the alarm.
    """
    for kind in rules.deliveries:
        payload = {"event": event, "handoff_id": handoff_id}
        put_job(connection, tenant, kind, payload, idempotency_key=f"{kind}:{handoff_id}:{event}:{key}")


class Handoffs:
    """What people and the clock do with hand-offs.

    Args:
        database: Where they are.
        bulletin: Told of every change.
        rules: What the settings say.
    """

    def __init__(self, database: Database, bulletin: Bulletin, rules: HandoffRules) -> None:
        self._database = database
        self._bulletin = bulletin
        self.rules = rules

    # ------------------------------------------------------------- customers

    def fetch_person(
        self, tenant: str, conversation_id: str, *, visitor_id: str, channel: str, locale: str
    ) -> HandoffDetail:
        """Opens a hand-off by the customer's wish; an open one stays the one it is."""
        now, language = utc_now(), wording.language_of_message("", locale=locale)

        def work(connection: Connection) -> HandoffDetail:
            open_conversation(
                connection, tenant, conversation_id, channel=channel, visitor_id=visitor_id, locale=locale
            )
            current = handoffs.current_handoff(connection, tenant, conversation_id)
            detail = open_or_reopen(
                connection,
                tenant,
                handoffs.fresh_detail(
                    conversation_id,
                    "",
                    reason="The customer asked for a person.",
                    at=now,
                    rule=WISH,
                    language=language,
                    due_at=self.rules.due_at(now),
                ),
                current,
                rules=self.rules,
                channel=channel,
            )
            if current is None or not current.state.is_open:
                said = self.rules.notice(language, at=now)
                append_message(connection, tenant, conversation_id, author="notice", text=said)
            return detail

        detail = self._database.write(work)
        self._bulletin.tell(tenant, conversation_id, "open")
        return detail

    # ------------------------------------------------------------- operators

    def claim(self, tenant: str, handoff_id: str, *, person_id: str, take_over: bool) -> HandoffDetail:
        """Gives a hand-off to a person; the customer is told who is there."""
        event = HandoffEvent.TAKE_OVER if take_over else HandoffEvent.CLAIM

        def work(connection: Connection) -> HandoffDetail:
            detail = self._get(connection, tenant, handoff_id)
            if detail.claimed_by == person_id and detail.state.mutes:
                return detail  # a second click
            waits = detail.state.waits
            changed = self._step(connection, tenant, detail, HandoffEvent.CLAIM if waits else event, person_id)
            self._say(
                connection, tenant, changed, "notice_claimed", name=names_of(connection, tenant, [person_id])[person_id]
            )
            return changed

        return self._done(tenant, work, "claim")

    def release(self, tenant: str, handoff_id: str, *, person_id: str) -> HandoffDetail:
        """Puts a hand-off back among those that wait."""
        return self._simple(tenant, handoff_id, HandoffEvent.RELEASE, person_id)

    def resolve(self, tenant: str, handoff_id: str, *, person_id: str) -> HandoffDetail:
        """Ends a hand-off; the customer is told that they may come back."""
        return self._simple(tenant, handoff_id, HandoffEvent.RESOLVE, person_id, said="notice_resolved")

    def return_to_bot(self, tenant: str, handoff_id: str, *, person_id: str) -> HandoffDetail:
        """Lets the bot answer again; the customer is told so."""
        return self._simple(tenant, handoff_id, HandoffEvent.RETURN, person_id, said="notice_returned")

    def reply(self, tenant: str, handoff_id: str, text: str, *, person_id: str, idempotency_key: str) -> Message:
        """Writes to the customer."""
        words = _checked(text)

        def work(connection: Connection) -> tuple[Message, HandoffDetail]:
            detail = self._get(connection, tenant, handoff_id)
            if idempotency_key and (found := find_message(connection, tenant, idempotency_key)) is not None:
                return found, detail
            latest = handoffs.current_handoff(connection, tenant, detail.conversation_id)
            if latest is not None and latest.id != detail.id:
                raise UserError(
                    "This conversation has a newer hand-off.", fix=f"Reply there: {latest.id}."
                )  # two open ones would be two people in one conversation
            changed = self._step(connection, tenant, detail, HandoffEvent.REPLY, person_id)
            said = append_message(
                connection,
                tenant,
                detail.conversation_id,
                author="operator",
                text=words,
                person_id=person_id,
                idempotency_key=idempotency_key,
            )
            conversation = get_conversation(connection, tenant, detail.conversation_id)
            if conversation is not None and conversation.contact and self.rules.mails_replies:
                payload = {"event": "reply", "handoff_id": handoff_id, "message_id": said.id}
                put_job(connection, tenant, "email", payload, idempotency_key=f"reply:{said.id}")
            return said, changed

        said, detail = self._database.write(work)
        self._bulletin.tell(tenant, detail.conversation_id, "message")
        return said

    def note(self, tenant: str, handoff_id: str, text: str, *, person_id: str, idempotency_key: str) -> Message:
        """Writes an internal note."""
        words = _checked(text)

        def work(connection: Connection) -> tuple[Message, str]:
            detail = self._get(connection, tenant, handoff_id)
            if idempotency_key and (found := find_message(connection, tenant, idempotency_key)) is not None:
                return found, detail.conversation_id
            said = append_message(
                connection,
                tenant,
                detail.conversation_id,
                author="note",
                text=words,
                person_id=person_id,
                idempotency_key=idempotency_key,
            )
            note(connection, tenant, person_id, "", "inbox.note", handoff_id)
            return said, detail.conversation_id

        said, conversation_id = self._database.write(work)
        self._bulletin.tell(tenant, conversation_id, "note")
        return said

    # ----------------------------------------------------------------- clock

    def raise_alarms(self, tenant: str, now: datetime) -> int:
        """Tells of every hand-off that waits for too long; the customer hears it once. Returns how many."""

        def work(connection: Connection) -> list[HandoffDetail]:
            due = handoffs.alarms_due(connection, tenant, now)
            for detail in due:
                next_at = self.rules.due_at(now)
                handoffs.raise_alarm(connection, tenant, detail, at=now, next_at=next_at)
                tell_outside(connection, tenant, self.rules, "handoff.alarm", detail.id, f"{now:%Y%m%dT%H%M%S}")
                if not detail.alarms:
                    self._say(connection, tenant, detail, "notice_late")
            return list(due)

        return self._told(tenant, self._if_any(handoffs.alarms_due, tenant, now, work), "alarm")

    def release_forgotten(self, tenant: str, now: datetime) -> int:
        """Puts claims back whose customers wait for a reply for too long. Returns how many."""
        before = now - self.rules.release_after

        def work(connection: Connection) -> list[HandoffDetail]:
            forgotten = handoffs.untouched_since(connection, tenant, HandoffState.CLAIMED, before)
            return [
                handoffs.step(
                    connection,
                    tenant,
                    detail,
                    HandoffEvent.RELEASE,
                    at=now,
                    reason="Nobody replied for too long.",
                    due_at=self.rules.when_somebody_is_there(now),
                )
                for detail in forgotten
            ]

        return self._told(tenant, self._if_any(_claimed_before, tenant, before, work), "release")

    def expire_silent(self, tenant: str, now: datetime) -> int:
        """Ends hand-offs that have a reply and no further word. Returns how many."""
        before = now - self.rules.expire_after

        def work(connection: Connection) -> list[HandoffDetail]:
            silent = handoffs.untouched_since(connection, tenant, HandoffState.REPLIED, before)
            return [handoffs.step(connection, tenant, detail, HandoffEvent.EXPIRE, at=now) for detail in silent]

        return self._told(tenant, self._if_any(_replied_before, tenant, before, work), "expire")

    # ---------------------------------------------------------------- inside

    def _simple(
        self, tenant: str, handoff_id: str, event: HandoffEvent, person_id: str, *, said: str = ""
    ) -> HandoffDetail:
        def work(connection: Connection) -> HandoffDetail:
            detail = self._get(connection, tenant, handoff_id)
            changed = self._step(connection, tenant, detail, event, person_id)
            if said:
                self._say(connection, tenant, changed, said)
            return changed

        return self._done(tenant, work, event.value)

    def _step(
        self, connection: Connection, tenant: str, detail: HandoffDetail, event: HandoffEvent, person_id: str
    ) -> HandoffDetail:
        now = utc_now()
        due = self.rules.due_at(now) if event is HandoffEvent.RELEASE else None
        changed = handoffs.step(connection, tenant, detail, event, at=now, person_id=person_id, due_at=due)
        note(connection, tenant, person_id, "", f"inbox.{event.value}", detail.id)
        return changed

    def _done(self, tenant: str, work: Callable[[Connection], HandoffDetail], what: str) -> HandoffDetail:
        detail = self._database.write(work)
        self._bulletin.tell(tenant, detail.conversation_id, what)
        return detail

    def _told(self, tenant: str, changed: list[HandoffDetail], what: str) -> int:
        for detail in changed:
            self._bulletin.tell(tenant, detail.conversation_id, what)
        return len(changed)

    def _if_any(
        self,
        look: Callable[[Connection, str, datetime], tuple[HandoffDetail, ...]],
        tenant: str,
        moment: datetime,
        work: Callable[[Connection], list[HandoffDetail]],
    ) -> list[HandoffDetail]:
        """Does the work where a look at the tables finds any, so that the clock writes nothing for nothing."""
        with self._database.read() as connection:
            if not look(connection, tenant, moment):
                return []
        return self._database.write(work)

    def _say(self, connection: Connection, tenant: str, detail: HandoffDetail, key: str, **values: str) -> None:
        text = wording.say(key, language=detail.language or "en", tone="plain", **values)
        append_message(connection, tenant, detail.conversation_id, author="notice", text=text)

    def _get(self, connection: Connection, tenant: str, handoff_id: str) -> HandoffDetail:
        detail = handoffs.get_handoff(connection, tenant, handoff_id)
        if detail is None:
            raise NotFound(
                f"There is no hand-off {handoff_id!r}.", fix="`openbook handoffs` lists those that are open."
            )
        return detail


def open_or_reopen(
    connection: Connection,
    tenant: str,
    fresh: HandoffDetail,
    current: HandoffDetail | None,
    *,
    rules: HandoffRules,
    channel: str,
) -> HandoffDetail:
    """The hand-off that waits from now on: the open one, the last one reopened if it ended lately, or the fresh one."""
    if current is not None and current.state.is_open:
        return _sharpened(connection, tenant, fresh, current, rules=rules)
    if current is not None and handoffs.reopenable(current, at=fresh.created_at, within=rules.reopen_within):
        anew = replace(current, answer_id=fresh.answer_id, reason=fresh.reason, rule=fresh.rule, queue=fresh.queue)
        detail = handoffs.step(
            connection,
            tenant,
            anew,
            HandoffEvent.REOPEN,
            at=fresh.created_at,
            reason=fresh.reason,
            due_at=fresh.due_at,
        )
    else:
        detail = handoffs.open_handoff(connection, tenant, fresh, channel=channel)
    tell_outside(connection, tenant, rules, "handoff.waiting", detail.id, fresh.id)
    return detail


def _sharpened(
    connection: Connection, tenant: str, fresh: HandoffDetail, current: HandoffDetail, *, rules: HandoffRules
) -> HandoffDetail:
    """The open hand-off, which takes over a reason that weighs more than its own; that is told outside once more."""
    weighs_more = fresh.rule not in _LIGHT or (bool(fresh.rule) and not current.rule)
    if not current.state.waits or current.rule not in _LIGHT or not weighs_more or fresh.rule == current.rule:
        return current
    anew = replace(
        current,
        answer_id=fresh.answer_id or current.answer_id,
        reason=fresh.reason,
        rule=fresh.rule,
        queue=fresh.queue,
    )
    at = fresh.created_at
    detail = handoffs.step(connection, tenant, anew, HandoffEvent.WRITE, at=at, reason=fresh.reason)
    tell_outside(connection, tenant, rules, "handoff.waiting", detail.id, fresh.id)
    return detail


def unknown_handoff(handoff_id: str) -> NotFound:
    """What is said of an id that no hand-off has."""
    return NotFound(f"There is no hand-off {handoff_id!r}.", fix="`openbook handoffs` lists those that are open.")


def _claimed_before(connection: Connection, tenant: str, before: datetime) -> tuple[HandoffDetail, ...]:
    return handoffs.untouched_since(connection, tenant, HandoffState.CLAIMED, before)


def _replied_before(connection: Connection, tenant: str, before: datetime) -> tuple[HandoffDetail, ...]:
    return handoffs.untouched_since(connection, tenant, HandoffState.REPLIED, before)


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise UserError("The message is empty.", fix="Write what the customer is to read.")
    if len(words) > LONGEST_REPLY:
        raise UserError(
            f"The message has {len(words):,} characters; at most {LONGEST_REPLY:,} are sent.", fix="Shorten it."
        )
    return words
