"""Photographs arrive as torchvision would prepare them, and as the spec says."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import sklearn.datasets
from PIL import Image

import inception_dsl as idsl
from inception_dsl.photographs import PhotographError, preparation, read_photograph

FOLDER = Path(sklearn.datasets.__file__).parent / "images"
SPEC = """
network small {{
    input image: {shape}
    global_avg_pool()
    linear(2)
    {preprocess}
}}
"""


def prepared(path: Path, shape: str, preprocess: str = "") -> np.ndarray:
    if preprocess:
        preprocess = f"preprocess {{ {preprocess} }}"
    network = idsl.load(SPEC.format(shape=shape, preprocess=preprocess))
    return read_photograph(path, preparation(network.graph))


@pytest.mark.parametrize("name", ["china.jpg", "flower.jpg"])
@pytest.mark.parametrize(
    ("side", "resize", "mode"), [(224, 256, "bilinear"), (299, 342, "bicubic"), (75, 80, "nearest")]
)
def test_resizing_and_cropping_are_torchvisions(
    torchvision: ModuleType, name: str, side: int, resize: int, mode: str
) -> None:
    from torchvision.transforms import v2

    modes = {"nearest": v2.InterpolationMode.NEAREST}
    expected = v2.Compose(
        [
            v2.Resize(resize, interpolation=modes.get(mode) or v2.InterpolationMode(mode)),
            v2.CenterCrop(side),
            v2.PILToTensor(),
        ]
    )(Image.open(FOLDER / name))
    words = f"crop = {side}.0 / {resize}  interpolation = {mode}  range = [0, 255]"
    found = prepared(FOLDER / name, f"3x{side}x{side}", words)
    np.testing.assert_array_equal(found, expected.numpy())


@pytest.mark.parametrize("grid", ["100x80", "8x300", "427x640"])
def test_a_grid_that_is_no_square_is_filled(grid: str) -> None:
    found = prepared(FOLDER / "china.jpg", f"3x{grid}", "crop = 1  range = [0, 255]")
    assert "x".join(map(str, found.shape)) == f"3x{grid}"
    if grid == "427x640":  # the photograph's own
        whole = np.asarray(Image.open(FOLDER / "china.jpg"), np.float32).transpose(2, 0, 1)
        np.testing.assert_allclose(found, whole, atol=1e-4)


@pytest.fixture
def orange(tmp_path: Path) -> Path:
    path = tmp_path / "orange.png"
    Image.new("RGB", (40, 30), (255, 102, 0)).save(path)
    return path


@pytest.mark.parametrize(
    ("preprocess", "expected"),
    [
        ("", [(1 - 0.485) / 0.229, (0.4 - 0.456) / 0.224, -0.406 / 0.225]),
        ("range = [-1, 1]", [1, -0.2, -1]),
        ("mean = [0.5, 0.2, 0.0]  std = 0.5", [1, 0.4, 0]),
        ('range = [0, 255]  mean = [104, 117, 123]  channels = "bgr"', [-104, -15, 132]),
        ("crop = 0.5", [(1 - 0.485) / 0.229, (0.4 - 0.456) / 0.224, -0.406 / 0.225]),
    ],
)
def test_values_are_scaled_as_the_spec_says(
    orange: Path, preprocess: str, expected: list[float]
) -> None:
    found = prepared(orange, "3x20x20", preprocess)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.mean(axis=(1, 2)), expected, atol=1e-4)
    np.testing.assert_allclose(found.std(axis=(1, 2)), 0, atol=1e-4)


def test_a_grey_network_gets_a_grey_photograph(orange: Path) -> None:
    found = prepared(orange, "1x20x20", 'range = [0, 255]  channels = "grey"')
    luma = 0.299 * 255 + 0.587 * 102  # ITU-R 601-2, as Pillow documents
    np.testing.assert_allclose(found, luma, atol=0.51)
    assert found.shape == (1, 20, 20)


def test_a_photograph_held_upright_arrives_upright(tmp_path: Path) -> None:
    image = Image.new("L", (20, 20), 0)
    image.paste(255, (0, 0, 20, 10))  # bright above
    orientation = Image.Exif()
    orientation[0x0112] = 3  # the camera was upside down
    image.save(tmp_path / "x.png", exif=orientation)
    found = prepared(tmp_path / "x.png", "1x20x20", "crop = 1  range = [0, 1]")
    assert (found[0, :10].max(), found[0, 10:].min()) == (0, 1)


def test_what_is_no_photograph_is_refused(tmp_path: Path, orange: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture")
    cut = tmp_path / "cut.png"
    cut.write_bytes(orange.read_bytes()[:-30])
    for path in (text, cut, tmp_path / "nowhere.png", tmp_path):
        with pytest.raises(PhotographError, match="cannot read"):
            prepared(path, "3x20x20")


@pytest.mark.parametrize(
    ("shape", "preprocess"),
    [
        ("2x20x20", ""),
        ("3x20", ""),
        ("3x20x20x20", "range = [-1, 1]"),
    ],
)
def test_a_network_for_something_else_is_refused(orange: Path, shape: str, preprocess: str) -> None:
    with pytest.raises(PhotographError, match=f"the input of `small` is {shape}"):
        prepared(orange, shape, preprocess)


def test_a_picture_too_thin_to_resize_is_refused(tmp_path: Path) -> None:
    Image.new("L", (60_000, 1)).save(tmp_path / "line.png")
    with pytest.raises(PhotographError, match="too long and thin"):
        prepared(tmp_path / "line.png", "1x224x224")
