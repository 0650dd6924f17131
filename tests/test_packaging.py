"""The wheel holds everything that the package needs, and works outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from inception_dsl.cli.new import KINDS
from inception_dsl.diagnostics.codes import CODES

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=ROOT, check=True)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    data = {
        "inception_dsl/py.typed",
        "inception_dsl/syntax/grammar.lark",
        "inception_dsl/syntax/tables.json",
        "inception_dsl/cli/imagenet_classes.txt",
        "inception_dsl/backends/figure/metrics.json",
        "inception_dsl/backends/figure/fonts/LICENSE",
        "inception_dsl/backends/figure/fonts/LiberationSans-Regular.ttf",
        "inception_dsl/backends/figure/fonts/LiberationSans-Bold.ttf",
        *(f"inception_dsl/cli/starters/{kind}.incept" for kind in KINDS),
        *(f"inception_dsl/diagnostics/explain/{code}.md" for code in CODES),
    }
    specs = {f"inception_dsl/specs/{file.name}" for file in ROOT.glob("specs/*.incept")}
    maps = {str(file.relative_to(ROOT)) for file in ROOT.glob("inception_dsl/weights/maps/*.map")}
    pages = {str(f.relative_to(ROOT)) for f in ROOT.glob("inception_dsl/backends/html/assets/*")}
    code = {str(file.relative_to(ROOT)) for file in ROOT.glob("inception_dsl/**/*.py")}
    assert specs
    assert maps
    assert pages
    assert names >= data | specs | maps | pages | code
    assert not {name for name in names if "GALLERY" in name or "/figures/" in name}
    foreign = {name.split("/")[0] for name in names} - {"inception_dsl"}
    assert all(name.endswith(".dist-info") for name in foreign)


def test_the_unpacked_wheel_draws_a_shipped_spec(wheel: Path, tmp_path: Path) -> None:
    ZipFile(wheel).extractall(tmp_path / "site")
    script = (
        "import sys, inception_dsl; from inception_dsl.cli.main import incept;"
        f"assert inception_dsl.__file__.startswith({str(tmp_path)!r}), inception_dsl.__file__;"
        "incept(['draw', 'inception_v3', '-o', 'inception_v3.svg'])"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)
    assert "inception_v3" in (tmp_path / "inception_v3.svg").read_text(encoding="utf-8")


def test_every_dependency_is_pinned_for_the_tests() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = [line.partition(">=")[0].lower() for group in groups for line in group]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {pin.partition("==")[0] for pin in pins}
    assert {name for name in names if not name.startswith("inception-dsl")} <= pinned
