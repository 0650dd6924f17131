"""Other libraries' networks beside ours: weights under their names, photographs through both.

Run as a script, it prints how far apart they are.
"""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import numpy as np
import sklearn.datasets
import torch
from keras_peers import KERAS_PEERS, keras_distances
from onnx_samples import distance, run
from peers import PEERS, Absent, build
from torch import Tensor, nn

from inception_dsl.loading import load_with
from inception_dsl.network import Network
from inception_dsl.photographs import preparation, read_photograph
from inception_dsl.weights import calibrated_weights, read_map

__all__ = ["Agreement", "agreement", "loaded", "network_of"]


@dataclass(frozen=True)
class Agreement:
    """Relative L2 distances between a peer and ours: the worst over all of its modules that have a
    counterpart, that of the logits in PyTorch, and that of the logits in ONNX Runtime.

    Those in `alone` have none: `features`, for one, ends where no module of ours does.
    """

    source: str
    spec: str
    arrays: int
    compared: int
    alone: tuple[str, ...]
    worst: float
    where: str
    logits: float
    onnx: float


def network_of(source: str) -> Network:
    """Our network for the source, in the variant that its weights are for."""
    known = read_map(source)
    return load_with(known.spec, known.settings)


def loaded(source: str, network: Network, module: nn.Module) -> dict[str, np.ndarray]:
    """Give the peer's module weights that make mistakes visible; the same under our names."""
    known = read_map(source)
    weights = calibrated_weights(network.graph)
    theirs = known.to_theirs(weights)
    state = {key: torch.from_numpy(theirs[key]) for key in module.state_dict() if key in theirs}
    left = {pair.theirs for pair in known.pairs if not pair.optional} - state.keys()
    assert not left, f"the peer has no {sorted(left)[:3]}"
    module.load_state_dict(state)  # strict: every array of the peer is among ours
    return weights


def counterparts(source: str, ours: nn.Module, theirs: nn.Module) -> dict[str, list[str]]:
    """For each module of theirs with arrays, those of ours with exactly the same arrays.

    timm's batch norm has its ReLU inside; ours ends with the layer around it, which is compared.
    """
    our_key = {pair.theirs: pair.ours for pair in read_map(source).pairs}
    named = defaultdict(list)
    for name, module in ours.named_modules():
        named[frozenset(_keys(name, module))].append(name)
    return {
        name: named.get(frozenset(our_key[key] for key in keys), [])
        for name, module in theirs.named_modules()
        if (keys := _keys(name, module)) and type(module).__name__ != "BatchNormAct2d"
    }


def _keys(name: str, module: nn.Module) -> list[str]:
    prefix = f"{name}." if name else ""
    return [prefix + key for key in module.state_dict() if "num_batches_tracked" not in key]


def outputs(module: nn.Module, wanted: set[str], image: Tensor) -> dict[str, Tensor]:
    """What each of the modules gives for the image."""
    found: dict[str, Tensor] = {}
    hooks = []
    for name, inner in module.named_modules():
        if name in wanted:

            def keep(_: nn.Module, __: Any, output: Any, name: str = name) -> None:
                if isinstance(output, Tensor):
                    found[name] = output.clone()  # a ReLU in place may come behind it

            hooks.append(inner.register_forward_hook(keep))
    with torch.inference_mode():
        found[""] = module(image)
    for hook in hooks:
        hook.remove()
    return found


def photographs(network: Network) -> Tensor:
    """Two real photographs, prepared as the spec says."""
    folder = Path(sklearn.datasets.__file__).parent / "images"
    wanted = preparation(network.graph)
    return torch.from_numpy(
        np.stack([read_photograph(photo, wanted) for photo in sorted(folder.glob("*.jpg"))])
    )


def agreement(source: str) -> Agreement:
    """Compare a peer with ours, module by module.

    Raises: Absent if its library does not import.
    """
    if source in KERAS_PEERS:
        return _keras_agreement(source)
    theirs = build(source).eval()
    network = network_of(source)
    weights = loaded(source, network, theirs)
    ours = network.to_torch(weights=weights, aux=_has_heads(source, theirs)).eval()
    pairs = counterparts(source, ours, theirs)
    images = photographs(network)
    expected = outputs(theirs, set(pairs), images)
    found = outputs(ours, {name for names in pairs.values() for name in names}, images)

    def alike(name: str, tensor: Tensor) -> list[str]:
        return [it for it in pairs[name] if it in found and found[it].shape == tensor.shape]

    distances = {
        name: min(close)
        for name, tensor in expected.items()
        if (close := [_relative(found[other], tensor) for other in alike(name, tensor)])
    }
    where = max(distances, key=distances.__getitem__)
    logits = expected[""].numpy()
    (result,) = run(network.to_onnx(weights=weights), images.numpy())
    return Agreement(
        source,
        network.name,
        len(weights),
        len(distances),
        tuple(name for name in expected if name not in distances),
        distances[where],
        where,
        distances[""],
        distance(result, logits),
    )


def _keras_agreement(source: str) -> Agreement:
    if find_spec("keras") is None:
        raise Absent("keras is not installed")
    found = keras_distances(source)
    where = max(found.blocks, key=found.blocks.__getitem__)
    return Agreement(
        source,
        read_map(source).spec,
        found.arrays,
        len(found.blocks),
        (),
        found.blocks[where],
        where,
        found.logits,
        found.onnx,
    )


def _has_heads(source: str, module: nn.Module) -> bool:
    names = module.state_dict().keys()
    return any(pair.optional and pair.theirs in names for pair in read_map(source).pairs)


def _relative(found: Tensor, expected: Tensor) -> float:
    return (torch.linalg.norm(found - expected) / torch.linalg.norm(expected)).item()


def main() -> None:
    """Print the agreement with each peer that imports, and why the others are missing."""
    columns = "{:36} {:20} {:>6} {:>8} {:>6} {:>8} {:>8} {:>8}"
    titles = ("peer", "spec", "arrays", "modules", "alone", "worst", "logits", "in ONNX")
    click.echo(columns.format(*titles))
    for source in sys.argv[1:] or (*PEERS, *KERAS_PEERS):
        try:
            one = agreement(source)
        except Absent as reason:
            click.echo(f"{source:36} skipped: {reason}")
            continue
        counts = (one.arrays, one.compared, len(one.alone))
        distances = (f"{value:.1e}" for value in (one.worst, one.logits, one.onnx))
        click.echo(columns.format(source, one.spec, *counts, *distances))


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # the peers' own, of what they deprecate
    main()
