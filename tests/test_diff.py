"""What `incept diff` finds: known edits are found as what they are, and nothing else is."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import inception_dsl as idsl
from inception_dsl import Network, SpecError
from inception_dsl.analysis.diff import Change, Difference
from inception_dsl.backends.table.diff_json import difference_to_json
from inception_dsl.backends.table.diff_text import render_difference
from inception_dsl.cli.main import incept
from inception_dsl.elaborate.limits import Limits
from inception_dsl.ir.dump import dump
from inception_dsl.shipped import shipped_file, shipped_specs
from tests.fuzz.generator import random_spec
from tests.fuzz.specs import load_files

pytestmark = pytest.mark.text

MIRRORED = {
    "added": "removed", "removed": "added", "wrapped": "unwrapped", "unwrapped": "wrapped",
}  # fmt: skip


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(incept, [str(each) for each in arguments], input=stdin)


def text_of(name: str) -> str:
    path = shipped_file(name)
    assert path
    return path.read_text(encoding="utf-8")


def edited(text: str, *replacements: tuple[str, str]) -> str:
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text


def diff_of(name: str, *replacements: tuple[str, str]) -> Difference:
    """A shipped spec against itself with some of its text replaced, notes of shapes left out."""
    before = re.sub(r"(?m) +: [\dx]+$", "", text_of(name))
    return idsl.load(before).diff(idsl.load(edited(before, *replacements)))


def said(change: Change) -> tuple[object, ...]:
    """A change without its places: kind, scopes, and what from and to."""
    scopes = tuple((each.definition, each.at, each.uses, each.of) for each in change.scopes)
    values = tuple((each.name, each.before, each.after) for each in change.values)
    return change.kind, scopes, values


# Edits of shipped specs.

BRANCH = "        branch conv(64, 1x1)\n"
DOUBLE = "        branch conv(48, 1x1) -> conv(64, 5x5)\n"
EDITS = {
    "an instance renamed": (
        "inception_v3",
        [("mixed_5c", "wide")],
        [("renamed", (("", "wide", 1, 1),), (("name", "mixed_5c", "wide"),))],
    ),
    "a definition renamed": (
        "inception_v3",
        [("inception_a", "figure_5")],
        [("renamed", (("figure_5", "", 3, 3),), (("definition", "inception_a", "figure_5"),))],
    ),
    "a parameter renamed": (
        "inception_v3",
        [("pool_proj", "projection")],
        [("renamed", (("inception_a", "", 3, 3),), (("parameter", "pool_proj", "projection"),))],
    ),
    "a layer renamed in 16 blocks": (
        "efficientnet_b0",
        [("gate(", "excitation(")],
        [("renamed", (("excitation", "", 16, 16),), (("definition", "gate", "excitation"),))],
    ),
    "an argument in a definition": (
        "inception_v3",
        [("conv(48, 1x1)", "conv(56, 1x1)")],
        [("changed", (("inception_a", "branch_2.conv_bn", 3, 3),), (("filters", "48", "56"),))],
    ),
    "an argument of a call, from which others follow": (
        "inception_v3",
        [("mixed_5c = inception_a(64)", "mixed_5c = inception_a(80)")],
        [("changed", (("", "mixed_5c", 1, 1),), (("pool_proj", "64", "80"),))],
    ),
    "all at once": (
        "inception_v3",
        [("mixed_5c", "wide"), ("inception_a", "figure_5"), ("conv(48, 1x1)", "conv(56, 1x1)")],
        [
            ("renamed", (("figure_5", "", 3, 3),), (("definition", "inception_a", "figure_5"),)),
            ("changed", (("figure_5", "branch_2.conv_bn", 3, 3),), (("filters", "48", "56"),)),
            ("renamed", (("", "wide", 1, 1),), (("name", "mixed_5c", "wide"),)),
        ],
    ),
    "two branches in another order": (
        "inception_v3",
        [(BRANCH + DOUBLE, DOUBLE + BRANCH)],
        [("moved", (("inception_a", "branch_2", 3, 3),), (("place", "first", "after branch_1"),))],
    ),
    "a branch less": (
        "inception_v3",
        [(BRANCH + DOUBLE, DOUBLE)],
        [("removed", (("inception_a", "branch_1", 3, 3),), ())],
    ),
    "a branch that passes on, more": (
        "inception_v3",
        [(BRANCH + DOUBLE, BRANCH + DOUBLE + "        branch input\n")],
        [("added", (("inception_a", "branch_3", 3, 3),), ())],
    ),
    "a stage around modules": (
        "inception_v3",
        [("    mixed_5b =", "    stage fine {\n mixed_5b ="), ("    mixed_6a =", "} mixed_6a =")],
        [("wrapped", (("", "fine", 1, 1),), (("around", None, "mixed_5b, mixed_5c, mixed_5d"),))],
    ),
    "a stage around modules, one of them changed": (
        "inception_v3",
        [
            ("    mixed_5b =", "    stage fine {\n mixed_5b ="),
            ("    mixed_6a =", "} mixed_6a ="),
            ("mixed_5c = inception_a(64)", "mixed_5c = inception_a(80)"),
        ],
        [
            ("wrapped", (("", "fine", 1, 1),), (("around", None, "mixed_5b, mixed_5c, mixed_5d"),)),
            ("changed", (("", "fine.mixed_5c", 1, 1),), (("pool_proj", "64", "80"),)),
        ],
    ),
    "a layer taken into a block": (
        "inception_v3",
        [
            ("    conv(768, 5x5, padding=valid)\n", "    hidden(768)\n"),
            (
                "## Auxiliary",
                "block hidden(n: int) { conv(n, 5x5, padding=valid) }\n## Auxiliary",
            ),
        ],
        [
            (
                "wrapped",
                (("auxiliary_classifier", "hidden", 1, 1),),
                (("around", None, "conv_bn_2"),),
            )
        ],
    ),
    "rounds of a repeat": (
        "inception_resnet_v1",
        [("repeat 10 {", "repeat 9 {")],
        [("changed", (("", "repeat_2", 1, 1),), (("rounds", "10", "9"),))],
    ),
    "the scale of a residual": (
        "inception_resnet_v1",
        [("scale=0.17", "scale=0.2")],
        [("changed", (("inception_resnet_a", "scale", 5, 5),), (("factor", "0.17", "0.2"),))],
    ),
    "an operation less": (
        "googlenet",
        [("        lrn(5)\n        max_pool", "        max_pool")],
        [("removed", (("", "stem.lrn_2", 1, 1),), ())],
    ),
    "two modules in another order": (
        "inception_v3",
        [
            ("    mixed_6b = inception_b(128)\n", ""),
            (
                "    mixed_6c = inception_b(160)\n",
                "    mixed_6c = inception_b(160)\n    mixed_6b = inception_b(128)\n",
            ),
        ],
        [("moved", (("", "mixed_6c", 1, 1),), (("place", "after mixed_6b", "after mixed_6a"),))],
    ),
    "an auxiliary head elsewhere": (
        "inception_v3",
        [
            ("    aux aux_logits(weight=0.4) = auxiliary_classifier(classes)\n", ""),
            (
                "    mixed_6e =",
                "    aux aux_logits(weight=0.4) = auxiliary_classifier(classes)\n    mixed_6e =",
            ),
        ],
        [("moved", (("", "aux_logits", 1, 1),), (("place", "after mixed_6e", "after mixed_6d"),))],
    ),
    "another operation in its place": (
        "lenet5",
        [("tanh()", "gelu()")],
        [("changed", (("squash", "gelu", 6, 6),), (("operation", "tanh", "gelu"),))],
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_found_as_what_it_is(edit: str) -> None:
    name, replacements, expected = EDITS[edit]
    difference = diff_of(name, *replacements)
    found = sorted(map(said, difference.changes), key=repr)
    assert found == sorted(expected, key=repr)
    assert not difference.declared


def test_what_reads_something_else_is_found() -> None:
    before = """network n {
        input x: 4x8x8
        a = conv2d(4, 1x1)
        b = conv2d(4, 3x3, padding=same)
        add { branch a  branch b }
    }"""
    after = before.replace("b = conv2d", "b = x -> conv2d")
    (change,) = idsl.load(before).diff(idsl.load(after)).changes
    assert said(change) == ("rewired", (("", "b", 1, 1),), (("reads", "a", "x"),))


@pytest.mark.parametrize(
    ("before", "after"),
    [("max_pool(3)", "max_pool(3x3, stride=3)"), ("conv2d(4, 3)", "conv2d(4, 3x3, stride=1)")],
)
def test_two_ways_to_write_one_thing_are_the_same(before: str, after: str) -> None:
    spec = "network n {{ input x: 4x9x9  {} }}"
    assert not idsl.load(spec.format(before)).diff(idsl.load(spec.format(after)))


def test_a_setting_is_one_line_and_what_follows_from_it_none() -> None:
    difference = idsl.load("inception_v3").diff(idsl.load("inception_v3", bn_scale=False))
    ((kind, value),) = difference.declared
    assert (kind, value.name, value.before, value.after) == ("setting", "bn_scale", "true", "false")
    (change,) = difference.changes
    assert said(change) == (
        "changed",
        (("conv_bn", "batch_norm", 96, 96),),
        (("scale", "true", "false"),),
    )
    fewer = idsl.load("inception_v3").diff(idsl.load("inception_v3", classes=10))
    assert [value.name for _, value in fewer.declared] == ["classes"]
    assert not fewer.changes


def test_input_weights_of_heads_and_sayings_are_compared() -> None:
    before = text_of("inception_v3")
    after = edited(
        before, ("weight=0.4", "weight=0.3"), ("crop = 0.875", "crop = 0.9"), ("0.045", "0.05")
    )
    found = idsl.load(before).diff(idsl.load(after)).declared
    assert [(kind, value.name, value.before, value.after) for kind, value in found] == [
        ("auxiliary", "aux_logits", "0.4", "0.3"),
        ("preprocess", "crop", "0.875", "0.9"),
        ("recipe", "learning_rate.start", "0.045", "0.05"),
    ]
    larger = idsl.load("vgg16").diff(idsl.load("vgg16", input="3x256x256"))
    ((kind, value),) = larger.declared
    assert (kind, value.before, value.after) == ("input", "3x224x224", "3x256x256")
    assert not larger.changes
    assert larger.reshaped


# Edits of chance: several at once, on a network whose modules all differ.


@dataclass
class Model:
    """A network that can be edited, and what its edits are to be found as."""

    modules: list[tuple[str, str, int]]
    kernel: str = "3x3"
    definitions: dict[str, str] = field(default_factory=lambda: {"one": "one", "two": "two"})
    turned: bool = False
    rounds: int = 4
    stage: tuple[int, int] | None = None
    expected: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def text(self) -> str:
        one, two = self.definitions["one"], self.definitions["two"]
        branches = ["branch conv(n, 1x1)", f"branch conv(n // 2, 1x1) -> conv(n, {self.kernel})"]
        if self.turned:
            branches.reverse()
        calls = [f"{name} = {self.definitions[of]}({width})" for name, of, width in self.modules]
        if self.stage:
            start, end = self.stage
            calls[start] = "stage wrapped { " + calls[start]
            calls[end] += " }"
        return f"""
layer conv(n: int, k: size) {{ conv2d(n, k, padding=same) -> batch_norm() -> relu() }}
module {one}(n: int) {{ concat {{ {"  ".join(branches)} }} }}
module {two}(n: int) {{
    residual(scale=0.5) {{ conv(n, 1x3) -> conv(n, 3x1) -> conv(input.channels, 1x1) }}
}}
block four(n: int) {{ conv(n, 3x3) -> conv(n, 5x5) }}
network chance {{
    input image: 3x16x16
    conv(12, 3x3)
    {" ".join(calls)}
    repeat {self.rounds} {{ four(20) }}
    global_avg_pool() -> linear(10)
}}
"""

    def rename(self, random: random.Random) -> None:
        place = random.randrange(len(self.modules))
        name, *rest = self.modules[place]
        self.modules[place] = (f"other_{name}", *rest)
        self.expected.append(("renamed", frozenset({name, f"other_{name}"})))

    def widen(self, random: random.Random) -> None:
        place = random.randrange(len(self.modules))
        name, of, width = self.modules[place]
        self.modules[place] = (name, of, width + 100)
        self.expected.append(("changed", frozenset({str(width), str(width + 100)})))

    def remove(self, random: random.Random) -> None:
        name, *_ = self.modules.pop(random.randrange(len(self.modules)))
        self.expected.append(("removed", frozenset({name})))

    def add(self, random: random.Random) -> None:
        place = random.randrange(len(self.modules) + 1)
        self.modules.insert(place, ("new", random.choice(["one", "two"]), 500))
        self.expected.append(("added", frozenset({"new"})))

    def swap(self, random: random.Random) -> None:
        place = random.randrange(len(self.modules) - 1)
        pair = self.modules[place : place + 2]
        self.modules[place : place + 2] = pair[::-1]
        self.expected.append(("moved", frozenset(name for name, *_ in pair)))

    def wrap(self, random: random.Random) -> None:
        start, end = sorted(random.choices(range(len(self.modules)), k=2))
        self.stage = (start, end)
        names = [name for name, *_ in self.modules[start : end + 1]]
        self.expected.append(("wrapped", frozenset(names)))

    def rename_definition(self, random: random.Random) -> None:
        name = random.choice(["one", "two"])
        self.definitions[name] = f"{name}_by_another_name"
        self.expected.append(("renamed", frozenset({name, self.definitions[name]})))

    def turn(self, random: random.Random) -> None:
        self.turned = True
        self.expected.append(("moved", frozenset({"branches"})))

    def enlarge(self, random: random.Random) -> None:
        self.kernel = "5x5"
        self.expected.append(("changed", frozenset({"3x3", "5x5"})))

    def shorten(self, random: random.Random) -> None:
        self.rounds = random.choice([1, 2, 3, 5, 8])
        self.expected.append(("changed", frozenset({"4", str(self.rounds)})))


def fresh_model() -> Model:
    widths = (16, 24, 32, 40, 48, 56)
    return Model([(f"m{i}", "one" if i % 3 else "two", width) for i, width in enumerate(widths)])


def matches(change: Change, expected: tuple[str, frozenset[str]]) -> bool:
    kind, words = expected
    if change.kind != kind:
        return False
    values = {word for value in change.values for word in (value.before, value.after) if word}
    names = {(place.b or place.a or "").rpartition(".")[2] for place in change.places}
    if kind in ("added", "removed"):
        return names == words
    if kind == "moved":
        in_definition = all(scope.definition for scope in change.scopes)
        return in_definition if words == {"branches"} else names <= words
    if kind == "wrapped":
        before = {word.removeprefix("other_") for word in words}
        return set(", ".join(values).split(", ")) == before - {"new"}
    return values == words


HIDING = ({"swap", "remove"}, {"rename", "widen"}, {"swap", "rename"}, {"remove", "add"})
"""Edits of which one may undo the other, or that together read as a third."""


@settings(max_examples=100, deadline=None)
@given(
    st.sets(
        st.sampled_from(
            ["rename", "widen", "remove", "add", "swap", "wrap", "rename_definition", "turn",
             "enlarge", "shorten"]
        ),
        min_size=1,
        max_size=2,
    ),
    st.integers(0, 2**32),
)  # fmt: skip
def test_edits_of_chance_are_found_and_nothing_else(edits: set[str], seed: int) -> None:
    chance, model = random.Random(seed), fresh_model()
    before = idsl.load(model.text())
    last = ["add", "wrap"]  # what is new is not edited again, and a stage goes around the result
    for edit in [*sorted(edits - {*last}), *(each for each in last if each in edits)]:
        getattr(model, edit)(chance)
    hold_to_counts(difference := before.diff(idsl.load(model.text())))
    if any(pair <= edits for pair in HIDING):
        return
    left = list(model.expected)
    for change in difference.changes:
        fitting = next((each for each in left if matches(change, each)), None)
        assert fitting, f"{model.expected}\n{render_difference(difference)}"
        left.remove(fitting)
    assert not left, f"{left}\n{render_difference(difference)}"


# Renames of chance, over the whole language.

WORD = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|[A-Za-z][A-Za-z_0-9]*')


def renamed(text: str, names: dict[str, str]) -> str:
    return WORD.sub(lambda word: names.get(word[0], word[0]), text)


def renames(seed: int) -> Iterator[tuple[str, Network, Network]]:
    """Random specs, in which one word after the other has another name; wrong ones left out."""
    spec, chance = random_spec(seed), random.Random(seed)
    words = [word for text in spec.files.values() for word in WORD.findall(text)]
    names = sorted({word for word in words if word[0] not in '"#'})
    before = load_files(spec.files, spec.settings)
    for word in chance.sample(names, min(len(names), 12)):
        new = {word: f"fresh_{word}"}
        files = {name: renamed(text, new) for name, text in spec.files.items()}
        given = {new.get(name, name): value for name, value in spec.settings.items()}
        try:
            yield word, before, load_files(files, given)
        except SpecError:
            continue  # a word of the language


@pytest.mark.parametrize("seed", range(20))
def test_a_rename_is_never_a_rebuild(seed: int) -> None:
    for word, before, after in renames(seed):
        for change in before.diff(after).changes:
            passed_on = all(f"fresh_{word}" in (value.after or "") for value in change.values)
            assert change.kind == "renamed" or (change.kind == "changed" and passed_on), (
                word,
                said(change),
            )


# Slips of chance: a word, a number or a line is another one.

TOKEN = re.compile(WORD.pattern + r"|[0-9]+")
WORDS = ("relu", "tanh", "add", "concat", "mul", "max_pool", "avg_pool", "same", "true", "false")


def slipped(text: str, chance: random.Random) -> str:
    tokens = [token for token in TOKEN.finditer(text) if token[0][0] not in '"#']
    lines = text.split("\n")
    if not tokens or chance.random() < 0.4:
        first, second = (chance.randrange(len(lines)) for _ in range(2))
        lines.insert(first, lines.pop(second))
        return "\n".join(lines)
    token = chance.choice(tokens)
    others = [each[0] for each in tokens if not each[0].isdigit()]
    number = str(chance.choice([1, 2, 3, 5, 8]))
    new = number if token[0].isdigit() else chance.choice([*others, *WORDS])
    return text[: token.start()] + new + text[token.end() :]


@pytest.mark.parametrize("seed", range(15))
def test_no_slip_is_missed(seed: int) -> None:
    spec, chance = random_spec(seed), random.Random(seed)
    before = load_files(spec.files, spec.settings)
    for _ in range(20):
        name = chance.choice(list(spec.files))
        files = {**spec.files, name: slipped(spec.files[name], chance)}
        try:
            after = load_files(files, spec.settings)
        except SpecError:
            continue
        there, back = before.diff(after), after.diff(before)
        if whole(before) != whole(after):
            assert there, files
        assert facts(there) == facts(back, mirrored=True)
        hold_to_counts(there)
        assert len(set(there.paths.values())) == len(there.paths)
        assert render_difference(there)


def whole(network: Network) -> object:
    """All that a network is, in the order in which it computes."""
    graph = network.graph.graph
    sayings = (sorted(map(str, graph.settings.items())), graph.preprocess, graph.recipe)
    return dump(graph), graph.name, graph.output, graph.aux, sayings


# Whatever is compared.


def hold_to_counts(difference: Difference) -> None:
    """The rows of modules add up to the difference of the totals."""
    a, b = difference.costs
    old, new = difference.auxiliary
    for name in ("params", "macs", "buffers"):
        rows = sum(
            each.times * (getattr(figures.cost, name) if figures else 0) * sign
            for each in difference.modules
            for figures, sign in ((each.b, 1), (each.a, -1))
        )
        totals = getattr(b, name) + getattr(new, name) - getattr(a, name) - getattr(old, name)
        assert rows == totals


def facts(difference: Difference, mirrored: bool = False) -> Counter[str]:
    found: Counter[str] = Counter()
    for change in difference.changes:
        for place in change.places:
            sides = [(place.a, place.b), *((each.before, each.after) for each in change.values)]
            kind = MIRRORED.get(change.kind, change.kind) if mirrored else change.kind
            found[repr((kind, [side[::-1] if mirrored else side for side in sides]))] += 1
    return found


NETWORKS = {name: idsl.load(name) for name in shipped_specs() if "network " in text_of(name)}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_not_different_from_itself(name: str) -> None:
    difference = NETWORKS[name].diff(idsl.load(name))
    assert not difference
    assert not difference.modules
    assert not difference.marks_a
    assert not difference.reshaped
    assert set(difference.paths) == {node.path for node in NETWORKS[name].graph.graph}


@pytest.mark.parametrize("a", NETWORKS)
def test_any_two_networks_compare_the_same_both_ways(a: str) -> None:
    names = [*NETWORKS, *NETWORKS]
    for b in names[names.index(a) + 1 :][:4]:
        if a != b:
            there, back = NETWORKS[a].diff(NETWORKS[b]), NETWORKS[b].diff(NETWORKS[a])
            assert there
            assert facts(there) == facts(back, mirrored=True)
            hold_to_counts(there)
            assert len(set(there.paths.values())) == len(there.paths)
            for marks, network in ((there.marks_a, a), (there.marks_b, b)):
                known = {region.path for region in NETWORKS[network].graph.graph.root.walk()}
                assert set(marks) <= known | set(NETWORKS[network].graph.graph.network)


def test_marks_name_the_innermost_things_that_changed() -> None:
    difference = diff_of("inception_v3", ("conv(48, 1x1)", "conv(56, 1x1)"))
    modules = ("mixed_5b", "mixed_5c", "mixed_5d")
    paths = [f"{each}.branch_2.conv_bn" for each in modules]
    expected = {path: "changed" for each in paths for path in (each, f"{each}.conv2d")}
    assert difference.marks_a == difference.marks_b == expected
    less = diff_of("googlenet", ("        lrn(5)\n        max_pool", "        max_pool"))
    assert less.marks_a == {"stem.lrn_2": "removed"}
    assert less.marks_b == {}


def test_a_difference_says_what_it_is() -> None:
    net = idsl.load("googlenet")
    same, other = net.diff(net), net.diff(idsl.load("googlenet", classes=10))
    assert not same
    assert repr(same) == "<Difference googlenet -> googlenet: no difference>"
    assert str(same) == "googlenet: no difference"
    assert other
    assert repr(other) == "<Difference googlenet -> googlenet: 1 change>"


# The command.


def test_the_command_tells_the_difference_by_its_exit_status() -> None:
    assert run("diff", "googlenet", "googlenet").exit_code == 0
    done = run("diff", "inception_v3", "--set", "bn_scale=false")
    assert done.exit_code == 1
    assert (
        done.stdout == run("diff", "inception_v3", "inception_v3", "--set", "bn_scale=false").stdout
    )
    back = run("diff", "inception_v3", "inception_v3", "--set-a", "bn_scale=false")
    assert "~ setting bn_scale false -> true" in back.stdout
    assert "~ batch_norm  scale true -> false" in done.stdout
    assert "23,834,568 ->    23,817,352  -17,216" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["inception_v3"], "name two networks"),
        (["-", "-"], "only one of the two can be standard input"),
        (["-", "--set", "a=1"], "standard input is read once"),
        (["inception_v3", "inception_v9"], "similar names exist: `inception_v"),
        (["googlenet", "googlenet", "--set", "clases=3"], "classes"),
        (["googlenet", "--input", "0x1"], "is no shape"),
        (["googlenet", "googlenet:nothing"], "has no network `nothing`"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: list[str], reason: str) -> None:
    done = run("diff", *arguments)
    assert done.exit_code == 2
    assert reason in done.stderr
    assert not done.stdout


def test_standard_input_and_paths_with_a_network(tmp_path: Path) -> None:
    path = tmp_path / "net.incept"
    path.write_text(text_of("lenet5"), encoding="utf-8")
    assert run("diff", f"{path}:lenet5", "-", stdin=text_of("lenet5")).exit_code == 0
    assert run("diff", "-", "lenet5", stdin=text_of("vgg16")).exit_code == 1


def test_text_fits_80_columns_but_for_names() -> None:
    for a, b in (("inception_v3", "inception_v4"), ("resnet50", "resnet152")):
        text, _, figures = run("diff", a, b).stdout.partition("\nmodule")
        assert max(map(len, text.splitlines()[1:])) <= 80
        assert figures


def test_json_is_complete() -> None:
    for a, b in product(("googlenet", "inception_v3", "resnet50"), ("inception_v4", "resnet152")):
        difference = NETWORKS[a].diff(NETWORKS[b])
        found = json.loads(run("diff", a, b, "--format", "json").stdout)
        assert found == json.loads(difference_to_json(difference))
        assert found["same"] is False
        assert [found["a"]["params"], found["b"]["macs"]] == [NETWORKS[a].params, NETWORKS[b].macs]
        assert len(found["changes"]) == len(difference.changes)
        for shown, change in zip(found["changes"], difference.changes, strict=True):
            assert shown["kind"] == change.kind
            assert [(p["a"], p["b"]) for p in shown["places"]] == [
                (p.a, p.b) for p in change.places
            ]
            assert sum(each["uses"] for each in shown["scopes"]) <= len(change.places)
        assert len(found["modules"]) == len(difference.modules)
    same = json.loads(run("diff", "lenet5", "lenet5", "--format", "json").stdout)
    assert same["same"] is True
    assert same["changes"] == same["modules"] == same["declared"] == []


def test_hostile_strings_stay_text() -> None:
    spec = 'param note: string = "{}"\nnetwork n {{ input x: 3x8x8  conv2d(4, 1) }}'
    hostile = "\x1b[31mred\x1b[0m <b> \u202e { \\\\ \x07"
    a, b = idsl.load(spec.format("plain")), idsl.load(spec.format(hostile))
    text = render_difference(a.diff(b))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert json.loads(difference_to_json(a.diff(b)))["declared"][0]["after"] == hostile


def test_a_large_network_is_compared_within_bounds() -> None:
    chance = random.Random(0)
    pieces = ["relu()", "tanh()", "conv2d(4, 1)", "sigmoid()", "gelu()"]
    texts = [" ".join(chance.choice(pieces) for _ in range(2000)) for _ in range(2)]
    a, b = (idsl.load(f"network n {{ input x: 4x8x8 {text} }}") for text in texts)
    hold_to_counts(a.diff(b))
    deep = "block b0() { relu() }\n" + "\n".join(
        f"block b{i}() {{ b{i - 1}() }}" for i in range(1, Limits().nesting - 1)
    )
    net = deep + f"\nnetwork n {{ input x: 4x8x8  b{Limits().nesting - 2}() }}"
    assert idsl.load(net).diff(idsl.load(net.replace("relu", "gelu"))).changes[0].kind == "changed"


# Revisions.


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "nets").mkdir()
    blocks = "layer unit(n: int) { conv2d(n, 3x3, padding=same) -> relu() }"
    net = 'from "blocks" import unit\nnetwork net { input x: 3x8x8  unit(8) -> unit(16) }'
    (tmp_path / "nets" / "blocks.incept").write_text(blocks, encoding="utf-8")
    (tmp_path / "nets" / "net.incept").write_text(net, encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "first")
    return tmp_path


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def test_a_revision_has_its_own_imports(repository: Path) -> None:
    assert run("diff", "HEAD:nets/net.incept", "nets/net.incept").exit_code == 0
    blocks = repository / "nets" / "blocks.incept"
    blocks.write_text(blocks.read_text().replace("3x3", "5x5"), encoding="utf-8")
    done = run("diff", "HEAD:nets/net.incept", "nets/net.incept")
    assert done.exit_code == 1, done.stderr
    assert "in unit, 2 uses\n  ~ conv2d  kernel 3x3 -> 5x5\n" in done.stdout
    back = run("diff", "nets/net.incept", "HEAD:./nets/net.incept:net")
    assert "kernel 5x5 -> 3x3" in back.stdout


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("HEAD~5:nets/net.incept", "git knows no revision `HEAD~5`"),
        ("HEAD:nets/other.incept", "no spec `HEAD:nets/other.incept` in that revision"),
        ("HEAD:../../etc/passwd", "leads out of the repository"),
        ("--upload-pack=x:nets/net.incept", "No such option"),
        ("HEAD:", "neither a file nor REV:PATH"),
        (":nets/net.incept", "neither a file nor REV:PATH"),
    ],
)
def test_a_revision_that_is_not_there_is_refused(repository: Path, place: str, reason: str) -> None:
    done = run("diff", place, "nets/net.incept")
    assert done.exit_code == 2
    assert reason in done.stderr


def test_an_error_in_a_revision_is_shown_under_its_name(repository: Path) -> None:
    (repository / "nets" / "net.incept").write_text("network net { input x: }", encoding="utf-8")
    git("-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-a", "-m", "broken")
    done = run("diff", "HEAD:nets/net.incept", "HEAD~1:nets/net.incept")
    assert done.exit_code == 2
    assert "--> HEAD:nets/net.incept:1:" in done.stderr


def test_outside_of_a_repository_a_revision_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    done = run("diff", "HEAD:net.incept", "googlenet")
    assert done.exit_code == 2
    assert "git has no repository in this folder" in done.stderr


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(TypeError, match="load it first, load\\('lenet5'\\)"):
        idsl.load("lenet5").diff("lenet5")  # type: ignore[arg-type]


def test_one_operation_gives_another_shape() -> None:
    spec = "network n { input x: 8x8x8  conv2d(4, 1x1)  relu() }"
    found = idsl.load(spec).diff(idsl.load(spec.replace("(4", "(5")))
    assert "1 operation that was not changed gives another shape" in found.text()


def test_without_git_a_revision_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent / "nowhere"))
    done = run("diff", "HEAD:net.incept", "googlenet")
    assert done.exit_code == 2
    assert "needs git" in done.stderr


def test_what_is_said_of_a_figure_that_is_not_drawn_is_refused() -> None:
    done = run("diff", "resnet50", "resnet152", "--theme", "dark")
    assert done.exit_code == 2
    assert "`--theme` is for a figure: add `-o FILE`" in done.stderr


ROUNDS = """
block unit(n: int) { conv2d(n, 1x1)  relu() }
module pair(n: int) { concat { branch unit(n) branch unit(n) -> conv2d(n, 3x3, padding=same) } }
network net { input x: 8x8x8  repeat 4 { pair(4) } }
"""


def shapes(spec: str, other: str) -> list[tuple[str, str, str]]:
    """Path, role and first words of each box of a difference's figure, of both sides."""
    scene = idsl.load(spec).diff(idsl.load(other)).figure()
    return [(each.path, each.role, each.texts[0].text) for each in scene.shapes() if each.texts]


def test_rounds_that_changed_alike_are_drawn_once_and_spare_ones_as_added() -> None:
    found = shapes(ROUNDS, ROUNDS.replace("repeat 4", "repeat 6").replace("3x3", "5x5"))
    pairs = [shape for shape in found if shape[0].endswith(".pair")]
    assert pairs == [
        ("repeat.0.pair", "same", "pair(4) × 4"),
        ("repeat.0.pair", "same", "pair(4) × 4"),
        ("repeat.4.pair", "added", "pair(4) × 2"),
    ]
    changed = [path for path, role, _ in found if role == "changed"]
    assert changed == ["repeat.0.pair.branch_2.conv2d"] * 2


def test_all_that_is_in_a_new_branch_is_drawn_as_added() -> None:
    branch = "branch max_pool(3x3, stride=1, padding=same) -> unit(n)"
    found = shapes(ROUNDS, ROUNDS.replace("concat {", f"concat {{ {branch}"))
    added = [path for path, role, _ in found if role == "added"]
    rounds = [f"repeat.{each}.pair.branch_1" for each in (0, 1)]  # the others are as the second
    assert added == [f"{path}.{name}" for path in rounds for name in ("max_pool", "unit")]


@pytest.mark.parametrize("count", ["count", "i in 0..count"])
def test_rounds_that_follow_from_an_argument_are_not_said_again(count: str) -> None:
    spec = (
        f"block several(count: int) {{ repeat {count} {{ conv2d(8, 1x1) }} }} "
        "network net { input x: 8x8x8  several(3) }"
    )
    found = idsl.load(spec).diff(idsl.load(spec.replace("(3)", "(5)")))
    assert [change.values[0].name for change in found.changes] == ["count"]
    literal = spec.replace(f"repeat {count}", "repeat 3")
    other = literal.replace("(3)", "(5)").replace("repeat 3", "repeat 5")
    changes = idsl.load(literal).diff(idsl.load(other)).changes
    assert [change.values[0].name for change in changes] == ["count", "rounds"]
