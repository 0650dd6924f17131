"""Writes: after a kill, a full disk or a refused folder there is the old file or the new one."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from inception_dsl.whole_file import whole_file

pytestmark = pytest.mark.text

OLD = "network n { input x: 3x8x8 relu() }\n"
SPEC = "network n { input x: 3x8x8\n" + "relu()\n" * 50 + "}\n"
COMMANDS = {
    "torch source": (["compile", "SPEC", "--to", "torch", "-o", "OUT"], "py"),
    "a figure": (["draw", "SPEC", "-o", "OUT"], "svg"),
    "a format": (["fmt", "OUT"], "incept"),
}


def incept(
    folder: Path,
    arguments: list[str],
    before: Callable[[], None] | None = None,
    stdout: int | IO[str] = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """What a user starts, in a process whose limits are its own."""
    return subprocess.run(
        [sys.executable, "-c", "from inception_dsl.cli.main import main; main()", *arguments],
        cwd=folder,
        preexec_fn=before,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )


def arguments(name: str, out: str) -> list[str]:
    places = {"SPEC": "spec.incept", "OUT": out}
    return [places.get(word, word) for word in COMMANDS[name][0]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spec.incept").write_text(SPEC)
    return tmp_path


def small_files_only() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def one_line(found: subprocess.CompletedProcess[str]) -> bool:
    """Whether a command was refused as documented: status 2, and one line that says why."""
    lines = found.stderr.splitlines()
    return found.returncode == 2 and len(lines) == 1 and lines[0].startswith("error: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_that_may_not_grow_so_large_is_left_as_it_was(folder: Path, name: str) -> None:
    out = folder / f"out.{COMMANDS[name][1]}"
    out.write_text(SPEC if name == "a format" else OLD)
    before = out.read_bytes()
    names = sorted(folder.iterdir())
    assert one_line(incept(folder, arguments(name, out.name), small_files_only))
    assert out.read_bytes() == before
    assert sorted(folder.iterdir()) == names


@pytest.mark.parametrize("place", ["folder", "device", "fifo", "missing/out", "loop"])
def test_what_is_no_file_is_not_replaced(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "device").symlink_to("/dev/null")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "fifo")
    names = sorted(tmp_path.iterdir())
    with pytest.raises(OSError), whole_file(tmp_path / place) as partial:  # noqa: PT011
        partial.write_text("new")
    assert sorted(tmp_path.iterdir()) == names


def test_a_command_says_in_one_line_that_a_device_is_no_place(folder: Path) -> None:
    (folder / "device").symlink_to("/dev/full")
    assert one_line(incept(folder, arguments("torch source", "device")))
    assert (folder / "device").is_symlink()


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("old")
    (tmp_path / "link").symlink_to("elsewhere/file")
    with whole_file(tmp_path / "link") as partial:
        partial.write_text("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "elsewhere" / "file").read_text() == "new"
    assert [p.name for p in (tmp_path / "elsewhere").iterdir()] == ["file"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_permissions_are_kept(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "file"
    file.write_text("old")
    file.chmod(mode)
    with whole_file(file) as partial:
        partial.write_text("new")
    assert file.stat().st_mode & 0o777 == mode


def test_a_name_may_be_as_long_as_the_system_takes(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 255)
    with whole_file(file) as partial:
        partial.write_text("new")
    assert file.read_text() == "new"


def test_a_failure_inside_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError), whole_file(file) as partial:
        partial.write_text("half \udcff", encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert file.read_text() == "old"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_folder_that_is_read_only_stays_as_it_is(folder: Path, name: str) -> None:
    out = folder / f"out.{COMMANDS[name][1]}"
    out.write_text(SPEC)
    folder.chmod(0o500)
    try:
        assert one_line(incept(folder, arguments(name, out.name)))
        assert out.read_text() == SPEC
    finally:
        folder.chmod(0o700)


def test_a_full_disk_is_a_line_and_not_a_traceback(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        assert one_line(incept(folder, ["list"], stdout=full))


WRITER = """
import sys
from inception_dsl.whole_file import whole_file
print("ready", flush=True)
for round in range(10**6):
    with whole_file(sys.argv[1]) as partial:
        with partial.open("wb") as file:
            for _ in range(64):
                file.write(bytes([round % 251]) * 65536)
"""


def test_a_kill_during_a_write_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"\0" * 64 * 65536)
    for moment in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(0.003 * moment)  # a share of what one round takes
            writer.send_signal(signal.SIGKILL)
        found = file.read_bytes()
        assert len(found) == 64 * 65536
        assert len(set(found)) == 1
