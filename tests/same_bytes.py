"""Everything that is written for a reader or a program, as one digest a line.

`tests/test_same_bytes.py` starts this in processes that differ in what must not matter. Without
torch's and onnx's packages the lines of ONNX are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import inception_dsl as idsl
from inception_dsl.backends.drawing import drawn
from inception_dsl.backends.html import page
from inception_dsl.backends.table import render
from inception_dsl.backends.table.render import FORMATS
from inception_dsl.backends.torch.source import emit_source
from inception_dsl.diagnostics.github import render_github
from inception_dsl.diagnostics.json import render_json
from inception_dsl.diagnostics.sarif import render_sarif
from inception_dsl.diagnostics.text import render_text
from inception_dsl.shipped import shipped_specs
from inception_dsl.source import Source

ERRORS = Path(__file__).parent / "errors"
IN_FULL = ("googlenet", "inception_v3", "inception_resnet_v2")
"""Specs of which everything is written; of the others what a reader would see first."""


def outputs() -> Iterator[tuple[str, str | bytes]]:
    """Each output with its name."""
    for name in shipped_specs():
        yield from of_network(name, in_full=name in IN_FULL)
    for path in sorted(ERRORS.glob("[EW]0[1-68]*.incept")):  # E07 take their time
        source = Source(path.name, path.read_bytes().decode("utf-8", "replace"))
        _, records = idsl.examine(source)
        yield f"{path.stem} text", render_text(records, color=False, width=80)
        yield f"{path.stem} json", render_json(records)
    yield f"{path.stem} sarif", render_sarif(records)
    yield f"{path.stem} github", render_github(records)


def of_network(name: str, *, in_full: bool) -> Iterator[tuple[str, str | bytes]]:
    """The outputs of one shipped spec."""
    network, _ = idsl.examine(name)
    if network is None:  # a library
        return
    graph = network.graph
    yield f"{name} table", render(graph, "table", depth=1)
    yield f"{name} dot", network.to_graphviz(depth=1).source
    if not in_full:
        return
    for format in FORMATS:
        yield f"{name} {format}", render(graph, format, depth=None)
    yield f"{name} torch", emit_source(graph)
    yield f"{name} html", page(graph)
    yield f"{name} tex", drawn(network.figure(), "tex")
    for depth in (0, 1, None):
        yield f"{name} svg {depth}", drawn(network.figure(depth=depth), "svg")
    try:
        from inception_dsl.backends.onnx import to_onnx
    except ImportError:
        return
    model = to_onnx(graph, weights=False, functions=name == "googlenet")
    yield f"{name} onnx", model.SerializeToString(deterministic=True)


def main() -> None:
    """Print the digests, those of a second round in the same process behind those of the first."""
    for _ in range(int(sys.argv[1])):
        for name, output in outputs():
            data = output if isinstance(output, bytes) else output.encode(errors="surrogatepass")
            sys.stdout.write(f"{name} {sha256(data).hexdigest()}\n")


if __name__ == "__main__":
    main()
