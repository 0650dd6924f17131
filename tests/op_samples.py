"""What the tests of the operations share: specs of one operation, and random weights for them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from inception_dsl import Network
from inception_dsl.ir.op import Example
from inception_dsl.ir.types import Parameter
from inception_dsl.ops import operation, operation_names

Floats = npt.NDArray[np.float32]

EXAMPLES = [(name, example) for name in operation_names() for example in operation(name).EXAMPLES]
IDS = [f"{example.text} on {example.inputs}" for _, example in EXAMPLES]


def spec_of(example: Example) -> str:
    """A network of this one operation; operands of a combine are cut out of one input."""
    if isinstance(example.inputs, str):
        return f"network sample {{ input x: {example.inputs}  {example.text} }}"
    operands = [shape.split("x") for shape in example.inputs]
    grid = max((dims[1:] for dims in operands), key=lambda dims: [int(n) for n in dims])
    branches, start = [], 0
    for dims in operands:
        stop = start + int(dims[0])
        keep = "" if dims[1:] == grid else " -> global_avg_pool(keep=true)"
        branches.append(f"branch slice({start}, {stop}){keep}")
        start = stop
    shape = "x".join([str(start), *grid])
    return f"network sample {{ input x: {shape}  {example.text} {{ {'  '.join(branches)} }} }}"


def random_weights(net: Network, seed: int = 0) -> dict[str, Floats]:
    """Every parameter and running statistic drawn, none left at its initial value."""
    random = np.random.default_rng(seed)
    graph = net.graph.graph
    return {
        f"{node.path}.{name}": _draw(random, parameter)
        for node in graph
        for name, parameter in graph.parameters(node.path).items()
    }


def _draw(random: np.random.Generator, parameter: Parameter) -> Floats:
    if parameter.kind in ("gamma", "variance"):
        return random.uniform(0.5, 2.0, parameter.shape).astype(np.float32)
    spread = (2 / parameter.fan_in) ** 0.5 if parameter.kind == "weight" else 1.0
    return random.normal(0, spread, parameter.shape).astype(np.float32)


def run_torch(model: nn.Module, x: Floats) -> Floats:
    """The model's answer, in evaluation mode."""
    with torch.no_grad():
        answer: Floats = model.eval()(torch.from_numpy(x)).numpy()
    return answer
