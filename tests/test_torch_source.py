"""The generated PyTorch source reads like a person's, and computes what the graph says."""

from __future__ import annotations

import ast
import os
import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch_samples import SAMPLES

import inception_dsl as idsl
from inception_dsl.backends.torch import build_module, emit_source
from inception_dsl.backends.torch.docstrings import docstring
from inception_dsl.backends.torch.printer import literal
from inception_dsl.shipped import shipped_specs
from inception_dsl.weights import calibrated_weights, parameters_by_key

EVERYTHING = {name: name for name in shipped_specs()} | SAMPLES
PYTHON = [sys.executable, "-I"]


@pytest.fixture(scope="session", params=list(EVERYTHING))
def network(request: pytest.FixtureRequest) -> idsl.Network:
    return idsl.load(EVERYTHING[request.param])


def sample(name: str) -> str:
    return emit_source(idsl.load(SAMPLES[name]).graph)


def class_of(source: str, name: str) -> str:
    """The text of one class."""
    lines = source.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"class {name}("))
    ends = (i for i, line in enumerate(lines) if i > start and line[:1].strip())
    return "\n".join(lines[start : next(ends, len(lines))]).strip() + "\n"


def run_ruff(*files: Path) -> None:
    for command in (["check"], ["format", "--check", "--diff"]):
        line = [sys.executable, "-m", "ruff", *command, "--isolated", *map(str, files)]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing_to_change(tmp_path: Path) -> None:
    files = []
    for name, spec in EVERYTHING.items():
        for aux in (True, False):
            files.append(tmp_path / f"{name}_{aux}.py")
            files[-1].write_text(emit_source(idsl.load(spec).graph, aux=aux), encoding="utf-8")
    run_ruff(*files)


def test_state_dict_keys_are_paths(network: idsl.Network) -> None:
    for aux in (True, False):
        state = build_module(network.graph, weights=False, aux=aux).state_dict()
        found = {key: tuple(value.shape) for key, value in state.items() if not _is_counter(key)}
        expected = parameters_by_key(network.graph, aux=aux)
        assert found == {key: parameter.shape for key, parameter in expected.items()}


def _is_counter(key: str) -> bool:
    return key.endswith(".num_batches_tracked")


def test_values_are_those_of_onnx_runtime(network: idsl.Network) -> None:
    weights = calibrated_weights(network.graph)
    model = build_module(network.graph, weights=weights).eval()
    image = torch.randn(2, *network.graph.input_map.dims, generator=torch.manual_seed(1))
    with torch.no_grad():
        found = model(image).numpy()
    proto = network.to_onnx(weights=weights)
    session = onnxruntime.InferenceSession(proto.SerializeToString())
    (expected,) = session.run(None, {session.get_inputs()[0].name: image.numpy()})
    assert np.linalg.norm(found - expected) < 1e-5 * np.linalg.norm(expected)


def test_needs_torch_and_the_standard_library_only(network: idsl.Network) -> None:
    allowed = {"collections", "math", "torch", "typing"}
    for node in ast.walk(ast.parse(emit_source(network.graph))):
        if isinstance(node, ast.Import):
            assert {alias.name.partition(".")[0] for alias in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] in allowed


def test_saved_source_runs_without_us(tmp_path: Path) -> None:
    network = idsl.load(SAMPLES["v3_like"])
    model = build_module(network.graph).eval()
    image = torch.randn(1, *network.graph.input_map.dims)
    torch.save(model.state_dict(), tmp_path / "weights.pth")
    torch.save((image, model(image).detach()), tmp_path / "expected.pth")
    (tmp_path / "v3_like.py").write_text(emit_source(network.graph), encoding="utf-8")
    script = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import torch, v3_like
model = v3_like.V3Like().eval()
model.load_state_dict(torch.load({str(tmp_path / "weights.pth")!r}))
image, expected = torch.load({str(tmp_path / "expected.pth")!r})
assert torch.equal(model(image), expected)
assert "inception_dsl" not in sys.modules
"""
    subprocess.run([*PYTHON, "-c", script], check=True)


def test_same_bytes_on_every_hash_seed() -> None:
    script = (
        "import inception_dsl as idsl, sys; from inception_dsl.backends.torch import emit_source"
    )
    script += "; sys.stdout.write(''.join(emit_source(idsl.load(s).graph) for s in sys.argv[1:]))"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script, *EVERYTHING.values()],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    ]
    assert outputs[0] == outputs[1]


def test_importing_torch_is_left_to_the_source() -> None:
    script = (
        "import sys, inception_dsl as idsl; from inception_dsl.backends.torch import emit_source"
    )
    script += "; emit_source(idsl.load('googlenet').graph); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_module_reads_like_a_persons() -> None:
    assert (
        class_of(sample("googlenet_like"), "Inception")
        == '''\
class Inception(nn.Module):
    """Inception module with dimension reduction."""

    def __init__(
        self, in_channels: int, n1x1: int, reduce3x3: int, n3x3: int, pool_proj: int
    ) -> None:
        super().__init__()
        self.branch_1 = Chain(conv=Conv(in_channels, n1x1, 1))
        self.branch_2 = Chain(
            conv=Conv(in_channels, reduce3x3, 1),
            conv_2=Conv(reduce3x3, n3x3, 3, padding=1),
        )
        self.branch_3 = Chain(
            max_pool=nn.MaxPool2d(3, stride=1, padding=1),
            conv=Conv(in_channels, pool_proj, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch_1(x), self.branch_2(x), self.branch_3(x)], dim=1)
'''
    )


def test_a_layer_reads_like_a_persons() -> None:
    assert (
        class_of(sample("v3_like"), "Conv")
        == """\
class Conv(nn.Module):
    def __init__(
        self,
        in_channels: int,
        filters: int,
        kernel: int | tuple[int, int],
        stride: int = 1,
        padding: int | tuple[int, int] = 0,
    ) -> None:
        super().__init__()
        self.conv2d = nn.Conv2d(
            in_channels, filters, kernel, stride=stride, padding=padding, bias=False
        )
        self.batch_norm = BatchNorm(filters, eps=0.001, scale=False)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2d(x)
        x = self.batch_norm(x)
        return self.relu(x)
"""
    )


def test_the_network_reads_like_a_persons() -> None:
    assert (
        class_of(sample("googlenet_like"), "GooglenetLike")
        == '''\
class GooglenetLike(nn.Module):
    """Takes a batch of 3x32x32, gives a batch of 5."""

    def __init__(self, aux: bool = True) -> None:
        super().__init__()
        self.stem = Chain(
            conv=Conv(3, 8, 7, stride=2, padding=3),  # 8x16x16
            max_pool=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # 8x8x8
            lrn=nn.LocalResponseNorm(5),  # 8x8x8
        )
        self.inception_3a = Inception(8, 4, 6, 8, 4)
        self.aux1 = AuxiliaryClassifier(16, 5) if aux else None
        self.inception_3b = Inception(16, 8, 8, 12, 4)
        self.aux2 = AuxiliaryClassifier(24, 5) if aux else None
        self.inception_3c = Inception(24, 8, 8, 12, 4)
        self.head = Head()

    def forward(self, x: Tensor) -> Tensor | GooglenetLikeOutput:
        x = self.stem(x)  # 8x8x8
        x = self.inception_3a(x)  # 16x8x8
        aux1 = self.aux1(x) if self.training and self.aux1 is not None else None
        x = self.inception_3b(x)  # 24x8x8
        aux2 = self.aux2(x) if self.training and self.aux2 is not None else None
        x = self.inception_3c(x)  # 24x8x8
        x = self.head(x)  # 5
        if aux1 is None:
            return x
        return GooglenetLikeOutput(x, aux1, aux2)
'''
    )


def test_without_heads_nothing_speaks_of_them() -> None:
    source = emit_source(idsl.load("googlenet").graph, aux=False)
    assert "aux" not in source.lower()
    assert "NamedTuple" not in source


def test_formulas_are_printed_as_the_spec_computes_them() -> None:
    source = sample("structures")
    assert "nn.Conv2d(in_channels, max(in_channels // ratio, 4), 1)" in source
    assert "conv_bn=ConvBn(in_channels, round(filters * expansion), 1)" in source
    assert "DenseRepeatRound(in_channels + 2 * growth, growth)" in source


def test_classes_are_named_by_the_setting_that_changes_their_structure() -> None:
    names = [
        node.name for node in ast.parse(sample("structures")).body if isinstance(node, ast.ClassDef)
    ]
    assert {"ConvBn", "ConvBnWithoutAct", "Bottleneck", "BottleneckStride1"} <= set(names)
    assert {"AnyRank", "AnyRank1d"} <= set(names)
    assert "class InceptionCMaxPool(" in sample("v3_like")


def test_equal_rounds_are_a_comprehension_and_others_a_list() -> None:
    source = sample("one_dimension")
    assert "nn.Sequential(*[Repeat2Round() for _ in range(2)])" in source
    assert "RepeatRound(16, n=8, filters=32),\n" in source
    assert "self.shortcut(x) + self.residual(x)" in source
    assert "x + 0.5 * self.residual(x)" in source


def test_values_in_forward_come_from_attributes() -> None:
    part = class_of(sample("structures"), "Part")
    assert "def __init__(self, first: int, last: int) -> None:" in part
    assert "self.first = first" in part
    assert "x[:, self.first : self.last]" in part


def test_a_number_that_only_some_instances_share_is_no_literal() -> None:
    """Two uses that agree in one number and differ in another keep both as what they are."""
    spec = """
    block b(n: int, m: int) { conv2d(n, 1x1) conv2d(m, 3x3, padding=same) }
    network two { input x: 4x8x8 b(4, 8) b(4, 6) global_avg_pool() }
    """
    source = emit_source(idsl.load(spec).graph)
    assert "nn.Conv2d(in_channels, n, 1)" in source
    assert "nn.Conv2d(n, m, 3, padding=1)" in source


def test_formulas_do_not_grow_with_nesting() -> None:
    """Each level would double the formula of the level below."""
    blocks = ["block b0(n: int) { conv2d(n, 1x1) }"]
    blocks += [
        f"block b{i}(n: int) {{ b{i - 1}(n * n) conv2d(input.channels + n, 1x1) }}"
        for i in range(1, 60)
    ]
    spec = "\n".join([*blocks, "network deep { input x: 1x4x4 b59(1) }"])
    source = emit_source(idsl.load(spec).graph)
    assert "nn.Conv2d(in_channels + n * n, in_channels + n, 1)" in source
    assert max(map(len, source.splitlines())) <= 88


@pytest.mark.parametrize("seed", range(3))
def test_any_text_is_a_docstring(tmp_path: Path, seed: int) -> None:
    pieces = [
        '"',
        "'",
        "\\",
        "a",
        " ",
        "b",
        "\n",
        "é",
        ".",
        "\t",
        "{",
        "\u2028",
        "#",
        "\r",
        "\x0c",
        "%",
        "\0",
    ]
    source = random.Random(seed)
    texts = ["".join(source.choices(pieces, k=source.randint(1, 12))) for _ in range(400)]
    texts = [text for text in texts if text.strip()]
    classes = [
        "\n".join([f"class A{i}:", *docstring(text, 1), "", f"    text = {literal(text)}"])
        for i, text in enumerate(texts)
    ]
    file = tmp_path / "docs.py"
    file.write_text("\n\n\n".join(classes) + "\n", encoding="utf-8")
    run_ruff(file)
    for node, text in zip(ast.parse(file.read_text(encoding="utf-8")).body, texts, strict=True):
        assert isinstance(node, ast.ClassDef)
        doc, assigned = node.body
        assert isinstance(assigned, ast.Assign)
        assert ast.literal_eval(assigned.value) == text
        assert isinstance(doc, ast.Expr)
        assert ast.literal_eval(doc.value).split() == text.split()


def test_a_hostile_doc_stays_text() -> None:
    hostile = 'x """ + __import__("os").system("touch /tmp/no") + """ \\'
    spec = f"## {hostile}\n\nnetwork n {{ input x: 3x4x4 relu() }}"
    source = emit_source(idsl.load(spec).graph)
    assert ast.get_docstring(ast.parse(source)) == hostile
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.BinOp)]


def test_every_class_stands_before_its_use(network: idsl.Network) -> None:
    tree = ast.parse(emit_source(network.graph))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    order = {node.name: place for place, node in enumerate(classes)}
    assert len(order) == len(classes)
    for node in classes:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                assert order.get(call.func.id, -1) < order[node.name]
    assert all(first < second for first, second in pairwise(order.values()))


@pytest.mark.parametrize(
    "body",
    [
        "input x: 3x4x4 relu()",
        "input x: 3x4x4 identity()",
        "input x: 3x4x4 repeat 0 { relu() } softmax()",
        "input x: 3x4x4 concat { branch identity() }",
        "input x: 5 linear(2)",
    ],
)
def test_the_smallest_networks(body: str, tmp_path: Path) -> None:
    network = idsl.load(f"network small {{ {body} }}")
    file = tmp_path / "small.py"
    file.write_text(emit_source(network.graph), encoding="utf-8")
    run_ruff(file)
    image = torch.randn(2, *network.graph.input_map.dims)
    assert build_module(network.graph)(image).shape == (2, *network.graph.output_map.dims)
