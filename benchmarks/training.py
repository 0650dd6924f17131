"""One training step, forward and backward with auxiliary heads, in each form. Prints JSON."""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Callable

import torch
from torch import nn

import inception_dsl as idsl
from benchmarks.plan import EAGER, FUSED, TRAINED
from benchmarks.ways import library_module
from inception_dsl.engines.machine import machine
from inception_dsl.engines.timing import interleaved

AUX_SHARE = 0.3


def modules(name: str) -> dict[str, tuple[nn.Module, torch.memory_format]]:
    """The library's module and ours with the same weights, in training mode without dropout."""
    library = library_module(name)
    network = idsl.load(name)

    def ours(optimize: str | bool) -> nn.Module:
        return network.to_torch(weights=library.state_dict(), optimize=optimize)

    last = torch.channels_last
    found = {
        EAGER: (library, torch.contiguous_format),
        f"{EAGER}, channels last": (library_module(name), last),
        "ours, channels last": (ours(False), last),
        FUSED: (ours("training"), last),
    }
    for module, form in found.values():
        module.to(memory_format=form).train()
        for part in module.modules():
            if isinstance(part, nn.Dropout):
                part.p = 0.0
    return found


def step(
    module: nn.Module, form: torch.memory_format, images: torch.Tensor, labels: torch.Tensor
) -> Callable[[], float]:
    """Forward and backward of a batch; gives the loss."""
    images = images.contiguous(memory_format=form)

    def call() -> float:
        module.zero_grad(set_to_none=True)
        logits, *heads = module(images)
        loss = nn.functional.cross_entropy(logits, labels)
        for head in heads:
            loss = loss + AUX_SHARE * nn.functional.cross_entropy(head, labels)
        loss.backward()
        return loss.item()

    return call


def measure(name: str, batch: int, rounds: int) -> dict[str, object]:
    """Times of each form, and how far its first loss is from the library's."""
    torch.set_num_threads(machine().cores)
    generator = torch.Generator().manual_seed(0)
    network = idsl.load(name)
    images = torch.randn(batch, *network.input, generator=generator)
    labels = torch.randint(network.output[0], (batch,), generator=generator)
    steps = {way: step(*made, images, labels) for way, made in modules(name).items()}
    losses = {way: call() for way, call in steps.items()}
    rows: dict[str, dict[str, object]] = {
        way: {"relative_error": abs(loss / losses[EAGER] - 1)} for way, loss in losses.items()
    }
    for way, timing in interleaved(steps, rounds).items():
        rows[way]["rounds_ms"] = list(timing.rounds_ms)
    return {"name": name, "batch": batch, "rounds": rounds, "rows": rows}


def main() -> None:
    """Print the measurement that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=TRAINED)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    print(json.dumps(measure(given.name, given.batch, given.rounds)))


if __name__ == "__main__":
    main()
