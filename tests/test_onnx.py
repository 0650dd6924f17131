"""The ONNX back end: what the checker, strict inference and ONNX Runtime say of its models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.inliner
import pytest
from onnx_samples import CALLS, SPEC, distance, images, run, session, wiring

import inception_dsl
from inception_dsl.backends.onnx import (
    NEWEST_OPSET,
    OLDEST_OPSET,
    OnnxError,
    save_onnx,
    to_onnx,
    write_onnx,
)
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.shipped import shipped_specs
from inception_dsl.version import __version__
from inception_dsl.weights import (
    WeightsError,
    calibrated_weights,
    initial_weights,
    parameters_by_key,
)

SPECS = [SPEC, CALLS, *shipped_specs()]
IDS = ["small", "calls", *shipped_specs()]


@pytest.fixture(scope="module")
def small() -> CheckedGraph:
    return inception_dsl.load(SPEC).graph


@pytest.fixture(scope="module", params=SPECS, ids=IDS)
def checked(request: pytest.FixtureRequest) -> CheckedGraph:
    return inception_dsl.load(request.param).graph


def shapes(model: onnx.ModelProto) -> dict[str, list[int | str]]:
    """The declared shape of every value inside the graph and of its outputs."""
    return {
        value.name: [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in (*model.graph.value_info, *model.graph.output)
    }


def main_path(checked: CheckedGraph) -> list[str]:
    main = checked.graph.main() - {checked.graph.input}
    return [node.path for node in checked.graph if node.path in main]


@pytest.mark.parametrize("batch", [None, 4])
def test_strict_inference_agrees_with_every_declared_shape(
    checked: CheckedGraph, batch: int | None
) -> None:
    model = to_onnx(checked, weights=False, batch=batch)
    onnx.checker.check_model(model, full_check=True)
    declared = shapes(model)
    assert [name for name in main_path(checked) if name not in declared] == []
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    del model.graph.value_info[:]
    inferred = shapes(onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True))
    assert {name: inferred[name] for name in declared} == declared


def test_names_are_paths_and_state_dict_keys(checked: CheckedGraph) -> None:
    model = to_onnx(checked)
    keys = parameters_by_key(checked, aux=False)
    found = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    assert found == {key: parameter.shape for key, parameter in keys.items()}
    made = [node.output[0] for node in model.graph.node]
    assert [node.name for node in model.graph.node] == made
    assert [name for name in made if "/" not in name] == main_path(checked)
    assert [value.name for value in model.graph.input] == [checked.graph.input]
    assert [value.name for value in model.graph.output] == [checked.graph.output]


def test_it_loads_without_a_warning(
    checked: CheckedGraph, capfd: pytest.CaptureFixture[str]
) -> None:
    weights = initial_weights(checked)
    for functions in (False, True):
        model = to_onnx(checked, weights=weights, functions=functions)
        for optimise in (False, True):
            session(model, optimise=optimise)
    assert capfd.readouterr().err == ""


def test_functions_give_the_same_graph_and_the_same_numbers(checked: CheckedGraph) -> None:
    small = checked.graph.name in ("small", "calls")
    weights = calibrated_weights(checked) if small else False
    flat = to_onnx(checked, weights=weights)
    called = to_onnx(checked, weights=weights, functions=True)
    onnx.checker.check_model(called, full_check=True)
    assert called.functions
    assert len(called.graph.node) < len(flat.graph.node)
    inlined = onnx.inliner.inline_local_functions(called)
    assert list(wiring(inlined.graph)) == list(wiring(flat.graph))
    if small:
        batch = images(checked)
        np.testing.assert_array_equal(run(called, batch)[0], run(flat, batch)[0])


def test_a_function_is_a_definition_that_the_network_calls(small: CheckedGraph) -> None:
    model = to_onnx(small, weights=False, functions=True)
    calls = {n.name: n.op_type for n in model.graph.node if n.domain == "inception_dsl"}
    assert calls == {
        "stem.start": "conv",
        "mix_a": "mix",
        "mix_b": "mix",
        "residual.conv": "conv_2",
        "shortcut.conv": "conv_3",
        "halve_a": "halve",
        "prev": "conv_3",
        "cur": "conv_2",
        "repeat.0.next": "cell",
        "repeat.1.next": "cell",
    }
    docs = {function.name: function.doc_string for function in model.functions}
    assert docs["mix"] == 'Two branches "side by side",\nand a pool.'
    assert docs["conv_3"] == "Convolution, normalised."
    assert all(node.domain == "" for function in model.functions for node in function.node)


def test_docs_stand_at_the_results_they_describe(small: CheckedGraph) -> None:
    model = to_onnx(small, weights=False)
    docs = {node.name: node.doc_string for node in model.graph.node}
    assert model.graph.doc_string == "A small network with one of everything, for tests."
    assert docs["mix_a.concat"].startswith("Two branches")
    assert docs["mix_a.branch_1.conv.relu"] == "Convolution, normalised."
    assert docs["mix_a.branch_1.conv.conv2d"] == ""


def test_metadata_say_where_the_model_comes_from(small: CheckedGraph) -> None:
    model = to_onnx(inception_dsl.load(SPEC, classes=5).graph, weights=False)
    found = {
        entry.key.removeprefix("inception_dsl."): entry.value for entry in model.metadata_props
    }
    assert found["network"] == model.graph.name == "small"
    assert found["version"] == model.producer_version == __version__
    assert found["spec"] == SPEC
    assert found["spec_sha256"] == sha256(SPEC.encode()).hexdigest()
    assert json.loads(found["settings"]) == {"classes": 5}
    assert json.loads(found["preprocess"])["range"] == [-1, 1]


def test_without_weights_the_parameters_are_inputs(small: CheckedGraph) -> None:
    weights, batch = calibrated_weights(small), images(small)
    for functions in (False, True):
        bare = to_onnx(small, weights=False, functions=functions)
        assert not bare.graph.initializer
        arrays = [weights[value.name] for value in bare.graph.input[1:]]
        assert len(arrays) == len(parameters_by_key(small, aux=False))
        full = run(to_onnx(small, weights=weights), batch)[0]
        assert distance(run(bare, batch, *arrays)[0], full) < 1e-6


def test_weights_come_from_anywhere_and_must_fit(small: CheckedGraph, tmp_path: Path) -> None:
    weights = initial_weights(small)
    inception_dsl.weights.write_safetensors(tmp_path / "w.safetensors", weights)
    fresh = to_onnx(small)
    assert to_onnx(small, weights=tmp_path / "w.safetensors") == fresh
    assert to_onnx(small, weights=initial_weights(small, aux=False)) == fresh
    del weights["mix_a.branch_1.conv.conv2d.weight"]
    with pytest.raises(WeightsError, match=r"1 of \d+ missing: mix_a.branch_1.conv.conv2d.weight"):
        to_onnx(small, weights=weights)


def test_any_batch_goes_unless_it_is_fixed(small: CheckedGraph) -> None:
    model, fixed = to_onnx(small), to_onnx(small, batch=3)
    batch = images(small, 3)
    together = run(model, batch)[0]
    np.testing.assert_array_equal(run(fixed, batch)[0], together)
    for index in range(3):
        one = run(model, batch[index : index + 1])[0]
        assert distance(one, together[index : index + 1]) < 1e-6
    with pytest.raises(Exception, match="invalid dimensions"):
        run(fixed, batch[:1])


@pytest.mark.parametrize("opset", range(OLDEST_OPSET, NEWEST_OPSET + 1))
@pytest.mark.parametrize("functions", [False, True])
def test_every_opset_gives_the_same_numbers(
    small: CheckedGraph, opset: int, functions: bool
) -> None:
    weights, batch = calibrated_weights(small), images(small)
    model = to_onnx(small, weights=weights, opset=opset, functions=functions)
    assert model.opset_import[0].version == opset
    onnx.checker.check_model(model, full_check=True)
    assert distance(run(model, batch)[0], run(to_onnx(small, weights=weights), batch)[0]) < 1e-6


def test_half_precision_stays_close(small: CheckedGraph) -> None:
    weights, batch = calibrated_weights(small), images(small)
    model = to_onnx(small, weights=weights, dtype="float16")
    onnx.checker.check_model(model, full_check=True)
    half = run(model, batch.astype(np.float16))[0]
    assert half.dtype == np.float16
    assert distance(half, run(to_onnx(small, weights=weights), batch)[0]) < 5e-3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"opset": 17}, f"opset 17 is not one of {OLDEST_OPSET} to {NEWEST_OPSET}"),
        ({"opset": 99}, "opset 99 is not"),
        ({"dtype": "bfloat16"}, "dtype 'bfloat16' is not one of float32, float16"),
        ({"batch": 0}, "a batch of 0 holds no image"),
    ],
)
def test_what_cannot_be_expressed_is_refused(
    small: CheckedGraph, options: dict[str, int], message: str
) -> None:
    with pytest.raises(OnnxError, match=message):
        to_onnx(small, **options)  # type: ignore[arg-type]


def test_numbers_too_large_for_half_precision_are_refused(small: CheckedGraph) -> None:
    weights = initial_weights(small)
    weights["head.linear.weight"][2, 1] = 1e6
    with pytest.raises(OnnxError, match=r"head.linear.weight holds numbers too large for float16"):
        to_onnx(small, weights=weights, dtype="float16")


def test_equal_specs_give_equal_bytes(tmp_path: Path) -> None:
    program = (
        "import sys, inception_dsl\n"
        "from inception_dsl.backends.onnx import to_onnx\n"
        "checked = inception_dsl.load(sys.argv[1]).graph\n"
        "for functions in (False, True):\n"
        "    model = to_onnx(checked, functions=functions)\n"
        "    sys.stdout.buffer.write(model.SerializeToString())\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, SPEC],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(outputs) == 1


def test_files_are_whole_and_large_weights_stand_beside_them(
    small: CheckedGraph, tmp_path: Path
) -> None:
    model, batch = to_onnx(small), images(small)
    one, two = tmp_path / "one.onnx", tmp_path / "two.onnx"
    save_onnx(one, model)
    assert one.read_bytes() == model.SerializeToString(deterministic=True)
    save_onnx(two, model, limit_bytes=1000)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "one.onnx",
        "two.onnx",
        "two.onnx.data",
    ]
    onnx.checker.check_model(two, full_check=True)
    weights_bytes = sum(len(tensor.raw_data) for tensor in model.graph.initializer)
    assert (tmp_path / "two.onnx.data").stat().st_size == weights_bytes
    assert two.stat().st_size < one.stat().st_size - weights_bytes / 2
    np.testing.assert_array_equal(run(onnx.load(two), batch)[0], run(model, batch)[0])
    with pytest.raises(OSError, match="No such file"):
        save_onnx(tmp_path / "absent" / "one.onnx", model)


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"weights": False},
        {"functions": True},
        {"dtype": "float16"},
    ],
)
def test_a_file_written_without_a_copy_of_the_weights_has_the_same_bytes(
    how: dict[str, Any], small: CheckedGraph, tmp_path: Path
) -> None:
    file = tmp_path / "model.onnx"
    write_onnx(file, small, **how)
    assert file.read_bytes() == to_onnx(small, **how).SerializeToString(deterministic=True)


def test_hostile_docs_reach_the_file_as_text() -> None:
    doc = 'a "quoted" <b>\\n \x00 half \ud800 emoji 🙂'
    spec = f"## {doc}\nnetwork n() {{ input image: 3x4x4  relu() }}"
    content = to_onnx(inception_dsl.load(spec).graph, weights=False).SerializeToString()
    model = onnx.load_model_from_string(content)
    assert model.graph.doc_string == doc.replace("\ud800", "?")
    onnx.checker.check_model(model, full_check=True)
