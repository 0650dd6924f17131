"""How colours look: their contrast, and to eyes that tell fewer of them apart, or on grey paper."""

from __future__ import annotations

from collections.abc import Mapping

from inception_dsl.backends.figure.scene import Scene, Shape, Style, Text

__all__ = ["EYES", "contrast", "grounds", "lightness", "looks_different"]

_Matrix = tuple[tuple[float, float, float], ...]

EYES: Mapping[str, _Matrix] = {
    "most": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
"""What becomes of linear light.

Source: Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color
vision deficiency", 2009, severity 1.0; grey is the luminance of sRGB.
"""

_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041))  # fmt: skip
_WHITE = (0.95047, 1.0, 1.08883)


def _linear(color: str) -> tuple[float, ...]:
    channels = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def _times(matrix: _Matrix, light: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, light, strict=True)) for row in matrix)


def _lab(color: str, eyes: str) -> tuple[float, float, float]:
    light = tuple(min(max(c, 0.0), 1.0) for c in _times(EYES[eyes], _linear(color)))
    x, y, z = (
        c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116
        for c in (c / white for c, white in zip(_times(_XYZ, light), _WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def lightness(color: str) -> float:
    """L* of CIE 1976, from 0 to 100."""
    return _lab(color, "most")[0]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2, from 1 to 21."""
    dark, bright = sorted(_times(EYES["grey"], _linear(color))[0] for color in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def difference(one: str, other: str, eyes: str) -> float:
    """The distance of two colours in CIE 1976 L*a*b*; about 2.3 can just be seen."""
    a, b = _lab(one, eyes), _lab(other, eyes)
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5


def looks_different(one: Style, other: Style, page: str, eyes: str) -> bool:
    """Whether two boxes can be told apart, by what fills them or by their outline."""
    fills = difference(one.fill or page, other.fill or page, eyes)
    lines = difference(one.line or page, other.line or page, eyes)
    outline = one.dashed != other.dashed or abs(one.line_width - other.line_width) >= 0.3
    return fills >= 5 or lines >= 15 or outline


def grounds(scene: Scene) -> list[tuple[Text, str]]:
    """All type of a scene, with the colour that was painted there before it."""
    painted: list[Shape] = []
    found = []
    for item in scene.items:
        if isinstance(item, Shape):
            painted.append(item)
        texts = item.texts if isinstance(item, Shape) else (item,) if isinstance(item, Text) else ()
        for text in texts:
            here = (shape.style.fill for shape in reversed(painted) if _under(shape, text))
            found.append((text, next(filter(None, here), None) or scene.background or "#ffffff"))
    return found


def _under(shape: Shape, text: Text) -> bool:
    across = shape.x <= text.x <= shape.x + shape.width
    return across and shape.y <= text.y <= shape.y + shape.height
