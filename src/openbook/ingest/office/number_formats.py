"""Writes the numbers of a spreadsheet as a person sees them there, by their format codes.

The codes are those of ECMA-376 part 1, 18.8.31. Where a cell shows a date in the manner of
the reader's own computer, or month names in a language, nobody knows what a person sees:
then the date is written as ISO 8601. Colours, widths and conditions are passed over.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "yyyy-mm-dd",
    15: "yyyy-mm-dd", 16: "yyyy-mm-dd", 17: "yyyy-mm", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", 49: "@",
}  # fmt: skip
"""The formats that are named by number only (18.8.30)."""

_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?P<language>-[^\]]*)?\]'
    r"|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]|(?P<noon>AM/PM|A/P)|(?P<fraction>\.0+)"
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*,*)?(?:E[+-]?0+)?|\.[0#?]+", re.IGNORECASE)
_PLACE = re.compile(r"[0#?]")
_SKIPPED = re.compile(r"_.|\*.|\[(?!\$)[^\]]*\]|\[\$-[^\]]*\]")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')
_CODE_LIMIT = 255
_DIGITS_LIMIT = 30
_LAST_DAY = 2_958_466  # the serial number after 31 December 9999
_SECONDS_A_DAY = 86_400


def format_code(number: int, custom: dict[int, str]) -> str:
    """The code of a number format: one of the file's own, or a built-in one; empty for "General"."""
    code = custom.get(number, _BUILT_IN.get(number, ""))
    return "" if code.casefold() == "general" or len(code) > _CODE_LIMIT else code


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """A number as a cell with a format shows it.

    Args:
        value: The number, a finite one; dates are days since the last day of 1899.
        code: The format code, empty for none.
        since_1904: Whether the file counts its days from 1904 on.
    """
    section, is_signed = _section(value, code)
    if not section or "@" in section:
        return general(value)
    try:
        if _is_date(section):
            return _moment(value + 1_462 * since_1904, section)
        return _number(value if is_signed else abs(value), section)
    except OverflowError:  # a code with a hundred percent signs
        return general(value)


def general(value: float) -> str:
    """A number without a format: fifteen digits, as many as a spreadsheet keeps."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


def _section(value: float, code: str) -> tuple[str, bool]:
    """The part of a code for numbers of this sign, and whether it leaves the minus sign to the number."""
    sections = _sections(code)
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


@lru_cache(maxsize=1_000)
def _sections(code: str) -> tuple[str, ...]:
    """The parts of a code between semicolons that are not quoted."""
    return tuple(re.findall(r'(?:^|;)((?:"[^"]*"|\\.|[^;"\\])*)', code)) or ("",)


@lru_cache(maxsize=1_000)
def _is_date(section: str) -> bool:
    """Whether a code writes days or hours rather than digits."""
    plain = _LITERAL.sub("", section)
    if re.search(r"\[(?:h+|m+|s+)\]", plain, re.IGNORECASE):
        return True
    plain = re.sub(r"E[+-]|general", "", _SKIPPED.sub("", plain), flags=re.IGNORECASE)
    return re.search(r"[ymdhs]", plain, re.IGNORECASE) is not None


# ------------------------------------------------------------------------ dates


def _moment(value: float, section: str) -> str:
    if not 0 <= value < _LAST_DAY:
        return general(value)
    days = value if value >= 60 else value + 1  # serial 60 is a 29 February 1900 that never was
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(days * _SECONDS_A_DAY))
    tokens = [found for found in _TOKENS.finditer(section) if found.lastgroup]
    names = [token["date"].casefold() for token in tokens if token["date"]]
    if any(name.startswith(("mmm", "ddd")) for name in names) and not _is_english(section):
        has_time = any(name[0] in "hs" for name in names)
        return moment.isoformat(" ", "minutes") if has_time else moment.date().isoformat()
    has_noon = any(token["noon"] for token in tokens)
    pieces = []
    before = ""
    for place, token in enumerate(tokens):
        after = next((each["date"][0].casefold() for each in tokens[place + 1 :] if each["date"]), "")
        pieces.append(_moment_piece(token, moment, value, has_noon=has_noon, is_minute=before == "h" or after == "s"))
        unit = (token["date"] or token["elapsed"] or "")[:1].casefold()
        before = unit or before
    return "".join(pieces).strip()


def _is_english(section: str) -> bool:
    """Whether names of months are to be English: the code names that language (its id ends in 09)."""
    language = re.search(r"\[\$[^\]]*-(?:[0-9A-Fa-f]*09|en[^\]]*)\]", section)
    return language is not None or "[$" not in section


def _moment_piece(token: re.Match[str], moment: datetime, value: float, *, has_noon: bool, is_minute: bool) -> str:
    if token["elapsed"]:
        size = {"h": 3_600, "m": 60, "s": 1}[token["elapsed"][0].casefold()]
        return str(round(value * _SECONDS_A_DAY) // size).rjust(len(token["elapsed"]), "0")
    if token["noon"]:
        return moment.strftime("%p")
    if not token["date"]:
        return _literal(token)
    unit, width = token["date"][0].casefold(), len(token["date"])
    if unit == "m" and is_minute:
        return f"{moment.minute:0{min(width, 2)}d}"
    hour = (moment.hour % 12 or 12) if has_noon else moment.hour
    written = {
        "y": f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}",
        "m": _named(moment, moment.month, "%b", "%B", width),
        "d": _named(moment, moment.day, "%a", "%A", width),
        "h": f"{hour:0{min(width, 2)}d}",
        "s": f"{moment.second:0{min(width, 2)}d}",
    }
    return written[unit]


def _named(moment: datetime, number: int, short: str, full: str, width: int) -> str:
    """A month or day in one or two digits, by its short or by its full name."""
    return f"{number:0{width}d}" if width < 3 else moment.strftime(short if width == 3 else full)


def _literal(token: re.Match[str]) -> str:
    kept = (token["quoted"], token["escaped"], token["currency"], token["other"])
    return next((text for text in kept if text), "")


# ---------------------------------------------------------------------- numbers


def _number(value: float, section: str) -> str:
    literals: list[str] = []

    def keep(found: re.Match[str]) -> str:
        literals.append(found[1] or found[2] or found[3] or "")
        return chr(0xE000 + len(literals) - 1)

    plain = _SKIPPED.sub("", _LITERAL.sub(keep, section))
    pattern = _NUMBER.search(plain)
    if pattern is None:
        text = plain
    elif "/" in plain:
        return general(value)
    elif _NUMBER.search(plain, pattern.end()):
        text = _spread(value, plain)
    else:
        digits = _digits(value * 100 ** plain.count("%"), pattern[0])
        text = plain[: pattern.start()] + digits.lstrip("-") + plain[pattern.end() :]
        text = "-" + text if digits.startswith("-") else text
    return re.sub("[\ue000-\ue0ff]", lambda found: literals[ord(found[0]) - 0xE000], text).strip()


def _spread(value: float, plain: str) -> str:
    """The digits of a number over several groups, as in `000-0000`, filled from the right."""
    digits = str(abs(round(value))).rjust(plain.count("0"), "0")
    places = len(_PLACE.findall(plain))
    digits = digits.rjust(places)
    filled = iter([digits[: len(digits) - places + 1], *digits[len(digits) - places + 1 :]])
    text = _PLACE.sub(lambda _: next(filled), plain)
    return ("-" if value < 0 else "") + text.strip()


def _digits(value: float, pattern: str) -> str:
    """The digits of a number by a pattern such as `#,##0.00`."""
    mantissa, mark, exponent = pattern.upper().partition("E")
    thousands = len(mantissa) - len(mantissa.rstrip(","))
    value /= 1_000**thousands
    whole, _, decimals = mantissa.rstrip(",").partition(".")
    places = min(len(decimals.replace(",", "")), _DIGITS_LIMIT)
    if mark:
        return _scientific(value, places, exponent)
    grouped = "," if "," in whole else ""
    text = f"{_half_up(value, places):{grouped}.{places}f}"
    least = min(decimals.count("0"), places)
    head, dot, tail = text.partition(".")
    tail = tail[:least] + tail[least:].rstrip("0")
    sign, head = ("-", head[1:]) if head.startswith("-") else ("", head)
    head = head.rjust(min(whole.count("0"), _DIGITS_LIMIT), "0")
    head = "" if head == "0" and "0" not in whole else head
    text = head + (dot + tail if tail else "")
    return text if not text.strip("0.,") else sign + text


def _half_up(value: float, places: int) -> float:
    """A number moved by the least amount, so that 2.675 rounds to 2.68 as its decimal digits say."""
    return value * (1 + 1e-15) if places < 12 else value


def _scientific(value: float, places: int, exponent: str) -> str:
    mantissa, _, power = f"{value:.{places}E}".partition("E")
    width = exponent.count("0")
    sign = "-" if power.startswith("-") else "+" if exponent.startswith("+") else ""
    return f"{mantissa}E{sign}{power.lstrip('+-').lstrip('0').rjust(width, '0')}"
