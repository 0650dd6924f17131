"""Same spec, same bytes: under every hash seed, locale, time zone, folder and Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = sysconfig.get_path("purelib")
SURROUNDINGS = {
    "German": {"PYTHONHASHSEED": "1", "TZ": "Europe/Berlin", "LC_ALL": "de_DE.UTF-8"},
    "Turkish": {"PYTHONHASHSEED": "2", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8"},
    "no locale": {"PYTHONHASHSEED": "3", "TZ": "Pacific/Chatham", "LC_ALL": "POSIX"},
}


def digests(
    folder: Path, settings: dict[str, str], python: str = sys.executable, rounds: int = 1
) -> list[str]:
    """What `same_bytes.py` prints in a process with these settings and nothing else."""
    process = subprocess.run(
        [python, str(ROOT / "tests" / "same_bytes.py"), str(rounds)],
        cwd=folder,
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{PACKAGES}", "PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return process.stdout.splitlines()


@pytest.fixture(scope="module")
def expected() -> list[str]:
    """The first round's lines, which the second round of the same process repeats."""
    lines = digests(ROOT, {"PYTHONHASHSEED": "0"}, rounds=2)
    half = len(lines) // 2
    assert len(lines) > 300
    assert lines[:half] == lines[half:], "a second time in the same process"
    return lines[:half]


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_surroundings_change_no_byte(name: str, expected: list[str], tmp_path: Path) -> None:
    assert digests(tmp_path, SURROUNDINGS[name]) == expected


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_python_writes_the_same(version: str, expected: list[str], tmp_path: Path) -> None:
    python = _python(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed")
    text = [line for line in expected if " onnx " not in line]
    found = digests(tmp_path, {"PYTHONHASHSEED": "4"}, python)
    assert [line for line in found if " onnx " not in line] == text


def _python(version: str) -> str | None:
    """An interpreter of that version other than this one: in the path, or a pyenv version."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return None
    found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
    choices = [shutil.which(f"python{version}"), *map(str, found)]
    for python in filter(None, choices):
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            return python
    return None
