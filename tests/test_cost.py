"""What a network costs, against torch's own count and the published figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
import torch
from torch import nn

import inception_dsl as idsl
from inception_dsl.analysis.cost import aux_only, node_costs, total

PLAIN = """
network plain {
    input x: 4x9x9
    conv2d(8, 3x3, padding=same)
    max_pool(3x3, stride=2)
    %s
    global_avg_pool()
    linear(5)
}
"""


def plain(body: str = "") -> idsl.Network:
    return idsl.load(PLAIN % body)


@contextmanager
def counted_macs(model: nn.Module) -> Iterator[list[int]]:
    """The multiply-adds of every convolution and linear layer that runs, from its own tensors."""
    found: list[int] = []

    def count(layer: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        found.append(output[0].numel() * layer.weight[0].numel())

    layers = [layer for layer in model.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    yield found
    for hook in hooks:
        hook.remove()


def trainable(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize(
    ("spec", "builder", "edge"),
    [("googlenet_torchvision", "googlenet", 224), ("inception_v3", "inception_v3", 299)],
)
def test_torchvision_counts_the_same(
    torchvision: ModuleType, spec: str, builder: str, edge: int
) -> None:
    ours = idsl.load(spec).cost
    build = getattr(torchvision.models, builder)
    theirs = build(weights=None, init_weights=False, aux_logits=True).eval()
    with counted_macs(theirs) as macs:
        theirs(torch.zeros(1, 3, edge, edge))
    heads = [module for name, module in theirs.named_children() if name.lower().startswith("aux")]
    aux = sum(trainable(head) for head in heads)
    inside = {id(layer) for head in heads for layer in head.modules()}
    main = [layer for layer in theirs.modules() if id(layer) not in inside]
    norms = [layer for layer in main if isinstance(layer, nn.BatchNorm2d)]

    assert ours.params == trainable(theirs) - aux
    assert ours.aux_params == aux
    assert ours.macs == sum(macs)
    assert ours.convs == sum(isinstance(layer, nn.Conv2d) for layer in main)
    assert ours.linears == sum(isinstance(layer, nn.Linear) for layer in main)
    assert ours.buffers == sum(2 * layer.num_features for layer in norms)


def test_googlenet_has_the_depth_of_its_paper() -> None:
    found = idsl.load("googlenet").cost
    assert (found.depth, found.layers) == (22, 27)  # section 5: "22 layers deep", 27 with pools
    assert (found.params, found.params + found.aux_params) == (6_998_552, 13_378_280)


def test_every_term_by_hand() -> None:
    found = plain().cost
    assert found.params == 4 * 8 * 9 + 8 + 8 * 5 + 5
    assert found.macs == 8 * 81 * 4 * 9 + 8 * 5
    assert (found.convs, found.linears, found.depth, found.layers) == (1, 1, 2, 4)
    assert found.buffers == found.aux_params == 0


def test_running_statistics_are_buffers_and_not_parameters() -> None:
    with_norm = plain("batch_norm()").cost
    assert with_norm.params - plain().cost.params == 2 * 8
    assert with_norm.buffers == 2 * 8
    assert plain("batch_norm(scale=false)").cost.params - plain().cost.params == 8


def test_depth_is_that_of_the_longest_path() -> None:
    found = plain("""
        concat {
            branch conv2d(8, 1x1) -> conv2d(8, 1x1) -> conv2d(8, 1x1)
            branch conv2d(8, 1x1) -> max_pool(3x3, stride=1, padding=same)
            branch identity()
        }
    """).cost
    assert found.depth == 5
    assert found.layers == 7  # a pool on a shorter path is none of this depth's
    assert found.convs == 5


def test_layers_take_the_most_pools_among_paths_of_equal_depth() -> None:
    found = plain("""
        add {
            branch conv2d(8, 1x1)
            branch max_pool(3x3, stride=1, padding=same) -> conv2d(8, 1x1)
        }
    """).cost
    assert (found.depth, found.layers) == (3, 6)


def test_macs_of_groups_depthwise_and_transposed_convolutions() -> None:
    base = plain().cost.macs
    cells = 4 * 4
    grouped = "conv2d(8, 3x3, padding=same, groups=2, bias=false)"
    assert plain(grouped).cost.macs - base == 8 * cells * 4 * 9
    depthwise = "depthwise_conv2d(3x3, padding=same, bias=false)"
    assert plain(depthwise).cost.macs - base == 8 * cells * 9
    transposed = "conv_transpose2d(8, 2x2, stride=2, bias=false)"
    assert plain(transposed).cost.macs - base == cells * 8 * 8 * 4  # input cells x weights


def test_an_auxiliary_head_costs_nothing_on_the_main_path() -> None:
    text = """
        head side() { flatten() -> linear(7) }
        network two_heads {
            input x: 4x9x9
            conv2d(8, 3x3)
            aux left(weight=0.3) = side()
            aux right(weight=0.3) = side()
            head { global_avg_pool() -> linear(5) }
        }
    """
    net = idsl.load(text)
    one_head = 8 * 7 * 7 * 7 + 7
    assert net.aux_params == 2 * one_head
    assert net.params == 4 * 8 * 9 + 8 + 8 * 5 + 5
    assert net.cost.linears == 1
    assert total(node_costs(net.graph), aux_only(net.graph)).macs == 2 * (one_head - 7)


def test_a_result_that_nothing_reads_costs_nothing() -> None:
    text = """
        network lossy {
            input x: 4x9x9
            lost = conv2d(99, 3x3)
            x -> conv2d(8, 1x1)
        }
    """
    found = idsl.load(text).cost
    assert (found.params, found.convs, found.macs) == (4 * 8 + 8, 1, 81 * 4 * 8)
