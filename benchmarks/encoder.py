"""How fast the encoder is, how near to the original, and how it compares with other ways to run it.

Passages come from `--texts` or from aws-docs in the folder that OPENBOOK_DATA names, cut at 700
characters. The original, sentence-transformers on PyTorch, is measured in the interpreter that
`--torch-python` names, with the same texts. `--ways` compares ways to use the cores on the same
graph; padded batches are run without a mask there, which has the same cost but not the same vectors.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from measure import CACHE, ROOT, data_folder, heading, parser, row, seconds, shown
from openbook.errors import EncoderMissing
from openbook.models.minilm import MiniLM
from openbook.models.weights import Weights, find_weights

REFERENCE = ROOT / "tests" / "models"
GRAPHS = CACHE / "encoder"
CUT, MOST = 700, 2_000
QUESTIONS = 54  # the reference texts begin with so many short questions

OPEN_ONCE = """
import sys, time
from pathlib import Path
from openbook.models.minilm import MiniLM
started = time.perf_counter()
MiniLM(Path(sys.argv[1]), cache_folder=Path(sys.argv[2]))
print(1e3 * (time.perf_counter() - started))
"""

ORIGINAL = """
import json, os, sys, time
os.environ["HF_HUB_OFFLINE"] = "1"
from sentence_transformers import SentenceTransformer
asked = json.load(sys.stdin)
model = SentenceTransformer(asked["folder"], device="cpu")
def spent(texts):
    started = time.perf_counter()
    model.encode(texts, batch_size=32, show_progress_bar=False)
    return time.perf_counter() - started
spent(asked["passages"][:8])
rate = len(asked["passages"]) / spent(asked["passages"])
print(json.dumps({"rate": rate, "queries": [1e3 * spent(question) for question in asked["questions"]]}))
"""


def main() -> None:
    """Prints the table, or why there is none."""
    arguments = _arguments()
    try:
        weights = find_weights(arguments.weights)
    except EncoderMissing as missing:
        sys.stdout.write(f"skipped: {missing.message}\n")
        return
    passages = _passages(arguments.texts, min(arguments.count, MOST))
    questions = json.loads((REFERENCE / "reference_texts.json").read_text("utf-8"))[:QUESTIONS]
    int8, fp32 = (MiniLM(weights.folder, cache_folder=GRAPHS, precision=kind) for kind in ("int8", "fp32"))
    pieces = [len(int8.embed_tokens(text).offsets) for text in passages]
    heading(f"Encoder: {len(passages)} passages, median {np.median(pieces):.0f} word pieces")
    _loading(weights, arguments.rounds)
    for name, encoder in (("int8", int8), ("fp32", fp32)):
        _nearness(name, encoder)
    _speed(int8, fp32, passages, questions, arguments.rounds)
    _against_original(int8, passages, questions, arguments)
    if arguments.ways:
        _ways(int8, passages, arguments.rounds)


def _arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    options.add_argument("--texts", type=Path, help="a file, or a folder of .md and .txt files, to cut passages from")
    options.add_argument("--count", type=int, default=120, help=f"how many passages, at most {MOST}")
    options.add_argument("--rounds", type=int, default=5, help="how often each thing is measured")
    options.add_argument("--weights", type=Path, help="the model folder; found as usual by default")
    options.add_argument("--torch-python", default=sys.executable, help="an interpreter with sentence-transformers")
    options.add_argument("--ways", action="store_true", help="also compare ways to use the cores")
    return options.parse_args()


def _passages(source: Path | None, count: int) -> list[str]:
    """Evenly drawn pieces of the source's files, in an order that is random but always the same."""
    place = source or data_folder() / "aws-docs" / "documents"
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.suffix in {".md", ".txt"})
    drawn = np.random.default_rng(0).permutation(len(files))[:count]
    cut: list[str] = []
    for index in drawn:
        text = files[index].read_text("utf-8", errors="replace")[: CUT * (1 + MOST // len(files))]
        cut += [text[start : start + CUT] for start in range(0, len(text), CUT)]
    kept = np.random.default_rng(1).permutation(len(cut))[:count]
    return [cut[index] for index in kept]


def _loading(weights: Weights, rounds: int) -> None:
    times = []
    for _ in range(rounds):
        command = [sys.executable, "-c", OPEN_ONCE, str(weights.folder), str(GRAPHS)]
        times.append(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    row("opening int8 in a new process", "< 350 ms", shown(times, unit="ms", digits=0))
    with tempfile.TemporaryDirectory() as empty:
        built = seconds(lambda: MiniLM(weights.folder, cache_folder=Path(empty)))
    row("building the int8 graph, once", "seconds", f"{built:.1f} s")


def _nearness(name: str, encoder: MiniLM) -> None:
    texts = json.loads((REFERENCE / "reference_texts.json").read_text("utf-8"))
    original = np.load(REFERENCE / "reference.npz")["vectors"].astype(np.float32)
    cosines = (encoder.embed(texts) * original).sum(axis=1) / np.linalg.norm(original, axis=1)
    goal = {"fp32": "≥ 0.999", "int8": "≥ 0.98"}[name]
    row(f"{name}: lowest cosine to the original", goal, f"{cosines.min():.4f} (mean {cosines.mean():.5f})")


def _speed(int8: MiniLM, fp32: MiniLM, passages: list[str], questions: list[str], rounds: int) -> None:
    rates = _rates({"int8": lambda: int8.embed(passages), "fp32": lambda: fp32.embed(passages)}, len(passages), rounds)
    queries = [spent for _ in range(rounds) for spent in _query_times(int8, questions)]
    row("int8: passages a second", "100", shown(rates["int8"], digits=1))
    row("fp32: passages a second", "", shown(rates["fp32"], digits=1))
    for name, encoder in (("int8", int8), ("fp32", fp32)):
        spent = [1e3 * _processor_seconds(encoder, passages) / len(passages) for _ in range(rounds)]
        row(f"{name}: processor time a passage", "", shown(spent, unit="ms", digits=1))
    row("int8: one short question, median", "1.5 ms", shown(queries, unit="ms"))
    row("int8: one short question, 95th percentile", "", shown(queries, 0.95, unit="ms"))


def _processor_seconds(encoder: MiniLM, passages: list[str]) -> float:
    """Time on all cores together, which a busy machine hardly changes."""
    started = time.process_time()
    encoder.embed(passages)
    return time.process_time() - started


def _query_times(encoder: MiniLM, questions: list[str]) -> list[float]:
    """Milliseconds of each question, encoded alone."""
    return [1e3 * seconds(lambda question=question: encoder.embed_query(question)) for question in questions]


def _rates(ways: dict[str, Callable[[], object]], count: int, rounds: int) -> dict[str, list[float]]:
    """Texts a second of each way, taken in turns so that a busy machine is busy for all."""
    for work in ways.values():
        work()
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            rates[name].append(count / seconds(work))
    return rates


def _against_original(
    encoder: MiniLM, passages: list[str], questions: list[str], arguments: argparse.Namespace
) -> None:
    """Runs both in turns, so that each ratio is of neighbours in time."""
    folder = find_weights(arguments.weights).folder
    asked = json.dumps({"folder": str(folder), "passages": passages, "questions": questions})
    command = [arguments.torch_python, "-c", ORIGINAL]
    theirs, faster, sooner = [], [], []
    for _ in range(min(arguments.rounds, 5)):
        done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            row("the original on PyTorch", "", f"skipped: {last}")
            return
        original = json.loads(done.stdout.splitlines()[-1])
        theirs.append(original["rate"])
        faster.append(len(passages) / seconds(lambda: encoder.embed(passages)) / original["rate"])
        sooner.append(float(np.median(original["queries"]) / np.median(_query_times(encoder, questions))))
    row("the original on PyTorch: passages a second", "", shown(theirs, digits=1))
    row("int8 is faster: passages, times", "", shown(faster, digits=1))
    row("int8 is faster: one question, times", "", shown(sooner, digits=1))


def _ways(encoder: MiniLM, passages: list[str], rounds: int) -> None:
    """Compares ways to use the cores; the first is ours."""
    texts = [np.array(encoder._pieces(text).ids, dtype=np.int32) for text in passages]
    by_length = sorted(texts, key=len)
    short = [text[:8] for text in texts]
    one_core, all_cores = encoder._session, _session_on_all_cores(encoder)
    for name, of, size in (("passages", by_length, 8), ("texts of 8 pieces", short, 16)):
        ways: dict[str, Callable[[], object]] = {
            "one text a core": lambda of=of: _side_by_side(one_core, _batches(of, 1)),
            "one text on all cores": lambda of=of: _in_turn(all_cores, _batches(of, 1)),
        }
        for batch in (4, size, 32):
            ways[f"batches of {batch} by length, on all cores"] = lambda of=of, batch=batch: _in_turn(
                all_cores, _batches(of, batch)
            )
        ways[f"batches of {size} by length, one a core"] = lambda of=of, size=size: _side_by_side(
            one_core, _batches(of, size)
        )
        rates = _rates(ways, len(of), rounds)
        first = np.median(rates["one text a core"])
        for way, found in rates.items():
            row(f"{name}: {way}", "", f"{shown(found, digits=1)} a second, {np.median(found) / first:.2f} of the first")


def _session_on_all_cores(encoder: MiniLM) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(str(GRAPHS / f"{encoder.fingerprint.replace('/', '-')}.onnx"), options)


def _batches(texts: Sequence[Any], size: int) -> list[Any]:
    """Texts in batches, each padded to its longest."""
    groups = [texts[start : start + size] for start in range(0, len(texts), size)]
    return [np.stack([np.pad(text, (0, max(map(len, group)) - len(text))) for text in group]) for group in groups]


def _in_turn(session: Any, batches: list[Any]) -> None:
    for batch in batches:
        session.run(["vectors"], {"ids": batch})


def _side_by_side(session: Any, batches: list[Any]) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda batch: session.run(["vectors"], {"ids": batch}), batches))


if __name__ == "__main__":
    main()
