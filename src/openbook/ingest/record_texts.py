"""Cuts a JSON text of any size at its brackets into the texts of its records.

Only the record that is being read is held in memory, and nothing is parsed, so that one damaged
record does not cost the others. It knows under which names records are usually kept.
"""

import re
from collections.abc import Iterable, Iterator

_LIST_WORDS = (
    "tickets conversations articles solutions solution_articles data items results records rows entries entry "
    "products questions faqs faq documents docs pages posts threads issues mainEntity @graph"
)
_WRAPPER_WORDS = "data result results response export payload feed channel body help_center"
LIST_NAMES = frozenset(_LIST_WORDS.split())
"""The names under which a JSON object holds its records; a list under another name is passed over."""

_WRAPPER_NAMES = frozenset(_WRAPPER_WORDS.split())
_NAME_CHARACTERS = 200
_UP_TO_BRACKET = re.compile(r'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)
_REST_OF_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_NAME_BEFORE_BRACKET = re.compile(r'"([^"\\]{1,100})"\s*:\s*[\[{]\Z')
_ID_NAMED = re.compile(r'"_?id"\s*:')


def record_texts(texts: Iterable[str], limit: int) -> Iterator[str | None]:
    """The text of each record in a JSON text; None for one that is too large, its start for one cut off."""
    splitter = _Splitter(limit)
    for piece, bracket in _pieces(texts):
        if splitter.take(piece, bracket):
            yield splitter.release()
    if splitter.is_inside:
        yield splitter.release()


def _pieces(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Cuts JSON after each bracket that is not inside a string: pieces with the bracket they end in.

    A piece without a bracket goes on in the next one; together the pieces are the whole text.
    """
    in_string = False
    kept = ""
    for text in texts:
        text = kept + text
        position = 0
        while position < len(text):
            found = (_REST_OF_STRING if in_string else _UP_TO_BRACKET).match(text, position)
            end = found.end() if found else position
            if end == len(text) or (in_string and text[end] == "\\"):
                yield text[position:end], ""
                position = end
                break
            bracket = "" if text[end] == '"' else text[end]
            in_string = not in_string and not bracket
            yield text[position : end + 1], bracket
            position = end + 1
        kept = text[position:]


class _Splitter:
    """Finds the records in the pieces of a JSON text.

    Args:
        limit: The characters one record may have.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._around: list[str] = []
        self._depth = 0
        self._before = ""
        self._has_id = False
        self._held: list[str] = []
        self._size = 0
        self._is_holding = False

    @property
    def is_inside(self) -> bool:
        """Whether the text so far is incomplete."""
        return bool(self._around)

    def take(self, piece: str, bracket: str) -> bool:
        """Whether a record ends with this piece; it is then to be released.

        `_around` are the brackets that may hold records, outermost first; `_depth` counts those open
        inside a record, or inside something between records.
        """
        self._hold(piece)
        if self._depth:
            if bracket:
                self._depth += 1 if bracket in "{[" else -1
            return not self._depth and self._is_holding and self._around[-1] == "["
        before = (self._before + piece)[-_NAME_CHARACTERS:]
        self._before = "" if bracket else before
        if not bracket:
            return False
        if bracket in "{[":
            self._open(bracket, before=before)
        elif self._around:
            self._around.pop()
        return not self._around and self._is_holding

    def release(self) -> str | None:
        """The text that was gathered; None if it is too large."""
        text = "".join(self._held) if self._size <= self._limit else None
        self._gather("", is_record=False)
        return text

    def _open(self, bracket: str, *, before: str) -> None:
        """Goes into what holds records, or begins a record, or begins to pass over something else."""
        if not self._around:
            self._around.append(bracket)
            self._has_id = False
            self._gather(bracket, is_record=bracket == "{")
        elif self._around[-1] == "[":
            self._depth = 1
            self._gather(bracket, is_record=bracket == "{")
        elif self._is_wrapper(bracket, before=before):
            self._around.append(bracket)
            if bracket == "[":
                self._gather("", is_record=False)
        else:
            self._depth = 1

    def _is_wrapper(self, bracket: str, *, before: str) -> bool:
        """Whether the value that begins here holds records, and the object around it is none itself."""
        found = _NAME_BEFORE_BRACKET.search(before)
        if not found or (self._has_id and self._is_holding):
            return False
        return found[1] in LIST_NAMES if bracket == "[" else found[1] in _WRAPPER_NAMES and len(self._around) == 1

    def _gather(self, start: str, *, is_record: bool) -> None:
        self._held, self._size, self._is_holding = [start], len(start), is_record

    def _hold(self, piece: str) -> None:
        if not self._is_holding:
            return
        self._size += len(piece)
        if self._size > self._limit:
            self._held.clear()
        else:
            self._held.append(piece)
        if len(self._around) == 1 and not self._depth and _ID_NAMED.search(self._before + piece):
            self._has_id = True
