"""A checked graph as one Python file, the kind a person would have written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_dsl.backends.torch.bodies import Bodies
from inception_dsl.backends.torch.classes import group
from inception_dsl.backends.torch.docstrings import docstring
from inception_dsl.backends.torch.expressions import Expr, Name, walk
from inception_dsl.backends.torch.merging import Signature
from inception_dsl.backends.torch.names import Taken
from inception_dsl.backends.torch.prelude import PRELUDE
from inception_dsl.backends.torch.writer import Output, write_class
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.pause import collector_paused

__all__ = ["emit_source"]


@collector_paused()
def emit_source(checked: CheckedGraph, *, aux: bool = True) -> str:
    """The network as Python source that needs torch and the standard library only.

    The network's class is the last one; its state-dict keys are our paths. Without `aux` the
    auxiliary heads are left out; with them the class takes `aux=False` to do without.
    """
    graph = checked.graph
    bodies = Bodies(checked, aux)
    taken = Taken(PRELUDE)
    groups = group(bodies, taken)
    output = _output(groups[-1].name, bodies, taken)
    names = [*PRELUDE, *(found.name for found in groups)]
    signatures: dict[str, Signature] = {}
    texts = []
    for found in groups:
        own = output if found is groups[-1] else None
        text = write_class(found, bodies, signatures, names, own)
        signatures |= {body.region.path: text.signature for body in found.bodies}
        texts.append(text)
    used = _names(expr for text in texts for expr in text.exprs)
    prelude = [source.splitlines() for name, source in PRELUDE.items() if name in used]
    blocks = [*prelude, *(text.lines for text in texts[:-1])]
    blocks += [output.lines()] if output else []
    blocks.append(texts[-1].lines)
    doc = docstring(graph.doc or f"The network `{graph.name}`.")
    return "\n".join([*doc, "", *_imports(used, blocks, bool(output)), *_spaced(blocks), ""])


def _output(network: str, bodies: Bodies, taken: Taken) -> Output | None:
    if not bodies.heads:
        return None
    fields = Taken()
    named = [head.name for head in bodies.graph.aux]
    return Output(taken.claim(f"{network}Output"), tuple(map(fields.claim, ("logits", *named))))


def _names(exprs: Iterator[Expr]) -> dict[str, None]:
    parts = (part for expr in exprs for part in walk(expr))
    return dict.fromkeys(part.text for part in parts if isinstance(part, Name))


def _imports(used: dict[str, None], blocks: Sequence[list[str]], output: bool) -> list[str]:
    own_batch_norm = "BatchNorm" in used
    standard = ["import math"] if any(name.startswith("math.") for name in used) else []
    standard += ["from collections import OrderedDict"] if "Chain" in used else []
    standard += ["from typing import NamedTuple"] if output else []
    torch = []
    if own_batch_norm or any(name.startswith("torch.") for name in used):
        torch.append("import torch")
    if own_batch_norm or any(name.startswith("F.") for name in used):
        torch.append("import torch.nn.functional as F")
    torch.append("from torch import Tensor, nn")
    return [*standard, "", *torch] if standard else torch


def _spaced(blocks: Sequence[list[str]]) -> Iterator[str]:
    for block in blocks:
        yield from ("", "", *block)
