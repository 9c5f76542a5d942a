"""English wordings that reach into an answer: what it has to say, how it is to be spelled.

"Include the order number in your reply" is what a support team asks of its customers. So speech
of the model's own is looked for (a sentence, a claim, an advertisement), or letters disguised.
"""

from openbook.ingest.suspicion.pattern import Family, Pattern, wording
from openbook.ingest.suspicion.words import ANSWERS, DISGUISES, PEOPLE, SPEECH, YOUR_ANSWER

_ADDING = r"(?:add|include|insert|append|integrate|incorporate|embed|weave|place|slip|mention)"
_INTO = r"(?:to|in|into|within|inside|at the (?:start|end|beginning|bottom) of|with)"
_SITE = r"(?:https?://|www\.|[\w-]{1,40}\.(?:com|net|org|io|xyz)\b)"

_SPEAKING = (
    Pattern(
        "steering",
        "it wants words worked into an answer",
        0.6,
        wording(
            rf"{_ADDING}(?: (?:an?|one|the|some|your|this) <4>{SPEECH}\b| \"| <4>{_SITE})"
            rf"[^\n]{{0,200}}? {_INTO} {YOUR_ANSWER}\b|{_ADDING} {_INTO} {YOUR_ANSWER} (?:an?|the|this) <4>{SPEECH}\b"
        ),
        is_order=True,
    ),
    Pattern(
        "steering",
        "it wants an answer changed",
        0.6,
        wording(
            r"(?:modify|adapt|alter|adjust|change|extend|finish|end|start|begin|open) "
            rf"{YOUR_ANSWER} (?:to (?:mention|include|highlight|express|promote|recommend|hint|suggest|emphasi[sz]e|"
            r"encourage|link|praise|claim|say|state|stress|spread|contain|convince|agree)|"
            r"(?:with|by) (?:an? |the )?(?:\"|<1>(?:recommendation|appeal|invitation|words?|phrase|sentence|slogan|"
            r"link)\b|\w{3,15}ing\b))|"
            r"(?:augment|enhance|enrich|complement|supplement) your (?:answer|response|reply|output) (?:with|by|to)\b"
        ),
        is_order=True,
    ),
    Pattern(
        "steering",
        "it says what an answer has to claim or to recommend",
        0.6,
        wording(
            rf"in {YOUR_ANSWER},? (?:always |also |never |please )?(?:suggest|recommend|promote|tease|claim|pretend|"
            r"advertise|encourage|insist|praise|(?:tell|direct|refer|point|send|warn|urge) "
            rf"(?:{PEOPLE}|them|him|her))\b"
        ),
        is_order=True,
    ),
    Pattern(
        "steering",
        "it wants a word repeated in every answer",
        0.5,
        wording(
            r"(?:begin|start|end|finish|close|preface|prefix|conclude|sign) (?:every|each|all(?: of)?(?: your)?|any) "
            rf"<1>{ANSWERS} (?:with|by)\b"
        ),
        is_order=True,
    ),
)

_SPELLING = (
    Pattern(
        "steering",
        "it wants the letters or words of an answer disguised",
        0.6,
        wording(
            r"(?:replace|substitute|convert|swap|change|rearrange|scramble|reverse|shuffle|group|remove|combine|misspell|"
            r"jumble|garble|anagram|introduce|use|spell|encode|randomi[sz]e|drop|double|delete|insert|apply|shift) "
            rf"(?:<6>{DISGUISES} <6>|<4>(?:key)?words? <3>)(?:in|of|from|for|within|to) your "
            rf"(?:{ANSWERS}|message|text)(?:'s? <1>words)?\b"
        ),
        is_order=True,
    ),
    Pattern(
        "steering",
        "it wants an answer written in disguise",
        0.6,
        wording(
            r"(?:provide|give|deliver|write|render|present|format|phrase|return|encode|encrypt|express|make) "
            rf"your (?:{ANSWERS}|message) (?:(?:in|with|using|without|as) <4>)?{DISGUISES}\b"
            r"|(?:encrypt|encode|reverse|invert|scramble|jumble|garble|misspell|anagram|obfuscate) your "
            r"(?:answer|response|reply|output)\b"
        ),
        is_order=True,
    ),
)

_MANNER = (
    Pattern(
        "steering",
        "it says how to speak from now on",
        0.15,
        wording(
            r"(?:respond|reply|answer) (?:only|always|exclusively|solely) (?:with|in|by|as|that)\b"
            r"|always (?:respond|reply|answer|recommend|tell|say)\b"
        ),
        is_order=True,
    ),
    Pattern(
        "steering",
        "it wants words worked into an answer",
        0.35,
        wording(rf"{_ADDING} the following(?: words| text| link)? {_INTO} {YOUR_ANSWER}\b"),
        is_order=True,
    ),
    Pattern(
        "steering",
        "it waits for a machine to work on it",
        0.35,
        wording(
            r"when(?:ever)? (?:(?:summari[sz]ing|answering|responding)(?: (?:about|with|from|to))? "
            r"(?:this|questions|users)|this (?:content|document|page|text|article) is "
            r"(?:retrieved|summari[sz]ed|processed|indexed|quoted))\b"
        ),
    ),
)

STEERING_FAMILIES = (
    Family(
        (
            *(f"your {word}" for word in ("answer", "response", "repl", "output", "message", "text")),
            *(f"your {word}" for word in ("final", "next", "entire", "whole")),
            *(f"{each} {word}" for each in ("every", "each", "any") for word in ("answer", "response", "reply")),
            *(f"all {word}" for word in ("your", "of your", "answers", "responses", "replies")),
        ),
        (*_SPEAKING, *_SPELLING),
    ),
    Family(
        ("always", "answer only", "reply only", "respond only", "exclusively", "solely", "when", "the following"),
        _MANNER,
    ),
)
