"""Name maps: each fits its spec and its source, both ways, and finds the files that it is for."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from safetensors.numpy import load_file, save_file

import inception_dsl
from inception_dsl.cli.main import incept
from inception_dsl.loading import load_with
from inception_dsl.network import Network
from inception_dsl.weights import (
    NameMap,
    WeightsError,
    calibrated_weights,
    initial_weights,
    match_network,
    network_weights,
    parameters_by_key,
    read_map,
    recognise,
    source_names,
    write_safetensors,
)
from inception_dsl.weights.layouts import from_layout, to_layout
from inception_dsl.weights.map_file import MapFault, parse_map
from inception_dsl.weights.name_map import Arrays, Fill, Pair

torch = pytest.importorskip("torch")

SOURCES = source_names()


@cache
def network_of(source: str) -> Network:
    known = read_map(source)
    return load_with(known.spec, known.settings)


def light(network: Network, *, aux: bool = True) -> Arrays:
    """Arrays of the network's shapes, each of one number, in no memory."""
    shapes = {key: p.shape for key, p in parameters_by_key(network.graph, aux=aux).items()}
    return {
        key: np.broadcast_to(np.float32(index + 2), shape)
        for index, (key, shape) in enumerate(shapes.items())
    }


@pytest.mark.parametrize("source", SOURCES)
def test_a_map_has_every_array_of_its_spec(source: str) -> None:
    known, graph = read_map(source), network_of(source).graph
    required = {pair.ours for pair in known.pairs if not pair.optional}
    required |= {fill.ours for fill in known.fills if not fill.optional}
    main = parameters_by_key(graph, aux=False).keys()
    heads = parameters_by_key(graph).keys() - main
    assert required == main
    assert heads & known.ours in (heads, set())


@pytest.mark.parametrize("source", SOURCES)
def test_there_and_back_is_where_it_was(source: str) -> None:
    known = read_map(source)
    arrays = {key: a for key, a in light(network_of(source)).items() if key in known.ours}
    for fill in known.fills:
        arrays[fill.ours] = np.full_like(arrays[fill.ours], fill.value)
    theirs = known.to_theirs(arrays)
    assert len(theirs) == len(arrays) - len(known.fills)
    back = known.to_ours(theirs)
    assert back.keys() == arrays.keys()
    for key, array in arrays.items():  # of one number each
        assert (back[key].shape, back[key].flat[0]) == (array.shape, array.flat[0])


@pytest.mark.parametrize("source", SOURCES)
def test_a_file_is_known_by_its_names(source: str) -> None:
    known = read_map(source)
    arrays = light(network_of(source), aux=False)
    for fill in known.fills:
        arrays[fill.ours] = np.full_like(arrays[fill.ours], fill.value)
    theirs = known.to_theirs(arrays)
    found = recognise(theirs)
    assert known in found
    assert {other.place for other in found} == {known.place}
    theirs.popitem()
    assert not recognise(theirs)
    assert not recognise(known.to_theirs(arrays) | {"another": np.ones(1)})


@pytest.mark.parametrize("library", ["torchvision", "timm", "pretrainedmodels", "facenet_pytorch"])
def test_no_library_is_needed_for_its_files(library: str, tmp_path: Path) -> None:
    """The names are data: what a file needs is here."""
    hidden = ("torch", "torchvision", "timm", "pretrainedmodels", "facenet_pytorch", "keras")
    source = next(name for name in SOURCES if name.startswith(library))
    theirs = read_map(source).to_theirs(light(network_of(source), aux=False))
    save_file(
        {name: np.float32(array.flat[:1]) for name, array in theirs.items()},
        tmp_path / "t.safetensors",
    )
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({hidden}));"
        "from inception_dsl.cli.main import incept;"
        "incept(['weights', 'convert', 't.safetensors', '-o', 'ours.safetensors'])"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    assert len(load_file(tmp_path / "ours.safetensors")) == len(theirs)


EXAMPLE = """
# What this is.
spec inception_v3 bn_scale=false
use layers
separator /

layer conv
    conv2d.weight   <-> kernel as hwio
    batch_norm      <-> *_bn

stem.conv{,_2}      <-> conv{1..2}
mixed_{a,b}.{x,y}   <-> {1,2}_{p..q}
    conv            <-> *_only
optional side
    weight = 1 like bias
    bias
ignore step{1,2}
where conv1_bn/b is 32
"""
LAYERS = "layer batch_norm norm\n    bias <-> b\n"


def parsed(text: str) -> NameMap:
    return parse_map("example", text, {"layers": LAYERS}.__getitem__)


def test_the_notation_means_what_its_page_says() -> None:
    found = parsed(EXAMPLE)
    assert (found.spec, found.settings) == ("inception_v3", {"bn_scale": "false"})
    conv, norm = "conv2d.weight", "batch_norm.bias"
    names = {
        "stem.conv": "conv1",
        "stem.conv_2": "conv2",
        "mixed_a.x.conv": "1_p_only",
        "mixed_a.y.conv": "1_q_only",
        "mixed_b.x.conv": "2_p_only",
        "mixed_b.y.conv": "2_q_only",
    }
    assert found.pairs == (
        *(
            pair
            for ours, theirs in names.items()
            for pair in (
                Pair(f"{ours}.{conv}", f"{theirs}/kernel", "hwio"),
                Pair(f"{ours}.{norm}", f"{theirs}_bn/b"),
            )
        ),
        Pair("side.bias", "side/bias", optional=True),
    )
    assert found.fills == (Fill("side.weight", 1, "side.bias", optional=True),)
    assert found.ignored == {"step1", "step2"}
    assert found.shapes == {"conv1_bn/b": (32,)}
    assert found.place == "inception_v3 --set bn_scale=false"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a <-> b", "example: no spec is named"),
        ("spec s\na -> b", "example, line 2: not a rule: a -> b"),
        ("spec s\na <-> b as hwx", "example, line 2: not a rule"),
        ("spec s\na{1,2} <-> b{1..3}", "example, line 2: the braces of both sides"),
        ("spec s\na{1..b}", "example, line 2: no range: 1..b"),
        ("spec s\na <-> b\na <-> c", "example: a is named twice"),
        ("spec s\na <-> c\nb <-> c", "example: c is named twice"),
        ("spec s classes", "example, line 1: no setting: classes"),
    ],
)
def test_a_map_that_is_none_is_refused_at_its_line(text: str, message: str) -> None:
    with pytest.raises(MapFault, match=message):
        parsed(text)


def test_a_fill_is_made_and_demanded_back() -> None:
    known = parsed("spec s\nnorm.weight = 1 like norm.bias\nnorm.bias <-> beta")
    found = known.to_ours({"beta": np.float32([2, 3])})
    np.testing.assert_array_equal(found["norm.weight"], np.float32([1, 1]), strict=True)
    assert list(known.to_theirs(found)) == ["beta"]
    with pytest.raises(WeightsError, match=r"norm.weight is not 1 everywhere"):
        known.to_theirs(found | {"norm.weight": np.float32([1, 2])})


def test_missing_and_unknown_arrays_are_refused() -> None:
    known = parsed("spec s\na <-> b\noptional c")
    one = np.ones(1)
    assert known.to_ours({"b": one, "bn.num_batches_tracked": one}).keys() == {"a"}
    with pytest.raises(WeightsError, match=r"1 missing, the first is b; 1 unexpected, .* d"):
        known.to_ours({"d": one})
    with pytest.raises(WeightsError, match="not those of s: 1 missing, the first is a"):
        known.to_theirs({"c": one})


def test_layouts_are_the_ones_tensorflow_convolves_with() -> None:
    random = np.random.default_rng(0)
    image = random.normal(size=(3, 5, 6))
    dense, point = random.normal(size=(3, 4)), random.normal(size=(1, 1, 3, 4))
    conv, depthwise = random.normal(size=(2, 3, 3, 4)), random.normal(size=(2, 3, 3, 8))
    windows = np.lib.stride_tricks.sliding_window_view(image, (2, 3), axis=(1, 2))
    expected = {
        "hwio": (conv, np.einsum("cyxhw,hwco->oyx", windows, conv)),
        "hwc8": (depthwise, np.einsum("cyxhw,hwcm->cmyx", windows, depthwise).reshape(24, 4, 4)),
    }
    for layout, (theirs, result) in expected.items():
        ours = from_layout("k", theirs, layout)
        groups = 3 if layout == "hwc8" else 1
        found = torch.conv2d(torch.tensor(image)[None], torch.tensor(ours), groups=groups)[0]
        np.testing.assert_allclose(found.numpy(), result, atol=1e-12)
    vector = image[:, 0, 0]
    for layout, theirs in (("io", dense), ("11io", point)):
        ours = from_layout("k", theirs, layout)
        np.testing.assert_allclose(ours @ vector, vector @ theirs.reshape(3, 4))
    for layout, theirs in (("hwio", conv), ("hwc8", depthwise), ("io", dense), ("11io", point)):
        back = to_layout("k", from_layout("k", theirs, layout), layout)
        np.testing.assert_array_equal(back, theirs, strict=True)
    for layout, wrong in (("io", conv), ("11io", conv), ("hwc8", dense)):
        with pytest.raises(WeightsError, match="k "):
            from_layout("k", wrong, layout)


def test_what_a_library_leaves_out_is_left_as_it_starts_and_said() -> None:
    graph = network_of("timm.inception_v3").graph
    known = read_map("timm.inception_v3")
    weights = known.to_theirs(light(network_of("timm.inception_v3"), aux=False))
    match = match_network(graph, weights)
    assert match.source == "timm.inception_v3 or torchvision.inception_v3"
    assert {key.partition(".")[0] for key in match.fresh} == {"aux_logits"}
    key = "aux_logits.linear.weight"
    np.testing.assert_array_equal(match.arrays[key], initial_weights(graph)[key])
    with pytest.warns(UserWarning, match=r"left at their initial values: aux_logits"):
        network_weights(graph, weights)
    assert not match_network(graph, weights, aux=False).fresh


def test_a_head_that_the_network_has_not_is_dropped() -> None:
    network = inception_dsl.load("facenet")
    known = read_map("facenet_pytorch.inception_resnet_v1")
    weights = known.to_theirs(light(inception_dsl.load("facenet", classes=7)))
    assert "logits.weight" in weights
    arrays = network_weights(network.graph, weights)
    assert arrays.keys() == parameters_by_key(network.graph).keys()


def test_weights_of_another_network_say_whose_they_are() -> None:
    weights = read_map("torchvision.alexnet").to_theirs(light(network_of("torchvision.alexnet")))
    with pytest.raises(WeightsError) as caught:
        network_weights(inception_dsl.load("googlenet").graph, weights)
    assert str(caught.value) == "the weights are those of torchvision.alexnet, for alexnet"


def test_weights_of_another_variant_say_where_they_belong() -> None:
    theirs = read_map("pytorch_fid.inception_v3").to_theirs(
        light(network_of("pytorch_fid.inception_v3"), aux=False)
    )
    with pytest.raises(WeightsError) as caught:
        network_weights(inception_dsl.load("inception_v3").graph, theirs)
    place = "inception_v3 --set classes=1008 --set last_pool=max_pool --set count_border=false"
    assert f"they are those of pytorch_fid.inception_v3, for {place}" in str(caught.value)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(incept, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def mobilenet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MobileNetV2's weights as torchvision names them, saved by PyTorch."""
    weights = calibrated_weights(network_of("torchvision.mobilenet_v2").graph)
    theirs = read_map("torchvision.mobilenet_v2").to_theirs(weights)
    path = tmp_path_factory.mktemp("weights") / "theirs.pth"
    torch.save({name: torch.from_numpy(array) for name, array in theirs.items()}, path)
    return path


def test_convert_goes_both_ways(mobilenet: Path, tmp_path: Path) -> None:
    ours, back = tmp_path / "ours.safetensors", tmp_path / "back.safetensors"
    found = run("weights", "convert", mobilenet, "-o", ours)
    assert found.exit_code == 0, found.output
    assert "262 arrays of torchvision.mobilenet_v2, for mobilenet_v2" in found.output
    weights = calibrated_weights(network_of("torchvision.mobilenet_v2").graph)
    read = load_file(ours)
    assert read.keys() == weights.keys()
    assert all(np.array_equal(read[key], weights[key]) for key in weights)
    named = run(
        "weights", "convert", mobilenet, "--from", "torchvision.mobilenet_v2",
        "--to", "torchvision.mobilenet_v2", "-o", back,
    )  # fmt: skip
    assert named.exit_code == 0, named.output
    found = run("weights", "convert", ours, "--to", "torchvision.mobilenet_v2", "-o", back)
    assert found.exit_code == 0, found.output
    theirs = torch.load(mobilenet, weights_only=True)
    read = load_file(back)
    assert read.keys() == theirs.keys()
    assert all(np.array_equal(read[key], theirs[key].numpy()) for key in theirs)


def test_convert_says_what_it_cannot_do(mobilenet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.safetensors"
    for arguments, message in (
        (("--from", "timm.inception_v5"), "similar names exist: `timm.inception_v3`"),
        (("--from", "torchvision.alexnet"), "not those of torchvision.alexnet: 14 missing"),
        (("--to", "torchvision.alexnet"), "not those of alexnet: 16 missing"),
    ):
        found = run("weights", "convert", mobilenet, *arguments, "-o", out)
        assert found.exit_code == 2, found.output
        assert message in found.output
    assert run("weights", "convert", mobilenet, "-o", tmp_path / "out.pth").exit_code == 2
    theirs = torch.load(mobilenet, weights_only=True)
    del theirs["classifier.1.bias"]
    torch.save(theirs, tmp_path / "less.pth")
    found = run("weights", "convert", tmp_path / "less.pth", "-o", out)
    assert found.exit_code == 2
    assert "nearest to those of torchvision.mobilenet_v2" in found.output
    assert not out.exists()


def test_check_reports(mobilenet: Path) -> None:
    found = run("weights", "check", mobilenet, "mobilenet_v2")
    assert found.exit_code == 0, found.output
    assert "names of torchvision.mobilenet_v2\n262 of 262 arrays fit" in found.output
    found = run("weights", "check", mobilenet, "mobilenet_v2", "--set", "classes=5")
    assert found.exit_code == 1
    assert "head.classifier.weight is 1000x1280, expected 5x1280" in found.output
    found = run("weights", "check", mobilenet, "mobilenet_v2", "--classes", "5")
    assert found.exit_code == 0
    assert "left at their initial values: head.classifier\n" in found.output
    found = run("weights", "check", mobilenet, "alexnet")
    assert found.exit_code == 1
    assert "these weights are for mobilenet_v2" in found.output
    assert "more (--all names them)" in found.output
    every = run("weights", "check", mobilenet, "alexnet", "--all").output
    assert "--all" not in every
    assert every.count("\n") > 200  # mobilenet_v2 has more arrays than that


def test_sources_lists_every_map() -> None:
    found = run("weights", "sources").output.splitlines()
    assert [line.split()[0] for line in found] == list(SOURCES)


def test_compile_takes_a_library_file_with_a_classifier_of_another_size(
    mobilenet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "net.py"
    found = run("compile", "mobilenet_v2", "--to", "torch", "--weights", mobilenet, "-o", out)
    assert found.exit_code == 0, found.output
    weights = calibrated_weights(network_of("torchvision.mobilenet_v2").graph)
    written = load_file(out.with_suffix(".safetensors"))
    assert all(np.array_equal(written[key], weights[key]) for key in weights)
    arguments = ("compile", "mobilenet_v2", "--to", "torch", "--weights", mobilenet, "-o", out)
    assert run(*arguments, "--set", "classes=5").exit_code == 2
    found = run(*arguments, "--classes", "5")
    assert found.exit_code == 0, found.output
    assert "left at their initial values: head.classifier" in found.output
    written = load_file(out.with_suffix(".safetensors"))
    fresh = initial_weights(inception_dsl.load("mobilenet_v2", classes=5).graph)
    for key, array in written.items():
        expected = fresh if key.startswith("head.classifier") else weights
        np.testing.assert_array_equal(array, expected[key])


def test_weights_for_other_settings_are_used_with_a_warning(tmp_path: Path) -> None:
    """The arrays fit all the same, but mean something else there."""
    theirs = read_map("pytorch_fid.inception_v3").to_theirs(
        light(network_of("pytorch_fid.inception_v3"), aux=False)
    )
    path = tmp_path / "fid.safetensors"
    write_safetensors(path, theirs)
    found = run("weights", "check", path, "inception_v3", "--set", "classes=1008")
    assert found.exit_code == 0, found.output
    assert "other here: count_border, last_pool" in found.output
