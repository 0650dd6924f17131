"""`incept draw`: what each option does to the file, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import inception_dsl as idsl
from inception_dsl.cli.main import incept

pytestmark = pytest.mark.text

SVG = "{http://www.w3.org/2000/svg}"


def draw(*arguments: object) -> Result:
    return CliRunner().invoke(incept, ["draw", *map(str, arguments)])


def drawn(tmp_path: Path, *arguments: object) -> ElementTree.Element:
    result = draw(*arguments, "-o", tmp_path / "x.svg")
    assert result.exit_code == 0, result.stderr
    return ElementTree.parse(tmp_path / "x.svg").getroot()


def words(figure: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in figure.iter(f"{SVG}text")]


def paths(figure: ElementTree.Element) -> set[str]:
    return {group.get("data-path", "") for group in figure.iter(f"{SVG}g")} - {""}


def test_a_network_is_folded_to_its_modules(tmp_path: Path) -> None:
    figure = drawn(tmp_path, "inception_v4")
    assert {"stem_v4", "repeat.0.inception_a", "reduction_a", "head"} <= paths(figure)
    assert not any("concat" in path for path in paths(figure))
    assert [word for word in words(figure) if "()" in word and "×" in word] == [
        "inception_a() × 4",
        "inception_b() × 7",
        "inception_c() × 3",
    ]


def test_equal_neighbours_are_one_box_that_names_them(tmp_path: Path) -> None:
    figure = drawn(tmp_path, "inception_v3")
    assert "mixed_6c, mixed_6d" in words(figure)
    assert "inception_b(160) × 2" in words(figure)
    assert "mixed_6d" not in paths(figure)
    opened = paths(drawn(tmp_path, "inception_v3", "--expand", "mixed_6d"))
    assert {"mixed_6c", "mixed_6d"} <= opened
    assert "mixed_6d.concat" in opened
    assert "mixed_6c.concat" not in opened


def test_one_module_alone(tmp_path: Path) -> None:
    by_name = drawn(tmp_path, "inception_v3", "--module", "inception_a")
    by_path = drawn(tmp_path, "inception_v3", "--module", "mixed_5b")
    assert words(by_name) == words(by_path)
    assert "input" in words(by_name)
    inside = {path for path in paths(by_name) if path.startswith("mixed_5b.")}
    region = next(
        region
        for region in idsl.load("inception_v3").graph.graph.root.walk()
        if region.path == "mixed_5b"
    )
    layers = [inner.path for inner in region.walk() if inner.role == "layer"]
    assert set(layers) <= inside


@pytest.mark.parametrize(
    ("name", "near"), [("inceptoin_a", "inception_a"), ("mixd_5b", "mixed_5b")]
)
def test_an_unknown_module_is_refused_with_the_nearest(
    tmp_path: Path, name: str, near: str
) -> None:
    result = draw("inception_v3", "--module", name, "-o", tmp_path / "x.svg")
    assert result.exit_code == 2
    assert name in result.stderr
    assert near in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_box_says_what_was_asked_for(tmp_path: Path) -> None:
    net = idsl.load("googlenet")
    figure = words(drawn(tmp_path, "googlenet", "--show", "macs,rf", "--no-caption"))
    assert not [word for word in figure if "params" in word or "192×28×28" in word]
    field = net.receptive_fields["inception_3a.concat"].size
    assert [word for word in figure if f"sees {field[0]}×{field[1]}" in word]
    assert [word for word in figure if "128 M macs" in word]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_themes_and_directions_say_the_same(tmp_path: Path, theme: str, direction: str) -> None:
    asked = ("googlenet", "--theme", theme, "--direction", direction)
    figure, plain = drawn(tmp_path, *asked), drawn(tmp_path, "googlenet")
    assert words(figure) == words(plain)
    wide = [float((root.get("viewBox") or "").split()[2]) for root in (figure, plain)]
    assert (wide[0] > 2 * wide[1]) == (direction == "LR")


def test_blanks_between_facts_say_nothing(tmp_path: Path) -> None:
    spaced, plain = (
        words(drawn(tmp_path, "googlenet", "--show", show)) for show in ("macs, rf", "macs,rf")
    )
    assert spaced == plain


def test_heat_has_a_scale_instead_of_roles(tmp_path: Path) -> None:
    figure = words(drawn(tmp_path, "inception_v3", "--heat", "macs"))
    assert "share of all multiply-adds" in figure
    assert "module" not in figure
    assert "module" in words(drawn(tmp_path, "inception_v3"))


def test_what_stands_below_can_be_left_out(tmp_path: Path) -> None:
    figure = words(drawn(tmp_path, "googlenet", "--no-caption", "--no-legend"))
    assert "module" not in figure
    assert not [word for word in figure if word.endswith("multiply-adds")]


def test_a_width_is_kept(tmp_path: Path) -> None:
    figure = drawn(tmp_path, "inception_v3", "--module", "inception_a", "--width", "3.25in")
    assert float((figure.get("width") or "").removesuffix("pt")) == pytest.approx(3.25 * 72)
    scale = 3.25 * 72 / float((figure.get("viewBox") or "").split()[2])
    sizes = [float(text.get("font-size", 0)) * scale for text in figure.iter(f"{SVG}text")]
    assert min(sizes) >= 5


def test_a_width_with_type_too_small_is_refused(tmp_path: Path) -> None:
    asked = ("inception_v3", "--depth", "1", "--width", "3.25in", "-o", tmp_path / "x.pdf")
    result = draw(*asked)
    assert result.exit_code == 2
    found = re.search(r"smallest type would be ([\d.]+) pt, at least 5 pt .* make it ([\d.]+)in",
                      result.stderr.replace("\n", " "))  # fmt: skip
    assert found
    assert not list(tmp_path.iterdir())
    wider = draw(*asked[:4], f"{found[2]}in", "-o", tmp_path / "x.pdf")
    assert wider.exit_code == 0, wider.stderr
    smaller = draw(*asked, "--smallest-type", f"{float(found[1]) - 0.01}pt")
    assert smaller.exit_code == 0, smaller.stderr


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("--show", "kernle", "kernel"),
        ("--show", "cats", "receptive"),
        ("--heat", "love", "macs"),
        ("--theme", "grey", "print"),
        ("--direction", "up", "LR"),
        ("--width", "3.25", "3.25in"),
        ("--width", "wide", "3.25in"),
        ("--width", "0in", "3.25in"),
    ],
)
def test_what_is_no_choice_is_refused(tmp_path: Path, option: str, value: str, word: str) -> None:
    result = draw("googlenet", option, value, "-o", tmp_path / "x.svg")
    assert result.exit_code == 2
    assert value in result.stderr
    assert word in result.stderr or word == "receptive"
    assert not list(tmp_path.iterdir())


def test_far_too_many_boxes_are_refused_with_a_way_out(tmp_path: Path) -> None:
    spec = tmp_path / "long.incept"
    spec.write_text("network long { input x: 1x1x1 repeat 12000 { relu() } }")
    result = draw(spec, "--depth", "all", "-o", tmp_path / "x.svg")
    assert result.exit_code == 2
    assert "12,002 boxes" in result.stderr
    assert "depth" in result.stderr
    assert draw(spec, "-o", tmp_path / "x.svg").exit_code == 0


def test_python_draws_as_the_command_does(tmp_path: Path) -> None:
    assert draw("googlenet", "-o", tmp_path / "a.svg").exit_code == 0
    net = idsl.load("googlenet")
    net.draw(tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert net._repr_svg_() == (tmp_path / "a.svg").read_text()
    assert net.figure(module="inception")._repr_svg_().startswith("<svg")


def test_a_difference_is_drawn_side_by_side(tmp_path: Path) -> None:
    asked = ["diff", "inception_v3", "--set", "last_pool=max_pool", "-o", str(tmp_path / "x.svg")]
    result = CliRunner().invoke(incept, asked)
    assert result.exit_code == 1, result.stderr
    assert "last_pool" in result.stdout
    figure = ElementTree.parse(tmp_path / "x.svg").getroot()
    changed = {
        group.get("data-path")
        for group in figure.iter(f"{SVG}g")
        if group.get("data-role") == "changed"
    }
    assert changed - {"mixed_7c", None} == {
        "mixed_7c.branch_4.avg_pool",
        "mixed_7c.branch_4.max_pool",
    }
    assert words(figure).count("mixed_7c") == 2
    left, right = (
        float(group.find(f"{SVG}rect").get("x"))  # type: ignore[union-attr,arg-type]
        for group in figure.iter(f"{SVG}g")
        if group.get("data-path") == "mixed_5b"
    )
    assert left < right
    assert "changed" in words(figure)


def test_a_difference_shows_itself(tmp_path: Path) -> None:
    found = idsl.load("googlenet").diff(idsl.load("googlenet", bias=False))
    shown = found._repr_html_()
    assert "<svg" in shown
    assert "bias true -&gt; false" in shown
    found.draw(tmp_path / "x.html")
    assert "bias true -&gt; false" in (tmp_path / "x.html").read_text()
    same = idsl.load("googlenet").diff(idsl.load("googlenet"))
    assert not same
    assert "no difference" in same._repr_html_()


def test_a_difference_that_cannot_be_drawn_is_refused_whole(tmp_path: Path) -> None:
    asked = ["diff", "googlenet", "--set", "bias=false", "-o", str(tmp_path / "x.gif")]
    result = CliRunner().invoke(incept, asked)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert ".gif" in result.stderr
    assert not list(tmp_path.iterdir())
