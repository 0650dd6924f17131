"""What the page says of one part: the words in its box, and the details beside the figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from inception_dsl.analysis.cost import total
from inception_dsl.analysis.outline import Part
from inception_dsl.backends.figure.content import Content
from inception_dsl.backends.figure.sizes import GLYPHS
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.regions import Region

__all__ = ["Facts", "doc_of", "prose"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """The facts of all parts of one network."""

    checked: CheckedGraph
    content: Content

    def of(self, part: Part, times: int) -> Json:
        """All that is said of a part that is drawn once for `times` equal ones."""
        words = self.content.words(replace(part, open=False, parts=()), times)
        said: Json = {
            "role": self.content.role(part),
            "name": words.name,
            "call": words.call,
            "facts": list(words.facts),
            "copies": [copy.path for copy in part.copies],
            "form": self._form(part),
            "within": self._branch(part),
        }
        if times > 1:
            said["times"] = times
        if part.path in self.content.aux:
            said["weight"] = self.content.aux[part.path]
        return said | self._details(part)

    def _details(self, part: Part) -> Json:
        """Shapes and figures: those of one of the parts it stands for."""
        graph, region = self.checked.graph, part.region
        if part.path in self.content.givens:
            return {"out": _shapes([graph[part.path].out])}
        paths = [part.path] if region is None else list(region.nodes())
        inputs = graph.operands(part.path) if region is None else region.inputs
        outputs = (part.path,) if region is None else region.outputs
        costs, field = total(self.content.costs, paths), self.content.seen[outputs[0]]
        strides = "x".join(map(str, field.stride)) if any(field.stride) else ""
        return {
            "what": graph[part.path].op.label() if region is None else region.call,
            "operation": self.content.operation(part),
            "in": _shapes([graph[path].out for path in inputs]),
            "out": _shapes([graph[path].out for path in outputs]),
            "params": costs.params,
            "buffers": costs.buffers,
            "macs": costs.macs,
            "bytes": self.content.amount(part, "memory"),
            "sees": _shapes([field]),
            "strides": _shapes([strides]),
        }

    def _form(self, part: Part) -> str:
        """`bar` for a concat, the sign of any other combination."""
        joins = self.content.joins(part)
        return "bar" if joins == "concat" else GLYPHS.get(joins, joins)

    def _branch(self, part: Part) -> str:
        """The branch that it stands in, if it does not stand in the body itself."""
        region = self._parents.get(part.path) if part.region is None else part.region.parent
        while region is not None and region.kind not in ("instance", "section", "network"):
            if region.kind in ("branch", "residual", "shortcut"):
                return region.segment.replace("_", " ")
            region = region.parent
        return ""

    @cached_property
    def _parents(self) -> Mapping[str, Region]:
        """The region that each node stands in."""
        regions = self.checked.graph.root.walk()
        return {
            child: region
            for region in regions
            for child in region.children
            if isinstance(child, str)
        }


def doc_of(region: Region) -> str:
    """The doc comment of a region, else that of its definition."""
    return prose(region.doc or (region.definition.doc if region.definition else ""))


def prose(doc: str) -> str:
    """The text with the line ends of its paragraphs taken out: the page breaks lines by itself."""
    return "\n\n".join(" ".join(lines.split("\n")) for lines in doc.split("\n\n"))


def _shapes(shapes: list[Any]) -> str:
    return ", ".join(dict.fromkeys(map(str, shapes))).replace("x", "×")
