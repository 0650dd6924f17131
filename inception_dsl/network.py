"""The facade: a spec loaded, and all that can be made of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inception_dsl.analysis.cost import Cost, cost
from inception_dsl.analysis.expectations import Expectation
from inception_dsl.analysis.memory import memory
from inception_dsl.analysis.parameters import ParameterCount, parameters
from inception_dsl.analysis.receptive_field import ReceptiveField, receptive_fields
from inception_dsl.analysis.smallest_input import SmallestInput, smallest_input
from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.elaborate import Spec
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.locate import Shape

if TYPE_CHECKING:
    import graphviz
    import onnx
    from torch import nn

    from inception_dsl.backends.figure import Scene
    from inception_dsl.comparison import Comparison
    from inception_dsl.engines import Executable
    from inception_dsl.engines.runner import Dtype
    from inception_dsl.photographs import Preparation
    from inception_dsl.weights.stores import Weights

__all__ = ["Network"]


class Network:
    """A network that checks: its graph, its counts, and the ways out of it.

    The counts are of the main path: what inference runs.
    """

    def __init__(self, spec: Spec, warnings: tuple[Diagnostic, ...]) -> None:
        self._spec = spec
        self.warnings = warnings
        self.expectations: tuple[Expectation, ...] = ()
        self._cost: Cost | None = None

    @property
    def graph(self) -> CheckedGraph:
        """The checked graph that every back end takes."""
        return self._spec.graph

    @property
    def name(self) -> str:
        """The network's name in its spec."""
        return self.graph.graph.name

    @property
    def doc(self) -> str:
        """The doc comment of the network or its file."""
        return self.graph.graph.doc

    @property
    def input(self) -> Shape:
        """The shape of one image, channels first."""
        return self.graph.input_map.dims

    @property
    def output(self) -> Shape:
        """The shape of the main path's result."""
        return self.graph.output_map.dims

    @property
    def cost(self) -> Cost:
        """All counts at once."""
        if self._cost is None:
            self._cost = cost(self.graph)
        return self._cost

    @property
    def params(self) -> int:
        """Trainable parameters."""
        return self.cost.params

    @property
    def aux_params(self) -> int:
        """Trainable parameters of the auxiliary heads."""
        return self.cost.aux_params

    @property
    def buffers(self) -> int:
        """Running means and variances."""
        return self.cost.buffers

    @property
    def macs(self) -> int:
        """Multiply-adds of convolutions and linear layers, for one image."""
        return self.cost.macs

    @property
    def parameter_count(self) -> ParameterCount:
        """Weights, biases, gamma, beta and running statistics, each by itself."""
        return parameters(self.graph)

    @property
    def activation_bytes(self) -> int:
        """Memory of all feature maps of one image, in float32."""
        return memory(self.graph).activation_bytes

    @property
    def peak_memory_bytes(self) -> int:
        """The most memory that feature maps need at once in an inference, in float32."""
        return memory(self.graph).peak_bytes

    @property
    def receptive_fields(self) -> dict[str, ReceptiveField]:
        """What a cell of each feature map sees of the input, by the path of its node."""
        return receptive_fields(self.graph)

    @property
    def smallest_input(self) -> SmallestInput | None:
        """The smallest grid on which the main path still has a result."""
        return smallest_input(self.graph)

    @property
    def preprocess(self) -> Preparation | None:
        """How the spec wants photographs: `net.preprocess("photo.jpg")` is one image, C x H x W.

        None where the spec has no `preprocess`, or the input is no picture.
        """
        from inception_dsl.photographs import PhotographError, preparation

        said = self.graph.graph.preprocess
        try:
            return None if said is None else preparation(self.graph)
        except PhotographError:
            return None

    def summary(self, depth: int | None = 0) -> str:
        """The table that `incept show` prints, as plain text."""
        from inception_dsl.backends.table import render

        return render(self.graph, depth=depth)

    def figure(self, **options: Any) -> Scene:
        """The figure, laid out, which a notebook shows; `options` are those of `FigureOptions`:
        `depth`, `expand`, `module`, `show`, `heat`, `theme`, `direction`, `caption`, `legend`.

        Raises: UnknownPart for a part that is not there; FigureError for far too many boxes.
        """
        from inception_dsl.backends.figure import FigureOptions, figure

        return figure(self.graph, FigureOptions(**options))

    def draw(
        self,
        path: str | os.PathLike[str],
        *,
        width: float | str | None = None,
        smallest_type: float | str = 5.0,
        dpi: int = 144,
        **options: Any,
    ) -> None:
        """Write the figure to a file, whose suffix is the format: `.svg`, `.pdf`, `.png`, `.tex`,
        `.dot`, or `.html`, a page that folds and unfolds.

        `width` is that of the print, in points or as `"3.25in"`, and `smallest_type` likewise what
        may be on it; `options` are those of `figure`.

        Raises: RenderError for an unknown suffix or type that would be too small; ValueError for
                what is no length; as `figure`.
        """
        from inception_dsl.backends.drawing import draw, in_points
        from inception_dsl.backends.figure import FigureOptions

        draw(
            self.graph,
            path,
            FigureOptions(**options),
            width=None if width is None else in_points(width),
            smallest_type=in_points(smallest_type),
            dpi=dpi,
        )

    def _repr_svg_(self) -> str:
        """The folded figure, which is how a notebook shows a network."""
        return self.figure()._repr_svg_()

    def __repr__(self) -> str:
        return f"<Network {self.name}: {self.params:,} parameters, {self.macs:,} multiply-adds>"

    def optimized(self, target: str = "torch", passes: Sequence[str] | None = None) -> CheckedGraph:
        """The network rewritten: by the pipeline of a target (`passes.PIPELINES`), or by `passes`.

        All but the target `training` are for inference.

        Raises: KeyError for a target or pass that is not there.
        """
        from inception_dsl.passes import PASSES, optimize, run_passes

        if passes is None:
            return optimize(self.graph, target)
        return run_passes(self.graph, [PASSES[name] for name in passes])

    def to_torch(
        self, weights: Weights = None, aux: bool = True, optimize: bool | str = False
    ) -> nn.Module:
        """A module of readable source; in training mode a named tuple of main and auxiliary logits.

        `weights` is a file, a mapping of names to arrays, or None for seeded He-normal ones. With
        `optimize` it is the inference graph after the rewrites, in evaluation mode;
        `optimize="training"` keeps all that training needs.

        Raises: WeightsError if the weights do not fit.
        """
        from inception_dsl.backends.torch import build_module

        if optimize == "training":
            return build_module(self.optimized("training"), weights=weights, aux=aux)
        if optimize:
            return build_module(self.optimized("torch"), weights=weights, aux=False).eval()
        return build_module(self.graph, weights=weights, aux=aux)

    def compile(
        self,
        weights: Weights = None,
        device: str = "cpu",
        dtype: Dtype = "float32",
        batch: int = 1,
        engine: str = "auto",
        threads: int | None = None,
    ) -> Executable:
        """An executable: a callable of images, tensor or array, on the fastest engine or on the
        one asked for (`torch`, `onnxruntime`, `openvino`).

        Raises: EngineError if the engine, device or type is not here, or computes something else;
                WeightsError if the weights do not fit.
        """
        from inception_dsl.engines import compile_network

        return compile_network(
            self.graph,
            weights,
            device=device,
            dtype=dtype,
            batch=batch,
            engine=engine,
            threads=threads,
        )

    def to_onnx(
        self,
        weights: Weights = None,
        functions: bool = False,
        optimize: bool = False,
        **options: Any,
    ) -> onnx.ModelProto:
        """An ONNX model of the main path; `weights=False` writes the structure only, `optimize`
        the network after the rewrites.

        `options` are those of `backends.onnx.to_onnx`: `opset`, `batch`, `dtype`,
        `bake_preprocess`.

        Raises: WeightsError if the weights do not fit.
        """
        from inception_dsl.backends.onnx import to_onnx

        checked = self.optimized("onnx") if optimize else self.graph
        return to_onnx(checked, weights=weights, functions=functions, **options)

    def diff(self, other: Network) -> Comparison:
        """What is different in `other`: structure, arguments and names, and what follows.

        Raises: TypeError for what is no `Network`.
        """
        from inception_dsl.comparison import Comparison

        if not isinstance(other, Network):
            raise TypeError(f"{other!r:.60} is no Network: load it first, load({other!r:.60})")
        return Comparison.of(self.graph, other.graph)

    def to_graphviz(
        self, depth: int | None = 0, expand: Sequence[str] = (), **options: Any
    ) -> graphviz.Digraph:
        """The figure for `dot` to lay out; `options` are those of `figure`.

        Raises: UnknownPart for a part that is not there.
        """
        from inception_dsl.backends.figure import FigureOptions
        from inception_dsl.backends.graphviz import to_graphviz

        chosen = FigureOptions(depth=depth, expand=tuple(expand), **options)
        return to_graphviz(self.graph, chosen)
