"""Executables: a network on an engine, for a device, a type and a batch."""

from __future__ import annotations

from inception_dsl.engines.compile import compile_network, engine_names
from inception_dsl.engines.executable import Executable
from inception_dsl.engines.runner import EngineError

__all__ = ["EngineError", "Executable", "compile_network", "engine_names"]
