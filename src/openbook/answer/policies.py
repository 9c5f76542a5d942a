"""Policies: which messages go to a person whatever the knowledge says, by rules that always decide the same.

The rules look at the form of a message (asking for advice on one's own body, announcing a lawyer, asking for
one's data), not at its topic alone: "may I return the crutches" is no question about health. Their forms are
in `rules/`, by language. They know neither the knowledge nor the conversation, but for what `Signals` says.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from openbook.answer.forms import ends_of, fold, forms_of, is_of, read
from openbook.answer.message import wants_person
from openbook.types.behaviour import Behaviour, Ruling, Signals

ALWAYS = "self_harm"
ANGER = "anger"
"""The one policy that cannot be switched off."""

_BESIDE_ITSELF = 3
_ANGRY = 2
_MOST_OF_A_KIND = 2
_SHOUTED = re.compile(r"(?<![\w-])[A-ZÄÖÜÉÈÀ]{3,}(?![\w-])")
_CALLED_OUT = re.compile(r"[!?]{3,}|\?!|!\?|!!|¡{2,}")
_UNPARTED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\u1100-\u11ff\uac00-\ud7af]")
_LONG = 6


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule that hands over.

    Attributes:
        about: What it is for, in a line.
        reason: For the operator.
        queue: Where such a hand-off should go; empty for the usual queue.
        key: Which of the house's sentences the customer reads.
    """

    about: str
    reason: str
    key: str
    queue: str = ""


_POLICIES = {
    ALWAYS: Policy(
        "The customer speaks of killing or hurting themselves, or of somebody who does. Cannot be switched off.",
        "The customer speaks of somebody's wish to die or of self-harm.",
        "policy_self_harm",
        "safety",
    ),
    "threat": Policy(
        "The customer threatens people, a place or property with violence.",
        "The customer threatens with violence.",
        "policy_threat",
        "safety",
    ),
    "legal_deadline": Policy(
        "A lawyer, a court, an authority or a formal deadline is announced.",
        "The customer announces a lawyer, a court, an authority or a formal deadline.",
        "policy_legal_deadline",
        "legal",
    ),
    "data_request": Policy(
        "The customer asks to see, have, correct or delete their own data, or objects to its use.",
        "The customer asks for something to be done with their personal data; the law sets a time for it.",
        "policy_data_request",
        "privacy",
    ),
    "payment_dispute": Policy(
        "The customer disputes a payment: taken twice, never authorised, for nothing, by a thief.",
        "The customer disputes a payment.",
        "policy_payment_dispute",
        "payments",
    ),
    "press": Policy(
        "A journalist wants a statement, an interview or to film.",
        "The message seems to come from the press.",
        "policy_press",
        "press",
    ),
    "wants_person": Policy(
        "The customer asks for a person in so many words.",
        "The customer asked for a person.",
        "wish",
    ),
    "never": Policy(
        "The message has a topic of `behaviour.never`.",
        "The message is about {topic}, which is never answered automatically.",
        "policy_never",
    ),
    "advice_health": Policy(
        "The customer asks for advice on somebody's health.",
        "The customer asks for advice on health.",
        "policy_advice_health",
    ),
    "advice_law": Policy(
        "The customer asks for advice on the law or their rights.",
        "The customer asks for legal advice.",
        "policy_advice_law",
        "legal",
    ),
    "advice_money": Policy(
        "The customer asks for advice on investments, loans, debts or taxes.",
        "The customer asks for advice on money or taxes.",
        "policy_advice_money",
    ),
    "anger": Policy(
        "The customer is beside themselves, or angry for the second time.",
        "The customer is very angry.",
        "policy_anger",
    ),
    "failures": Policy(
        "So many messages in a row as `behaviour.failures` says got no answer.",
        "{count} messages in a row got no answer.",
        "policy_failures",
    ),
}
"""The policies in the order in which they are tried; the first that fits decides."""

RULES = {name: policy.about for name, policy in _POLICIES.items()}
"""Every policy's name with what it is for."""


def judge(message: str, behaviour: Behaviour, signals: Signals) -> Ruling | None:
    """The ruling of the first policy that fits a message, or None where none does.

    Args:
        message: As it was typed; of a long one the first and the last 2,000 characters are looked at.
        behaviour: Which policies are off, and which topics are never answered.
        signals: What the conversation has come to.
    """
    ends = ends_of(message)
    for name, fits in _tests(behaviour, signals):
        if name == ALWAYS or name not in behaviour.off:
            found = fits(ends)
            if found:
                return _ruling(name, topic=found if isinstance(found, str) else "")
    return None


def gives_up(behaviour: Behaviour, signals: Signals) -> Ruling | None:
    """The ruling where one more message gets no answer: a person is fetched after so many in a row.

    Args:
        behaviour: After how many; 0 is never.
        signals: How many there were before this one.
    """
    count = signals.failures + 1
    if "failures" in behaviour.off or not 0 < behaviour.failures <= count:
        return None
    return _ruling("failures", count=str(count))


def is_angry(message: str) -> bool:
    """Whether a message sounds angry; a second one in a conversation goes to a person.

    Args:
        message: As it was typed.
    """
    return _anger(ends_of(message)) >= _ANGRY


def wording_of(rule: str) -> str:
    """Which of the house's sentences a customer reads under a policy, by its key in `wording`.

    Args:
        rule: The policy's name; of one that is not known any more, the sentence of every hand-off.
    """
    return _POLICIES[rule].key if rule in _POLICIES else "hand_off"


def _tests(behaviour: Behaviour, signals: Signals) -> list[tuple[str, Callable[[str], bool | str]]]:
    """What each policy that looks at the message asks of it, in order."""

    def never(message: str) -> str:
        return _never(message, behaviour.never)

    def beside_itself(message: str) -> bool:
        return _anger(message) >= (_ANGRY if signals.anger else _BESIDE_ITSELF)

    own: dict[str, Callable[[str], bool | str]] = {
        "wants_person": wants_person,
        "never": never,
        "anger": beside_itself,
    }
    return [(name, own.get(name, _of(name))) for name in _POLICIES if name != "failures"]


def _of(name: str) -> Callable[[str], bool]:
    """Whether a message is of one of the forms that a file has for a policy."""
    return lambda message: is_of(name, message)


def _ruling(name: str, *, topic: str = "", count: str = "") -> Ruling:
    policy = _POLICIES[name]
    return Ruling(name, policy.reason.format(topic=f"“{topic}”", count=count), policy.queue)


def _anger(message: str) -> int:
    """How angry a message is: words by their points, shouting and calling out one point each."""
    reading = read(message)
    points = 0
    for form in forms_of("anger"):
        found = {hit[0].strip() for sentence in reading.sentences for hit in form.found(sentence)}
        points += form.points * min(_MOST_OF_A_KIND, len(found))
    if points < _ANGRY:
        return points
    shouted = len(_SHOUTED.findall(message)) > 1
    return points + shouted + bool(_CALLED_OUT.search(message))


def _never(message: str, topics: tuple[str, ...]) -> str:
    """The first of these topics that a message has; empty for none."""
    if not topics:
        return ""
    whole = read(message).whole.replace("?", " ")
    return next((topic for topic, wanted in _wanted(topics) if wanted.search(whole)), "")


@lru_cache(maxsize=16)
def _wanted(topics: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What finds each topic in a folded message: its words in a row, the last one in the plural too."""
    return tuple(
        (topic, _pattern(words)) for topic in topics if (words := read(ends_of(topic)).whole.strip(" ?").split())
    )


def _pattern(words: list[str]) -> re.Pattern[str]:
    phrase = r"\s+".join(map(re.escape, words))
    if _UNPARTED.search(fold(phrase)):
        return re.compile(phrase)
    last = words[-1]
    endings = "s|es" + ("|e|n|en|er" if len(last) >= _LONG else "")
    if last.endswith("y"):
        return re.compile(rf"(?<!\w){phrase[:-1]}(?:y|ies|ys)(?!\w)")
    return re.compile(rf"(?<!\w){phrase}(?:{endings})?(?!\w)")
