"""The campaign of rewrites: whatever a pass makes of a random network, it computes the same.

In float64 each pipeline, and each pass by itself, is held to 1e-12 of the network as written; in
float32 the engine of straight PyTorch calls to 1e-5. Where rounding alone does more, because a norm
or a long tail blows it up, the measure is what it does to the network as written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch

from inception_dsl.backends.torch import build_module
from inception_dsl.engines import torch_cpu
from inception_dsl.engines.runner import Job
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.passes import PASSES, PIPELINES, run_passes
from inception_dsl.passes.pipelines import Pass
from inception_dsl.weights import calibrated_weights
from inception_dsl.weights.derived import derived_weights
from tests.fuzz.campaign import Failure
from tests.fuzz.disagreement import Disagreement
from tests.fuzz.generator import random_spec
from tests.fuzz.specs import Files, examine_files

__all__ = ["changed", "in_float64", "relative", "rewritten", "run"]

EXACT, CLOSE = 1e-12, 1e-5
ROUNDINGS = 100
"""So many times further off than rounding leaves the network as written may a result be."""

Arrays = Mapping[str, np.ndarray]


def run(seed: int) -> Failure | None:
    """A random spec through every pipeline, every pass, and the engine on the CPU."""
    spec = random_spec(seed)
    network, said = examine_files(spec.files, spec.settings)
    if network is None:
        return Failure(f"rejected: {said[0].code} {said[0].message}", spec.files)
    found = next(changed(network.graph), None)
    if found is None:
        return None

    def still_fails(files: Files) -> bool:
        smaller, _ = examine_files(files, spec.settings)
        return smaller is not None and any(
            each.place == found.place for each in changed(smaller.graph)
        )

    return Failure(str(found), spec.files, still_fails)


def changed(checked: CheckedGraph) -> Iterator[Disagreement]:
    """The pipelines, passes and engines that compute something else than the network as written."""
    given = {k: v.astype(np.float64) for k, v in calibrated_weights(checked, aux=False).items()}
    images = noise(checked)
    with np.errstate(all="ignore"):
        expected = in_float64(checked, given, images)
        shaken = in_float64(checked, given, images * (1 + 2**-52))
    if not expected.abs().max() < torch.finfo(torch.float32).max:
        return  # the network itself leaves what numbers can hold
    allowed = max(EXACT, ROUNDINGS * relative(shaken, expected))
    for name, passes in ways().items():
        off = relative(rewritten(checked, passes, given, images), expected)
        if not off <= allowed:
            yield Disagreement(name, "relative error in float64", off, allowed)
    arrays = {key: value.astype(np.float32) for key, value in given.items()}
    module = build_module(checked, weights=arrays, aux=False).eval()
    with torch.inference_mode():
        plain = module(images.float())
    allowed = max(CLOSE, ROUNDINGS * relative(plain, expected))
    job = Job(checked, arrays, "float32", len(images), torch.get_num_threads())
    off = relative(torch_cpu.build(job)(images.float()), expected)
    if not off <= allowed:
        yield Disagreement("torch engine", "relative error in float32", off, allowed)


def ways() -> dict[str, Sequence[Pass]]:
    """Every pipeline, and every pass alone."""
    return {**PIPELINES, **{name: (each,) for name, each in PASSES.items()}}


def noise(checked: CheckedGraph) -> torch.Tensor:
    """Two images of normal numbers, the same each time."""
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, *checked.input_map.dims, dtype=torch.float64, generator=generator)


def rewritten(
    checked: CheckedGraph, passes: Sequence[Pass], given: Arrays, images: torch.Tensor
) -> torch.Tensor:
    """What the network computes after the passes, every number in float64."""
    after = run_passes(checked, passes)
    return in_float64(after, derived_weights(after, given, aux=False, dtype=np.float64), images)


def in_float64(checked: CheckedGraph, arrays: Arrays, images: torch.Tensor) -> torch.Tensor:
    """The network's result, every number in float64."""
    module = build_module(checked, weights=False, aux=False).eval()
    state = {key: torch.from_numpy(np.require(a, requirements="W")) for key, a in arrays.items()}
    left = module.load_state_dict(state, strict=False, assign=True)
    assert all(key.endswith("num_batches_tracked") for key in left.missing_keys)
    assert not left.unexpected_keys
    with torch.no_grad():
        found: torch.Tensor = module(images)
    return found


def relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    """The L2 of the difference, as a share of what was expected; 0 for equal zeros."""
    error = float((found.double() - expected).norm())
    return error / max(float(expected.norm()), np.finfo(np.float64).tiny) if error else 0.0
