"""English wordings that give a model orders: whom they speak to, what to forget, hide, hand out."""

from openbook.ingest.suspicion.pattern import Family, Pattern, wording
from openbook.ingest.suspicion.words import (
    EARLIER,
    FILLERS,
    IGNORE,
    INFORM,
    MACHINE,
    ORDERS,
    PEOPLE,
    PLACE,
    SECRETS,
    SEND,
    SET_ASIDE,
    SPEAKER,
    THEIRS,
)

_OVERRIDES = (
    Pattern(
        "override",
        "it tells whoever reads it to set aside earlier instructions",
        0.8,
        wording(rf"{IGNORE} {FILLERS}(?:{EARLIER}|system)(?: (?:and|or) <1>)? ?<1>{ORDERS}\b"),
    ),
    Pattern(
        "override",
        "it tells whoever reads it to set aside all instructions",
        0.6,
        wording(rf"{IGNORE} (?:(?:all|any)(?: of)?(?: the| your| these)? )?(?:instructions|prompts?)\b"),
        is_order=True,
    ),
    Pattern(
        "override",
        "it tells a model to set aside what keeps it safe",
        0.6,
        wording(
            rf"(?:{SET_ASIDE}|disable) (?:all |any |the |your )?(?:safety|ethical|content|moderation) "
            r"(?:guidelines|protocols|filters|polic(?:y|ies)|restrictions|constraints|rules)\b"
        ),
        is_order=True,
    ),
    Pattern(
        "override",
        "it tells a model to set aside what it was told",
        0.8,
        wording(
            rf"{SET_ASIDE} {FILLERS}your (?:<1>(?:system prompt|programming|guardrails)|(?:{EARLIER} |system |own |"
            r"safety |core )?(?:instructions|prompt|guidelines|rules|directives|training))\b"
        ),
    ),
    Pattern(
        "override",
        "it announces new instructions",
        0.4,
        wording(r"(?:new|updated|revised|real|actual|secret|hidden) (?:system )?(?:instructions|prompt|orders) ?:"),
    ),
    Pattern(
        "concealment",
        "it wants its own orders kept secret",
        0.6,
        wording(
            rf"(?:do not|don't|never|must not) (?:ever )?{INFORM} <4>"
            r"(?:these|this|your|the hidden|the secret|the system|any of these) <1>(?:instructions?|prompt)\b"
        ),
    ),
    Pattern(
        "disclosure",
        "it asks for what a model was told",
        0.7,
        wording(
            r"(?:reveal|print|repeat|output|show|display|disclose|leak|send|share|give|tell|recite|reproduce|write out|"
            r"expose)(?: me| us)? <3>(?:(?:your|the) (?:system|initial|hidden|secret|original|full|entire|developer|"
            r"internal) (?:system )?(?:prompt|instructions)|your (?:prompt|instructions))\b"
        ),
        is_order=True,
    ),
    Pattern(
        "template",
        "it poses as a part of a prompt",
        0.6,
        wording(
            r"(?:begin|start|end) (?:of )?(?:the )?(?:system|admin|developer|hidden|secret|new) "
            r"(?:prompt|instructions?)\b"
        ),
    ),
)

_MEMORY = (
    Pattern(
        "override",
        "it tells a model to forget what came before",
        0.6,
        wording(
            rf"{IGNORE} (?:all|everything|anything|what(?:ever)?)(?: of| that)?(?: you(?: were|'ve been| have been) "
            r"(?:told|taught|instructed|given|asked)| (?:that )?(?:is |was |came |stands |written |said )?"
            r"(?:above(?! the| ground)|before this|so far|before))\b"
        ),
    ),
    Pattern(
        "override",
        "it gives a model a new task",
        0.6,
        wording(
            r"your (?:new|real|true|only|sole) (?:task|instructions?|role|objective|goal|purpose|mission|job)s?"
            r"(?: now)? (?:is|are)\b"
        ),
    ),
    Pattern(
        "role",
        "it frees a model of its limits",
        0.6,
        wording(
            r"do anything now|you (?:now )?(?:have no|are (?:free|freed) (?:of|from) (?:all|any|your)|"
            r"are (?:not|no longer) bound by) <2>(?:restrictions|guidelines|limitations|constraints)|"
            r"from now on,? you are (?:an? |the |dan\b|going to )|"
            r"from now on,? you (?:will|must|shall|should) (?:always |only |never )?(?:answer|respond|reply|act|behave|"
            r"speak|obey|say)\b"
        ),
    ),
)

_MACHINES = (
    Pattern(
        "role",
        "it tells a model what it is from now on",
        0.8,
        wording(
            r"(?:you are|you're) (?:now|no longer|henceforth|from now on)(?: in)? (?:an? |the )?<4>"
            rf"(?:{SPEAKER}|models?|dan|unrestricted|unfiltered|uncensored|jailbroken|persona|(?:developer|god) mode)\b"
        ),
    ),
    Pattern(
        "role",
        "it sets a role for a model",
        0.6,
        wording(
            rf"(?:you are|you're) (?:an? |the )<3>(?:{MACHINE}|(?:helpful|honest|harmless|friendly|expert) assistant)\b"
        ),
        is_order=True,
    ),
    Pattern(
        "role",
        "it tells a model to play a part",
        0.6,
        wording(
            r"(?:act|behave|pretend|respond|answer|roleplay|role-play|simulate)"
            r"(?: (?:as|like|to be|that you are|you are|you're|being|as if you (?:are|were)))? (?:an? |the )?<3>"
            rf"(?:{MACHINE}|dan|unrestricted|unfiltered|uncensored|jailbroken)\b"
        ),
        is_order=True,
    ),
    Pattern(
        "address",
        "it speaks to a machine that reads it",
        0.5,
        wording(
            r"(?:attention|dear|hey|hello|important for|(?:important |hidden )?"
            r"(?:note|notice|message|instructions?|information)(?: to| for))[,:]? "
            r"(?:(?:all|any|the|every|this|our|your|an?|other) ){0,2}"
            rf"{MACHINE}(?: [\w'-]{{1,30}}){{0,4}}\s?[:,!.-]"
        ),
        is_order=True,
    ),
    Pattern(
        "address",
        "it speaks to its reader as to a machine",
        0.6,
        wording(
            rf"(?:if|when|since|because) you(?: are|'re) (?:an? |the )?<2>(?:{MACHINE}|"
            rf"(?:reading|processing|summari[sz]ing) this as an? {SPEAKER})\b"
            r"|as (?:an ai(?: language model| assistant)?|a (?:large )?language model|an llm),? you\b"
        ),
    ),
    Pattern(
        "address",
        "it speaks to machines that process it",
        0.6,
        wording(
            rf"{SPEAKER},? (?:(?:that|who|which) (?:reads?|process(?:es)?|summari[sz]es?|index(?:es)?)|"
            r"reading|processing|summari[sz]ing|parsing|indexing) (?:this|these)\b"
        ),
    ),
    Pattern(
        "address",
        "it holds instructions for a machine",
        0.6,
        wording(rf"{MACHINE} (?:instructions?|directives?|prompt|notice|note|override) ?:"),
        is_order=True,
    ),
    Pattern(
        "address",
        "it says what a model has to do",
        0.3,
        wording(rf"{SPEAKER} (?:must|shall|should|(?:is|are) (?:instructed|required|ordered) to)\b"),
    ),
    Pattern(
        "concealment",
        "it wants its own orders kept secret",
        0.6,
        wording(rf"(?:do not|don't|never|must not) (?:ever )?{INFORM} <4>that you are an? {SPEAKER}\b"),
    ),
)

_SYSTEM = (
    Pattern(
        "template",
        "it poses as a message of the system",
        0.6,
        (
            r"(?:^|\n)[ \t#*>\[(<]{0,8}(?:system|assistant|developer|admin(?:istrator)?)"
            r"(?: (?:message|prompt|note|override|instructions?|command))?[\])>*]{0,3}\s{0,2}:[*\s]{1,6}"
            r"(?:you (?:are|must|will|shall|now)\b|ignore\b|disregard\b|forget\b|the (?:ai|assistant|user|model|bot)\b"
            r"|new instructions?\b|from now on\b|override\b)"
        ),
    ),
    Pattern(
        "template",
        "it poses as a part of a prompt",
        0.6,
        (
            r"[\[<{(]{1,2}/?(?:system|admin|developer)[ _-]?(?:message|prompt|override|instructions?|command|note)"
            r"[\]>})]|\bsystem override ?[:\]-]"
        ),
    ),
)

_MARKS = (
    Pattern(
        "template",
        "it holds the control marks of a chat with a model",
        0.8,
        (
            r"<\|(?:im_start|im_end|im_sep|system|user|assistant|end|endoftext|begin_of_text|start_header_id|"
            r"end_header_id|eot_id)\|>|\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>"
        ),
    ),
)

_HIDING = (
    Pattern(
        "concealment",
        "it wants something kept from people",
        0.3,
        wording(rf"(?:(?:do not|don't|never|must not) (?:ever )?{INFORM}|(?:hide|conceal|keep) <4>from) <5>{PEOPLE}\b"),
        is_order=True,
    ),
    Pattern(
        "steering",
        "it says what people are to be told",
        0.15,
        wording(rf"(?:tell|convince|persuade|instruct|advise|assure|ask|urge) {PEOPLE} (?:that|to)\b"),
        is_order=True,
    ),
)

_PLACES = (
    Pattern(
        "disclosure",
        "it asks for a customer's data or words to be sent away",
        0.7,
        wording(rf"{SEND} <6>{THEIRS} <8>(?:to|at|via|into|in|as) <5>{PLACE}"),
        is_order=True,
    ),
    Pattern(
        "disclosure",
        "it asks for something confidential to be sent away",
        0.45,
        wording(rf"{SEND} <6>{SECRETS} <8>(?:to|at|via|into|in|as) <5>{PLACE}"),
        is_order=True,
    ),
    Pattern(
        "disclosure",
        "it holds an address that would carry a conversation away",
        0.6,
        (
            r"https?://[^\s<>\"'{\[]{1,200}[?&/=](?:\$?\{{1,2}|\[|<|%7b)[^}\]>\n]{0,30}"
            r"(?:conversation|chat|history|prompt|user_?(?:input|question|message|query|data)|"
            r"customer_?(?:data|question|message|email)|secret|password|summary)"
        ),
    ),
)

_TOOLS = (
    Pattern(
        "disclosure",
        "it wants a tool used before or without asking",
        0.4,
        wording(
            r"(?:call|invoke|use|run|execute|trigger) <4>(?:tools?|functions?|plugins?) <8>"
            r"(?:without (?:asking|telling|confirm\w*|permission|approval)|before (?:answering|responding|replying))\b"
        ),
        is_order=True,
    ),
)


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split("|"))


ORDER_FAMILIES = (
    Family(
        _words(
            "instruct|prompt|directions|directive|guideline|orders|programming|context|guardrail|system message|"
            "your rules|your training|safety|ethical|content polic|content filter|moderation"
        ),
        _OVERRIDES,
    ),
    Family(
        _words(
            "do anything now|from now on|you were|have been|you've been|above|before|so far|restriction|guidelines|"
            "limitation|constraint|your new|your real|your true|your only|your sole"
        ),
        _MEMORY,
    ),
    Family(
        _words(
            " ai|\nai|language model|assistant|llm|chatbot|chat bot| bot|gpt|claude|gemini|copilot|"
            "artificial intelligence|are now|re now|no longer|henceforth|unrestricted|unfiltered|uncensored|"
            "jailbroken| dan"
        ),
        _MACHINES,
    ),
    Family(_words("system|assistant|developer|admin"), _SYSTEM),
    Family(("<|", "inst]", "sys>>", "_of_turn>"), _MARKS),
    Family(
        _words(
            "do not|don't|never|must not|hide|conceal|keep|tell|convince|persuade|instruct|advise|assure|ask the|"
            "ask an|ask users|ask customers|urge"
        ),
        _HIDING,
    ),
    Family(_words("http|www.|@|.com|.net|.org|.io|.xyz|.ru|.cn|.info|.top"), _PLACES),
    Family(
        _words(
            "without asking|without telling|without confirm|without permission|without approval|before answering|"
            "before responding|before replying"
        ),
        _TOOLS,
    ),
)
