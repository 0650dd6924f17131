"""A network's figure as SVG: ours, and torchview's laid out by Graphviz. Prints JSON."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import inception_dsl as idsl
from benchmarks.plan import (
    DRAWN,
    FOLDED,
    LIBRARIES,
    LOOKS,
    OURS_APART,
    OURS_DRAWN,
    OURS_LOADED,
    TORCHVIEW,
    TORCHVIEW_APART,
    TORCHVIEW_MADE,
)
from inception_dsl.backends.drawing.svg import to_svg
from inception_dsl.engines.machine import versions
from inception_dsl.engines.timing import interleaved
from inception_dsl.shipped import shipped_folder

Ways = dict[str, Callable[[], object]]

TORCHVIEW_LOOKS: Mapping[str, dict[str, Any]] = {
    look: {"depth": 1} if look == FOLDED else {"depth": 100, "expand_nested": True}
    for look in LOOKS
}
"""One box for each child of the module; and for each operation, with frames around modules."""

_BOXES = ("box", "round", "bar", "circle")

_OPERATORS = """
from torch.library import Library
library = Library("torchvision", "DEF")
library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
"""
"""What a torchvision built for another torch lacks to be imported."""


def missing() -> str:
    """Why torchview cannot draw here; empty if it can."""
    if find_spec("torchview") is None:
        return "torchview is not installed"
    return "" if shutil.which("dot") else "there is no `dot` in the path"


def ours(name: str, look: str) -> tuple[Ways, int]:
    """Our ways in this process, and how many boxes the figure has."""
    text = (shipped_folder() / f"{name}.incept").read_text("utf-8")
    depth = 0 if look == FOLDED else None
    loaded = idsl.load(text)
    ways: Ways = {
        OURS_DRAWN: lambda: to_svg(idsl.load(text).figure(depth=depth)),
        OURS_LOADED: lambda: to_svg(loaded.figure(depth=depth)),
    }
    return ways, sum(shape.kind in _BOXES for shape in loaded.figure(depth=depth).shapes())


def torchviews(name: str, look: str) -> tuple[Ways, int]:
    """torchview's, which is given modules without data, as its own page advises."""
    from torchview import draw_graph

    from benchmarks.ways import build, library_module

    size = (1, *idsl.load(name).input)
    module = library_module(name)

    def svg(made: Callable[[], Any]) -> str:
        found = draw_graph(made(), input_size=size, device="meta", **TORCHVIEW_LOOKS[look])
        return str(found.visual_graph.pipe(format="svg", encoding="utf-8"))

    ways: Ways = {
        TORCHVIEW: lambda: svg(lambda: module),
        TORCHVIEW_MADE: lambda: svg(lambda: build(LIBRARIES[name])),
    }
    return ways, svg(lambda: module).count('class="node"')


def programs(name: str, look: str, folder: Path) -> dict[str, str]:
    """What a user would write, each for a process of its own."""
    own = f"import inception_dsl as idsl\nidsl.load({name!r}).draw({str(folder / 'ours.svg')!r}"
    own += ")" if look == FOLDED else ", depth=None)"
    found = {OURS_APART: own}
    if not missing():
        library, _, peer = LIBRARIES[name].partition(".")
        make = f"import timm\nmodule = timm.create_model({peer!r})"
        if library == "torchvision":
            make = f"from torchvision.models import {peer}\nmodule = {peer}(init_weights=False)"
        options = {"input_size": (1, *idsl.load(name).input), "device": "meta"}
        given = "".join(f", {k}={v!r}" for k, v in (options | TORCHVIEW_LOOKS[look]).items())
        found[TORCHVIEW_APART] = (
            f"import warnings\nwarnings.filterwarnings('ignore'){_torchvision()}\n{make}\n"
            f"from torchview import draw_graph\ndrawn = draw_graph(module{given})\n"
            f"drawn.visual_graph.render({str(folder / 'torchview')!r}, format='svg')"
        )
    return found


def _torchvision() -> str:
    code = "import torchvision"
    plain = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    return _OPERATORS if plain.returncode else ""


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def measure(name: str, look: str, rounds: int) -> dict[str, object]:
    """Times of each way; those in one process are short, and have more rounds."""
    here, boxes = ours(name, look)
    rows: dict[str, dict[str, object]] = {way: {"boxes": boxes} for way in here}
    told = {"name": name, "look": look, "rounds": rounds, "versions": {}, "rows": rows}
    if reason := missing():
        told["missing"] = reason
    else:
        peers, boxes = torchviews(name, look)
        rows |= {way: {"boxes": boxes} for way in peers}
        here |= peers
        told["versions"] = versions(("torchview",)) | {"Graphviz": _graphviz()}
    with TemporaryDirectory() as folder:
        codes = programs(name, look, Path(folder))
        apart: Ways = {way: partial(_run, code) for way, code in codes.items()}
        timings = interleaved(here, 3 * rounds) | interleaved(apart, rounds)
    for way, timing in timings.items():
        rows.setdefault(way, {})["rounds_ms"] = list(timing.rounds_ms)
    return told


def _graphviz() -> str:
    told = subprocess.run(["dot", "-V"], capture_output=True, text=True, check=True).stderr
    found = re.search(r"\d+(\.\d+)+", told)
    return found[0] if found else "?"


def main() -> None:
    """Print the measurement that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=DRAWN)
    parser.add_argument("look", choices=LOOKS)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    print(json.dumps(measure(given.name, given.look, given.rounds)))


if __name__ == "__main__":
    main()
