"""`--optimize` and `--passes`: which rewrites a command runs before it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inception_dsl.diagnostics.suggest import suggestion

if TYPE_CHECKING:
    from inception_dsl.ir.graph import CheckedGraph

__all__ = ["passes_option", "rewritten"]

F = TypeVar("F", bound=Callable[..., Any])


def _passes(written: str) -> tuple[str, ...]:
    from inception_dsl.passes import PASSES

    names = tuple(written.split(","))
    for name in names:
        if name not in PASSES:
            hint = suggestion(name, PASSES) or "the passes are " + ", ".join(PASSES)
            raise click.BadParameter(f"no pass is called `{name}`; {hint}")
    return names


def passes_option(command: F) -> F:
    """`--passes`, which arrives as a tuple of names or None."""
    return click.option(
        "--passes",
        type=_passes,
        metavar="NAME,...",
        help="Rewrite by these passes, in this order; `incept explain` lists them.",
    )(command)


def rewritten(
    checked: CheckedGraph, target: str | None, passes: tuple[str, ...] | None
) -> CheckedGraph:
    """The network rewritten by the passes named, else by those of the target, else as it is."""
    from inception_dsl.passes import PASSES, optimize, run_passes

    if passes:
        return run_passes(checked, [PASSES[name] for name in passes])
    return optimize(checked, target) if target else checked
