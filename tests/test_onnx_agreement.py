"""PyTorch and ONNX Runtime give the same numbers, at the logits and wherever a module ends."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import pytest
import sklearn.datasets
from onnx_samples import CALLS, SPEC, Array, distance, images, session

import inception_dsl
from inception_dsl.backends.onnx import to_onnx
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.photographs import preparation, read_photograph
from inception_dsl.shipped import shipped_specs
from inception_dsl.weights import calibrated_weights

torch = pytest.importorskip("torch")

TOLERANCE = 1e-5

SEQUENCE = """
layer conv(n: int) { conv1d(n, 5, padding=same)  group_norm(4)  gelu() }
module mix(n: int) { concat { branch conv(n)  branch max_pool(3, stride=1, padding=same) } }
network sequence() {
    input signal: 4x64
    conv(8)
    mix(8)
    avg_pool(2)
    mix(16)
    head { global_max_pool()  linear(5) }
}
"""

PHOTOGRAPHS = Path(sklearn.datasets.__file__).parent / "images"
SPECS = [SPEC, CALLS, SEQUENCE, *shipped_specs()]
IDS = ["small", "calls", "sequence", *shipped_specs()]


def watched(checked: CheckedGraph) -> dict[str, str]:
    """Where to compare: the logits, and the node that ends each instance of a definition.

    By the paths of the instances, which in PyTorch are those of the modules.
    """
    graph = checked.graph
    main = graph.main()
    ends = {
        region.path: region.outputs[0]
        for region in graph.root.walk()
        if region.kind == "instance" and main.intersection(region.nodes())
    }
    return ends | {"": graph.output}


def inputs(checked: CheckedGraph) -> Array:
    """Two photographs as the network wants them; noise for one that takes no photographs."""
    if checked.graph.preprocess is None:
        return images(checked)
    paths = sorted(PHOTOGRAPHS.glob("*.jpg"))
    assert [path.name for path in paths] == ["china.jpg", "flower.jpg"]
    wanted = preparation(checked)
    return np.stack([read_photograph(path, wanted) for path in paths])


def torch_values(
    network: inception_dsl.Network, weights: dict[str, Array], batch: Array, paths: Iterable[str]
) -> dict[str, Array]:
    """What PyTorch computes at the ends of these modules."""
    module = network.to_torch(weights=weights, aux=False).eval()
    found: dict[str, Array] = {}
    for path in paths:
        module.get_submodule(path).register_forward_hook(
            lambda _module, _inputs, output, path=path: found.update({path: output.numpy()})
        )
    with torch.no_grad():
        module(torch.tensor(batch))
    return found


@pytest.mark.parametrize("spec", SPECS, ids=IDS)
def test_torch_and_onnx_runtime_agree_inside_and_at_the_logits(spec: str) -> None:
    network = inception_dsl.load(spec)
    checked = network.graph
    weights, batch = calibrated_weights(checked), inputs(checked)
    ends = watched(checked)
    expected = torch_values(network, weights, batch, ends)
    assert len(ends) > 3

    model = to_onnx(checked, weights=weights)
    infos = {value.name: value for value in model.graph.value_info}
    inner = list(dict.fromkeys(node for node in ends.values() if node in infos))
    model.graph.output.extend(infos[node] for node in inner)
    names = [value.name for value in model.graph.output]
    for optimise in (False, True):
        runner = session(model, optimise=optimise)
        values = dict(zip(names, runner.run(None, {checked.graph.input: batch}), strict=True))
        far = {
            path: found
            for path, node in ends.items()
            if not (found := distance(values[node], expected[path])) < TOLERANCE
        }
        assert far == {}, f"optimise={optimise}"


def test_both_start_from_the_same_weights() -> None:
    network = inception_dsl.load(SPEC)
    state = network.to_torch(aux=False).state_dict()
    arrays = {t.name: onnx.numpy_helper.to_array(t) for t in network.to_onnx().graph.initializer}
    counters = {key for key in state if key.endswith("num_batches_tracked")}
    assert state.keys() - counters == arrays.keys()
    for key, array in arrays.items():
        np.testing.assert_array_equal(state[key].numpy(), array)
