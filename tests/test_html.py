"""The interactive page as text: complete, in one piece, and without a word that could run."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

import inception_dsl as idsl
from inception_dsl.analysis.cost import node_costs
from inception_dsl.analysis.outline import UnknownPart
from inception_dsl.backends.figure.options import FigureOptions
from inception_dsl.backends.html import page
from inception_dsl.backends.html.colors import theme_rules
from inception_dsl.shipped import shipped_folder, shipped_specs
from inception_dsl.source import Source

HOSTILE = "</script><script>evil = 1</script><img src=x onerror='evil = 1'>\" onclick=\"evil = 1"


def hostile_source() -> Source:
    """A spec that holds markup wherever it may hold text of its author's choice."""
    return Source(
        f"{HOSTILE.replace('/', chr(92))}.incept",
        f"""## {HOSTILE}
        ## <!-- ]]> &lt; \N{RIGHT-TO-LEFT OVERRIDE}
        ## {HOSTILE}
        module m() {{ conv2d(4, 3x3, padding=same) -> relu() }}
        network n {{
            input image: 3x8x8
            m()  # {HOSTILE}
            expect params == 112 "{HOSTILE.partition('"')[0]}"
        }}
        """,
    )


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text each begins with."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1][2].append(data)

    def named(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attrs, "".join(text)) for name, attrs, text in self.found if name == tag]


def data_of(text: str) -> dict[str, Any]:
    """What the page's script reads."""
    (data,) = (text for attrs, text in Elements(text).named("script") if attrs.get("id") == "data")
    found: dict[str, Any] = json.loads(data)
    return found


def leaves(body: dict[str, Any], times: int = 1) -> Iterator[tuple[dict[str, Any], int]]:
    """The operations on the page, and how many of each there are."""
    for part in body["items"]:
        framed = part.get("frame")
        inner = times * part.get("times", 1) if framed or "body" not in part else times
        if "body" in part:
            yield from leaves(part["body"], inner)
        else:
            yield part, inner


def all_parts(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in body["items"]:
        yield part
        if "body" in part:
            yield from all_parts(part["body"])


@pytest.mark.parametrize("name", shipped_specs())
def test_the_page_holds_the_whole_network(name: str) -> None:
    checked = idsl.load(name).graph
    text = page(checked)
    assert len(text.encode()) < 1_000_000
    operations = list(leaves(data_of(text)["root"]))
    costs = node_costs(checked).values()
    assert sum(times for _, times in operations) == len(checked.graph)
    for fact in ("params", "buffers", "macs"):
        shown = sum(part.get(fact, 0) * times for part, times in operations)
        assert shown == sum(getattr(cost, fact) for cost in costs)


@pytest.mark.parametrize("name", ["googlenet", "nasnet_a_mobile"])
def test_each_operation_that_is_drawn_once_is_itself(name: str) -> None:
    graph = idsl.load(name).graph.graph
    for part, _ in leaves(data_of(page(idsl.load(name).graph))["root"]):
        node = graph[part["path"]]
        assert part["out"] == str(node.out).replace("x", "×")
        assert part.get("operation") == node.op.name
        assert part["at"][0][1] == node.origin.span.first.line


@pytest.mark.parametrize("name", ["googlenet", "inception_resnet_v2", "lenet5"])
def test_the_spec_stands_on_the_page_word_for_word(name: str) -> None:
    text = page(idsl.load(name).graph)
    names = re.findall(r'role="tab" [^>]*>([^<]*)</button>', text)
    panels = re.findall(r'<div class="code"[^>]*>(.*?)</div></div></div>', text, re.DOTALL)
    assert names[0] == f"{name}.incept"
    for file, panel in zip(names, panels, strict=True):
        lines = re.split(r'<div class="line"[^>]*>', panel)[1:]
        shown = [unescape(re.sub(r"<[^>]*>", "", line)).rstrip() for line in lines]
        written = (shipped_folder() / file).read_text(encoding="utf-8").splitlines()
        assert shown == [line.rstrip() for line in written]


def test_the_page_asks_nothing_of_anyone() -> None:
    elements = Elements(page(idsl.load("googlenet").graph))
    used = {tag for tag, _, _ in elements.found}
    assert not used & {"link", "img", "iframe", "object", "embed", "base", "audio", "video"}
    for _, attrs, texts in elements.found:
        assert not {"src", "href", "action", "style"} & set(attrs)
        assert not any(name.startswith("on") for name in attrs)
        assert not re.search(
            r"url\(|@import|fetch\(|XMLHttpRequest|eval\(|innerHTML", "".join(texts)
        )
    metas = {
        attrs.get("http-equiv"): attrs["content"]
        for attrs, _ in elements.named("meta")
        if "content" in attrs
    }
    policy = metas["Content-Security-Policy"]
    ((_, style),) = elements.named("style")
    (script,) = (text for attrs, text in elements.named("script") if not attrs)
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for text in (style, script):
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, "the policy lets exactly this text run"


def test_text_of_a_spec_is_never_markup() -> None:
    harmless = Elements(page(idsl.load("lenet5").graph))
    text = page(idsl.load(hostile_source()).graph)
    hostile = Elements(text)
    assert {tag for tag, _, _ in hostile.found} <= {tag for tag, _, _ in harmless.found}
    assert len(hostile.named("script")) == 2
    assert not any(name.startswith("on") for _, attrs, _ in hostile.found for name in attrs)
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text, "lines read in the order of their letters"
    data = data_of(text)
    assert HOSTILE in data["definitions"][0]["doc"], "what was written is still there to be read"


def test_the_page_opens_as_a_figure_does() -> None:
    checked = idsl.load("googlenet").graph

    def opened(options: FigureOptions) -> set[str]:
        parts = all_parts(data_of(page(checked, options))["root"])
        return {part["path"] for part in parts if part.get("open") and part.get("frame")}

    assert opened(FigureOptions()) == set()
    assert opened(FigureOptions(expand=("inception_3b",))) == {"inception_3b"}
    modules = {path for path in opened(FigureOptions(depth=1)) if path.startswith("inception")}
    assert len(modules) == 9
    everything = opened(FigureOptions(depth=None))
    assert "inception_3a.branch_2.conv_relu" in everything
    with pytest.raises(UnknownPart, match="inception_3x"):
        page(checked, FigureOptions(expand=("inception_3x",)))


def test_a_round_that_is_opened_opens_the_box_of_all_rounds() -> None:
    checked = idsl.load("inception_resnet_v2").graph
    text = page(checked, FigureOptions(expand=("repeat.3.block35",)))
    parts = {part["path"]: part for part in all_parts(data_of(text)["root"])}
    assert parts["repeat.0.block35"]["open"]
    assert parts["repeat.0.block35"]["times"] == 10
    assert not parts["repeat_2.0.block17"].get("open")


def test_a_module_alone_is_a_page_of_its_own() -> None:
    data = data_of(page(idsl.load("googlenet").graph, FigureOptions(module="inception_4a")))
    paths = [part["path"] for part in all_parts(data["root"])]
    assert "inception_4a.concat" in paths
    assert not any(path.startswith("inception_4b") for path in paths)
    assert data["summary"][0].startswith("inception(192, 96, 208, 16, 48, 64)")


def test_the_theme_follows_the_reader_unless_one_is_asked_for() -> None:
    checked = idsl.load("lenet5").graph
    assert '<html lang="en">' in page(checked)
    for theme in ("dark", "print"):
        asked = FigureOptions(theme=theme)
        assert f'<html lang="en" data-theme="{theme}">' in page(checked, asked)


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 has it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_words_of_the_spec_can_be_read_in_every_theme() -> None:
    words = ("ink", "faint", "keyword", "comment", "string", "number", "type", "function")
    themes = re.findall(r"color-scheme: \w+;([^}]*)}", theme_rules())
    assert len(themes) == 5  # light, dark by the system or by choice, print by choice or on paper
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#\w{6});", theme))
        for word in words:
            low, high = sorted(luminance(colours[name]) for name in (word, "ground"))
            assert (high + 0.05) / (low + 0.05) >= 4.5, word


def test_no_folder_of_this_machine_is_told() -> None:
    assert str(shipped_folder()) not in page(idsl.load("inception_v3").graph)
