"""The dataclass of what a network is made of by the thousand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

__all__ = ["record"]

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(kind: type[T]) -> type[T]:
    """A frozen dataclass, which only the type checker holds to be so.

    One that is frozen at run time takes three times as long to make.
    """
    return dataclass(slots=True, unsafe_hash="__hash__" not in vars(kind))(kind)
