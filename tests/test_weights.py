"""Weights: the same for every back end, read without running code, refused with names."""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as save_torch_file

import inception_dsl
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.weights import (
    WeightsError,
    calibrated_weights,
    initial_weights,
    load_weights,
    network_weights,
    read_weights,
    write_safetensors,
)

torch = pytest.importorskip("torch")

ARRAYS = {
    "stem.conv2d.weight": np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2) / 7,
    "stem.batch_norm.running_mean": np.array([0.5, -1.25], np.float32),
    "linear.weight": np.zeros((0, 4), np.float32),
    "scale": np.array(3.5, np.float32),
}
SHAPES = {key: array.shape for key, array in ARRAYS.items()}


def assert_same(found: dict[str, Any], expected: dict[str, Any] = ARRAYS) -> None:
    assert list(found) == list(expected)
    for key, array in expected.items():
        assert found[key].dtype == np.float32
        np.testing.assert_array_equal(found[key], array)


@pytest.fixture(params=["safetensors", "npz", "pth", "pt", "legacy.pth"])
def weights_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """ARRAYS in each format, written by the library that the format belongs to."""
    path = tmp_path / f"weights.{request.param}"
    tensors = {key: torch.tensor(array) for key, array in ARRAYS.items()}
    if request.param == "safetensors":
        save_file(ARRAYS, path)
    elif request.param == "npz":
        np.savez(path, **ARRAYS)
    else:
        torch.save(tensors, path, _use_new_zipfile_serialization=request.param != "legacy.pth")
    return path


def test_every_format_gives_the_arrays_back(weights_file: Path) -> None:
    assert_same(load_weights(weights_file, SHAPES))
    assert_same(load_weights(str(weights_file), SHAPES))


def test_our_safetensors_are_what_the_library_reads(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    write_safetensors(path, ARRAYS, {"b": "é", "a": "1"})
    assert_same({key: load_file(path)[key] for key in ARRAYS})
    from safetensors import safe_open

    with safe_open(path, "np") as file:
        assert file.metadata() == {"a": "1", "b": "é"}
    again = tmp_path / "again.safetensors"
    write_safetensors(again, dict(reversed(ARRAYS.items())), {"a": "1", "b": "é"})
    assert again.read_bytes() == path.read_bytes()


def test_a_transposed_view_is_written_as_it_looks(tmp_path: Path) -> None:
    view = np.arange(6, dtype=np.float64).reshape(2, 3).T
    write_safetensors(tmp_path / "w.safetensors", {"a": view})
    np.testing.assert_array_equal(load_file(tmp_path / "w.safetensors")["a"], view)


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_text("old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # as a full disk would
    try:
        with pytest.raises(OSError, match="File too large"):
            write_safetensors(path, {"a": np.ones(10_000, np.float32)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_other_floats_become_float32(dtype: str, tmp_path: Path) -> None:
    values = torch.tensor([1.5, -2.0, 0.375], dtype=getattr(torch, dtype))
    expected = {"a": np.array([1.5, -2.0, 0.375], np.float32)}
    save_torch_file({"a": values}, tmp_path / "w.safetensors")
    torch.save({"a": values}, tmp_path / "w.pth")
    for source in (tmp_path / "w.safetensors", tmp_path / "w.pth", {"a": values}):
        assert_same(load_weights(source, {"a": (3,)}), expected)


def test_a_state_dict_is_a_source_and_its_counters_are_ignored() -> None:
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 1), torch.nn.BatchNorm2d(4))
    state = module.state_dict()
    shapes = {key: tuple(t.shape) for key, t in state.items() if "num_batches" not in key}
    assert_same(load_weights(state, shapes), {key: state[key].numpy() for key in shapes})
    assert list(load_weights(dict(module.named_parameters()), {"0.bias": (4,)}, shapes)) == [
        "0.bias"
    ]


def test_optional_names_may_be_there_or_not() -> None:
    without = {key: value for key, value in ARRAYS.items() if key != "scale"}
    needed = {key: array.shape for key, array in without.items()}
    assert_same(load_weights(ARRAYS, needed, optional=["scale"]), without)
    assert_same(load_weights(without, SHAPES, optional=["scale"]), without)


def test_a_misfit_lists_everything_at_once() -> None:
    given_ = {
        "stem.conv2d.weigth": ARRAYS["stem.conv2d.weight"],
        "stem.batch_norm.running_mean": np.ones((3, 1), np.float32),
        "linear.weight": np.zeros((0, 4), np.int64),
        **{f"extra.{i}": np.ones(1) for i in range(7)},
    }
    with pytest.raises(WeightsError) as caught:
        load_weights(given_, SHAPES)
    assert str(caught.value).splitlines() == [
        "the weights do not fit the network",
        "  2 of 4 missing: stem.conv2d.weight, scale",
        "  8 unexpected: stem.conv2d.weigth (nearest missing: stem.conv2d.weight), extra.0,"
        " extra.1, extra.2, extra.3, and 3 more",
        "  2 of another shape or type: stem.batch_norm.running_mean is 3x1, expected 2,"
        " linear.weight holds int64, expected floats",
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("text", "neither an array nor a tensor: str"),
        ([1.0], "neither an array nor a tensor: list"),
        (torch.ones(2, device="meta"), "tensor on `meta`, which has no values"),
    ],
)
def test_values_that_are_no_arrays_are_refused(value: object, message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        load_weights({"a": value}, {"a": (2,)})


class Bomb:
    """Runs code where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("exploded"),)


def test_nothing_is_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("bomb.npz", a=np.array([Bomb()], dtype=object))
    torch.save({"a": Bomb()}, "bomb.pth")
    torch.save({"a": Bomb()}, "legacy.pth", _use_new_zipfile_serialization=False)
    for name in ("bomb.npz", "bomb.pth", "legacy.pth"):
        with pytest.raises(
            WeightsError, match=f"cannot read {name}: it is damaged, or holds more than arrays"
        ):
            read_weights(name)
    assert not Path("exploded").exists()


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"absent.npz: No such file"):
        read_weights(tmp_path / "absent.npz")
    with pytest.raises(WeightsError, match=r"files end in .safetensors, .npz, .pth, .pt, .h5"):
        read_weights(tmp_path / "weights.bin")
    torch.save([torch.ones(1)], tmp_path / "list.pth")
    with pytest.raises(WeightsError, match=r"holds a list, no state dict"):
        read_weights(tmp_path / "list.pth")
    np.save(tmp_path / "one", np.ones(3))
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    with pytest.raises(WeightsError, match=r"one.npz: it is damaged"):
        read_weights(tmp_path / "one.npz")
    eight_bit = {"a": torch.ones(2).to(torch.float8_e4m3fn)}
    save_torch_file(eight_bit, tmp_path / "w.safetensors")
    with pytest.raises(WeightsError, match=r"'a' is stored as F8_E4M3"):
        read_weights(tmp_path / "w.safetensors")


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_is_never_a_traceback(weights_file: Path, data: st.DataObject) -> None:
    content = bytearray(weights_file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged = weights_file.with_name("damaged" + weights_file.suffix)
    damaged.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(WeightsError):
        load_weights(damaged, SHAPES)


SPEC = """
layer conv(n: int) { conv2d(n, 3x3, padding=same)  batch_norm()  relu() }
head classifier() { global_avg_pool()  linear(4) }
network n() {
    input image: 3x8x8
    first = conv(48)
    %s
    aux side(weight=0.3) = classifier()
    head { flatten()  linear(10) }
}
"""


@pytest.fixture
def checked() -> CheckedGraph:
    return inception_dsl.load(SPEC % "second = conv(32)").graph


def test_initial_weights_are_he_normal(checked: CheckedGraph) -> None:
    weights = initial_weights(checked)
    for key, fan_in in (("second.conv2d.weight", 48 * 9), ("head.linear.weight", 32 * 64)):
        array = weights[key].astype(np.float64)
        standard_error = np.sqrt(2 / fan_in / array.size)
        assert abs(array.mean()) < 4 * standard_error
        assert array.std() == pytest.approx(np.sqrt(2 / fan_in), rel=4 / np.sqrt(2 * array.size))
    norm = {key: np.unique(array) for key, array in weights.items() if "batch_norm" in key}
    assert {key: list(values) for key, values in norm.items() if key.startswith("first")} == {
        "first.batch_norm.weight": [1],
        "first.batch_norm.bias": [0],
        "first.batch_norm.running_mean": [0],
        "first.batch_norm.running_var": [1],
    }
    assert all(array.dtype == np.float32 for array in weights.values())


def test_an_array_depends_on_its_name_and_shape_alone(checked: CheckedGraph) -> None:
    weights = initial_weights(checked)
    changed = initial_weights(
        inception_dsl.load(SPEC % "between = conv(5) second = conv(32)").graph
    )
    for key in ("first.conv2d.weight", "side.linear.weight", "head.linear.weight"):
        np.testing.assert_array_equal(weights[key], changed[key])
    assert not np.array_equal(
        weights["first.conv2d.weight"][:32, :3], changed["between.conv2d.weight"]
    )
    main = initial_weights(checked, aux=False)
    assert weights.keys() - main.keys() == {"side.linear.weight", "side.linear.bias"}
    assert_same(main, {key: weights[key] for key in main})


def test_initial_weights_stay_what_they_were(checked: CheckedGraph) -> None:
    """A seed that users have trained from must give the same numbers in every later version."""
    found = initial_weights(checked)["first.conv2d.weight"].ravel()[:4]
    np.testing.assert_allclose(found, [0.35765809, 0.60595322, -0.10853942, -0.11129917], rtol=1e-6)


def test_calibrated_weights_leave_nothing_neutral_and_keep_the_signal(
    checked: CheckedGraph,
) -> None:
    weights = calibrated_weights(checked)
    for key, array in weights.items():
        neutral = 1 if "batch_norm.weight" in key or "running_var" in key else 0
        assert not np.any(array == neutral), key
    assert np.all(weights["first.batch_norm.running_var"] > 0.25)
    other = calibrated_weights(checked, seed=1)
    assert not np.array_equal(weights["first.batch_norm.bias"], other["first.batch_norm.bias"])


def test_a_network_finds_its_weights_anywhere(checked: CheckedGraph, tmp_path: Path) -> None:
    weights = calibrated_weights(checked)
    write_safetensors(tmp_path / "w.safetensors", weights)
    assert_same(network_weights(checked, tmp_path / "w.safetensors"), weights)
    assert_same(network_weights(checked), initial_weights(checked))
    main = calibrated_weights(checked, aux=False)
    assert_same(network_weights(checked, weights, aux=False), main)
    assert_same(network_weights(checked, main, aux=False), main)
    with pytest.raises(
        WeightsError, match=r"2 of 16 missing: side.linear.weight, side.linear.bias"
    ):
        network_weights(checked, main)
