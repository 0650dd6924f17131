"""Bounds: a spec is data, and each excess is an error of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import inception_dsl as idsl

pytestmark = pytest.mark.text


def network(body: str, before: str = "") -> str:
    return f"{before}\nnetwork n {{ input x: 3x8x8\n{body}\n}}"


def doubling(depth: int) -> str:
    first = "block d0() { relu() }\n"
    return first + "\n".join(
        f"block d{i}() {{ d{i - 1}() d{i - 1}() }}" for i in range(1, depth + 1)
    )


BOMBS = {
    "operations by doubling": (network("d40()", doubling(40)), "E0704"),
    "operations by repeat": (
        network("repeat 1_000 { repeat 1_000 { repeat 1_000 { relu() } } }"),
        "E0704",
    ),
    "operations by a computed repeat": (network("let n = 60_000\nrepeat n { relu() }"), "E0704"),
    "rounds of nothing": (network("relu()\nrepeat 1_000_000_000_000_000_000 { }"), "E0705"),
    "rounds of lets": (network("relu()\nrepeat i in 0..1_000_000 { let a = i }"), "E0705"),
    "branches of nothing": (network("concat { repeat 1_000_000_000 { branch input } }"), "E0705"),
    "digits": (network("conv2d(" + "9" * 5000 + ", 1x1)"), "E0706"),
    "a product": (network("let a = 4_000_000_000 let b = a * a * a\nrelu()"), "E0706"),
    "a size": (network("conv2d(4, 99999999999999999999999x1)"), "E0706"),
    "a feature map": (network("upsample(4_000_000_000)\nupsample(4_000_000_000)"), "E0706"),
    "a string": (network("relu()", 'let a = "' + "a" * 70_000 + '"'), "E0707"),
    "strings by doubling": (
        network(
            "relu()",
            'let a0 = "aaaaaaaa"\n'
            + "\n".join(f"let a{i} = a{i - 1} + a{i - 1}" for i in range(1, 20)),
        ),
        "E0707",
    ),
    "lists by doubling": (
        network(
            "relu()",
            "let a0 = [1, 2]\n"
            + "\n".join(f"let a{i} = a{i - 1} + a{i - 1}" for i in range(1, 20)),
        ),
        "E0708",
    ),
    "a list": (network("relu()", "let a = [" + "1," * 20_000 + "]"), "E0708"),
    "parameters": (network("global_avg_pool() -> linear(1_000_000_000_000)"), "E0709"),
    "text": (network("relu()") + " " * 300_000, "E0701"),
    "definitions inside each other": (network("a(a)", "block a(f: op) { f(f) }"), "E0703"),
    "a chain of definitions": (
        network(
            "d300()",
            "block d0() { relu() }\n"
            + "\n".join(f"block d{i}() {{ d{i - 1}() }}" for i in range(1, 301)),
        ),
        "E0703",
    ),
    "braces": (network("concat { branch { " * 120 + "relu()" + " } }" * 120), "E0703"),
    "brackets": (network("conv2d(" + "(" * 100_000 + ")" * 100_000 + ", 1x1)"), "E0703"),
    "a sum": (network("conv2d(" + "+".join("1" * 20_000) + ", 1x1)"), "E0703"),
    "signs": (network("conv2d(" + "- " * 50_000 + "1, 1x1)"), "E0703"),
    "else ifs": (network("if false { } " + "else if false { } " * 10_000), "E0703"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_has_its_own_error(name: str) -> None:
    text, code = BOMBS[name]
    found, diagnostics = idsl.examine(text)
    assert found is None
    assert [d.code for d in diagnostics if d.severity == "error"] == [code]


def test_imports_are_counted(tmp_path: Path) -> None:
    for i in range(100):
        (tmp_path / f"f{i}.incept").write_text(f'from "f{i + 1}" import b\nblock c() {{ b() }}')
    _, diagnostics = idsl.examine(tmp_path / "f0.incept")
    assert "E0702" in [d.code for d in diagnostics]


def test_mistakes_are_counted() -> None:
    _, diagnostics = idsl.examine(network("\n".join(f"unknown{i}()" for i in range(500))))
    assert len(diagnostics) == idsl.Limits().diagnostics


def test_limits_can_be_set() -> None:
    text = network("repeat 10 { relu() }")
    assert idsl.load(text, limits=idsl.Limits(operations=11)).name == "n"
    with pytest.raises(idsl.SpecError, match="E0704"):
        idsl.load(text, limits=idsl.Limits(operations=9))


def test_just_under_the_limit_compiles() -> None:
    assert len(idsl.load(network("repeat 200 { repeat 200 { relu() } }")).graph.graph) == 40_001
