"""Reads plain text: paragraphs, lists, underlined or capitalised headings.

Lines that an editor wrapped are joined again; lines that their writer ended stay. It knows
nothing about markup.
"""

import re

from openbook.ingest.composer import Composer
from openbook.ingest.decoding import decode
from openbook.types import Extract, Metadata

_ITEM = re.compile(r"(?P<bullet>[-*•–+])[ \t]+(?=\S)|(?P<number>\d{1,3})[.)][ \t]+(?=\S)")
_RULE = re.compile(r"[ \t]*(?:={3,}|-{3,}|\*{3,}|_{3,}|~{3,})[ \t]*")
_WRAP_MINIMUM = 50
_HEADING_LIMIT = 80


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a plain text file.

    Raises:
        ReadError: The bytes are no text.
    """
    decoded = decode(data, path=path)
    composer = Composer()
    composer.notices.extend(decoded.notices)
    compose_lines(decoded.text, composer)
    return composer.finish(Metadata(), path=path)


def compose_lines(text: str, composer: Composer) -> None:
    """Writes the blocks of a plain text into a composer."""
    is_first = True
    for lines in _groups(text.expandtabs(4).split("\n")):
        level = _heading_level(lines, is_first=is_first)
        if level:
            composer.heading(lines[0], level=level)
            del lines[: 2 if len(lines) > 1 and _RULE.fullmatch(lines[1]) else 1]
        is_first = False
        compose_group(join_wrapped([line for line in lines if not _RULE.fullmatch(line)]), composer)


def _groups(lines: list[str]) -> list[list[str]]:
    """Runs of lines between blank lines."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line.rstrip())
        elif groups[-1]:
            groups.append([])
    return groups if groups[-1] else groups[:-1]


def _heading_level(lines: list[str], *, is_first: bool) -> int:
    """1 or 2 if the group starts with a heading line, else 0.

    A heading is underlined, or stands alone in capitals, or is the short first line of the
    file and ends like no sentence.
    """
    first = lines[0].strip()
    if len(first) > _HEADING_LIMIT or _ITEM.match(first):
        return 0
    level = 1 if is_first else 2
    if len(lines) > 1 and _RULE.fullmatch(lines[1]) and not _RULE.fullmatch(first):
        return level if lines[1].strip()[0] == "=" else 2
    is_alone = len(lines) == 1 and not _RULE.fullmatch(first)
    is_loud = first.isupper() and sum(character.isalpha() for character in first) > 3
    ends_open = first[-1].isalnum() or first[-1] in ")?"
    return level if is_alone and (is_loud or (is_first and ends_open)) else 0


def compose_group(lines: list[str], composer: Composer) -> None:
    """Writes one run of lines: prose up to the first list marker, then the list."""
    starts = [index for index, line in enumerate(lines) if starts_item(line)]
    composer.paragraph("\n".join(lines[: starts[0]] if starts else lines))
    if starts:
        items = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
        composer.listing([_item(item) for item in items], ordered=lines[starts[0]].lstrip()[0].isdigit())


def starts_item(line: str) -> bool:
    """Whether a line begins with a list marker: a dash, a dot or a number."""
    return _ITEM.match(line.lstrip()) is not None


def _item(lines: list[str]) -> str:
    """One item with a uniform marker, its further lines indented."""
    text = lines[0].lstrip()
    found = _ITEM.match(text)
    marker = f"{found['number']}. " if found and found["number"] else "- "
    return marker + "\n  ".join([text[found.end() if found else 0 :], *(line.strip() for line in lines[1:])])


def join_wrapped(lines: list[str]) -> list[str]:
    """Joins the lines an editor broke: those whose next word would not have fitted in.

    The width is the longest line's; below 50 characters nothing was wrapped. A line that
    starts a list item is never joined to the one before.
    """
    width = max((len(line) for line in lines), default=0)
    joined: list[list[str]] = []
    was_wrapped = False
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if was_wrapped:
            joined[-1].append(line.strip())
        else:
            joined.append([line.strip()])
        word = following.split(maxsplit=1)[0] if following.strip() and not starts_item(following) else ""
        was_wrapped = bool(word) and width >= _WRAP_MINIMUM and len(line) + 1 + len(word) > width
    return [" ".join(each) for each in joined]
