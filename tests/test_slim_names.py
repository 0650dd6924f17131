"""TF-slim's variables, exported from a checkpoint by name, are those that slim's own code makes."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import inception_dsl
from inception_dsl.loading import load_with
from inception_dsl.weights import initial_weights, network_weights, parameters_by_key
from inception_dsl.weights.layouts import to_layout
from inception_dsl.weights.sources import read_map

Shapes = dict[str, tuple[int, ...]]

# SHA-256 of the lines `NAME HxWxIxO`, sorted, of every variable that research/slim/nets (v3 and v2
# also in the package tf-slim 1.1) creates for 1001 classes in training; and how many they are.
CREATED = {
    "inception_v2": (277, "70618d940ebad992502da8404cd028f71ea1c9a6e58a62ee68f75b9e04e75fc2"),
    "inception_v3": (388, "20d5d0ccc34edf45af91d741cc036c5a17e899a5a3b1c6a45605a61e209b7ca1"),
    "inception_v4": (608, "ba383544210ec476daca204cb50d80007b9f3b2cf891ba8ade05b1cbe7e47ecb"),
    "inception_resnet_v2": (
        908,
        "c695706daa67939238506ee280a2304742a3c6228668167bdf9f9ec2d7ee5dd6",
    ),
}

# Scopes whose name has another kernel than their weights, by a slip of 2016.
MISNAMED = {
    "InceptionV3/Mixed_6a/Branch_0/Conv2d_1a_1x1": (3, 3),
    "InceptionV3/Mixed_6a/Branch_1/Conv2d_1a_1x1": (3, 3),
}


def slim_shapes(network: str) -> Shapes:
    """What the map makes of our spec's arrays."""
    source = read_map(f"slim.{network}")
    ours = parameters_by_key(load_with(source.spec, source.settings).graph)
    return {
        pair.theirs: to_layout(
            pair.ours, np.broadcast_to(np.float32(0), ours[pair.ours].shape), pair.layout
        ).shape
        for pair in source.pairs
    }


@pytest.mark.parametrize("network", CREATED)
def test_the_map_has_exactly_the_variables_that_slim_creates(network: str) -> None:
    shapes = slim_shapes(network)
    lines = [f"{name} {'x'.join(map(str, shape))}" for name, shape in sorted(shapes.items())]
    digest = sha256("\n".join(lines).encode()).hexdigest()
    assert (len(shapes), digest) == CREATED[network]


@pytest.mark.parametrize("network", CREATED)
def test_a_scope_says_its_kernel(network: str) -> None:
    for name, shape in slim_shapes(network).items():
        scope, _, variable = name.rpartition("/")
        kernel = re.search(r"_(\d)x(\d)$", scope)
        if variable in ("weights", "depthwise_weights") and kernel:
            said = MISNAMED.get(scope, (int(kernel[1]), int(kernel[2])))
            assert shape[:2] == said, name


@pytest.fixture(scope="module")
def variables() -> dict[str, npt.NDArray[np.float32]]:
    """Inception v2 as slim would export it, every value another."""
    random = np.random.default_rng(0)
    return {
        name: random.standard_normal(shape, dtype=np.float32)
        for name, shape in slim_shapes("inception_v2").items()
    }


def test_an_exported_checkpoint_loads_by_its_names(
    variables: dict[str, npt.NDArray[np.float32]], tmp_path: Path
) -> None:
    np.savez(tmp_path / "v2.npz", **variables, global_step=np.int64(6_500_000))
    net = inception_dsl.load("bn_inception_slim", classes=1001)
    found = network_weights(net.graph, tmp_path / "v2.npz")
    assert found.keys() == initial_weights(net.graph).keys()

    reduce = variables["InceptionV2/Mixed_3b/Branch_1/Conv2d_0a_1x1/weights"]
    kernel = variables["InceptionV2/Mixed_5c/Branch_2/Conv2d_0c_3x3/weights"]
    depthwise = variables["InceptionV2/Conv2d_1a_7x7/depthwise_weights"]
    logits = variables["InceptionV2/Logits/Conv2d_1c_1x1/weights"]
    np.testing.assert_array_equal(
        found["mixed_3b.branch_2.conv_bn.conv2d.weight"][:, :, 0, 0], reduce[0, 0].T
    )
    ours = found["mixed_5c.branch_3.conv_bn_3.conv2d.weight"]
    assert ours[5, 7, 2, 1] == kernel[2, 1, 7, 5]
    # TensorFlow's depthwise output k of channel c is channel 8 c + k, as in PyTorch's groups.
    assert found["stem.depthwise_conv2d.weight"][8 * 2 + 3, 0, 6, 1] == depthwise[6, 1, 2, 3]
    np.testing.assert_array_equal(found["head.linear.weight"], logits[0, 0].T)


def test_the_auxiliary_head_may_be_left_out_of_the_export() -> None:
    shapes = slim_shapes("inception_v3")
    source = read_map("slim.inception_v3")
    heads = {name for name in shapes if name.startswith("InceptionV3/AuxLogits/")}
    assert len(heads) == 10
    for names in (shapes.keys(), shapes.keys() - heads):
        arrays = {name: np.broadcast_to(np.float32(0), shapes[name]) for name in names}
        assert source.recognises(arrays)
    assert not source.recognises(
        {name: np.zeros(0) for name in shapes.keys() - {"InceptionV3/Conv2d_1a_3x3/weights"}}
    )


def test_names_go_both_ways(variables: dict[str, npt.NDArray[np.float32]]) -> None:
    source = read_map("slim.inception_v2")
    back = source.to_theirs(source.to_ours(variables))
    assert back.keys() == variables.keys()
    for name, array in variables.items():
        np.testing.assert_array_equal(back[name], array)
