"""Names in the generated file that are not paths: classes, parameters, variables."""

from __future__ import annotations

from collections.abc import Iterable
from keyword import iskeyword

__all__ = ["Taken", "camel_case"]

# What the file means by these itself; the letters are those that linters take for digits.
_ALWAYS_TAKEN = (
    "F", "False", "I", "NamedTuple", "None", "O", "OrderedDict", "Tensor", "True", "aux", "bool",
    "float", "int", "l", "math", "max", "min", "nn", "range", "round", "self", "str", "super",
    "torch", "tuple",
)  # fmt: skip


class Taken:
    """The names of one scope of the file; hands out free ones."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = dict.fromkeys((*_ALWAYS_TAKEN, *names))

    def claim(self, wanted: str) -> str:
        """`wanted`, or the first free one of `wanted_2`, `wanted_3`, ...; classes have no `_`."""
        base, separator = wanted, "" if wanted[:1].isupper() else "_"
        if iskeyword(base) or base in _ALWAYS_TAKEN:
            base += "_"
        name, count = base, 1
        while name in self._names:
            count += 1
            name = f"{base}{separator}{count}"
        self._names[name] = None
        return name


def camel_case(*names: str) -> str:
    """`InceptionA` of `inception_a`."""
    words = (word for name in names for word in name.split("_"))
    return "".join(word[:1].upper() + word[1:] for word in words)
