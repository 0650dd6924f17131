"""The columns of filters in the tables of papers, which follow from the network itself.

Modules whose branches are all of the usual forms (a convolution, one behind a 1×1 that reduces, two
of them, a pool with a projection) have a column for each of these, as in the tables of GoogLeNet
and BN-Inception. Other networks have one column, with the filters of each row written out. Where
those of a module are no short line, its definition's numbers have a column each, as MobileNetV2's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inception_dsl.backends.table.chain import Chain, Fork, Step, written
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import Dims, show_value

__all__ = ["FilterColumns", "filter_columns"]

_LONGEST = 90  # characters that a module's filters may take in one column
_MOST = 8  # columns for the forms of branches

Cells = Callable[[Chain, Region | None], tuple[str, ...]]


@dataclass(frozen=True)
class FilterColumns:
    """Headings, and the cells of a row: of its chain, and the region of a module."""

    headings: tuple[str, ...]
    cells: Cells
    beside: bool = False
    """Whether the patch sizes of a module stand beside its filters, which are written out."""

    def reduces(self, chain: Chain) -> bool:
        """Whether a 1×1 and what reads it are one row, as GoogLeNet's second convolution."""
        bank = _convolutions(chain)
        return len(chain) == 2 and bank is not None and set(bank) <= set(self.headings)


def filter_columns(modules: Sequence[tuple[Chain, Region]]) -> FilterColumns:
    """The columns that suit these modules of a network."""
    banks = [_bank(chain) for chain, _ in modules]
    found = [bank for bank in banks if bank is not None]
    forms = tuple(dict.fromkeys(form for bank in found for form in bank))
    if found and len(found) == len(banks) and len(forms) <= _MOST:
        return _by_form(forms, found)
    names = tuple(dict.fromkeys(name for _, region in modules for name in _numbers(region)))
    hard = any(_line(chain) is None for chain, _ in modules)
    if hard and names and all(_numbers(region) for _, region in modules):
        return FilterColumns(
            tuple(name.replace("_", " ") for name in names),
            lambda _, region: tuple((_numbers(region) if region else {}).get(n, "") for n in names),
        )
    return FilterColumns(("filters",), lambda chain, _: (_line(chain) or "",), beside=True)


def _by_form(forms: tuple[str, ...], banks: Sequence[Mapping[str, str]]) -> FilterColumns:
    pools = {bank[_POOL].partition(" ")[0] for bank in banks if _POOL in bank}

    def cells(chain: Chain, _: Region | None) -> tuple[str, ...]:
        bank = _bank(chain) or _convolutions(chain) or {}
        found = [bank.get(form, "") for form in forms]
        if len(pools) == 1:  # which pool it is needs no saying
            found = [cell.removeprefix(f"{next(iter(pools))} + ") for cell in found]
        return tuple(found)

    return FilterColumns(forms, cells)


_POOL = "pool proj"


def _bank(chain: Chain) -> dict[str, str] | None:
    """Filters by the form of their branch; None for a part that is more than such branches."""
    if len(chain) != 1 or not isinstance(chain[0], Fork) or chain[0].sign != "|":
        return None
    bank: dict[str, str] = {}
    for branch in chain[0].branches:
        cells = _branch(branch)
        if not cells or bank.keys() & cells.keys():
            return None
        bank |= cells
    return bank


def _branch(branch: Chain) -> dict[str, str] | None:
    steps = [step for step in branch if isinstance(step, Step)]
    if len(steps) != len(branch) or not steps:
        return None
    kinds = [step.kind.rpartition(" ")[2] for step in steps]
    match steps:
        case [pool] if kinds == ["pool"]:
            return {_POOL: f"{_pool(pool)} + pass through"}
        case [pool, projection] if kinds == ["pool", "convolution"] and _is_1x1(projection):
            return {_POOL: f"{_pool(pool)} + {projection.filters}"}
    if set(kinds) != {"convolution"}:
        return None
    reduce = steps[0] if len(steps) > 1 and _is_1x1(steps[0]) else None
    wide = steps[1:] if reduce else steps
    if len({step.kernel for step in wide}) > 1 or len(wide) > 2 or (reduce and _is_1x1(wide[0])):
        return None
    form = "double " * (len(wide) == 2) + f"#{wide[0].kernel}"
    filters = list(dict.fromkeys(str(step.filters) for step in wide))
    return ({f"{form} reduce": str(reduce.filters)} if reduce else {}) | {form: ", ".join(filters)}


def _convolutions(chain: Chain) -> dict[str, str] | None:
    """The same of convolutions outside of modules."""
    bank = _branch(chain)
    return None if bank is None or _POOL in bank else bank


def _is_1x1(step: Step) -> bool:
    return set(step.kernel) == set("1×")


def _pool(step: Step) -> str:
    return step.kind.partition(" ")[0]


def _line(chain: Chain) -> str | None:
    """The filters in one line, if that is short; a single pool or linear layer has none to tell."""
    if all((isinstance(step, Step) and not step.kernel) or _is_pool(step) for step in chain):
        return ""
    line = written(chain)
    return line if line is not None and len(line) <= _LONGEST else None


def _is_pool(step: object) -> bool:
    return isinstance(step, Step) and step.kind.endswith("pool")


def _numbers(region: Region) -> dict[str, str]:
    """The numbers and sizes that the call of a definition gave, by parameter."""
    return {
        name: show_value(bound.value).replace("x", "×")
        for name, bound in region.arguments.items()
        if isinstance(bound.value, int | Dims) and not isinstance(bound.value, bool)
    }
