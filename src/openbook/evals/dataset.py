"""Reads evaluation datasets: questions with what a right answer rests on.

JSON Lines or CSV with the same columns; in a CSV, lists are written as JSON or separated by `;`.
A record that does not fit is an error that names its line; a dataset is all right or refused.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from io import StringIO
from pathlib import Path
from typing import Any, get_args

from openbook.conversation.understand import LONGEST_QUESTION
from openbook.errors import UserError
from openbook.hashing import canonical_json
from openbook.types import PUBLIC, Decision, Record, TicketMessage
from openbook.types.ticket import Author

_LISTS_OF_WORDS = ("documents", "quotes", "tags")
_LISTS = ("history", *_LISTS_OF_WORDS)
_WORDS = ("answer", "decision", "intent", "audience", "group", "split", "conversation")


@dataclass(frozen=True, slots=True)
class Case(Record):
    """One question of a dataset.

    Attributes:
        answer: The gold answer in short, or empty.
        documents: Paths or addresses of the documents that answer it.
        quotes: Gold sentences, as a reader sees them.
        answerable: Whether the knowledge for this audience answers it at all.
        decision: What should be done, or empty where only `answerable` says.
        group: What kind of question it is, for figures by group.
        split: Which part of the dataset it belongs to, such as `tune` or `test`; empty where it is whole.
        conversation: The same for all questions of one conversation; its own id where it stands alone.
    """

    id: str
    question: str
    history: tuple[Any, ...] = ()
    answer: str = ""
    documents: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    answerable: bool = True
    decision: str = ""
    intent: str = ""
    audience: str = PUBLIC
    group: str = ""
    tags: tuple[str, ...] = ()
    split: str = ""
    conversation: str = ""


_NAMES = frozenset(field.name for field in fields(Case))


def read_dataset(path: Path) -> tuple[Case, ...]:
    """The cases of a dataset, in order.

    Raises:
        UserError: The file cannot be read, is empty, or a record does not fit; names the line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The dataset {path} cannot be read: {error}.", fix="Name a JSON Lines or CSV file.") from error
    rows = _csv_rows(text) if path.suffix.lower() == ".csv" else _json_rows(text, path)
    cases = tuple(_case(row, f"{path}, line {line}") for line, row in rows)
    if not cases:
        raise UserError(f"The dataset {path} holds no question.", fix="Write one record a line: id, question, …")
    seen: set[str] = set()
    for case in cases:
        history_of(case)
        if len(case.question) > LONGEST_QUESTION:
            raise UserError(
                f"The question {case.id!r} of {path} has {len(case.question):,} characters, more than are ever read.",
                fix=f"Cut it to {LONGEST_QUESTION:,}.",
            )
        if case.id in seen:
            raise UserError(f"The dataset {path} has the id {case.id!r} twice.", fix="Give each record its own id.")
        seen.add(case.id)
    return cases


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, words in enumerate(text.split("\n"), start=1):
        if not words.strip():
            continue
        try:
            row = json.loads(words)
            canonical_json(row).encode()
        except UnicodeEncodeError as error:
            raise UserError(
                f"{path}, line {line} has half a character (a lone surrogate).", fix="Write it in whole characters."
            ) from error
        except (ValueError, RecursionError) as error:
            raise UserError(f"{path}, line {line} is no JSON: {error}.", fix="Write one JSON object a line.") from error
        if not isinstance(row, dict):
            raise UserError(f"{path}, line {line} is no JSON object.", fix="Write one JSON object a line.")
        yield line, row


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(StringIO(text, newline=""))
    try:
        for row in reader:
            yield reader.line_num, {name: value for name, value in row.items() if name and value}
    except csv.Error as error:
        raise UserError(
            f"The CSV cannot be read after line {reader.line_num}: {error}.", fix="Correct the quotation marks there."
        ) from error


def _case(row: dict[str, Any], place: str) -> Case:
    values = {name: value for name, value in row.items() if name in _NAMES and value is not None}
    if not isinstance(values.get("question"), str):
        raise UserError(f"{place} has no `question`.", fix="Every record needs an id and a question.")
    for name in _LISTS:
        values[name] = _list(values.get(name, ()), f"{place}, {name}")
        if name in _LISTS_OF_WORDS and not all(isinstance(item, str) for item in values[name]):
            raise UserError(f"{place}, {name} holds something else than text.", fix='Write ["one", "two"].')
    values["id"] = str(values.get("id", place.rpartition(" ")[2]))
    values["answerable"] = _truth(values.get("answerable", True), place)
    values |= {name: _words(values[name], f"{place}, {name}") for name in _WORDS if name in values}
    if values.get("decision") not in (None, "", *map(str, Decision)):
        raise UserError(
            f"{place} has `decision` = {values['decision']!r}.", fix=f"Write one of {', '.join(Decision)}, or nothing."
        )
    return Case(**values)


def _list(value: Any, place: str) -> tuple[Any, ...]:
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.lstrip().startswith("[") else value.split(";")
        except ValueError as error:
            raise UserError(f"{place} is no list: {error}.", fix='Write ["one", "two"] or one;two.') from error
    if not isinstance(value, list | tuple):
        raise UserError(f"{place} is no list.", fix='Write ["one", "two"].')
    return tuple(item.strip() if isinstance(item, str) else item for item in value)


def _words(value: Any, place: str) -> str:
    if isinstance(value, list | dict):
        raise UserError(f"{place} is no text: {value!r}.", fix='Write "one"; several audiences as "one, two".')
    return str(value)


def _truth(value: Any, place: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if str(value).strip().lower() in known:
        return known[str(value).strip().lower()]
    raise UserError(f"{place} has `answerable` = {value!r}.", fix="Write true or false.")


def history_of(case: Case) -> tuple[TicketMessage, ...]:
    """What was said before the question: customers' messages as strings, or objects with `from` and `text`.

    Raises:
        UserError: An entry is neither; names the case.
    """
    return tuple(_message(entry, case.id) for entry in case.history)


def _message(entry: Any, case_id: str) -> TicketMessage:
    if isinstance(entry, str):
        return TicketMessage("customer", entry)
    if isinstance(entry, dict) and entry.get("from") in get_args(Author) and isinstance(entry.get("text"), str):
        return TicketMessage(entry["from"], entry["text"])
    raise UserError(
        f"The history of {case_id!r} has the entry {entry!r}.",
        fix='Write the customer\'s words, or {"from": "customer", "text": "..."} with customer, operator or bot.',
    )
