"""The ingest floor: files become an `Extract`, an `Extract` becomes `Chunk`s. Knows neither storage nor models."""

from openbook.ingest.chunker import CHUNKER_VERSION, chunk
from openbook.ingest.embedding_text import embedding_text
from openbook.ingest.folder import FoundFile, walk
from openbook.ingest.reader import BYTES_LIMIT, READER_VERSION, SUFFIXES, kind_of, read, read_parts
from openbook.ingest.sentences import split_sentences

__all__ = [
    "BYTES_LIMIT",
    "CHUNKER_VERSION",
    "READER_VERSION",
    "SUFFIXES",
    "FoundFile",
    "chunk",
    "embedding_text",
    "kind_of",
    "read",
    "read_parts",
    "split_sentences",
    "walk",
]
