"""The words of what is told outside, read when it is told: hand-offs, alarms, replies by e-mail, leads."""

from typing import Any

from openbook.desk import Desk
from openbook.errors import NotFound
from openbook.server.deliveries import Told
from openbook.stores.leads import get_lead
from openbook.types import Packet, to_plain

_LONGEST_SUBJECT = 80
_SUBJECTS = {
    "handoff.waiting": "A customer waits: {question}",
    "handoff.alarm": "Still nobody has this: {question}",
}


class Telling:
    """Makes the words of jobs.

    Args:
        desk: Whose.
        address: Where people reach the server, such as `https://help.example.com`; empty: links are left out.
    """

    def __init__(self, desk: Desk, *, address: str) -> None:
        self._desk = desk
        self._address = address.rstrip("/")

    def __call__(self, tenant: str, payload: dict[str, Any]) -> Told | None:
        """The words for a payload; None where what it was about is gone or was erased."""
        event = str(payload.get("event", ""))
        if event == "lead":
            return self._lead(tenant, str(payload["lead_id"]))
        try:
            packet = self._desk.packet(str(payload["handoff_id"]), tenant=tenant)
        except NotFound:
            return None
        if event == "reply":
            return self._reply(packet, str(payload["message_id"]))
        return self._waiting(packet, event)

    def _waiting(self, packet: Packet, event: str) -> Told | None:
        """Tells of a hand-off that somebody is needed for; of one that somebody has by now there is no need."""
        if packet.question is None or not packet.handoff.state.waits:
            return None
        question = _one_line(packet.question) or "a person is wished for"
        wrote = f"The customer wrote: {packet.question}" if packet.question else "The customer wishes for a person."
        lines = [
            wrote,
            f"Why it was handed over: {packet.handoff.reason}",
        ]
        if packet.name or packet.contact:
            lines.append(f"Who it is: {packet.name} {packet.contact}".rstrip())
        if packet.suggestion is not None:
            sources = ", ".join(packet.suggestion.titles)
            lines.append(f"What the articles say (check it before you send it): {packet.suggestion.text} [{sources}]")
        link = f"{self._address}/inbox/{packet.handoff.id}" if self._address else ""
        if link:
            lines.append(f"Answer here: {link}")
        plain = to_plain(packet)
        data = {
            "handoff": {**plain["handoff"], "steps": []},
            "question": packet.question,
            "understood": plain["understood"],
            "confidence": packet.confidence,
            "suggestion": plain["suggestion"],
            "link": link,
        }
        subject = _SUBJECTS.get(event, "{question}").format(question=question)
        return Told(subject=subject, text="\n\n".join(lines), data=data)

    def _reply(self, packet: Packet, message_id: str) -> Told | None:
        """The words of an operator, for the address that the customer left."""
        said = next((message.text for message in packet.messages if message.id == message_id), None)
        if said is None or not packet.contact:
            return None
        asked = _one_line(packet.question or "")
        subject = f"Re: {asked}" if asked else "Our answer to you"
        return Told(subject=subject, text=said, data={"message_id": message_id}, to=packet.contact)

    def _lead(self, tenant: str, lead_id: str) -> Told | None:
        with self._desk.parts.database.read() as connection:
            lead = get_lead(connection, tenant, lead_id)
        if lead is None or lead.fields is None:
            return None
        text = "\n".join(f"{name}: {value}" for name, value in lead.fields.items())
        return Told(subject="Somebody left their details", text=text, data={"lead": to_plain(lead)})


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 1]}…"
