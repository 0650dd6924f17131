"""What is told of a network besides its cost, against torch: tensors, gradients, changed input."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
import torchinfo
from click.testing import CliRunner
from op_samples import EXAMPLES, IDS, spec_of
from torch import fx, nn
from torch.utils.flop_counter import FlopCounterMode

import inception_dsl as idsl
from inception_dsl.analysis.memory import live_bytes, memory
from inception_dsl.analysis.receptive_field import ReceptiveField, receptive_fields
from inception_dsl.analysis.smallest_input import smallest_input
from inception_dsl.backends.table import COLUMNS, render, rows
from inception_dsl.cli.main import incept
from inception_dsl.ir.op import Example

TINY = "network tiny { input x: %s  %s }"


def tiny(body: str, shape: str = "2x23x27") -> idsl.Network:
    return idsl.load(TINY % (shape, body))


def image(net: idsl.Network) -> torch.Tensor:
    return torch.rand(1, *net.input, dtype=torch.float64)


# Parameters and multiply-adds


@pytest.mark.parametrize(
    "spec", ["googlenet", "inception_reduced", "mobilenet_v2", "inception_resnet_v1", "alexnet"]
)
def test_the_flop_counter_and_torchinfo_count_the_same(spec: str) -> None:
    net = idsl.load(spec)
    model = net.to_torch(aux=False).eval()
    with FlopCounterMode(display=False) as counted, torch.no_grad():
        model(torch.zeros(1, *net.input))
    assert counted.get_total_flops() == 2 * net.macs  # it counts products and sums apart

    found = net.parameter_count
    theirs = torchinfo.summary(model, verbose=0)
    trained = found.weights + found.biases + found.gamma + found.beta
    assert theirs.total_params == theirs.trainable_params == trained == net.params


@pytest.mark.parametrize("spec", ["googlenet_torchvision", "inception_resnet_v1"])
def test_parameters_by_kind_are_those_of_the_modules(spec: str) -> None:
    net = idsl.load(spec)
    found = net.parameter_count
    modules = list(net.to_torch(aux=False).modules())
    layers = [module for module in modules if isinstance(module, nn.Conv2d | nn.Linear)]
    norms = [module for module in modules if isinstance(module, nn.BatchNorm2d)]

    def numbers(owners: list[Any], name: str) -> int:
        arrays = [getattr(owner, name) for owner in owners]
        return sum(array.numel() for array in arrays if array is not None)

    assert found.weights == numbers(layers, "weight")
    assert found.biases == numbers(layers, "bias")
    assert found.gamma == numbers(norms, "weight")
    assert found.beta == numbers(norms, "bias")
    assert found.running == numbers(norms, "running_mean") + numbers(norms, "running_var")
    assert found.arrays == sum(
        not name.endswith("num_batches_tracked") for name in net.to_torch(aux=False).state_dict()
    )


# Memory


class Watch(fx.Interpreter):
    """Runs a traced module value by value, letting go of each after its last reader."""

    def __init__(self, module: fx.GraphModule) -> None:
        super().__init__(module)
        self.alive: dict[str, int] = {}

    def run_node(self, node: fx.Node) -> Any:
        result = super().run_node(node)
        if node.op != "output":
            storages = [each.untyped_storage() for each in (*self.env.values(), result)]
            alive = {storage.data_ptr(): storage.nbytes() for storage in storages}
            self.alive[node.name] = sum(alive.values())
        return result


MEMORY = {
    "a chain": "conv2d(8, 3x3) -> relu() -> conv2d(2, 1x1)",
    "branches": """
        conv2d(4, 3x3)
        concat {
            branch conv2d(16, 1x1) -> relu() -> conv2d(2, 1x1)
            branch max_pool(3x3, stride=1, padding=same)
            branch identity()
        }
        relu()
    """,
    "an early value read late": """
        early = conv2d(8, 3x3)
        conv2d(32, 1x1) -> relu() -> conv2d(8, 1x1)
        late = relu()
        add { branch { early -> relu() }   branch { late -> conv2d(8, 1x1) } }
    """,
    "views": """
        conv2d(8, 3x3, stride=2) -> dropout(0.5)
        halves = identity()
        add { branch slice(0, 4) -> relu()   branch slice(4, 8) }
        flatten() -> linear(50) -> dropout(0.1) -> reshape([2, 5, 5]) -> relu()
    """,
    "a residual": """
        conv2d(8, 3x3)
        residual(scale=0.5) { conv2d(16, 1x1) -> conv2d(8, 1x1) }
        relu()
    """,
}


@pytest.mark.parametrize("body", MEMORY.values(), ids=MEMORY)
def test_peak_memory_is_that_of_the_tensors_alive(body: str) -> None:
    net = tiny(body)
    watch = Watch(fx.symbolic_trace(net.to_torch().eval()))
    with torch.no_grad():
        watch.run(torch.rand(1, *net.input))
    assert max(watch.alive.values()) == net.peak_memory_bytes


def test_peak_memory_of_a_whole_network() -> None:
    net = idsl.load("googlenet_torchvision")
    watch = Watch(fx.symbolic_trace(net.to_torch(aux=False).eval()))
    with torch.no_grad():
        watch.run(torch.rand(1, *net.input))
    assert max(watch.alive.values()) == net.peak_memory_bytes


def test_memory_by_hand() -> None:
    net = tiny("conv2d(4, 1x1) -> relu() -> global_avg_pool()", "2x3x3")
    assert net.activation_bytes == 4 * (2 * 9 + 4 * 9 + 4 * 9 + 4)
    assert list(live_bytes(net.graph).values()) == [4 * n for n in (18, 54, 72, 40)]
    assert memory(net.graph, value_bytes=2).peak_bytes == 2 * 72
    assert memory(net.graph).peak_at == "relu"


# Receptive fields


def changes(model: nn.Module, shape: tuple[int, ...]) -> list[torch.Tensor]:
    """For each axis of the input: which cells of it change which cells of the output."""
    torch.manual_seed(0)
    plain = torch.rand(1, *shape, dtype=torch.float64)
    found = []
    with torch.no_grad():
        before = model(plain)
        for axis, cells in enumerate(shape[1:], start=2):
            lines = []
            for cell in range(cells):
                changed = plain.clone()
                line = changed.select(axis, cell)
                line += 1e3 * torch.rand_like(line)
                lines.append((model(changed) != before).any(dim=1)[0])
            found.append(torch.stack(lines))
    return found


def positive(net: idsl.Network) -> nn.Module:
    """The network with positive weights, so that nothing cancels and no ReLU closes."""
    model = net.to_torch().double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.rand_like(parameter) + 0.1)
    return model


def inside(field: ReceptiveField, shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The cells whose field holds no padding."""
    for cell in product(*map(range, field.grid)):
        box = field.box(cell)
        if all(0 <= low <= high < cells for (low, high), cells in zip(box, shape, strict=True)):
            yield cell


def check_field(net: idsl.Network, model: nn.Module) -> int:
    """Compare the field of every output cell; the number of those that see no padding."""
    graph = net.graph.graph
    field = receptive_fields(net.graph)[graph.output]
    found = changes(model, net.input)
    exact = set(inside(field, net.input[1:]))
    for cell in product(*map(range, field.grid)):
        for (low, high), lines in zip(field.box(cell), found, strict=True):
            seen = lines[(slice(None), *cell)].nonzero().flatten().tolist()
            if cell in exact:
                assert (seen[0], seen[-1]) == (low, high), cell
            elif seen:
                assert low <= seen[0] <= seen[-1] <= high, cell
    return len(exact)


FIELDS = {
    "a stem": "conv2d(2, 5x3, stride=2) -> max_pool(3x3, stride=2) -> conv2d(2, 3x3, padding=same)",
    "asymmetric padding": """
        conv2d(2, 3x5, stride=2, padding=[0, 1, 3, 1])
        avg_pool(2x2, stride=1, padding=same_upper)
        conv2d(2, 2x2, padding=same_lower)
    """,
    "dilation": "conv2d(2, 3x3, dilation=2x3) -> max_pool(2x2, stride=1, dilation=3)",
    "branches": """
        conv2d(2, 3x3, stride=2)
        concat {
            branch conv2d(2, 1x1)
            branch conv2d(2, 1x1) -> conv2d(2, 1x3, padding=same) -> conv2d(2, 5x1, padding=same)
            branch conv2d(2, 2x2, padding=[0, 1, 1, 0])
            branch max_pool(3x3, stride=1, padding=same)
        }
        relu()
    """,
    "lopsided branches": """
        concat {
            branch conv2d(2, 3x3, padding=[2, 0, 0, 2])
            branch conv2d(2, 2x2, padding=[0, 1, 0, 1]) -> relu()
        }
        avg_pool(3x3, stride=2)
    """,
    "a residual": """
        conv2d(3, 3x3, stride=2)
        residual(scale=0.2) { conv2d(3, 3x3, padding=same) -> conv2d(3, 3x3, padding=same) }
        relu()
    """,
    "other strides side by side": """
        concat {
            branch conv2d(2, 3x3, stride=2)
            branch conv2d(2, 13x15)
        }
    """,
    "depthwise": "depthwise_conv2d(3x3, stride=2, multiplier=2) -> conv2d(2, 1x1)",
    "padding and cropping": "pad([1, -2, -3, 2]) -> conv2d(2, 3x3, stride=2) -> pad(-1)",
    "transposed": "conv_transpose2d(2, 4x3, stride=2, padding=1) -> conv2d(2, 3x3)",
    "upsampled": "upsample(2) -> conv2d(2, 3x3)",
    "blended": "upsample(3x2, mode=bilinear) -> pad(-2)",
    "windows that do not divide": "adaptive_avg_pool(5x4)",
    "a gate": """
        conv2d(3, 3x3, stride=2)
        mul { branch conv2d(3, 3x3, padding=same)   branch global_avg_pool(keep=true) -> sigmoid() }
    """,
    "pooled over all": "conv2d(3, 3x3, stride=2) -> global_avg_pool() -> linear(4)",
    "flattened": "conv2d(3, 4x3, stride=3) -> flatten() -> linear(18) -> reshape([2, 3, 3])",
}


@pytest.mark.parametrize("body", FIELDS.values(), ids=FIELDS)
def test_the_receptive_field_is_what_changes_the_output(body: str) -> None:
    net = tiny(body)
    assert check_field(net, positive(net)) > 0


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=IDS)
def test_every_operation_reads_what_it_says(name: str, example: Example) -> None:
    net = idsl.load(spec_of(example))
    if len(net.input) > 1 and name != "reshape":  # which moves numbers anywhere; vectors: no cells
        check_field(net, positive(net))


def test_gradients_reach_as_far_as_the_receptive_field() -> None:
    net = tiny(FIELDS["branches"].replace("max_pool", "avg_pool"), "2x31x35")
    field = net.receptive_fields[net.graph.graph.output]
    centre = tuple((cells - 1) // 2 for cells in field.grid)
    x = image(net).requires_grad_()
    positive(net)(x)[(0, slice(None), *centre)].sum().backward()
    assert x.grad is not None
    reached = x.grad.abs().sum(dim=(0, 1)).nonzero()
    low, high = reached.min(dim=0).values.tolist(), reached.max(dim=0).values.tolist()
    assert field.box(centre) == tuple(zip(low, high, strict=True))
    assert field.size == tuple(last - first + 1 for first, last in zip(low, high, strict=True))


def test_fields_in_the_middle_of_a_network() -> None:
    fields = idsl.load("inception_v3").receptive_fields
    mixed = fields["mixed_5b.concat"]
    assert (mixed.size, mixed.stride, mixed.start) == ((63, 63), (8, 8), (-18, -18))
    assert fields["head.global_avg_pool"].box(()) == ((0, 298), (0, 298))


# The smallest input


@pytest.mark.parametrize(
    "body",
    [
        "conv2d(2, 5x3, stride=2) -> max_pool(3x3, stride=2) -> conv2d(2, 2x2)",
        "concat { branch conv2d(2, 2x2, stride=2)  branch max_pool(2x2, ceil=true) } relu()",
        "conv2d(2, 3x3, padding=same) -> pad(-3)",
        "residual { conv2d(2, 3x3, dilation=2, padding=2) } avg_pool(4x4)",
    ],
)
def test_no_smaller_input_checks_and_this_one_does(body: str) -> None:
    net = tiny(body, "2x24x24")
    assert net.smallest_input is not None
    found = net.smallest_input.grid[0]
    checks = [
        cells
        for cells in range(1, 25)
        if idsl.examine(TINY % ("2x24x24", body), input=(2, cells, cells))[0] is not None
    ]
    assert found == checks[0]


def test_the_smallest_inputs_that_torchvision_documents(torchvision: Any) -> None:
    for spec, documented in (("inception_v3", 75), ("googlenet_torchvision", 15), ("vgg16", 32)):
        assert str(idsl.load(spec).smallest_input) == f"{documented}x{documented}"
    builders = torchvision.models
    assert builders.Inception_V3_Weights.DEFAULT.meta["min_size"] == (75, 75)
    assert builders.GoogLeNet_Weights.DEFAULT.meta["min_size"] == (15, 15)
    assert builders.VGG16_Weights.DEFAULT.meta["min_size"] == (32, 32)


def test_auxiliary_heads_ask_for_more_and_a_flattened_grid_for_other_weights() -> None:
    checked = idsl.load("inception_v3").graph
    with_head = smallest_input(checked, aux=True)
    assert with_head is not None
    assert with_head.grid == (299, 299)  # 5x5 behind a pool by three of what must be 17x17
    lenet = tiny("conv2d(2, 5x5, stride=2) -> flatten() -> linear(3)").smallest_input
    assert lenet is not None
    assert (lenet.grid, lenet.same_parameters) == ((5, 5), False)
    assert tiny("linear(3)", "9").smallest_input is None


# Columns of the table


@pytest.mark.parametrize("depth", [0, 1, None])
def test_columns_add_up_at_every_depth(depth: int | None) -> None:
    net = idsl.load("googlenet_torchvision")
    not_sums = ("depth", "receptive_field", "stride", "start")
    names = [name for name in COLUMNS if name not in not_sums]
    table = rows(net.graph, depth, names)
    shown = [row.figures for row in table.rows if row.figures and not row.aux]
    together = dict(zip(names, zip(*shown, strict=True), strict=True))
    totals = dict(zip(names, table.totals[0][1], strict=True))
    assert max(together.pop("live_bytes")) == totals.pop("live_bytes") == net.peak_memory_bytes
    assert {name: sum(figures) for name, figures in together.items()} == totals
    assert totals["activation_bytes"] == net.activation_bytes
    assert totals["weights"] == net.parameter_count.weights


def test_a_folded_part_has_the_field_behind_its_last_round() -> None:
    body = "repeat 3 { conv2d(2, 3x3, padding=same) }"
    table = rows(tiny(body).graph, 0, ["receptive_field"])
    assert table.rows[-1].figures == ((7, 7),) == table.totals[0][1]


def test_depth_is_counted_up_to_each_part() -> None:
    table = rows(idsl.load("googlenet").graph, 0, ["depth"])
    depths = {row.path: row.figures for row in table.rows if row.figures}
    assert (depths["inception_3a"], depths["inception_5b"]) == ((5,), (21,))
    assert depths["aux2"] == ((4 * 2 + 7) + 3,)  # a convolution and two linear layers behind 4d
    assert table.totals[0][1] == (22,)


def test_json_has_more_keys_when_asked() -> None:
    net = tiny("conv2d(4, 3x3, stride=2, padding=same)")
    found = json.loads(render(net.graph, "json", columns=["biases", "receptive_field", "start"]))
    assert (found["biases"], found["receptive_field"], found["start"]) == (4, [3, 3], [-1, -1])
    assert found["params"] == net.params
    assert found["nodes"][1]["receptive_field"] == [3, 3]
    assert found["nodes"][1]["macs"] == prod((2, 9, 4, 12, 14))


def test_columns_on_the_command_line() -> None:
    arguments = ["show", "googlenet", "--format", "csv", "--columns", "live_bytes,stride"]
    done = CliRunner().invoke(incept, arguments)
    lines = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(lines[0]) == ["path", "operation", "output", "live_bytes", "stride", "auxiliary"]
    assert next(line for line in lines if line["path"] == "inception_4a")["stride"] == "16x16"
    wrong = CliRunner().invoke(incept, ["show", "googlenet", "--columns", "param"])
    assert wrong.exit_code == 2
    assert "`params`" in wrong.stderr


def test_fractions_stand_for_upsampling() -> None:
    field = tiny("upsample(2)").receptive_fields["upsample"]
    assert np.allclose([float(n) for n in field.stride], [0.5, 0.5])
    assert [field.box((cell, 0))[0] for cell in range(4)] == [(0, 0), (0, 0), (1, 1), (1, 1)]
