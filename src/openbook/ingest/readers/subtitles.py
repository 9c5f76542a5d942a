"""Reads subtitles, WebVTT and SubRip: cues joined to paragraphs that carry their time as locator.

A paragraph ends where the speaker changes, after a long pause, or at the end of a sentence once
it is long enough. Captions that roll, showing each line twice while the next comes in, are
read once. It knows nothing about the video.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from openbook.errors import ReadError
from openbook.ingest.composer import Composer
from openbook.ingest.decoding import decode
from openbook.ingest.metadata import describe
from openbook.types import Extract

_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"[ \t]*(?P<start>{_TIME})[ \t]*-->[ \t]*(?P<end>{_TIME})")
_DROPPED = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|\Z)")
_CHAPTER = re.compile(r"(?:NOTE[ \t]+)?(?:chapter|kapitel|chapitre|capítulo|capitolo|hoofdstuk)\b", re.IGNORECASE)
_CHAPTER_NOTE = re.compile(r"NOTE[ \t]+(?:chapter|title)[ \t]*:[ \t]*", re.IGNORECASE)
_HEADER = re.compile(r"(?P<name>[A-Za-z]{1,20})[ \t]*:[ \t]*(?P<value>\S.{0,200})")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]{1,100})>")
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")
_NAMED = re.compile(r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2}:[ \t]+(?=\S)|>>[ \t]*")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]]*\Z")
_ROLLING_SHARE = 0.3
_LINES_COMPARED = 8
_PARAGRAPH_CHARACTERS = 400
_PARAGRAPH_LIMIT = 900
_PAUSE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown for a while.

    Attributes:
        start, end: Seconds from the beginning.
        lines: What is shown.
        speaker: Who says it, as far as known.
        is_named: Whether the lines themselves begin with the speaker's name.
        chapter: The name of the chapter that begins here.
    """

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str = ""
    is_named: bool = False
    chapter: str = ""


def read(data: bytes, *, path: str) -> Extract:
    """The extract of a WebVTT or SubRip file; its blocks carry their time, such as "12:03".

    Raises:
        ReadError: The bytes are no text, or hold no cue with a time.
    """
    decoded = decode(data, path=path)
    header, cues = parse_cues(decoded.text)
    if not cues:
        raise ReadError(
            f"{path} holds no subtitles: there is no line such as 00:00:01.000 --> 00:00:04.000.",
            fix="Export the subtitles as WebVTT (.vtt) or SubRip (.srt), or give a plain transcript the ending .txt.",
        )
    composer = Composer()
    composer.notices.extend(decoded.notices)
    described = describe(header)
    composer.notices.extend(described.notices)
    _compose(_unrolled(cues), composer)
    return composer.finish(described.metadata, path=path)


def parse_cues(text: str) -> tuple[dict[str, str], list[Cue]]:
    """What the header says, under the names of `Metadata`, and the cues in their order."""
    header: dict[str, str] = {}
    cues: list[Cue] = []
    chapter = ""
    is_chapters = False
    for lines in _blocks(text):
        timing = next((place for place, line in enumerate(lines[:3]) if _TIMING.match(line)), None)
        if timing is None:
            if lines[0].startswith("WEBVTT"):
                header |= _header_values(lines)
                is_chapters = header.pop("kind", "").casefold() == "chapters"
            elif _CHAPTER_NOTE.match(lines[0]):
                chapter = _CHAPTER_NOTE.sub("", lines[0])
            continue
        if timing and _CHAPTER.match(lines[timing - 1]) and not _DROPPED.match(lines[0]):
            chapter = lines[timing - 1]
        cues.extend(_cues(lines[timing:], chapter=chapter, is_chapter=is_chapters))
        chapter = ""
    return header, cues


def _blocks(text: str) -> Iterator[list[str]]:
    """The runs of lines between empty ones. A time begins a block of its own even without an empty line before."""
    block: list[str] = []
    for line in text.split("\n"):
        is_late_timing = _TIMING.match(line) and any(_TIMING.match(each) for each in block[:3])
        if is_late_timing:
            number = block.pop() if block[-1].strip().isdecimal() else ""
            yield block
            block = [number] if number else []
        if line.strip():
            block.append(line.strip())
        elif block:
            yield block
            block = []
    if block:
        yield block


def _header_values(lines: list[str]) -> dict[str, str]:
    """The title behind the word WEBVTT and the language among the lines below it."""
    values = {"title": lines[0].removeprefix("WEBVTT").strip(" \t-–—:")}
    names = {"language": "locale", "title": "title", "kind": "kind"}
    for found in filter(None, map(_HEADER.fullmatch, lines[1:])):
        name = names.get(found["name"].casefold())
        values |= {name: found["value"]} if name else {}
    return values


def _cues(lines: list[str], *, chapter: str, is_chapter: bool) -> Iterator[Cue]:
    """What a timing line and the lines below it say, voice by voice."""
    timing = _TIMING.match(lines[0])
    start, end = (_seconds(timing[name]) for name in ("start", "end")) if timing else (0.0, 0.0)
    text = "\n".join(lines[1:])
    if is_chapter:
        yield Cue(start, end, (), chapter=_plain(text))
        return
    first, *voices = _VOICE.split(text)
    said = [("", first), *zip(voices[::2], voices[1::2], strict=True)]
    for voice, words in said:
        shown = tuple(filter(None, map(_plain, words.split("\n"))))
        if not shown:
            continue
        named = _NAMED.match(shown[0])
        speaker = _plain(voice) or (named[0].strip(" :") if named else "")
        yield Cue(start, end, shown, speaker, not voice, _plain(chapter))
        chapter = ""
    if chapter:
        yield Cue(start, end, (), chapter=_plain(chapter))


def _plain(line: str) -> str:
    """A line without tags, with its entities as characters."""
    return " ".join(html.unescape(_TAG.sub("", line)).split())


def _seconds(time: str) -> float:
    *hours, minutes, seconds = time.replace(",", ".").split(":")
    return int(hours[0] if hours else 0) * 3_600 + int(minutes) * 60 + float(seconds)


def _unrolled(cues: list[Cue]) -> list[Cue]:
    """The cues without the lines that the cue before already showed, if the captions roll."""
    pairs = list(pairwise(cues))
    repeats = sum(bool(_overlap(before.lines, after.lines)) or _grows(before, after) for before, after in pairs)
    if repeats < 2 or repeats < _ROLLING_SHARE * len(pairs):
        return cues
    kept = cues[:1]
    for before, cue in pairs:
        if _grows(before, cue):
            kept[-1] = replace(kept[-1], end=cue.end, lines=(*kept[-1].lines[:-1], cue.lines[-1]))
            continue
        lines = cue.lines[_overlap(before.lines, cue.lines) :]
        if lines or cue.chapter:
            kept.append(replace(cue, lines=lines))
    return kept


def _overlap(before: tuple[str, ...], after: tuple[str, ...]) -> int:
    """How many of the last lines of one cue are the first ones of the next."""
    most = min(len(before), len(after), _LINES_COMPARED)
    return next((count for count in range(most, 0, -1) if before[-count:] == after[:count]), 0)


def _grows(before: Cue, after: Cue) -> bool:
    """Whether a cue shows the one before again, with more words at its end."""
    if not before.lines or before.lines[:-1] != after.lines[:-1]:
        return False
    return after.lines[-1].startswith(f"{before.lines[-1]} ")


def _compose(cues: list[Cue], composer: Composer) -> None:
    """Writes the paragraphs, each with the time at which it begins."""
    words: list[str] = []
    before: Cue | None = None
    for cue in cues:
        if before is not None and words and _ends(words, before, cue):
            composer.paragraph(" ".join(words))
            words = []
        if cue.chapter:
            composer.locator = _clock(cue.start)
            composer.heading(cue.chapter, level=2)
        if not words:
            composer.locator = _clock(cue.start)
            words += [f"{cue.speaker}:"] if cue.speaker and cue.lines and not cue.is_named else []
        words.extend(cue.lines)
        before = cue
    composer.paragraph(" ".join(words))


def _ends(words: list[str], before: Cue, cue: Cue) -> bool:
    """Whether a paragraph ends before a cue."""
    length = sum(len(word) + 1 for word in words)
    ends_sentence = _SENTENCE_END.search(words[-1]) is not None
    if cue.chapter or (cue.speaker and cue.speaker != before.speaker) or length > _PARAGRAPH_LIMIT:
        return True
    return ends_sentence and (length > _PARAGRAPH_CHARACTERS or cue.start - before.end > _PAUSE_SECONDS)


def _clock(seconds: float) -> str:
    """A time as players show it: 12:03, or 1:02:03 from one hour on."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
