"""The words of one message: HTML becomes text, quoted earlier mails and signatures are cut off.

What is cut follows the marks that mail programs leave, in English, German, French and Spanish. A
quotation without any mark stays. It knows nothing about tickets.
"""

import re
from typing import Any

from openbook.ingest.cleaning import clean
from openbook.ingest.composer import Composer
from openbook.ingest.markup.tree import parse_html
from openbook.ingest.markup.visibility import apply_style_sheets, is_hidden
from openbook.ingest.markup.walker import Walker
from openbook.types import Metadata

MESSAGE_LIMIT = 100_000
"""The characters of a message that are read; what is longer is a pasted log."""

_TAG = re.compile(
    r"<(?:p|br|div|span|a|ul|ol|li|b|i|strong|em|table|html|body|blockquote|h[1-6])(?:\s[^<>]*)?/?>", re.I
)
_QUOTE_CLASS = re.compile(
    r"gmail_(?:quote|signature|attr)|yahoo_quoted|moz-(?:cite-prefix|signature)|zmail_extra|protonmail_(?:quote|signature)"
    r"|freshdesk_quote|intercom-quote|zd-quote|quoted[-_]text",
    re.I,
)
_QUOTE_IDS = ("divRplyFwdMsg", "appendonsend", "Signature", "ms-outlook-mobile-signature")
_INTRODUCTION = re.compile(
    r"^[ \t>*]*(?:"
    r"(?:On\b.{5,150}\bwrote|Am\b.{5,150}\bschrieb.{0,80}|Le\b.{5,150}\ba écrit|El\b.{5,150}\bescribió)\s*:[ \t]*$"
    r"|(?:On|Am|Le|El)\b.{5,150}\n.{0,100}\b(?:wrote|schrieb|a écrit|escribió)\s*:[ \t]*$"
    r"|-{3,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Forwarded message"
    r"|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado)\s*-{3,}"
    r"|(?:From|Von|De)\s*:.{1,200}\n(?:.{0,200}\n){0,2}?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado|Fecha)\s*:"
    r"|_{20,}[ \t]*$"
    r"|#+- .{5,200} -#+)",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE = re.compile(
    r"^(?:--[ ]?$|(?:Sent from my|Get Outlook for|Von meinem .{2,30} gesendet|Gesendet mit|Envoyé de mon"
    r"|Enviado desde)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"(?:(?:(?:kind|best|warm|with best|with kind)\s*)?(?:regards|wishes)|cheers|(?:yours )?sincerely|yours faithfully"
    r"|(?:mit )?(?:freundlichen|besten|herzlichen|vielen|lieben|schönen)\s*grüßen"
    r"|(?:viele|liebe|beste|freundliche|herzliche|schöne)\s*grüße|mfg|lg"
    r"|cordialement|bien à vous|(?:sincères|meilleures) salutations|saludos(?: cordiales)?|atentamente|un saludo)"
    r"(?:[,.!]+[^\n]{0,40}|(?-i:[ \t]+[A-ZÄÖÜÉÁ]\w+){0,3}[ \t]*)$",
    re.IGNORECASE,
)
_CLOSING_LINES = 12
_CLOSING_WIDTH = 90
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>.*|\|[ \t]?>.*)\n?", re.M)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def message_text(body: str) -> str:
    """What its author wrote in this message, as plain text; may be empty.

    Args:
        body: HTML or plain text, as it stands in the export.
    """
    body = body[:MESSAGE_LIMIT]
    text = clean(_text_of_html(body) if _TAG.search(body) else body)
    return _BLANK_LINES.sub("\n\n", _without_closing(_without_quotes(text))).strip()


def one_line(body: str) -> str:
    """A subject as one line of plain text."""
    return " ".join(clean(_text_of_html(body) if _TAG.search(body) else body).split())[:MESSAGE_LIMIT]


def _text_of_html(html: str) -> str:
    tree = parse_html(html)
    if tree.root is None:
        return ""
    composer = Composer()
    apply_style_sheets(tree.root)
    Walker(composer, is_dropped=_is_dropped).walk(tree.root)
    return composer.finish(Metadata(), path="").text


def _is_dropped(element: Any) -> bool:
    """Whether an lxml element of a message is hidden, a quoted mail or a signature."""
    if is_hidden(element):
        return True
    attributes = element.attrib
    if element.tag == "blockquote" and attributes.get("type", "").lower() == "cite":
        return True
    return bool(attributes) and (
        attributes.get("id", "") in _QUOTE_IDS or _QUOTE_CLASS.search(attributes.get("class", "")) is not None
    )


def _without_quotes(text: str) -> str:
    """The text before the first quoted mail, without single quoted lines."""
    found = _INTRODUCTION.search(text)
    return _QUOTED_LINE.sub("", text[: found.start()] if found else text)


def _without_closing(text: str) -> str:
    """The text before its signature: what follows `--`, or a closing formula with a few short lines."""
    found = _SIGNATURE.search(text)
    lines = (text[: found.start()] if found else text).rstrip().split("\n")
    for number in range(max(0, len(lines) - _CLOSING_LINES), len(lines)):
        if _CLOSING.match(lines[number]) and all(len(line) <= _CLOSING_WIDTH for line in lines[number:]):
            return "\n".join(lines[:number])
    return "\n".join(lines)
