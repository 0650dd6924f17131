"""Imports: where they are found, what they bring, and under which settings."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import inception_dsl as idsl

pytestmark = pytest.mark.text

LIBRARY = """
param width: int = 4
param other: int = 100
let twice = 2 * width
layer conv() { conv2d(twice, 1x1) }
block deep() { conv() }
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.incept").write_text(text, encoding="utf-8")
    return folder / "main.incept"


def network(*calls: str) -> str:
    return "network n { input x: 3x8x8\n" + "\n".join(calls) + "\n}"


def codes(path: Path) -> list[str]:
    _, diagnostics = idsl.examine(path)
    return [f"{d.code}:{d.span.first.line}" for d in diagnostics]


def test_a_definition_sees_its_own_file(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        lib=LIBRARY,
        main='from "lib" import deep\nlet twice = 50\nlayer conv() { relu() }\n'
        + network("conv()", "deep()"),
    )
    assert idsl.load(main).output[0] == 8


def test_a_knob_takes_the_importers_value_of_the_same_name(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        lib=LIBRARY,
        main='from "lib" import conv\nparam width: int = 7\n' + network("conv()"),
    )
    assert idsl.load(main).output[0] == 14
    assert idsl.load(main, width=9).output[0] == 18


def test_different_settings_give_independent_copies(tmp_path: Path) -> None:
    narrow = 'from "lib" (width = 1) import conv as narrow\n'
    text = narrow + 'from "lib" (width = 20) import conv as broad\n'
    main = write(
        tmp_path, lib=LIBRARY, main=text + network("concat { branch narrow() branch broad() }")
    )
    assert idsl.load(main).output[0] == 42


def test_a_setting_reaches_through_imports_of_imports(tmp_path: Path) -> None:
    middle = 'from "lib" import conv\nparam width: int = 5\nblock wrapped() { conv() }'
    main = write(
        tmp_path,
        lib=LIBRARY,
        middle=middle,
        main='from "middle" import wrapped\nparam width: int = 6\n' + network("wrapped()"),
    )
    assert idsl.load(main).output[0] == 12


def test_shipped_specs_can_be_imported_from_anywhere(tmp_path: Path) -> None:
    main = write(
        tmp_path, main='from "inception_v3" import inception_a\n' + network("inception_a(11)")
    )
    assert idsl.load(main).output[0] == 64 + 64 + 96 + 11
    text = 'from "blocks" (bn_scale = false) import conv_bn\n' + network("conv_bn(5, 3x3)")
    assert idsl.load(text).params == 5 * 3 * 9 + 5


def test_a_file_beside_the_importer_hides_a_shipped_one(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        blocks="block conv_bn() { conv2d(99, 1x1) }",
        main='from "blocks" import conv_bn\n' + network("conv_bn()"),
    )
    assert idsl.load(main).output[0] == 99


OUTSIDE = [
    "../outside", "../folder/../outside", "sub/../../outside", "./../inside/../outside",
    "/etc/hostname", "/dev/zero", "/dev/stdin", "/proc/self/environ", "//etc/hostname",
    "file:///etc/hostname", "https://example.com/spec", "C:\\\\spec", "..\\\\outside", "~/spec",
    "$HOME/spec", "", ".", "..", "/", "%2e%2e/outside", "a/" * 3000, "n" * 300,
]  # fmt: skip
INSIDE = [  # what lies in the folder, and is no file of it
    "link", "linked/outside", "linked/deeper/outside", "loop", "dangling", "folder", "fifo", "zero",
    "full", "socket",
]  # fmt: skip


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Path]:
    """A folder with every way out of it."""
    inside = tmp_path / "inside"
    inside.mkdir()
    write(tmp_path, outside=LIBRARY)
    (tmp_path / "deeper").mkdir()
    write(tmp_path / "deeper", outside=LIBRARY)
    (inside / "folder.incept").mkdir()
    (inside / "link.incept").symlink_to(tmp_path / "outside.incept")
    (inside / "linked").symlink_to(tmp_path)
    (inside / "loop.incept").symlink_to("loop.incept")
    (inside / "dangling.incept").symlink_to("nothing.incept")
    (inside / "zero.incept").symlink_to("/dev/zero")
    (inside / "full.incept").symlink_to("/dev/full")
    os.mkfifo(inside / "fifo.incept")
    with socket.socket(socket.AF_UNIX) as listener, contextlib.chdir(inside):
        listener.bind("socket.incept")  # a path of its own would be too long for some systems
        yield inside


@pytest.mark.parametrize("name", [*OUTSIDE, *INSIDE])
def test_imports_stay_in_their_folders(inside: Path, name: str) -> None:
    main = write(inside, main=f'from "{name}" import conv\n' + network("conv()"))
    assert codes(main) == ["E0209:1"]


@pytest.mark.parametrize("name", ["nul\0", "../\0outside", "\udcff"])
def test_names_that_no_system_has_are_not_looked_up(name: str) -> None:
    _, diagnostics = idsl.examine(f'from "{name}" import conv\n' + network("conv()"))
    assert [d.code for d in diagnostics] == ["E0209"]


def test_a_library_of_a_library_stays_in_the_folder_of_its_importer(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path, lib=LIBRARY)
    write(tmp_path / "sub", middle='from "../lib" import conv\nblock wrapped() { conv() }')
    main = write(tmp_path, main='from "sub/middle" import wrapped\n' + network("wrapped()"))
    _, (fault,) = idsl.examine(main)
    assert fault.code == "E0209"
    assert Path(fault.span.source.name).name == "middle.incept"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    main = write(tmp_path, lib=LIBRARY, main='from "lib" import conv\n' + network("conv()"))
    (tmp_path / "lib.incept").chmod(0)
    assert codes(main) == ["E0209:1"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"block conv() { relu() } # \xff", "E0109"), (b" " * 300_000, "E0701")]
)
def test_a_file_that_is_no_spec_is_an_error_of_its_import(
    tmp_path: Path, content: bytes, code: str
) -> None:
    main = write(tmp_path, main='from "lib" import conv\n' + network("conv()"))
    (tmp_path / "lib.incept").write_bytes(content)
    assert codes(main) == [f"{code}:1"]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_circle_of_any_length_is_one_error(tmp_path: Path, length: int) -> None:
    for i in range(length):
        text = f'from "f{(i + 1) % length}" import b{(i + 1) % length}\nblock b{i}() {{ relu() }}'
        (tmp_path / f"f{i}.incept").write_text(text)
    _, diagnostics = idsl.examine(tmp_path / "f0.incept")
    assert [d.code for d in diagnostics] == ["E0210"]


def test_folders_below_are_inside(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub", lib=LIBRARY)
    main = write(tmp_path, main='from "sub/lib" import conv\n' + network("conv()"))
    assert idsl.load(main).output[0] == 8


def test_a_circle_of_imports_is_shown(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        a='from "b" import y\nblock x() { y() }',
        b='from "a" import x\nblock y() { x() }',
        main='from "a" import x\n' + network("x()"),
    )
    _, diagnostics = idsl.examine(main)
    assert [d.code for d in diagnostics] == ["E0210"]
    assert "a.incept -> b.incept -> a.incept" in diagnostics[0].message


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('from "nothing" import conv', ["E0209:1"]),
        ('from "lib" import convolution', ["E0211:1"]),
        ('from "whole" import n', ["E0215:1"]),
        ('from "lib" (widht = 3) import conv', ["E0212:1"]),
        ('from "lib" (width = true) import conv', ["E0304:1"]),
        ('param width: bool = true from "lib" import conv', ["E0304:1"]),
        ('from "lib" import conv, deep as conv', ["E0214:1"]),
        ('from "lib" import conv as relu', ["E0207:1"]),
    ],
)
def test_what_cannot_be_imported(tmp_path: Path, line: str, expected: list[str]) -> None:
    main = write(
        tmp_path, lib=LIBRARY, whole=network("relu()"), main=f"{line}\n" + network("conv()")
    )
    assert codes(main) == expected


def test_a_mistake_in_an_imported_file_is_shown_there(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        lib="layer conv() {\n    conv2d(4, 9x9)\n}",
        main='from "lib" import conv\n' + network("conv()"),
    )
    _, (fault,) = idsl.examine(main)
    assert (fault.code, Path(fault.span.source.name).name, fault.span.first.line) == (
        "E0404",
        "lib.incept",
        2,
    )
    assert [Path(n.span.source.name).name for n in fault.notes if n.span] == ["main.incept"]


def test_a_library_checks_by_itself_and_does_not_load(tmp_path: Path) -> None:
    write(tmp_path, lib=LIBRARY)
    assert idsl.examine(tmp_path / "lib.incept") == (None, ())
    with pytest.raises(idsl.SpecError, match="E0503"):
        idsl.load(tmp_path / "lib.incept")


@pytest.mark.parametrize("text", ["[" * 1000, "a/" * 3000, "n" * 300, "nul\0", "\ud800", ""])
def test_what_no_file_can_be_called_is_an_error_of_its_own(text: str) -> None:
    _, diagnostics = idsl.examine(text)
    assert [d.code for d in diagnostics] == ["E0209"]
