"""What the words before a number say that it is: "order #10023", "Kundennummer: 4711", "my zip code is 76400".

A number is judged by the nearest word before it that is not a filler ("number", "is", "de"). The words are
English, German, French, Spanish, with some Italian, Dutch and Portuguese. The module knows nothing about the
shape of the numbers themselves.
"""

import re
from typing import NamedTuple

_REACH = 56
"""How many characters before a number are looked at."""

_WORD = re.compile(r"[^\W\d_]+|[#:=№º°]")
_NUMBER_ENDINGS = re.compile(r"(?:s?(?:nummer|num|nr|no|id))\Z")
_EXPLICIT_WORDS = "number numbers no nr num id code # : = № º ° nummer numéro numero número n nº n° key"
_EXPLICIT = frozenset(_EXPLICIT_WORDS.split())
_FILLER_WORDS = (
    "is was are it s my your the its under with of for this ist lautet war meine meiner die der est es le la de du "
    "del mi su et und and e ma mon sa o registered new old current full reads"
)
_FILLERS = _EXPLICIT | frozenset(_FILLER_WORDS.split())

_LABELS = {
    "reference": "order orders invoice invoices ticket tickets customer customers client clients case booking "
    "reservation tracking shipment consignment transaction contract policy membership member claim confirmation "
    "refund rma receipt account acct reference ref incident subscriber patient student employee "
    "bestellung bestell auftrag auftrags rechnung rechnungs kunde kunden vorgang vorgangs vertrag vertrags "
    "buchung buchungs sendung sendungs lieferschein referenz aktenzeichen mitglied mitglieds konto beleg "
    "commande facture dossier réservation colis suivi contrat adhérent compte "
    "pedido factura reserva cliente envío contrato caso cuenta ordine fattura bestelling factuur klant encomenda "
    "fatura",
    "identity": "ssn security itin tin tax nino nir nif dni nie cpf passport pesel bsn "
    "insurance "
    "steuer steueridentifikations steuerid sozialversicherungs sozialversicherung rentenversicherungs personalausweis "
    "ausweis reisepass führerschein krankenversicherungs versicherungs passeport sociale fiscal pasaporte",
    "serial": "serial license licence serien lizenz lizenzschlüssel activation produktschlüssel licencia série "
    "serie imei vin",
    "zip": "zip postcode postal plz postleitzahl postal cap",
    "card": "card cards credit debit cc visa mastercard amex karte kreditkarte kartennummer karten carte tarjeta",
    "phone": "phone telephone tel call mobile cell cellphone fax text sms whatsapp dial reach contact callback hotline "
    "telefon telefonnummer tel handy handynummer mobil mobilnummer rufnummer rückruf erreichbar anrufen "
    "téléphone tél portable appeler appelez teléfono móvil celular llamar llame cellulare telefono telefoon",
    "iban": "iban",
    "public": "article articles item items part sku model error code codes version build isbn ean upc gtin art artikel "
    "modell fehler fehlercode port rfc kb firmware section release chapter page price euro eur usd driver bug cve "
    "patch update erreur modelo artículo référence windows android ios macos resolution bytes size since step "
    "january february march april may june july august september october november december",
}
LABELS = {word: kind for kind in reversed(_LABELS) for word in _LABELS[kind].split()}


class Label(NamedTuple):
    """What stands before a number.

    Attributes:
        kind: A kind of detail, "zip" or "public"; empty if the nearest word says nothing.
        explicit: Whether it is said to be a number: by "number", "ID", "#", a colon ...
        phone: Whether a word for calling stands near, not necessarily right before it.
        card: The same for a payment card.
    """

    kind: str
    explicit: bool
    phone: bool
    card: bool


def label_before(text: str, start: int) -> Label:
    """What the words before `text[start]` say about the number that begins there."""
    words = [word.casefold() for word in _WORD.findall(text, max(0, start - _REACH), start)]
    near = {LABELS.get(_stem(word), "") for word in words[-6:]}
    explicit = False
    for word in reversed(words):
        stem = _stem(word)
        explicit = explicit or word in _EXPLICIT or stem != word
        if word not in _FILLERS:
            return Label(LABELS.get(stem, ""), explicit, "phone" in near, "card" in near)
    return Label("", explicit, "phone" in near, "card" in near)


def _stem(word: str) -> str:
    """The word without an ending that says "number": "kundennummer" is about "kunden"."""
    if word in LABELS or word in _FILLERS:
        return word
    stem = _NUMBER_ENDINGS.sub("", word)
    return stem if stem in LABELS else word
