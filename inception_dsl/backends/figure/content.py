"""What a figure says of a part: its title, and the facts that a reader asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from inception_dsl.analysis.analyses import Analyses
from inception_dsl.analysis.cost import total
from inception_dsl.analysis.outline import Part
from inception_dsl.analysis.wording import bound_name, describe
from inception_dsl.backends.figure.options import Fact, Heat
from inception_dsl.ir.op import Input, Op
from inception_dsl.ir.regions import Region
from inception_dsl.ops.scale import Scale

__all__ = ["Content", "Words", "bytes_in_words", "count_in_words", "crossed"]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a box: the spec's name for the part, what it is, and facts; any may be empty.

    A figure prints `name` in bold where there is one, else `call`.
    """

    name: str
    call: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content(Analyses):
    """The words for all parts of one network."""

    show: Sequence[Fact] = ("kernel", "shape", "params")
    givens: Mapping[str, str] = field(default_factory=dict)
    """What a module drawn alone is given: names of nodes outside, by their paths."""

    def words(self, part: Part, times: int = 1) -> Words:
        """The words of a part drawn once for `times` equal ones; figures are those of one."""
        if part.path in self.givens:
            return Words(
                self.givens[part.path], "", (crossed(str(self.checked.graph[part.path].out)),)
            )
        if part.region is None and (factor := _factor(self.checked.graph[part.path].op)):
            return Words("", f"{factor} (× {times})" if times > 1 else factor)
        name, call = self._title(part)
        if times > 1:
            count = f"× {times}"
            if name and not (call and _listed(part)):  # not `conv_3, conv_4 × 2`
                name = f"{name} {count}"
            else:
                bare = call.endswith(")") or not call  # not `8 × 8`
                call = f"{call} {count}" if bare else f"{call} ({count})"
        return Words(name.strip(), call.strip(), tuple(self.facts(part, times)))

    def role(self, part: Part) -> str:
        """The role that colours a part: its definition's, its section's, `aux`, or a kind."""
        if part.path in self.aux:
            return "aux"
        if part.path in self.givens:
            return "input"
        if part.region is None:
            return self.checked.graph[part.path].op.kind
        if part.region.role == "layer":
            return self._kind(part.region)
        return part.region.role or "block"

    def operation(self, part: Part) -> str:
        """The name of the operation that it is; empty for a region."""
        return self.checked.graph[part.path].op.name if part.region is None else ""

    def joins(self, part: Part) -> str:
        """The combination that it is, such as `concat` or `add`; empty for anything else."""
        if part.region is not None or part.path in self.givens:
            return ""
        op = self.checked.graph[part.path].op
        return op.name if op.combines else ""

    def _kind(self, layer: Region) -> str:
        """What a layer is for its reader: a convolution where it has one, else what is in it."""
        ops = [self.checked.graph[path].op for path in layer.nodes()]
        # a pool with a weight for each channel, as LeNet's, is no convolution to its reader
        kinds = [op.kind for op in ops if op.label() != "depthwise conv 1x1"]
        by_weight = ("convolution", "linear", "pool", "norm")
        return next((kind for kind in by_weight if kind in kinds), "activation")

    def hint(self, part: Part) -> str:
        """The tool tip: path, call and doc comment."""
        region = part.region
        doc = region.doc or (region.definition.doc if region.definition else "") if region else ""
        what = self.checked.graph[part.path].op.label() if region is None else region.call
        lines = [f"{part.path}: {what}" if what else part.path, doc]
        return "\n".join(line for line in lines if line)

    def facts(self, part: Part, times: int = 1) -> Iterator[str]:
        """What was asked for besides the kernel, in the order asked for, where there is any."""
        each = f"{times} × " if times > 1 else ""
        for fact in self.show:
            if fact == "shape":
                yield crossed(", ".join(str(self.checked.graph[p].out) for p in _outputs(part)))
            elif fact == "params" and (params := self.amount(part, "params")):
                yield f"{each}{params:,} params"
            elif fact == "macs" and (macs := self.amount(part, "macs")):
                yield f"{each}{count_in_words(macs)} macs"
            elif fact == "memory" and (size := self.amount(part, "memory")):
                yield f"{each}{bytes_in_words(size)}"
            elif fact == "rf" and (seen := self.seen[_outputs(part)[0]].size):
                yield "sees " + "×".join(map(str, seen))
        if part.path in self.aux:
            yield f"auxiliary, weight {self.aux[part.path]:g}"

    def amount(self, part: Part, what: Heat) -> int:
        """The parameters, multiply-adds or bytes of feature maps of one of what it stands for."""
        paths = _nodes(part)
        if what == "memory":
            return sum(self.activations[path] for path in paths)
        figure: int = getattr(total(self.costs, paths), what)
        return figure

    @cached_property
    def aux(self) -> dict[str, float]:
        """The weights of the auxiliary heads by their paths."""
        return {head.path: head.weight for head in self.checked.graph.aux}

    def _title(self, part: Part) -> tuple[str, str]:
        graph, region = self.checked.graph, part.region
        kernel = "kernel" in self.show
        name = bound_name(graph, part)
        if region is None:
            op = graph[part.path].op
            if isinstance(op, Input):
                return name, "" if name else "input"
            return name, crossed(op.label()) if kernel else op.name.replace("_", " ")
        if name and _listed(part):
            names = [copy.segment for copy in part.copies]
            between = ", " if len(names) == 2 else " … "
            name = f"{names[0]}{between}{names[-1]}"
        if region.kind == "section":
            return name, region.role
        if region.kind in ("repeat", "iteration"):
            return "", ""
        if region.role == "layer" and not part.open and (main := self._main_op(region)):
            assert region.definition is not None
            return name, crossed(f"{region.definition.name} {main}".strip())
        if not kernel and region.definition is not None:
            return name, region.definition.name
        return name, crossed(describe(graph, part))

    def _main_op(self, region: Region) -> str | None:
        """Kernel and filters of a layer with one convolution, or a separable one: `3×3 / 2, 64`."""
        ops = [self.checked.graph[path].op for path in region.nodes()]
        main = [op for op in ops if op.kind in ("convolution", "linear")]
        if [op.name for op in main] == ["depthwise_conv2d", "conv2d"]:
            depthwise, (kernel, _, filters) = main[0].label(), _kernel(main[1]).partition(", ")
            window = depthwise.removeprefix("depthwise conv ") if kernel == "1x1" else None
            separable = window and f"{window}, {filters}"
            return separable if "kernel" in self.show else separable and ""
        if len(main) != 1 or main[0].name not in ("conv1d", "conv2d", "conv3d", "linear"):
            return None
        return _kernel(main[0]) if "kernel" in self.show else ""


def count_in_words(number: int) -> str:
    """A count in three figures: `1.58 G`, `360 M`, `9.41 k`."""
    for unit, size in (("T", 10**12), ("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= size:
            return (
                f"{number / size:.3g} {unit}"
                if number < 999.5 * size
                else f"{number // size:,} {unit}"
            )
    return str(number)


def bytes_in_words(size_bytes: int) -> str:
    """A size in three figures: `3.21 MB`, powers of ten."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= size:
            return f"{size_bytes / size:.3g} {unit}"
    return f"{size_bytes} B"


def _factor(op: Op) -> str:
    """A scaled residual's factor stands for itself: its shape is that of what it scales."""
    return f"× {op.factor:g}" if isinstance(op, Scale) else ""


def _kernel(op: Op) -> str:
    """What a convolution's label says behind its name: `3x3 / 2, 64`."""
    return op.label().partition(" ")[2]


def _listed(part: Part) -> bool:
    """Whether it stands for parts that the spec named one by one."""
    return len({copy.segment for copy in part.copies}) > 1


def _nodes(part: Part) -> list[str]:
    return [part.path] if part.region is None else list(part.region.nodes())


def _outputs(part: Part) -> tuple[str, ...]:
    return (part.path,) if part.region is None else part.region.outputs


def crossed(text: str) -> str:
    """Sizes with a multiplication sign: `3×3`, `64×56×56`; names that hold an `x` stay."""
    return re.sub(r"(?<![\w.])\d+(?:x\d+)+(?![\w.])", lambda m: m[0].replace("x", "×"), text)
