"""Rewrites of a checked network: one pass per file, listed in order in `pipelines.py`."""

from inception_dsl.passes.pipelines import PASSES, PIPELINES, optimize, run_passes

__all__ = ["PASSES", "PIPELINES", "optimize", "run_passes"]
