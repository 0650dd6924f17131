"""Every operation in every operator set that can be asked for."""

from __future__ import annotations

import onnx
import pytest
from onnx_samples import distance, images, run
from op_samples import random_weights, spec_of

import inception_dsl as idsl
from inception_dsl.backends.onnx import NEWEST_OPSET, OLDEST_OPSET
from inception_dsl.ops import operation, operation_names


@pytest.mark.parametrize("opset", range(OLDEST_OPSET, NEWEST_OPSET + 1))
@pytest.mark.parametrize("name", operation_names())
def test_an_operation_is_the_same_in_every_opset(name: str, opset: int) -> None:
    for example in operation(name).EXAMPLES:
        net = idsl.load(spec_of(example))
        weights, batch = random_weights(net), images(net.graph)
        (expected,) = run(net.to_onnx(weights), batch)
        model = net.to_onnx(weights, opset=opset)
        onnx.checker.check_model(model, full_check=True)
        assert distance(run(model, batch)[0], expected) < 1e-5, example.text
