"""Errors about shapes: what set them, in which uses, what is offered, and what stays silent."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from inception_dsl import examine, load
from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.fixes import apply_edits
from inception_dsl.diagnostics.text import render_text
from inception_dsl.ir.op import Op
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops import operation, operation_names
from inception_dsl.shipped import shipped_folder

pytestmark = pytest.mark.text

FIXTURES = sorted((Path(__file__).parent / "errors").glob("E0[2345]*.incept"))


def errors(path: Path) -> list[Diagnostic]:
    return [record for record in examine(path)[1] if record.severity == "error"]


def found(tmp_path: Path, text: str) -> list[Diagnostic]:
    path = tmp_path / "spec.incept"
    path.write_text(text, encoding="utf-8")
    return errors(path)


def only(tmp_path: Path, text: str) -> Diagnostic:
    records = found(tmp_path, text)
    assert len(records) == 1, render_text(records)
    return records[0]


def labels(record: Diagnostic) -> dict[str, str]:
    """The words under each piece of the text."""
    return {label.span.text: label.message for label in record.labels}


def network(body: str, input: str = "3x35x35", before: str = "") -> str:
    return f"{before}network tiny {{\n    input image: {input}\n{body}\n}}\n"


MODULE = """\
module inception_a(pool: int) {
    concat {
        branch conv2d(64, 1x1)
        branch conv2d(48, 1x1) -> conv2d(64, 3x3, stride=2, padding=same) -> relu()
        branch max_pool(3x3, stride=1, padding=same) -> conv2d(pool, 1x1)
    }
}

"""


class TestFixes:
    """A fix that is offered was tried, so it makes its fault go away and brings no other."""

    @pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
    def test_carrying_out_a_fix_removes_its_fault(self, path: Path, tmp_path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        before = errors(path)
        for record in before:
            if not record.fix or any(e.span.source.name != str(path) for e in record.fix):
                continue
            mended = tmp_path / path.name
            mended.write_text(apply_edits(text, record.fix), encoding="utf-8")
            after = errors(mended)
            said = f"{record.help}\n{mended.read_text()}\n{render_text(after)}"
            faults = [(r.code, r.message) for r in after]
            assert (record.code, record.message) not in faults, said
            assert len(after) <= len(before), said

    @pytest.mark.parametrize("code", ["E0401", "E0402", "E0403", "E0404", "E0405", "E0406"])
    def test_the_shape_errors_have_fixes(self, code: str) -> None:
        records = [r for path in FIXTURES if path.stem.startswith(code) for r in errors(path)]
        assert any(record.fix for record in records if record.code == code)

    def test_a_stride_that_one_branch_has_alone(self, tmp_path: Path) -> None:
        record = only(tmp_path, network("    inception_a(32)", before=MODULE))
        assert record.help == (
            "use `stride=1` in `conv2d(64, 3x3, stride=2, padding=same)`, or declare "
            "`inception_a` a `reduction` and use `stride=2` in every branch that ends on 35x35"
        )
        assert [(edit.span.text, edit.text) for edit in record.fix] == [("2", "1")]

    def test_nothing_is_offered_that_does_not_work(self, tmp_path: Path) -> None:
        body = """    add {
        branch conv2d(8, 1x1)
        branch conv2d(8, 4x4, stride=3) -> upsample(2)
    }"""
        record = only(tmp_path, network(body))
        assert record.fix == () or "projection" in (record.help or "")

    def test_a_note_is_mended_in_the_notation_of_its_author(self, tmp_path: Path) -> None:
        for note, mended in (
            (": 8x35x35", ": 8x33x33"),
            (": _x35x_", ": _x33x_"),
            (": [8, 35, _]", ": [8, 33, _]"),
            (": [8]", ": [8, 33, 33]"),
            (": 8", ": 8x33x33"),
        ):
            text = network(f"    conv2d(8, 3x3)  {note}")
            record = only(tmp_path, text)
            assert apply_edits(text, record.fix) == text.replace(note, mended)


class TestOrigins:
    """The operation that set an axis is shown, with the sum when the number was derived."""

    def test_the_nearest_operation_upstream_and_its_sum(self, tmp_path: Path) -> None:
        record = only(tmp_path, network("    inception_a(32)", before=MODULE))
        assert labels(record) == {
            "conv2d(64, 1x1)": "64x35x35",
            "conv2d(64, 3x3, stride=2, padding=same)": "ceil(35 / 2) = 18",
            "relu()": "64x18x18",
        }

    def test_through_a_layer_the_label_stands_at_its_use(self, tmp_path: Path) -> None:
        layer = (
            "layer conv(n: int, k: size, s: size) { conv2d(n, k, stride=s) batch_norm() relu() }\n"
        )
        body = "    concat { branch conv(8, 1x1, 1) branch conv(8, 5x5, 3) -> relu() }"
        record = only(tmp_path, network(body, before=layer))
        assert labels(record)["conv(8, 5x5, 3)"] == "floor((35 - 5) / 3) + 1 = 11"

    def test_axes_that_differ_have_a_sum_each(self, tmp_path: Path) -> None:
        body = "    concat { branch relu() branch conv2d(8, 3x5, stride=1x2) }"
        record = only(tmp_path, network(body))
        said = labels(record)["conv2d(8, 3x5, stride=1x2)"]
        assert said == "8x33x16: 35 - 3 + 1 = 33, floor((35 - 5) / 2) + 1 = 16"

    def test_channels_stop_at_a_concat_and_list_its_operands(self, tmp_path: Path) -> None:
        body = """    concat { branch conv2d(64, 1x1) branch conv2d(33, 1x1) }
    relu() -> max_pool(3x3, stride=2)
    conv2d(64, 3x3, groups=2)"""
        record = only(tmp_path, network(body))
        assert (record.code, labels(record)) == ("E0405", {"concat": "64 + 33 = 97"})

    def test_the_input_is_an_origin_too(self, tmp_path: Path) -> None:
        record = only(tmp_path, network("    relu()\n    conv2d(8, 9x9)", input="3x8x8"))
        assert labels(record) == {"input image: 3x8x8": "the input: 8x8"}

    def test_every_sum_gives_the_extent_it_stands_for(self) -> None:
        seen = 0
        for name in operation_names():
            op_type = operation(name)
            assert op_type is not None
            for example in op_type.EXAMPLES:
                shapes = (example.inputs,) if isinstance(example.inputs, str) else example.inputs
                maps = [_map(shape) for shape in shapes]
                op = _op(example.text, shapes)
                for axis, extent in enumerate(_map(example.output).dims):
                    sum = op.derivation(axis, *maps)
                    if sum is None:
                        assert any(axis < len(m.dims) and m.dims[axis] == extent for m in maps)
                    elif sum:
                        seen += 1
                        names = {"ceil": math.ceil, "floor": math.floor, "__builtins__": {}}
                        assert eval(sum, names) == extent, example.text  # noqa: S307  sums of ours
        assert seen > 100


def _map(text: str) -> FeatureMap:
    channels, *grid = map(int, text.split("x"))
    return FeatureMap(channels, tuple(grid))


def _op(text: str, shapes: tuple[str, ...]) -> Op:
    """The operation of an example, as a spec makes it."""
    combination = operation(text)
    if combination:
        return combination()
    graph = load(f"network tiny {{ input image: {shapes[0]} {text} }}").graph.graph
    return graph[graph.output].op


class TestUses:
    """A definition that is wrong is wrong once, however often it is used."""

    def test_the_use_is_named_with_its_arguments_and_the_others_are_counted(
        self, tmp_path: Path
    ) -> None:
        uses = "    inception_a(32)\n    inception_a(64)\n    relu()\n    inception_a(96)"
        record = only(tmp_path, network(uses, before=MODULE))
        use, others = record.notes
        assert use.message == (
            f"in: module `inception_a`, called at {tmp_path / 'spec.incept'}:11:5 with pool=32"
        )
        assert others.message == "the same in 2 more uses of module `inception_a`"

    def test_the_rounds_of_a_repeat_are_one_use(self, tmp_path: Path) -> None:
        record = only(tmp_path, network("    repeat 9 { inception_a(32) }", before=MODULE))
        assert not any("more use" in note.message for note in record.notes)

    def test_a_value_out_of_range_is_shown_where_it_was_written(self, tmp_path: Path) -> None:
        layer = "layer conv(n: int) { conv2d(n, 1x1) relu() }\n"
        block = "block two(n: int) { conv(n) conv(2 * n) }\n"
        record = only(tmp_path, network("    two(0)", before=layer + block))
        assert (record.code, record.span.text) == ("E0305", "0")


class TestConsequences:
    """What follows from a wrong note goes away with it, and is not reported."""

    BODY = """    conv2d(8, 3x3, stride=2, padding=same)   : 8x{a}x{a}
    conv2d(16, 3x3, padding=same)            : 16x{b}x{b}
    max_pool(2x2)                            : 16x{c}x{c}
    conv2d(16, 5x5)                          : 16x{d}x{d}"""

    def lines(self, tmp_path: Path, **extents: int) -> list[int]:
        text = network(self.BODY.format(**extents), input="3x64x64")
        return [record.span.first.line for record in found(tmp_path, text)]

    def test_a_stride_too_many_is_one_error(self, tmp_path: Path) -> None:
        assert self.lines(tmp_path, a=64, b=64, c=32, d=28) == [3]

    def test_a_slip_in_one_note_is_one_error(self, tmp_path: Path) -> None:
        assert self.lines(tmp_path, a=33, b=32, c=16, d=12) == [3]

    def test_two_slips_with_a_right_note_between_are_two(self, tmp_path: Path) -> None:
        assert self.lines(tmp_path, a=33, b=32, c=17, d=12) == [3, 5]

    def test_a_window_that_fits_what_the_note_says(self, tmp_path: Path) -> None:
        body = "    max_pool(2x2)  : 3x8x8\n    conv2d(8, 7x7)\n    conv2d(8, 9x9)"
        records = found(tmp_path, network(body, input="3x8x8"))
        assert [record.code for record in records] == ["E0407", "E0404"]
        assert records[1].span.text == "9x9"


SLIPS = [
    ("inception_v3", "conv(192, 3x3, padding=valid)", "conv(192, 3x3)", "E0407"),
    ("inception_v3", "-> conv(96, 3x3) -> conv(96, 3x3)\n",
     "-> conv(96, 3x3, stride=2) -> conv(96, 3x3)\n", "E0402"),
    ("inception_v3", "conv(448, 1x1) -> conv(384, 3x3)",
     "conv(448, 1x1) -> conv(384, 4x4)", "E0408"),
    ("inception_v3", "reduction reduction_b()", "module reduction_b()", "E0502"),
    ("googlenet", "branch conv(reduce5x5, 1x1) ->", "branch conv(1x1) ->", "E0302"),
    ("nasnet_a_mobile", "conv2d(32, 3x3, stride=2, bias", "conv2d(32, 3x3, bias", "E0407"),
    ("resnet50", "bottlenecks(128, 4)", "bottlenecks(128, 4, stride=1)", "E0407"),
    ("mobilenet_v2", "{ conv(t * input", "{ cnv(t * input", "E0201"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "right", "wrong", "code"), SLIPS)
def test_one_slip_in_a_shipped_spec_is_one_error(
    spec: str, right: str, wrong: str, code: str, tmp_path: Path
) -> None:
    text = (shipped_folder() / f"{spec}.incept").read_text(encoding="utf-8")
    assert right in text
    record = only(tmp_path, text.replace(right, wrong, 1))
    assert record.code == code
