"""Turns the bytes of a text file into clean text, and says which encoding it guessed.

The order is: a byte order mark, UTF-8, the encoding the file declares, a guess among the
encodings that help texts are in fact written in. It knows nothing about formats; a reader
passes on what its format declared.
"""

import re
from dataclasses import dataclass

from openbook.errors import ReadError
from openbook.ingest.cleaning import clean, hidden_characters

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_PLAUSIBLE = ["cp1252", "latin_1", "cp1250", "cp1251", "cp932", "gb18030", "big5", "euc_kr"]
_PUBLIC_NAMES = {"cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp932": "shift-jis"}
_SAMPLE_BYTES = 65_536
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE_LIMIT = 0.02
_WESTERN_BYTES = frozenset(
    "€‚„…‘’“”•–—™ ¡£§©«®°±²³´·»¼½¾¿ßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖ×ØÙÚÛÜàáâãäåæçèéêëìíîïñòóôõö÷øùúûüŒœŠšŽž"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The clean text of a file and, if the encoding was guessed, a notice that says so."""

    text: str
    notices: tuple[str, ...] = ()


def decode(data: bytes, *, path: str, declared: str = "") -> Decoded:
    """Decodes the bytes of a text file.

    Args:
        data: The whole file.
        path: Named in errors.
        declared: The encoding the file says it has; believed only if the bytes fit.

    Raises:
        ReadError: The file is empty, binary, or in no plausible encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strictly(data[len(mark) :], encoding), path=path)
    if looks_binary(data) or data.startswith(b"%PDF-"):
        raise _binary(path)
    text = _strictly(data, "utf-8")
    if text is not None:
        return _checked(text, path=path)
    for encoding in filter(None, (declared, _guess(data))):
        text = _strictly(data, encoding)
        if text is not None:
            return _checked(text, path=path, notice=f"decoded as {_PUBLIC_NAMES.get(encoding, encoding)}")
    raise _undecodable(path)


def looks_binary(data: bytes) -> bool:
    """Whether the start of the data holds NUL bytes or too many control characters for text."""
    sample = data[:_SAMPLE_BYTES]
    return b"\x00" in sample or len(_CONTROL.findall(sample)) > _CONTROL_SHARE_LIMIT * len(sample)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _checked(text: str | None, *, path: str, notice: str = "") -> Decoded:
    if text is None:
        raise _undecodable(path)
    if looks_binary(text[:_SAMPLE_BYTES].encode("utf-8", "surrogatepass")):
        raise _binary(path)
    notices = hidden_characters(text)
    text = clean(text)
    if not text.strip():
        raise ReadError(f"{path} is empty.", fix="Write some text into the file, or take it out of the folder.")
    return Decoded(text, ((notice,) if notice else ()) + notices)


def _guess(data: bytes) -> str:
    """The likeliest of the plausible encodings, or an empty string."""
    sample = data[:_SAMPLE_BYTES]
    western = _strictly(sample, "cp1252")
    if western is not None and all(character in _WESTERN_BYTES for character in western if character > "\x7f"):
        return "cp1252"
    from charset_normalizer import from_bytes  # deferred: only a file that is not UTF-8 needs it

    best = from_bytes(sample, cp_isolation=_PLAUSIBLE).best()
    return best.encoding if best is not None else ""


def _binary(path: str) -> ReadError:
    return ReadError(
        f"{path} is not a text file: it holds binary data.",
        fix="Save it as Markdown, HTML, plain text, CSV or PDF with the matching file name ending.",
    )


def _undecodable(path: str) -> ReadError:
    return ReadError(f"{path} is in no character encoding that could be recognised.", fix="Save the file as UTF-8.")
