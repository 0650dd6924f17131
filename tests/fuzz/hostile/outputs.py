"""Every output of a hostile spec held against its twin's: read back by whoever it is meant for."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from inception_dsl.backends.drawing import drawn
from inception_dsl.backends.table import FORMATS, render
from inception_dsl.network import Network
from tests.graphviz_programs import laid_out

__all__ = ["figure_faults", "pdf_faults", "table_faults"]

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = re.compile(r"(\{[^}]*\})?href$")
_LATEX = re.compile(
    r"\\(text[a-z]+|times|quad|enspace|allowbreak|ldots|emph|cdot|rightarrow|ss|ae|AE|oe|OE|o|O|i|l|L)"
    r"(?![a-z])(\{\})?"
    r"|\\symbol\{34\}|\\[`'^~\"vcHu=.r]\{[A-Za-z]\}|\\[{}$&#%_]|\{[-*\[\]]\}|,\{\},"
)
_CAPTION = re.compile(r"\\caption\{(.*)\}( \\\\)?$")
_PLAIN = {"text", "text_special", "strong_open", "strong_close", "em_open", "em_close"}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff]")


def figure_faults(network: Network, twin: Network) -> Iterator[str]:
    """What is wrong with the figure as DOT, laid out by Graphviz, and as our SVG."""
    figure, model = (each.to_graphviz(depth=None) for each in (network, twin))
    if len(figure.body) != len(model.body):
        yield "DOT has other lines"
    pages = [laid_out(each.source, "svg") for each in (figure, model)]
    yield from _svg_faults("Graphviz", *pages)
    yield from _svg_faults("SVG", *(drawn(each.figure(depth=1), "svg") for each in (network, twin)))


def _svg_faults(maker: str, svg: bytes, model: bytes) -> Iterator[str]:
    try:
        page = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        yield f"{maker}: SVG is no XML: {error}"
        return
    if _outline(page) != _outline(ElementTree.fromstring(model)):
        yield f"{maker}: SVG has other elements"
    yield from _active(page)


def _outline(page: ElementTree.Element) -> list[tuple[str, str]]:
    """Groups by what they are; how many lines a label is broken into is left out."""
    groups = (element for element in page.iter(f"{_SVG}g"))
    return sorted((group.tag, group.get("class", "")) for group in groups)


def _active(page: ElementTree.Element) -> Iterator[str]:
    """Scripts, handlers, links out: whatever is more than a drawing."""
    for element in page.iter():
        name = element.tag.rpartition("}")[2].lower()
        if name in ("script", "foreignobject", "iframe", "image", "use", "style", "animate", "set"):
            yield f"SVG has an element <{name}>"
        for attribute, value in element.attrib.items():
            plain = attribute.rpartition("}")[2].lower()
            if plain.startswith("on") or (_HREF.match(attribute) and value):
                yield f"SVG has {plain}={value[:40]!r}"
        for text in (element.text or "", *element.attrib.values()):
            if _CONTROL.search(text.replace("\n", "")):
                yield f"SVG has control characters: {text[:40]!r}"


def pdf_faults(network: Network) -> Iterator[str]:
    """What is wrong with the figure as PDF."""
    page = drawn(network.figure(depth=1), "pdf")
    if not page.startswith(b"%PDF-"):
        yield "no PDF"
    page = re.sub(rb"stream\r?\n.*?endstream", b"", page, flags=re.DOTALL)  # compressed: no words
    for word in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/OpenAction"):
        if word in page:
            yield f"PDF has {word.decode()}"


def table_faults(network: Network, twin: Network) -> Iterator[str]:
    """What is wrong with the tables."""
    pages = {kind: render(network.graph, kind, depth=None) for kind in FORMATS}
    models = {kind: render(twin.graph, kind, depth=None) for kind in FORMATS}
    for kind, page in pages.items():
        if found := _CONTROL.search(page):
            yield f"{kind} has the control character {found[0]!r}"
    yield from _json(pages["json"], network)
    yield from _csv(pages["csv"], models["csv"])
    yield from _markdown(pages["markdown"], models["markdown"])
    yield from _latex(pages["latex"], models["latex"])


def _json(page: str, network: Network) -> Iterator[str]:
    found = json.loads(page.encode("utf-8"))
    graph = network.graph.graph
    if found["name"] != graph.name or [n["path"] for n in found["nodes"]] != [
        n.path for n in graph
    ]:
        yield "JSON has other names"


def _csv(page: str, model: str) -> Iterator[str]:
    rows, wanted = (list(csv.reader(io.StringIO(text))) for text in (page, model))
    if [len(row) for row in rows] != [len(row) for row in wanted]:
        yield "CSV has other cells"
    for cell in (cell for row in rows for cell in row):
        if cell.startswith(("=", "+", "-", "@", "\t", "\r")):
            yield f"a spreadsheet takes {cell[:40]!r} for a formula"


def _markdown(page: str, model: str) -> Iterator[str]:
    found, wanted = map(_tokens, (page, model))
    if [kind for kind, _ in found] != [kind for kind, _ in wanted]:
        yield "Markdown has other cells"
    for _, kinds in found:
        if not kinds <= {
            "text",
            "text_special",
            "strong_open",
            "strong_close",
            "em_open",
            "em_close",
        }:
            yield f"Markdown reads {', '.join(sorted(kinds))}"


def _tokens(page: str) -> list[tuple[str, set[str]]]:
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(page)
    return [(token.type, {child.type for child in token.children or ()}) for token in tokens]


def _latex(page: str, model: str) -> Iterator[str]:
    lines, wanted = page.splitlines(), model.splitlines()
    if len(lines) != len(wanted):
        yield "LaTeX has other lines"
    for line, other in zip(lines, wanted, strict=False):
        if not other.strip().endswith(r"\\") and not _CAPTION.match(other.strip()):
            continue
        line = _CAPTION.sub(r"\1", line.strip())
        for symbol in ("times", "cdot", "rightarrow"):
            line = line.replace(f"$\\{symbol}$", "")
        bare = _LATEX.sub("", line.removesuffix(r"\\"))
        if bare.count("&") != _LATEX.sub("", other).count("&"):
            yield f"LaTeX has other cells: {line[:60]!r}"
        left = bare.replace("$-$", "").replace("{(auxiliary)}", "")
        if set(left) & set("\\{}$#%_^~<>\"'`"):
            yield f"LaTeX takes something for a command: {line[:80]!r}"
