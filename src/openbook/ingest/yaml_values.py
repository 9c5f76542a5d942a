"""Reads YAML as JSON would hold it: mappings, lists, strings, numbers, true, false, null.

Built from the parser's events, so that nothing in a file can run, nest or multiply without bound.
Words such as `no` and dates stay as they are written (YAML 1.2, chapter 10.2). Tags are not known and
change nothing; of several documents in one file the first is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openbook.errors import ReadError

_DEPTH_LIMIT = 100
_VALUES_LIMIT = 3_000_000
_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d{0,30})")
_BROKEN = re.compile(r"[-+]?(?:\d{1,30}\.\d{0,30}|\.\d{1,30})(?:[eE][-+]?\d{1,3})?|[-+]?\d{1,30}[eE][-+]?\d{1,3}")
_WORDS = {"": None, "~": None, "null": None, "true": True, "True": True, "false": False, "False": False}


def load_yaml(text: str, *, path: str) -> Any:
    """The value of a YAML text; keys are strings.

    Args:
        text: The whole text.
        path: Named in errors.

    Raises:
        ReadError: It is not valid YAML, is nested too deeply, or its aliases multiply it beyond measure.
    """
    import yaml  # deferred: 60 ms that only a YAML file needs

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Builder(path).build(yaml.parse(text, Loader=loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise ReadError(f"{path} is neither valid YAML nor JSON{place}: {problem}.", fix="Correct it there.") from error


@dataclass(slots=True)
class _Open:
    """A mapping or list that has begun.

    Attributes:
        value: What has been read of it.
        anchor: The name by which the file refers to it again.
        key: The key whose value comes next, None where a key comes next.
        size: How many values it holds, those of aliases counted each time.
    """

    value: dict[str, Any] | list[Any]
    anchor: str | None
    key: str | None = None
    merged: list[Any] = field(default_factory=list)
    size: int = 1


class _Builder:
    """Puts the events of a parser together, without recursion."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}

    def build(self, events: Iterator[Any]) -> Any:
        root = _Open([], None)
        self._open.append(root)
        for event in events:
            match type(event).__name__:
                case "ScalarEvent":
                    self._scalar(event)
                case "MappingStartEvent":
                    self._begin({}, event.anchor)
                case "SequenceStartEvent":
                    self._begin([], event.anchor)
                case "MappingEndEvent" | "SequenceEndEvent":
                    self._end()
                case "AliasEvent":
                    self._alias(event.anchor)
                case "DocumentEndEvent":
                    break
        return root.value[0] if isinstance(root.value, list) and root.value else None

    def _begin(self, value: dict[str, Any] | list[Any], anchor: str | None) -> None:
        if len(self._open) > _DEPTH_LIMIT:
            raise ReadError(
                f"{self._path} is nested more than {_DEPTH_LIMIT} levels deep.", fix="Give it a flatter structure."
            )
        self._open.append(_Open(value, anchor))

    def _end(self) -> None:
        done = self._open.pop()
        if isinstance(done.value, dict):
            for name, value in (pair for each in done.merged for pair in each.items()):
                done.value.setdefault(name, value)
        self._name(done.anchor, done.value, done.size)
        self._add(done.value, done.size)

    def _scalar(self, event: Any) -> None:
        is_key = isinstance(self._open[-1].value, dict) and self._open[-1].key is None
        value = event.value if is_key or not event.implicit[0] else _scalar(event.value)
        self._name(event.anchor, value, 1)
        self._add(value, 1)

    def _alias(self, anchor: str) -> None:
        if anchor not in self._anchors:
            raise ReadError(f"{self._path} refers to *{anchor}, which it does not hold before.", fix="Correct it.")
        self._add(*self._anchors[anchor])

    def _name(self, anchor: str | None, value: Any, size: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = (value, size)

    def _add(self, value: Any, size: int) -> None:
        """Puts a finished value where it belongs."""
        parent = self._open[-1]
        parent.size += size
        if parent.size > _VALUES_LIMIT:
            raise ReadError(
                f"{self._path} holds more than {_VALUES_LIMIT:,} values, counting those its aliases repeat.",
                fix="Split it, or write out what its aliases stand for.",
            )
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            parent.key = value if isinstance(value, str) else str(type(value).__name__)
        else:
            self._put(parent, parent.value, parent.key, value)
            parent.key = None

    def _put(self, parent: _Open, mapping: dict[str, Any], key: str, value: Any) -> None:
        """A value under its key; what stands under `<<` is merged where the mapping says nothing itself."""
        merged = value if isinstance(value, list) else [value]
        if key == "<<" and all(isinstance(each, dict) for each in merged):
            parent.merged.extend(merged)
        else:
            mapping[key] = value


def _scalar(written: str) -> Any:
    """The value of a plain scalar."""
    if written in _WORDS:
        return _WORDS[written]
    if _WHOLE.fullmatch(written):
        return int(written)
    return float(written) if _BROKEN.fullmatch(written) else written
