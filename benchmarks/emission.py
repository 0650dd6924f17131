"""inception_v3 written as an ONNX file, one way in a process of its own. Prints JSON."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import resource
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.plan import DYNAMO, MAXRSS_BYTES, OLDER, STRUCTURE, WRITTEN

# Each gives what writes the file, once everything it needs is imported and in memory: the checked
# graph and its weights as arrays on our side, the module with its weights on the other.


def _ours(*, weighted: bool) -> Callable[[Path], object]:
    import inception_dsl as idsl
    from inception_dsl.backends.onnx import write_onnx
    from inception_dsl.weights import initial_weights

    graph = idsl.load("inception_v3").graph
    weights = initial_weights(graph, aux=False) if weighted else False
    return lambda path: write_onnx(path, graph, weights=weights)


def _exporter(*, dynamo: bool) -> Callable[[Path], object]:
    import torch

    from benchmarks.ways import library_module

    if dynamo:
        import onnxscript  # noqa: F401 - the exporter would import it, and be timed for it
    module = library_module("inception_v3")
    images = torch.randn(1, 3, 299, 299)
    return lambda path: torch.onnx.export(module, (images,), path, dynamo=dynamo, verbose=False)


WAYS = {
    WRITTEN: partial(_ours, weighted=True),
    STRUCTURE: partial(_ours, weighted=False),
    DYNAMO: partial(_exporter, dynamo=True),
    OLDER: partial(_exporter, dynamo=False),
}


def main() -> None:
    """Print the seconds and the most memory of the way that the argument names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=WAYS)
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    write = WAYS[given.way]()
    with TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        start = perf_counter()
        write(Path(folder, "model.onnx"))
        seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_BYTES
    print(json.dumps({"seconds": seconds, "peak_bytes": peak}))


if __name__ == "__main__":
    main()
