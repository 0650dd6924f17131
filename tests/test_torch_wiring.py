"""Wirings that PyTorch's nested modules make hard: all who run them agree at every node."""

from __future__ import annotations

import pytest
import torch

import inception_dsl
from inception_dsl.diagnostics import SpecError
from tests.fuzz.agreement import disagreements
from tests.fuzz.disagreement import excess
from tests.fuzz.onnx_values import run_onnx
from tests.fuzz.subject import subject_of

TAKE = "block take() on (a, b) { a -> relu() }"

WIRINGS = {
    "an operand that goes unread, into a branch": TAKE
    + """
    network n {
        input x: 2x4x4
        y = sigmoid()
        concat { branch identity()  branch from (x, y) -> take() }
    }""",
    "an operand that goes unread, out of a stage": TAKE
    + """
    network n {
        input x: 2x4x4
        stage s { a = relu()  sigmoid() }
        s -> conv2d(2, 1x1)
        y = tanh()
        concat { branch from (y, a) -> take()  branch identity() }
    }""",
    "a stage that ends in a stage, whose end is what the inner one gives first": """
    network n {
        input x: 3x16
        stage gate {
            stage inner { conv = relu()  avg_pool(2) }
            conv
        }
        inner
    }""",
    "a first round that nothing needs": """
    network n { input x: 2x4x4  repeat 3 { x -> conv2d(2, 1x1) } }""",
    "a first round that nothing needs, of several tensors": """
    network n {
        input x: 2x4x4
        a = relu()
        b = sigmoid()
        repeat 3 { c = a -> conv2d(2, 1x1)  add { branch b -> identity()  branch c -> tanh() } }
    }""",
    "auxiliary heads without operations": """
    head nothing() {}
    network n {
        input x: 3x8x8
        aux first = nothing()
        aux second = nothing() -> nothing()
        relu()
        aux third = nothing()
        global_avg_pool()
    }""",
    "auxiliary heads of operations alone": """
    network n {
        input x: 3x8x8
        aux first = conv2d(4, 3x3)
        relu()
        stage s { aux second = conv2d(4, 3x3) -> relu() }
        global_avg_pool()
    }""",
}


@pytest.mark.parametrize("text", WIRINGS.values(), ids=WIRINGS)
def test_all_who_run_it_agree(text: str) -> None:
    assert list(disagreements(subject_of(inception_dsl.load(text)))) == []


@pytest.mark.parametrize("text", WIRINGS.values(), ids=WIRINGS)
def test_its_functions_give_the_same(text: str) -> None:
    subject = subject_of(inception_dsl.load(text))
    model = subject.network.to_onnx(weights=dict(subject.weights), functions=True)
    (name,) = (value.name for value in model.graph.output)
    expected = run_onnx(subject.model, subject.images, {}, optimise=False)
    found = run_onnx(model, subject.images, {}, optimise=False)
    assert excess(found[name], expected[name]) <= 1


def test_a_group_of_one_number_is_refused_as_pytorch_does() -> None:
    with pytest.raises(SpecError) as refused:
        inception_dsl.load("network n { input x: 4x6x6  global_avg_pool()  group_norm(4) }")
    assert [each.code for each in refused.value.diagnostics] == ["E0405"]
    with pytest.raises(ValueError, match="Expected more than 1 value"):
        torch.nn.GroupNorm(4, 4)(torch.ones(1, 4))


@pytest.mark.parametrize(
    "head",
    ["global_avg_pool()", "relu()", "avg_pool(3x3, stride=2, padding=[0, 1, 1, 0])", "scale(2)"],
)
def test_a_head_of_one_operation_is_there_in_training_only(head: str) -> None:
    text = f"network n {{\n    input x: 3x8x8\n    aux early() = {head}\n    flatten()\n}}\n"
    model = inception_dsl.load(text).to_torch()
    images = torch.randn(2, 3, 8, 8)
    logits, early = model(images)
    assert logits.shape == (2, 192)
    assert early.shape[:2] == (2, 3)
    assert isinstance(model.eval()(images), torch.Tensor)
