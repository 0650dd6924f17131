"""Every example runs as it stands, in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"

# What each script says and leaves behind. `make demo` runs demo.py, which takes minutes, and
# test_gallery.py holds what gallery.py left behind.
EXPECTED = {
    "check": ("E0402", []),
    "draw": ("wrote", ["figure5.pdf", "inception_v3.html", "overview.svg"]),
    "new_module": ("logits (1, 10)", ["looker.py"]),
    "onnx_model": ("logits (1, 1000)", ["googlenet.onnx"]),
    "torch_module": ("logits (2, 10)", []),
}


def test_every_example_is_listed_here() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} - {"demo", "gallery"} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_example(name: str, tmp_path: Path) -> None:
    script = [sys.executable, str(EXAMPLES / f"{name}.py")]
    done = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    words, files = EXPECTED[name]
    assert words in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == files
