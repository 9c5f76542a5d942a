"""The numbers of a period: what became of the conversations that began in it, and what each number means in words.

Nothing of it is stored; it is counted from facts when somebody asks. What a customer confirmed, what is only
assumed and what nobody knows are never added up. Knows no table and no page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from openbook.types.record import Record

FEW = 30
"""Below so many cases no rate is firm."""

TOO_FEW = "too few to say"

OUTCOMES = ("confirmed", "rejected", "assumed", "reopened", "abandoned", "handed_over", "unknown")
"""What becomes of a conversation: every one that is not young has exactly one of these."""

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "conversations": "Conversations",
        "young": "Too young to tell",
        "answered": "Got an answer",
        "confirmed": "Confirmed",
        "rejected": "Rejected",
        "assumed": "Only assumed",
        "reopened": "Reopened",
        "abandoned": "Abandoned",
        "handed_over": "Handed over",
        "unknown": "Unknown",
        "helpful": "Thumbs that are up",
        "until_claimed": "Until somebody took it",
        "until_replied": "Until the first reply",
        "until_resolved": "Until it was resolved",
        "answer_time": "Until the bot answered",
    }
)
"""What numbers are called on pages and in the terminal."""

MEANING: Mapping[str, str] = MappingProxyType(
    {
        "conversations": "Conversations whose first answer or hand-off was in the period. All rates are of these, "
        "whenever the rest of them happened.",
        "young": "Of these, the ones whose last turn is less than 24 hours old. Nobody can tell yet what becomes of "
        "them, so they are in no rate.",
        "answered": "At least one answer with a citation was sent. It says nothing of whether that helped.",
        "confirmed": "The customer's thumb was up for the last answer, and no person was needed. Words after it to "
        "which the bot had nothing to say, such as thanks, do not undo it.",
        "rejected": "The customer's last thumb was down, and no person was needed.",
        "assumed": "The last answer was sent, and for 24 hours the customer said nothing: no thumb, no word. It may "
        "have helped; nobody said so. Never added to what was confirmed.",
        "reopened": "It had closed as confirmed or assumed after 24 hours of silence, and the customer asked again "
        "within 7 days of that. A conversation that closed less than 7 days ago can still come to this.",
        "abandoned": "The bot asked back or found nothing to say last, and for 24 hours the customer said nothing.",
        "handed_over": "It was handed to a person at least once, whatever came after. A question that was typed in "
        "two messages and answered when it was complete is not counted.",
        "unknown": "The last turn is more than 24 hours old and there is no sign: no thumb, and silence was not "
        "noted. Only a running server notes silence.",
        "helpful": "Of the answers that got a thumb, how many had it up; the customer's last word counts. Few "
        "customers give one, so this says little about the others.",
        "thumbs": "Answers of these conversations by the customer's last thumb, up or down.",
        "answers": "What the bot did, turn by turn: sent an answer, asked back, or said that it had none.",
        "reasons": "Hand-offs by what caused them: the name of a policy; `unsure` where confidence was below the "
        "threshold; `failed`, `busy` or `slow` where no answer could be made. A hand-off counts once each time it "
        "began to wait.",
        "opened": "Hand-offs of these conversations. `reopened` ones had ended, and the same need came back.",
        "now": "Hand-offs at this moment, of any conversation: `waiting` has nobody; with `claimed` the customer "
        "waits for a person's word; with `replied` the person waits for the customer's.",
        "until_claimed": "From the beginning of a hand-off until a person took it or replied, the first time.",
        "until_replied": "From the beginning of a hand-off until a person's first reply.",
        "until_resolved": "From the beginning of a hand-off until it was first resolved. Those that were given back "
        "to the bot or expired have no such time.",
        "without": "Hand-offs that it has not happened to; they are in no median, so look at both.",
        "alarms": "How often an alarm was raised because a hand-off of these conversations waited for too long.",
        "answer_time": "From a message to the bot's answer, as the server measured it; the way to the customer is "
        "not in it.",
        "leads": "Contact forms that were sent in the period.",
        "corrections": "Answers that people corrected in the period.",
        "days": "Conversations by the day on which they began, in UTC.",
        "firm": f"Whether a number rests on {FEW} cases or more. With fewer it is too few to say.",
        "interval": "Wilson's interval: if the period were repeated, the share would lie in such an interval 95 "
        "times of 100.",
    }
)
"""What each number means, in words. Pages, documentation and results all take them from here."""


@dataclass(frozen=True, slots=True)
class Rate(Record):
    """A share with its 95 % interval by Wilson.

    Attributes:
        count: How many have it.
        cases: Of how many.
        value: The share; None without cases, like both ends of the interval.
        firm: Whether there are enough cases to say anything.
    """

    count: int
    cases: int
    value: float | None
    low: float | None
    high: float | None
    firm: bool

    @property
    def in_words(self) -> str:
        """The share with its interval, such as "41% (34-49%)"; of too few cases only that they are."""
        if not self.firm or self.value is None or self.low is None or self.high is None:
            return TOO_FEW
        return f"{self.value:.0%} ({100 * self.low:.0f}-{self.high:.0%})"


@dataclass(frozen=True, slots=True)
class Spread(Record):
    """How long something took.

    Attributes:
        median_seconds: Half of the cases took no longer; None without cases.
        high_seconds: What share of the cases took no longer `percentile` says, in hundredths; None without cases.
        cases: How many times there are.
        without: How many might have such a time and have none.
        firm: Whether there are enough cases to say anything.
    """

    median_seconds: float | None
    high_seconds: float | None
    percentile: int
    cases: int
    without: int
    firm: bool


@dataclass(frozen=True, slots=True)
class Tally(Record):
    """Conversations by what became of them: the period's, one day's or one channel's.

    Attributes:
        name: The day as 2026-03-11, or the channel; empty for the whole period.
        conversations: All of them: `young`, and the others by their outcome.
        answered: Of those that are not young, the ones with an answer that was sent; it overlaps the outcomes.
    """

    name: str
    conversations: int
    young: int
    answered: int
    confirmed: int
    rejected: int
    assumed: int
    reopened: int
    abandoned: int
    handed_over: int
    unknown: int

    @property
    def closed(self) -> int:
        """Those that are not young: what the rates are of."""
        return self.conversations - self.young


@dataclass(frozen=True, slots=True)
class HandoffNumbers(Record):
    """Hand-offs of the conversations of a period; only the last three are of this moment and of any conversation.

    Attributes:
        opened: How many there are.
        reopened: How often one began to wait again after its end.
        alarms: How many alarms were raised.
        reasons: How often each reason made one wait, the commonest first.
    """

    opened: int
    reopened: int
    alarms: int
    reasons: dict[str, int]
    until_claimed: Spread
    until_replied: Spread
    until_resolved: Spread
    waiting_now: int
    claimed_now: int
    replied_now: int


@dataclass(frozen=True, slots=True)
class Stats(Record):
    """The numbers of a period.

    Attributes:
        since: Its beginning.
        until: Its end, which is not in it.
        counted_at: When it was counted; a later count may find outcomes that nobody knew yet.
        total: Its conversations by what became of them.
        rates: Shares of those that are not young, by outcome, and `answered`; `helpful` is of thumbs.
        answers: How many answers were `sent`, `asked_back`, `abstained`.
        thumbs: How many answers have the thumb `up` and `down`.
        answer_time: How long the bot took.
        by_day: Every day of the period, the first one first.
        by_channel: The channel with the most conversations first.
        meaning: What each number means, by its name.
    """

    since: datetime
    until: datetime
    counted_at: datetime
    total: Tally
    rates: dict[str, Rate]
    answers: dict[str, int]
    thumbs: dict[str, int]
    answer_time: Spread
    handoffs: HandoffNumbers
    leads: int
    corrections: int
    by_day: tuple[Tally, ...]
    by_channel: tuple[Tally, ...]
    meaning: dict[str, str]


def in_words(seconds: float | None) -> str:
    """A length of time as people say it: "0.4 s", "12 s", "3.5 min", "2 h", "4 days"; "-" for none."""
    if seconds is None:
        return "-"
    for length, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * length or (seconds >= length and unit != "days"):
            return f"{_rounded(seconds / length)} {unit}"
    return f"{seconds * 1_000:.0f} ms" if seconds < 0.1 else f"{_rounded(seconds)} s"


def _rounded(amount: float) -> str:
    return f"{amount:.1f}".removesuffix(".0") if amount < 10 else f"{amount:.0f}"
