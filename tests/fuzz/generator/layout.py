"""How the text of a file is set: blank lines, comments, and more than one statement a line."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

__all__ = ["laid_out"]


def laid_out(rng: Random, parts: Sequence[str]) -> str:
    """The parts as one text."""
    lines: list[str] = []
    if rng.random() < 0.3:
        lines += ["## What this file is.", ""]
    for part in parts:
        for line in part.split("\n"):
            chance = rng.random()
            if chance < 0.03:
                lines.append(" " * (len(line) - len(line.lstrip())) + "# a remark: `x` -> {")
            elif chance < 0.05:
                lines.append("")
            documents = line.lstrip().startswith("##")
            remark = "   # why" if rng.random() < 0.06 and not documents else ""
            lines.append(line + remark)
        lines += [""] * rng.choice((0, 1, 1, 2))
    return "\n".join(lines) + "\n"
