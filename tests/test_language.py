"""What the constructs of the language mean, in the shapes and counts of small networks."""

from __future__ import annotations

import pytest

import inception_dsl as idsl

pytestmark = pytest.mark.text


def network(body: str, *, before: str = "", input: str = "3x8x8", params: str = "") -> idsl.Network:
    return idsl.load(f"{before}\nnetwork n{params} {{ input x: {input}\n{body}\n}}")


def shapes(net: idsl.Network) -> dict[str, str]:
    return {node.path: str(node.out) for node in net.graph.graph}


def operands(net: idsl.Network, path: str) -> tuple[str, ...]:
    return net.graph.graph.operands(path)


class TestExpressions:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("2 + 3 * 4", 14),
            ("(2 + 3) * 4", 20),
            ("7 // 2", 3),
            ("-(-7) // 2 + 1", 4),
            ("7 % 4", 3),
            ("12 / 4", 3),
            ("ceil(2.1)", 3),
            ("floor(2.9)", 2),
            ("round(2.5)", 2),
            ("round(3.5)", 4),
            ("min(4, 9)", 4),
            ("max([4, 9, 2])", 9),
            ("[5, 6, 7][1]", 6),
            ("3x5[1]", 5),
            ("(3x5 * 2)[0]", 6),
            ("(3x5 + 1x2)[1]", 7),
            ("if 2 > 1 then 8 else 9", 8),
            ("if not (1 == 1 and 2 != 2) or false then 8 else 9", 8),
            ("1_000", 1000),
            ("x.channels + x.height * x.width", 67),
            ("input.channels", 3),
        ],
    )
    def test_value(self, text: str, value: int) -> None:
        net = network(f"let n = {text}\nconv2d(n, 1x1)")
        assert net.output == (value, 8, 8)

    def test_axes_are_named_by_rank(self) -> None:
        deep = network("conv3d(x.depth * 100 + x.height * 10 + x.width, 1)", input="1x2x3x4")
        long = network("conv1d(x.length, 1)", input="1x9")
        assert deep.output[0] == 234
        assert long.output[0] == 9


class TestNames:
    def test_a_chain_may_start_from_a_named_tensor(self) -> None:
        net = network("a = conv2d(4, 1x1)\nconv2d(5, 1x1)\na -> conv2d(6, 1x1)")
        assert operands(net, "conv2d_2") == ("a",)
        assert net.output == (6, 8, 8)

    def test_an_alias_makes_its_tensor_the_current_one(self) -> None:
        net = network(
            "a = conv2d(4, 1x1)\nb = conv2d(5, 1x1)\nc = a\nconv2d(6, 1x1)\n"
            "add { branch c -> conv2d(6, 1x1) branch input -> conv2d(6, 1x1) }"
        )
        assert operands(net, "branch_1.conv2d") == ("a",)
        assert operands(net, "branch_2.conv2d") == ("x",)

    def test_tensors_and_values_live_apart(self) -> None:
        net = network("let relu = 5\nrelu = conv2d(relu, 1x1)\nconv2d(relu.channels + 1, 1x1)")
        assert net.output[0] == 6

    def test_if_opens_no_scope(self) -> None:
        net = network(
            "if true { a = conv2d(4, 1x1) } else { a = conv2d(9, 1x1) }\n"
            "relu()\na -> conv2d(a.channels, 1x1)"
        )
        assert net.output[0] == 4

    def test_a_section_opens_no_scope_and_a_stage_names_its_output(self) -> None:
        net = network(
            "stage early { a = conv2d(4, 1x1) relu() }\n"
            "add { branch a -> relu() branch early -> relu() }"
        )
        assert operands(net, "branch_1.relu") == ("early.a",)
        assert operands(net, "branch_2.relu") == ("early.relu",)

    def test_a_repeat_rebinds_what_the_next_round_sees(self) -> None:
        net = network(
            """
            prev = relu()
            cur = conv2d(3, 1x1)
            repeat 3 {
                next = from (prev, cur) -> both()
                prev = cur
                cur = next
            }
            from (prev, cur) -> both()
            """,
            before="block both() on (a, b) { add { branch a -> relu() branch b -> relu() } }",
        )
        rounds = [f"repeat.{i}.next" for i in range(3)]
        assert operands(net, f"{rounds[0]}.branch_1.relu") == ("prev",)
        assert operands(net, f"{rounds[1]}.branch_1.relu") == ("cur",)
        assert operands(net, f"{rounds[2]}.branch_1.relu") == (f"{rounds[0]}.add",)
        assert operands(net, "both.branch_1.relu") == (f"{rounds[1]}.add",)
        assert operands(net, "both.branch_2.relu") == (f"{rounds[2]}.add",)

    def test_a_repeat_rebinds_the_input_of_the_network(self) -> None:
        net = network("repeat 2 { x = x -> conv2d(3, 1x1) }\nx -> relu()")
        assert operands(net, "repeat.1.x") == ("repeat.0.x",)
        assert operands(net, "relu") == ("repeat.1.x",)


class TestControl:
    def test_a_range_excludes_its_end(self) -> None:
        net = network("repeat i in 2..5 { conv2d(10 * i, 1x1) }")
        assert [n.out.channels for n in net.graph.graph] == [3, 20, 30, 40]

    def test_an_empty_range_and_no_rounds_are_the_identity(self) -> None:
        net = network("conv2d(4, 1x1)\nrepeat i in 5..2 { conv2d(i, 1x1) }\nrepeat 0 { relu() }")
        assert net.output == (4, 8, 8)

    def test_branches_may_stand_in_if_and_repeat(self) -> None:
        net = network(
            """
            concat {
                branch conv2d(1, 1x1)
                repeat i in 0..3 {
                    if i % 2 == 0 { branch conv2d(10 + i, 1x1) } else { branch input }
                }
            }
            """
        )
        assert operands(net, "concat") == (
            "branch_1.conv2d",
            "branch_2.conv2d",
            "x",
            "branch_4.conv2d",
        )
        assert net.output[0] == 1 + 10 + 3 + 12

    def test_the_order_of_branches_is_the_order_of_operands(self) -> None:
        net = network(
            "concat { branch conv2d(1, 1x1) branch input branch z = conv2d(2, 1x1) branch input }"
        )
        assert operands(net, "concat") == ("branch_1.conv2d", "x", "z.conv2d", "x")

    def test_add_keeps_both_operands_of_one_tensor(self) -> None:
        net = network(
            "relu()\nadd { branch identity() branch identity() }\nmul { branch input branch input }"
        )
        assert operands(net, "mul") == ("x", "x")

    def test_residual_scales_its_body_and_shortcuts_the_input(self) -> None:
        net = network(
            "residual(scale=0.5) { conv2d(3, 1x1) }\n"
            "residual { conv2d(4, 1x1) } shortcut { conv2d(4, 1x1) }"
        )
        assert operands(net, "add") == ("x", "scale")
        assert operands(net, "scale") == ("residual.conv2d",)
        assert operands(net, "add_2") == ("shortcut.conv2d", "residual_2.conv2d")
        assert "scale_2" not in shapes(net)


class TestOpValues:
    BEFORE = "block apply(pool: op) { pool(3x3) }"

    def test_positional_arguments_fill_what_is_free(self) -> None:
        net = network("apply(conv2d(7))", before=self.BEFORE)
        assert net.output == (7, 6, 6)

    def test_a_keyword_overrides_a_bound_argument(self) -> None:
        before = "block apply(op: op) { op(3x3, stride=1) }"
        assert network("apply(max_pool(stride=3))", before=before).output == (3, 6, 6)

    def test_a_definition_is_a_value_with_its_own_names(self) -> None:
        before = "let width = 5\nlayer mine(k: size) { conv2d(width, k) }" + self.BEFORE
        assert network("apply(mine)", before=before).output == (5, 6, 6)

    def test_identity_does_nothing(self) -> None:
        before = "block apply(op: op = identity) { op() }"
        assert network("apply()", before=before).output == (3, 8, 8)

    def test_a_parameter_hides_an_operation(self) -> None:
        before = "block apply(relu: op) { relu(2x2) }"
        assert network("apply(max_pool)", before=before).output == (3, 4, 4)


class TestSettings:
    TEXT = """
    param wide: bool = false
    param pool: op = avg_pool
    let base = if wide then 20 else 10
    network n(classes: int = base * 2) {
        input x: 3x8x8
        pool(2x2)
        conv2d(base, 1x1)      : 10x4x4
        head { global_avg_pool() -> linear(classes) : [classes] }
        expect params == 40 + 10 * 20 + 20 "by hand"
        expect params(wide=true) == 80 + 20 * 40 + 40 "by hand"
        expect params(classes=5) + macs(classes=5) in 600..700 "by hand"
    }
    """

    def test_figures_speak_of_the_defaults(self) -> None:
        found, diagnostics = idsl.examine(self.TEXT, settings={"wide": True})
        assert found is not None
        assert diagnostics == ()
        assert found.params == 80 + 20 * 40 + 40
        assert [e.found for e in found.expectations] == [260, 920, 40 + 55 + 480 + 50]

    def test_settings_are_values_or_text(self) -> None:
        assert idsl.load(self.TEXT, wide=True).params == idsl.load(self.TEXT, wide="true").params
        pooled = idsl.load(self.TEXT, pool="max_pool", classes="3 * 3")
        assert pooled.graph.graph["max_pool"].out.dims == (3, 4, 4)
        assert pooled.output == (9,)

    def test_a_wrong_figure_is_an_error_that_names_its_source(self) -> None:
        found, diagnostics = idsl.examine(self.TEXT.replace("40 + 10 * 20 + 20", "261"))
        assert found is None
        assert [(d.code, d.span.first.line) for d in diagnostics] == [("E0801", 10)]
        assert "260" in diagnostics[0].message
        assert "by hand" in diagnostics[0].notes[0].message

    def test_load_leaves_figures_alone(self) -> None:
        assert idsl.load(self.TEXT.replace("40 + 10 * 20 + 20", "261")).params == 260

    def test_the_input_can_be_replaced_and_notes_then_rest(self) -> None:
        assert idsl.load(self.TEXT, input=(1, 32, 32)).graph.graph["conv2d"].out.dims == (
            10,
            16,
            16,
        )
        assert idsl.load(self.TEXT, input="3x9x9").input == (3, 9, 9)

    def test_preprocess_and_recipe_are_read(self) -> None:
        net = network(
            """
            relu()
            preprocess {
                size = 8 crop = 0.875 interpolation = bicubic range = [-1, 1] channels = "bgr"
            }
            recipe {
                optimizer = rmsprop(0.9, epsilon=1.0)
                learning_rate = exponential(0.045, decay=0.94, every=2)
            }
            """
        ).graph.graph
        assert net.preprocess == {
            "size": 8,
            "crop": 0.875,
            "interpolation": "bicubic",
            "range": (-1, 1),
            "channels": "bgr",
        }
        assert net.recipe == {
            "optimizer": {"name": "rmsprop", "decay": 0.9, "epsilon": 1.0},
            "learning_rate": {"name": "exponential", "start": 0.045, "decay": 0.94, "every": 2},
        }


class TestHeads:
    def test_an_auxiliary_head_leaves_the_main_path_alone(self) -> None:
        before = "head h(n: int) { global_avg_pool() -> linear(n) }"
        body = "conv2d(4, 1x1)\naux early(weight=0.3) = h(7)\nconv2d(5, 1x1)\nhead { h(9) }"
        net = network(body, before=before)
        (aux,) = net.graph.graph.aux
        assert (aux.name, aux.path, aux.input, aux.output, aux.weight) == (
            "early",
            "early",
            "conv2d",
            "early.linear",
            0.3,
        )
        assert net.params == (3 * 4 + 4) + (4 * 5 + 5) + (5 * 9 + 9)
        assert net.aux_params == 4 * 7 + 7
        assert net.output == (9,)

    def test_a_result_that_nothing_reads_is_no_part_of_the_network(self) -> None:
        found, diagnostics = idsl.examine(
            "network n { input x: 3x8x8\nlost = conv2d(50, 1x1)\nx -> conv2d(2, 1x1) }"
        )
        assert found is not None
        assert [(d.code, d.severity, d.span.first.line) for d in diagnostics] == [
            ("W0104", "warning", 2)
        ]
        assert found.params == 8
        assert "lost" not in shapes(found)


def test_docs_reach_the_graph() -> None:
    text = """## What this file is.

## A useful block.
block b() { relu() }
## The network.
network n { input x: 3x8x8  b() }
"""
    graph = idsl.load(text).graph.graph
    assert graph.doc == "The network."
    (region,) = [r for r in graph.root.walk() if r.definition]
    assert region.doc == "A useful block."


def test_a_definition_may_default_to_earlier_parameters_and_input() -> None:
    before = """block b(n: int, twice: int = 2 * n, own: int = input.channels) {
        concat { branch conv2d(twice, 1x1) branch conv2d(own, 1x1) } }"""
    assert network("b(5)", before=before).output[0] == 13


def test_a_constant_behind_a_definition_may_hold_it() -> None:
    text = "block twice(f: op) { f() f() } let pair = twice(relu)\n"
    assert idsl.examine(text + "network n { input x: 3x8x8 pair() }")[1] == ()
