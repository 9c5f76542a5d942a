"""What the settings say about hand-offs: hours, alarms, who is told; and what customers hear of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openbook.answer import wording
from openbook.conversation.hours import OpeningHours


@dataclass(frozen=True, slots=True)
class HandoffRules:
    """What the settings say about hand-offs.

    Attributes:
        deliveries: Kinds of jobs that tell of a hand-off outside: of "webhook", "email".
        mails_replies: Whether replies go to the address that a customer left as well.
    """

    hours: OpeningHours
    alarm_after: timedelta = timedelta(minutes=10)
    release_after: timedelta = timedelta(minutes=30)
    expire_after: timedelta = timedelta(hours=72)
    reopen_within: timedelta = timedelta(days=7)
    deliveries: tuple[str, ...] = ()
    mails_replies: bool = False

    def notice(self, language: str, *, at: datetime) -> str:
        """What a customer is told about when somebody reads a hand-off."""
        if self.hours.open_at(at):
            minutes = f"{max(2, round(self.alarm_after.total_seconds() / 60))}"
            return wording.say("notice_soon", language=language, tone="plain", minutes=minutes)
        return wording.say("notice_closed", language=language, tone="plain", when=self.hours.words(at, language))

    def due_at(self, at: datetime) -> datetime:
        """When an alarm is due: after the usual time, which runs only while somebody is there."""
        begins = at if self.hours.open_at(at) else self.hours.opens_next(at) or at
        return self.when_somebody_is_there(begins + self.alarm_after)

    def when_somebody_is_there(self, at: datetime) -> datetime:
        """This moment, or the next opening where nobody is there then."""
        return at if self.hours.open_at(at) else self.hours.opens_next(at) or at
