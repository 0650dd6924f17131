"""Drawings as files: every writer copies the same scene, whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest

import inception_dsl as idsl
from inception_dsl.backends.drawing import (
    FORMATS,
    RenderError,
    TypeTooSmall,
    drawn,
    fitted,
    format_of,
    parse_length,
    write,
)
from inception_dsl.backends.figure.measure import METRICS, text_width
from inception_dsl.backends.figure.metrics import measured
from inception_dsl.backends.figure.scene import Item, Route, Scene, Shape, Style, Text

pytestmark = pytest.mark.text

SVG = "{http://www.w3.org/2000/svg}"
BLUE = Style("#d9ecf9", "#1f77b4", 2.0)
LINE = Style(None, "#505050", dashed=True)
CORNERS = ((50.0, 40.0), (50.0, 70.0), (120.0, 70.0), (120.0, 90.0))

HOSTILE = (
    "<b>x</b>", r"\N \G \L", "&lt;&amp;&#65;", "trailing \\", "]]> </text>", "a\x1b[31mb\x00",
    "{a|b} [c] *", "日本 é ß", "\N{MICROSCOPE} \ud800", "%s {0} $x ~^_#", "\u202eabc שלום",
    "a,,b --c ``d'' \"q\" ?`", r"\input{/etc/passwd} ^^41 \end{tikzpicture}",
)  # fmt: skip


def line(text: str, x: float, y: float, size: float = 9.0, **how: Any) -> Text:
    return Text(text, x, y, size, "#111111", text_width(text, size), **how)


def scene(*items: Item, **how: Any) -> Scene:
    return Scene(**{"width": 200.0, "height": 120.0, "items": items, "name": "a scene"} | how)


@pytest.fixture
def sample() -> Scene:
    """A box, a bar with turned type, a circle, and a line with a corner and an arrow head."""
    return scene(
        Route(CORNERS, "aux", LINE, source="a", target="b"),
        Shape(
            "box", 10, 10, 80, 30, BLUE, 4.0,
            (line("conv 3×3, 64", 50, 22, bold=True), line("1,728 params", 50, 34, 7.0)),
            "stem.conv", "layer", "stem.conv\n1,728 parameters",
        ),
        Shape("bar", 150, 10, 16, 80, BLUE, 2.0, (line("concat", 161, 50, angle=90),), "concat"),
        Shape("circle", 110, 90, 20, 20, Style("#ffe98a", None)),
        line("from here", 10, 110, anchor="start"),
        line("to here", 190, 110, anchor="end"),
        background="#fffff0",
        description="what it shows",
    )  # fmt: skip


def page_of(data: bytes) -> Any:
    return pypdfium2.PdfDocument(data)[0]


# Type


def test_the_widths_are_those_of_the_fonts() -> None:
    assert json.loads(METRICS.read_text(encoding="utf-8")) == measured()


def test_the_widths_are_those_of_helvetica() -> None:
    """Of the metrics that Adobe published, which reportlab has: the SVG asks for that font."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    words = "inception_3a = inception(64, 96, 128) 28×28 ~ÄÖÜß {x} #12%"
    for bold, font in ((False, "Helvetica"), (True, "Helvetica-Bold")):
        assert text_width(words, 10, bold) == pytest.approx(stringWidth(words, font, 10), rel=1e-3)


def test_type_of_other_scripts_has_a_width() -> None:
    assert text_width("日本", 10) == 20
    assert 0 < text_width("\N{DEVANAGARI LETTER KA}", 10) < 10
    assert text_width("e\N{COMBINING ACUTE ACCENT}", 10) == text_width("e", 10)


# SVG


def test_svg_has_the_shapes_and_their_type_in_place(sample: Scene) -> None:
    page = ElementTree.fromstring(drawn(sample, "svg"))
    assert (page.get("width"), page.get("viewBox")) == ("200pt", "0 0 200 120")
    assert page.findtext(f"{SVG}title") == "a scene"
    assert page.findtext(f"{SVG}desc") == "what it shows"
    box, bar, _ = page.findall(f"{SVG}g")
    assert (box.get("class"), box.get("data-path"), box.get("data-role")) == (
        "box", "stem.conv", "layer",
    )  # fmt: skip
    assert box.findtext(f"{SVG}title") == "stem.conv\n1,728 parameters"
    (outline,) = box.findall(f"{SVG}rect")
    assert [outline.get(name) for name in ("x", "y", "width", "height", "rx", "fill")] == [
        "10", "10", "80", "30", "4", "#d9ecf9",
    ]  # fmt: skip
    assert [text.text for text in box.findall(f"{SVG}text")] == ["conv 3×3, 64", "1,728 params"]
    (turned,) = bar.findall(f"{SVG}text")
    assert turned.get("transform") == "rotate(-90 161 50)"
    path, head = page.findall(f"{SVG}path")
    assert path.get("d", "").startswith("M50,40L50,65C")
    assert (path.get("data-source"), path.get("data-target")) == ("a", "b")
    assert head.get("d") == "M120,90 118,85 122,85Z"
    anchors = {text.text: text.get("text-anchor") for text in page.findall(f"{SVG}text")}
    assert anchors == {"from here": "start", "to here": "end"}


def test_svg_keeps_two_spaces_apart(sample: Scene) -> None:
    text = Text("concat  256×28×28", 20, 20, 9, "#000000", 80)
    page = ElementTree.fromstring(drawn(replace(sample, items=(text,)), "svg"))
    (said,) = (element.text for element in page.iter(f"{SVG}text"))
    assert said == "concat\u00a0 256×28×28"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_svg_shows_hostile_text_literally(hostile: str) -> None:
    box = Shape("box", 0, 0, 90, 20, BLUE, 0, (line(hostile, 45, 9),), hostile, hostile, hostile)
    page = ElementTree.fromstring(drawn(scene(box, name=hostile, description=hostile), "svg"))
    shown = re.sub("[\x00\x1b\ud800\u202e]", "\N{REPLACEMENT CHARACTER}", hostile)
    (group,) = page.findall(f"{SVG}g")
    assert group.findtext(f"{SVG}text") == shown
    assert group.findtext(f"{SVG}title") == shown
    assert group.get("data-path") == shown
    assert [page.findtext(f"{SVG}{tag}") for tag in ("title", "desc")] == [shown] * 2


# PDF and PNG


def test_pdf_is_a_page_of_the_scenes_size_with_its_fonts_inside(sample: Scene) -> None:
    data = drawn(sample, "pdf")
    page = page_of(data)
    assert page.get_size() == (200, 120)
    names = re.findall(rb"/BaseFont /(\S+)", data)
    assert sorted(set(names)) == [b"AAAAAA+LiberationSans", b"AAAAAA+LiberationSans-Bold"]
    assert len(re.findall(rb"/FontFile2 ", data)) == 2
    assert len(data) < 100_000  # of two fonts of 400 kB only what is used
    assert page.pdf.get_metadata_value("Title") == "a scene"
    assert not page.pdf.get_metadata_value("Author")


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="poppler is not installed")
def test_poppler_finds_every_font_embedded(sample: Scene, tmp_path: Path) -> None:
    write(sample, tmp_path / "x.pdf")
    found = subprocess.run(
        ["pdffonts", "x.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    fonts = found.stdout.splitlines()[2:]
    assert len(fonts) == 2
    assert all(re.search(r" yes yes yes +\d+ +\d+$", font) for font in fonts), found.stdout


def test_pdf_type_can_be_read_where_it_stands(sample: Scene) -> None:
    words = page_of(drawn(sample, "pdf")).get_textpage()
    for text, within in {
        "conv 3×3, 64": (10, 10, 90, 40),
        "1,728 params": (10, 10, 90, 40),
        "from here": (10, 100, 60, 115),
        "to here": (150, 100, 190.5, 115),
    }.items():
        start, count = words.search(text).get_next()
        boxes = [words.get_charbox(place) for place in range(start, start + count)]
        left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
        top, bottom = 120 - max(box[3] for box in boxes), 120 - min(box[1] for box in boxes)
        assert within[0] <= left < right <= within[2], text
        assert within[1] <= top < bottom <= within[3], text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_pdf_shows_hostile_text_or_a_mark_for_what_its_fonts_lack(hostile: str) -> None:
    data = drawn(scene(line(hostile, 100, 50), name=hostile), "pdf")
    shown = re.sub("[\x00\x1b\ud800\u202e日本\N{MICROSCOPE}]", "□", hostile)
    read = page_of(data).get_textpage().get_text_bounded()
    assert sorted(read.replace(" ", "")) == sorted(shown.replace(" ", ""))


def test_png_has_two_pixels_to_the_point_and_the_colours_of_the_scene(sample: Scene) -> None:
    Image = pytest.importorskip("PIL.Image")  # noqa: N806 - a module with a class's name
    import io

    picture = Image.open(io.BytesIO(drawn(sample, "png")))
    assert picture.size == (400, 240)
    assert picture.getpixel((2, 2)) == (0xFF, 0xFF, 0xF0)
    assert picture.getpixel((2 * 12, 2 * 25)) == (0xD9, 0xEC, 0xF9)
    assert picture.getpixel((2 * 120, 2 * 100)) == (0xFF, 0xE9, 0x8A)
    assert picture.getpixel((2 * 50, 2 * 10)) == (0x1F, 0x77, 0xB4)
    assert round(picture.info["dpi"][0]) == 144
    assert Image.open(io.BytesIO(drawn(sample, "png", 72))).size == (200, 120)


def test_a_figure_that_a_format_cannot_hold_is_refused_with_another(tmp_path: Path) -> None:
    for suffix in ("pdf", "png", "tex"):
        with pytest.raises(RenderError, match=r"depth.*\.svg|\.svg.*depth"):
            write(scene(height=20_000.0, width=3_000.0), tmp_path / f"x.{suffix}")
    assert not list(tmp_path.iterdir())


# TikZ


def compiled(scene: Scene, folder: Path) -> Any:
    """The page that pdflatex makes of a document with only the picture."""
    if not shutil.which("pdflatex"):
        pytest.skip("pdflatex is not installed")
    write(scene, folder / "figure.tex")
    (folder / "paper.tex").write_text(
        r"\documentclass{article}\usepackage{tikz}\pagestyle{empty}\parindent0pt"
        r"\begin{document}\setbox0\hbox{\input{figure.tex}}"
        r"\hoffset-1in\voffset-1in\pdfpagewidth\wd0\pdfpageheight\ht0\shipout\box0"
        r"\end{document}",
        encoding="ascii",
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, done.stdout
    assert "Overfull" not in done.stdout
    assert "Missing character" not in (folder / "paper.log").read_text(errors="replace")
    return page_of((folder / "paper.pdf").read_bytes())


def test_tikz_looks_as_the_pdf_does(sample: Scene, tmp_path: Path) -> None:
    """Nearly all pixels are the same; the type is another cut of the same widths."""
    half = fitted(sample, 100.0, 1.0)
    page = compiled(half, tmp_path)
    assert page.get_size() == pytest.approx((100, 60), abs=0.05)
    ours = page_of(drawn(half, "pdf"))
    first, second = (
        bytes(each.render(scale=4, grayscale=True).buffer)[: 400 * 240] for each in (page, ours)
    )
    differ = sum(abs(a - b) > 64 for a, b in zip(first, second, strict=True))
    assert differ < 0.03 * len(first)


def test_tikz_compiles_with_hostile_text(tmp_path: Path) -> None:
    texts = [line(text, 100, 10 + 12 * place) for place, text in enumerate(HOSTILE)]
    boxes = [Shape("box", 0, 0, 9, 9, BLUE, 0, (), text, text, text) for text in HOSTILE]
    page = compiled(scene(*boxes, *texts, name="\n".join(HOSTILE), height=180.0), tmp_path)
    read = page.get_textpage().get_text_bounded()
    for text in (r"\N \G \L", "&lt;&amp;&#65;", "{a|b} [c] *", r"\input{/etc/passwd}", "%s {0} $x"):
        assert text.replace(" ", "") in read.replace(" ", ""), read
    assert page.get_size()[0] == pytest.approx(200, abs=0.1)


def test_tikz_sets_no_type_wider_than_measured(tmp_path: Path) -> None:
    """The box that was made for a line holds it in LaTeX, too."""
    words = ("inception(64, 96, 128, 16, 32, 32)", "192×28×28 · 163,696 params", "input → output")
    for place, text in enumerate(words):
        folder = tmp_path / str(place)
        folder.mkdir()
        page = compiled(scene(line(text, 100, 50)), folder).get_textpage()
        boxes = [page.get_charbox(each) for each in range(page.count_chars())]
        wide = max(box[2] for box in boxes) - min(box[0] for box in boxes)
        assert wide == pytest.approx(text_width(text, 9), rel=0.04)


# Width


@pytest.mark.parametrize(
    ("text", "points"),
    [("3.25in", 234), ("2.54cm", 72), ("25.4 mm", 72), ("234pt", 234), ("96px", 72), (".5in", 36)],
)
def test_lengths_have_units(text: str, points: float) -> None:
    assert parse_length(text) == pytest.approx(points)


@pytest.mark.parametrize(
    "text", ["3.25", "in", "-3in", "0in", "3 feet", "1e3in", "", "nanin", "٣in"]
)
def test_anything_else_is_no_length(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a number with a unit.*3\.25in"):
        parse_length(text)


@pytest.mark.parametrize("width", ["100pt", "2in", "3.25in", "17cm"])
def test_a_figure_is_exactly_as_wide_as_asked(sample: Scene, width: str) -> None:
    fit = fitted(sample, parse_length(width), 1.0)
    assert page_of(drawn(fit, "pdf")).get_size()[0] == pytest.approx(parse_length(width), abs=0.01)
    shown = ElementTree.fromstring(drawn(fit, "svg")).get("width", "")
    assert parse_length(shown) == pytest.approx(parse_length(width), abs=0.01)
    assert fit.scale <= 1


def test_a_narrow_figure_stands_in_the_middle_of_a_wide_column(sample: Scene) -> None:
    fit = fitted(sample, 300.0)
    assert fit.scale == 1
    box, moved = next(sample.shapes()), next(fit.shapes())
    assert (moved.x, moved.texts[0].x, moved.width) == (box.x + 50, box.texts[0].x + 50, box.width)


def test_type_too_small_is_refused_with_the_width_that_it_needs(sample: Scene) -> None:
    with pytest.raises(TypeTooSmall, match=r"1\.39in .*3\.5 pt, at least 5 pt") as refused:
        fitted(sample, 100.0)
    needed = re.search(r"make it ([\d.]+in) wide", str(refused.value))
    assert needed
    assert fitted(sample, parse_length(needed[1])).smallest_type() >= 5
    assert fitted(sample, 100.0, 3.5).smallest_type() == pytest.approx(3.5)
    with pytest.raises(TypeTooSmall, match="not enlarged"):
        fitted(sample, None, 8.0)
    with pytest.raises(TypeTooSmall, match=r"in no width is it larger than 7 pt, ask for smaller"):
        fitted(sample, 100.0, 8.0)


@pytest.mark.parametrize("length", [0, -4.0, float("nan"), float("inf"), "3.25", ""])
def test_what_is_no_length_is_refused_in_python_too(length: float | str, tmp_path: Path) -> None:
    net = idsl.load("lenet5")
    found = net.diff(idsl.load("lenet5", classes=7))
    for draw in (net.draw, found.draw):
        with pytest.raises(ValueError, match="is no length"):
            draw(tmp_path / "x.svg", width=length)
        with pytest.raises(ValueError, match="is no length"):
            draw(tmp_path / "x.svg", smallest_type=length)
    assert not list(tmp_path.iterdir())


def test_lengths_in_python_may_have_units(tmp_path: Path) -> None:
    net = idsl.load("lenet5")
    for name, draw in {"a": net.draw, "b": net.diff(net).draw}.items():
        draw(tmp_path / f"{name}.svg", width="12in", smallest_type="4pt")
        assert 'width="864pt"' in (tmp_path / f"{name}.svg").read_text()


def test_the_first_line_of_a_tikz_file_can_be_read(sample: Scene) -> None:
    file = drawn(replace(sample, name="n: 3×8×8 → 10"), "tex")
    assert file.startswith(b"% n: 3x8x8 -> 10\n")


# Files


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_scene_gives_the_same_bytes(sample: Scene, format: str, tmp_path: Path) -> None:
    write(sample, tmp_path / f"a.{format}")
    write(sample, tmp_path / f"b.{format.upper()}")
    first, second = (file.read_bytes() for file in sorted(tmp_path.iterdir()))
    assert first == second


@pytest.mark.parametrize(("name", "word"), [("x.gif", r"`\.gif`"), ("x", "no suffix")])
def test_an_unknown_suffix_is_answered_with_the_known_ones(name: str, word: str) -> None:
    with pytest.raises(RenderError, match=rf"{word}.*\.svg, \.pdf, \.png, \.tex"):
        format_of(name)
    assert format_of("x.dot", (*FORMATS, "dot")) == "dot"


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.png").write_bytes(b"old")
    with pytest.raises(RenderError):
        write(scene(width=1e5, height=1e5), tmp_path / "x.png")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"]


def test_svg_and_tikz_are_written_without_the_libraries_of_pdf(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from inception_dsl.backends.drawing import write\n"
        "from inception_dsl.backends.figure.scene import Scene\n"
        "for name in ('x.svg', 'x.tex'): write(Scene(9, 9, ()), name)\n"
        "print([name for name in ('reportlab', 'pypdfium2', 'PIL') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout.strip() == b"[]"
