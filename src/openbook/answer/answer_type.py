"""What kind of answer a question asks for, by its form: a price, an amount, a temperature, a time.

"How much does delivery cost?" is answered by a sentence with a price in it, and no other sentence
answers it however near it is. English and German; a question of no such kind fits every text.
"""

import re

_NUMBER_WORDS = (
    r"none|no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|half|hundred|thousand|million|"
    r"keine?[mnrs]?|eine?[mnrs]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|hundert|tausend"
)
_UNITS_OF_TIME = (
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|sekunden?|minuten?|stunden?|tagen?|tage|wochen?|monaten?|"
    r"monate|jahren?|jahre"
)
_MOMENTS = (
    r"(mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|august|september|october|"
    r"november|december|today|tomorrow|immediately|instantly|straight away|at once|until|before|after|once|when|"
    r"as soon as|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|januar|februar|märz|mai|juni|juli|oktober|"
    r"dezember|heute|morgen|sofort|bis|nach|sobald|lifetime|never|always"
)


def _kind(asked: str, answered: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(rf"\b({asked})\b", re.IGNORECASE), re.compile(answered, re.IGNORECASE)


_PRICE = _kind(
    r"how much (is|are|does|do|will|would|did)( \w+){0,6} (cost|charged?|pay)|how expensive|"
    r"what (does|do|will|would)( \w+){0,6} cost|(price|cost|fee) (of|for)|(was|wie ?viel) kostet|wie teuer",
    r"[€£$¥%]|\b(free|percent|eur|euros?|gbp|pounds?|usd|dollars?|gratis|kostenlos|frei|prozent)\b",
)
_TEMPERATURE = _kind(
    r"(what|which|how high a|welcher|welche) temperature?n?|temperatur|how (hot|cold|warm)|wie (heiß|warm|kalt)",
    r"-?\d+ ?(°|degrees?|grad|[cf]\b)|\b(cold|cool|lukewarm|warm|hot|kalt|lauwarm|heiß)\b",
)
_AMOUNT = _kind(
    r"how (many|much|heavy|big|large|tall|wide|far|fast)|"
    r"what (is|are) the (price|cost|fee|limit|maximum|minimum|weight|size)|wie ?viele?|wie (schwer|groß|weit|schnell)",
    rf"\d|\b(free|{_NUMBER_WORDS})\b",
)
_TIME = _kind(
    r"when|how (long|soon|often|quickly|late|early)|what time|which day|wann|wie (lange?|oft|schnell|spät)",
    rf"\d|\b({_UNITS_OF_TIME}|{_MOMENTS})\b",
)
_KINDS = (_PRICE, _TEMPERATURE, _AMOUNT, _TIME)


def fits(question: str, text: str) -> bool:
    """Whether a text has what the question asks for by its form; the narrowest kind that it asks for decides."""
    answered = next((answered for asked, answered in _KINDS if asked.search(question)), None)
    return answered is None or answered.search(text) is not None


def asks_for_kind(question: str) -> bool:
    """Whether a question's form says what kind of answer it asks for."""
    return any(asked.search(question) for asked, _ in _KINDS)
