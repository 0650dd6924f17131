"""The gallery shows every shipped network, as it is drawn now."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import inception_dsl as idsl
from inception_dsl.backends.drawing.svg import to_svg
from inception_dsl.shipped import shipped_specs

ROOT = Path(__file__).parent.parent
FIGURES = ROOT / "specs" / "figures"
PAGE = ROOT / "specs" / "GALLERY.md"

sys.path.insert(0, str(ROOT / "examples"))

from gallery import figures, page  # noqa: E402


@pytest.fixture(scope="module")
def networks() -> list[idsl.Network]:
    return [idsl.load(name) for name in shipped_specs()]


@pytest.mark.parametrize("name", shipped_specs())
def test_a_figure_is_what_draw_makes_of_the_spec(name: str) -> None:
    network = idsl.load(name)
    for file, path in figures(network).items():
        kept = (FIGURES / file).read_text(encoding="utf-8")
        assert kept == to_svg(network.figure(module=path)), f"{file}: run `make gallery`"


def test_the_page_and_the_folder_have_the_same_figures(networks: list[idsl.Network]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(networks), "run `make gallery`"
    shown = set(re.findall(r'src="figures/([^"]+)"', text))
    assert shown == {file.name for file in FIGURES.iterdir()}
    assert shown >= {f"{name}.svg" for name in shipped_specs()}
    sections = set(re.findall(r"^## (\w+)$", text, re.MULTILINE))
    assert set(re.findall(r"\(#(\w+)\)", text)) == sections


def test_the_papers_modules_are_drawn_as_they_are_used_most() -> None:
    v3 = {"inception_a", "reduction_a", "inception_b", "reduction_b", "inception_c", "stem_v3"}
    assert {f"inception_v3.{part}.svg" for part in v3} < figures(idsl.load("inception_v3")).keys()
    drawn = figures(idsl.load("nasnet_a_large"))
    for part, path in drawn.items():  # the first cells shrink one of their inputs, or squeeze none
        words = [text.text or "" for text in ElementTree.parse(FIGURES / part).iter()]
        assert path is None or not any("factorized_reduction" in word for word in words), part
    assert drawn["nasnet_a_large.reduction_cell.svg"] == "reduction_1"


def test_the_gallery_is_small_enough_for_a_repository() -> None:
    assert sum(file.stat().st_size for file in FIGURES.iterdir()) < 1_500_000
