"""Which open parts have a frame around them."""

from __future__ import annotations

from inception_dsl.analysis.outline import Part

__all__ = ["framed", "is_piece"]


def framed(part: Part) -> bool:
    """Whether an open part has a frame; branches and other wiring are what stands in them.

    Equal rounds of a repeat get one unless they draw a single thing, which then says how often.
    """
    return is_piece(part) or (part.times > 1 and not _draws_one(part))


def is_piece(part: Part) -> bool:
    """Whether an open part is a section or an instance of a definition that is no layer."""
    region = part.region
    if not part.open or region is None or region.role == "layer":
        return False
    return region.kind in ("section", "instance")


def _draws_one(part: Part) -> bool:
    while part.open and not is_piece(part):
        if len(part.parts) != 1:
            return False
        part = part.parts[0]
    return True
