"""The networks to compare the family with hold what their papers print and their ports run."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from types import ModuleType

import pytest
import torch
from convolution_samples import Convolution, convolutions, convolutions_of
from torch import nn

import inception_dsl as idsl
from inception_dsl.weights import parameters_by_key

SPECS = (
    "lenet5",
    "alexnet",
    "alexnet_caffe",
    "network_in_network",
    "vgg16",
    "resnet50",
    "resnet152",
    "mobilenet_v2",
    "efficientnet_b0",
    "nasnet_a_mobile",
    "nasnet_a_large",
)
TORCHVISION = ("alexnet", "vgg16", "resnet50", "resnet152", "mobilenet_v2", "efficientnet_b0")
# Of networks that no package has: input channels, filters, kernel, stride, groups and output grid.
PUBLISHED = {
    "alexnet_caffe": """
        3    96 11 4 1 55
        96  256  5 1 2 27
        256 384  3 1 1 13
        384 384  3 1 2 13
        384 256  3 1 2 13
    """,
    "network_in_network": """
        3   192 5 1 1 32
        192 160 1 1 1 32
        160  96 1 1 1 32
        96  192 5 1 1 16
        192 192 1 1 1 16
        192 192 1 1 1 16
        192 192 3 1 1 8
        192 192 1 1 1 8
        192  10 1 1 1 8
    """,
}
# Table I of LeCun et al. 1998: a row for each map of S2, a column for each map of C3.
TABLE_1 = """
    X . . . X X X . . X X X X . X X
    X X . . . X X X . . X X X X . X
    X X X . . . X X X . . X . X X X
    . X X X . . X X X X . . X . X X
    . . X X X . . X X X X . X X . X
    . . . X X X . . X X X X . X X X
"""


@pytest.mark.parametrize("name", SPECS)
def test_published_figures_hold(name: str) -> None:
    network, diagnostics = idsl.examine(name)
    assert network is not None
    assert diagnostics == ()


def on_meta(library: str, builder: str, **settings: object) -> nn.Module:
    with torch.device("meta"):
        model: nn.Module = getattr(import_module(library), builder)(**settings)
    return model.eval()


@pytest.mark.parametrize("name", TORCHVISION)
def test_convolutions_are_torchvisions(name: str, torchvision: ModuleType) -> None:
    network = idsl.load(name)
    assert convolutions(network) == convolutions_of(
        on_meta("torchvision.models", name), network.input
    )


def test_convolutions_of_the_large_nasnet_are_timms(timm: ModuleType) -> None:
    network = idsl.load("nasnet_a_large")
    assert convolutions(network) == convolutions_of(
        on_meta("timm.models", "nasnetalarge"), network.input
    )


def test_convolutions_of_the_mobile_nasnet(torchvision: ModuleType) -> None:
    """Without their grids: the port makes those of reductions a cell larger, and crops them."""
    pytest.importorskip("pretrainedmodels")
    model = on_meta("pretrainedmodels.models.nasnet_mobile", "NASNetAMobile", num_classes=1000)
    network = idsl.load("nasnet_a_mobile")

    def without_grids(found: Counter[Convolution]) -> Counter[tuple[object, ...]]:
        return Counter(each[:-1] for each in found.elements())

    found, expected = convolutions(network), convolutions_of(model, network.input)
    assert without_grids(found) == without_grids(expected)


@pytest.mark.parametrize("name", ["resnet50", "resnet152"])
def test_strides_of_the_resnet_paper(name: str, torchvision: ModuleType) -> None:
    network = idsl.load(name, stride_on_1x1=True)
    model = on_meta("torchvision.models", name)
    for layer in (model.layer2, model.layer3, model.layer4):
        layer[0].conv1.stride, layer[0].conv2.stride = (2, 2), (1, 1)
    assert convolutions(network) == convolutions_of(model, network.input)


@pytest.mark.parametrize("name", PUBLISHED)
def test_convolutions_of_the_authors_files(name: str) -> None:
    expected: Counter[tuple[object, ...]] = Counter()
    for line in PUBLISHED[name].split("\n")[1:-1]:
        channels, filters, kernel, stride, groups, grid = map(int, line.split())
        weight = (filters, channels // groups, kernel, kernel)
        expected[channels, weight, (stride, stride), True, (filters, grid, grid)] += 1
    assert convolutions(idsl.load(name)) == expected


def test_trainable_parameters_of_every_layer_of_lenet5() -> None:
    """Section II-B of the paper says how many each layer has."""
    printed = {"c1": 156, "s2": 12, "c3": 1_516, "s4": 32, "c5": 48_120, "f6": 10_164}
    parameters = parameters_by_key(idsl.load("lenet5").graph)
    found: Counter[str] = Counter()
    for key, parameter in parameters.items():
        found[key.removeprefix("head.").split(".")[0]] += parameter.size
    assert {layer: found[layer] for layer in printed} == printed


def test_connections_of_lenet5() -> None:
    """A map of C3 changes with a map of S2 where table I has a cross."""
    c3 = idsl.load("lenet5").to_torch().get_submodule("c3")
    maps = torch.zeros(6, 14, 14)
    with torch.no_grad():
        at_rest = c3(maps[None])[0]
        changed = [c3((maps + each)[None])[0] != at_rest for each in torch.eye(6)[..., None, None]]
    rows = [["X" if each.any() else "." for each in row] for row in changed]
    assert rows == [line.split() for line in TABLE_1.split("\n")[1:-1]]
