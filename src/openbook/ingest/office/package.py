"""Finds the parts of an Office Open XML file (ECMA-376): which there are, and how they refer to each other.

Both the transitional and the strict form are read; strict names are turned into the
transitional ones, so that readers know only those. It knows nothing about what parts mean.
"""

import posixpath
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from openbook.errors import ReadError
from openbook.ingest.office.archives import Archive, damaged, open_archive, parse_xml

RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_NAMELESS = ("", "untitled", "word document", "microsoft word document", "document", "workbook")
_KINDS = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx", "mimetype": "an OpenDocument file"}


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the kind, such as "styles", and the name of the other part."""

    kind: str
    target: str


class Package:
    """An office file, part by part.

    Args:
        data: The whole file.
        path: Named in errors.
        suffix: Its kind: ".docx" or ".xlsx".

    Raises:
        ReadError: It is no such file, encrypted, damaged, or not safe to unpack.

    Attributes:
        path: Named in errors.
        main: The name of the part that everything starts from.
    """

    def __init__(self, data: bytes, *, path: str, suffix: str) -> None:
        self.path = path
        self._archive: Archive = open_archive(data, path=path, suffix=suffix)
        self._names = {name.casefold(): name for name in self._archive.names}
        mains = [each.target for each in self.relations("").values() if each.kind == "officeDocument"]
        if not mains or not self._is_of(suffix):
            raise self._other_kind(suffix)
        self.main = mains[0]

    def data(self, name: str) -> bytes:
        """The bytes of a part, in transitional names.

        Raises:
            ReadError: It is missing, damaged or too large.
        """
        data = self._archive.read(self._names.get(name.casefold(), name))
        if b"http://purl.oclc.org/ooxml/" in data:
            for strict, transitional in _STRICT.items():
                data = data.replace(strict, transitional)
        return data

    def root(self, name: str) -> Any:
        """The root element of a part.

        Raises:
            ReadError: It is missing, damaged, too large, or no safe XML.
        """
        return parse_xml(self.data(name), path=self.path, name=name)

    def relations(self, name: str) -> dict[str, Relation]:
        """What a part refers to inside the file, by the id it uses; the file as a whole has the name "".

        Raises:
            ReadError: The part that says it is damaged.
        """
        folder, _, file = name.rpartition("/")
        source = posixpath.join(folder, "_rels", f"{file}.rels")
        if source.casefold() not in self._names:
            return {}
        found = {}
        for element in self.root(source):
            if element.get("TargetMode") == "External" or not element.get("Target"):
                continue
            target = posixpath.normpath(posixpath.join("/", folder, unquote(element.get("Target")))).lstrip("/")
            found[element.get("Id", "")] = Relation(element.get("Type", "").rpartition("/")[2], target)
        return found

    def optional_root(self, relations: dict[str, Relation], kind: str) -> Any | None:
        """The root of the first part of a kind that is referred to, None where there is none.

        Raises:
            ReadError: It is damaged, too large, or no safe XML.
        """
        targets = (each.target for each in relations.values() if each.kind == kind)
        name = next((target for target in targets if target.casefold() in self._names), None)
        return None if name is None else self.root(name)

    def properties(self) -> dict[str, str]:
        """Title and last change, as far as the file says them, under the names of `Metadata`.

        Properties that are damaged are as good as none: they carry no text.
        """
        try:
            root = self.optional_root(self.relations(""), "core-properties")
        except ReadError:
            return {}
        if root is None:
            return {}
        title = " ".join((root.findtext(_TITLE) or "").split())
        values = {} if title.casefold() in _NAMELESS else {"title": title}
        return values | {"updated_at": (root.findtext(_MODIFIED) or "").strip()}

    def _is_of(self, suffix: str) -> bool:
        folder = next(start for start, kind in _KINDS.items() if kind == suffix)
        return any(name.startswith(folder) for name in self._names)

    def _other_kind(self, suffix: str) -> ReadError:
        """The error for an archive that is not the office file its ending says."""
        starts = (kind for start, kind in _KINDS.items() if any(name.startswith(start) for name in self._names))
        kind = next((kind for kind in starts if kind != suffix), "")
        if not kind:
            return damaged(self.path, f"it is a zip archive without the parts of {suffix}")
        return ReadError(f"{self.path} is {kind}, not {suffix}.", fix=f"Open it and save it as {suffix}.")
