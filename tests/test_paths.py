"""Paths: the names that saved weights, ONNX files and tables carry."""

from __future__ import annotations

import pytest

import inception_dsl as idsl
from inception_dsl.elaborate.paths import MODULE_ATTRIBUTES

TEXT = """
layer conv(n: int) { conv2d(n, 1x1) relu() }
head h(n: int) { global_avg_pool() -> linear(n) }
network n {
    input image: 3x8x8
    stem { conv(4) conv(4) }
    conv(4) -> conv(4)
    named = conv(4)
    group = conv(4) -> relu()
    mixed = concat { branch conv(2) branch wide = conv(2) branch conv(2) -> conv(3) }
    add { branch conv(7) branch { conv(7) } }
    concat { branch input branch conv(2) }
    residual(scale=0.5) { conv(9) } shortcut { conv2d(9, 1x1) }
    repeat 2 { conv(5) if true { conv(5) } }
    aux early = h(3)
    stage late { relu() }
    conv_2 = conv(5)
    forward = relu()
    lambda = relu()
    head { h(10) }
}
"""

EXPECTED = """
image stem.conv.conv2d stem.conv.relu stem.conv_2.conv2d stem.conv_2.relu
conv.conv2d conv.relu conv_2.conv2d conv_2.relu
named.conv2d named.relu group.conv.conv2d group.conv.relu group.relu
mixed.branch_1.conv.conv2d mixed.branch_1.conv.relu mixed.wide.conv.conv2d mixed.wide.conv.relu
mixed.branch_2.conv.conv2d mixed.branch_2.conv.relu
mixed.branch_2.conv_2.conv2d mixed.branch_2.conv_2.relu
mixed.concat branch_1.conv.conv2d branch_1.conv.relu branch_2.conv.conv2d branch_2.conv.relu add
branch_4.conv.conv2d branch_4.conv.relu concat
residual.conv.conv2d residual.conv.relu shortcut.conv2d scale add_2
repeat.0.conv.conv2d repeat.0.conv.relu repeat.0.conv_2.conv2d repeat.0.conv_2.relu
repeat.1.conv.conv2d repeat.1.conv.relu repeat.1.conv_2.conv2d repeat.1.conv_2.relu
early.global_avg_pool early.linear late.relu conv_2_2.conv2d conv_2_2.relu forward_ lambda_
head.h.global_avg_pool head.h.linear
"""


@pytest.mark.text
def test_every_path_of_a_network() -> None:
    found = [node.path for node in idsl.load(TEXT).graph.graph]
    assert found == EXPECTED.split()


def test_no_attribute_of_a_module_is_left_out() -> None:
    from torch import nn

    public = {
        n
        for kind in (nn.Module, nn.Sequential, nn.ModuleList)
        for n in dir(kind)
        if not n.startswith("_")
    }
    assert public <= MODULE_ATTRIBUTES | {"training"}
