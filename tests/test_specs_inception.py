"""The specs of the Inception family hold what their sources publish, convolution by convolution."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import onnx
import pytest
import torch
from convolution_samples import convolutions, convolutions_of

import inception_dsl as idsl
from inception_dsl.backends.torch import emit_source

SPECS = (
    "inception_naive",
    "inception_reduced",
    "bn_inception",
    "bn_inception_slim",
    "inception_v3",
    "inception_v4",
    "inception_resnet_v1",
    "facenet",
    "inception_resnet_v2",
    "inception_resnet_v2_paper",
    "xception",
)
PEERS = {
    "inception_v4": ("timm.models", "inception_v4"),
    "inception_resnet_v2": ("timm.models", "inception_resnet_v2"),
    "xception": ("timm.models", "legacy_xception"),
    "bn_inception": ("pretrainedmodels", "bninception"),
    "facenet": ("facenet_pytorch", "InceptionResnetV1"),
}
# What the weights of one library ask for, or a reader of one paper.
SETTINGS = {
    "bn_inception": {"separable_stem": True, "bn_bias": False},
    "inception_v4": {"bn_scale": False, "auxiliary": True},
    "facenet": {"bn_scale": False, "classes": 10},
    "inception_resnet_v2": {"bn_scale": False, "auxiliary": True},
    "xception": {"bn_eps": 0.001, "pool_padding": "same_upper"},
}


@pytest.mark.parametrize("name", SPECS)
def test_published_figures_hold(name: str) -> None:
    network, diagnostics = idsl.examine(name)
    assert network is not None
    assert diagnostics == ()


@pytest.mark.parametrize("name", PEERS)
def test_convolutions_are_those_of_the_port(name: str, torchvision: ModuleType) -> None:
    library, builder = PEERS[name]
    build = getattr(pytest.importorskip(library), builder)
    network = idsl.load(name)
    with torch.device("meta"):
        model = build(pretrained=None).eval()
    assert convolutions(network) == convolutions_of(model, network.graph.input_map.dims)


def test_source_of_every_setting_is_clean(tmp_path: Path) -> None:
    for name, settings in SETTINGS.items():
        source = emit_source(idsl.load(name, **settings).graph)
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    for command in (["check"], ["format", "--check", "--diff"]):
        line = [sys.executable, "-m", "ruff", *command, "--isolated", str(tmp_path)]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SETTINGS)
def test_every_back_end_takes_every_setting(name: str) -> None:
    network = idsl.load(name, **SETTINGS[name])
    onnx.checker.check_model(network.to_onnx(), full_check=True)
    figure, table = network.to_graphviz(depth=None).source, network.summary(depth=None)
    assert f"{network.params:,}" in figure
    assert f"{network.params:,}" in table
