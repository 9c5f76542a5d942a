"""all-MiniLM-L6-v2 on ONNX Runtime, in this process, without torch.

Each text is encoded alone, without padding, on one core; many texts run on many cores side by
side. So a text has the same vector whichever texts it arrives with, and for passages no other
way measured was clearly faster; see `docs/decisions/0003-encoder.md`. The model is the one of
Reimers & Gurevych, "Sentence-BERT" (2019), over Wang et al., "MiniLM" (2020). It reads the
first 256 word pieces of a text, knows mostly English, and is blind to negation and numbers.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from openbook.hashing import hash_text
from openbook.models.cache import cached_digest, cached_session
from openbook.models.embedder import Embedder, Progress
from openbook.models.graph import GRAPH_REVISION, Precision
from openbook.models.loudness import SAMPLES
from openbook.models.passage import Matrix, Offsets, Passage, PassageVectors, Vector, pool
from openbook.models.weights import MODEL_NAME, Weights, check_weights, find_weights, unusable

_GROUP = 1024


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """What the encoder says about each word piece of a text.

    Attributes:
        vectors: Shape `(pieces, size)`, float32. Not of unit length: the mean of all rows,
            brought to unit length, is the text's vector.
        offsets: Shape `(pieces, 2)`: start and end of each piece in code points of the text;
            the two marks at the ends have `(0, 0)`.
    """

    vectors: Matrix
    offsets: Offsets


class MiniLM:
    """Implements `Embedder`.

    Args:
        folder: The model folder; see `models/weights.py` for where one may be.
        cache_folder: Where the built graph is kept, about 23 MB in int8 and 90 MB in fp32.
        precision: `int8` is twice as fast, `fp32` gives the original's numbers.
        threads: How many texts are encoded side by side; every core this process may use by default.

    Raises:
        EncoderMissing: The model folder cannot be used.
        SystemFault: The graph cannot be written to the cache folder.
    """

    def __init__(
        self, folder: Path, *, cache_folder: Path, precision: Precision = "int8", threads: int | None = None
    ) -> None:
        weights = check_weights(folder)
        self._fingerprint = _fingerprint(weights, cached_digest(weights, cache_folder), precision)
        self._size = weights.shape.hidden
        self._tokenizer = _load_tokenizer(weights)
        samples = (np.array([self._pieces(text).ids], dtype=np.int32) for text in SAMPLES)
        self._session = cached_session(
            weights, cache_folder, precision=precision, fingerprint=self._fingerprint, samples=samples
        )
        self._pool = ThreadPoolExecutor(threads or _cores(), thread_name_prefix="encoder")

    @property
    def fingerprint(self) -> str:
        """See `Embedder.fingerprint`; such as `all-MiniLM-L6-v2/int8/1a2b3c4d`."""
        return self._fingerprint

    @property
    def size(self) -> int:
        """See `Embedder.size`."""
        return self._size

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """See `Embedder.embed`."""
        rows = np.empty((len(texts), self._size), dtype=np.float32)
        for start in range(0, len(texts), _GROUP):
            group = texts[start : start + _GROUP]
            for index, vector in enumerate(self._pool.map(self.embed_query, group), start=start):
                rows[index] = vector
                if progress is not None:
                    progress(index + 1)
        return rows

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """See `Embedder.embed_passages`; each text passes the encoder once."""
        return list(self._pool.map(self._embed_passage, passages))

    def _embed_passage(self, passage: Passage) -> PassageVectors:
        pieces = self._pieces(passage.text)
        if not passage.ranges:
            return PassageVectors(self._run(["vectors"], pieces)[0], {})
        vector, tokens = self._run(["vectors", "tokens"], pieces)
        return PassageVectors(vector, pool(tokens, _offsets(pieces), passage.ranges))

    def embed_query(self, text: str) -> Vector:
        """See `Embedder.embed_query`; runs on the caller's thread."""
        vector: Vector = self._run(["vectors"], self._pieces(text))[0]
        return vector

    def knows(self, word: str) -> bool:
        """See `Embedder.knows`: whether the word is one piece of the vocabulary, 30,000 common words."""
        return self._tokenizer.token_to_id(word) is not None

    def embed_tokens(self, text: str) -> TokenVectors:
        """The vectors of the text's word pieces, from the same pass that gives the text's own."""
        pieces = self._pieces(text)
        [tokens] = self._run(["tokens"], pieces)
        return TokenVectors(tokens, _offsets(pieces))

    def _pieces(self, text: str) -> Any:
        return self._tokenizer.encode(_speakable(text))

    def _run(self, outputs: Sequence[str], pieces: Any) -> list[Any]:
        ids = np.array([pieces.ids], dtype=np.int32)
        return [output[0] for output in self._session.run(outputs, {"ids": ids})]


def open_embedder(
    path: Path | None, *, cache_folder: Path, precision: Precision = "int8", threads: int | None = None
) -> Embedder:
    """The encoder, from the first place that has its weights.

    Args:
        path: The folder that the setting `encoder.path` names; None to look in the usual places.
        cache_folder: Where the built graph is kept.
        precision: See `MiniLM`.
        threads: See `MiniLM`.

    Raises:
        EncoderMissing: No weights were found, or those found cannot be used.
    """
    folder = find_weights(path).folder
    return MiniLM(folder, cache_folder=cache_folder, precision=precision, threads=threads)


def _fingerprint(weights: Weights, digest: str, precision: Precision) -> str:
    parts = (digest, repr(weights.shape), str(weights.max_pieces), precision, str(GRAPH_REVISION))
    return f"{MODEL_NAME}/{precision}/{hash_text(' '.join(parts))[:8]}"


def _load_tokenizer(weights: Weights) -> Any:
    from tokenizers import Tokenizer  # deferred: only an encoder needs it

    try:
        tokenizer = Tokenizer.from_file(str(weights.tokenizer))
    except Exception as error:  # the library raises no narrower class
        raise unusable(weights.folder, f"{weights.tokenizer.name} cannot be read: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(weights.max_pieces)
    return tokenizer


def _offsets(pieces: Any) -> Offsets:
    return np.array(pieces.offsets, dtype=np.int64)


def _speakable(text: str) -> str:
    """The text with "?" for each lone surrogate, which no encoding knows; its length stays."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
