"""The interactive page in a browser: it folds, is found, is read aloud, and draws as figures do."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import inception_dsl as idsl
from inception_dsl.backends.figure.options import FigureOptions
from inception_dsl.backends.html import page
from inception_dsl.ir.regions import Region
from inception_dsl.shipped import shipped_specs
from tests.test_html import hostile_source

CHROMIUM = shutil.which("chromium")
FOLDED = FigureOptions()
SHOWN = ["googlenet", "inception_v3", "nasnet_a_mobile", "inception_resnet_v2"]

GEOMETRY = """() => {
  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const shown = (selector) =>
    [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  const parts = shown("#figure [data-part]").map((element) => ({
    part: Number(element.dataset.part), box: box(element), closed: !element.querySelector("ul"),
    within: Number(element.parentElement.closest("[data-part]")?.dataset.part ?? -1),
  }));
  const at = (picture, point) => {
    const { x, y } = new DOMPoint(point.x, point.y).matrixTransform(picture.getScreenCTM());
    return [x, y];
  };
  const lines = shown("#world .route").map((line) => {
    const length = line.getTotalLength();
    const points = Array.from({ length: 41 }, (_, n) =>
      at(line, line.getPointAtLength(length * n / 40)));
    const owner = line.closest("li")?.dataset.part ?? -1;
    return { from: line.dataset.from, to: line.dataset.to, within: Number(owner), points };
  });
  return { parts, lines };
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, as Debian packages it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens a page from disk, without a network; whatever the page complains of is a failure."""
    complaints: list[str] = []
    contexts = []

    def visit(
        spec: Any, options: FigureOptions = FOLDED, **settings: Any
    ) -> tuple[Any, dict[str, Any]]:
        text = page(idsl.load(spec).graph, options)
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        context = browser.new_context(
            **{"viewport": {"width": 1400, "height": 900}, "reduced_motion": "reduce"} | settings
        )
        contexts.append(context)
        context.set_offline(True)
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url))
        asked: list[str] = []
        tab.goto(file.as_uri())
        tab.wait_for_selector("#figure .part")
        assert asked == [file.as_uri()]
        data = re.search(r'id="data">(.*?)</script>', text)
        assert data is not None
        return tab, json.loads(data[1])

    yield visit
    for context in contexts:
        context.close()
    assert not complaints


def numbered(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts in the order in which the page counts them."""
    found: list[dict[str, Any]] = []

    def add(body: dict[str, Any]) -> None:
        for part in body["items"]:
            found.append(part)
            if "body" in part:
                add(part["body"])

    add(data["root"])
    return found


def part_at(tab: Any, data: dict[str, Any], path: str) -> Any:
    """The element of the part with a path."""
    paths = [part["path"] for part in numbered(data)]
    return tab.locator(f'[data-part="{paths.index(path)}"][role=treeitem]')


def focused(tab: Any, data: dict[str, Any]) -> str:
    number = tab.evaluate("document.activeElement.dataset.part")
    return str(numbered(data)[int(number)]["path"]) if number else ""


def test_a_click_unfolds_and_folds(visit: Any) -> None:
    tab, data = visit("googlenet")
    module = part_at(tab, data, "inception_3a")
    assert module.get_attribute("aria-expanded") == "false"
    assert module.locator("[role=treeitem]").count() == 0, "what is closed is not built"
    module.locator(".label").click()
    assert module.get_attribute("aria-expanded") == "true"
    assert module.locator("[role=treeitem]:visible").count() == 8
    module.locator(".label").first.click()
    assert module.get_attribute("aria-expanded") == "false"
    assert module.locator("[role=treeitem]:visible").count() == 0


def test_keys_walk_the_tree(visit: Any) -> None:
    tab, data = visit("googlenet")
    part_at(tab, data, "image").focus()
    walked = []
    for key in ("ArrowDown", "ArrowDown", "Enter", "ArrowRight", "ArrowDown", "ArrowLeft"):
        tab.keyboard.press(key)
        walked.append(focused(tab, data))
    first = "inception_3a.branch_1.conv_relu"
    second = "inception_3a.branch_2.conv_relu"
    assert walked == ["stem", "inception_3a", "inception_3a", first, second, "inception_3a"]
    tab.keyboard.press("ArrowLeft")
    assert part_at(tab, data, "inception_3a").get_attribute("aria-expanded") == "false"
    tab.keyboard.press("End")
    assert focused(tab, data) == "head"
    tab.keyboard.press("Home")
    assert focused(tab, data) == "image"
    assert tab.locator("[role=treeitem][tabindex='0']").count() == 1, "Tab stops once in the tree"


def test_a_part_that_disappears_gives_its_focus_to_what_hides_it(visit: Any) -> None:
    tab, data = visit("googlenet", FigureOptions(depth=1))
    part_at(tab, data, "inception_3a.concat").focus()
    tab.click("#fold-all")
    assert tab.locator("[role=treeitem][tabindex='0']").get_attribute("data-part") == part_at(
        tab, data, "inception_3a"
    ).get_attribute("data-part")


@pytest.mark.parametrize("name", SHOWN)
def test_branches_stand_from_left_to_right_as_in_the_spec(visit: Any, name: str) -> None:
    tab, data = visit(name)
    tab.click("#unfold-all")
    paths = [part["path"] for part in numbered(data)]
    boxes = {paths[each["part"]]: each["box"] for each in tab.evaluate(GEOMETRY)["parts"]}
    compared = 0
    for region in idsl.load(name).graph.graph.root.walk():
        for branches in joined(region):
            drawn = [[boxes[path] for path in each.nodes() if path in boxes] for each in branches]
            for left, right in itertools.pairwise(map(around, filter(None, drawn))):
                if left[3] > right[1]:  # a branch that reads another one stands below it
                    compared += 1
                    assert left[2] < right[0], region.path
    assert compared > 10


def around(boxes: list[list[float]]) -> list[float]:
    """The box around some boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return [min(left), min(top), max(right), max(bottom)]


def joined(region: Region) -> Iterator[list[Region]]:
    """The branches of each combination in a region's own body."""
    branches: list[Region] = []
    for child in region.children:
        if isinstance(child, Region) and child.kind == "branch":
            branches.append(child)
        elif branches:
            yield branches
            branches = []


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("name", [*SHOWN, "xception"])
def test_boxes_and_lines_keep_apart(visit: Any, name: str, direction: Any) -> None:
    tab, _ = visit(name, FigureOptions(direction=direction))
    tab.click("#unfold-all")
    keep_apart(tab)
    tab.select_option("#depth", "1")
    keep_apart(tab)
    tab.click("#fold-all")
    keep_apart(tab)


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("name", SHOWN)
def test_an_arrow_leads_to_every_box(visit: Any, name: str, direction: Any) -> None:
    tab, _ = visit(name, FigureOptions(depth=1, direction=direction))
    without = """() => {
      const shown = (selector) =>
        [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
      const led = new Set(shown("#world .head").map((head) => head.dataset.to));
      const boxes = shown("#figure .part:not(.open):not(.role-input)");
      return boxes.map((box) => box.dataset.part).filter((number) => !led.has(number));
    }"""
    assert tab.evaluate(without) == []


def test_the_legend_says_only_what_is_shown(visit: Any) -> None:
    tab, _ = visit("inception_resnet_v2", FigureOptions(module="inception_resnet_a"))
    said = tab.locator("#legend li").all_inner_texts()
    assert said == ["convolution", "other operation", "concat, add"]


def keep_apart(tab: Any) -> None:
    """No two boxes overlap, lines end at their boxes and cross no other."""
    seen = tab.evaluate(GEOMETRY)
    around = {each["part"]: each for each in seen["parts"]}
    bodies: dict[int, list[Any]] = {}
    for each in seen["parts"]:
        bodies.setdefault(each["within"], []).append(each)
        if each["within"] in around:
            assert inside(each["box"], around[each["within"]]["box"])
    for neighbours in bodies.values():
        for one, other in itertools.combinations(neighbours, 2):
            assert not overlap(one["box"], other["box"]), (one, other)
    for line in seen["lines"]:
        start, end = line["points"][0], line["points"][-1]
        if line["from"]:
            assert distance(start, around[int(line["from"])]["box"]) < 2, line
        if line["to"]:
            assert distance(end, around[int(line["to"])]["box"]) < 8, "less an arrow head"
        ends = {line["from"], line["to"]}
        for box in bodies[line["within"]]:
            if str(box["part"]) not in ends:
                assert not any(within(point, box["box"]) for point in line["points"]), line


def inside(box: list[float], outer: list[float]) -> bool:
    (left, top, right, bottom), slack = box, 1.0
    return (
        left > outer[0] - slack
        and top > outer[1] - slack
        and right < outer[2] + slack
        and bottom < outer[3] + slack
    )


def overlap(one: list[float], other: list[float]) -> bool:
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > 0.5
        and min(one[3], other[3]) - max(one[1], other[1]) > 0.5
    )


def within(point: list[float], box: list[float]) -> bool:
    return box[0] + 1 < point[0] < box[2] - 1 and box[1] + 1 < point[1] < box[3] - 1


def distance(point: list[float], box: list[float]) -> float:
    """How far a point is from the outline of a box, or 0 inside."""
    across = max(box[0] - point[0], 0, point[0] - box[2])
    along = max(box[1] - point[1], 0, point[1] - box[3])
    return float(max(across, along))


def test_search_finds_opens_and_goes_on(visit: Any) -> None:
    tab, data = visit("googlenet")
    tab.keyboard.press("/")
    tab.keyboard.type("5x5 conv2d")
    assert tab.text_content("#found") == "9 found", (
        "one in each module; the 5x5 of a head are pools"
    )
    tab.keyboard.press("Enter")
    assert focused(tab, data) == "inception_3a.branch_3.conv_relu_2.conv2d"
    assert "1 of 9" in tab.text_content("#live")
    part_at(tab, data, "inception_3a.branch_3.conv_relu_2.conv2d").press("n")
    assert focused(tab, data).startswith("inception_3b")
    tab.keyboard.press("Shift+N")
    assert focused(tab, data).startswith("inception_3a")
    tab.fill("#search", "no such part")
    assert tab.text_content("#found") == "0 found"


def test_boxes_show_their_lines_and_lines_their_boxes(visit: Any) -> None:
    tab, data = visit("googlenet")
    part_at(tab, data, "inception_4a").hover()
    tab.wait_for_selector(".line.use")
    (used,) = tab.locator(".line.use").all_text_contents()
    assert used.strip().startswith("inception_4a = inception(192,")
    assert "module inception(" in tab.locator(".line.definition").first.text_content()
    tab.locator(".line", has_text="inception_3b = ").hover()
    made = tab.locator("#figure .made")
    assert made.count() == 1
    assert made.get_attribute("data-part") == part_at(tab, data, "inception_3b").get_attribute(
        "data-part"
    )
    tab.locator(".line", has_text="branch max_pool(3x3").hover()
    assert tab.locator("#figure .made").count() == 9, "the boxes around what the line makes"


def test_a_line_of_another_file_is_shown_with_its_file(visit: Any) -> None:
    tab, data = visit("googlenet", FigureOptions(depth=None))
    part_at(tab, data, "inception_3a.branch_1.conv_relu.conv2d").focus()
    assert tab.get_attribute("[role=tab][aria-selected=true]", "id") == "tab-1"
    assert "conv2d(" in tab.locator("#file-1 .line.use").text_content()


def test_the_card_tells_what_is_known(visit: Any) -> None:
    tab, data = visit("googlenet")
    part_at(tab, data, "inception_3a").focus()
    card = tab.inner_text("#card")
    for fact in (
        "Inception module with dimension reduction, figure 2(b).",  # the doc comment
        "192×28×28",
        "256×28×28",
        "163,696",  # (192 + 1) 64 + (192 + 1) 96 + (864 + 1) 128 + ... by hand
        "128,049,152",
    ):
        assert fact in card


def test_wheel_and_drag_keep_what_is_under_the_pointer(visit: Any) -> None:
    tab, data = visit("googlenet")
    box = part_at(tab, data, "inception_3b").bounding_box()
    x, y = box["x"] + 10, box["y"] + 10
    tab.mouse.move(x, y)
    tab.mouse.wheel(0, -300)
    tab.wait_for_function("document.getElementById('zoom').textContent !== '100 %'")
    after = part_at(tab, data, "inception_3b").bounding_box()
    scale = after["width"] / box["width"]
    assert scale > 1.2
    assert abs(after["x"] + 10 * scale - x) < 1
    assert abs(after["y"] + 10 * scale - y) < 1
    tab.mouse.down()
    tab.mouse.move(x + 90, y + 40, steps=5)
    tab.mouse.up()
    moved = part_at(tab, data, "inception_3b").bounding_box()
    assert abs(moved["x"] - after["x"] - 90) < 1
    assert abs(moved["y"] - after["y"] - 40) < 1
    assert part_at(tab, data, "inception_3b").get_attribute("aria-expanded") == "false", "no click"


def test_keys_zoom_and_move(visit: Any) -> None:
    tab, data = visit("googlenet")
    tab.focus("#view")
    before = part_at(tab, data, "image").bounding_box()
    tab.keyboard.press("ArrowDown")
    assert part_at(tab, data, "image").bounding_box()["y"] < before["y"]
    tab.keyboard.press("+")
    assert tab.text_content("#zoom") == "125 %"
    tab.keyboard.press("0")
    head, view = part_at(tab, data, "head").bounding_box(), tab.locator("#view").bounding_box()
    assert view["y"] < head["y"] < head["y"] + head["height"] < view["y"] + view["height"]


def test_it_is_a_tree_for_screen_readers(visit: Any) -> None:
    tab, _ = visit("googlenet", FigureOptions(expand=("inception_3a",)))
    seen = tab.locator("#figure").aria_snapshot()
    assert seen.startswith('- tree "googlenet"')
    module = "inception_3a inception(64, 96, 128, 16, 32, 32), module, 256×28×28, 163,696 params"
    assert f'treeitem "{module}" [expanded]' in seen
    inner = 'treeitem "conv_relu 1×1, 64, branch 1, convolution, 64×28×28, 12,352 params"'
    assert inner in seen
    levels = tab.locator("[role=treeitem][aria-level='2']")
    assert [levels.nth(n).get_attribute("aria-posinset") for n in range(8)] == list("12345678")
    assert levels.first.get_attribute("aria-setsize") == "8"
    for name in ("Search name, path or operation", "Width of the spec", "Zoom in"):
        assert tab.get_by_label(name, exact=True).count() == 1
    unnamed = tab.evaluate(
        "[...document.querySelectorAll('button, select, input, [tabindex]')]"
        ".filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).length"
    )
    assert unnamed == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_and_the_switch(visit: Any, scheme: str) -> None:
    tab, _ = visit("lenet5", color_scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    white, night = "rgb(255, 255, 255)", "rgb(20, 23, 28)"
    assert tab.evaluate(ground) == (night if scheme == "dark" else white)
    tab.click("#theme")
    assert tab.evaluate(ground) == (white if scheme == "dark" else night)
    tab.emulate_media(media="print")
    assert tab.evaluate(ground) == white


def test_heat_colours_what_costs_most(visit: Any) -> None:
    tab, data = visit("googlenet")
    tab.select_option("#colour", "params")
    colour = "(e) => getComputedStyle(e).backgroundColor"
    hottest = part_at(tab, data, "aux2").evaluate(colour)
    assert hottest == "rgb(122, 44, 5)"
    assert part_at(tab, data, "image").evaluate(colour) == "rgb(255, 255, 229)"


def test_text_of_a_spec_runs_nothing(visit: Any) -> None:
    tab, data = visit(hostile_source())
    tab.click("#unfold-all")
    part_at(tab, data, "m").focus()
    assert "<img src=x" in tab.inner_text("#card")
    assert tab.evaluate("typeof evil") == "undefined"
    assert tab.locator("img").count() == 0


@pytest.mark.parametrize("name", shipped_specs())
def test_every_network_opens_all_of_itself(visit: Any, name: str) -> None:
    tab, data = visit(name)
    closed = tab.locator("#figure [data-part]").count()
    tab.click("#unfold-all")
    opened = tab.locator("#figure [data-part]").count()
    assert closed < opened == len(numbered(data))


def test_two_fingers_zoom(visit: Any) -> None:
    tab, data = visit("googlenet", has_touch=True)
    before = part_at(tab, data, "stem").bounding_box()
    fingers = tab.context.new_cdp_session(tab)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (300, 400), (400, 400))
    for step in range(1, 6):
        touch("touchMove", (300 - 10 * step, 400), (400 + 10 * step, 400))
    touch("touchEnd")
    after = part_at(tab, data, "stem").bounding_box()
    assert after["width"] / before["width"] == pytest.approx(2, rel=0.05)


def test_the_spec_and_the_divider_follow_the_keyboard(visit: Any) -> None:
    tab, data = visit("googlenet")
    tab.focus("#file-0 .code")
    for _ in range(42):
        tab.keyboard.press("ArrowDown")
    chosen = tab.get_attribute("#file-0 .code", "aria-activedescendant")
    assert tab.text_content(f"#{chosen}").startswith("    inception_3a = inception(")
    tab.keyboard.press("Enter")
    assert "inception_3a" in tab.text_content("#live")
    assert "made" in part_at(tab, data, "inception_3a").get_attribute("class")
    width = tab.locator("#side").bounding_box()["width"]
    tab.focus("#divider")
    tab.keyboard.press("ArrowRight")
    assert tab.locator("#side").bounding_box()["width"] == pytest.approx(width - 40, abs=1)
