"""Takes out of a text what no reader of it can see.

Invisible characters carry no meaning for a customer, break words apart for search, and are
the usual hiding place of instructions meant for a language model. Letters are never changed:
there is no Unicode normalisation here.

This module knows nothing about files or markup.
"""

import re

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u202f]")
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1 controls
    "\u00ad"  # soft hyphen
    "\u200b-\u200f\u2060\ufeff"  # zero-width characters and direction marks
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides, isolates
    "\ud800-\udfff"  # lone surrogates
    "\U000e0000-\U000e007f"  # the tag block: an invisible copy of ASCII
    "]"
)


def clean(text: str) -> str:
    """The text with line feeds as its only line ends and without invisible characters.

    No-break spaces become plain spaces. Every other character is kept as it was written.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _SPACES.sub(" ", text)
    return _INVISIBLE.sub("", text)
