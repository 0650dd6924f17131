"""LaTeX tables compile without a complaint, whatever a spec says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import inception_dsl as idsl
from inception_dsl.backends.latex_escape import escape_latex
from inception_dsl.backends.table import Layout, render
from inception_dsl.shipped import shipped_specs

COMPILES = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="there is no pdflatex to compile tables with"
)
FAULT = re.compile(r"^(!|LaTeX Warning|Package .* Warning|Underfull|Missing character)", re.M)
OVERFULL = re.compile(r"^Overfull \\hbox \(([0-9.]+)pt", re.M)
POINTS = 3  # wider than the text by less is not seen

HOSTILE = [
    r"<b>\\N</b> | & {x} $a_b$ `c` \\textbf{d}",
    r"# % ~ ^ _e_ *f* 'g' -- [h](i) &lt; \\",
    "ünïcødé ß 中文 → ≤ ½ “q” × − …",
    "[1ex]*",
    "x" * 90,
    "a\u0301\u202e\u200b",
]


def compiled(folder: Path, tables: list[str]) -> str:
    """What pdflatex says of a document of these tables, in its last run."""
    needs = {line[2:] for table in tables for line in table.splitlines()[:1]}
    (folder / "t.tex").write_text(
        r"\documentclass{article}" + "".join(needs) + "\\begin{document}\n"
        + "\n\\clearpage\n".join(tables) + "\\end{document}\n",
        encoding="utf-8",
    )  # fmt: skip
    command = [
        "pdflatex",
        "-interaction=nonstopmode",
        "-halt-on-error",
        "-no-shell-escape",
        "t.tex",
    ]
    for _ in range(4):  # the columns of tables over pages settle
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        said = done.stdout.decode("utf-8", "replace")
        if done.returncode or "Rerun" not in said:
            break
    return said


def faults(said: str) -> list[str]:
    wide = [f"{points}pt too wide" for points in OVERFULL.findall(said) if float(points) > POINTS]
    return wide + [line for line in said.splitlines() if FAULT.match(line)]


@COMPILES
@pytest.mark.parametrize("layout", ["plain", "paper"])
@pytest.mark.parametrize("depth", [0, 1])
def test_every_shipped_network_compiles(tmp_path: Path, layout: Layout, depth: int) -> None:
    tables = [
        render(idsl.load(name).graph, "latex", depth, layout=layout) for name in shipped_specs()
    ]
    assert len(tables) > 20
    assert faults(compiled(tmp_path, tables)) == []


@COMPILES
@pytest.mark.parametrize("layout", ["plain", "paper"])
def test_all_columns_compile(tmp_path: Path, layout: Layout) -> None:
    columns = ("params", "buffers", "macs", "receptive_field", "stride", "start", "live_bytes")
    table = render(idsl.load("googlenet").graph, "latex", 0, columns, layout)
    assert faults(compiled(tmp_path, [table])) == []


@COMPILES
@pytest.mark.parametrize("layout", ["plain", "paper"])
@pytest.mark.parametrize("depth", [0, None])
def test_hostile_text_compiles(tmp_path: Path, layout: Layout, depth: int | None) -> None:
    blocks = [
        idsl.load(
            f"block named(text: string) {{ conv1d(8, 3) }}\n"
            f'network n {{ input x: 1x40   named("{text}") }}'
        )
        for text in HOSTILE
    ]
    tables = [render(net.graph, "latex", depth, layout=layout) for net in blocks]
    assert faults(compiled(tmp_path, tables)) == []


@COMPILES
def test_escaped_text_is_set_as_written(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("there is no pdftotext to read the page with")
    text = r"\a_b {c} $d & #e %f ^g ~h <i> |j| [k] *l* --m"
    (tmp_path / "t.tex").write_text(
        r"\documentclass{article}\usepackage[T1]{fontenc}\pagestyle{empty}\begin{document}"
        rf"{escape_latex(text)}\end{{document}}",
        encoding="utf-8",
    )
    subprocess.run(
        ["pdflatex", "-interaction=batchmode", "t.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    read = subprocess.run(
        ["pdftotext", "-layout", "t.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    )
    assert read.stdout.decode("utf-8").strip() == text


def test_a_character_that_fonts_lack_stands_as_its_code_point() -> None:
    assert escape_latex("é中\n") == r"\'{e}U+4E2D "
