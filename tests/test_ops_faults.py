"""What operations refuse, and that a spec's author is told which argument and what would do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import inception_dsl.ops
from inception_dsl.ir.op import Op, OpFault, signature
from inception_dsl.ir.types import Dims, FeatureMap
from inception_dsl.ops import operation, operation_names

pytestmark = pytest.mark.text

GRID = FeatureMap(6, (8, 9))
LINE = FeatureMap(6, (8,))
VECTOR = FeatureMap(64)


def fault_of(name: str, *inputs: FeatureMap, **arguments: Any) -> OpFault:
    """The refusal of these arguments, or of these inputs."""
    found: type[Op] | None = operation(name)
    assert found is not None
    with pytest.raises(OpFault) as caught:
        found(**arguments).infer(*inputs)
    return caught.value


OUT_OF_RANGE = [
    ("conv2d", {"filters": 0, "kernel": 3}, "filters"),
    ("conv2d", {"filters": 4, "kernel": Dims((3, 0))}, "kernel"),
    ("conv2d", {"filters": 4, "kernel": 3, "stride": -1}, "stride"),
    ("conv2d", {"filters": 4, "kernel": 3, "dilation": 0}, "dilation"),
    ("conv2d", {"filters": 4, "kernel": 3, "groups": 0}, "groups"),
    ("conv2d", {"filters": 4, "kernel": 3, "padding": -1}, "padding"),
    ("conv2d", {"filters": 4, "kernel": 3, "padding": (1, 1, -1, 1)}, "padding"),
    ("conv2d", {"filters": 4, "kernel": 3, "padding": "nearest"}, "padding"),
    ("depthwise_conv2d", {"kernel": 3, "multiplier": 0}, "multiplier"),
    ("depthwise_conv2d", {"kernel": 0}, "kernel"),
    ("conv_transpose2d", {"filters": 4, "kernel": 3, "padding": -1}, "padding"),
    ("conv_transpose2d", {"filters": 4, "kernel": 3, "output_padding": 1}, "output_padding"),
    ("max_pool", {"kernel": 0}, "kernel"),
    ("max_pool", {"kernel": 3, "stride": 0}, "stride"),
    ("max_pool", {"kernel": 3, "dilation": 0}, "dilation"),
    ("max_pool", {"kernel": 3, "padding": 2}, "padding"),
    ("max_pool", {"kernel": 3, "padding": (0, 1, 1, 1), "ceil": True}, "padding"),
    ("avg_pool", {"kernel": 3, "padding": "same_upper", "ceil": True}, "padding"),
    ("avg_pool", {"kernel": 2, "padding": (0, 2, 0, 0)}, "padding"),
    ("adaptive_avg_pool", {"size": 0}, "size"),
    ("upsample", {"factor": 0}, "factor"),
    ("upsample", {"factor": 2, "mode": "valid"}, "mode"),
    ("batch_norm", {"eps": 0}, "eps"),
    ("batch_norm", {"momentum": 1.5}, "momentum"),
    ("layer_norm", {"eps": -1e-5}, "eps"),
    ("group_norm", {"groups": 0}, "groups"),
    ("lrn", {"size": 0}, "size"),
    ("lrn", {"size": 4}, "size"),
    ("lrn", {"size": 5, "k": 0}, "k"),
    ("l2_normalize", {"eps": 0}, "eps"),
    ("dropout", {"rate": 1.1}, "rate"),
    ("dropout", {"rate": -0.1}, "rate"),
    ("scale", {"factor": float("inf")}, "factor"),
    ("leaky_relu", {"slope": float("inf")}, "slope"),
    ("pad", {"amounts": 1, "value": float("inf")}, "value"),
    ("slice", {"start": -1, "stop": 2}, "start"),
    ("slice", {"start": 2, "stop": 2}, "stop"),
    ("channel_shuffle", {"groups": 0}, "groups"),
    ("reshape", {"shape": (432, 0)}, "shape"),
    ("reshape", {"shape": ()}, "shape"),
]


@pytest.mark.parametrize(("name", "arguments", "argument"), OUT_OF_RANGE)
def test_an_argument_out_of_range_is_named(
    name: str, arguments: dict[str, Any], argument: str
) -> None:
    fault = fault_of(name, GRID, **arguments)
    assert (fault.code, fault.argument) == ("E0305", argument)
    assert fault.expected


WRONG_AXES = [
    ("conv2d", {"filters": 4, "kernel": Dims((3, 3, 3))}, "kernel"),
    ("conv2d", {"filters": 4, "kernel": 3, "stride": (2,)}, "stride"),
    ("conv2d", {"filters": 4, "kernel": 3, "padding": (1, 1)}, "padding"),
    ("max_pool", {"kernel": 3, "dilation": Dims((1, 1, 1))}, "dilation"),
    ("conv_transpose2d", {"filters": 4, "kernel": 3, "padding": (1, 1, 1, 1)}, "padding"),
    ("adaptive_avg_pool", {"size": Dims((1, 1, 1))}, "size"),
    ("upsample", {"factor": Dims((1, 1, 1))}, "factor"),
    ("pad", {"amounts": (1, 1, 1)}, "amounts"),
]


@pytest.mark.parametrize(("name", "arguments", "argument"), WRONG_AXES)
def test_a_size_with_the_wrong_number_of_axes_is_named(
    name: str, arguments: dict[str, Any], argument: str
) -> None:
    fault = fault_of(name, GRID, **arguments)
    assert (fault.code, fault.argument) == ("E0304", argument)


@pytest.mark.parametrize(
    ("name", "arguments", "x", "words"),
    [
        ("conv2d", {"filters": 4, "kernel": 1}, VECTOR, "a vector of 64"),
        ("conv2d", {"filters": 4, "kernel": 1}, LINE, "6x8, a 1-D grid"),
        ("conv1d", {"filters": 4, "kernel": 1}, GRID, "6x8x9, a 2-D grid"),
        ("conv3d", {"filters": 4, "kernel": 1}, GRID, "6x8x9, a 2-D grid"),
        ("depthwise_conv2d", {"kernel": 1}, LINE, "`depthwise_conv2d` is 6x8, a 1-D grid"),
        ("conv_transpose2d", {"filters": 4, "kernel": 1}, VECTOR, "a vector of 64"),
        ("lrn", {"size": 5}, LINE, "6x8, a 1-D grid"),
        ("upsample", {"factor": 2, "mode": "bilinear"}, LINE, "6x8, a 1-D grid"),
        ("linear", {"features": 4}, GRID, "6x8x9, a 2-D grid"),
        *((name, {"kernel": 1}, VECTOR, "a vector of 64") for name in ("max_pool", "avg_pool")),
        ("global_avg_pool", {}, VECTOR, "a vector of 64"),
        ("global_max_pool", {}, VECTOR, "a vector of 64"),
        ("adaptive_avg_pool", {"size": 1}, VECTOR, "a vector of 64"),
        ("upsample", {"factor": 2}, VECTOR, "a vector of 64"),
        ("pad", {"amounts": 1}, VECTOR, "a vector of 64"),
    ],
)
def test_an_input_of_the_wrong_rank_is_described(
    name: str, arguments: dict[str, Any], x: FeatureMap, words: str
) -> None:
    fault = fault_of(name, x, **arguments)
    assert fault.code == "E0401"
    assert words in fault.message


def test_linear_on_a_grid_says_to_flatten_or_pool_first() -> None:
    help = fault_of("linear", GRID, features=10).help
    assert help == "put `flatten()` (432 numbers) or `global_avg_pool()` (6) before it"


def test_a_window_that_does_not_fit_says_what_it_met() -> None:
    fault = fault_of("conv2d", GRID, filters=4, kernel=3, padding=(1, 1, 0, 0), dilation=5)
    assert (fault.code, fault.argument) == ("E0404", "kernel")
    assert "11 cells does not fit into 10" in fault.message
    assert fault_of("avg_pool", FeatureMap(2, (4, 4)), kernel=5).code == "E0404"
    assert fault_of("pad", GRID, amounts=-4).code == "E0404"
    emptied = fault_of("conv_transpose2d", FeatureMap(2, (1, 1)), filters=1, kernel=2, padding=1)
    assert emptied.code == "E0404"


def test_a_padded_dilated_window_must_see_the_input() -> None:
    small = FeatureMap(2, (2, 8))
    fault = fault_of("max_pool", small, kernel=2, stride=1, padding=1, dilation=3)
    assert (fault.code, fault.argument) == ("E0404", "dilation")


def test_groups_divide_channels_and_filters() -> None:
    of_input = fault_of("conv2d", GRID, filters=8, kernel=1, groups=4)
    assert (of_input.code, of_input.argument) == ("E0405", "groups")
    assert "6 input channels" in of_input.message
    of_output = fault_of("conv2d", GRID, filters=8, kernel=1, groups=3)
    assert "8 filters" in of_output.message
    for name in ("group_norm", "channel_shuffle"):
        assert fault_of(name, GRID, groups=4).code == "E0405"


def test_same_needs_a_whole_number_of_cells() -> None:
    for name, arguments in (
        ("conv2d", {"filters": 4, "kernel": Dims((3, 2))}),
        ("max_pool", {"kernel": 2}),
    ):
        fault = fault_of(name, GRID, padding="same", **arguments)
        assert (fault.code, fault.argument) == ("E0408", "kernel")
    assert operation("max_pool")(2, 1, "same", dilation=2).infer(GRID) == GRID


def test_branches_that_do_not_fit_are_pointed_at() -> None:
    other = FeatureMap(6, (4, 9))
    joined = fault_of("concat", GRID, GRID, other)
    assert (joined.code, joined.operand) == ("E0402", 2)
    assert "8x9 with 4x9" in joined.message
    assert fault_of("concat", GRID, VECTOR).code == "E0402"
    for name in ("add", "mul"):
        assert (fault_of(name, GRID, other).code, fault_of(name, other, GRID).code) == (
            "E0403",
        ) * 2
    assert fault_of("add", GRID, FeatureMap(6, (1, 1))).code == "E0403"
    assert fault_of("mul", GRID, FeatureMap(3, (1, 1))).code == "E0403"
    gate = fault_of("mul", GRID, FeatureMap(6))
    assert gate.help is not None
    assert "global_avg_pool(keep=true)" in gate.help


def test_reshape_keeps_the_numbers_and_slice_the_range() -> None:
    reshaped = fault_of("reshape", GRID, shape=(6, 70))
    assert reshaped.code == "E0406"
    assert "420" in reshaped.message
    assert reshaped.expected == "a shape of 432 numbers"
    sliced = fault_of("slice", GRID, start=2, stop=7)
    assert (sliced.code, sliced.argument) == ("E0409", "stop")


def test_huge_numbers_cost_nothing() -> None:
    huge = 2**62
    x = FeatureMap(huge, (huge, huge))
    operation("conv2d")(huge, huge, 1, "same_upper", huge).infer(x)
    operation("max_pool")(huge, huge, "same_lower").infer(x)
    operation("adaptive_avg_pool")(huge).infer(x)
    assert operation("conv2d")(huge, 1).macs(x) == huge**4


def test_names_that_are_no_operation_give_none() -> None:
    for name in ("conv4d", "_window", "__init__", "os", "..ir.op", "ops.conv2d", "", "Conv2d"):
        assert operation(name) is None


def test_every_file_is_its_operation() -> None:
    combines = []
    for name in operation_names():
        found = operation(name)
        assert found is not None
        assert (found.name, found.__module__) == (name, f"inception_dsl.ops.{name}")
        required = [parameter.required for parameter in signature(found)]
        assert required == sorted(required, reverse=True)
        combines += [name] if found.combines else []
    assert combines == ["add", "concat", "mul"]


def test_signatures_are_those_of_the_reference() -> None:
    shown = {
        name: ", ".join(
            p.name if p.required else f"{p.name}={p.shown}" for p in signature(operation(name))
        )
        for name in ("conv2d", "max_pool", "avg_pool", "batch_norm", "upsample")
    }
    assert shown == {
        "conv2d": "filters, kernel, stride=1, padding=valid, dilation=1, groups=1, bias=true",
        "max_pool": "kernel, stride=kernel, padding=valid, dilation=1, ceil=false",
        "avg_pool": "kernel, stride=kernel, padding=valid, ceil=false, count_include_pad=false",
        "batch_norm": "eps=1e-05, momentum=0.1, scale=true, center=true",
        "upsample": "factor, mode=nearest",
    }


def test_a_new_file_is_a_new_operation(tmp_path: Path) -> None:
    package = Path(inception_dsl.ops.__file__).parents[1]
    copy = tmp_path / "inception_dsl"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    relu = (copy / "ops" / "relu.py").read_text(encoding="utf-8")
    (copy / "ops" / "fresh.py").write_text(relu.replace("Relu", "Fresh"), encoding="utf-8")
    script = "from inception_dsl.ops import operation; print(operation('fresh').__name__)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "Fresh\n"


def test_an_operation_is_imported_when_used_and_imports_nothing_heavy() -> None:
    script = (
        "import sys; from inception_dsl.ops import operation, operation_names\n"
        "names = operation_names()\n"
        "assert 'inception_dsl.ops.conv2d' not in sys.modules\n"
        "operation('conv2d')\n"
        "assert 'inception_dsl.ops.relu' not in sys.modules\n"
        "assert all(map(operation, names))\n"
        "assert not {'torch', 'onnx', 'numpy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
