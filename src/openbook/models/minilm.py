"""all-MiniLM-L6-v2 on ONNX Runtime, in this process, without torch.

Each text is encoded alone, without padding, on one core; many texts run on many cores side by
side. So a text has the same vector whichever texts it arrives with, and on two cores this is
also the fastest of the ways measured; see `docs/decisions/0003-encoder.md`. The model is the
one of Reimers & Gurevych, "Sentence-BERT" (2019), over Wang et al., "MiniLM" (2020). It reads
the first 256 word pieces of a text, knows mostly English, and is blind to negation and numbers.
"""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from openbook.models.embedder import Embedder, Matrix, Progress, Vector
from openbook.models.graph import FINGERPRINT_KEY, GRAPH_REVISION, Precision, write_graph
from openbook.models.weights import MODEL_NAME, Weights, check_weights, digest_weights, find_weights

_GROUP = 1024


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
        self._fingerprint = _fingerprint(weights, precision)
        self._size = weights.shape.hidden
        self._tokenizer = _load_tokenizer(weights)
        self._session = _load_session(weights, cache_folder, precision, self._fingerprint)
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

    def embed_query(self, text: str) -> Vector:
        """See `Embedder.embed_query`; on the caller's thread."""
        vector: Vector = self._session.run(["vectors"], {"ids": self._pieces(text)})[0][0]
        return vector

    def _pieces(self, text: str) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
        """Numbers of the text's word pieces between the two marks, shape `(1, pieces)`."""
        speakable = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate becomes "?"
        return np.array([self._tokenizer.encode(speakable).ids], dtype=np.int32)


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


def _fingerprint(weights: Weights, precision: Precision) -> str:
    parts = [digest_weights(weights), repr(weights.shape), str(weights.max_pieces), precision, str(GRAPH_REVISION)]
    return f"{MODEL_NAME}/{precision}/{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:8]}"


def _load_tokenizer(weights: Weights) -> Any:
    from tokenizers import Tokenizer  # deferred: only an encoder needs it

    tokenizer = Tokenizer.from_file(str(weights.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(weights.max_pieces)
    return tokenizer


def _load_session(weights: Weights, cache_folder: Path, precision: Precision, fingerprint: str) -> Any:
    """A session over the cached graph; one that is absent, cut short or foreign is built anew."""
    place = cache_folder / f"{fingerprint.replace('/', '-')}.onnx"
    session = _open_session(place, fingerprint)
    if session is None:
        write_graph(weights, place, precision=precision, fingerprint=fingerprint)
        session = _open_session(place, fingerprint)
    assert session is not None  # noqa: S101 - we have just written it
    return session


def _open_session(place: Path, fingerprint: str) -> Any:
    import onnxruntime as ort  # deferred: 100 ms, and only an encoder needs it

    if not place.is_file():
        return None
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL  # it is built as it should be
    options.enable_mem_pattern = False  # every length is another pattern
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(str(place), options, providers=["CPUExecutionProvider"])
    except Exception:  # noqa: BLE001 - ONNX Runtime's errors have no common class
        return None
    return session if session.get_modelmeta().custom_metadata_map.get(FINGERPRINT_KEY) == fingerprint else None


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
