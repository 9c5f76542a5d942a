"""Reads the body of a response as it streams in: unpacked, and never larger than allowed.

A few kilobytes of gzip can hold gigabytes. Unpacking therefore stops at the limit, not after it.
It knows nothing about addresses or retries.
"""

import zlib
from collections.abc import Iterable

from openbook.errors import ReadError

ACCEPTED = "gzip, deflate"
"""The encodings that can be unpacked, as `Accept-Encoding` names them."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


def read_body(chunks: Iterable[bytes], *, encoding: str, limit_bytes: int) -> bytes:
    """The unpacked bytes of a body.

    Args:
        chunks: What comes over the wire.
        encoding: The `Content-Encoding`, empty if there is none.
        limit_bytes: The most that is unpacked.

    Raises:
        ReadError: It is larger, damaged, or packed in a way that was not asked for.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return _joined(chunks, limit_bytes)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ReadError(
            f"The server packed the page as {encoding[:40]}, which was not asked for.",
            fix="Let the server send it plain or as gzip.",
        )
    return _unpacked(chunks, limit_bytes)


def unpack(data: bytes, *, limit_bytes: int) -> bytes:
    """The bytes inside a gzip file, such as a packed sitemap.

    Raises:
        ReadError: They are more than the limit, or damaged.
    """
    return _unpacked((data,), limit_bytes)


def _joined(chunks: Iterable[bytes], limit_bytes: int) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > limit_bytes:
            raise _too_large(limit_bytes)
    return bytes(data)


def _unpacked(chunks: Iterable[bytes], limit_bytes: int) -> bytes:
    unpacker = None
    data = bytearray()
    try:
        for chunk in chunks:
            if unpacker is None and chunk:
                unpacker = zlib.decompressobj(_GZIP_OR_ZLIB if _has_header(chunk) else _RAW_DEFLATE)
            if unpacker is None or unpacker.eof:
                continue
            data += unpacker.decompress(chunk, limit_bytes + 1 - len(data))
            if len(data) > limit_bytes:
                raise _too_large(limit_bytes)
    except zlib.error as error:
        raise ReadError("The packed page is damaged.", fix="Let the server send it again.") from error
    if unpacker is not None and not unpacker.eof:
        raise ReadError("The packed page ends too early.", fix="Let the server send it again.")
    return bytes(data)


def _has_header(start: bytes) -> bool:
    """Whether packed data begins as gzip or zlib; some servers send deflate without its header."""
    is_zlib = start[0] & 0x0F == 8 and (len(start) < 2 or (start[0] * 256 + start[1]) % 31 == 0)
    return start[:1] == b"\x1f" or is_zlib


def _too_large(limit_bytes: int) -> ReadError:
    return ReadError(
        f"The page is too large: the limit is {limit_bytes / 1e6:.1f} MB.", fix="Split it into smaller pages."
    )
