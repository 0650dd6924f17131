"""Drop what inference does not compute."""

from __future__ import annotations

from inception_dsl.passes.rewrite import Rewrite

__all__ = ["drop_dead_nodes"]


def drop_dead_nodes(rewrite: Rewrite) -> None:
    """Drop the auxiliary heads, and all that the network's output does not depend on.

    Before:  inception_4a -> { aux1, inception_4b } ... -> linear
    After:   inception_4a -> inception_4b ... -> linear
    Because: the loss of training alone reads an auxiliary head.
    """
    graph = rewrite.graph
    graph.aux = ()
    alive = graph.main()
    for path in reversed(list(graph.root.nodes())):
        if path not in alive:
            rewrite.remove(path)
