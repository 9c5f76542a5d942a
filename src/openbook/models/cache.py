"""Keeps what is costly to make from the weights: the built graph and the weights' digest.

Everything here can be deleted at any time and is made anew. Files appear whole or not at all,
so several processes may share the folder.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openbook.errors import SystemFault
from openbook.models.graph import Array, GraphBuilder, Precision
from openbook.models.loudness import find_loud_inputs
from openbook.models.session import open_session
from openbook.models.weights import Weights, digest_weights, unusable

_FINGERPRINT = "openbook.fingerprint"
_DIGEST_FILE = "weights.json"


def cached_session(
    weights: Weights, cache_folder: Path, *, precision: Precision, fingerprint: str, samples: Iterable[Array]
) -> Any:
    """A session over the graph of this fingerprint; absent, cut short or foreign, it is built first.

    Args:
        weights: Where the numbers are.
        cache_folder: Where the graph is kept; made if need be.
        precision: `int8` for speed, `fp32` for the original's numbers.
        fingerprint: Names the file and is kept inside it.
        samples: Word pieces of some texts, each of shape `(1, pieces)`; see `models/loudness.py`.

    Raises:
        EncoderMissing: The weights lack a tensor or cannot be read.
        SystemFault: The folder cannot be written to.
    """
    place = cache_folder / f"{fingerprint.replace('/', '-')}.onnx"
    with contextlib.suppress(SystemFault):
        session = open_session(place)
        if session.get_modelmeta().custom_metadata_map.get(_FINGERPRINT) == fingerprint:
            return session
    model = _build(weights, precision, samples)
    entry = model.metadata_props.add()
    entry.key, entry.value = _FINGERPRINT, fingerprint
    _write_whole(place, model.SerializeToString())
    return open_session(place)


def _build(weights: Weights, precision: Precision, samples: Iterable[Array]) -> Any:
    from safetensors import SafetensorError  # deferred: only needed to build, which happens once
    from safetensors.numpy import load_file  # deferred: as above

    try:
        tensors = {name: array.astype("float32", copy=False) for name, array in load_file(weights.tensors).items()}
        loud = find_loud_inputs(tensors, weights.shape, samples) if precision == "int8" else {}
        return GraphBuilder(tensors, weights.shape, precision=precision, loud=loud).build()
    except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
        raise unusable(weights.folder, f"its tensors do not make the network: {error!r}") from error


def cached_digest(weights: Weights, cache_folder: Path) -> str:
    """The weights' digest, remembered while the file keeps its place, size and time of change.

    Raises:
        SystemFault: The folder cannot be written to.
    """
    state = [[str(place.resolve()), place.stat().st_size, place.stat().st_mtime_ns] for place in weights.hashed]
    place = cache_folder / _DIGEST_FILE
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(place.read_text("utf-8"))
        if known["files"] == state:
            return str(known["digest"])
    digest = digest_weights(weights)
    _write_whole(place, json.dumps({"files": state, "digest": digest}).encode())
    return digest


def _write_whole(place: Path, content: bytes) -> None:
    beside = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.replace(place)
    except OSError as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise SystemFault(
            f"The encoder's cache file {place} cannot be written: {error}.",
            fix=f"Make {place.parent} writable, or free space on its disk.",
        ) from error
