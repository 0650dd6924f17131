"""A call as a spec would write it with its values: what figures and tables call an instance."""

from __future__ import annotations

from inception_dsl.elaborate.values import OpValue, show

__all__ = ["show_call"]

LONGEST = 60
"""Characters that are shown; a list of a thousand numbers helps no reader."""


def show_call(value: OpValue, longest: int = LONGEST) -> str:
    """`conv(64, 7x7, stride=2)`: what is required by position, what else was given by name.

    What is too long ends at an argument, `avg_pool(3x3, …)`.
    """
    words = []
    for parameter in value.parameters:
        if parameter.name in value.bound:
            text = _show(value.bound[parameter.name].value)
            words.append(text if parameter.required else f"{parameter.name}={text}")
    while len(call := f"{value.name}({', '.join(words)})") > longest and len(words) > 1:
        words = [*words[:-2], "…"] if words[-1] == "…" else [*words[:-1], "…"]
    return call if len(call) <= longest else call[: longest - 2] + "…)"


def _show(value: object) -> str:
    if isinstance(value, OpValue) and value.bound:
        return show_call(value, LONGEST // 2)
    return show(value)
