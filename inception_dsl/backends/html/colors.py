"""The colours of figures as custom properties of a style sheet, one set for each theme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from inception_dsl.backends.figure.options import Theme
from inception_dsl.backends.figure.themes import LOOKS_LIKE, THEMES

__all__ = ["theme_rules"]

_CODE: Final[Mapping[str, Mapping[str, str]]] = {
    "light": {
        "keyword": "#7a3e9d", "comment": "#5c6470", "string": "#00684e", "number": "#a34f00",
        "type": "#00567f", "function": "#0060a8",
    },
    "dark": {
        "keyword": "#d6a6f0", "comment": "#9aa5b1", "string": "#6fd9b3", "number": "#f5b871",
        "type": "#8fd0f5", "function": "#7cc4f2",
    },
}  # fmt: skip
"""The colours of words in the spec; each has a contrast of 4.5 or more on its ground."""


def theme_rules() -> str:
    """Light colours, dark ones for systems and readers that ask for them, black ink for paper."""
    light, dark, ink = (_properties(theme) for theme in ("light", "dark", "print"))
    return (
        f":root {{ {light} }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}\n'
        f':root[data-theme="dark"] {{ {dark} }}\n'
        f':root[data-theme="print"] {{ {ink} }}\n'
        f"@media print {{ :root:root:root {{ {ink} }} }}\n"
    ) + "".join(_role_rules())


def _role_rules() -> Iterator[str]:
    """What each role takes of the theme."""
    roles = {role: role for role in THEMES["light"].roles} | LOOKS_LIKE
    for role, like in roles.items():
        yield (
            f".role-{role} {{ --fill: var(--{like}-fill); --stroke: var(--{like}-line); "
            f"--width: var(--{like}-width); --style: var(--{like}-style); }}\n"
        )


def _properties(theme: Theme) -> str:
    scheme = "dark" if theme == "dark" else "light"
    values = "".join(f" --{name}: {value};" for name, value in _values(theme))
    return f"color-scheme: {scheme};{values}"


def _values(theme: Theme) -> Iterator[tuple[str, str]]:
    palette = THEMES[theme]
    yield "ground", palette.background
    yield "ink", palette.ink
    yield "faint", palette.faint
    yield "line", palette.line.line or palette.ink
    for role, style in palette.roles.items():
        yield f"{role}-fill", style.fill or "transparent"
        yield f"{role}-line", style.line or "transparent"
        yield f"{role}-width", f"{max(style.line_width, 1):g}px"
        yield f"{role}-style", "dashed" if style.dashed else "solid"
    yield "ramp", " ".join(palette.ramp)
    yield "stops", ", ".join(palette.ramp)
    yield from _CODE["dark" if theme == "dark" else "light"].items()
