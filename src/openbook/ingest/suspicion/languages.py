"""The commonest wordings that give a model orders in German, French and Spanish."""

from openbook.ingest.suspicion.pattern import Family, Pattern, wording

_SET_ASIDE = "it tells whoever reads it to set aside earlier instructions"
_ROLE = "it tells a model what it is from now on"
_ADDRESS = "it speaks to its reader as to a machine"
_KEPT = "it wants something kept from people"
_TOLD = "it asks for what a model was told"

_GERMAN_MACHINE = r"(?:ki(?:-(?:modell|assistent|system|bot))?|sprachmodell|chatbot|bot|assistent)"
_GERMAN = (
    Pattern(
        "override",
        _SET_ASIDE,
        0.8,
        wording(
            r"(?:ignorier(?:e|en sie|t)|vergiss|vergessen sie|missachte(?:n sie)?|verwirf|verwerfen sie) "
            r"(?:(?:bitte|alle|die|deine|ihre|sämtliche|jegliche) ){0,3}(?:(?:vorherigen|bisherigen|vorigen|obigen|"
            r"früheren|vorangegangenen|vorstehenden|ursprünglichen) )?(?:system-?)?(?:anweisungen|instruktionen|"
            r"vorgaben|prompts?)\b"
        ),
    ),
    Pattern(
        "role",
        _ROLE,
        0.8,
        wording(
            r"(?:du bist|sie sind) (?:jetzt|nun|ab (?:jetzt|sofort)|von nun an) (?:ein|eine|der|die) "
            rf"<3>{_GERMAN_MACHINE}\b"
        ),
    ),
    Pattern(
        "address",
        _ADDRESS,
        0.6,
        wording(
            rf"(?:wenn|falls|da) (?:du|sie) (?:ein|eine|als) <2>{_GERMAN_MACHINE}\b"
            r"|(?:achtung|hinweis|nachricht|anweisung)(?: für| an)?,? (?:(?:alle|die|das|den|jede) )?"
            rf"{_GERMAN_MACHINE} ?[:,!]"
        ),
    ),
    Pattern(
        "concealment",
        _KEPT,
        0.5,
        wording(
            r"(?:sag|sage|verrate?|erzähle?|erwähne?|zeige?) (?:(?:es|das|dies|davon) )?(?:dem|der|den) "
            r"(?:nutzer|kunden|benutzer|anwender|leser|nutzern|kundin|nutzerin) <2>(?:nichts|nicht|niemals)\b"
        ),
    ),
    Pattern(
        "disclosure",
        _TOLD,
        0.7,
        wording(
            r"(?:gib|zeige?|nenne?|verrate?|wiederhole) <2>(?:deinen?|den) (?:system-?prompt|anweisungen|prompt)\b"
        ),
    ),
)

_FRENCH_MACHINE = r"(?:ia|assistant|modele de langage|modèle de langage|modèle|chatbot|bot|robot)"
_FRENCH = (
    Pattern(
        "override",
        _SET_ASIDE,
        0.8,
        wording(
            r"(?:ignore[rz]?|oublie[rz]?|ne (?:tiens|tenez) pas compte|(?:fais|faites) abstraction|"
            r"ne (?:suis|suivez) pas) "
            r"(?:(?:de|toutes|les|tes|vos|des|ces) ){0,4}(?:instructions|consignes|directives|prompts?)"
            r"(?: (?:du système|précédentes?|antérieures|ci-dessus|initiales|qui précèdent|système))"
        ),
    ),
    Pattern(
        "role",
        _ROLE,
        0.8,
        wording(rf"(?:tu es|vous êtes) (?:maintenant|désormais|à présent) (?:une? |l')<3>{_FRENCH_MACHINE}\b"),
    ),
    Pattern(
        "address",
        _ADDRESS,
        0.6,
        wording(r"(?:si|puisque) (?:tu es|vous êtes) une? <2>(?:ia|modèle de langage|chatbot|assistant virtuel)\b"),
    ),
    Pattern(
        "concealment",
        _KEPT,
        0.5,
        wording(
            r"ne (?:dis|dites|révèle[rz]?|révélez|mentionne[rz]?|montre[rz]?) <4>"
            r"(?:à l'|aux |au )(?:utilisateurs?|clients?|visiteurs?)\b"
        ),
    ),
    Pattern(
        "disclosure",
        _TOLD,
        0.7,
        wording(
            r"(?:révèle[rz]?|révélez|montre[rz]?|affiche[rz]?|donne[rz]?|répète[rz]?|répétez)(?:-moi)? "
            r"(?:(?:le|ton|votre|tes|vos|les) )(?:prompt|instructions) (?:système|initiales|secrètes)"
        ),
    ),
)

_SPANISH_MACHINE = r"(?:ia|asistente|modelo de lenguaje|modelo|chatbot|bot|robot)"
_SPANISH = (
    Pattern(
        "override",
        _SET_ASIDE,
        0.8,
        wording(
            r"(?:ignor[ae]n?|ignorar|olvid[ae]n?|descart[ae]|haz caso omiso de|haga caso omiso de|no sigas|no siga) "
            r"(?:(?:todas|las|tus|sus|estas) ){0,3}(?:instrucciones|indicaciones|órdenes|directivas|directrices|"
            r"prompts?) (?:anteriores|previas|precedentes|iniciales|del sistema|de arriba)"
        ),
    ),
    Pattern(
        "role",
        _ROLE,
        0.8,
        wording(
            r"(?:ahora|a partir de ahora|desde ahora),? (?:tú )?(?:eres|usted es|serás) (?:una? |el )"
            rf"<3>{_SPANISH_MACHINE}\b"
        ),
    ),
    Pattern(
        "address",
        _ADDRESS,
        0.6,
        wording(r"si (?:tú )?(?:eres|usted es) una? <2>(?:ia|modelo de lenguaje|chatbot|asistente virtual)\b"),
    ),
    Pattern(
        "concealment",
        _KEPT,
        0.5,
        wording(
            r"no (?:le |les )?(?:digas|diga|reveles|revele|menciones|mencione|muestres|muestre|informes|informe) <4>"
            r"(?:al |a los |a la )(?:usuarios?|clientes?|usuaria|visitantes?)\b"
        ),
    ),
    Pattern(
        "disclosure",
        _TOLD,
        0.7,
        wording(
            r"(?:revela|revele|muestra|muestre|dime|repite|repita) <2>(?:tu|tus|su|sus|el|las) "
            r"(?:prompt|instrucciones) (?:del sistema|de sistema|iniciales|secretas)"
        ),
    ),
)

LANGUAGE_FAMILIES = (
    Family(
        (
            *("anweisung", "instruktion", "vorgaben", "prompt", "sprachmodell", "chatbot", " ki", " bot", "assistent"),
            *("nutzer", "kunde", "anwender", "leser"),
        ),
        _GERMAN,
    ),
    Family(
        (
            *("consignes", "directives", "instructions", "prompt", "modèle", "chatbot", "assistant", " ia"),
            *("utilisateur", "visiteur", " client", "maintenant", "désormais"),
        ),
        _FRENCH,
    ),
    Family(
        (
            *("instrucciones", "indicaciones", "órdenes", "directivas", "directrices", "prompt", "modelo", "chatbot"),
            *("asistente", " ia", "usuari", "cliente", "visitante", "ahora"),
        ),
        _SPANISH,
    ),
)
