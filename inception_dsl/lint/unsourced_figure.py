"""W0106: an `expect` that does not say who published its figure."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.elaborate import Spec
from inception_dsl.syntax import tree

__all__ = ["unsourced_figure"]


def unsourced_figure(spec: Spec) -> Iterator[Diagnostic]:
    """Figures without the string behind them, or with an empty one."""
    for item in spec.network.body.statements:
        if isinstance(item, tree.Expect) and not (item.source or "").strip():
            figure = f"{item.metric.span.text} {item.comparison} {item.value.span.text}"
            yield Diagnostic(
                "W0106",
                f"the figure `{figure}` has no source",
                item.span,
                "who published it is not said",
                help=f'`expect {figure} "paper, table"`',
            )
