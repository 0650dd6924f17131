"""Which passes run for which target, in which order, and the measurement that put them there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.pause import collector_paused
from inception_dsl.passes.commute_average_pool import commute_average_pool
from inception_dsl.passes.drop_dead_nodes import drop_dead_nodes
from inception_dsl.passes.drop_identities import drop_identities
from inception_dsl.passes.fold_batchnorm import fold_batchnorm
from inception_dsl.passes.fold_scale import fold_scale
from inception_dsl.passes.fuse_convolution_add import fuse_convolution_add
from inception_dsl.passes.fuse_convolution_relu import fuse_convolution_relu
from inception_dsl.passes.fuse_siblings import fuse_siblings
from inception_dsl.passes.hoist_slices import hoist_slices
from inception_dsl.passes.rewrite import Rewrite
from inception_dsl.passes.share_equal_nodes import share_equal_nodes

__all__ = ["PASSES", "PIPELINES", "Pass", "optimize", "run_passes"]

Pass = Callable[[Rewrite], None]

PASSES: Final[Mapping[str, Pass]] = {
    each.__name__: each
    for each in (
        drop_dead_nodes,
        drop_identities,
        share_equal_nodes,
        fold_batchnorm,
        fold_scale,
        commute_average_pool,
        fuse_siblings,
        hoist_slices,
        fuse_convolution_add,
        fuse_convolution_relu,
    )
}

_ALWAYS: Final[tuple[Pass, ...]] = (
    drop_dead_nodes,
    drop_identities,
    share_equal_nodes,
    fold_batchnorm,  # eager torch 1.09 to 1.15; the runtimes do it themselves, but at load
    fold_scale,  # inception_resnet_v2: 1.03 with fused torch operators, 1.0 in the runtimes
)

PIPELINES: Final[Mapping[str, tuple[Pass, ...]]] = {
    # Readable source, run by eager PyTorch: what it has no fused kernel for stays apart.
    "torch": _ALWAYS,
    # The runtimes fuse ReLU and addition when they load; siblings lose 1 to 5 % there (slices).
    "onnx": _ALWAYS,
    # oneDNN's fused operators: 1.33 at batch 1, 1.14 to 1.17 at batch 8 over eager channels-last.
    "torch-cpu": (*_ALWAYS, fuse_convolution_add, fuse_convolution_relu),
    # Fewer kernels to launch: inception_v3 has 94 convolutions, 66 when pools commute and siblings
    # are one. On a CPU the same passes are worth 0.94 to 1.03.
    "torch-cuda": (
        *_ALWAYS,
        commute_average_pool,
        fuse_siblings,
        hoist_slices,
        fuse_convolution_add,
        fuse_convolution_relu,
    ),
    # One convolution, batch norm and ReLU for siblings, exact in training too: 0.98 to 1.05
    # on a CPU, so that nothing takes it unasked.
    "training": (fuse_siblings, hoist_slices),
}


def optimize(checked: CheckedGraph, target: str) -> CheckedGraph:
    """The network for inference, rewritten by the passes of a target."""
    return run_passes(checked, PIPELINES[target])


@collector_paused()
def run_passes(checked: CheckedGraph, passes: Sequence[Pass]) -> CheckedGraph:
    """The network rewritten by passes, one after the other; each leaves it verified."""
    for each in passes:
        rewrite = Rewrite(checked)
        each(rewrite)
        if rewrite.changes:
            checked = rewrite.finish(after=each.__name__)
    return checked
