"""Cuts an extract into chunks along its structure.

The unit is the section: a heading (or several that follow each other) and the blocks below
it. A chunk never mixes sections, except for neighbouring sections that are very short and
have the same parent. How one block is cut is decided in `pieces`. This module knows neither
storage nor models.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from openbook.ingest.pieces import Piece, heading_pieces, split_block
from openbook.types import Block, BlockKind, Chunk, Extract, Span

CHUNKER_VERSION = 1
"""Raised whenever the same extract would give other chunks or embedding texts."""

TARGET_CHARACTERS = 700
LIMIT_CHARACTERS = 1_200
_WHOLE_FACTOR = 4 / 3  # a table or steps may exceed the limit by a third if it then stays whole
_HEAD_SHARE = 3  # headings take at most a third of a chunk
_TAIL_CHARACTERS = 120
_TITLE_CHARACTERS = 80
_SHORT_SECTION_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class _Section:
    """Headings that follow each other, the blocks below, and the outline above the last heading."""

    headings: tuple[Block, ...]
    blocks: tuple[Block, ...]
    path: tuple[str, ...]

    @property
    def level(self) -> int:
        return self.headings[-1].level if self.headings else 0


def chunk(
    extract: Extract, *, target_characters: int = TARGET_CHARACTERS, limit_characters: int = LIMIT_CHARACTERS
) -> tuple[Chunk, ...]:
    """The chunks of an extract: disjoint, in order, together every character but white space.

    A chunk is at most `limit_characters` long; one whose main block is a table or steps may
    be a third longer if that keeps it whole.

    Args:
        extract: What a reader made of a file.
        target_characters: Blocks of a section are packed together up to this length.
        limit_characters: A longer paragraph, table or list is cut.
    """
    packer = _Packer(extract, target=target_characters, limit=limit_characters)
    packs: list[_Pack] = []
    for section in _sections(extract):
        packs.extend(packer.pack(section))
    packs = packer.join_short_sections(packs)
    return tuple(_to_chunk(pack, ordinal=ordinal) for ordinal, pack in enumerate(packs))


def _sections(extract: Extract) -> Iterator[_Section]:
    """The extract's blocks by section, in order."""
    outline: list[tuple[int, str]] = []
    headings: list[Block] = []
    blocks: list[Block] = []
    for block in extract.blocks:
        if block.kind is not BlockKind.HEADING:
            blocks.append(block)
            continue
        if blocks:
            yield _Section(tuple(headings), tuple(blocks), _path(outline, extract))
            headings, blocks = [], []
        headings.append(block)
        outline = [entry for entry in outline if entry[0] < block.level]
        outline.append((block.level, " ".join(block.span.of(extract.text).split())))
    if headings or blocks:
        yield _Section(tuple(headings), tuple(blocks), _path(outline, extract))


def _path(outline: list[tuple[int, str]], extract: Extract) -> tuple[str, ...]:
    """The headings of an outline without the one that is the document's title."""
    title = " ".join(extract.metadata.title.split()).casefold()
    return tuple(text for level, text in outline if not (level == 1 and text.casefold() == title))


@dataclass(frozen=True, slots=True)
class _Pack:
    """Pieces that make one chunk, and what the section they come from looks like."""

    pieces: tuple[Piece, ...]
    path: tuple[str, ...]
    level: int
    fills_section: bool
    is_question: bool

    @property
    def length(self) -> int:
        return self.pieces[-1].span.end - self.pieces[0].span.start

    def joined(self, other: "_Pack") -> "_Pack":
        """This pack and its sibling as one, under their parent."""
        return replace(self, pieces=self.pieces + other.pieces, path=other.path[:-1])


class _Packer:
    """Packs the pieces of sections into chunks of the wanted length."""

    def __init__(self, extract: Extract, *, target: int, limit: int) -> None:
        self._text = extract.text
        self._target = min(target, limit)
        self._limit = limit
        self._whole_limit = int(limit * _WHOLE_FACTOR)

    def pack(self, section: _Section) -> list[_Pack]:
        """One section's packs. Its headings go with its first block, as far as there is room for them."""
        headings = heading_pieces(self._text, section.headings, limit=self._limit)
        room = self._limit // _HEAD_SHARE
        crowded = [piece for piece in headings if headings[-1].span.end - piece.span.start > room]
        head = headings[len(crowded) :]
        packs = self._greedy(crowded) if crowded else []
        body = self._cut(section.blocks, head)
        if body or head:
            packs += self._with_tails_joined(self._greedy(body, head=head))
        is_question = bool(headings) and headings[-1].span.of(self._text).endswith(("?", "？"))
        return [_Pack(tuple(each), section.path, section.level, len(packs) == 1, is_question) for each in packs]

    def _cut(self, blocks: tuple[Block, ...], head: list[Piece]) -> list[Piece]:
        """The pieces of a section's blocks; the first leaves room for the headings before it."""
        pieces: list[Piece] = []
        for block in blocks:
            taken = block.span.start - head[0].span.start if head and not pieces else 0
            limits = {"limit": self._limit - taken, "whole_limit": self._whole_limit - taken}
            pieces += split_block(self._text, block, target=self._target, **limits)
        return pieces

    def _greedy(self, pieces: list[Piece], *, head: list[Piece] | None = None) -> list[list[Piece]]:
        """Packs up to the target; a lead-in such as "Do this:" goes with what it leads to."""
        packs: list[list[Piece]] = [list(head or [])]
        has_body = False
        for piece in pieces:
            if has_body and not self._fits(packs[-1], piece):
                lead_in = self._lead_in(packs[-1], piece)
                packs.append([*lead_in])
            packs[-1].append(piece)
            has_body = True
        return packs

    def _fits(self, pack: list[Piece], piece: Piece) -> bool:
        length = piece.span.end - pack[0].span.start
        body = [each for each in pack if each.kind is not BlockKind.HEADING]
        is_led_in = len(body) == 1 and self._leads_in(body[0])
        return length <= self._target or (is_led_in and length <= self._limit_with(piece))

    def _lead_in(self, pack: list[Piece], piece: Piece) -> list[Piece]:
        """Takes the last piece off a pack if it leads in to the next one and both fit together."""
        last = pack[-1]
        if len(pack) < 2 or pack[-2].kind is BlockKind.HEADING or not self._leads_in(last):
            return []
        return [pack.pop()] if piece.span.end - last.span.start <= self._limit_with(piece) else []

    def _leads_in(self, piece: Piece) -> bool:
        """Whether a piece announces the next one: it ends in a colon, or is short and ends like no sentence."""
        text = piece.span.of(self._text)
        is_short = len(text) <= _TITLE_CHARACTERS and text[-1:].isalnum()
        return piece.kind is BlockKind.PARAGRAPH and (is_short or text.endswith((":", "：")))

    def _limit_with(self, *pieces: Piece) -> int:
        return self._whole_limit if any(piece.is_whole for piece in pieces) else self._limit

    def _with_tails_joined(self, packs: list[list[Piece]]) -> list[list[Piece]]:
        """Packs of one section with those too short to stand alone joined to a neighbour."""
        joined: list[list[Piece]] = []
        for pack in packs:
            if joined and self._is_tail(joined[-1], pack):
                joined[-1] = joined[-1] + pack
            else:
                joined.append(pack)
        return joined

    def _is_tail(self, before: list[Piece], after: list[Piece]) -> bool:
        both = after[-1].span.end - before[0].span.start
        shorter = min(pack[-1].span.end - pack[0].span.start for pack in (before, after))
        return shorter < _TAIL_CHARACTERS and both <= self._limit_with(*before, *after)

    def join_short_sections(self, packs: list[_Pack]) -> list[_Pack]:
        """Packs with runs of very short sibling sections joined up to the target.

        A section whose heading is a question stays alone: it is found by its question.
        """
        joined: list[_Pack] = []
        can_join = False
        for pack in packs:
            is_short = pack.fills_section and pack.length < _SHORT_SECTION_CHARACTERS and not pack.is_question
            if can_join and is_short and self._are_siblings(joined[-1], pack):
                joined[-1] = joined[-1].joined(pack)
            else:
                joined.append(pack)
            can_join = is_short
        return joined

    def _are_siblings(self, before: _Pack, after: _Pack) -> bool:
        length = after.pieces[-1].span.end - before.pieces[0].span.start
        same_parent = len(before.path) <= len(after.path) and before.path[: len(after.path) - 1] == after.path[:-1]
        return before.level == after.level > 0 and same_parent and length <= self._target


def _to_chunk(pack: _Pack, *, ordinal: int) -> Chunk:
    weights: Counter[BlockKind] = Counter()
    for piece in pack.pieces:
        weights[piece.kind] += 0 if piece.kind is BlockKind.HEADING else piece.length
    tables = [piece for piece in pack.pieces if piece.header is not None]
    return Chunk(
        ordinal=ordinal,
        span=Span(pack.pieces[0].span.start, pack.pieces[-1].span.end),
        heading_path=pack.path,
        sentences=tuple(sentence for piece in pack.pieces for sentence in piece.sentences),
        kind=weights.most_common(1)[0][0],
        header=tables[0].header if tables else None,
        locator=next((piece.locator for piece in pack.pieces if piece.locator), ""),
    )
