"""The groups of words that suspect wordings are made of, as parts of regular expressions."""

IGNORE = (
    r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget|pay no attention to|"
    r"(?:do not|don't|stop) (?:follow|obey|heed)(?:ing)?)"
)
SET_ASIDE = rf"(?:{IGNORE}|overrid(?:e|ing)|overrule|bypass(?:ing)?|break|violate|abandon)"
EARLIER = r"(?:previous|previously given|prior|above|earlier|preceding|former|foregoing|initial|original|existing)"
ORDERS = r"(?:instructions?|prompts?|directions|directives?|guidelines|orders|system messages?|programming|context)"
FILLERS = r"(?:(?:all|any|every|each|of|the|your|my|our|these|those|other|and|everything in) ){0,5}"

MACHINE = (
    r"(?:(?:large )?language models?|llms?|ai(?: (?:language )?(?:models?|assistants?|agents?|systems?|bots?|tools?|"
    r"readers?|crawlers?))?|artificial intelligence|chat ?bots?|chatgpt|gpt-?\d?|"
    r"(?:ai|automated|digital|virtual) assistants?)"
)
SPEAKER = rf"(?:{MACHINE}|assistants?|bots?|claude|gemini|copilot)"

PEOPLE = (
    r"(?:(?:the|any|every|all|our|a|an|your|this) )?"
    r"(?:end[\s-])?(?:users?|customers?|visitors?|readers?|clients?|humans?|persons?|people|anyone|operators?)"
)
INFORM = r"(?:tell|inform|mention|reveal|disclose|show|notify|alert|warn|admit|let|say|indicate|explain)"
SEND = r"(?:send|forward|post|e-?mail|upload|transmit|leak|exfiltrate|submit|append|attach|copy|relay|include|deliver)"
THEIRS = (
    r"(?:(?:conversation|chat) history|system prompt|(?:user|customer|client|visitor)s?(?:'s?)? <1>(?:data|questions?|"
    r"names?|e?-?mails?|details|information|messages?|address(?:es)?|input|quer(?:y|ies)|history|number|passwords?))"
)
"""What belongs to the person a model talks to, and not to the reader of a help page."""

SECRETS = (
    r"(?:conversations?|chats?|(?:chat )?(?:log|transcript)s?|dialogue|api keys?|credentials?|passwords?|secrets?|"
    r"session (?:tokens?|cookies?)|access tokens?|cookies|personal (?:data|information|details)|credit card)"
)
PLACE = r"(?:https?://|www\.|[\w.+-]{1,40}@[\w-]{1,40}\.|[\w-]{1,40}\.(?:com|net|org|io|xyz|ru|cn|info|top)\b)"

ANSWERS = r"(?:answers?|responses?|repl(?:y|ies)|outputs?)"
YOUR_ANSWER = rf"(?:(?:your(?: (?:final|next|entire|whole))?|every|each|all(?: of)? your) {ANSWERS})"
SPEECH = (
    r"(?:sentence|statement|statistic|fact|teaser|announcement|reminder|tip|phrase|recommendation|reason|appeal|headline|"
    r"advert\w*|plug|claim|disclaimer|joke|endorsement|rumou?r|slogan|promotion|invitation|line|hyperlink)"
)
DISGUISES = (
    r"(?:letters?|vowels?|consonants?|spaces|punctuation|typos|misspellings?|anagram\w*|symbols|syllables|characters?|"
    r"substitutions?|ciphers?|base ?\d\d|morse|rot13|leetspeak|haikus?|rhymes?|pirate\w*|(?:all )?caps|uppercase|"
    r"reverse|backwards?)"
)
