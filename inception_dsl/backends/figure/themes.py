"""The colours and outlines of figures, for a light page, a dark one, and black ink.

Hues are Okabe and Ito's, which colour-blind readers tell apart; roles differ in lightness and in
outline too, for grey print. Every pair of type and ground has a contrast of 4.5 or more.

Source: Okabe and Ito, "Color Universal Design", 2008; the ramp of heat is ColorBrewer's YlOrBr,
whose lightness only falls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from inception_dsl.backends.figure.options import Mark, Theme
from inception_dsl.backends.figure.scene import Style

__all__ = ["LEGEND", "LOOKS_LIKE", "THEMES", "Palette", "ink_on"]

LEGEND: Mapping[str, tuple[str, ...]] = {
    "stem": ("stem",),
    "module": ("module",),
    "reduction": ("reduction",),
    "block": ("block",),
    "stage": ("stage",),
    "head": ("head",),
    "aux": ("auxiliary head",),
    "convolution": ("convolution", "linear"),
    "pool": ("pool",),
    "norm": ("other operation",),
    "combine": ("concat", "add", "mul"),
}
"""The words for the roles that a reader may want explained, in the order of the legend.

Several words are roles and operations that look alike: a legend says those that are drawn.
"""

LOOKS_LIKE = {"linear": "convolution", "activation": "norm", "shape": "norm"}
"""Roles that look like another one, and that one."""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme. `ink` is for names, `faint` for facts beside them."""

    background: str
    ink: str
    faint: str
    line: Style
    roles: Mapping[str, Style]
    marks: Mapping[Mark, Style]
    ramp: tuple[str, ...]

    def role(self, role: str) -> Style:
        """How boxes of that role look."""
        return self.roles.get(LOOKS_LIKE.get(role, role), self.roles["block"])

    def heat(self, share: float) -> Style:
        """The colour of a share, between 0 and 1, on the ramp."""
        place = min(max(share, 0.0), 1.0) * (len(self.ramp) - 1)
        low = min(int(place), len(self.ramp) - 2)
        return Style(_mix(self.ramp[low], self.ramp[low + 1], place - low), self.line.line)


def legend_role(role: str) -> str:
    """The role in whose name the legend explains it."""
    return LOOKS_LIKE.get(role, role)


def ink_on(fill: str | None, palette: Palette) -> str:
    """Black or white, whichever reads better on a fill; the theme's ink on none."""
    if fill is None:
        return palette.ink
    return "#000000" if _luminance(fill) > 0.179 else "#ffffff"


def _mix(a: str, b: str, share: float) -> str:
    parts = (
        round(int(a[i : i + 2], 16) * (1 - share) + int(b[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def _luminance(color: str) -> float:
    """Relative luminance, as WCAG 2 has it."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return fsum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


_YELLOW_TO_BROWN = ("#ffffe5", "#fff0b5", "#fece65", "#fb9a2c", "#e06a12", "#b04305", "#7a2c05")

THEMES: Mapping[Theme, Palette] = {
    "light": Palette(
        background="#ffffff",
        ink="#1a1a1a",
        faint="#4d4d4d",
        line=Style(None, "#505050"),
        roles={
            "input": Style("#ffffff", "#505050"),
            "stem": Style("#eaddc2", "#7d6a3c"),
            "module": Style("#d8eaf7", "#0072b2", 1.2),
            "reduction": Style("#f8d3ae", "#a34f00", 1.6),
            "block": Style("#f4f4f4", "#8a8a8a"),
            "stage": Style(None, "#8a8a8a", 0.8, True),
            "head": Style("#b9e2d2", "#00684e", 1.2),
            "aux": Style("#f6e0ec", "#98457a", 0.9, True),
            "convolution": Style("#ffffff", "#505050"),
            "pool": Style("#cfcfcf", "#505050"),
            "norm": Style("#ffffff", "#8a8a8a", 0.6),
            "combine": Style("#ffe98a", "#7a6000"),
        },
        marks={
            "added": Style("#cfe3f5", "#0060a8", 1.8),
            "removed": Style("#fbd9c0", "#b04305", 1.8, True),
            "changed": Style("#fff3c4", "#7a6000", 1.8),
            "moved": Style("#ece3f4", "#6b4c9a", 1.2),
            "same": Style("#ffffff", "#9a9a9a", 0.6),
        },
        ramp=_YELLOW_TO_BROWN,
    ),
    "dark": Palette(
        background="#14171c",
        ink="#f2f2f2",
        faint="#c4c8ce",
        line=Style(None, "#a9b0ba"),
        roles={
            "input": Style("#14171c", "#a9b0ba", 1.0),
            "stem": Style("#4a3f26", "#cdb57a"),
            "module": Style("#123a55", "#56b4e9", 1.2),
            "reduction": Style("#5a3408", "#f0a24a", 1.6),
            "block": Style("#333a44", "#868d97"),
            "stage": Style(None, "#868d97", 0.8, True),
            "head": Style("#105642", "#3ecf9f", 1.2),
            "aux": Style("#4a2340", "#e08fc0", 0.9, True),
            "convolution": Style("#0a0c0f", "#c4cad2"),
            "pool": Style("#23272d", "#a9b0ba"),
            "norm": Style("#0a0c0f", "#868d97", 0.6),
            "combine": Style("#5b4e0a", "#f0e442"),
        },
        marks={
            "added": Style("#10405f", "#56b4e9", 1.8),
            "removed": Style("#5a2c0c", "#f59b5a", 1.8, True),
            "changed": Style("#4f450c", "#f0e442", 1.8),
            "moved": Style("#3b2d55", "#b79be6", 1.2),
            "same": Style("#1d2127", "#6c737d", 0.6),
        },
        ramp=("#20242b", "#3a2a16", "#6b3d0c", "#a35306", "#d97a1a", "#fbae4b", "#ffe9a8"),
    ),
    "print": Palette(
        background="#ffffff",
        ink="#000000",
        faint="#333333",
        line=Style(None, "#000000", 0.7),
        roles={
            "input": Style("#ffffff", "#000000", 0.7),
            "stem": Style("#ffffff", "#000000", 2.2),
            "module": Style("#ffffff", "#000000", 1.1),
            "reduction": Style("#cccccc", "#000000", 1.8),
            "block": Style("#f0f0f0", "#555555", 0.6),
            "stage": Style(None, "#555555", 0.6, True),
            "head": Style("#a9a9a9", "#000000", 1.1),
            "aux": Style("#ffffff", "#000000", 0.9, True),
            "convolution": Style("#ffffff", "#000000", 0.7),
            "pool": Style("#dadada", "#000000", 0.7),
            "norm": Style("#ffffff", "#555555", 0.5),
            "combine": Style("#bdbdbd", "#000000", 0.7),
        },
        marks={
            "added": Style("#b8b8b8", "#000000", 1.8),
            "removed": Style("#ffffff", "#000000", 1.8, True),
            "changed": Style("#e0e0e0", "#000000", 1.6),
            "moved": Style("#ffffff", "#000000", 0.9),
            "same": Style("#ffffff", "#888888", 0.5),
        },
        ramp=("#ffffff", "#e2e2e2", "#c6c6c6", "#a9a9a9", "#8c8c8c", "#707070", "#545454"),
    ),
}
