"""Prepares the inbox for people: the list in words, and a hand-off's packet with its conversation on one screen.

Knows no HTML and no form; who may do what comes from the guest, what can be done from the machine of states.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from openbook.answer.explanation import USUAL
from openbook.desk import Desk
from openbook.errors import NotFound
from openbook.server.answer_view import Piece, lines_of
from openbook.server.guests import Guest
from openbook.types import (
    Answer,
    Citation,
    HandoffDetail,
    HandoffEvent,
    HandoffState,
    HandoffStep,
    Message,
    Packet,
    utc_now,
)
from openbook.types.correction import Correction, CorrectionKind, InboxRow, Macro
from openbook.types.handoff import after, belongs_to_another

VISITOR = "Visitor"
_FIRST_WORDS = 160
_NAME = re.compile(r"\s*\{name\}")
_STATES = {
    HandoffState.WAITING: "Waiting",
    HandoffState.CLAIMED: "Somebody has it",
    HandoffState.REPLIED: "Replied",
    HandoffState.RETURNED: "Back with the bot",
    HandoffState.RESOLVED: "Resolved",
    HandoffState.REOPENED: "Waiting again",
    HandoffState.EXPIRED: "Ended in silence",
}
_STEPS = {
    HandoffEvent.OPEN: "Handed over",
    HandoffEvent.CLAIM: "Claimed",
    HandoffEvent.TAKE_OVER: "Taken over",
    HandoffEvent.RELEASE: "Released",
    HandoffEvent.REPLY: "Replied",
    HandoffEvent.WRITE: "The customer wrote",
    HandoffEvent.RETURN: "Returned to the bot",
    HandoffEvent.RESOLVE: "Resolved",
    HandoffEvent.REOPEN: "Reopened",
    HandoffEvent.EXPIRE: "Ended, as nobody wrote any more",
}
_RULES = {"": "not sure enough", "wants_person": "asked for a person", "failed": "an error"}
_PARTS = {
    "similarity": "The best passage means what the question means",
    "sentence_similarity": "One sentence comes close to the question",
    "question_coverage": "The quoted text has what was asked",
    "context_coverage": "The passage around it has what was asked",
    "known_words": "The question's words stand in what was found",
    "agreement": "Search by words and by meaning found the same passage",
    "keyword_share": "No other passage has more of the question's words",
    "retrieval_margin": "No other article fits almost as well",
    "sentence_margin": "No other sentence fits equally well",
    "same_subject": "The passage is about what the question names",
    "answer_type": "An amount or time that was asked for is named",
    "exact_terms": "Codes and numbers of the question stand there",
    "scope": "The articles are about such questions at all",
    "rank_agreement": "The cited passage came first in every ranking",
    "says_enough": "The question says enough by itself",
    "freshness": "Nothing newer was found beside it",
}
_LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
}
_NEAR, _FAR = 0.95, 0.6
KEPT_AS = {
    CorrectionKind.EVALUATION: "an evaluation case",
    CorrectionKind.TRAINING: "a training example",
    CorrectionKind.ARTICLE: "the draft of an article",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A hand-off as the list shows it.

    Attributes:
        name: Of the customer, or that it is a visitor.
        words: The first words of the question.
        waited: How long it has been as it is, such as "12 minutes".
        alarm: Whether nobody took it in time.
        mine: Whether the viewer has it.
    """

    handoff: HandoffDetail
    name: str
    words: str
    holder: str
    since: datetime
    waited: str
    alarm: bool
    mine: bool
    state: str
    rule: str
    language: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the confidence: what it says, its value in percent, and how that is beside right answers."""

    words: str
    percent: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the conversation shows it.

    Attributes:
        who: Who says it, in words.
        lines: Its text; of a bot's answer with the numbers of its citations.
        citations: What a bot's answer cites.
        kept: The corrections that the answer has.
    """

    message: Message
    who: str
    lines: tuple[tuple[Piece, ...], ...]
    citations: tuple[Citation, ...] = ()
    kept: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """A step as the log shows it."""

    words: str
    who: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Screen:
    """A hand-off on one screen.

    Attributes:
        title: Who the customer is.
        holder: The name of whoever has it; empty for nobody.
        mine: Whether the viewer has it.
        can: What the viewer may do now, by the names of `openbook.server.inbox_acts`.
        last_reply: What an operator wrote last; empty for nothing.
        macros: Ready-made replies, with the customer's name in them.
    """

    packet: Packet
    title: str
    state: str
    rule: str
    language: str
    holder: str
    mine: bool
    can: frozenset[str]
    said: tuple[Said, ...]
    parts: tuple[Part, ...]
    steps: tuple[Done, ...]
    last_reply: str
    macros: tuple[Macro, ...]


def listed(rows: Sequence[InboxRow], guest: Guest) -> list[Listed]:
    """The rows of the list, in words."""
    now = utc_now()
    return [
        Listed(
            handoff=row.handoff,
            name=row.name or VISITOR,
            words=_first_words(row.question),
            holder=row.holder,
            since=row.since,
            waited=lasting(row.since, now),
            alarm=row.handoff.state.waits and (row.handoff.alarms > 0 or _late(row.handoff, now)),
            mine=row.handoff.state.mutes and row.handoff.claimed_by == guest.person_id,
            state=_STATES[row.handoff.state],
            rule=rule_in_words(row.handoff.rule),
            language=_LANGUAGES.get(row.handoff.language, row.handoff.language),
        )
        for row in rows
    ]


def screen_of(desk: Desk, guest: Guest, handoff_id: str) -> Screen:
    """Everything that is shown of a hand-off.

    Raises:
        NotFound: There is no such hand-off.
    """
    packet = desk.packet(handoff_id, tenant=guest.tenant)
    detail, names = packet.handoff, desk.staff(staff_in(packet), tenant=guest.tenant)
    replies = [said.text for said in packet.messages if said.author == "operator" and said.text]
    return Screen(
        packet=packet,
        title=packet.name or VISITOR,
        state=_STATES[detail.state],
        rule=rule_in_words(detail.rule),
        language=_LANGUAGES.get(detail.language, detail.language),
        holder=names.get(detail.claimed_by, detail.claimed_by) if detail.state.mutes else "",
        mine=detail.state.mutes and detail.claimed_by == guest.person_id,
        can=what_can_be_done(detail, guest),
        said=_conversation(desk, guest, packet, names),
        parts=parts_in_words(packet.confidence_parts),
        steps=tuple(_done(step, names, packet.name or VISITOR) for step in detail.steps),
        last_reply=replies[-1] if replies else "",
        macros=tuple(_filled(macro, packet.name) for macro in desk.macros(tenant=guest.tenant)),
    )


def staff_in(packet: Packet) -> tuple[str, ...]:
    """The ids of everybody of the staff who did something in a hand-off, or has it."""
    detail = packet.handoff
    ids = (detail.claimed_by, *(step.person_id for step in detail.steps), *(said.person_id for said in packet.messages))
    return tuple(dict.fromkeys(identifier for identifier in ids if identifier))


def what_can_be_done(detail: HandoffDetail, guest: Guest) -> frozenset[str]:
    """What somebody may do with a hand-off as it is, by the names of `openbook.server.inbox_acts`."""
    if not guest.may("work_inbox"):
        return frozenset()
    mine = detail.state.mutes and detail.claimed_by == guest.person_id
    can = {"note"}
    for event in (HandoffEvent.REPLY, HandoffEvent.RELEASE, HandoffEvent.RETURN, HandoffEvent.RESOLVE):
        another = belongs_to_another(detail.state, event, holder=detail.claimed_by, person_id=guest.person_id)
        if after(detail.state, event) is not None and not another:
            can.add(event.value)
    if detail.state.waits:
        can.add("claim")
    if detail.state.mutes and not mine and guest.may("take_over"):
        can.add("take_over")
    return frozenset(can)


def parts_in_words(parts: Mapping[str, float]) -> tuple[Part, ...]:
    """The parts of a confidence beside their usual value in right answers, the worst first."""
    worst_first = sorted(parts.items(), key=lambda part: part[1] / (USUAL.get(part[0]) or 1.0))
    return tuple(
        Part(_PARTS.get(name, name.replace("_", " ")), round(100 * value), _verdict(value, USUAL.get(name)))
        for name, value in worst_first
    )


def rule_in_words(rule: str) -> str:
    """The name of a policy as people read it."""
    return _RULES.get(rule, rule.replace("_", " "))


def lasting(since: datetime, now: datetime) -> str:
    """How long something lasts, such as "12 minutes"."""
    seconds = max(0, int((now - since).total_seconds()))
    for length, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if count := seconds // length:
            return f"{count} {name}{'s' * (count > 1)}"
    return "less than a minute"


def _verdict(value: float, usual: float | None) -> str:
    if usual is None or value >= _NEAR * usual:
        return "as in right answers"
    return "lower than in right answers" if value >= _FAR * usual else "much lower than in right answers"


def _late(detail: HandoffDetail, now: datetime) -> bool:
    return detail.due_at is not None and detail.due_at <= now


def _first_words(question: str | None) -> str:
    words = " ".join((question or "").split())
    return words if len(words) <= _FIRST_WORDS else f"{words[:_FIRST_WORDS].rsplit(' ', 1)[0]} …"


def _filled(macro: Macro, name: str) -> Macro:
    """A ready-made reply with the customer's name; where nobody knows it, without a gap."""
    spelt = f" {name}" if name else ""

    def called(found: re.Match[str]) -> str:
        return spelt if found[0] != "{name}" else spelt.lstrip()

    return Macro(macro.id, macro.name, _NAME.sub(called, macro.body), macro.person_id, macro.created_at)


def _conversation(desk: Desk, guest: Guest, packet: Packet, names: Mapping[str, str]) -> tuple[Said, ...]:
    conversation_id = packet.handoff.conversation_id
    corrected: dict[str, list[Correction]] = {}
    for correction in desk.corrections(conversation_id=conversation_id, tenant=guest.tenant):
        corrected.setdefault(correction.answer_id, []).append(correction)
    shown = []
    for message in packet.messages:
        answer = _answer(desk, guest, message.answer_id) if message.answer_id else None
        shown.append(
            Said(
                message=message,
                who=_who(message, names, packet.name),
                lines=_lines(message, answer),
                citations=answer.citations if answer else (),
                kept=tuple(reversed(corrected.get(message.answer_id, ()))),
            )
        )
    return tuple(shown)


def _answer(desk: Desk, guest: Guest, answer_id: str) -> Answer | None:
    try:
        return desk.receipt(answer_id, tenant=guest.tenant).answer
    except NotFound:
        return None


def _lines(message: Message, answer: Answer | None) -> tuple[tuple[Piece, ...], ...]:
    if answer is not None and answer.text == message.text:
        return tuple(tuple(line) for line in lines_of(answer))
    return tuple((Piece(line),) for line in (message.text or "").split("\n"))


def _who(message: Message, names: Mapping[str, str], customer: str) -> str:
    if message.author == "customer":
        return customer or VISITOR
    if message.author in ("bot", "notice"):
        return "Bot" if message.author == "bot" else "Automatic notice"
    return names.get(message.person_id, "Operator")


def _done(step: HandoffStep, names: Mapping[str, str], customer: str) -> Done:
    usual = customer if step.event is HandoffEvent.WRITE else ""
    words = _STEPS[step.event]
    if step.event is HandoffEvent.RELEASE and not step.person_id:
        words = "Taken back"
    return Done(words, names.get(step.person_id, step.person_id) or usual, step.reason, step.created_at)
