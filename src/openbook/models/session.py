"""Opens ONNX Runtime sessions the way the encoder's graphs want them: one text, one core, as built."""

import os
from pathlib import Path
from typing import Any

from openbook.errors import SystemFault


def open_session(model: Path | bytes) -> Any:
    """A session over a graph in a file or in memory; its `run` may be called from several threads.

    Raises:
        SystemFault: The runtime cannot use the graph: it is cut short, or made for another version.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # else it looks for its maker's servers as it is loaded
    import onnxruntime as ort  # deferred: 100 ms, and only an encoder needs it

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL  # it is built as it shall run
    options.enable_mem_pattern = False  # every length would be another pattern
    options.log_severity_level = 4  # what fails is raised
    source = model if isinstance(model, bytes) else str(model)
    try:
        return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's errors have no class in common
        name = "in memory" if isinstance(model, bytes) else model
        raise SystemFault(
            f"ONNX Runtime {ort.__version__} cannot use the encoder's graph {name}: {error}",
            fix="Delete the file, it is built anew; if that does not help, install a newer onnxruntime.",
        ) from error
