"""Reads amounts as people write them: `49,90 €`, `EUR 49.90`, `1.2 kg`, `30-40 l`, `7 Tage`, `15.6"`.

An amount is a number or a span of numbers in a base unit, so that 1.2 kg and 1200 g are equal. Units of
one kind convert exactly; currencies never convert, nor do months into days. A lone `,` or `.` before
three digits is read by custom: `1,250` and `1.250 €` are thousands, `1.250 kg` is not. It knows units, not
what they measure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

_UNITS = """
g 1 g gram grams gramm | g 1000 kg kilo kilos kilogram kilograms kilogramm | g 0.001 mg | g 1000000 tonne tonnes
g 453.59237 lb lbs | g 28.349523125 oz ounce ounces
l 1 l liter liters litre litres ltr | l 0.001 ml milliliter millilitre milliliters millilitres | l 0.01 cl | l 0.1 dl
m 1 m meter meters metre metres | m 0.01 cm centimeter centimeters centimetre centimetres zentimeter
m 0.001 mm millimeter millimeters millimetre millimetres | m 1000 km kilometer kilometers kilometre kilometres
m 0.0254 inch inches " ” ″ zoll | m 0.3048 ft foot feet | m 0.9144 yd yard yards | m 1609.344 mile miles mi
s 1 s sec secs second seconds sekunde sekunden | s 60 min mins minute minutes minuten
s 3600 h hr hrs hour hours std stunde stunden | s 86400 day days tag tage tagen
s 604800 week weeks woche wochen | month 1 month months monat monate monaten
month 12 year years yr yrs jahr jahre jahren
W 1 w watt watts | W 1000 kw | Wh 1 wh | Wh 1000 kwh | V 1 v volt volts | mAh 1 mah | mAh 1000 ah
Hz 1 hz | Hz 1000 khz | Hz 1000000 mhz | Hz 1000000000 ghz | lm 1 lm lumen lumens
B 1000000 mb | B 1000000000 gb | B 1000000000000 tb | px 1 px pixel pixels | px 1000000 mp megapixel megapixels
% 1 % percent prozent | °C 1 °c | °F 1 °f
EUR 1 € eur euro euros | USD 1 $ usd us$ dollar dollars | GBP 1 £ gbp pound pounds | CHF 1 chf franken sfr
JPY 1 ¥ jpy yen | SEK 1 sek | NOK 1 nok | DKK 1 dkk | PLN 1 pln zł złoty | CZK 1 czk kč | CAD 1 cad | AUD 1 aud
INR 1 ₹ inr rupees
"""
_CURRENCY_CODES = "EUR USD GBP CHF JPY SEK NOK DKK PLN CZK CAD AUD INR"
CURRENCIES = frozenset(_CURRENCY_CODES.split())
"""The base units that are money."""

TIMES = frozenset(("s", "month"))
"""The base units of time."""


def _read_units() -> dict[str, tuple[str, Decimal]]:
    lines = (entry.split() for line in _UNITS.split("\n") for entry in line.split("|"))
    return {word: (base, Decimal(factor)) for base, factor, *words in filter(None, lines) for word in words}


_FACTORS = _read_units()
_WORDS = "|".join(re.escape(word) for word in sorted(_FACTORS, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,6})?(?!\d)|\d{1,12}(?:[.,]\d{1,6})?(?!\d)"
_SIGNS = r"€|\$|£|¥|₹|us\$|eur|usd|gbp|chf"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<sign>{_SIGNS})\s?)?(?P<low>-?(?:{_NUMBER}))"
    rf"(?:\s?(?P<inner>{_WORDS})?\s?(?:-|–|—|to|bis)\s?(?:(?:{_SIGNS})\s?)?(?P<high>{_NUMBER}))?"
    rf"(?:[ \-‑]?(?P<unit>{_WORDS})(?![^\W\d_]))?(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
_LONGEST_VALUE = 200
_WHOLE_AROUND = re.compile(r"\s*(?:ca\.?|approx\.?|about|up to|bis zu|from|ab|etwa)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, or a span of numbers.

    Attributes:
        low: The number in the base unit; the smaller one of a span.
        high: The larger one of a span, else the same.
        unit: The base unit, such as "g", "l", "m", "s", "EUR"; empty where none is written.
        start: Where it begins in the text.
        end: Where it ends.
    """

    low: Decimal
    high: Decimal
    unit: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


def amounts_in(text: str) -> Iterator[Amount]:
    """Every amount in a text, in order."""
    for found in _AMOUNT.finditer(text):
        amount = _amount(found)
        if amount is not None:
            yield amount if not _closes_quotation(found, text) else replace(amount, unit="", end=amount.end - 1)


def in_unit(amount: Amount, unit: str) -> Amount:
    """A number that was written without a unit as an amount in one; unknown units change nothing."""
    base, factor = _FACTORS.get(unit.casefold(), ("", Decimal(1)))
    return replace(amount, low=amount.low * factor, high=amount.high * factor, unit=base)


def parse_amount(text: str) -> Amount | None:
    """The amount that a value is: alone, or the only one with a unit in a longer value.

    `30 l` and `2 years from purchase` are amounts; `30 x 20 x 10 cm` and `12 or 24 months` are none.
    """
    found = list(amounts_in(text)) if len(text) <= _LONGEST_VALUE else []
    if len(found) == 1:
        rest = text[: found[0].start] + text[found[0].end :]
        return found[0] if found[0].unit or _WHOLE_AROUND.fullmatch(rest) else None
    return None


def _closes_quotation(found: re.Match[str], text: str) -> bool:
    """Whether the sign for inches ends a quotation, as in the "Alpin 30"."""
    opened = sum(text.count(mark, 0, found.start()) for mark in '"“”„')
    return found["unit"] in ('"', "”") and opened % 2 == 1


def _amount(found: re.Match[str]) -> Amount | None:
    word = (found["unit"] or found["sign"] or found["inner"] or "").casefold()
    base, factor = _FACTORS.get(word, ("", Decimal(1)))
    is_money = base in CURRENCIES
    inner = _FACTORS.get((found["inner"] or word).casefold(), (base, factor))
    if inner[0] != base:
        return None
    low = _number(found["low"], is_money=is_money)
    high = _number(found["high"], is_money=is_money) if found["high"] else None
    if low is None or (found["high"] and high is None):
        return None
    first, second = low * inner[1], (high * factor if high is not None else low * inner[1])
    return Amount(min(first, second), max(first, second), base, found.start(), found.end())


def _number(written: str, *, is_money: bool) -> Decimal | None:
    """The number; which separator parts thousands is told by place and custom."""
    plain = re.sub(r"['’ ]", "", written)
    separators = re.findall(r"[.,]", plain)
    if len(set(separators)) == 2:
        thousands = separators[0]
        plain = plain.replace(thousands, "")
    elif len(separators) > 1 or _parts_thousands(plain, is_money=is_money):
        plain = re.sub(r"[.,]", "", plain)
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None


def _parts_thousands(written: str, *, is_money: bool) -> bool:
    """Whether the one separator of a number stands before thousands."""
    found = re.fullmatch(r"-?([1-9]\d{0,2})([.,])\d{3}", written)
    return bool(found) and (is_money or (found is not None and found[2] == ","))
