"""Builds the text that stands for a chunk in a search: its words with the outline above them.

A chunk such as "It costs £4.99." says little without the headings it stands under. It knows
no model and no length limit.
"""

from openbook.types import Chunk


def embedding_text(title: str, source_text: str, chunk: Chunk) -> str:
    """The title, the heading path and a table's header row, each on a line before the chunk's text.

    A line the text itself starts with, and a header row it holds, are not repeated.

    Args:
        title: The document's title; may be empty.
        source_text: The text that the chunk's spans refer to.
        chunk: The chunk.
    """
    text = chunk.span.of(source_text)
    opening = [line for line in text.split("\n") if line][: len(chunk.heading_path) + 1]
    lines = [title] if title not in opening else []
    lines.append(" > ".join(heading for heading in chunk.heading_path if heading not in opening))
    if chunk.header is not None and not chunk.span.start <= chunk.header.start < chunk.span.end:
        lines.append(chunk.header.of(source_text))
    return "\n".join(line for line in (*lines, text) if line)
