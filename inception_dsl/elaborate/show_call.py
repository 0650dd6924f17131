"""A call as a spec would write it with its values: what figures and tables call an instance."""

from __future__ import annotations

from inception_dsl.elaborate.values import OpValue, show

__all__ = ["show_call"]

LONGEST = 60
"""Characters that are shown; a list of a thousand numbers helps no reader."""


def show_call(value: OpValue) -> str:
    """`conv(64, 7x7, stride=2)`: what is required by position, what else was given by name."""
    words = []
    for parameter in value.parameters:
        if parameter.name in value.bound:
            text = _show(value.bound[parameter.name].value)
            words.append(text if parameter.required else f"{parameter.name}={text}")
    call = f"{value.name}({', '.join(words)})"
    return call if len(call) <= LONGEST else call[: LONGEST - 2] + "…)"


def _show(value: object) -> str:
    return show_call(value) if isinstance(value, OpValue) and value.bound else show(value)
