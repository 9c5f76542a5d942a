"""What turns text into vectors: the seam, and an implementation that needs no weights.

Knows no file, no index and no document: texts go in, rows of unit length come out.
"""

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from openbook.models.passage import Matrix, Passage, PassageVectors, Vector, unit

Progress = Callable[[int], None]

_WORD = re.compile(r"\w+")
_LETTERS = 4
_LETTERS_WEIGHT = 0.5
_PAIR_WEIGHT = 0.7


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is their likeness in meaning.

    Safe to call from several threads. Any text is accepted: empty, long, in any script, with
    control characters or lone surrogates.
    """

    @property
    def fingerprint(self) -> str:
        """Names weights, graph and precision; vectors of two fingerprints are never compared."""
        ...

    @property
    def size(self) -> int:
        """How many numbers a vector has."""
        ...

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """Vectors of many texts.

        Args:
            texts: What to encode; may be empty.
            progress: Called with how many of these texts are done so far, ever more up to all.

        Returns:
            A matrix of shape `(len(texts), size)`; rows have length 1, in the order given.
        """
        ...

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of many texts and of pieces of them, in the order given."""
        ...

    def embed_query(self, text: str) -> Vector:
        """The vector of one text, shape `(size,)`: the same as in any call of `embed`."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is a word of its language for sure; others may be misspelt."""
        ...


class HashEmbedder:
    """Likeness in wording alone: words, word pairs and letter groups hashed into 384 numbers.

    For tests and for trying Openbook without weights. It knows no synonyms. Signed feature
    hashing as in Weinberger et al., "Feature Hashing for Large Scale Multitask Learning"
    (2009), with the sign and the place of a feature taken from one BLAKE2b hash.
    """

    fingerprint = "hash/2b/384"
    size = 384

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """See `Embedder.embed`."""
        rows = np.empty((len(texts), self.size), dtype=np.float32)
        for index, text in enumerate(texts):
            rows[index] = self.embed_query(text)
            if progress is not None:
                progress(index + 1)
        return rows

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """See `Embedder.embed_passages`; each piece is read alone."""
        return [
            PassageVectors(
                self.embed_query(passage.text),
                {(start, end): self.embed_query(passage.text[start:end]) for start, end in passage.ranges},
            )
            for passage in passages
        ]

    def embed_query(self, text: str) -> Vector:
        """See `Embedder.embed_query`."""
        numbers = np.zeros(self.size, dtype=np.float64)
        for feature, weight in _weighted_features(text):
            digest = int.from_bytes(hashlib.blake2b(feature, digest_size=8).digest(), "little")
            numbers[(digest >> 1) % self.size] += weight if digest & 1 else -weight
        if not numbers.any():
            numbers[0] = 1.0
        return unit(numbers.astype(np.float32))

    def knows(self, word: str) -> bool:
        """See `Embedder.knows`; this one knows no word."""
        return False


def _weighted_features(text: str) -> Iterator[tuple[bytes, float]]:
    """Each feature once, with the square root of its count, so that repetition fades."""
    words = _WORD.findall(text.lower())
    counts: Counter[tuple[str, float]] = Counter((f"w:{word}", 1.0) for word in words)
    counts.update((f"p:{first} {second}", _PAIR_WEIGHT) for first, second in itertools.pairwise(words))
    for word in words:
        framed = f"<{word}>"
        starts = range(max(1, len(framed) - _LETTERS + 1))
        counts.update((f"l:{framed[start : start + _LETTERS]}", _LETTERS_WEIGHT) for start in starts)
    for (feature, weight), count in counts.items():
        yield feature.encode("utf-8", "surrogatepass"), weight * float(np.sqrt(count))
