"""The random specs and the shrinker: what the campaigns rest on."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from lark import Lark, Token, Tree

import inception_dsl.syntax
from inception_dsl.diagnostics import Diagnostics
from inception_dsl.ir.op import signature
from inception_dsl.ops import operation, operation_names
from inception_dsl.source import Source
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse
from tests.fuzz.generator import random_spec
from tests.fuzz.shrink import shrunk
from tests.fuzz.specs import Files, examine_files, load_files

pytestmark = pytest.mark.text

SPECS = 200
ROLES = ("layer", "block", "module", "reduction", "stem", "head")


@cache
def grammar() -> Lark:
    text = (Path(inception_dsl.syntax.__file__).parent / "grammar.lark").read_text("utf-8")
    return Lark(text, parser="lalr", maybe_placeholders=True)


@cache
def parsed() -> tuple[Tree[Token], ...]:
    texts = (text for seed in range(SPECS) for text in random_spec(seed).files.values())
    return tuple(grammar().parse(text) for text in texts)


def rarest(found: Counter[str], wanted: set[str], most: int = 8) -> str:
    """The missing ones and the rarest, for the report of a failing test and for `-rP`."""
    counts = sorted((found[name], name) for name in wanted)
    return ", ".join(f"{name} {count}" for count, name in counts[:most])


def test_random_specs_use_every_rule_and_every_word_of_the_grammar() -> None:
    rules = Counter(str(node.data) for each in parsed() for node in each.iter_subtrees())
    seeds = range(SPECS // 2)
    words = Counter(token.type for seed in seeds for token in grammar().lex(random_spec(seed).text))
    # Rules with a `?` stand in no tree: what they hold stands in their place.
    wanted = {
        str(rule.alias or rule.origin.name)
        for rule in grammar().rules
        if not rule.origin.name.startswith("_") and (rule.alias or not rule.options.expand1)
    }
    tokens = {each.name for each in grammar().terminals} - {"SPACE", "COMMENT"}
    sys.stdout.write(f"rarest rules: {rarest(rules, wanted)}; words: {rarest(words, tokens)}\n")
    assert wanted <= set(rules)
    assert tokens <= set(words)


def test_random_specs_use_every_operation_attribute_and_role() -> None:
    operations: Counter[str] = Counter()
    attributes: Counter[str] = Counter()
    roles: Counter[str] = Counter()
    for seed in range(SPECS):
        spec = random_spec(seed)
        items = parse(Source("random", spec.text), Diagnostics()).items
        roles.update(each.role for each in items if isinstance(each, tree.Definition))
        for node in load_files(spec.files).graph.graph:
            operations[node.op.name] += 1
            for param in signature(type(node.op)) if node.op.name != "input" else ():
                changed = param.required or getattr(node.op, param.name) != param.default
                attributes[f"{node.op.name}({param.name})"] += changed
    wanted = {
        f"{name}({param.name})"
        for name in operation_names()
        if (target := operation(name))
        for param in signature(target)
    }
    sys.stdout.write(f"rarest attributes: {rarest(attributes, wanted)}\n")
    assert set(operation_names()) <= set(operations)
    assert wanted <= set(+attributes)
    assert set(ROLES) <= set(roles)


@pytest.mark.parametrize("batch", range(2))
def test_every_random_spec_checks_and_comes_out_as_it_was_made(batch: int) -> None:
    for seed in range(10_000 + 100 * batch, 10_000 + 100 * (batch + 1)):
        spec = random_spec(seed)
        network, diagnostics = examine_files(spec.files, spec.settings)
        errors = [str(each.message) for each in diagnostics if each.severity == "error"]
        assert network, (seed, errors)
        found = [(n.op.name, n.out.dims) for n in network.graph.graph if n.op.name != "input"]
        assert found == [(each.name, each.shape) for each in spec.operations], seed
        counted = {name: getattr(network.cost, name) for name in vars(spec.counts)}
        assert counted == vars(spec.counts), seed


def test_a_seed_is_the_same_spec_whatever_the_hash_seed() -> None:
    program = (
        "import hashlib; from tests.fuzz.generator import random_spec;"
        "texts = [t for seed in range(40) for t in random_spec(seed).files.values()];"
        "print(hashlib.sha256('\\0'.join(texts).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for hash_seed in ("0", "1", "77")
    }
    assert len(digests) == 1


def test_the_generator_does_not_ask_the_compiler() -> None:
    for path in sorted((Path(__file__).parent / "fuzz/generator").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.startswith("inception_dsl") for name in names), path


def test_size_makes_larger_specs() -> None:
    small, large = (
        sum(len(random_spec(seed, size).operations) for seed in range(20)) for size in (8, 80)
    )
    assert large > 3 * small


def shrunk_to(wanted: str, seed: int) -> Files:
    """A random spec, shrunk as long as it has an operation."""

    def fails(files: Files) -> bool:
        return any(node.op.name == wanted for node in load_files(files).graph.graph)

    files = random_spec(seed).files
    assert fails(files)
    return shrunk(files, fails, seconds=60)


@pytest.mark.parametrize("wanted", ["group_norm", "mul", "channel_shuffle"])
def test_shrinking_leaves_little_but_what_is_wanted(wanted: str) -> None:
    seeds = (s for s in range(200) if any(o.name == wanted for o in random_spec(s).operations))
    files = shrunk_to(wanted, next(seeds))
    assert len(files) == 1
    assert sum(map(len, files.values())) < 320, files


def test_shrinking_cuts_text_that_has_no_tree() -> None:
    text = "\n".join([") ( ~ ", "network", *["%%% junk {"] * 40, "needle", "}"])
    files = shrunk({"main.incept": text}, lambda files: "needle" in files["main.incept"])
    assert files["main.incept"].strip() == "needle"


def test_shrinking_gives_up_on_what_the_predicate_cannot_judge() -> None:
    def fails(files: Files) -> bool:
        if "relu" not in files["main.incept"]:
            raise ValueError("no case")
        return True

    files = shrunk({"main.incept": "network a { input x: 3 relu() }"}, fails)
    assert "relu" in files["main.incept"]
