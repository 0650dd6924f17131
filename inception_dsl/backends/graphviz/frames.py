"""Which parts get a frame around them, and which frames one edge enters, at their title."""

from __future__ import annotations

from inception_dsl.analysis.outline import Part

__all__ = ["framed", "single_entry"]


def framed(part: Part) -> bool:
    """Whether an open part is a cluster; layers, branches and other wiring are what stands in them.

    Equal rounds of a repeat get one unless they draw a single thing, which then says how often.
    """
    return _is_piece(part) or (part.times > 1 and not _draws_one(part))


def single_entry(part: Part) -> bool:
    """Whether a frame has one input, which enters its title and goes on from there.

    The title of any other stands beside the boxes that its inputs enter: edges never cross text.
    """
    return framed(part) and part.region is not None and len(part.region.inputs) == 1


def _is_piece(part: Part) -> bool:
    region = part.region
    if not part.open or region is None or region.role == "layer":
        return False
    return region.kind in ("section", "instance")


def _draws_one(part: Part) -> bool:
    while part.open and not _is_piece(part):
        if len(part.parts) != 1:
            return False
        part = part.parts[0]
    return True
