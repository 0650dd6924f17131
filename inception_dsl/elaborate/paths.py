"""The names of things, fixed once: state-dict keys, ONNX names, clusters and table rows.

A segment is the bound name, else the name of the definition or operation, then `_2`, `_3`, ... for
further ones in the same body. Names that Python or `nn.Module` keep for themselves get a `_` here,
so that no back end renames anything.
"""

from __future__ import annotations

from keyword import kwlist

__all__ = ["MODULE_ATTRIBUTES", "Names", "join"]

# Public attributes of torch's Module, Sequential and ModuleList: frozen here, since saved weights
# carry the names that follow from them.
_ATTRIBUTES = """
    T_destination add_module append apply bfloat16 buffers call_super_init children
    compile cpu cuda double dump_patches eval extend extra_repr float forward get_buffer
    get_extra_state get_parameter get_submodule half insert ipu load_state_dict modules
    mtia named_buffers named_children named_modules named_parameters parameters pop
    register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook
    requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train
    training type xpu zero_grad
"""
MODULE_ATTRIBUTES = frozenset(_ATTRIBUTES.split())
_KEPT = MODULE_ATTRIBUTES.union(kwlist)


def join(parent: str, segment: str) -> str:
    """The path of `segment` inside `parent`; the network itself has the empty path."""
    return f"{parent}.{segment}" if parent else segment


class Names:
    """Hands out the free segments of one region."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._used: set[str] = set()

    def claim(self, wanted: str, *, numbered: bool = False) -> str:
        """A free segment for `wanted`; `numbered` ones start at `wanted_1`."""
        if wanted in _KEPT and not numbered:
            wanted += "_"
        count = self._count.get(wanted, 0) + 1
        while (segment := _segment(wanted, count, numbered)) in self._used:
            count += 1
        self._count[wanted] = count
        self._used.add(segment)
        return segment


def _segment(wanted: str, count: int, numbered: bool) -> str:
    return f"{wanted}_{count}" if numbered or count > 1 else wanted
