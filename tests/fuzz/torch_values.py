"""What PyTorch computes inside a module, and what it counts."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode

from tests.fuzz.subject import Floats

__all__ = ["Call", "TorchRun", "multiply_adds", "run_torch", "sizes", "training_shapes"]


@dataclass(frozen=True)
class Call:
    """A module applied: what it read, and what it gave."""

    operands: tuple[Tensor, ...]
    result: Tensor


@dataclass
class TorchRun:
    """One forward pass: the calls of modules by path, and all values, as they were made."""

    calls: dict[str, list[Call]] = field(default_factory=dict)
    values: list[Tensor] = field(default_factory=list)
    result: Any = None


def run_torch(module: nn.Module, images: Floats, paths: Iterable[str]) -> TorchRun:
    """The network in evaluation mode; the calls of the modules at `paths`."""
    with torch.inference_mode():
        return _record(module.eval(), torch.from_numpy(images), paths)


def training_shapes(module: nn.Module, images: Floats, paths: Iterable[str]) -> TorchRun:
    """The network in training mode, auxiliary heads included, without numbers."""
    with torch.no_grad():
        shapes = copy.deepcopy(module).to("meta").train()
        return _record(shapes, torch.empty(images.shape, device="meta"), paths)


def multiply_adds(module: nn.Module, images: Floats) -> int:
    """PyTorch's own count for one image."""
    shape = (1, *images.shape[1:])
    device = next((each.device for each in module.parameters()), None)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module.eval()(torch.zeros(shape, device=device))
    return counter.get_total_flops() // 2


def sizes(module: nn.Module) -> tuple[int, int]:
    """How many numbers are trained, and how many are kept beside them, without counters."""
    kept = (tensor for tensor in module.buffers() if tensor.dim())
    return sum(map(Tensor.numel, module.parameters())), sum(map(Tensor.numel, kept))


def _record(module: nn.Module, images: Tensor, paths: Iterable[str]) -> TorchRun:
    run = TorchRun(values=[images])
    modules = dict(module.named_modules())
    hooks = [
        modules[path].register_forward_hook(_keep(run.calls.setdefault(path, [])))
        for path in paths
        if path in modules
    ]
    with _Record(run.values):
        run.result = module(images)
    for hook in hooks:
        hook.remove()
    return run


def _keep(calls: list[Call]) -> Callable[[nn.Module, Any, Any], None]:
    def hook(_module: nn.Module, operands: tuple[Tensor, ...], result: Tensor) -> None:
        calls.append(Call(operands, result))

    return hook


class _Record(TorchFunctionMode):
    """Keeps the result of every function of torch that is called."""

    def __init__(self, values: list[Tensor]) -> None:
        super().__init__()
        self.values = values

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if isinstance(result, Tensor):
            self.values.append(result)
        return result
