"""Opens files that are zip archives of XML, and refuses those made to harm before any of it is unpacked.

The guards: how many members there are, what they declare to unpack to, how far they are
compressed, what really comes out; and for XML that it declares no entities, so nothing is
expanded and nothing outside is fetched. Archives inside archives are never opened. It knows
nothing about documents or tables.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.decoding import looks_binary

MEMBERS_LIMIT = 20_000
UNPACKED_LIMIT = 1_000_000_000
MEMBER_LIMIT = 200_000_000
MARKS_LIMIT = 6_000_000
"""Tags and attributes in one XML text that is held in memory as a tree, each about 200 bytes there."""

RATIO_LIMIT = 200
"""How many times smaller than its content a large member may be; text in XML stays far below."""

_RATIO_MATTERS_FROM = 5_000_000
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
_ENCRYPTED_FLAG = 0x1
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_OLDER = {".docx": ".doc", ".xlsx": ".xls"}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


@dataclass(slots=True)
class Archive:
    """An archive that passed the guards. What `read` returns counts towards the limit on the whole.

    Attributes:
        path: The archive's name, for errors.
        names: The names of its members.
    """

    path: str
    names: frozenset[str]
    _zip: zipfile.ZipFile
    _unpacked: int = 0

    def read(self, name: str) -> bytes:
        """The content of a member.

        Raises:
            ReadError: It is not there, damaged, encrypted, or larger than the limits.
        """
        try:
            member = self._zip.getinfo(name)
            if member.flag_bits & _ENCRYPTED_FLAG:
                raise _encrypted(self.path)
            with self._zip.open(member) as stream:
                data = stream.read(MEMBER_LIMIT + 1)
        except KeyError as error:
            raise damaged(self.path, f"{name} is missing") from error
        except _BROKEN as error:
            raise damaged(self.path, f"{name} cannot be unpacked") from error
        self._unpacked += len(data)
        if len(data) > MEMBER_LIMIT or self._unpacked > UNPACKED_LIMIT:
            raise _too_large(self.path, self._unpacked)
        return data


def open_archive(data: bytes, *, path: str, suffix: str) -> Archive:
    """The archive in a file.

    Args:
        data: The whole file.
        path: Named in errors.
        suffix: The ending that files of this kind have, such as ".docx".

    Raises:
        ReadError: It is something else, encrypted, damaged, or unpacks to more than the limits.
    """
    if not data.startswith(b"PK"):
        raise _something_else(data, path=path, suffix=suffix)
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        members = opened.infolist()
    except _BROKEN as error:
        raise damaged(path, "its list of contents cannot be read") from error
    if len(members) > MEMBERS_LIMIT:
        raise ReadError(
            f"{path} holds {len(members)} files inside, more than {MEMBERS_LIMIT}: no document needs that many.",
            fix="Save it anew in the program it was written with.",
        )
    declared = sum(member.file_size for member in members)
    if declared > UNPACKED_LIMIT:
        raise _too_large(path, declared)
    for member in members:
        large = member.file_size > _RATIO_MATTERS_FROM
        if large and member.file_size > RATIO_LIMIT * max(member.compress_size, 1):
            raise _too_large(path, member.file_size)
    return Archive(path, frozenset(member.filename for member in members), opened)


def parse_xml(data: bytes, *, path: str, name: str) -> Any:
    """The root element of an XML text, by lxml, without comments and processing instructions.

    Args:
        data: The XML text.
        path: The file it came from,
        name: and the member of it, both for errors.

    Raises:
        ReadError: It is damaged, too large, or declares a document type.
    """
    from lxml import etree  # deferred: 80 ms that a start without such files does not need

    check_xml(data, path=path, name=name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise damaged(path, f"{name} is not valid XML") from error
    if root.getroottree().docinfo.doctype:
        raise _declares_type(path, name)
    return root


def check_xml(data: bytes, *, path: str, name: str, limit_marks: int = MARKS_LIMIT) -> None:
    """Looks at an XML text before it is parsed.

    Args:
        data: The XML text.
        path: The file it came from,
        name: and the member of it, both for errors.
        limit_marks: How many tags and attributes it may have.

    Raises:
        ReadError: It has more, or it declares a document type, which ECMA-376 part 2 forbids in
            office files: that is where entities are declared that expand or point elsewhere.
    """
    if _DOCTYPE.search(data.replace(b"\x00", b"") if b"\x00" in data[:4] else data):
        raise _declares_type(path, name)
    if data.count(b"<") + data.count(b"=") > limit_marks:
        raise ReadError(
            f"{path} is too large: {name} has more than {limit_marks / 1e6:.0f} million tags and attributes.",
            fix="Split it into smaller files.",
        )


def damaged(path: str, what: str) -> ReadError:
    """The error for a file that cannot be trusted; `what` says where it is broken."""
    return ReadError(f"{path} is damaged or cut off: {what}.", fix="Save or download it again.")


def _declares_type(path: str, name: str) -> ReadError:
    return ReadError(
        f"{path} is not safe to read: {name} declares a document type, which can hide entities.",
        fix="Save it anew in the program it was written with.",
    )


def _too_large(path: str, size: int) -> ReadError:
    return ReadError(
        f"{path} unpacks to {size / 1e6:.0f} MB, more than such a file may hold.",
        fix="Split it into smaller files, or save it anew in the program it was written with.",
    )


def _encrypted(path: str) -> ReadError:
    return ReadError(
        f"{path} is encrypted and asks for a password.", fix="Save it without a password and add it again."
    )


def _something_else(data: bytes, *, path: str, suffix: str) -> ReadError:
    """The error for a file that is not what its ending says, with what it seems to be."""
    start = data[:512].lstrip().lower()
    if data.startswith(_OLE_START):
        if _ENCRYPTED_STREAM in data:
            return _encrypted(path)
        older = _OLDER.get(suffix, "office")
        return ReadError(f"{path} is an old {older} file, not {suffix}.", fix=f"Open it and save it as {suffix}.")
    if start.startswith(b"%pdf-"):
        return ReadError(f"{path} is a PDF, not {suffix}.", fix="Give it the ending .pdf.")
    if start.startswith(b"{\\rtf"):
        return ReadError(f"{path} is an RTF text, not {suffix}.", fix=f"Open it and save it as {suffix}.")
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table|meta|div)\b", start):
        return ReadError(f"{path} is a web page, not {suffix}.", fix="Give it the ending .html.")
    if looks_binary(data):
        return damaged(path, f"it does not start like {suffix}")
    ending = ".csv" if suffix == ".xlsx" else ".txt"
    return ReadError(f"{path} is plain text, not {suffix}.", fix=f"Give it the ending {ending}.")
