"""Imports: where they are found, what they bring, and under which settings."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/hostname", "../folder/../outside", "link", "folder", "\\x00"]
)
def test_imports_stay_in_their_folders(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    write(tmp_path, outside=LIBRARY)
    (inside / "folder.incept").mkdir()
    (inside / "link.incept").symlink_to(tmp_path / "outside.incept")
    main = write(inside, main=f'from "{name}" import conv\n' + network("conv()"))
    assert codes(main) == ["E0209:1"]


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
