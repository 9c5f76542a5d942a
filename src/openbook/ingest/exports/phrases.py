"""What is said in support conversations beside the matter itself: thanks, promises, farewells, complaints.

Written for English, German, French and Spanish; what another language says is taken as plain matter.
Only whether a text says such a thing is told here; what follows from it stands in `resolution`.
"""

import re
from enum import StrEnum


class Act(StrEnum):
    """What a sentence does, other than telling something."""

    WORKED = "it worked"
    THANKED = "thanks"
    FAILED = "it did not work, or not yet, or not by this answer"
    INTENDED = "it will be tried, or thanks were given before"
    COURTEOUS = "greeting, thanks, apology, farewell, request for a rating"
    PROMISED = "somebody will look into it, or it was passed on"
    SENT_ELSEWHERE = "please write to, call, ask somebody else"
    CONDITIONAL = "only if something else happens"


_MATTER = (
    r"(?:work|help|solv|resolv|fix|funktionier|hilf|geholfen|klapp|gelöst|behob|march|fonctionn|aid|résol|func|ayud"
    r"|soluc|resuel)"
)

_PHRASES: dict[Act, tuple[str, ...]] = {
    Act.WORKED: (
        r"work(?:s|ed|ing)?|did (?:it|the (?:trick|job))|solved|resolved|fixed|sorted|(?:all|it['’]s|it is) good now",
        r"(?:that|this|which|it) (?:really )?helped|back to normal|(?:problem|issue|error) (?:is |has )?gone",
        r"funktioniert|funktionierte|geklappt|klappt|gelöst|behoben|erledigt|geholfen",
        r"(?:geht|läuft) (?:es |jetzt |nun )*(?:wieder|jetzt|nun)",
        r"(?:ça|cela|tout|il|elle) (?:re)?(?:marche|fonctionne)|a (?:marché|fonctionné)|résolue?|réglée?|c['’]est bon",
        r"funciona|funcionó|resuelt[oa]|solucionad[oa]|arreglad[oa]|ya está",
    ),
    Act.THANKED: (
        r"thanks|thank (?:you|u)|thx|ty|much appreciated|perfect|brilliant|awesome|excellent",
        r"danke|dankeschön|vielen dank|besten dank|herzlichen dank|perfekt|prima|klasse",
        r"merci|parfait|impeccable|gracias|perfecto|estupendo|genial",
    ),
    Act.FAILED: (
        rf"(?:not|never|cannot|\w+n['’]?t|nicht|kein\w*|nie|ne|no|nunca|sin)\s+(?:[\w'’]+\s+){{0,3}}{_MATTER}\w*",
        rf"{_MATTER}\w*\s+(?:[\w'’]+\s+){{0,2}}(?:not|nicht|pas|plus)",
        r"still|unfortunately|same (?:problem|issue|error|thing)|no luck|to no avail|in vain",
        r"figured (?:it |this )?out|(?:solved|fixed|resolved|sorted) (?:it |this )?(?:myself|on my own)",
        r"selbst (?:gelöst|behoben)",
        r"(?:résolu|réglé) (?:moi-même|tout seul)|(?:solucionado|resuelto) (?:yo mism[oa]|por mi cuenta)",
        r"leider|immer noch|noch immer|weiterhin|vergeblich",
        r"malheureusement|toujours (?:pas|le même|la même)|en vain",
        r"sigue|siguen|todavía|aún|lamentablemente|desgraciadamente",
        r"(?:thanks|thank you|danke|merci|gracias)\b[^.!?\n]{0,30}\b(?:but|aber|mais|pero)",
    ),
    Act.INTENDED: (
        r"in advance|going to try|(?:i['’]ll|i will|let me) (?:\w+ )?(?:try|check|test|see|look|do|give|wait|report)",
        r"im voraus|werde|probiere|versuche|teste",
        r"d['’]avance|je (?:vais|verrai|teste)",
        r"de antemano|por adelantado|voy a|probaré|intentaré",
    ),
    Act.COURTEOUS: (
        r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|ok|okay|bye)\b[^.!?\n]{0,40}$",
        r"^(?:hallo|guten (?:tag|morgen|abend)|lieber?|sehr geehrte[rs]?|moin|servus|tschüss)\b[^.!?\n]{0,40}$",
        r"^(?:bonjour|bonsoir|chère?|hola|buen[oa]s (?:días|tardes)|estimad[oa])\b[^.!?\n]{0,40}$",
        r"(?:thanks|thank you|danke|dank|merci|gracias) (?:[a-zé]+ ){0,2}(?:for|für|pour|por|dass)",
        r"you(?:['’]re| are) (?:\w+ )?welcome|^no problem|^my pleasure|^any ?time",
        r"(?:glad|happy|pleased) (?:to|that|it|we|you)",
        r"(?:sorry|apologi[sz]e|apologies)\b.{0,40}\b(?:inconvenience|delay|wait|trouble|hear)",
        r"(?:have|enjoy) (?:an? |your |the )?(?:\w+ ){0,2}(?:day|evening|weekend|week)",
        r"(?:close|closed|closing|mark|marked|marking|reopen) (?:this|the|your) (?:ticket|case|request|conversation)",
        r"(?:marked|been) (?:it |this )?(?:as )?(?:solved|closed|resolved)|not hesitate|n['’]t hesitate",
        r"^(?:please |just |and |so )*(?:let (?:me|us) know|feel free|reply)",
        r"^(?:if|should|in case)\b.{0,200}\b(?:let (?:me|us) know|contact|reach|reply|feel free|write)",
        r"(?:rate|rating) (?:us|our|this|your|my)|satisfaction survey|your feedback|how did we do",
        r"gern geschehen|freut (?:mich|uns)|schöne[ns] (?:tag|abend|wochenende)|entschuldig\w+|tut (?:uns|mir) leid",
        r"^(?:wenn|falls|sollten?)\b.{0,200}\b(?:melden|kontaktieren|schreiben)",
        r"schließen wir|(?:ticket|anfrage) (?:wird|wurde) geschlossen|melden sie sich (?:gerne?|jederzeit)",
        r"de rien|avec plaisir|je vous en prie|bonne (?:journée|soirée)|n['’]hésitez pas|désolée?s?",
        r"de nada|con gusto|un placer|que tenga|buen (?:día|fin de semana)|no dude en|lamentamos|disculp\w+",
    ),
    Act.PROMISED: (
        r"(?:escalat|investigat)\w+|(?:look|check)(?:ing)? into (?:it|this|that)|get back to you",
        r"(?:forward|pass|hand|transfer)(?:r?ed|r?ing)? (?:[\w’']+ ){0,5}to (?:our|the|a|my) (?:\w+ ){0,3}"
        r"(?:team|department|colleagues?|specialists?|warehouse|engineers?)",
        r"(?:we|i|someone|they)(?:['’]ll| will) (?:contact|be in touch|be back|keep you|update|let you know|check)",
        r"weitergeleitet|weitergegeben|eskaliert|wir melden uns|melde mich|ich prüfe|wir prüfen|kümmern uns",
        r"transmis\w*|transféré\w*|escaladé\w*|nous reviendrons|reviens vers vous|nous vérifions|je vérifie",
        r"escalado|reenviado|derivado|trasladado|estamos investigando|le responderemos|nos pondremos en contacto",
    ),
    Act.SENT_ELSEWHERE: (
        r"(?:please|you (?:should|need to|have to|must|may|can)|kindly) (?:\w+ )?"
        r"(?:contact|call|phone|write|e-?mail|reach out|get in touch|(?:open|file) a (?:new )?(?:ticket|case|bug))",
        r"^(?:contact|call|write to|email|reach out to|get in touch with) (?:us|our|the|your)",
        r"kontaktieren sie|wenden sie sich|schreiben sie (?:uns|an)|rufen sie|melden sie sich",
        r"contactez|veuillez (?:contacter|appeler|écrire|nous)|adressez-vous|écrivez-nous|appelez",
        r"contacte|póngase en contacto|escríba(?:nos)?|llame|diríjase",
    ),
    Act.CONDITIONAL: (r"if|should|unless|in case|otherwise|falls|wenn|sollten?|ansonsten|si|en cas|sinon|en caso",),
}
_PATTERNS = {
    act: re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE | re.MULTILINE)
    for act, phrases in _PHRASES.items()
}


def says(text: str, act: Act) -> bool:
    """Whether a phrase of this act stands somewhere in the text."""
    return _PATTERNS[act].search(text) is not None
