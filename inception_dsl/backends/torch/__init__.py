"""The PyTorch back end: a network as readable source, and the module that the source defines."""

from __future__ import annotations

from inception_dsl.backends.torch.build import build_module
from inception_dsl.backends.torch.source import emit_source

__all__ = ["build_module", "emit_source"]
