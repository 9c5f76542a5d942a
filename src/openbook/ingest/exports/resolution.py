"""Decides whether a person resolved a ticket and somebody confirmed it, and which words did.

A closed ticket proves nothing: tickets are closed by timers, by macros and in despair. An answer is
taken as a resolution if all of this holds:

1. The ticket is solved or closed, for otherwise it is still going on.
2. The customer did not rate it badly, for that outweighs any politeness.
3. The last message with matter in it is an operator's. Thanks, greetings, farewells and requests
   for a rating are passed over; if then a bot spoke last, nobody knows whether it was right, and if
   the customer did, the question was still open.
4. That message tells something: it does not only ask back, promise to look into it, pass it on, or
   send the customer elsewhere. "Write to us if it happens again" does no harm: that is a condition.
5. It is confirmed: the customer said afterwards that it works, or gave thanks and nothing more, or
   rated it well; or a person marked the answer in the help desk, and then that one counts.

Thanks "in advance" or with "I will try" are no confirmation, nor are those next to a "but", a "still"
or another question. The rules are meant to miss good answers rather than take bad ones.

The phrases are those of `phrases`, in four languages: in others only a rating or a mark confirms.
The module does not know whether an answer is still true, or fits anyone but this customer.
"""

from openbook.ingest.exports.case import Case
from openbook.ingest.exports.phrases import Act, says
from openbook.ingest.sentences import split_sentences
from openbook.types import TicketMessage

RATED_WELL = 0.75
RATED_BADLY = 0.5
_THANKS_LIMIT = 200
_COURTESY_WORDS = 20
_LEAST_WORDS = 3


def confirmed_answer(case: Case) -> str:
    """The operator's words that resolved a ticket, unmasked; empty unless a person confirmed them."""
    ticket = case.ticket
    if not ticket.solved or (ticket.csat is not None and ticket.csat < RATED_BADLY):
        return ""
    if case.accepted:
        return case.accepted if tells_something(case.accepted) else ""
    is_confirmed = ticket.csat is not None and ticket.csat >= RATED_WELL
    for message in reversed(ticket.messages):
        if message.author == "customer" and confirms(message.text):
            is_confirmed = True
        elif not _is_courtesy(message.text):
            return message.text if is_confirmed and _is_answer(message) else ""
    return ""


def confirms(text: str) -> bool:
    """Whether a customer's message says that it works, or gives thanks and says nothing more."""
    if "?" in text or says(text, Act.FAILED):
        return False
    if says(text, Act.WORKED):
        return True
    return len(text) <= _THANKS_LIMIT and says(text, Act.THANKED) and not says(text, Act.INTENDED)


def tells_something(text: str) -> bool:
    """Whether a message has a sentence with matter in it, and does not hand the question on."""
    sentences = [span.of(text) for span in split_sentences(text)]
    if any(_hands_on(sentence) for sentence in sentences):
        return False
    return any(_has_matter(sentence) for sentence in sentences)


def _is_answer(message: TicketMessage) -> bool:
    return message.author == "operator" and tells_something(message.text)


def _is_courtesy(text: str) -> bool:
    """Whether every sentence of a message is a mere form of politeness, and none asks or hands on."""
    sentences = [span.of(text) for span in split_sentences(text)]
    return not any(_has_matter(each) or _hands_on(each) or _asks(each) for each in sentences)


def _has_matter(sentence: str) -> bool:
    if _asks(sentence) or len(sentence.split()) < _LEAST_WORDS:
        return False
    is_polite = says(sentence, Act.COURTEOUS) and len(sentence.split()) <= _COURTESY_WORDS
    return not is_polite and not says(sentence, Act.PROMISED)


def _asks(sentence: str) -> bool:
    return sentence.rstrip("\"'”’)»").endswith("?") and not says(sentence, Act.COURTEOUS)


def _hands_on(sentence: str) -> bool:
    """Whether somebody else, or a later message, is to answer; what is only offered for a case does not count."""
    if says(sentence, Act.CONDITIONAL):
        return False
    return says(sentence, Act.PROMISED) or (says(sentence, Act.SENT_ELSEWHERE) and not says(sentence, Act.COURTEOUS))
